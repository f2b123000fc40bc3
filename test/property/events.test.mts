import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '../../nodes/shared/alert/identity.ts';
import { unpackState, type SiteState } from '../../nodes/shared/feed/state.ts';
import { Collector, HOUR, MINUTE, SITE } from './collector.mts';
import { ModelServer, type Row, type ServerTraits } from './server.mts';

const START = Date.UTC(2026, 4, 9, 12, 0, 0, 250);
const RUNS = Number(process.env.FEED_RUNS ?? 300);
const TIMEOUT = 120_000 + RUNS * 200;
const DAY = 24 * HOUR;
const SECOND = 1000;
/**
 * More than a story raises: a count that begins again at 1 has not caught up with the old one when
 * it is first read.
 */
const FAR = 50_000;

const EVENTS: AlertEvent[][] = [
	['recurred'],
	['updated'],
	['created', 'recurred'],
	['created', 'updated'],
	['recurred', 'updated'],
	['created', 'recurred', 'updated'],
];

const traits: fc.Arbitrary<ServerTraits> = fc.record({
	order: fc.constantFrom('ascending', 'descending', 'byId', 'byDateChanged'),
	boundary: fc.constantFrom('inclusive', 'exclusive'),
	precision: fc.constantFrom('s', 'ms'),
	cap: fc.constantFrom(0, 0, 50),
	ignoresOffset: fc.constant(false),
	textIds: fc.constantFrom(false, false, true),
	clock: fc.constant('SyncTimeUtc'),
	recurrenceIsChange: fc.boolean(),
});

const raise = fc.record({
	kind: fc.constant('raise' as const),
	count: fc.integer({ min: 1, max: 4 }),
	lateBy: fc.constantFrom(0, 0, 500, 30_000, 5 * MINUTE, 10 * MINUTE),
});
const recur = fc.record({ kind: fc.constant('recur' as const), which: fc.nat() });
const change = fc.record({ kind: fc.constant('change' as const), which: fc.nat() });
const wait = fc.record({
	kind: fc.constant('wait' as const),
	ms: fc.integer({ min: 1, max: 5000 }),
});
/** Someone closes many alerts at once, or an agent that was away reports again what it sees. */
const many = fc.record({
	kind: fc.constantFrom('recurMany' as const, 'changeMany' as const),
	from: fc.nat(),
	count: fc.integer({ min: 5, max: 150 }),
	spacing: fc.constantFrom(0, 10),
});

const serverStep = fc.oneof(
	{ weight: 3, arbitrary: raise },
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('raise' as const),
			count: fc.integer({ min: 50, max: 150 }),
			lateBy: fc.constant(0),
		}),
	},
	{ weight: 3, arbitrary: recur },
	{ weight: 3, arbitrary: change },
	{ weight: 1, arbitrary: many },
	{ weight: 2, arbitrary: wait },
);
type ServerStep = typeof serverStep extends fc.Arbitrary<infer T> ? T : never;

const poll = fc.record({
	kind: fc.constant('poll' as const),
	pages: fc.constantFrom(Infinity, Infinity, 1, 3),
	failsAt: fc.constantFrom(Infinity, Infinity, Infinity, 1, 2, 3),
	how: fc.constantFrom('status' as const, 'reset' as const),
});
const happens = fc.record({ kind: fc.constant('happen' as const), what: serverStep });
const time = fc.record({
	kind: fc.constant('time' as const),
	ms: fc.constantFrom(10_000, MINUTE, MINUTE, 20 * MINUTE, 3 * HOUR),
});
const restart = fc.record({ kind: fc.constant('restart' as const) });
const jump = fc.record({
	kind: fc.constant('jump' as const),
	ms: fc.integer({ min: -3 * HOUR, max: 3 * HOUR }),
});
const startOver = fc.record({ kind: fc.constant('startOver' as const) });

type Step =
	| typeof poll
	| typeof happens
	| typeof time
	| typeof restart
	| typeof jump
	| typeof startOver extends infer A
	? A extends fc.Arbitrary<infer T>
		? T
		: never
	: never;

const usual: ReadonlyArray<fc.WeightedArbitrary<Step>> = [
	{ weight: 6, arbitrary: poll },
	{ weight: 6, arbitrary: happens },
	{ weight: 3, arbitrary: time },
	{ weight: 1, arbitrary: restart },
];

