import type { Workflow } from '../../host/rest.mts';
import { until } from '../../host/wait.mts';
import { nodeOf } from '../../host/workflow-node.mts';
import type { Simulator } from '../../simulator/simulator.mts';

/** A poll every so many seconds, a part of a minute: n8n takes no schedule below one, but any number of schedules. */
export const pollTimes = (seconds: number, offset = 0) => ({
	item: Array.from({ length: 60 / seconds }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * seconds + offset} * * * * *`,
	})),
});
export const POLL_TIMES = pollTimes(2);

/**
 * A workflow with Cynet Trigger, which polls every two seconds unless told otherwise, and emits to the ledger of the
 * simulator at this address, an execution in one request.
 */
export const alertsToLedger = (
	simulator: string,
	credentialId: string,
	options: Readonly<Record<string, unknown>> = {},
	times = POLL_TIMES,
): Workflow => ({
	name: 'Alerts to the ledger',
	nodes: [
		nodeOf(
			'Cynet Trigger',
			'n8n-nodes-cynet.cynetTrigger',
			1,
			{ pollTimes: times, options },
			{ credentials: { cynetApi: { id: credentialId, name: 'Cynet' } } },
		),
		nodeOf(
			'Ledger',
			'n8n-nodes-base.httpRequest',
			4.2,
			{
				method: 'POST',
				url: `${simulator}/ledger/alerts`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: '={{ JSON.stringify($input.all().map((item) => item.json)) }}',
				options: {},
			},
			{ executeOnce: true, position: [240, 0] },
		),
	],
	connections: { 'Cynet Trigger': { main: [[{ node: 'Ledger', type: 'main', index: 0 }]] } },
});

/**
 * Waits for so many more polls to begin well and to end. A poll reads the list from its first
 * row, and one that begins says that the one before has ended.
 */
export async function morePolls(
	simulator: Simulator,
	count: number,
	limitMs: number,
): Promise<void> {
	const start = simulator.serverNow();
	const begun = (): number =>
		simulator.ledger.requests.filter(
			({ at, path, query, status, fault }) =>
				at > start &&
				path.startsWith('/api/alerts') &&
				Number(query.Offset ?? 0) === 0 &&
				status === 200 &&
				!fault,
		).length;
	await until(`${count} more polls`, () => begun() > count, { limitMs });
}
