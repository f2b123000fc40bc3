import type { Execution } from '../../host/executions.mts';
import { query } from '../../host/database.mts';
import { CONCURRENCY } from '../../host/n8n.mts';
import { until } from '../../host/wait.mts';
import { VERSIONS } from '../e2e/instance.mts';
import { Cluster, SITES } from './cluster.mts';
import { Emitted } from './emitted.mts';
import { balanceOf, type Outcome } from './outcome.mts';

const VERSION = VERSIONS[0]!;
/** Of starts, kills and the way of ten thousand alerts on a busy machine. */
export const TIME_LIMIT_MS = 3_600_000;

const BURST = 125;
const ARRIVAL_LIMIT_MS = 900_000;

/**
 * Ten thousand alerts in four bursts over twenty sites: undisturbed, with a worker killed in the
 * middle of executions, with Redis
 * restarted, and with the main killed.
 */
export async function liveThroughKills(
	name: string,
	settings: { durable: boolean; more?: Record<string, string> },
): Promise<Outcome> {
	const cluster = await Cluster.make(name, VERSION, settings);
	const { main, workers, simulator, redis, rest, hold } = cluster;
	const emitted = new Emitted(main);
	const say = (text: string): void => console.log(`${name}: ${text}`);
	let [raised, expiries] = [0, 0];
	const expire = (): void => {
		simulator.expireTokens();
		expiries++;
	};
	const burst = (): void => {
		expire();
		for (const site of SITES) raised += simulator.raise(BURST, { site }).length;
	};
	const count = async (): Promise<number> => {
		await emitted.look();
		return emitted.allKeys().length;
	};
	const arrived = async (): Promise<number> => {
		await emitted.look();
		return new Set(emitted.allKeys()).size;
	};
	const unfinished = async (): Promise<number> =>
		Number(
			(
				await query<{ count: number }>(
					main,
					`SELECT count(*) AS count FROM execution_entity WHERE status IN ('new', 'running')`,
				)
			)[0]?.count ?? 0,
		);
	const drained = async (): Promise<void> =>
		void (await until(
			'every execution has ended',
			async () => (await count()) >= 0 && (await unfinished()) === 0,
			{ limitMs: ARRIVAL_LIMIT_MS, everyMs: 500, seen: unfinished },
		));
	const emittedUpTo = async (alerts: number): Promise<void> =>
		void (await until(`${alerts} alerts in the database`, async () => (await count()) >= alerts, {
			limitMs: ARRIVAL_LIMIT_MS,
			everyMs: 500,
			seen: count,
		}));
	try {
		await cluster.publish();
		const start = performance.now();
		burst();
		await until('workers deliver', () => simulator.ledger.report().delivered > 0, {
			limitMs: ARRIVAL_LIMIT_MS,
		});
		// Now that every process is at work with the token.
		expire();
		await emittedUpTo(raised);
		await drained();
		const calmSeconds = (performance.now() - start) / 1000;
		const alertsPerSecond = raised / calmSeconds;
		say(`${raised} alerts undisturbed in ${calmSeconds.toFixed(1)} s`);

		hold.begin();
		burst();
		const victim = workers[0]!;
		// With its hands full it is not just taking another one, of which its log does not tell yet.
		await until(
			'a worker is in the middle of as many executions as it takes',
			async () => (await cluster.inHand(victim)).length === CONCURRENCY,
			{ limitMs: ARRIVAL_LIMIT_MS, everyMs: 500, seen: async () => await cluster.inHand(victim) },
		);
		const inHandIds = await cluster.inHand(victim);
		await victim.kill();
		await emitted.look();
		const inHand = inHandIds.flatMap((id) => emitted.keysOf(id)).length;
		say(`a worker was killed with ${inHandIds.length} executions in hand`);
		await victim.startAgain();
		hold.end();
		await drained();

		burst();
		await emittedUpTo(raised - (SITES.length * BURST) / 2);
		await redis.restart();
		say('Redis was restarted');
		await emittedUpTo(raised);
		await drained();
		burst();
		await emittedUpTo(raised - (SITES.length * BURST) / 2);
		await main.kill();
		await main.startAgain();
		say('main was killed and started again');
		const restart = performance.now();
		await caughtUp(cluster, arrived, raised);
		await drained();
		const drainSeconds = (performance.now() - restart) / 1000;

		const executions = await emitted.all();
		const cut = executions.filter(({ mode, status }) => mode === 'trigger' && status !== 'success');
		const again = async (id: string): Promise<string> => {
			// In queue mode n8n sometimes answers never, though a worker has long finished it.
			void rest.retryExecution(id).catch(() => undefined);
			const outcome = `SELECT status FROM execution_entity WHERE "retryOf" = '${id}' AND status NOT IN ('new', 'running')`;
			return await until(
				`execution ${id} has run again`,
				async () => (await query<{ status: string }>(main, outcome))[0]?.status,
				{ limitMs: ARRIVAL_LIMIT_MS },
			);
		};
		const restored = await runAgain(cut, again);
		await until('what was run again has ended', async () => (await unfinished()) === 0, {
			limitMs: ARRIVAL_LIMIT_MS,
		});
		const totalSeconds = (performance.now() - start) / 1000;

		const outcome: Outcome = {
			...(await balanceOf(cluster, emitted, executions, cut)),
			inHand,
			restored,
			expiries,
			alertsPerSecond,
			drainSeconds,
			totalSeconds,
		};
		say(JSON.stringify(outcome));
		return outcome;
	} finally {
		await cluster.close();
	}
}

/** What has not come for so long never comes: a poll of a busy machine takes half a minute. */
const SILENCE_MS = 240_000;

/** Waits until all alerts have come, or no new one for long; and for some more polls, in which one may come twice. */
async function caughtUp(
	{ simulator }: Cluster,
	arrived: () => Promise<number>,
	raised: number,
): Promise<void> {
	let [most, at] = [-1, performance.now()];
	await until(
		'all alerts have come, or no new one for long',
		async () => {
			const now = await arrived();
			if (now > most) [most, at] = [now, performance.now()];
			return now >= raised || performance.now() - at > SILENCE_MS;
		},
		{ limitMs: ARRIVAL_LIMIT_MS, everyMs: 500, seen: () => most },
	);
	const polls = (): number => simulator.ledger.report().requests;
	const asked = polls();
	await until('polls go on', () => polls() > asked + 5 * SITES.length, {
		limitMs: ARRIVAL_LIMIT_MS,
		seen: polls,
	});
}

/** Runs the executions again that still have their items, one after the other; how many alerts that were. */
async function runAgain(
	cut: readonly Execution[],
	again: (id: string) => Promise<string>,
): Promise<number> {
	let alerts = 0;
	for (const { id, items } of cut) {
		if (items.length === 0) continue;
		if ((await again(String(id))) === 'success') alerts += items.length;
	}
	return alerts;
}
