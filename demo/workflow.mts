import type { Workflow } from '../host/rest.mts';

/** Second marks at which the demo polls. n8n allows no interval below a minute, but several schedules. */
const SECONDS = [0, 10, 20, 30, 40, 50];

/**
 * Cynet Trigger → HTTP Request, which delivers each execution's alerts to the ledger in one
 * request: it has arrived whole or
 * not at all, so that after a kill -9 it is certain whether an execution that was cut down had delivered.
 */
export function demoWorkflow(credentialId: string, ledgerUrl: string): Workflow {
	return {
		name: 'Cynet alerts to the ledger',
		nodes: [
			{
				id: '6a1f0f0e-7d0c-4c57-9d0e-0f2f6d6f0001',
				name: 'Cynet Trigger',
				type: 'n8n-nodes-cynet.cynetTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					pollTimes: {
						item: SECONDS.map((second) => ({
							mode: 'custom',
							cronExpression: `${second} * * * * *`,
						})),
					},
				},
				credentials: { cynetApi: { id: credentialId, name: 'Simulated Cynet 360' } },
			},
			{
				id: '6a1f0f0e-7d0c-4c57-9d0e-0f2f6d6f0002',
				name: 'Deliver to the ledger',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [240, 0],
				executeOnce: true,
				retryOnFail: false,
				parameters: {
					method: 'POST',
					url: `${ledgerUrl}/ledger/alerts`,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: '={{ JSON.stringify($input.all().map((item) => item.json)) }}',
					options: {},
				},
			},
		],
		connections: {
			'Cynet Trigger': { main: [[{ node: 'Deliver to the ledger', type: 'main', index: 0 }]] },
		},
	};
}
