import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import type { Workflow } from '../../host/rest.mts';
import {
	readTemplate,
	templateNames,
	withCredential,
	withSettings,
} from '../../host/templates.mts';
import { findingsOf, hasReport } from '../../host/version-3.mts';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from './instance.mts';
import { expectNoSecrets } from './secrets.mts';

describe.each(VERSIONS)('The template to call any endpoint, in n8n %s', (version) => {
	let instance: Instance;
	let credentialId: string;
	beforeAll(async () => {
		instance = await Instance.make('templates', version);
		credentialId = await instance.rest.createCredential(instance.credential());
	});
	afterAll(async () => await instance?.close());

	/**
	 * Imports the template, fills in its settings, chooses the credential, runs it by hand, and
	 * returns the execution with what the node that calls Cynet gave.
	 */
	const run = async (
		change: (workflow: Workflow) => void = () => undefined,
	): Promise<Execution> => {
		const workflow = withCredential(
			withSettings(await readTemplate('call-any-endpoint'), { baseUrl: instance.gate.url }),
			'cynetApi',
			{ id: credentialId, name: 'Cynet' },
		);
		change(workflow);
		const id = await instance.rest.createWorkflow(workflow);
		const imported = await instance.rest.request<Workflow>('GET', `/workflows/${id}`);
		const before = (await executionsAfter(instance.n8n, 0, 'Start')).at(-1)?.id ?? 0;
		await instance.rest.request('POST', `/workflows/${id}/run`, {
			workflowData: imported,
			triggerToStartFrom: { name: 'Start' },
		});
		return await until('the execution has ended', async () => {
			const [execution] = await executionsAfter(instance.n8n, before, 'Call Cynet');
			return execution && !['new', 'running'].includes(execution.status) && execution;
		});
	};

	test('brings the answer of an endpoint that the node Cynet does not offer', async () => {
		const { status, error, items } = await run();
		expect({ status, error, items }).toMatchObject({
			status: 'success',
			error: null,
			items: [{ HostName: 'WS-0101' }],
		});
		expect(instance.simulator.ledger.requests.at(-1)).toMatchObject({
			path: '/api/host',
			query: { name: 'WS-0101' },
			clientId: '1001',
			status: 200,
		});
	});

	test('has a refused token renewed', async () => {
		const { exchanges } = instance.simulator.ledger;
		instance.simulator.expireTokens();
		expect(await run()).toMatchObject({ status: 'success', items: [{ HostName: 'WS-0101' }] });
		expect(instance.simulator.ledger.exchanges).toBe(exchanges + 1);
	});

	test('asks the site that a header names', async () => {
		instance.simulator.settings.sites.push('1002');
		const { status } = await run(({ nodes }) => {
			const call = nodes.find(({ name }) => name === 'Call Cynet') as {
				parameters: Record<string, unknown>;
			};
			Object.assign(call.parameters, {
				sendHeaders: true,
				headerParameters: { parameters: [{ name: 'client_id', value: '1002' }] },
			});
		});
		expect(status).toBe('success');
		expect(instance.simulator.ledger.requests.at(-1)).toMatchObject({
			path: '/api/host',
			clientId: '1002',
		});
	});

	test('takes the token to no other address', async () => {
		instance.simulator.faults.add({
			kind: 'redirect',
			match: { path: '/api/host' },
			location: `${instance.simulator.url}/api/hosts?LastSeen=2026-01-01`,
		});
		await run();
		expect(instance.simulator.ledger.requests.filter(({ path }) => path === '/api/hosts')).toEqual(
			[],
		);
	});

	test('fails with what Cynet said', async () => {
		const { status, error } = await run(({ nodes }) => {
			const call = nodes.find(({ name }) => name === 'Call Cynet') as {
				parameters: { queryParameters: unknown };
			};
			call.parameters.queryParameters = { parameters: [{ name: 'name', value: 'NOT-THERE' }] };
		});
		expect(status).toBe('error');
		expect(error).toMatch(/could not be found/);
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(instance);
	});

	if (hasReport(version))
		test("no template and no workflow of these tests has anything that n8n's report on version 3 names", async () => {
			for (const name of await templateNames())
				await instance.rest.createWorkflow(await readTemplate(name));
			expect(await findingsOf(instance.rest)).toEqual([]);
			// The report does find what version 3 removes.
			const id = await instance.rest.createWorkflow({
				name: 'Of version 2',
				nodes: [
					{
						id: 'each',
						name: 'Each',
						type: 'n8n-nodes-base.executeWorkflow',
						typeVersion: 1.2,
						position: [0, 0],
						parameters: { mode: 'each' },
					},
				],
				connections: {},
			} as unknown as Workflow);
			expect(await findingsOf(instance.rest)).toEqual([
				expect.stringMatching(/^Of version 2: .*each item/),
			]);
			await instance.rest.request('POST', `/workflows/${id}/archive`, {});
			await instance.rest.request('DELETE', `/workflows/${id}`);
		});
});
