import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../host/database.mts';
import { executionsAfter } from '../../host/executions.mts';
import { HOSTS } from '../../host/paths.mts';
import type { Workflow } from '../../host/rest.mts';
import { until } from '../../host/wait.mts';
import { Instance, POLL_TIMES, VERSIONS } from '../e2e/instance.mts';
import {
	makeCertificate,
	startInternet,
	type Certificate,
	type Internet,
} from './receivers/internet.mts';
import { UNKNOWN_RECIPIENT, startMailServer } from './receivers/mail.mts';
import { startReceiver, type Receiver } from './receivers/receiver.mts';
import { SET_UPS } from './set-ups.mts';
import { setUp } from './user.mts';

/** On a busy machine. */
const LIMIT_MS = 120_000;

interface Node {
	readonly name: string;
	readonly credentials?: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
}

/** The vendor's code of a status. */
const OPEN = 0;

interface Collector {
	readonly id: string;
	readonly keys: readonly string[];
}

interface Row {
	readonly id: number;
	readonly status: string;
}

/**
 * Each way in which a template sends: by n8n's own node or by request, in portions, after a
 * look-up, to Slack, which refuses with status 200, and by mail.
 */
const WRONG: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
	'email-digest': { password: 'wrong-password' },
	elasticsearch: { password: 'wrong-password' },
	'google-secops': { email: 'nobody@project.iam.gserviceaccount.com' },
	jira: { apiToken: 'wrong-token' },
	'jira-lifecycle': { apiToken: 'wrong-token' },
	line: { value: 'Bearer wrong-token' },
	misp: { apiKey: 'wrong-key' },
	opencti: { apiKey: 'wrong-key' },
	'slack-triage': { accessToken: 'xoxb-wrong-token' },
	'splunk-hec': { value: 'Splunk wrong-token' },
	telegram: { accessToken: '123456:wrong-token' },
};

