import fc from 'fast-check';
import type { AlertEvent } from '../../../nodes/shared/alert/identity.ts';
import { EMPTY_ANSWERS, type Fault, type Settings } from '../../../simulator/simulator.mts';
import { DAY, HOUR, MINUTE } from './time.mts';
import { TRAITS_ON, TRAITS_PER_WORLD, type TraitName } from './switches.mts';

export const SITES = ['1001', '1002', '1003', '1004', '1005', '1006'];

const EVENTS: AlertEvent[][] = [
	['created'],
	['created'],
	['recurred'],
	['updated'],
	['created', 'recurred'],
	['created', 'updated'],
	['recurred', 'updated'],
	['created', 'recurred', 'updated'],
];

/** Servers of other kinds than the usual one. */
export const SERVERS = {
	usual: {},
	withoutBulk: { bulk: false },
	ignoresOffset: { ignoresOffset: true },
	withoutSyncTime: { syncTime: 'missing' },
	nullSyncTime: { syncTime: 'null' },
	malformedSyncTime: { syncTime: 'malformed' },
	withoutTime: { syncTime: 'missing', dateHeader: false },
} as const satisfies Record<string, Partial<Settings>>;
export type Server = keyof typeof SERVERS;

const site = fc.nat({ max: SITES.length - 1 });
const raise = fc.record({
	kind: fc.constant('raise' as const),
	site,
	count: fc.oneof(
		{ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 30, max: 120 }) },
	),
	lateBy: fc.constantFrom(0, 0, 500, 30_000, 5 * MINUTE, 10 * MINUTE),
	/** Where alerts can be late: how late; an odd number shows it now with a stamp of the past. */
	late: fc.nat({ max: 39 }),
});
const recur = fc.record({ kind: fc.constant('recur' as const), site, which: fc.nat() });
const change = fc.record({ kind: fc.constant('change' as const), site, which: fc.nat() });
const many = fc.record({
	kind: fc.constantFrom('recurMany' as const, 'changeMany' as const),
	site,
	which: fc.nat(),
	count: fc.integer({ min: 5, max: 60 }),
});
const moment = fc.record({
	kind: fc.constant('time' as const),
	ms: fc.integer({ min: 1, max: 5000 }),
});
const event = fc.oneof(
	{ weight: 4, arbitrary: raise },
	{ weight: 2, arbitrary: recur },
	{ weight: 2, arbitrary: change },
	{ weight: 1, arbitrary: many },
	{ weight: 2, arbitrary: moment },
);
/** What goes on at the server. */
export type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

const fault = fc.record({
	kind: fc.constant('fault' as const),
	what: fc.constantFrom<Fault | 'expire'>(
		{ kind: 'status', status: 500 },
		{ kind: 'status', status: 503 },
		{ kind: 'status', status: 429 },
		{ kind: 'status', status: 403 },
		{ kind: 'status', status: 429, retryAfter: 7 },
		{ kind: 'status', status: 429, retryAfter: 200 },
		{ kind: 'reset' },
		{ kind: 'half' },
		{ kind: 'truncated' },
		{ kind: 'html' },
		{ kind: 'status', status: 401 },
		'expire',
		{ kind: 'timeout' },
		{ kind: 'foreign' },
		{ kind: 'redirect' },
		...EMPTY_ANSWERS.map((kind) => ({ kind })),
	),
	/** Up to more than a poll repeats. */
	times: fc.constantFrom<number | 'forever'>(1, 1, 2, 5, 12, 'forever'),
	skip: fc.nat({ max: 8 }),
	list: fc.constantFrom(
		undefined,
		'/api/alerts/bulk',
		'/api/alerts/bulkByDateChanged',
		'/api/account/token',
		'/api/alerts',
	),
	site: fc.constantFrom(undefined, undefined, ...SITES),
});
/** A poll that begins after that time, and meets nothing but one kind of answer, or none, after so many good ones. */
const badPoll = fc.record({
	kind: fc.constant('badPoll' as const),
	what: fc.constantFrom(
		'timeout' as const,
		'foreign' as const,
		'redirect' as const,
		...EMPTY_ANSWERS,
	),
	ms: fc.constantFrom(0, MINUTE, 30 * MINUTE),
	good: fc.constantFrom(0, 0, 0, 1, 4),
});
/** What one of the world's traits does; in a world without traits a poll. */
const oddity = fc.record({
	kind: fc.constant('oddity' as const),
	which: fc.nat(),
	pick: fc.nat({ max: 9999 }),
	ms: fc.constantFrom(5 * MINUTE, 40 * MINUTE, 3 * HOUR, 10 * HOUR, 26 * HOUR, 3 * DAY),
	inside: fc.array(event, { maxLength: 4 }),
});
const step = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('poll' as const) }) },
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constantFrom('twoPolls' as const, 'race' as const) }),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
	{ weight: 2, arbitrary: badPoll },
	{ weight: 6, arbitrary: event },
	{ weight: 2, arbitrary: fault },
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('time' as const),
			ms: fc.constantFrom(10_000, MINUTE, MINUTE, 20 * MINUTE, HOUR),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('skew' as const),
			ms: fc.integer({ min: -30 * MINUTE, max: 30 * MINUTE }),
		}),
	},
	{ weight: TRAITS_ON.length > 0 ? 6 : 0, arbitrary: oddity },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
export type Oddity = Extract<Step, { kind: 'oddity' }>;

/** A world: a server, an n8n, and what comes to the two of them. */
export const worlds = fc.record({
	/** What is odd about it, and in which way. */
	traits: fc.subarray<TraitName>([...TRAITS_ON], TRAITS_PER_WORLD),
	way: fc.nat({ max: 9999 }),
	engine: fc.constantFrom('legacy' as const, 'durable' as const),
	events: fc.constantFrom(...EVENTS),
	sites: fc.constantFrom(1, 1, 2, 3, 6),
	/** How long its answers take, one after the other: which comes first differs from time to time. */
	latencies: fc.array(fc.constantFrom(20, 150, 200, 400, 1000, 3000), {
		minLength: 1,
		maxLength: 7,
	}),
	order: fc.constantFrom(
		'ascending' as const,
		'descending' as const,
		'byId' as const,
		'byDateChanged' as const,
	),
	boundary: fc.constantFrom('inclusive' as const, 'exclusive' as const),
	precision: fc.constantFrom('s' as const, 'ms' as const),
	maxLimit: fc.constantFrom(0, 0, 50),
	server: fc.constantFrom<Server>(
		'usual',
		'usual',
		'usual',
		'usual',
		'usual',
		'usual',
		...(Object.keys(SERVERS) as Server[]),
	),
	pageSize: fc.constantFrom(20, 100),
	maxAlerts: fc.constantFrom(7, 30, 1000),
	simple: fc.boolean(),
	/** How far this machine's clock is ahead of the server's. */
	skew: fc.constantFrom(0, 0, 90_000, -90_000, 3 * HOUR, -3 * HOUR),
	old: fc.nat({ max: 10 }),
	young: fc.nat({ max: 40 }),
	steps: fc.array(step, { minLength: 4, maxLength: 18 }),
	/** What comes while a request is under way, one after the other. */
	between: fc.array(event, { maxLength: 12 }),
});
export type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;
