import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionsAfter } from '../../host/executions.mts';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from './instance.mts';
import { expectNoSecrets } from './secrets.mts';

const SHA256 = '553C'.padEnd(64, 'A');
const GUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const FILE = { resource: 'file', sha256: SHA256, hostName: 'WS-0101' };

/** A node an operation, in a row: each is named by what it does. */
const STEPS: ReadonlyArray<
	readonly [name: string, parameters: Record<string, unknown>, expected: Record<string, unknown>]
> = [
	[
		'alert getAll',
		{ resource: 'alert', operation: 'getAll', limit: 1, simple: false },
		{ ClientDbId: expect.any(Number), cynet: expect.objectContaining({ event: null }) },
	],
	[
		'alert convert',
		{ resource: 'alert', operation: 'convert', format: 'simplified' },
		{ dedupKey: expect.stringMatching(/^cynet:1001:/) },
	],
	['alert count', { resource: 'alert', operation: 'count' }, { count: 5 }],
	[
		'host getAll',
		{ resource: 'host', operation: 'getAll', limit: 1 },
		{ host: expect.any(String) },
	],
	[
		'host get',
		{ resource: 'host', operation: 'get', hostName: '={{ $json.host }}' },
		{ host: 'WS-0101' },
	],
	[
		'host isolate',
		{ resource: 'host', operation: 'isolate', hostName: '={{ $json.host }}' },
		{ accepted: true, host: 'WS-0101', clientId: '1001' },
	],
	[
		'host unisolate',
		{ resource: 'host', operation: 'unisolate', hostName: 'WS-0101' },
		{ accepted: true },
	],
	[
		'host disableNetwork',
		{ resource: 'host', operation: 'disableNetwork', hostName: 'WS-0101' },
		{ accepted: true },
	],
	[
		'host shutdown as a dry run',
		{ resource: 'host', operation: 'shutdown', hostName: 'WS-0101', options: { dryRun: true } },
		{ accepted: false, dryRun: true },
	],
	[
		'host shutdown',
		{ resource: 'host', operation: 'shutdown', hostName: 'WS-0102' },
		{ accepted: true, host: 'WS-0102' },
	],
	['file get', { ...FILE, operation: 'get' }, { found: false }],
	[
		'file kill',
		{ ...FILE, operation: 'kill', options: { waitForOutcome: true } },
		{ accepted: true, outcome: expect.objectContaining({ endedBy: 'finalStatus' }) },
	],
	[
		'file getRemediation',
		{
			resource: 'file',
			operation: 'getRemediation',
			remediationId: '={{ $json.remediationIds[0] }}',
		},
		{ status: 24, statusInfo: 'File does not exist' },
	],
	['file delete', { ...FILE, operation: 'delete' }, { accepted: true }],
	['file quarantine', { ...FILE, operation: 'quarantine' }, { accepted: true }],
	[
		'file quarantine by path',
		{ ...FILE, operation: 'quarantine', options: { quarantineEndpoint: 'pathQuarantine' } },
		{ accepted: true, request: { path: '/api/file/remediation/path/quarantine' } },
	],
	[
		'file unquarantine',
		{ ...FILE, operation: 'unquarantine', scope: 'everyHost' },
		{ accepted: true, host: null },
	],
	['file verify', { ...FILE, operation: 'verify' }, { accepted: true }],
	[
		'user getAll',
		{ resource: 'user', operation: 'getAll', limit: 1 },
		{ user: expect.any(String) },
	],
	[
		'user get',
		{ resource: 'user', operation: 'get', userName: '={{ $json.user }}' },
		{ user: expect.any(String) },
	],
	[
		'vulnerability getAll',
		{ resource: 'vulnerability', operation: 'getAll', limit: 1 },
		{ kb: expect.any(String) },
	],
	[
		'vulnerability espm',
		{
			resource: 'vulnerability',
			operation: 'getAll',
			report: 'espmVulnerabilities',
			siteGuid: GUID,
			options: { includeEndpoints: true },
		},
		{ endpoints: [{ hostName: 'WS-0101' }] },
	],
];
/** Without the dry run. */
const ACCEPTED = [
	'host/isolate',
	'host/unisolate',
	'host/disableNetwork',
	'host/shutdown',
	'file/kill',
	'file/delete',
	'file/quarantine',
	'file/path/quarantine',
	'file/unquarantine',
	'file/verify',
];

