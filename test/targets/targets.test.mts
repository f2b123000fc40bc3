import { setTimeout as wait } from 'node:timers/promises';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../host/database.mts';
import { HOSTS } from '../../host/paths.mts';
import { readTemplate } from '../../host/templates.mts';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from '../e2e/instance.mts';
import { pollTimes } from '../e2e/ledger-workflow.mts';
import { expectNoSecrets } from '../e2e/secrets.mts';
import { makeCertificate, startInternet, type Internet } from './receivers/internet.mts';
import { startMailServer } from './receivers/mail.mts';
import { startReceiver, type Receiver } from './receivers/receiver.mts';
import { writeReport, type Line } from './report.mts';
import { SET_UPS } from './set-ups.mts';
import { publishRetries, setUp } from './user.mts';

/**
 * `TARGETS=jira,thehive` for some of them, without the table; TARGET_ALERTS, BURSTS, SETTLED_MS and
 * DRAIN_MS for more or less.
 */
const ALERTS = Number(process.env.TARGET_ALERTS ?? 60);
const NAMES = process.env.TARGETS
	? process.env.TARGETS.split(',')
	: // They lead to the receiver of slack-triage, too.
		Object.keys(SET_UPS).filter((name) => !['ai-triage', 'alerts-to-slack'].includes(name));
const VERSION = VERSIONS[0]!;
/** What one thread of n8n can do meanwhile: it makes a V8 isolate for each credential of each request. */
const AT_ONCE = 10;
const GROUPS = Array.from({ length: Math.ceil(NAMES.length / AT_ONCE) }, (_, group) => ({
	group,
	names: NAMES.slice(group * AT_ONCE, (group + 1) * AT_ONCE),
}));

const POLL_SECONDS = 10;
const BURSTS = Number(process.env.BURSTS ?? 10);
const BURST_PAUSE_MS = 8000;
/** Two polls. */
const AWAY_MS = 2 * POLL_SECONDS * 1000;
/** Retries with growing pauses, on a busy machine. */
const DRAIN_MS = Number(process.env.DRAIN_MS ?? 900_000);
/** After the last burst, the kill, and what is run again after it. */
const SETTLED_MS = Number(process.env.SETTLED_MS ?? 150_000);
const SITES = ['1001', '1002'];
/** The vendor's codes for Ignored and Closed. */
const CLOSED = [2, 3];

const table: Line[] = [];
const executionsBy = new Map<string, number>();
const unfinishedBy = new Map<string, number>();
const seconds: number[] = [];
const counted = (counts: ReadonlyMap<string, number>): string =>
	[...counts].map(([what, count]) => `${count} ${what}`).join(', ') || 'none';
const add = (counts: Map<string, number>, what: string, count: unknown): void =>
	void counts.set(what, (counts.get(what) ?? 0) + Number(count));

afterAll(async () => {
	if (process.env.TARGETS || table.length < NAMES.length) return;
	await writeReport(
		table.sort((one, other) => one.template.localeCompare(other.template)),
		{
			n8n: `${VERSION}, at most ${AT_ONCE} templates in it at a time`,
			'Alerts of the first site': String(ALERTS),
			'Executions by status and mode': counted(executionsBy),
			'Unfinished executions at the kills': counted(unfinishedBy),
			'Time from the first alert to the last': seconds.map((count) => `${count} s`).join(', '),
		},
	);
});

