import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SitePoll, type FeedSettings } from '../../nodes/shared/feed/site-poll.ts';
import { freshState, unpackState } from '../../nodes/shared/feed/state.ts';
import { HOUR, MINUTE, SITE } from './collector.mts';
import { RefusingServer, healthy, type Faults, type Limits } from './refusing-server.mts';
import type { Row, ServerTraits } from './server.mts';

const START = Date.UTC(2026, 4, 9, 12, 0, 0, 250);
const RUNS = Number(process.env.FEED_RUNS ?? 150);
const TIMEOUT = 120_000 + RUNS * 400;
const DAY = 24 * HOUR;
const SWEEP = 24 * HOUR;

/** Polls a site as the trigger does, in n8n's durable way, and notes when each alert came. */
class Watcher {
	readonly emitted = new Map<string, number[]>();
	readonly warnings = new Set<string>();
	mostRequests = 0;
	private packed: string | undefined;

	constructor(
		readonly server: RefusingServer,
		private readonly settings: Partial<FeedSettings>,
		private readonly skew: number,
	) {}

	/** @param pages after which the time is up */
	poll(pages = Infinity): void {
		const { server } = this;
		const found = unpackState(this.packed, SITE);
		if (found.kind !== 'ok' && found.kind !== 'none') throw new Error(`The state is ${found.kind}`);
		const poll = new SitePoll(SITE, found.kind === 'ok' ? found.state : freshState(), {
			now: server.now + this.skew,
			activeFor: server.now - START,
			lookback: DAY,
			overlap: 10 * MINUTE,
			sweep: SWEEP,
			maxAlerts: 1000,
			events: ['created', 'updated'],
			wanted: () => true,
			pageSize: 100,
			...this.settings,
		});
		let requests = 0;
		for (let query = poll.next(); query !== null && requests < pages; query = poll.next()) {
			server.now += 200;
			const answer = server.serve(query);
			if ('rows' in answer) poll.take(query, answer);
			else poll.fail(query, answer);
			if (++requests > 5000) throw new Error('The poll does not end');
		}
		this.mostRequests = Math.max(this.mostRequests, requests);
		for (const text of poll.warnings) this.warnings.add(text);
		if (poll.isFresh) return;
		for (const { dedupKey, event } of poll.alerts)
			if (event === 'created')
				this.emitted.set(dedupKey, [...(this.emitted.get(dedupKey) ?? []), server.now]);
		this.packed = poll.pack();
	}

	pollFor(minutes: number): void {
		for (let minute = 0; minute < minutes; minute++) {
			this.server.now += MINUTE;
			this.poll();
		}
	}

	times({ id }: Row): readonly number[] {
		return this.emitted.get(`cynet:${SITE.clientId}:${id}`) ?? [];
	}
}

const traits: fc.Arbitrary<ServerTraits> = fc.record({
	order: fc.constantFrom('ascending', 'ascending', 'descending', 'byId', 'byDateChanged'),
	boundary: fc.constantFrom('inclusive', 'exclusive'),
	precision: fc.constantFrom('s', 'ms'),
	cap: fc.constantFrom(0, 0, 10, 25, 50),
	ignoresOffset: fc.constantFrom(false, false, false, true),
	textIds: fc.constantFrom(false, false, true),
	clock: fc.constant('SyncTimeUtc'),
});

const limits: fc.Arbitrary<Limits> = fc.record({
	offsetEnds: fc.constantFrom(0, 0, 150, 400),
	behind: fc.constantFrom('refused', 'empty'),
	poisonIs: fc.constantFrom('refused', 'timedOut'),
});

