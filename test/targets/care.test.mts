import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import { HOSTS } from '../../host/paths.mts';
import type { Workflow } from '../../host/rest.mts';
import { readTemplate, withCredential, withSettings } from '../../host/templates.mts';
import { until } from '../../host/wait.mts';
import { Bench, VERSIONS } from '../e2e/bench.mts';
import { slack } from './receivers/chat.mts';
import { makeCertificate, startInternet, type Internet } from './receivers/internet.mts';
import { startReceiver, type Receiver } from './receivers/receiver.mts';
import { SET_UPS } from './set-ups.mts';
import { setUp } from './user.mts';

interface Message {
	readonly channel: string;
	readonly text?: string;
	readonly blocks: ReadonlyArray<{ readonly elements?: ReadonlyArray<{ readonly url?: string }> }>;
}

const SLACK = SET_UPS['slack-triage']!;
const EVERY_TWO_SECONDS = { item: Array.from({ length: 30 }, (_, index) => ({ mode: 'custom', cronExpression: `${index * 2} * * * * *` })) };
const BROWSER = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0' };

describe.each(VERSIONS)('In n8n %s', (version) => {
	let bench: Bench;
	let internet: Internet;
	let receiver: Receiver;
	let cynet: { id: string; name: string };

	beforeAll(async () => {
		const folder = join(HOSTS, 'targets-care');
		await mkdir(folder, { recursive: true });
		const certificate = await makeCertificate(folder, ['slack.com']);
		internet = await startInternet(certificate);
		receiver = await startReceiver(slack, { tls: certificate });
		internet.lead('slack.com', receiver.port);
		bench = await Bench.make('care', version, { more: { ...internet.environment, N8N_LOG_LEVEL: 'info' } });
		cynet = { id: await bench.rest.createCredential(bench.credential()), name: 'Cynet' };
	});
	afterAll(async () => {
		await bench?.close();
		await receiver?.close();
		await internet?.close();
	});

	const messages = (): Message[] => [...(receiver.kept.more.values() as Iterable<Message>)];
	const message = async (text: string, from = 0): Promise<Message> =>
		await until(`a message "${text}" in Slack`, () => messages().slice(from).find((candidate) => JSON.stringify(candidate).includes(text)), { limitMs: 90_000, seen: () => [messages(), receiver.complaints] });
	const publish = async (workflow: Workflow): Promise<string> => {
		const id = await bench.rest.createWorkflow(workflow);
		expect(await bench.rest.activate(id)).toMatchObject({ status: 'published', errors: [] });
		return id;
	};
	/** n8n writes an execution's data after the execution itself; until then there is nothing to read. */
	const executions = async (after = 0): Promise<Execution[]> => await executionsAfter(bench.n8n, after).catch(() => []);
	/** What a click on a button of the message does. A human is not quicker than n8n, which sends the question before it waits for the answer. */
	const click = async ({ blocks }: Message, answer: 'true' | 'false'): Promise<void> => {
		await until('n8n waits for the answer', async () => (await executions()).every(({ status }) => status !== 'running' && status !== 'new'));
		const url = blocks.flatMap(({ elements = [] }) => elements.flatMap((element) => element.url ?? [])).find((candidate) => candidate.includes(`approved=${answer}`));
		expect((await fetch(url!, { headers: BROWSER })).status).toBe(200);
	};

	describe('the template that isolates after approval', () => {
		const isolated = (): Array<string | null> => bench.simulator.ledger.remediations.filter(({ action }) => action === 'host/isolate').map(({ host }) => host);

		test('asks once a host, and isolates the ones that a human approves', async () => {
			await publish(await setUp(bench.rest, 'isolate-after-approval', SLACK, [receiver], cynet, EVERY_TWO_SECONDS));
			bench.simulator.raise(2, { Severity: 5, HostName: 'WS-0101' });
			bench.simulator.raise(1, { Severity: 4, HostName: 'WS-0102' });
			bench.simulator.raise(1, { Severity: 2, HostName: 'WS-0103' });
			const [one, other] = [await message('Isolate WS-0101?'), await message('Isolate WS-0102?')];
			expect(isolated()).toEqual([]);
			await click(other, 'false');
			await message('WS-0102 is left as it is');
			await click(one, 'true');
			await message('Cynet accepted to isolate WS-0101');
			expect(isolated()).toEqual(['WS-0101']);
			expect(messages().filter((candidate) => JSON.stringify(candidate).includes('Isolate WS-0101?'))).toHaveLength(1);
			expect(JSON.stringify(messages())).not.toContain('Isolate WS-0103?');
		});

		test('still has its question after a kill of n8n', async () => {
			bench.simulator.raise(1, { Severity: 5, HostName: 'WS-0104' });
			const question = await message('Isolate WS-0104?');
			await until('the question waits in the database', async () => (await executions()).some(({ status }) => status === 'waiting'));
			await bench.n8n.kill();
			await bench.n8n.start();
			await click(question, 'true');
			await message('Cynet accepted to isolate WS-0104');
			expect(isolated()).toContain('WS-0104');
		});

		test('says so when Cynet does not accept', async () => {
			bench.simulator.raise(1, { Severity: 5, HostName: 'WS-0105' });
			const question = await message('Isolate WS-0105?');
			bench.simulator.faults.add({ kind: 'status', status: 403, match: { path: '/api/host/remediation/*' } });
			await click(question, 'true');
			await message('Cynet did not accept to isolate WS-0105');
			expect(isolated()).not.toContain('WS-0105');
		});
	});

	describe('the heartbeat', () => {
		let heartbeat: Workflow;
		let heartbeatId: string;
		let collector: string;
		beforeAll(async () => {
			const { rawApiKey } = await bench.rest.request<{ rawApiKey: string }>('POST', '/api-keys', { label: 'heartbeat', expiresAt: null, scopes: ['execution:list', 'execution:read', 'workflow:list', 'workflow:read'] });
			const n8n = { id: await bench.rest.createCredential({ name: 'n8n', type: 'n8nApi', data: { apiKey: rawApiKey, baseUrl: `${bench.n8n.url}/api/v1` } }), name: 'n8n' };
			heartbeat = withCredential(await setUp(bench.rest, 'heartbeat', SLACK, [receiver], cynet, null), 'n8nApi', n8n);
			heartbeatId = await publish(heartbeat);
		});

		/** The check of every 15 minutes, now. */
		const check = async (workflowId: string): Promise<string> => {
			const workflow = withSettings(heartbeat, { workflowId });
			const id = await bench.rest.createWorkflow(workflow);
			const before = (await executions()).at(-1)?.id ?? 0;
			await bench.rest.request('POST', `/workflows/${id}/run`, { workflowData: { id, ...workflow }, triggerToStartFrom: { name: 'Every 15 Minutes' } });
			return await until('the check has ended', async () => (await executions(before)).find(({ mode, status }) => mode === 'manual' && !['new', 'running'].includes(status))?.status, { limitMs: 90_000 });
		};

		test('reports a workflow that failed', async () => {
			const refusing = await startReceiver(SET_UPS['splunk-hec']!.contracts[0]!);
			const splunk = await setUp(bench.rest, 'splunk-hec', { ...SET_UPS['splunk-hec']!, credentials: () => ({ httpHeaderAuth: { name: 'Authorization', value: 'Splunk wrong-token' } }) }, [refusing], cynet, EVERY_TWO_SECONDS);
			collector = await publish({ ...splunk, settings: { ...splunk.settings, errorWorkflow: heartbeatId } });
			bench.simulator.raise(1);
			await message('refused this for good');
			await bench.rest.deactivate(collector);
			await refusing.close();
		});

		test('reports a collector that is silent, and not one that works', async () => {
			bench.simulator.raise(1, { at: bench.simulator.serverNow() - 1_200_000 });
			const from = messages().length;
			const silent = await bench.rest.createWorkflow(await readTemplate('call-any-endpoint'));
			expect(await check(silent)).toBe('success');
			await message(`collector ${silent} is silent`, from);
			// Of the collector that has had executions since, there is nothing to tell.
			expect(await check(collector)).toBe('success');
			expect(JSON.stringify(messages())).not.toContain(`collector ${collector} is silent`);
		});

		test('reports that Cynet cannot be asked', async () => {
			const from = messages().length;
			bench.simulator.faults.add({ kind: 'status', status: 403, match: { path: '/api/alerts*' }, times: 'forever' });
			await check('any');
			await message('Cynet cannot be asked', from);
			bench.simulator.faults.clear();
		});
	});
});