describe.each(GROUPS)(`The templates in n8n ${VERSION}: $names`, ({ group, names }) => {
	let instance: Instance;
	let internet: Internet;
	const targets = new Map<string, Receiver[]>();

	beforeAll(async () => {
		const folder = join(HOSTS, 'targets-all');
		await mkdir(folder, { recursive: true });
		const hosts = Object.values(SET_UPS).flatMap(({ host }) => host ?? []);
		const certificate = await makeCertificate(folder, hosts);
		internet = await startInternet(certificate);
		instance = await Instance.make(`targets-${group}`, VERSION, {
			more: { ...internet.environment, N8N_LOG_LEVEL: 'info' },
		});
		instance.simulator.settings.sites = SITES;
		for (const name of names) {
			const { contracts, host } = SET_UPS[name]!;
			const receivers =
				contracts.length === 0
					? [await startMailServer()]
					: await Promise.all(
							contracts.map(
								async (contract) => await startReceiver(contract, host ? { tls: certificate } : {}),
							),
						);
			for (const receiver of host ? receivers : []) internet.lead(host!, receiver.port);
			targets.set(name, receivers);
		}
	});
	afterAll(async () => {
		await instance?.close();
		for (const receiver of [...targets.values()].flat()) await receiver.close();
		await internet?.close();
	});

	const unfinished = async (): Promise<Array<{ status: string; count: number }>> =>
		await query(
			instance.n8n,
			"SELECT status, count(*) AS count FROM execution_entity WHERE status IN ('new', 'running', 'waiting') GROUP BY status",
		);

	let retries = '';
	/** Failed executions that were not run again, or failed again. A look that was killed is none. */
	const failing = async (): Promise<number> =>
		Number(
			(
				await query<{ count: number }>(
					instance.n8n,
					'SELECT count(*) AS count FROM execution_entity e WHERE status IN (\'error\', \'crashed\') AND NOT EXISTS (SELECT 1 FROM execution_entity r WHERE r."retryOf" = CAST(e.id AS TEXT)) AND e."workflowId" <> ?',
					retries,
				)
			)[0]?.count,
		);

	/** Raised as closed or ignored: no ticket that lives is opened for it. */
	const closed = new Set<string>();
	/** Keys that a target must have, in the end. Only the MSSP's workflow polls the second site. */
	const expectedOf = (name: string): string[] =>
		instance.simulator.ledger
			.expectedKeys()
			.filter((key) => name === 'mssp-by-site' || key.startsWith(`cynet:${SITES[0]}:`))
			.filter((key) => !SET_UPS[name]!.lives || !closed.has(key));
	const keysAt = (name: string): string[] =>
		(targets.get(name) ?? []).flatMap(({ kept }) => kept.keys);
	const missingAt = (name: string): string[] => {
		const there = new Set(keysAt(name));
		return expectedOf(name).filter((key) => !there.has(key));
	};

	test('lose no alert at any target, and repeat none where the target can tell', async () => {
		const { rest, simulator, n8n } = instance;
		const cynet = { id: await rest.createCredential(instance.credential()), name: 'Cynet' };
		retries = await publishRetries(instance);
		for (const [index, name] of names.entries()) {
			const workflow = await setUp(
				rest,
				name,
				SET_UPS[name]!,
				targets.get(name)!,
				cynet,
				pollTimes(POLL_SECONDS, index % POLL_SECONDS),
			);
			expect([name, await rest.activate(await rest.createWorkflow(workflow))]).toMatchObject([
				name,
				{ status: 'published' },
			]);
		}

		const receivers = [...targets.values()].flat();
		for (const receiver of receivers) receiver.failEvery = 10;
		const start = Date.now();
		let killed = '';
		const outages: Array<Promise<void>> = [];
		for (let burst = 0; burst < BURSTS; burst++) {
			for (const [index, site] of SITES.entries())
				for (const { ClientDbId, Status } of simulator.raise(
					share(index === 0 ? ALERTS : ALERTS / 4, burst),
					{ site },
				))
					if (CLOSED.includes(Status)) closed.add(`cynet:${site}:${ClientDbId}`);
			// Each target is away once for two polls, some at a time.
			for (const receiver of receivers.filter((_, index) => index % (BURSTS - 3) === burst))
				outages.push(outage(receiver));
			await wait(BURST_PAUSE_MS);
			if (burst === Math.floor(BURSTS / 2)) {
				killed = JSON.stringify(await unfinished());
				await n8n.kill();
				await n8n.startAgain();
			}
		}
		await Promise.all(outages);
		const leftOver = async (): Promise<unknown> => ({
			missing: Object.fromEntries(
				names
					.map((name) => [name, missingAt(name)] as const)
					.filter(([, missing]) => missing.length > 0),
			),
			unfinished: await unfinished(),
			failing: await failing(),
		});
		// What comes twice may come late: crashed executions are run again after the start. What never
		// comes is counted below.
		await until(
			'every target has every alert, and nothing is on its way any more',
			async () =>
				Date.now() - start > SETTLED_MS &&
				names.every((name) => missingAt(name).length === 0) &&
				(await unfinished()).length === 0 &&
				(await failing()) === 0,
			{
				limitMs: DRAIN_MS,
				everyMs: 1000,
				seen: leftOver,
			},
		).catch((error: unknown) => console.error(String(error)));

		const sizes = new Map(
			await Promise.all(
				names.map(async (name) => [name, (await readTemplate(name)).nodes.length - 1] as const),
			),
		);
		const lines = names.map((name): Line => {
			const keys = keysAt(name);
			return {
				target: targets
					.get(name)!
					.map(({ contract }) => contract.target)
					.join(', '),
				template: name,
				nodes: sizes.get(name)!,
				idempotency: SET_UPS[name]!.idempotency,
				alerts: expectedOf(name).length,
				delivered: new Set(keys).size,
				missing: missingAt(name).length,
				repeats: keys.length - new Set(keys).size,
				answers: targets
					.get(name)!
					.reduce<Record<number, number>>((sum, { answers }) => ({ ...sum, ...answers }), {}),
			};
		});
		console.log(JSON.stringify(lines, null, 1));
		const statuses = await query(
			n8n,
			'SELECT status, mode, count(*) AS count FROM execution_entity GROUP BY status, mode',
		);
		console.log(JSON.stringify(statuses), killed, `${Math.round((Date.now() - start) / 1000)} s`);
		table.push(...lines);
		for (const { status, mode, count } of statuses as Array<Record<string, unknown>>)
			add(executionsBy, `${String(status)} (${String(mode)})`, count);
		for (const { status, count } of JSON.parse(killed) as Array<Record<string, unknown>>)
			add(unfinishedBy, String(status), count);
		seconds.push(Math.round((Date.now() - start) / 1000));
		for (const name of names) {
			expect([
				name,
				targets
					.get(name)!
					.flatMap(({ complaints }) =>
						complaints.filter((complaint) => !/already exists/.test(complaint)),
					),
			]).toEqual([name, []]);
		}
		expect(lines.filter(({ missing }) => missing > 0)).toEqual([]);
		expect(
			names
				.filter((name) => SET_UPS[name]!.lives)
				.flatMap((name) => keysAt(name).filter((key) => closed.has(key))),
		).toEqual([]);
		expect(lines.filter(({ repeats, idempotency }) => repeats > 0 && idempotency !== null)).toEqual(
			[],
		);
	}, 2_400_000);

	test('leave no secret of a target in an execution or the log', async () => {
		await expectNoSecrets(instance, {
			'the secret of Autotask': 'autotask-secret',
			'the private key of ConnectWise': 'cw-private',
			'the secret of HaloPSA': 'halo-secret',
			'the token of HaloPSA': 'halo-token',
			'the key of DFIR-IRIS': 'iris-key',
			'the password of Elasticsearch': 'elastic-password',
			'the token of Jira': 'jira-token',
			'the key of PagerDuty': 'pagerduty-routing-key',
			'the password of ServiceNow': 'snow-password',
			'the token of Slack': 'xoxb-of-the-receiver',
			'the token of Splunk': 'hec-token',
			'the key of TheHive': 'hive-key',
			'the token of Azure': 'azure-token-of-the-receiver',
			'the secret of Azure': 'app-secret',
			'the password of the mail server': 'mail-password',
			'the password of Logstash': 'logstash-password',
			'the token of Telegram': 'telegram-token',
			'the token of LINE': 'line-token',
			'the key of MISP': 'misp-key',
			'the key of OpenCTI': 'opencti-key',
			'the token of Google': 'google-token-of-the-receiver',
			'the key of Google': 'BEGIN PRIVATE KEY',
		});
	});

	/** Alerts of a burst: uneven ones, which add up. */
	function share(alerts: number, burst: number): number {
		const weights = Array.from({ length: BURSTS }, (_, index) => 1 + ((index * 7) % 5));
		const upTo = (end: number): number =>
			Math.round(
				(alerts * weights.slice(0, end).reduce((sum, weight) => sum + weight, 0)) /
					weights.reduce((sum, weight) => sum + weight, 0),
			);
		return upTo(burst + 1) - upTo(burst);
	}

	async function outage(receiver: Receiver): Promise<void> {
		receiver.away = true;
		await wait(AWAY_MS);
		receiver.away = false;
	}
});