describe.each(VERSIONS)('In n8n %s', (version) => {
	let instance: Instance;
	let internet: Internet;
	let tls: Certificate;
	let cynet: { id: string; name: string };
	const receivers: Receiver[] = [];

	beforeAll(async () => {
		const folder = join(HOSTS, 'targets-refusals');
		await mkdir(folder, { recursive: true });
		tls = await makeCertificate(
			folder,
			Object.values(SET_UPS).flatMap(({ host }) => host ?? []),
		);
		internet = await startInternet(tls);
		instance = await Instance.make('refusals', version, {
			more: { ...internet.environment, N8N_LOG_LEVEL: 'info' },
		});
		cynet = { id: await instance.rest.createCredential(instance.credential()), name: 'Cynet' };
	});
	afterAll(async () => {
		await instance?.close();
		for (const receiver of receivers) await receiver.close();
		await internet?.close();
	});

	const receive = async (name: string): Promise<Receiver> => {
		const {
			contracts: [contract],
			host,
		} = SET_UPS[name]!;
		const receiver = contract
			? await startReceiver(contract, host ? { tls } : {})
			: await startMailServer();
		if (host) internet.lead(host, receiver.port);
		receivers.push(receiver);
		return receiver;
	};
	const make = async (
		name: string,
		receiver: Receiver,
		typed: Readonly<Record<string, string>> = {},
	): Promise<Workflow> => {
		const as = SET_UPS[name]!;
		return await setUp(
			instance.rest,
			name,
			{ ...as, typed: (...urls) => ({ ...as.typed?.(...urls), ...typed }) },
			[receiver],
			cynet,
			POLL_TIMES,
		);
	};
	/**
	 * Publishes it, and raises two alerts, which it has to itself: the others stand still. It can
	 * have a few of theirs first, by its look-back.
	 */
	const collect = async (workflow: Workflow, path?: string): Promise<Collector> => {
		const before = instance.simulator.ledger.expectedKeys();
		const id = await instance.rest.createWorkflow(workflow);
		expect(await instance.rest.activate(id)).toMatchObject({ status: 'published', errors: [] });
		// Open: no ticket that lives is opened for a closed one.
		instance.simulator.raise(1, { Severity: 5, Status: OPEN });
		instance.simulator.raise(1, { Severity: 2, Status: OPEN });
		if (path)
			instance.simulator.raise(1, { Severity: 4, Status: OPEN, Path: path, CommandLine: path });
		return {
			id,
			keys: instance.simulator.ledger.expectedKeys().filter((key) => !before.includes(key)),
		};
	};
	const rows = async (workflowId: string): Promise<Row[]> =>
		await query<Row & Record<string, unknown>>(
			instance.n8n,
			'SELECT id, status FROM execution_entity WHERE "workflowId" = ? ORDER BY id',
			workflowId,
		);
	/**
	 * Waits for the executions with its alerts to end, and stops it, so that it takes no alerts of
	 * other tests. Returns those that did not succeed.
	 */
	const failed = async ({ id, keys }: Collector): Promise<Row[]> => {
		const all = await until(
			'its executions have ended',
			async () => {
				const found = await rows(id);
				if (
					!found.every(({ status }) => ['success', 'error', 'crashed', 'canceled'].includes(status))
				)
					return false;
				const written = (await executionsAfter(instance.n8n)).filter(
					(execution) =>
						execution.status !== 'running' && found.some((row) => Number(row.id) === execution.id),
				);
				const emitted = new Set(
					written.flatMap(({ items }) => items.map(({ dedupKey }) => dedupKey)),
				);
				return keys.every((key) => emitted.has(key)) && found;
			},
			{ limitMs: LIMIT_MS, everyMs: 1000, seen: async () => await rows(id) },
		);
		await instance.rest.deactivate(id);
		return failedOf(all);
	};
	const errorOf = async (id: number): Promise<string | null | undefined> =>
		await until(
			'n8n has written the execution',
			async () =>
				(await executionsAfter(instance.n8n, Number(id) - 1)).find(
					(execution) => execution.id === Number(id) && execution.status !== 'running',
				)?.error,
		);
	/** The user chooses "Retry with currently saved workflow" for what failed. */
	const retry = async (failed: readonly Row[]): Promise<string[]> => {
		const statuses: string[] = [];
		for (const { id } of failed)
			statuses.push(
				(
					await instance.rest.request<{ status: string }>('POST', `/executions/${id}/retry`, {
						loadWorkflow: true,
					})
				).status,
			);
		return statuses;
	};
	const failedOf = (all: readonly Row[]): Row[] => all.filter(({ status }) => status !== 'success');
	const arrived = (receiver: Receiver, keys: readonly string[]): string[] =>
		receiver.kept.keys.filter((key) => keys.includes(key)).sort();

	test.each(Object.keys(WRONG))(
		'what the target of %s refuses for good fails the execution at once, and a retry sends it',
		async (name) => {
			const receiver = await receive(name);
			const workflow = await make(name, receiver);
			const [type, right] = Object.entries(
				SET_UPS[name]!.credentials!(receiver.url, receiver.port),
			)[0]!;
			const { id, name: label } = (workflow.nodes as unknown as Node[]).flatMap(
				({ credentials }) => credentials?.[type] ?? [],
			)[0]!;
			await instance.rest.updateCredential(id, {
				name: label,
				type,
				data: { ...right, ...WRONG[name] },
			});
			const collector = await collect(workflow);
			const refused = await failed(collector);
			expect(refused).not.toEqual([]);
			for (const execution of refused)
				expect(await errorOf(execution.id)).toMatch(
					/did not take cynet:1001:\d+.* It said: .*Retry/,
				);
			expect(arrived(receiver, collector.keys)).toEqual([]);
			// Without a change it fails again, and has lost nothing by it.
			expect(await retry(refused)).toEqual(refused.map(() => 'error'));

			await instance.rest.updateCredential(id, { name: label, type, data: right });
			const again = failedOf(await rows(collector.id)).slice(-refused.length);
			expect(await retry(again)).toEqual(again.map(() => 'success'));
			expect(arrived(receiver, collector.keys)).toEqual([...collector.keys].sort());
		},
	);

	test('a recipient whom the mail server does not know fails the execution, and a retry with the recipient mended sends the mail', async () => {
		const receiver = await receive('email-digest');
		const workflow = await make('email-digest', receiver, { 'soc@example.com': UNKNOWN_RECIPIENT });
		const collector = await collect(workflow);
		const refused = await failed(collector);
		expect(await errorOf(refused[0]!.id)).toMatch(
			/The mail server did not take cynet:.*550 5\.1\.1 no such user/,
		);
		const { versionId } = await instance.rest.request<{ versionId: string }>(
			'GET',
			`/workflows/${collector.id}`,
		);
		await instance.rest.request('PATCH', `/workflows/${collector.id}`, {
			...(JSON.parse(
				JSON.stringify(workflow).replaceAll(UNKNOWN_RECIPIENT, 'soc@example.com'),
			) as Workflow),
			versionId,
		});
		expect(await retry(refused)).toEqual(refused.map(() => 'success'));
		expect(arrived(receiver, collector.keys)).toEqual([...collector.keys].sort());
	});

	test.each([
		'elasticsearch',
		'google-secops',
		'jira',
		'jira-lifecycle',
		'line',
		'microsoft-teams',
		'misp',
		'opencti',
		'servicenow',
		'servicenow-lifecycle',
		'slack-triage',
		'splunk-hec',
		'telegram',
	])(
		'a web page with status 200 is not taken for success by %s, and a retry sends each alert once',
		async (name) => {
			const receiver = await receive(name);
			receiver.portal = true;
			const collector = await collect(await make(name, receiver));
			const refused = await failed(collector);
			expect(refused).not.toEqual([]);
			expect(arrived(receiver, collector.keys)).toEqual([]);
			receiver.portal = false;
			expect(await retry(refused)).toEqual(refused.map(() => 'success'));
			expect(arrived(receiver, collector.keys)).toEqual([...collector.keys].sort());
		},
	);

	/** n8n 1's own Jira node stops at the first issue that is refused, and tells nothing of the others. */
	const stops = version.startsWith('1.') ? ['jira'] : [];

	test.each(stops)(
		'an alert that the target of %s does not like is named with all others, and none is sent twice once it is gone',
		async (name) => {
			const receiver = await receive(name);
			receiver.dislikes = 'UNLIKED';
			const collector = await collect(await make(name, receiver), 'UNLIKED');
			const refused = await failed(collector);
			expect(await errorOf(refused.at(-1)!.id)).toMatch(
				new RegExp(`did not take .*${collector.keys.at(-1)!}\\. `),
			);
			receiver.dislikes = '';
			expect(await retry(refused)).toEqual(refused.map(() => 'success'));
			expect(arrived(receiver, collector.keys)).toEqual([...collector.keys].sort());
		},
	);

	test.each(
		[
			...['elasticsearch', 'google-secops', 'jira', 'jira-lifecycle', 'line', 'misp', 'opencti'],
			...['slack-triage', 'splunk-hec', 'telegram'],
		].filter((name) => !stops.includes(name)),
	)(
		'one alert that the target of %s does not like holds up none of the others, and is named',
		async (name) => {
			const receiver = await receive(name);
			receiver.dislikes = 'UNLIKED';
			const collector = await collect(await make(name, receiver), 'UNLIKED');
			const refused = await failed(collector);
			const disliked = collector.keys.at(-1)!;
			expect(refused).toHaveLength(1);
			expect(await errorOf(refused[0]!.id)).toMatch(new RegExp(`did not take ${disliked}\\. `));
			expect(arrived(receiver, collector.keys)).toEqual(
				collector.keys.filter((key) => key !== disliked).sort(),
			);
		},
	);

	test.each([
		'dfir-iris',
		'fluent-bit',
		'google-secops',
		'jira',
		'jira-lifecycle',
		'line',
		'microsoft-teams',
		'misp',
		'opencti',
		'pagerduty',
		'sentinel',
		'servicenow',
		'servicenow-lifecycle',
		'slack-triage',
		'splunk-hec',
		'telegram',
		'thehive',
	])(
		'an alert of megabytes reaches the target of %s cut, and holds up none of the others',
		async (name) => {
			const receiver = await receive(name);
			const collector = await collect(await make(name, receiver), `WS-1 ${'日😀'.repeat(300_000)}`);
			expect(await failed(collector)).toEqual([]);
			expect(arrived(receiver, collector.keys)).toEqual([...collector.keys].sort());
			expect(receiver.complaints).toEqual([]);
		},
	);
});
