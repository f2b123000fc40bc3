import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { executionsAfter, type Execution } from '../../host/executions.mts';
import type { Workflow } from '../../host/rest.mts';
import { DEFAULT_N8N } from '../../host/versions.mts';
import { until } from '../../host/wait.mts';
import { nodeOf } from '../../host/workflow-node.mts';
import { Instance } from './instance.mts';

describe(`The node as the tool of an AI agent, in n8n ${DEFAULT_N8N}`, () => {
	let instance: Instance;
	let credentialId: string;
	beforeAll(async () => {
		instance = await Instance.make('tool', DEFAULT_N8N);
		credentialId = await instance.rest.createCredential(instance.credential());
	});
	afterAll(async () => await instance?.close());

	/** Runs the tool by itself, as the editor does with what an agent would ask. */
	const run = async (parameters: Record<string, unknown>): Promise<Execution> => {
		const id = await instance.rest.createWorkflow({
			name: `Tool ${crypto.randomUUID()}`,
			nodes: [
				nodeOf('Start', 'n8n-nodes-base.manualTrigger', 1),
				nodeOf('Agent', '@n8n/n8n-nodes-langchain.agent', 2),
				nodeOf('Cynet', 'n8n-nodes-cynet.cynetTool', 1, parameters, {
					credentials: { cynetApi: { id: credentialId, name: 'Cynet' } },
				}),
			],
			connections: {
				Start: { main: [[{ node: 'Agent', type: 'main', index: 0 }]] },
				Cynet: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] },
			},
		} as unknown as Workflow);
		const before = (await executionsAfter(instance.n8n, 0, 'Cynet')).at(-1)?.id ?? 0;
		await instance.rest.request('POST', `/workflows/${id}/run`, {
			workflowData: await instance.rest.request('GET', `/workflows/${id}`),
			agentRequest: { query: { Cynet: {} }, tool: { name: 'Cynet' } },
			destinationNode: { nodeName: 'Cynet', mode: 'inclusive' },
			triggerToStartFrom: { name: 'Start' },
			runData: {},
			dirtyNodeNames: [],
		});
		return await until('the tool has run', async () => {
			const [execution] = await executionsAfter(instance.n8n, before, 'Cynet');
			return execution && !['new', 'running'].includes(execution.status) && execution;
		});
	};
	const ISOLATE = {
		resource: 'host',
		operation: 'isolate',
		hostName: { __rl: true, mode: 'name', value: 'WS-0101' },
	};

	test('gives ten fields of each alert, or those that are named', async () => {
		instance.simulator.raise(2);
		const ALERTS = { resource: 'alert', operation: 'getAll', since: '2020-01-01' };
		const text = JSON.stringify((await run(ALERTS)).items);
		expect(text).toContain('severity');
		expect(text).not.toContain('recommendation');
		const named = { ...ALERTS, output: 'selected', outputFields: 'recommendation' };
		const other = JSON.stringify((await run(named)).items);
		expect(other).toContain('recommendation');
		expect(other).not.toContain('severity');
	});

	test('acts only where a person has allowed it in the tool', async () => {
		const refused = await run(ISOLATE);
		expect(JSON.stringify(refused)).toContain('This operation is not allowed to an AI agent');
		expect(instance.simulator.ledger.remediations).toEqual([]);
		await run({ ...ISOLATE, options: { allowDestructive: true } });
		expect(instance.simulator.ledger.remediations).toHaveLength(1);
	});
});