const lateBy = fc.oneof(
	{ weight: 3, arbitrary: fc.constant(0) },
	{ weight: 1, arbitrary: fc.constantFrom(30_000, 5 * MINUTE, 9 * MINUTE) },
	{ weight: 1, arbitrary: fc.integer({ min: 10 * MINUTE, max: SWEEP }) },
);
const raise = fc.record({
	kind: fc.constant('raise' as const),
	count: fc.constantFrom(1, 1, 2, 5, 40, 130),
	lateBy,
	spacing: fc.constantFrom(0, 100, 2000),
});
const poison = fc.record({
	kind: fc.constant('poison' as const),
	which: fc.nat(),
	count: fc.constantFrom(1, 1, 2, 3, 5),
});
const pollFor = fc.record({
	kind: fc.constant('poll' as const),
	minutes: fc.constantFrom(1, 1, 2, 10, 65),
});
const cutPoll = fc.record({
	kind: fc.constant('cut' as const),
	pages: fc.integer({ min: 1, max: 4 }),
});
const pause = fc.record({
	kind: fc.constant('pause' as const),
	ms: fc.oneof(fc.integer({ min: MINUTE, max: HOUR }), fc.integer({ min: HOUR, max: 3 * DAY })),
});

/** Faults that end, in which nothing may be lost. */
const passing: fc.Arbitrary<Partial<Faults>> = fc.oneof(
	fc.record({
		wide: fc.constantFrom(HOUR, 2 * HOUR, 5 * HOUR),
		wideIs: fc.constantFrom('refused' as const, 'timedOut' as const),
	}),
	fc.record({ lies: fc.constantFrom(10, 50, 100) }),
	fc.record({ breaks: fc.constantFrom(5, 15, 100) }),
	fc.record({ clocks: fc.constantFrom(10, 50, 100) }),
	fc.record({ slow: fc.constantFrom(2, 7, 40) }),
	fc.record({ noChanges: fc.constant(true) }),
	fc.constant({}),
);
const fault = fc.record({ kind: fc.constant('fault' as const), faults: passing });

interface World {
	readonly traits: ServerTraits;
	readonly limits: Limits;
	readonly pageSize: number;
	readonly skew: number;
	readonly seed: number;
	readonly young: number;
}
const world: fc.Arbitrary<World> = fc.record({
	traits,
	limits,
	pageSize: fc.constantFrom(20, 100),
	skew: fc.constantFrom(0, 0, 90_000, 3 * HOUR, -3 * HOUR),
	seed: fc.nat(),
	young: fc.nat({ max: 300 }),
});

type Step =
	| { kind: 'raise'; count: number; lateBy: number; spacing: number }
	| { kind: 'poison'; which: number; count: number }
	| { kind: 'poll'; minutes: number }
	| { kind: 'cut'; pages: number }
	| { kind: 'pause'; ms: number }
	| { kind: 'fault'; faults: Partial<Faults> };

function watch({ traits: made, limits: of, pageSize, skew, seed, young }: World): {
	server: RefusingServer;
	watcher: Watcher;
} {
	const server = new RefusingServer(
		{ ...made, cap: pageSize < 100 ? Math.min(made.cap, 10) : made.cap },
		START,
		of,
		seed,
	);
	for (let i = 0; i < young; i++) server.raise(0, START - 20 * HOUR + i * MINUTE);
	return { server, watcher: new Watcher(server, { pageSize }, skew) };
}

function play(step: Step, server: RefusingServer, watcher: Watcher): void {
	if (step.kind === 'raise') {
		for (let i = 0; i < step.count; i++) {
			server.raise(step.lateBy);
			server.now += step.spacing;
		}
	} else if (step.kind === 'poison') {
		if (!server.reachesEachRow) return;
		for (let i = 0; i < step.count; i++) {
			const row = server.rows[(step.which % Math.max(1, server.rows.length)) + i];
			if (row) server.poison.add(row);
		}
	} else if (step.kind === 'poll') watcher.pollFor(step.minutes);
	else if (step.kind === 'cut') watcher.poll(step.pages);
	else if (step.kind === 'pause') server.now += step.ms;
	else server.faults = { ...healthy(), ...step.faults };
}