interface Story {
	readonly events: AlertEvent[];
	readonly traits: ServerTraits;
	readonly pageSize: number;
	readonly maxAlerts: number;
	readonly skew: number;
	readonly durable: boolean;
	/** Alerts from before the trigger's start, older than the look-back, and within it. */
	readonly old: number;
	readonly young: number;
	readonly steps: readonly Step[];
	/** What happens right before the answers, one after the other. */
	readonly between: readonly ServerStep[];
}

const storyOf = (steps: ReadonlyArray<fc.WeightedArbitrary<Step>>): fc.Arbitrary<Story> =>
	fc.record({
		events: fc.constantFrom(...EVENTS),
		traits,
		pageSize: fc.constantFrom(20, 100),
		maxAlerts: fc.constantFrom(30, 1000),
		skew: fc.constantFrom(0, 0, 90_000, -90_000, 3 * HOUR),
		durable: fc.boolean(),
		old: fc.nat({ max: 20 }),
		young: fc.nat({ max: 60 }),
		steps: fc.array(fc.oneof(...steps), { minLength: 5, maxLength: 40 }),
		between: fc.array(serverStep, { maxLength: 30 }),
	});

/** What is known of a row besides its present stamps. */
interface Life {
	readonly row: Row;
	readonly old: boolean;
	/** Forgotten by the server, which has begun to number its alerts anew. */
	gone: boolean;
	/** The stamp of LastSeen when the alert had become known; null before it. */
	knownWith: number | null;
	/** The stamp of DateChanged when the baseline of `updated` had been taken. */
	baseline: number | null;
	/** When it was seen, and changed, by the server's clock. */
	readonly seen: Set<number>;
	readonly changes: Set<number>;
}

/** Plays a story, then lets things come to rest, and says what was promised and not kept. */
function play(story: Story): string[] {
	const { events, skew, durable, pageSize, maxAlerts } = story;
	const server = new ModelServer(
		{ ...story.traits, cap: pageSize < 100 ? 0 : story.traits.cap },
		START,
	);
	const lives = new Map<Row, Life>();
	const stamp = (at: number) => server.stamp(at);
	const live = (row: Row, old = false) =>
		lives.set(row, {
			row,
			old,
			gone: false,
			knownWith: null,
			baseline: null,
			seen: new Set([row.lastSeen]),
			changes: new Set([row.changed]),
		});
	for (let i = 0; i < story.old; i++) live(server.raise(0, START - 30 * HOUR - i * MINUTE), true);
	for (let i = 0; i < story.young; i++) live(server.raise(0, START - 20 * HOUR + i * MINUTE));

	const recurNow = (row: Row) => {
		server.recur(row);
		lives.get(row)!.seen.add(row.lastSeen);
	};
	const changeNow = (row: Row) => {
		server.change(row);
		lives.get(row)!.changes.add(row.changed);
	};
	/**
	 * Events of one alert within a second are one to the trigger: their stamps may be cut to the second, and of all
	 * that can tell them apart, the dedupKey holds the time alone. So two of one alert are at least that far apart here.
	 */
	const moment = (row: Row) => {
		const { seen, changes } = lives.get(row)!;
		while (
			[row.dateIn, ...seen, ...changes].some(
				(at) => Math.abs(Math.floor(server.time / SECOND) - Math.floor(at / SECOND)) < 2,
			)
		)
			server.now += 500;
	};
	const apply = (what: ServerStep) => {
		const visible = server.visible();
		const pick = (which: number) => visible[which % Math.max(1, visible.length)];
		if (what.kind === 'raise') for (let i = 0; i < what.count; i++) live(server.raise(what.lateBy));
		else if (what.kind === 'wait') server.now += what.ms;
		else if (what.kind === 'recur' || what.kind === 'change') {
			const row = pick(what.which);
			if (row) moment(row);
			if (row && what.kind === 'recur') recurNow(row);
			else if (row) changeNow(row);
		} else {
			for (let i = 0; i < Math.min(what.count, visible.length); i++) {
				const row = pick(what.from + i)!;
				moment(row);
				if (what.kind === 'recurMany') recurNow(row);
				else changeNow(row);
				server.now += what.spacing;
			}
		}
	};

	let turn = 0;
	const collector = new Collector(
		(query) => {
			const what = story.between[turn++];
			if (what) apply(what);
			server.now += 300;
			return server.answer(query);
		},
		() => server.now + skew,
		{ pageSize, maxAlerts, events },
		durable,
	);
	const stateOf = (packed: string | undefined): SiteState | null => {
		const found = unpackState(packed, SITE);
		return found.kind === 'ok' ? found.state : null;
	};
	let baselineTaken = false;
	const learn = () => {
		const state = stateOf(collector.state);
		const taken = state?.changes?.cursor.start != null;
		for (const life of lives.values()) {
			if (life.gone) continue;
			const { id } = life.row;
			const dateIn = stamp(life.row.dateIn);
			if (
				state === null ||
				state.known.startOver(id, dateIn, server.time) !== null ||
				!state.known.has(id, dateIn)
			)
				life.knownWith = null;
			else life.knownWith ??= stamp(life.row.lastSeen);
			if (!taken) life.baseline = null;
			else if (!baselineTaken) life.baseline = stamp(life.row.changed);
		}
		baselineTaken = taken;
	};

	/** Polls until nothing has come for an hour and more. */
	const rest = (): boolean => {
		for (let quiet = 0, polls = 0; quiet < 75; polls++) {
			server.now += MINUTE;
			quiet = collector.poll().length === 0 ? quiet + 1 : 0;
			learn();
			if (polls > 3000) return false;
		}
		return true;
	};

	let startedOver = false;
	let latest = server.time;
	for (const step of story.steps) {
		latest = Math.max(latest, server.time);
		if (step.kind === 'poll') collector.poll(step);
		else if (step.kind === 'happen') apply(step.what);
		else if (step.kind === 'time') server.now += step.ms;
		else if (step.kind === 'jump') server.ahead = step.ms;
		else if (step.kind === 'startOver') {
			if (startedOver) continue;
			startedOver = true;
			server.skip(FAR);
			live(server.raise());
			rest();
			server.now += 2 * DAY;
			for (const life of lives.values()) life.gone = true;
			server.startOver();
		} else collector.restart();
		if (step.kind === 'poll' || step.kind === 'restart') learn();
	}
	if (!rest()) return ['the trigger never comes to rest'];
	if (story.steps.some((step) => step.kind === 'jump')) {
		// While the server's clock is behind a time that it has shown before, only new alerts are sure to be told.
		server.now += Math.max(0, latest - server.time);
		rest();
		for (const row of server.visible()) {
			moment(row);
			recurNow(row);
			moment(row);
			changeNow(row);
		}
		rest();
	}
	return broken(story, [...lives.values()], collector, stamp);
}

