import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../host/wait.mts';
import type { Key } from './contestants.mts';
import type { Entrant, Ground } from './ground.mts';
import { storyOf, type Story } from './story.mts';

const MINUTE = 60_000;
/** Every minute, one after the other. */
const SECONDS = { hand: 5, bare: 25, ours: 45 } satisfies Partial<Record<Key, number>>;
type Counted = keyof typeof SECONDS;
/** What has not come by then does not come. */
const POLLS_AFTER_THE_END = 3;

export interface Loss {
	readonly lost: number;
	/** Copies beyond the first. */
	readonly twice: number;
	/** Of the lost ones, how many of each kind; see {@link Story}. */
	readonly lostOf: Readonly<Record<string, number>>;
	/** Executions that failed. */
	readonly failed: number;
}

export interface Losses {
	readonly raised: number;
	readonly raisedOf: Readonly<Record<string, number>>;
	readonly story: Story;
	readonly by: Readonly<Record<Counted, Loss>>;
}

/** Lets the same things happen to all contestants for so many minutes, and counts what their workflows emitted. */
export async function countLosses(
	ground: Ground,
	minutes: number,
	say: (line: string) => void,
): Promise<Losses> {
	const story = storyOf(minutes);
	const entrants = await ground.enter(Object.keys(SECONDS) as Counted[], (key) => ({
		crons: [`${SECONDS[key as Counted]} * * * * *`],
		pageSize: 100,
		overlapMinutes: story.overlapMinutes,
		maxAlerts: 1000,
		withLedger: true,
	}));
	try {
		/** By the key of an alert, of what kind it was. They are the same at every server. */
		const kinds = new Map<string, string>();
		/** What takes its time while the alerts go on. */
		const underWay: Array<Promise<void>> = [];
		const start = Date.now();
		for (const { atMs, what, kind, count = 0, lateMs = 0, act } of story.events) {
			await wait(Math.max(0, start + atMs - Date.now()));
			if (what) say(`  minute ${(atMs / MINUTE).toFixed(1)}: ${what}`);
			if (act === 'restart') underWay.push(restart(ground, entrants));
			// n8n gives a trigger up for good whose first poll throws: a restart during an outage is another story.
			if (act === 'outage') await Promise.all(underWay);
			for (const { simulator } of entrants) {
				if (act === 'outage')
					simulator.faults.add({ kind: 'status', status: 503, times: 'forever' });
				if (act === 'recovery') simulator.faults.clear();
				if (act === 'expiry') simulator.expireTokens();
				if (count > 0) simulator.fill(count, { visibleAt: Date.now() + lateMs });
			}
			if (kind)
				for (const key of entrants[0]!.simulator.ledger.expectedKeys().slice(kinds.size))
					kinds.set(key, kind);
		}
		await Promise.all(underWay);
		say(
			`  minute ${((Date.now() - start) / MINUTE).toFixed(1)}: no more alerts; waiting for the last ones`,
		);
		await settle(entrants);
		const by = Object.fromEntries(
			await Promise.all(
				entrants.map(
					async (entrant) =>
						[
							entrant.contestant.key,
							{ ...lossOf(entrant, kinds), failed: await ground.failed(entrant.workflowId) },
						] as const,
				),
			),
		) as Losses['by'];
		return { raised: kinds.size, raisedOf: countOf([...kinds.values()]), story, by };
	} finally {
		await ground.leave(entrants);
	}
}

/** Returns once everyone polls again. */
async function restart({ n8n }: Ground, entrants: readonly Entrant[]): Promise<void> {
	await n8n.stop();
	const asked = entrants.map(({ simulator }) => simulator.ledger.requests.length);
	await n8n.start();
	await until(
		'all poll again',
		() =>
			entrants.every(({ simulator }, index) => simulator.ledger.requests.length > asked[index]!),
		{ limitMs: 5 * MINUTE },
	);
}

/** Waits until everything is visible and until, after that, nobody has brought anything new for some polls. */
async function settle(entrants: readonly Entrant[]): Promise<void> {
	const delivered = (): number =>
		entrants.reduce((sum, { simulator }) => sum + simulator.ledger.report().delivered, 0);
	await until(
		'all alerts are visible',
		() =>
			entrants.every(
				({ simulator }) => simulator.ledger.report().visible === simulator.ledger.report().raised,
			),
		{
			limitMs: 60 * MINUTE,
			everyMs: 1000,
		},
	);
	for (
		let before = delivered(), since = Date.now();
		Date.now() - since < POLLS_AFTER_THE_END * MINUTE;

	) {
		await wait(1000);
		if (delivered() === before) continue;
		before = delivered();
		since = Date.now();
	}
}

function lossOf(
	{ simulator: { ledger } }: Entrant,
	kinds: ReadonlyMap<string, string>,
): Omit<Loss, 'failed'> {
	const { lost, twice, unknown } = ledger.report();
	if (unknown > 0)
		throw new Error(
			`${unknown} alerts were emitted that were never raised: the count is worth nothing`,
		);
	return {
		lost,
		twice,
		lostOf: countOf([...kinds].flatMap(([key, kind]) => (ledger.has(key) ? [] : [kind]))),
	};
}

function countOf(names: readonly string[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
	return counts;
}
