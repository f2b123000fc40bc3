import { Flow } from '../flow.mts';
import {
	HIGH_AND_CRITICAL,
	code,
	cynetTrigger,
	filter,
	set,
	slackMessage,
	when,
} from '../nodes.mts';

/** Workflows that look after the others, and one that acts. */

const API = 'an *n8n API* credential (n8n: *Settings > n8n API*; its address ends with `/api/v1`)';

/** One line of a text that an attacker may have chosen, for Slack: nothing in it is a link, a mention or markup. */
const inSlack = (expression: string, most: number): string =>
	`Array.from(String(${expression} ?? '').replace(/[\\p{C}\\p{Z}\\s]+/gu, ' ')).slice(0, ${most}).join('').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/[\`*_~]/g, "'")`;

export function heartbeat(): Flow {
	const flow = new Flow('Cynet: heartbeat');
	flow.note(
		'## Tell when a workflow fails or falls silent',
		'Choose it as *Error Workflow* in the settings of the others: it reports each failed execution. Every 15 minutes it compares the alerts of the last day in Cynet with the newest execution of one workflow: an alert that has been there for 15 minutes, and that no execution came after, means that the workflow is silent.',
		`**Fill in**: in **Settings** the id of the workflow to watch (the last part of its address); in **Newest Execution** ${API}; in **Report** a *Slack* credential and the channel. Choose your *Cynet API* credential where n8n has not.`,
		'**If that workflow filters** alerts, set the same filters in **Alerts of a Day**.',
		'**While Cynet cannot be asked**, it reports that. While Slack is away, its own execution fails.',
	);
	flow.node('A Workflow Failed', 'errorTrigger', 1, {}, { at: [0, 0] });
	flow.node(
		'Every 15 Minutes',
		'scheduleTrigger',
		1.2,
		{ rule: { interval: [{ field: 'minutes', minutesInterval: 15 }] } },
		{ at: [0, 1] },
	);
	set(flow, 'Settings', { workflowId: 'ID-OF-THE-WORKFLOW-TO-WATCH', minutes: 15 }, [1, 1]);
	const retried = { retryOnFail: true, maxTries: 3, waitBetweenTries: 2000 };
	flow.node(
		'Alerts of a Day',
		'n8n-nodes-cynet.cynet',
		1,
		{
			resource: 'alert',
			operation: 'getAll',
			returnAll: true,
			since: '={{ $now.minus({ hours: 24 }).toISO() }}',
		},
		{ at: [2, 1], more: { ...retried, onError: 'continueRegularOutput', alwaysOutputData: true } },
	);
	flow.node(
		'Newest Execution',
		'n8n',
		1,
		{
			resource: 'execution',
			operation: 'getAll',
			limit: 1,
			filters: {
				workflowId: {
					__rl: true,
					mode: 'id',
					value: "={{ $('Settings').first().json.workflowId }}",
				},
			},
			options: {},
		},
		{ at: [3, 1], more: { ...retried, alwaysOutputData: true, executeOnce: true } },
	);
	code(
		flow,
		'Is It Silent?',
		[
			'// A line for Slack if Cynet cannot be asked, or has an alert that no execution came after.',
			"const { workflowId, minutes } = $('Settings').first().json;",
			"const alerts = $('Alerts of a Day').all().map(({ json }) => json);",
			'const problem = alerts.find(({ error }) => error);',
			'if (problem) return [{ json: { text: `Cynet cannot be asked: ${problem.error.message ?? problem.error}` } }];',
			'const ranAt = Date.parse($input.first().json.startedAt ?? 0) || 0;',
			'const waiting = alerts.map(({ createdAt }) => createdAt).filter((at) => Date.parse(at) > ranAt).sort()[0];',
			'if (!waiting || Date.parse(waiting) > Date.now() - minutes * 60000) return [];',
			"return [{ json: { text: `The workflow ${workflowId} is silent: Cynet has had an alert since ${waiting}, and its last execution is of ${ranAt ? new Date(ranAt).toISOString() : 'never'}.` } }];",
		],
		[4, 1],
	);
	const failure =
		"'The workflow \"' + $json.workflow.name + '\" failed: ' + ($json.execution?.error?.message ?? $json.trigger?.error?.message ?? 'no reason given')";
	slackMessage(
		flow,
		'Report',
		'#soc-operations',
		[5, 0.5],
		{
			messageType: 'text',
			text: `={{ ${inSlack(`($json.text ?? (${failure}))`, 1500)} + ($json.execution?.url ? '\\n' + $json.execution.url : '') }}`,
		},
		retried,
	);
	return flow
		.chain('A Workflow Failed', 'Report')
		.chain(
			'Every 15 Minutes',
			'Settings',
			'Alerts of a Day',
			'Newest Execution',
			'Is It Silent?',
			'Report',
		);
}

