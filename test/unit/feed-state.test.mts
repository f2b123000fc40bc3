import { describe, expect, it } from 'vitest';
import type { FeedSettings } from '../../nodes/shared/feed/site-poll.ts';
import { SitePoll } from '../../nodes/shared/feed/site-poll.ts';
import {
	freshState,
	packState,
	safeState,
	unpackState,
	type SiteState,
} from '../../nodes/shared/feed/state.ts';
import golden from '../golden/state-v1.json' with { type: 'json' };
import { DAY, MINUTE, NOON, SETTINGS, SITE, alert, page } from './feed-list.mts';
import { changed, opened, sealed } from './feed-packed.mts';
import { HORIZONS } from './golden-story.mts';

/** A state with everything in it, as version 1 of the state writes it; `golden-state.test.mts` tells what it means. */
const VERSION_1 = golden.state;

function stateOf(text: string): SiteState {
	const found = unpackState(text, SITE);
	if (found.kind !== 'ok') throw new Error(`The state is ${found.kind}`);
	return found.state;
}

const kindOf = (stored: unknown) => unpackState(stored, SITE).kind;

describe('a fresh state', () => {
	it('comes back from its text', () => {
		const text = packState(freshState(), SITE, HORIZONS);
		expect(stateOf(text)).toEqual(freshState());
		expect(packState(stateOf(text), SITE, HORIZONS)).toBe(text);
	});
});

describe('what is stored instead of a state', () => {
	it.each([[undefined], [null], ['']])('%j is none', (stored) => {
		expect(kindOf(stored)).toBe('none');
	});

	it.each([
		['server', 'https://other.api.cynet.com'],
		['clientId', '1002'],
		['clientId', 1001],
		['server', null],
	])('is foreign where its %s is %j', (field, value) => {
		expect(kindOf(changed(VERSION_1, (state) => Object.assign(state, { [field]: value })))).toBe(
			'foreign',
		);
	});

	it('is newer where a later version of this package wrote it, whatever else it holds', () => {
		expect(kindOf(sealed('{"v":2}'))).toBe('newer');
		expect(kindOf(changed(VERSION_1, (state) => Object.assign(state, { v: 2 })))).toBe('newer');
	});

	it.each([0, 0.5, '1', '2', null, true])('is corrupt where its version is %j', (v) => {
		expect(kindOf(changed(VERSION_1, (state) => Object.assign(state, { v })))).toBe('corrupt');
	});

	it('is a state where its start is 1970', () => {
		expect(
			kindOf(changed(VERSION_1, (state) => Object.assign(state.alerts as object, { start: 0 }))),
		).toBe('ok');
	});

	it.each([
		['without its checksum', opened(VERSION_1)],
		['cut off', VERSION_1.slice(0, -1)],
		['with something behind it', `${VERSION_1}x`],
	])('is corrupt: a state %s', (_what, stored) => {
		expect(kindOf(stored)).toBe('corrupt');
	});

	it.each([
		['null'],
		['{}'],
		['[]'],
		['7'],
		['"text"'],
		['{"v":0}'],
		['{"v":1}'],
		[7],
		[true],
		[{}],
		[{ v: 1 }],
		['\u0000'],
	])('is corrupt: %j', (stored) => {
		expect(kindOf(stored)).toBe('corrupt');
	});

	it.each([['null'], ['{}'], ['[]'], ['7'], ['"text"'], ['{"v":0}'], ['{"v":1}'], ['{']])(
		'is corrupt, though its checksum is right: %j',
		(text) => {
			expect(kindOf(sealed(text))).toBe('corrupt');
		},
	);

	/** Every field of the state, as a path. */
	function pathsOf(value: unknown, path: string[] = []): string[][] {
		if (typeof value !== 'object' || value === null) return [path];
		const paths = Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
		return path.length === 0 ? paths : [path, ...paths];
	}

	const YEAR_2201 = Date.UTC(2201, 0, 1);
	const TIMES = [
		'start',
		'cursor',
		'leftBehind',
		'narrowFrom',
		'sweptTo',
		'sweptAt',
		'unpagedUntil',
		'newest',
		'owed',
		'owedSince',
		'next',
		'failedAt',
		'until',
	];
	const NULLABLE = [
		...TIMES.filter((field) => field !== 'until'),
		'mark',
		'ascendsTo',
		'forward',
		'scan',
		'slow',
		'recurrences',
		'changes',
		'marks',
		'replay',
	];
	const GARBAGE = [undefined, null, -1, 0.5, NaN, YEAR_2201, true, 'x!', [], {}, [null]];
	const allowed = (path: string[], value: unknown): boolean => {
		const field = path[path.length - 1]!;
		// The one object of that name.
		if (path.join('.') === 'changes.cursor') return false;
		if (value === null || Number.isNaN(value)) return NULLABLE.includes(field);
		if (value === -1) return field === 'dateAhead';
		if (value === 0.5) return TIMES.includes(field);
		if (value === YEAR_2201)
			return [
				'offset',
				'pages',
				'firstAt',
				'size',
				'probe',
				'reach',
				'doubt',
				'longest',
				'lookbackAtLeast',
				'revision',
				'refusals',
				'failures',
			].includes(field);
		if (typeof value === 'string')
			return ['first', 'process', 'before'].includes(field) || path[path.length - 2] === 'tail';
		if (Array.isArray(value)) return field === 'tail' && value.length === 0;
		return value === true && field === 'moved';
	};
	const fields = pathsOf(JSON.parse(opened(VERSION_1))).filter(
		(path) => !['v', 'server', 'clientId'].includes(path[0]!),
	);

	it.each(fields.map((path) => [path.join('.'), path] as const))(
		'is corrupt where %s is something else',
		(_name, path) => {
			for (const value of GARBAGE) {
				const kind = kindOf(
					changed(VERSION_1, (state) => {
						let holder = state as unknown as Record<string, never>;
						for (const key of path.slice(0, -1)) holder = holder[key]!;
						(holder as Record<string, unknown>)[path[path.length - 1]!] = value;
					}),
				);
				expect(`${String(value)} ${kind}`).toBe(
					`${String(value)} ${allowed(path, value) ? 'ok' : 'corrupt'}`,
				);
			}
		},
	);

	it('is corrupt where one character anywhere in it was changed, left out or added', () => {
		for (let at = 0; at < VERSION_1.length; at += at < 60 ? 1 : 7) {
			const other = VERSION_1[at] === '1' ? '2' : '1';
			for (const text of [
				VERSION_1.slice(0, at) + other + VERSION_1.slice(at + 1),
				VERSION_1.slice(0, at) + VERSION_1.slice(at + 1),
				VERSION_1.slice(0, at) + other + VERSION_1.slice(at),
			]) {
				expect(`${at} ${kindOf(text)}`).toBe(`${at} corrupt`);
			}
		}
	});
});

