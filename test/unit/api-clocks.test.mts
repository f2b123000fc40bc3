import { describe, expect, it } from 'vitest';
import { asEarlier, clocksAgree, dateAheadOf, earlierOf } from '../../nodes/shared/api/clocks.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('of two clocks in an answer', () => {
	it.each([
		[0, 0],
		[999, 999],
		[1000, 0],
		[HOUR, 0],
		[-1, -1],
		[-HOUR, -HOUR],
	])(
		'the earlier counts, to the second that Date has: SyncTimeUtc %d ms ahead',
		(ahead, counts) => {
			expect(earlierOf({ stated: NOON + ahead, date: NOON })).toBe(NOON + counts);
		},
	);

	it.each([
		[2 * MINUTE, true],
		[2 * MINUTE + 1, false],
	])('%d ms apart agree: %s', (apart, agree) => {
		expect(clocksAgree({ stated: NOON, date: NOON + apart })).toBe(agree);
		expect(clocksAgree({ stated: NOON + apart, date: NOON })).toBe(agree);
	});
});

describe('where earlier answers had two clocks apart', () => {
	it.each([
		[
			'Date alone, which was two hours ahead',
			{ stated: null, date: NOON },
			2 * HOUR,
			NOON - 2 * HOUR,
		],
		['Date alone, which was two hours behind', { stated: null, date: NOON }, -2 * HOUR, NOON],
		[
			'SyncTimeUtc alone, which was two hours ahead',
			{ stated: NOON, date: null },
			-2 * HOUR,
			NOON - 2 * HOUR,
		],
		['SyncTimeUtc alone, which was two hours behind', { stated: NOON, date: null }, 2 * HOUR, NOON],
		['both', { stated: NOON - HOUR, date: NOON }, 2 * HOUR, NOON - HOUR],
		['none', { stated: null, date: null }, 2 * HOUR, null],
	])('an answer with %s is read as the earlier one', (_, clocks, ahead, counts) => {
		expect(asEarlier(clocks, ahead)).toBe(counts);
	});

	it.each([
		[2 * HOUR, 2 * HOUR],
		[-2 * HOUR, -2 * HOUR],
		[DAY, DAY],
		[-DAY, -DAY],
		[MINUTE, 0],
		[DAY + 1, 0],
		[-3650 * DAY, 0],
	])('%d ms are counted on as %d: what is more than a day is no time zone', (ahead, counts) => {
		expect(dateAheadOf({ stated: NOON, date: NOON + ahead })).toBe(counts);
	});

	it('an answer with one of them says nothing about how far they are apart', () => {
		expect([
			dateAheadOf({ stated: NOON, date: null }),
			dateAheadOf({ stated: null, date: NOON }),
		]).toEqual([null, null]);
	});
});