/**
 * Over `node`: whether it may do something to a host or a file, itself or by another workflow. What
 * is not known to read only, does.
 */
const MAY_ACT = [
	"(/n8n-nodes-cynet\\.cynet(Tool)?$/.test(node.type) && !['get', 'getAll', 'count', 'convert', 'getRemediation', undefined].includes(node.parameters.operation))",
	'/(executeWorkflow|toolWorkflow)$/.test(node.type)',
	"(JSON.stringify(node.parameters).includes('cynetApi') && (node.parameters.method ?? 'GET') !== 'GET')",
].join(' || ');

export function retryFailedDeliveries(): Flow {
	// Of those that find nothing to do there are thousands a day.
	const flow = new Flow('Cynet: retry failed deliveries', { saveDataSuccessExecution: 'none' });
	flow.note(
		'## Run failed and crashed executions again',
		'Looks twice a minute for a failed or crashed execution of a published workflow that begins with a Cynet Trigger, and runs it again: after 2 minutes, then 4, 8 and so on up to an hour; the oldest first. A retry sends only what was not taken; in *Cynet: alerts to Slack* it sends everything again.',
		`**Fill in**: in **Settings** the address of n8n's API as n8n itself reaches it; in **List Workflows**, **List Executions** and **Run It Again** ${API} that may list workflows, and list, read and retry executions.`,
		'**After 30 tries or a day** it gives an execution up and fails once, naming it: with *Cynet: heartbeat* as its error workflow you are told. Retry that execution by hand when the cause is fixed.',
		'**It never runs again** what may act: a workflow with a remediation of the node *Cynet*, one that calls another workflow, or one that posts to Cynet.',
		'**Settings**: the first and the longest pause, when it gives up (*tries*, *hours*), and how many executions it runs again at a time (*atOnce*). It looks at the last 250 executions of each workflow; n8n must keep failed ones (the default).',
	);
	flow.node(
		'Twice a Minute',
		'scheduleTrigger',
		1.2,
		{ rule: { interval: [{ field: 'seconds', secondsInterval: 30 }] } },
		{ at: [0, 0] },
	);
	set(
		flow,
		'Settings',
		{
			apiUrl: 'http://localhost:5678/api/v1',
			firstPauseMinutes: 2,
			longestPauseMinutes: 60,
			tries: 30,
			hours: 24,
			atOnce: 3,
		},
		[1, 0],
	);
	flow.node(
		'List Workflows',
		'n8n',
		1,
		{
			resource: 'workflow',
			operation: 'getAll',
			returnAll: true,
			filters: { activeWorkflows: true },
		},
		{ at: [2, 0] },
	);
	filter(
		flow,
		'Deliveries Only',
		`$json.id !== $workflow.id && $json.nodes.some((node) => node.type === 'n8n-nodes-cynet.cynetTrigger' && !node.disabled) && !$json.nodes.some((node) => ${MAY_ACT})`,
		[3, 0],
	);
	flow.node(
		'List Executions',
		'n8n',
		1,
		{
			resource: 'execution',
			operation: 'getAll',
			limit: 250,
			filters: { workflowId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } },
			options: {},
		},
		{ at: [4, 0] },
	);
	code(
		flow,
		'Whose Turn It Is',
		[
			'// The newest of each chain of retries, if it failed: it knows what is still missing. Its turn comes after a growing pause.',
			"const { firstPauseMinutes, longestPauseMinutes, tries, hours, atOnce } = $('Settings').first().json;",
			"const memory = $getWorkflowStaticData('global');",
			'const all = $input.all().map(({ json }) => json);',
			'const byId = new Map(all.map((one) => [String(one.id), one]));',
			'const retried = new Set(all.map(({ retryOf }) => String(retryOf)));',
			"const failed = all.filter((one) => ['error', 'crashed'].includes(one.status) && one.mode !== 'manual' && !one.retrySuccessId && !retried.has(String(one.id)));",
			'const chains = failed.map((one) => {',
			'  let [count, first] = [0, one];',
			'  for (; first.retryOf && byId.has(String(first.retryOf)); count++) first = byId.get(String(first.retryOf));',
			'  const pause = Math.min(firstPauseMinutes * 2 ** count, longestPauseMinutes) * 60000;',
			'  const since = Date.parse(first.startedAt ?? first.createdAt);',
			'  return { id: String(one.id), workflowId: one.workflowId, count, isOver: count >= tries || since < Date.now() - hours * 3600000, isDue: Date.parse(one.stoppedAt ?? one.startedAt) + pause <= Date.now() };',
			'}).sort((one, other) => Number(one.id) - Number(other.id));',
			'const over = chains.filter(({ id, isOver }) => isOver && !(memory.givenUp ?? []).includes(id));',
			'if (over.length > 0) memory.givenUp = [...(memory.givenUp ?? []), ...over.map(({ id }) => id)].slice(-1000);',
			'// What was begun in the last ten minutes has to end first: a busy n8n gets no more on top.',
			"const ended = new Set(all.filter(({ status }) => !['new', 'running', 'waiting'].includes(status)).map(({ retryOf }) => String(retryOf)));",
			'const begun = (memory.begun ?? []).filter(({ id, at }) => at > Date.now() - 600000 && !ended.has(id));',
			'// A look has to end before the next one begins, half a minute after it: two at once would choose the same. A late one begins less, or nothing.',
			"const left = Date.parse($('Twice a Minute').first().json.timestamp) + 29000 - Date.now();",
			'const most = Math.min(atOnce - begun.length, Math.floor(left / (24000 / atOnce)));',
			'const next = chains.filter(({ id, isOver, isDue }) => isDue && !isOver && !begun.some((one) => one.id === id)).slice(0, Math.max(0, most));',
			'if (next.length > 0) memory.begun = [...begun, ...next.map(({ id }) => ({ id, at: Date.now() }))];',
			'// What is given up leaves by the error output.',
			'return [...next.map((json) => ({ json })), ...over.map(({ id, workflowId, count }) => ({ json: { error: `execution ${id} of workflow ${workflowId} after ${count} retries` } }))];',
		],
		[5, 0],
		{ onError: 'continueErrorOutput' },
	);
	flow.node('One at a Time', 'splitInBatches', 3, { options: {} }, { at: [6, -0.5] });
	flow.node(
		'Run It Again',
		'httpRequest',
		4.2,
		{
			method: 'POST',
			url: "={{ $('Settings').first().json.apiUrl }}/executions/{{ $json.id }}/retry",
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'n8nApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '{ "loadWorkflow": true }',
			// The retry goes on when the request is given up.
			options: {
				redirect: { redirect: { followRedirects: false } },
				timeout: "={{ Math.floor(24000 / $('Settings').first().json.atOnce) }}",
			},
		},
		{ at: [7, -0.5], more: { onError: 'continueRegularOutput' } },
	);
	flow.node(
		'Given Up',
		'stopAndError',
		1,
		{
			errorType: 'errorMessage',
			errorMessage:
				"={{ 'Given up: ' + $input.all().slice(0, 50).map(({ json }) => json.error).join(', ') + '. Its own error names what was not delivered. Fix the cause, then choose \"Retry with currently saved workflow\" for it.' }}",
		},
		{ at: [6, 0.5] },
	);
	return flow
		.chain(
			'Twice a Minute',
			'Settings',
			'List Workflows',
			'Deliveries Only',
			'List Executions',
			'Whose Turn It Is',
			'One at a Time',
		)
		.connect('One at a Time', 'Run It Again', 1)
		.chain('Run It Again', 'One at a Time')
		.connect('Whose Turn It Is', 'Given Up', 1);
}

