import { describe, expect, it } from 'vitest';
import { KnownAlerts } from '../../nodes/shared/feed/known-alerts.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOON = Date.UTC(2026, 5, 1, 12);

/** Ids 1 to `highest` of alerts that were born up to noon. */
function knownUpTo(highest: number): KnownAlerts {
	const known = KnownAlerts.none();
	for (let id = 1; id <= highest; id++) known.add(id, NOON - highest + id, NOON);
	return known;
}

const sizeOf = (known: KnownAlerts, horizon = 0) => JSON.stringify(known.pack(horizon)).length;

describe('the known alerts', () => {
	it('are told by number or by text, 0 being a number like any other', () => {
		const known = KnownAlerts.none();
		expect([known.has(0, null), known.has('0', null)]).toEqual([false, false]);
		known.add(0, NOON, NOON);
		expect([known.has(0, null), known.has('0', null), known.has(1, null)]).toEqual([
			true,
			false,
			false,
		]);
		known.add('a', NOON, NOON);
		expect([known.has('a', null), known.has('b', null)]).toEqual([true, false]);
	});

	it('have a text that was forgotten where its birth tells that it was born before those that are kept', () => {
		const known = KnownAlerts.none();
		known.add('old', NOON, NOON);
		known.add('new', NOON + DAY, NOON + DAY);
		known.pack(NOON + MINUTE);
		expect([
			known.has('old', NOON),
			known.has('never seen', NOON),
			known.has('never seen', NOON + MINUTE),
			known.has('never seen', null),
		]).toEqual([true, true, false, false]);
	});

	it('come back from their packed form', () => {
		const known = knownUpTo(5);
		known.add('a', NOON + 1, NOON + 1);
		const copy = KnownAlerts.unpack(known.pack(0));
		expect([
			copy.has(1, null),
			copy.has(5, null),
			copy.has(6, null),
			copy.has('a', null),
			copy.has('b', null),
		]).toEqual([true, true, false, true, false]);
		expect(copy.pack(0)).toEqual(known.pack(0));
		expect(copy.pack(0).newest).toBe(NOON + 1);
	});

	it('forget texts that were born before the horizon, and never a number', () => {
		const known = knownUpTo(3);
		known.add('old', NOON, NOON);
		known.add('new', NOON + DAY, NOON + DAY);
		known.pack(NOON + 1);
		expect([known.has('old', null), known.has('new', null), known.has(1, null)]).toEqual([
			false,
			true,
			true,
		]);
	});

	it("count a text from its birth, else from the server's time, else from the beginning", () => {
		const known = KnownAlerts.none();
		known.add('by birth', NOON, NOON + DAY);
		known.add('born before', NOON - MINUTE, NOON + DAY);
		known.add('born in the future', NOON + DAY, NOON - MINUTE);
		known.add('by server', null, NOON);
		known.add('by nothing', null, null);
		known.pack(NOON);
		expect(
			['by birth', 'born before', 'born in the future', 'by server', 'by nothing'].map((key) =>
				known.has(key, null),
			),
		).toEqual([true, false, false, true, false]);
	});
});

