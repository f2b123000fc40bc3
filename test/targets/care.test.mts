import { createHmac } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import { HOSTS } from '../../host/paths.mts';
import type { Workflow } from '../../host/rest.mts';
import { readTemplate, withCredential, withSettings } from '../../host/templates.mts';
import { until } from '../../host/wait.mts';
import { Instance, POLL_TIMES, VERSIONS } from '../e2e/instance.mts';
import { SIGNATURE_SECRET, slack } from './receivers/chat.mts';
import { makeCertificate, startInternet, type Internet } from './receivers/internet.mts';
import { startReceiver, type Receiver } from './receivers/receiver.mts';
import { SET_UPS } from './set-ups.mts';
import { setUp } from './user.mts';

interface Message {
	readonly channel: string;
	readonly text?: string;
	readonly blocks: ReadonlyArray<{
		readonly elements?: ReadonlyArray<{
			readonly url?: string;
			readonly value?: string;
			readonly action_id?: string;
		}>;
	}>;
}

const SLACK = SET_UPS['slack-triage']!;
describe.each(VERSIONS)('In n8n %s', (version) => {
	let instance: Instance;
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
		instance = await Instance.make('care', version, {
			more: { ...internet.environment, N8N_LOG_LEVEL: 'info' },
		});
		cynet = { id: await instance.rest.createCredential(instance.credential()), name: 'Cynet' };
	});
	afterAll(async () => {
		await instance?.close();
		await receiver?.close();
		await internet?.close();
	});

	const messages = (): Message[] => [...(receiver.kept.more.values() as Iterable<Message>)];
	const message = async (text: string, from = 0): Promise<Message> =>
		await until(
			`a message "${text}" in Slack`,
			() =>
				messages()
					.slice(from)
					.find((candidate) => JSON.stringify(candidate).includes(text)),
			{ limitMs: 90_000, seen: () => [messages(), receiver.complaints] },
		);
	const publish = async (workflow: Workflow): Promise<string> => {
		const id = await instance.rest.createWorkflow(workflow);
		expect(await instance.rest.activate(id)).toMatchObject({ status: 'published', errors: [] });
		return id;
	};
	/** n8n writes an execution's data after the execution itself; until then there is nothing to read. */
	const executions = async (after = 0): Promise<Execution[]> =>
		await executionsAfter(instance.n8n, after).catch(() => []);
	const settled = async (): Promise<void> =>
		void (await until('n8n waits for the answer', async () =>
			(await executions()).every(({ status }) => status !== 'running' && status !== 'new'),
		));
	/**
	 * What a click on a button of the message does: Slack tells n8n, and signs it. A person is not
	 * quicker than n8n, which sends the question before it waits for the answer.
	 */
	const click = async (
		question: Message,
		answer: 'approve' | 'decline',
		user = 'U1',
		secret = SIGNATURE_SECRET,
	): Promise<number> => {
		await settled();
		const [decline, approve] = question.blocks.flatMap(({ elements = [] }) =>
			elements.filter(({ value }) => value),
		);
		const action = {
			...(answer === 'approve' ? approve : decline),
			type: 'button',
			action_ts: String(Date.now() / 1000),
		};
		const body = new URLSearchParams({
			payload: JSON.stringify({
				type: 'block_actions',
				user: { id: user, name: 'ana' },
				channel: { id: 'C1' },
				message: { ts: '1', blocks: question.blocks },
				actions: [action],
			}),
		}).toString();
		const time = String(Math.floor(Date.now() / 1000));
		const signature = `v0=${createHmac('sha256', secret).update(`v0:${time}:${body}`).digest('hex')}`;
		return (
			await fetch(`${instance.n8n.url}/webhook-waiting-slack`, {
				method: 'POST',
				headers: {
					'content-type': 'application/x-www-form-urlencoded',
					'x-slack-request-timestamp': time,
					'x-slack-signature': signature,
				},
				body,
			})
		).status;
	};

	// What only n8n 2.40 and later can: buttons that tell who pressed them.
	if (!version.startsWith('1.'))
		describe('the template that isolates after approval', () => {
			const isolated = (): Array<string | null> =>
				instance.simulator.ledger.remediations
					.filter(({ action }) => action === 'host/isolate')
					.map(({ host }) => host);
			const asking = (host: string): string => `Isolate this host?* \`${host}\``;

			test('asks once a host, isolates the ones that a person approves, and says who it was', async () => {
				await publish(
					await setUp(
						instance.rest,
						'isolate-after-approval',
						SLACK,
						[receiver],
						cynet,
						POLL_TIMES,
						false,
					),
				);
				instance.simulator.raise(2, { Severity: 5, HostName: 'WS-0101' });
				instance.simulator.raise(1, { Severity: 4, HostName: 'WS-0102' });
				instance.simulator.raise(1, { Severity: 2, HostName: 'WS-0103' });
				const [one, other] = [await message(asking('WS-0101')), await message(asking('WS-0102'))];
				expect(isolated()).toEqual([]);
				expect(await click(other, 'decline')).toBe(200);
				await message('WS-0102 is left as it is. Decided by');
				expect(await click(one, 'approve')).toBe(200);
				expect(JSON.stringify(await message('Cynet accepted to isolate WS-0101'))).toMatch(
					/Decided by (ana|Ana|U1), \d{4}-/,
				);
				expect(isolated()).toEqual(['WS-0101']);
				expect(
					messages().filter((candidate) => JSON.stringify(candidate).includes(asking('WS-0101'))),
				).toHaveLength(1);
				expect(JSON.stringify(messages())).not.toContain('WS-0103');
			});

			test('takes no link, and no click that Slack did not sign, for a yes; and has the question still after a kill of n8n', async () => {
				instance.simulator.raise(1, { Severity: 5, HostName: 'WS-0104' });
				const question = await message(asking('WS-0104'));
				expect(
					question.blocks.flatMap(({ elements = [] }) => elements.flatMap(({ url }) => url ?? [])),
				).toEqual([]);
				expect(await click(question, 'approve', 'U1', 'not the secret')).toBe(401);
				await instance.n8n.kill();
				await instance.n8n.startAgain();
				expect(isolated()).not.toContain('WS-0104');
				expect(await click(question, 'approve')).toBe(200);
				await message('Cynet accepted to isolate WS-0104');
				expect(isolated()).toContain('WS-0104');
			});

			test('says so when Cynet does not accept', async () => {
				instance.simulator.raise(1, { Severity: 5, HostName: 'WS-0105' });
				const question = await message(asking('WS-0105'));
				instance.simulator.faults.add({
					kind: 'status',
					status: 403,
					// Of a token that is older than a minute the first one does not count.
					times: 'forever',
					match: { path: '/api/host/remediation/*' },
				});
				await click(question, 'approve');
				await message('Cynet did not accept to isolate WS-0105');
				expect(isolated()).not.toContain('WS-0105');
				instance.simulator.faults.clear();
			});

			test('asks about no host whose name is a message of its own', async () => {
				instance.simulator.raise(1, {
					Severity: 5,
					HostName: '<!channel> <https://evil.example|WS-1>',
				});
				await message('what is no name of a host');
				expect(JSON.stringify(messages())).not.toContain('evil.example');
			});
		});

	test('alerts go to a table of n8n, once each', async () => {
		const columns = [
			'dedupKey',
			'severity',
			'name',
			'host',
			'user',
			'path',
			'sha256',
			'status',
			'clientId',
			'lastSeenAt',
		].map((name) => ({ name, type: 'string' }));
		const { id: projectId } = await instance.rest.request<{ id: string }>(
			'GET',
			'/projects/personal',
		);
		const { id } = await instance.rest.request<{ id: string }>(
			'POST',
			`/projects/${projectId}/data-tables`,
			{ name: 'Cynet alerts', columns },
		);
		const workflow = await setUp(
			instance.rest,
			'alerts-to-table',
			{},
			[receiver],
			cynet,
			POLL_TIMES,
		);
		// n8n 1 takes a name for an id: there a user chooses the table from the list, as the note says.
		if (version.startsWith('1.'))
			for (const node of workflow.nodes as unknown as Array<{
				name: string;
				parameters: Record<string, unknown>;
			}>)
				if (node.name === 'Write the Row')
					node.parameters.dataTableId = { __rl: true, mode: 'list', value: id };
		const workflowId = await publish(workflow);
		const [raised] = instance.simulator.raise(1, { HostName: '=WS-0106' });
		const rows = async () =>
			(
				await instance.rest.request<{ data: Array<{ dedupKey: string; host: string }> }>(
					'GET',
					`/projects/${projectId}/data-tables/${id}/rows?take=250`,
				)
			).data;
		const key = `cynet:1001:${raised!.ClientDbId}`;
		await until(
			'the row is there',
			async () => (await rows()).some(({ dedupKey }) => dedupKey === key),
			{ limitMs: 90_000 },
		);
		await instance.rest.deactivate(workflowId);
		const keys = (await rows()).map(({ dedupKey }) => dedupKey);
		expect(keys).toHaveLength(new Set(keys).size);
	});

	test('the first template puts an alert into Slack with three nodes', async () => {
		const workflowId = await publish(
			await setUp(instance.rest, 'alerts-to-slack', SLACK, [receiver], cynet, POLL_TIMES),
		);
		const [raised] = instance.simulator.raise(1, { Severity: 5, HostName: 'WS-0107' });
		expect(JSON.stringify(await message(`cynet:1001:${raised!.ClientDbId}`))).toContain('WS-0107');
		await instance.rest.deactivate(workflowId);
		expect(receiver.complaints).toEqual([]);
	});

	describe('the heartbeat', () => {
		let heartbeat: Workflow;
		let heartbeatId: string;
		let collector: string;
		beforeAll(async () => {
			const { rawApiKey } = await instance.rest.request<{ rawApiKey: string }>(
				'POST',
				'/api-keys',
				{
					label: 'heartbeat',
					expiresAt: null,
					scopes: ['execution:list', 'execution:read', 'workflow:list', 'workflow:read'],
				},
			);
			const n8n = {
				id: await instance.rest.createCredential({
					name: 'n8n',
					type: 'n8nApi',
					data: { apiKey: rawApiKey, baseUrl: `${instance.n8n.url}/api/v1` },
				}),
				name: 'n8n',
			};
			heartbeat = withCredential(
				await setUp(instance.rest, 'heartbeat', SLACK, [receiver], cynet, null),
				'n8nApi',
				n8n,
			);
			heartbeatId = await publish(heartbeat);
		});

		/** The check of every 15 minutes, now. */
		const check = async (workflowId: string): Promise<string> => {
			const workflow = withSettings(heartbeat, { workflowId });
			const id = await instance.rest.createWorkflow(workflow);
			const before = (await executions()).at(-1)?.id ?? 0;
			await instance.rest.request('POST', `/workflows/${id}/run`, {
				workflowData: { id, ...workflow },
				triggerToStartFrom: { name: 'Every 15 Minutes' },
			});
			return await until(
				'the check has ended',
				async () =>
					(await executions(before)).find(
						({ mode, status }) => mode === 'manual' && !['new', 'running'].includes(status),
					)?.status,
				{ limitMs: 90_000 },
			);
		};

		test('reports a workflow that failed', async () => {
			const refusing = await startReceiver(SET_UPS['splunk-hec']!.contracts[0]!);
			const splunk = await setUp(
				instance.rest,
				'splunk-hec',
				{
					...SET_UPS['splunk-hec']!,
					credentials: () => ({
						httpHeaderAuth: { name: 'Authorization', value: 'Splunk wrong-token' },
					}),
				},
				[refusing],
				cynet,
				POLL_TIMES,
			);
			collector = await publish({
				...splunk,
				settings: { ...splunk.settings, errorWorkflow: heartbeatId },
			});
			instance.simulator.raise(1);
			await message('Splunk did not take cynet:');
			await instance.rest.deactivate(collector);
			await refusing.close();
		});

		test('reports a collector that is silent, and not one that works', async () => {
			instance.simulator.raise(1, { at: instance.simulator.serverNow() - 1_200_000 });
			const from = messages().length;
			const silent = await instance.rest.createWorkflow(await readTemplate('call-any-endpoint'));
			expect(await check(silent)).toBe('success');
			await message(`workflow ${silent} is silent`, from);
			// Of the collector that has had executions since, there is nothing to tell.
			expect(await check(collector)).toBe('success');
			expect(JSON.stringify(messages())).not.toContain(`workflow ${collector} is silent`);
		});

		test('reports that Cynet cannot be asked', async () => {
			const from = messages().length;
			instance.simulator.faults.add({
				kind: 'status',
				status: 403,
				match: { path: '/api/alerts*' },
				times: 'forever',
			});
			await check('any');
			await message('Cynet cannot be asked', from);
			instance.simulator.faults.clear();
		});
	});
});