describe.each(VERSIONS)('Cynet in n8n %s', (version) => {
	let instance: Instance;
	let workflowId: string;
	let workflow: Parameters<Instance['rest']['createWorkflow']>[0];

	beforeAll(async () => {
		instance = await Instance.make('cynet-node', version);
		instance.simulator.settings.licensedSiteGuids = [GUID];
		instance.simulator.raise(5);
		const credentialId = await instance.rest.createCredential(instance.credential());
		const node = (name: string, type: string, more: Record<string, unknown>) => ({
			id: crypto.randomUUID(),
			name,
			type,
			typeVersion: 1,
			position: [0, 0],
			...more,
		});
		const steps = STEPS.map(([name, parameters]) =>
			node(name, 'n8n-nodes-cynet.cynet', {
				parameters,
				executeOnce: true,
				credentials: { cynetApi: { id: credentialId, name: 'Cynet' } },
			}),
		);
		const order = STEPS.map(([name]) => name);
		const to = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
		workflow = {
			name: 'Every operation',
			nodes: [
				node('Manual', 'n8n-nodes-base.manualTrigger', { parameters: {} }),
				node('Webhook', 'n8n-nodes-base.webhook', {
					typeVersion: 2,
					webhookId: 'every-operation',
					parameters: { path: 'every-operation', httpMethod: 'POST' },
				}),
				...steps,
			],
			connections: {
				Manual: to(order[0]!),
				Webhook: to(order[0]!),
				...Object.fromEntries(
					order.slice(0, -1).map((name, index) => [name, to(order[index + 1]!)]),
				),
			},
		};
		workflowId = await instance.rest.createWorkflow(workflow);
	});
	afterAll(async () => await instance?.close());

	/** What each node returned in the newest execution of that mode. */
	const expectEveryStep = async (mode: string): Promise<void> => {
		const newest = async () =>
			(await executionsAfter(instance.n8n)).filter((execution) => execution.mode === mode).at(-1);
		await until(
			'the execution has ended',
			async () => !['new', 'running', undefined].includes((await newest())?.status),
			{ limitMs: 120_000 },
		);
		const { id, status, error } = (await newest())!;
		expect({ status, error }).toEqual({ status: 'success', error: null });
		for (const [name, , expected] of STEPS) {
			const execution = (await executionsAfter(instance.n8n, id - 1, name)).find(
				(candidate) => candidate.id === id,
			)!;
			expect([name, execution.items]).toMatchObject([name, [expected]]);
		}
	};

	test('does every operation in a manual run', async () => {
		await instance.rest.request('POST', `/workflows/${workflowId}/run`, {
			workflowData: { id: workflowId, ...workflow },
			triggerToStartFrom: { name: 'Manual' },
		});
		await expectEveryStep('manual');
		expect(instance.simulator.ledger.remediations.map(({ action }) => action)).toEqual(ACCEPTED);
	});

	test('does every operation in a production run', async () => {
		expect(await instance.rest.activate(workflowId)).toMatchObject({ status: 'published' });
		await until(
			'the webhook answers',
			async () =>
				(await fetch(`${instance.n8n.url}/webhook/every-operation`, { method: 'POST' })).ok,
			{ limitMs: 60_000 },
		);
		await expectEveryStep('webhook');
		expect(instance.simulator.ledger.remediations).toHaveLength(2 * ACCEPTED.length);
		expect(instance.simulator.ledger.exchanges).toBe(1);
	});

	test('sends no action again when n8n retries the node', async () => {
		const { ledger, faults } = instance.simulator;
		const retried = structuredClone(workflow) as {
			nodes: Array<Record<string, unknown>>;
			connections: Record<string, unknown>;
			name: string;
		};
		retried.nodes = retried.nodes.filter(
			({ name }) => name === 'Manual' || name === 'host unisolate',
		);
		Object.assign(retried.nodes[1]!, { retryOnFail: true, maxTries: 3, waitBetweenTries: 100 });
		retried.connections = {
			Manual: { main: [[{ node: 'host unisolate', type: 'main', index: 0 }]] },
		};
		retried.name = 'Retried';
		const id = await instance.rest.createWorkflow(retried);
		const before = ledger.requests.length;
		faults.add({ kind: 'status', status: 500, match: { path: '/api/host/*' } });
		await instance.rest.request('POST', `/workflows/${id}/run`, {
			workflowData: { id, ...retried },
			triggerToStartFrom: { name: 'Manual' },
		});
		const failed = await until(
			'the execution has ended',
			async () => (await executionsAfter(instance.n8n)).find(({ status }) => status === 'error'),
			{ limitMs: 60_000 },
		);
		expect(failed.error).toContain('it is not sent again');
		expect(
			ledger.requests
				.slice(before)
				.filter(({ path }) => path === '/api/host/remediation/unisolate'),
		).toHaveLength(1);
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(instance);
	});
});
