import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from './instance.mts';
import { expectNoSecrets } from './secrets.mts';

const node = (
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
	more: object = {},
) => ({ id: crypto.randomUUID(), name, type, typeVersion, position: [0, 0], parameters, ...more });
const isEnded = ({ status }: Execution): boolean => !['new', 'running'].includes(status);
/** Not the retry of the round before, which may still be the newest. */
const isFirstRun = (execution: Execution): boolean =>
	isEnded(execution) && execution.mode !== 'retry';

describe.each(VERSIONS)('Acting in n8n %s', (version) => {
	let instance: Instance;
	let credentialId: string;

	beforeAll(async () => {
		instance = await Instance.make('acts', version);
		credentialId = await instance.rest.createCredential(instance.credential());
	});
	afterAll(async () => await instance?.close());

	/** A published workflow: a webhook, and an isolation of each host that the call names. */
	const publish = async (path: string, options: object, answers = false): Promise<string> => {
		const workflowId = await instance.rest.createWorkflow({
			name: path,
			nodes: [
				node(
					'Webhook',
					'n8n-nodes-base.webhook',
					2,
					{ path, httpMethod: 'POST', responseMode: answers ? 'lastNode' : 'onReceived' },
					{ webhookId: path },
				),
				node('Hosts', 'n8n-nodes-base.splitOut', 1, {
					fieldToSplitOut: 'body.hosts',
					include: 'allOtherFields',
					options: {},
				}),
				node(
					'Cynet',
					'n8n-nodes-cynet.cynet',
					1,
					{
						resource: 'host',
						operation: 'isolate',
						hostName: "={{ $json['body.hosts'] ?? $json.hosts }}",
						options: { hostCheck: 'off', ...options },
					},
					{ credentials: { cynetApi: { id: credentialId, name: 'Cynet' } } },
				),
			],
			connections: {
				Webhook: { main: [[{ node: 'Hosts', type: 'main', index: 0 }]] },
				Hosts: { main: [[{ node: 'Cynet', type: 'main', index: 0 }]] },
			},
		});
		expect(await instance.rest.activate(workflowId)).toMatchObject({ status: 'published' });
		return workflowId;
	};
	const call = async (path: string, body: object): Promise<Record<string, unknown>> => {
		const response = await until(
			'the webhook answers',
			async () => {
				const answer = await fetch(`${instance.n8n.url}/webhook/${path}`, {
					method: 'POST',
					headers: { 'content-type': 'application/json' },
					body: JSON.stringify(body),
				});
				return answer.status !== 404 && answer;
			},
			{ limitMs: 60_000 },
		);
		return (await response.json()) as Record<string, unknown>;
	};
	const done = () => instance.simulator.ledger.remediations.map(({ host }) => host);
	const newest = async (
		isWanted: (execution: Execution) => boolean = isEnded,
	): Promise<Execution> =>
		await until(
			'the execution has ended',
			async () => {
				const execution = (await executionsAfter(instance.n8n, 0, 'Cynet')).at(-1);
				return execution && isWanted(execution) && execution;
			},
			{ limitMs: 120_000 },
		);

	test('nothing but a plain false, or taking the option out, turns Dry Run off', async () => {
		await publish('dry-by-expression', { dryRun: "={{ $('Webhook').item.json.body.dry }}" }, true);
		for (const dry of [true, 'true', 'TRUE', 'yes', 1, 0, null, '', 'false', [], {}, undefined]) {
			expect([dry, await call('dry-by-expression', { hosts: ['WS-0101'], dry })]).toMatchObject([
				dry,
				{ accepted: false, dryRun: true },
			]);
		}
		for (const [path, dryRun] of [
			['dry-as-text', 'true'],
			['dry-as-false-text', 'false'],
			['dry-as-null', null],
			['dry-as-added', true],
		] as const) {
			const workflowId = await publish(path, { dryRun });
			// As n8n stored it: what is at its default is kept in a collection.
			const stored = await instance.rest.request<{
				nodes: Array<{ parameters: { options?: object } }>;
			}>('GET', `/workflows/${workflowId}`);
			expect([path, stored.nodes.at(-1)!.parameters.options]).toMatchObject([path, { dryRun }]);
			await instance.rest.deactivate(workflowId);
			await publish(`${path}-answers`, { dryRun }, true);
			expect(await call(`${path}-answers`, { hosts: ['WS-0101'] })).toMatchObject({ dryRun: true });
		}
		expect(done()).toEqual([]);
		expect(await call('dry-by-expression', { hosts: ['WS-0101'], dry: false })).toMatchObject({
			accepted: true,
		});
		await publish('no-dry-run', {}, true);
		expect(await call('no-dry-run', { hosts: ['WS-0102'] })).toMatchObject({ accepted: true });
		expect(done()).toEqual(['WS-0101', 'WS-0102']);
	});

	test('an execution that failed keeps its record: a retry sends nothing of it twice, and the rest only where its owner says so', async () => {
		for (const [path, actAgainOnRetry] of [
			['failed', false],
			['failed-again', true],
		] as const) {
			const before = done().length;
			await publish(path, { actAgainOnRetry });
			instance.simulator.faults.add({
				kind: 'status',
				status: 403,
				skip: 1,
				match: { path: '/api/host/*' },
			});
			await call(path, { hosts: ['WS-0201', 'WS-0202'] });
			const failed = await newest(isFirstRun);
			expect([path, failed.status, done().slice(before)]).toEqual([path, 'error', ['WS-0201']]);
			await instance.rest.retryExecution(String(failed.id));
			const retried = await newest(
				({ mode, status }) => mode === 'retry' && isEnded({ status } as Execution),
			);
			expect(retried.retryOf).toBe(failed.id);
			if (actAgainOnRetry) {
				expect(retried).toMatchObject({
					status: 'success',
					items: [
						{ host: 'WS-0201', sentBefore: true },
						{ host: 'WS-0202', accepted: true },
					],
				});
				expect(done().slice(before)).toEqual(['WS-0201', 'WS-0202']);
			} else {
				expect(retried).toMatchObject({
					status: 'error',
					error: 'n8n runs this execution again, and kept no record of this action',
				});
				expect(done().slice(before)).toEqual(['WS-0201']);
			}
		}
	});

	test('n8n is killed after a remediation was sent: a retry sends it again only where its owner says so', async () => {
		await publish('killed', {});
		await publish('killed-again', { actAgainOnRetry: true });
		for (const [path, error] of [
			['killed', 'n8n runs this execution again, and kept no record of this action'],
			['killed-again', null],
		] as const) {
			const before = done().length;
			instance.simulator.faults.add({
				kind: 'slow',
				delayMs: 60_000,
				match: { path: '/api/host/*' },
			});
			await call(path, { hosts: [path] });
			await until('the action has reached Cynet', () => done().length > before, {
				limitMs: 60_000,
			});
			await instance.n8n.kill();
			await instance.n8n.startAgain();
			const crashed = await newest(isFirstRun);
			expect([path, crashed.status]).toEqual([path, 'crashed']);
			await instance.rest.retryExecution(String(crashed.id));
			const retried = await newest(
				({ mode, status }) => mode === 'retry' && isEnded({ status } as Execution),
			);
			expect([path, retried.retryOf, retried.error]).toEqual([path, crashed.id, error]);
			expect(done().slice(before)).toEqual(error === null ? [path, path] : [path]);
		}
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(instance);
	});
});