/** In Slack's Send and Wait: n8n un-escapes the text once, and makes line breaks of `\\n`. */
const asked = (expression: string, most = 80): string =>
	`'\`' + ${inSlack(expression, most)}.replace(/&/g, '&amp;').replace(/\\\\/g, '/') + '\`'`;

export function isolateAfterApproval(): Flow {
	const flow = new Flow('Cynet: isolate after approval');
	flow.note(
		'## Isolate a host once a person has said yes',
		'For each High or Critical alert that names a host, Slack is asked whether to isolate it, once an hour for a host. Only a click on *Isolate* by someone whom Slack names does it; no answer in a day means no. Each question survives a restart.',
		'**Fill in**: in **Ask in Slack** and **Tell the Outcome** a *Slack* credential with its *Signature Secret*, and a private channel; in **Ask in Slack** who may approve (*Restrict Who Can Approve*). Choose your *Cynet API* credential where n8n has not.',
		"**In your Slack app** turn on *Interactivity* with the address that the node's documentation gives. It needs n8n 2.40 or later: an older one sends links instead of buttons, and a link never isolates.",
		'**Twice**: after a restart the last alerts can come again; a host is asked about once an hour all the same. **Isolate the Host** sends its request once, and an answer *accepted* is not yet done.',
		'**If it fails**, *Cynet: heartbeat* tells you. *Cynet: retry failed deliveries* leaves it alone: it never runs again what acts.',
	);
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL });
	// n8n's node lets all alerts of a poll through if none of them came before: the first of each host is enough.
	const isFirst =
		'$input.all().findIndex(({ json }) => json.clientId === $json.clientId && json.host === $json.host) === $itemIndex';
	filter(flow, 'With a Host', `Boolean($json.host) && ${isFirst}`, [1, 0]);
	flow.node(
		'Once an Hour',
		'removeDuplicates',
		2,
		{
			operation: 'removeItemsSeenInPreviousExecutions',
			logic: 'removeItemsWithAlreadySeenKeyValues',
			dedupeValue: "={{ [$json.clientId, $json.host, $now.toFormat('yyyy-MM-dd HH')].join(' ') }}",
			options: {},
		},
		{ at: [2, 0] },
	);
	flow.node('One at a Time', 'splitInBatches', 3, { options: {} }, { at: [3, 0] });
	flow.node(
		'Ask About It',
		'executeWorkflow',
		1.2,
		{
			workflowId: { __rl: true, mode: 'id', value: '={{ $workflow.id }}' },
			mode: 'once',
			options: { waitForSubWorkflow: false },
		},
		{ at: [4, 0] },
	);
	flow.node(
		'An Alert to Ask About',
		'executeWorkflowTrigger',
		1.1,
		{ inputSource: 'passthrough' },
		{ at: [0, 1.5] },
	);
	when(
		flow,
		'A Plain Name?',
		'/^[\\p{L}\\p{N}][\\p{L}\\p{N}._-]{0,252}$/u.test($json.host)',
		[1, 1.5],
	);
	const alert = "$('An Alert to Ask About').first().json";
	const channel = { __rl: true, mode: 'name', value: '#soc-approvals' };
	const message = [
		`'*Isolate this host?* ' + ${asked('$json.host', 253)}`,
		`'Alert: ' + ${asked("'[' + ($json.severity ?? 'Unknown') + '] ' + ($json.name ?? 'Alert')")}`,
		`'User: ' + ${asked("$json.user ?? 'unknown'")}`,
		`'File: ' + ${asked("$json.path ?? 'unknown'")}`,
		`'Site: ' + ${asked('$json.clientId')}`,
		`'Key: ' + ${asked('$json.dedupKey')}`,
	].join(" + '\\n' + ");
	flow.node(
		'Ask in Slack',
		'slack',
		2.3,
		{
			authentication: 'accessToken',
			operation: 'sendAndWait',
			select: 'channel',
			channelId: channel,
			message: `={{ ${message} }}`,
			responseType: 'approval',
			captureResponder: true,
			approvers: [],
			approvalOptions: {
				values: { approvalType: 'double', approveLabel: 'Isolate', disapproveLabel: 'Leave it' },
			},
			options: {
				limitWaitTime: {
					values: { limitType: 'afterTimeInterval', resumeAmount: 24, resumeUnit: 'hours' },
				},
				appendAttribution: false,
			},
		},
		{ at: [2, 1.5] },
	);
	when(
		flow,
		'Approved?',
		'$json.data?.approved === true && Boolean($json.data?.responder?.id)',
		[3, 1.5],
	);
	flow.node(
		'Isolate the Host',
		'n8n-nodes-cynet.cynet',
		1,
		{
			resource: 'host',
			operation: 'isolate',
			hostName: `={{ ${alert}.host }}`,
			options: { clientId: `={{ ${alert}.clientId }}` },
		},
		{ at: [4, 1.2], more: { onError: 'continueRegularOutput' } },
	);
	const who =
		"($('Ask in Slack').isExecuted && $('Ask in Slack').first().json.data?.responder ? ' Decided by ' + ($('Ask in Slack').first().json.data.responder.name ?? $('Ask in Slack').first().json.data.responder.id) + ', ' + $('Ask in Slack').first().json.data.respondedAt + '.' : ' Nobody decided.')";
	const text =
		`$json.accepted === true ? 'Cynet accepted to isolate ' + ${alert}.host + '. Check in the console that it is done.' + ${who}` +
		` : $json.error ? 'Cynet did not accept to isolate ' + ${alert}.host + ': ' + ($json.error.message ?? $json.error) + '.' + ${who}` +
		` : $('Ask in Slack').isExecuted ? ${alert}.host + ' is left as it is.' + ${who} : 'An alert names a host by what is no name of a host: nobody is asked, and nothing is isolated. Look at the alert in the console.'`;
	slackMessage(
		flow,
		'Tell the Outcome',
		'#soc-approvals',
		[5, 1.5],
		{
			messageType: 'text',
			text: `={{ ${inSlack(`(${text})`, 1500)} + '\\n' + ${inSlack(`${alert}.dedupKey`, 200)} }}`,
		},
		{ retryOnFail: true, maxTries: 3, waitBetweenTries: 2000 },
	);
	return flow
		.chain('Cynet Trigger', 'With a Host', 'Once an Hour', 'One at a Time')
		.connect('One at a Time', 'Ask About It', 1)
		.chain('Ask About It', 'One at a Time')
		.chain(
			'An Alert to Ask About',
			'A Plain Name?',
			'Ask in Slack',
			'Approved?',
			'Isolate the Host',
			'Tell the Outcome',
		)
		.connect('Approved?', 'Tell the Outcome', 1)
		.connect('A Plain Name?', 'Tell the Outcome', 1);
}