function broken(
	{ events, traits: { recurrenceIsChange } }: Story,
	lives: readonly Life[],
	collector: Collector,
	stamp: (at: number) => number,
): string[] {
	const wants = (event: AlertEvent) => events.includes(event);
	const complaints: string[] = [];
	const told = new Map<string, number>();
	for (const key of collector.emitted) told.set(key, (told.get(key) ?? 0) + 1);
	const spaces = new Map<string, number>();
	for (const { row, old } of lives)
		if (!old)
			spaces.set(
				`cynet:${SITE.clientId}:${row.id}`,
				(spaces.get(`cynet:${SITE.clientId}:${row.id}`) ?? 0) + 1,
			);
	for (const [key, count] of told)
		if (count > (spaces.get(key) ?? 1)) complaints.push(`${key} was told ${count} times`);
	if (wants('created')) {
		for (const [key, count] of spaces)
			if ((told.get(key) ?? 0) !== count)
				complaints.push(`${key} was told ${told.get(key) ?? 0} times as created, not ${count}`);
	}
	const items = new Map<string, Array<{ event: AlertEvent; seen: number; changed: number }>>();
	for (const { alert, event } of collector.items) {
		if (!wants(event)) complaints.push(`${event} was not asked for`);
		const id = `${String(alert.ClientDbId)} ${String(alert.DateIn)}`;
		const of = items.get(id) ?? [];
		of.push({
			event,
			seen: Date.parse(String(alert.LastSeen)),
			changed: Date.parse(String(alert.DateChanged)),
		});
		items.set(id, of);
	}
	for (const { row, old, knownWith, baseline } of lives) {
		const of = items.get(`${row.id} ${new Date(stamp(row.dateIn)).toISOString()}`) ?? [];
		const lastSeen = stamp(row.lastSeen);
		const changed = stamp(row.changed);
		const name = `${row.id} (LastSeen ${new Date(lastSeen).toISOString()}, DateChanged ${new Date(changed).toISOString()})`;
		if (old && of.some(({ event }) => event === 'created'))
			complaints.push(`${name} is older than the start, yet was told as created`);
		if (wants('recurred')) {
			const newest = Math.max(
				...of.filter(({ event }) => event !== 'updated').map((item) => item.seen),
				-Infinity,
			);
			const due = old
				? lastSeen > stamp(row.dateIn)
				: wants('created') || (knownWith !== null && lastSeen > knownWith);
			if (due && newest !== lastSeen)
				complaints.push(
					`the last recurrence of ${name} was not told, only ${of.map((item) => `${item.event} ${new Date(item.seen).toISOString()}`).join() || 'nothing'}`,
				);
		}
		if (wants('updated')) {
			const newest = Math.max(
				...of.filter(({ event }) => event === 'updated').map((item) => item.changed),
				-Infinity,
			);
			const raised = changed - stamp(row.dateIn) < SECOND;
			const asRecurred = wants('recurred') && recurrenceIsChange && changed === lastSeen;
			if (changed > (baseline ?? -Infinity) && !raised && !asRecurred && newest !== changed)
				complaints.push(
					`the last change of ${name} was not told, only ${of.map((item) => `${item.event} ${new Date(item.changed).toISOString()}`).join() || 'nothing'}`,
				);
			if (
				wants('recurred') &&
				of.some((item) => item.event === 'updated' && item.changed === item.seen)
			)
				complaints.push(`a recurrence of ${name} was told as updated`);
		}
	}
	return complaints;
}

