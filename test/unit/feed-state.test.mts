import { describe, expect, it } from 'vitest';
import type { FeedSettings } from '../../nodes/shared/feed/site-poll.ts';
import { SitePoll } from '../../nodes/shared/feed/site-poll.ts';
import { freshState, packState, unpackState, type SiteState } from '../../nodes/shared/feed/state.ts';
import golden from '../golden/state-v1.json' with { type: 'json' };
import { DAY, MINUTE, NOON, SETTINGS, SITE, alert } from './feed-list.mts';

/** A state with everything in it, as version 1 of the state writes it; `golden-state.test.mts` tells what it means. */
const VERSION_1 = golden.state;

const HORIZONS = { keys: 0, recurrences: 0, changes: 0 };

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
		expect(kindOf(JSON.stringify({ ...JSON.parse(VERSION_1), [field]: value }))).toBe('foreign');
	});

	it('is newer where a later version of this package wrote it, whatever else it holds', () => {
		expect(kindOf('{"v":2}')).toBe('newer');
		expect(kindOf(VERSION_1.replace('"v":1', '"v":2'))).toBe('newer');
	});

	it.each([0, 0.5, '1', '2', null, true])('is corrupt where its version is %j', (v) => {
		expect(kindOf(JSON.stringify({ ...JSON.parse(VERSION_1), v }))).toBe('corrupt');
	});

	it('is a state where its start is 1970', () => {
		expect(kindOf(VERSION_1.replace('"start":1780311600000', '"start":0'))).toBe('ok');
	});

	it.each([['null'], ['{}'], ['[]'], ['7'], ['"text"'], ['{"v":0}'], ['{"v":1}'], [7], [true], [{}], [{ v: 1 }], [VERSION_1.slice(0, -1)], [`${VERSION_1}x`], ['\u0000']])('is corrupt: %j', (stored) => {
		expect(kindOf(stored)).toBe('corrupt');
	});

	/** Every field of the state, as a path. */
	function pathsOf(value: unknown, path: string[] = []): string[][] {
		if (typeof value !== 'object' || value === null) return [path];
		const paths = Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]));
		return path.length === 0 ? paths : [path, ...paths];
	}

	const TIMES = ['start', 'cursor', 'confirm', 'sweptAt', 'unpagedUntil', 'mark', 'newest'];
	const NULLABLE = [...TIMES, 'main', 'background', 'recurrences', 'changes', 'marks', 'replay'];
	const GARBAGE = [undefined, null, -1, 0.5, true, 'x!', [], {}, [null]];
	const allowed = (path: string[], value: unknown): boolean => {
		const field = path[path.length - 1]!;
		if (value === null) return NULLABLE.includes(field);
		if (value === 0.5) return TIMES.includes(field) || field === 'since';
		if (value === -1) return field === 'since';
		if (typeof value === 'string') return ['first', 'process', 'before'].includes(field) || path[path.length - 2] === 'tail';
		if (Array.isArray(value)) return field === 'tail' && value.length === 0;
		return value === true && ['moved', 'confirms'].includes(field);
	};
	const fields = pathsOf(JSON.parse(VERSION_1)).filter((path) => !['v', 'server', 'clientId'].includes(path[0]!));

	it.each(fields.map((path) => [path.join('.'), path] as const))('is corrupt where %s is something else', (_name, path) => {
		for (const value of GARBAGE) {
			const packed = JSON.parse(VERSION_1) as Record<string, never>;
			let holder: Record<string, never> = packed;
			for (const key of path.slice(0, -1)) holder = holder[key]!;
			(holder as Record<string, unknown>)[path[path.length - 1]!] = value;
			expect(`${JSON.stringify(value)} ${kindOf(JSON.stringify(packed))}`).toBe(`${JSON.stringify(value)} ${allowed(path, value) ? 'ok' : 'corrupt'}`);
		}
	});
});

describe('the size of the state', () => {
	const EVERYTHING: Partial<FeedSettings> = { lookback: 30 * DAY, sweep: 30 * DAY, events: ['created', 'recurred', 'updated'], maxAlerts: 10_000 };

	/** The largest size in a few polls of the list, each cut in the middle of its walks. */
	function largest(rows: readonly unknown[], settings: Partial<FeedSettings> = {}): number {
		let state = freshState();
		let most = 0;
		for (let now = NOON, poll = 0; poll < 4; poll++, now += 61 * MINUTE) {
			const one = new SitePoll(SITE, state, { ...SETTINGS, ...EVERYTHING, ...settings, now });
			for (let query = one.next(), pages = 0; query !== null && pages < 45; query = one.next(), pages++) {
				one.take(query, { rows: rows.slice(query.offset, query.offset + query.limit), serverTime: now });
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
		const rows = Array.from({ length: 12_000 }, (_, i) => {
			const seen = NOON - (12_000 - i) * 100;
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
