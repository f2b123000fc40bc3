// A hook of n8n (EXTERNAL_HOOK_FILES): notes when an execution is finished, in a line of JSON. n8n calls it once the execution's
// data is written, which the time in its database (`stoppedAt`) does not include.
const { appendFileSync } = require('node:fs');

function note({ status, data }, { id: workflowId }) {
	const { lastNodeExecuted, runData } = data.resultData;
	const items = runData[lastNodeExecuted]?.at(-1)?.data?.main?.[0]?.length ?? 0;
	appendFileSync(process.env.FINISHED_EXECUTIONS, `${JSON.stringify({ workflowId, status, at: Date.now(), items })}\n`);
}

module.exports = { workflow: { postExecute: [note] } };