const prop = (
	steps: ReadonlyArray<fc.WeightedArbitrary<Step>>,
	fixed: Partial<ServerTraits> = {},
) =>
	fc.property(storyOf(steps), (story) => {
		expect(play({ ...story, traits: { ...story.traits, ...fixed } }).slice(0, 5)).toEqual([]);
	});

describe('whatever happens between requests and polls', () => {
	it(
		'no event is emitted twice, and the last one of every alert is emitted',
		() => {
			fc.assert(prop(usual), { numRuns: RUNS });
		},
		TIMEOUT,
	);
	it(
		"the same while the server's clock jumps back and forth",
		() => {
			fc.assert(prop([...usual, { weight: 1, arbitrary: jump }]), { numRuns: RUNS });
		},
		TIMEOUT,
	);
	it(
		'the same when the server numbers its alerts anew after two quiet days',
		() => {
			fc.assert(prop([...usual, { weight: 1, arbitrary: startOver }], { textIds: false }), {
				numRuns: RUNS,
			});
		},
		TIMEOUT,
	);
});

describe('many events at once', () => {
	const play1500 = (
		order: ServerTraits['order'],
		event: 'recurred' | 'updated',
		spacing: number,
	) => {
		const server = new ModelServer(
			{
				order,
				boundary: 'inclusive',
				precision: 's',
				cap: 0,
				ignoresOffset: false,
				textIds: false,
				clock: 'SyncTimeUtc',
			},
			START,
			2_000_000,
		);
		const rows = Array.from({ length: 1500 }, (_, i) => server.raise(0, START - HOUR + i * SECOND));
		const collector = new Collector(
			(query) => server.answer(query),
			() => server.now,
			{ events: [event] },
		);
		collector.poll();
		server.now += MINUTE;
		for (const row of rows) {
			if (event === 'recurred') server.recur(row);
			else server.change(row);
			server.now += spacing;
		}
		for (let i = 0; i < 5; i++) {
			server.now += MINUTE;
			collector.poll();
		}
		return collector.emitted;
	};
	it.each([
		['recurred', 'ascending', 0],
		['recurred', 'descending', 0],
		['recurred', 'descending', 100],
		['updated', 'ascending', 0],
		['updated', 'descending', 0],
		['updated', 'descending', 100],
	] as const)(
		'1,500 %s on a server that lists %s, %d ms apart, are all told, beyond Max Alerts per Poll in the next poll',
		(event, order, spacing) => {
			const emitted = play1500(order, event, spacing);
			expect(emitted).toHaveLength(1500);
			expect(new Set(emitted).size).toBe(1500);
		},
	);
});
