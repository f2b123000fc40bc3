import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Collector, HOUR, MINUTE, SITE } from './collector.mts';
import { ModelServer, type ServerTraits } from './server.mts';

const START = Date.UTC(2026, 4, 9, 12, 0, 0, 250);
const RUNS = Number(process.env.FEED_RUNS ?? 300);

const traits: fc.Arbitrary<ServerTraits> = fc.record({
	order: fc.constantFrom('ascending', 'descending', 'byId', 'byDateChanged'),
	boundary: fc.constantFrom('inclusive', 'exclusive'),
	precision: fc.constantFrom('s', 'ms'),
	cap: fc.constantFrom(0, 0, 50),
	ignoresOffset: fc.constantFrom(false, false, false, true),
	textIds: fc.constantFrom(false, false, true),
	clock: fc.constant('SyncTimeUtc'),
});

/** What happens between two requests. */
const serverStep = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			kind: fc.constant('raise' as const),
			count: fc.integer({ min: 1, max: 4 }),
			lateBy: fc.constantFrom(0, 0, 500, 30_000, 5 * MINUTE, 10 * MINUTE),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('burst' as const),
			count: fc.integer({ min: 50, max: 400 }),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant('recur' as const), which: fc.nat() }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('change' as const), which: fc.nat() }) },
	{
		weight: 2,
		arbitrary: fc.record({
			kind: fc.constant('wait' as const),
			ms: fc.integer({ min: 1, max: 5000 }),
		}),
	},
);
type ServerStep = typeof serverStep extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant('poll' as const),
			pages: fc.constantFrom(Infinity, Infinity, 1, 3),
			failsAt: fc.constantFrom(Infinity, Infinity, Infinity, 1, 2, 3),
			how: fc.constantFrom('status' as const, 'reset' as const),
		}),
	},
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('happen' as const), what: serverStep }) },
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('time' as const),
			ms: fc.constantFrom(10_000, MINUTE, MINUTE, 20 * MINUTE, 3 * HOUR),
		}),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

function apply(server: ModelServer, what: ServerStep): void {
	const pick = (which: number) => {
		const visible = server.visible();
		return visible[which % Math.max(1, visible.length)];
	};
	if (what.kind === 'raise') for (let i = 0; i < what.count; i++) server.raise(what.lateBy);
	else if (what.kind === 'burst') for (let i = 0; i < what.count; i++) server.raise();
	else if (what.kind === 'wait') server.now += what.ms;
	else {
		const row = pick(what.which);
		if (row && what.kind === 'recur') server.recur(row);
		else if (row) server.change(row);
	}
}

const keyOf = (id: number | string) => `cynet:${SITE.clientId}:${id}`;

describe('whatever happens between requests and polls', () => {
	it('every alert that arrives within the overlap is emitted exactly once', () => {
		fc.assert(
			fc.property(
				traits,
				fc.record({
					pageSize: fc.constantFrom(20, 100),
					maxAlerts: fc.constantFrom(30, 1000),
					skew: fc.constantFrom(0, 0, 90_000, -90_000, 3 * HOUR),
					durable: fc.boolean(),
				}),
				fc.nat({ max: 150 }),
				fc.array(step, { minLength: 5, maxLength: 40 }),
				fc.array(serverStep, { maxLength: 30 }),
				(serverTraits, { pageSize, maxAlerts, skew, durable }, before, steps, between) => {
					const server = new ModelServer(
						{ ...serverTraits, cap: pageSize < 100 ? 0 : serverTraits.cap },
						START,
					);
					for (let i = 0; i < before; i++) server.raise(0, START - i * MINUTE);
					let turn = 0;
					const collector = new Collector(
						(query) => {
							const what = between[turn++];
							if (what) apply(server, what);
							server.now += 300;
							return server.answer(query);
						},
						() => server.now + skew,
						{ pageSize, maxAlerts },
						durable,
					);
					for (const now of steps) {
						if (now.kind === 'poll') collector.poll(now);
						else if (now.kind === 'happen') apply(server, now.what);
						else if (now.kind === 'time') server.now += now.ms;
						else collector.restart();
					}
					for (let quiet = 0; quiet < 15; ) {
						server.now += MINUTE;
						quiet = collector.poll().length === 0 ? quiet + 1 : 0;
					}
					const expected = server.rows.map((row) => keyOf(row.id)).sort();
					expect([...collector.emitted].sort()).toEqual(expected);
				},
			),
			{ numRuns: RUNS },
		);
	});
});