/** What was promised and not kept. */
function broken(server: RefusingServer, watcher: Watcher): string[] {
	const complaints: string[] = [];
	for (const row of server.rows) {
		const { length } = watcher.times(row);
		if (length > 1) complaints.push(`${row.id} came ${length} times`);
		if (length === 0 && !server.poison.has(row))
			complaints.push(
				`${row.id} of ${new Date(row.lastSeen).toISOString()}, visible ${new Date(row.visibleAt).toISOString()}, is lost; warnings: ${[...new Set([...watcher.warnings].map((text) => text.slice(0, 60)))].join(' | ') || 'none'}`,
			);
	}
	if (watcher.mostRequests > 120 + 2 * server.rows.length)
		complaints.push(`${watcher.mostRequests} requests in one poll of ${server.rows.length} rows`);
	return complaints;
}

describe('whatever the server refuses for some time', () => {
	it(
		'every alert that appears within the depth of the sweep comes once, in polls with an end',
		() => {
			const step = fc.oneof(
				{ weight: 5, arbitrary: raise },
				{ weight: 5, arbitrary: pollFor },
				{ weight: 1, arbitrary: cutPoll },
				{ weight: 2, arbitrary: pause },
				{ weight: 2, arbitrary: fault },
				{ weight: 1, arbitrary: poison },
			);
			fc.assert(
				fc.property(world, fc.array(step, { minLength: 3, maxLength: 25 }), (made, steps) => {
					const { server, watcher } = watch(made);
					let owedTooLong = false;
					for (const one of steps) play(one, server, watcher);
					server.faults = healthy();
					watcher.pollFor(1);
					server.now = Math.max(server.now, ...server.rows.map((row) => row.visibleAt));
					watcher.pollFor(240);
					owedTooLong = [...watcher.warnings].some((text) => text.includes('given up'));
					const complaints = broken(server, watcher).filter(
						(text) => !owedTooLong || !text.includes('lost'),
					);
					expect(complaints.slice(0, 5)).toEqual([]);
				}),
				{ numRuns: RUNS },
			);
		},
		TIMEOUT,
	);
});

/** Faults that never end. */
const lasting: fc.Arbitrary<Partial<Faults>> = fc.record({
	wide: fc.constantFrom(0, 30 * MINUTE, HOUR, 2 * HOUR),
	wideIs: fc.constantFrom('refused' as const, 'timedOut' as const),
	clocks: fc.constantFrom(0, 0, 20),
	slow: fc.constantFrom(0, 0, 7, 40),
	noChanges: fc.boolean(),
});

describe('whatever the server refuses for good', () => {
	it(
		'new alerts come within minutes, and where one waits the log says so',
		() => {
			const step = fc.oneof(
				{ weight: 5, arbitrary: raise },
				{ weight: 5, arbitrary: pollFor },
				{ weight: 1, arbitrary: cutPoll },
				{ weight: 2, arbitrary: pause },
				{ weight: 1, arbitrary: poison },
			);
			fc.assert(
				fc.property(
					world,
					lasting,
					fc.array(step, { minLength: 3, maxLength: 25 }),
					(made, faults, steps) => {
						const { server, watcher } = watch(made);
						server.faults = { ...healthy(), ...faults };
						for (const one of steps) play(one, server, watcher);
						watcher.pollFor(15);
						const fresh = [0, 1, 2].map(() => server.raise(0));
						watcher.pollFor(12);
						const complaints = fresh
							.filter((row) => watcher.times(row).length !== 1)
							.map((row) => `${row.id} is new and came ${watcher.times(row).length} times`);
						server.now = Math.max(server.now, ...server.rows.map((row) => row.visibleAt));
						watcher.warnings.clear();
						watcher.pollFor(90);
						complaints.push(
							...broken(server, watcher).filter(
								(text) => !text.includes('is lost') || text.endsWith('warnings: none'),
							),
						);
						expect(complaints.slice(0, 5)).toEqual([]);
					},
				),
				{ numRuns: RUNS },
			);
		},
		TIMEOUT,
	);
});
