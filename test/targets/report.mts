import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export interface Line {
	readonly target: string;
	readonly template: string;
	readonly idempotency: string | null;
	/** Notes aside. */
	readonly nodes: number;
	readonly alerts: number;
	readonly delivered: number;
	readonly missing: number;
	readonly repeats: number;
	readonly answers: Readonly<Record<number, number>>;
}

const FILE = fileURLToPath(new URL('../../docs/targets.md', import.meta.url));

const why = ({ idempotency, repeats, missing }: Line): string => {
	if (missing > 0) return 'a bug';
	if (idempotency !== null) return repeats === 0 ? 'has it already: left alone' : 'a bug';
	return repeats === 0
		? 'none came twice in this run; the target would take it'
		: 'the target does not know what it has: an answer got lost, or the kill cut an execution off';
};

/** Writes the table of the run into the docs. */
export async function writeReport(
	lines: readonly Line[],
	facts: Readonly<Record<string, string>>,
): Promise<void> {
	const rows = lines.map(
		(line) =>
			`| ${line.target} | [${line.template}](../workflows/${line.template}.json) | ${line.nodes} | ${line.idempotency ?? 'none'} | ${line.alerts} | ${line.delivered} | ${line.missing} | ${line.repeats} | ${why(line)} |`,
	);
	await writeFile(
		FILE,
		`# Targets

After this page you know what arrives at Slack, Jira or a SIEM when things go wrong. It is written by \`npm run test:targets\`: the templates of the table, each as it is imported, ten in one real n8n, each with its own Cynet Trigger on the simulated Cynet 360. The targets are receivers on this
machine that hold to the contract of the real one as it is published (method, path, credential, fields, limits, codes; what they refuse fails the test);
the mail server is a real one. No live target was tried.
The contracts of HaloPSA, ConnectWise PSA and Autotask PSA were only read: in the vendors' published documents and in public clients of them. Each receiver in \`test/targets/receivers\` names its sources.

Every receiver failed each tenth call (in turn with 429, with 500, with 500 although it had done the work, and with a web page that says 200) and was away once for two polls; n8n was killed with
\`kill -9\` once, while alerts were on their way, and started again. The template *retry-failed-deliveries* was published, too, with pauses of seconds. The filters of the triggers were taken away.

| Fact | |
|---|---|
${Object.entries(facts)
	.map(([fact, value]) => `| ${fact} | ${value} |`)
	.join('\n')}

| Target | Template | Nodes | Idempotent by | Alerts | Delivered | Missing | Repeats | Why |
|---|---|---|---|---|---|---|---|---|
${rows.join('\n')}

*Alerts* are those that the target must have: a ticket that lives with its alert is not opened for one that is closed when it is raised. *Delivered* counts different alerts by their \`dedupKey\`, *Repeats* what a target took beyond the first of each. A target without idempotency
gets an alert again if its answer got lost, or if n8n is killed after the target has taken it and before n8n has noted that.
A customer of *mssp-by-site* may answer what it likes: only a page of HTML is known not to be its own.

The others: *ai-triage* (6 nodes and the three parts of its agent), *alerts-to-slack* (3 nodes), *alerts-to-table* (2), *heartbeat* (7), *isolate-after-approval* (11), *retry-failed-deliveries* (9) and *call-any-endpoint* (3) are tested each by itself.
`,
	);
}