describe('what is begun with where a state cannot be used', () => {
	/** From when on the first poll reads, for a site that this process has polled so long. */
	const firstRead = (state: SiteState, settings: Partial<FeedSettings>) =>
		new SitePoll(SITE, state, { ...SETTINGS, ...settings }).next()!.since;

	it('looks back a day at least, and as far as is set', () => {
		expect(firstRead(safeState(), { lookback: 0 })).toBe(NOON - DAY - 61_000);
		expect(firstRead(safeState(), { lookback: 3 * DAY })).toBe(NOON - 3 * DAY - 61_000);
		expect(firstRead(safeState(), { lookback: 0, activeFor: DAY })).toBe(NOON - 2 * DAY - 61_000);
		expect(firstRead(freshState(), { lookback: 0 })).toBe(NOON - 61_000);
	});

	it('looks back as far for changes: those of the time that is not known come, rather twice than never', () => {
		const poll = new SitePoll(SITE, safeState(), { ...SETTINGS, lookback: 0, events: ['updated'] });
		const row = {
			...alert(1, NOON - 3 * DAY),
			DateChanged: new Date(NOON - 20 * 60 * MINUTE).toISOString(),
		};
		for (let query = poll.next(); query !== null; query = poll.next())
			poll.take(query, page(query.list === 'changed' ? [row] : []));
		expect(poll.alerts).toHaveLength(1);
	});
});

describe('a time that no state can hold', () => {
	const after = (rows: readonly unknown[], serverTime: number | null) => {
		const poll = new SitePoll(SITE, freshState(), SETTINGS);
		for (let query = poll.next(); query !== null; query = poll.next())
			poll.take(query, page(rows, serverTime));
		return poll.pack();
	};
	const IN_9999 = Date.UTC(9999, 11, 31);

	it('is no server time: the state stays readable', () => {
		expect(kindOf(after([alert(1)], IN_9999))).toBe('ok');
	});

	it.each([[NOON], [null]])(
		"is no birth that counts: the state stays readable where the server's time is %j",
		(serverTime) => {
			expect(kindOf(after([alert(1, IN_9999, NOON), alert('a', IN_9999, NOON)], serverTime))).toBe(
				'ok',
			);
		},
	);
});

describe('the size of the state', () => {
	const EVERYTHING: Partial<FeedSettings> = {
		lookback: 30 * DAY,
		sweep: 30 * DAY,
		events: ['created', 'recurred', 'updated'],
		maxAlerts: 10_000,
	};

	/** The largest size in two polls of the list, each cut in the middle of its scans. */
	function largest(rows: readonly unknown[], settings: Partial<FeedSettings> = {}): number {
		let state = freshState();
		let most = 0;
		for (let now = NOON, poll = 0; poll < 2; poll++, now += 61 * MINUTE) {
			const one = new SitePoll(SITE, state, { ...SETTINGS, ...EVERYTHING, ...settings, now });
			for (
				let query = one.next(), pages = 0;
				query !== null && pages < 45;
				query = one.next(), pages++
			) {
				one.take(query, page(rows.slice(query.offset, query.offset + query.limit), now));
			}
			const text = one.pack();
			most = Math.max(most, text.length);
			state = stateOf(text);
		}
		return most;
	}

	it.each([
		['ids far apart', (i: number) => i * 1_000_003],
		['ids two apart', (i: number) => i * 2],
		['ids that are texts', (i: number) => `alert-${i}`],
		['ids that are long texts', (i: number) => `${'x'.repeat(1000)}${i}`],
		['ids that are both', (i: number) => (i % 2 ? i * 1_000_003 : `alert-${i}`)],
	])('is 40,000 characters at most with %s, and everything chosen', (_what, id) => {
		const rows = Array.from({ length: 6_000 }, (_, i) => {
			const seen = NOON - (6_000 - i) * 100;
			return { ...alert(id(i), NOON - DAY, seen), DateChanged: new Date(seen).toISOString() };
		});
		const size = largest(rows);
		expect(size).toBeLessThanOrEqual(40_000);
		expect(size).toBeGreaterThan(15_000);
	});

	it('is under 2,000 characters for a site with a million alerts that are numbered one after the other', () => {
		const state = freshState();
		for (let id = 1; id <= 1_000_000; id++) state.known.add(id, NOON, NOON);
		expect(packState(state, SITE, HORIZONS).length).toBeLessThan(2000);
	});
});