describe('the size of the known alerts', () => {
	const MOST = 30_000 + 100;

	it('is bounded with numbers alone, however scattered, and the highest ones are told exactly', () => {
		const known = KnownAlerts.none();
		for (let i = 0; i < 30_000; i++) known.add(i * 3, NOON, NOON);
		expect(sizeOf(known)).toBeLessThanOrEqual(MOST);
		expect(sizeOf(known)).toBeGreaterThan(29_900);
		expect([
			known.has(89_997, null),
			known.has(89_998, null),
			known.has(0, null),
			known.has(1, null),
		]).toEqual([true, false, true, true]);
	});

	it('is bounded with numbers far apart', () => {
		const known = KnownAlerts.none();
		for (let i = 0; i < 10_000; i++) known.add(i * 900_000_000_000, NOON, NOON);
		expect(sizeOf(known)).toBeLessThanOrEqual(MOST);
		expect(sizeOf(known)).toBeGreaterThan(29_800);
	});

	it('is bounded with texts alone, and the 2,300 that were born last are kept', () => {
		const known = KnownAlerts.none();
		for (let i = 0; i < 5_000; i++)
			known.add(`alert-${i}`, NOON + i * 20 * MINUTE, NOON + DAY * 365);
		expect(sizeOf(known)).toBeLessThanOrEqual(MOST);
		expect([
			known.has('alert-4999', null),
			known.has('alert-2700', null),
			known.has('alert-2000', null),
		]).toEqual([true, true, false]);
	});

	it('is bounded with both: texts take what numbers leave', () => {
		const known = KnownAlerts.none();
		for (let i = 0; i < 10_000; i++) known.add(i * 3, NOON, NOON);
		for (let i = 0; i < 5_000; i++)
			known.add(`alert-${i}`, NOON + i * 20 * MINUTE, NOON + DAY * 365);
		expect(sizeOf(known)).toBeLessThanOrEqual(MOST);
		expect(sizeOf(known)).toBeGreaterThan(28_000);
		expect([
			known.has(1, null),
			known.has('alert-4999', null),
			known.has('alert-4500', null),
			known.has('alert-4000', null),
		]).toEqual([false, true, true, false]);
	});
});

describe('a server that begins to number its alerts again', () => {
	const later = NOON + DAY + 1;

	it('is noticed by an old number on an alert that was born a day after the newest: the old numbers are forgotten', () => {
		const known = knownUpTo(100);
		expect(known.startOver(1, later, later)).toBe(NOON);
		expect([known.has(1, null), known.has(100, null)]).toEqual([false, false]);
	});

	it('is noticed by the highest number too, and by one that never came', () => {
		expect(knownUpTo(100).startOver(100, later, later)).toBe(NOON);
		expect(knownUpTo(100).startOver(0, later, later)).toBe(NOON);
	});

	it.each([
		['the number is above the highest', 101, later, later],
		['the alert was born no more than a day after the newest', 1, NOON + DAY, later],
		['the number is a text', 'one', later, later],
		["the alert's birth is not known", 1, null, later],
		["the server's time is not known", 1, later, null],
		["the alert was born in the server's future", 1, later, later - MINUTE - 1],
	])('is not assumed where %s', (_what, id, bornAt, serverTime) => {
		const known = knownUpTo(100);
		expect(known.startOver(id, bornAt, serverTime)).toBeNull();
		expect([known.has(1, null), known.has(100, null)]).toEqual([true, true]);
	});

	it("is assumed up to a minute into the server's future: clocks differ", () => {
		expect(knownUpTo(100).startOver(1, later, later - MINUTE)).toBe(NOON);
	});

	it('is not assumed before anything is known, nor while no time is', () => {
		const known = KnownAlerts.none();
		expect(known.startOver(1, later, later)).toBeNull();
		known.add(100, null, null);
		expect(known.pack(0).newest).toBeNull();
		expect(known.startOver(1, later, later)).toBeNull();
	});

	it('is not assumed because of the highest number on an alert without a date: that counts as now', () => {
		const known = KnownAlerts.none();
		known.add(8, NOON - 2 * DAY, NOON);
		known.add(22, null, NOON);
		expect(known.startOver(9, NOON - MINUTE, NOON)).toBeNull();
		expect(known.has(22, null)).toBe(true);
		expect(known.startOver(9, later, later)).toBe(NOON);
	});

	it('is not assumed because of an alert whose birth lies in the future: that counts as now', () => {
		const known = KnownAlerts.none();
		known.add(100, NOON, NOON);
		known.add(101, NOON + 2 * DAY, NOON + MINUTE);
		expect(known.pack(0).newest).toBe(NOON + MINUTE);
		known.add(102, NOON + 2 * MINUTE, null);
		expect(known.pack(0).newest).toBe(NOON + 2 * MINUTE);
		known.add(103, NOON, NOON + DAY);
		known.add(99, null, NOON + DAY);
		expect(known.pack(0).newest).toBe(NOON + 2 * MINUTE);
	});
});
