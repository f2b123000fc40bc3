import { describe, expect, it } from 'vitest';
import { isoTime, parseTime, parseTimestamp } from '../../nodes/shared/alert/time.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

describe('a date of the vendor', () => {
	it.each([
		['2026-06-01T12:00:00Z', NOON],
		['2026-06-01t12:00:00z', NOON],
		['2026-06-01T12:00:00+00:00', NOON],
		['2026-06-01T12:00:00-00:00', NOON],
		['2026-06-01T17:30:00+0530', NOON],
		['2026-06-01T17:30:00+05:30', NOON],
		['2026-06-01T09:30:00-02:30', NOON],
		['2026-06-02T02:00:00+14:00', NOON],
		['2026-06-01T00:00:00-12:00', NOON],
		['2026-06-01 12:00:00 Z', NOON],
		['  2026-06-01T12:00:00Z\n', NOON],
		['2026-06-01T12:00Z', NOON],
		['2026-06-01T12:34:56Z', NOON + 34 * 60_000 + 56_000],
		['2026-06-01T23:59:59Z', NOON + 12 * 3600_000 - 1000],
		['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
		['2000-02-29T00:00:00Z', Date.UTC(2000, 1, 29)],
		['2026-12-31T23:59:59Z', Date.UTC(2026, 11, 31, 23, 59, 59)],
		['1970-01-01T00:00:00Z', 0],
		['8999-12-31T23:59:59Z', Date.UTC(8999, 11, 31, 23, 59, 59)],
	])('%j is that moment, and sure of its zone', (text, time) => {
		expect(parseTimestamp(text)).toEqual({ time, zoned: true });
		expect(isoTime(text)).toBe(new Date(time).toISOString());
	});

	it.each([
		'9999-12-31T23:59:59Z',
		'9999-12-31T23:59:59.9999999',
		'9999-12-31 00:00:00+00:00',
		'9000-01-01T00:00:00Z',
	])('%j is "never" to who writes it, and no time to who reads it', (text) => {
		expect(isoTime(text)).toBeNull();
		expect(isoTime(text, '2026-06-01T12:00:00Z')).toBe('2026-06-01T12:00:00.000Z');
	});

	it.each(['2026-06-01T12:00:00', '2026-06-01 12:00:00', '2026-06-01T12:00'])(
		'%j has no zone: read as UTC, and told to be a guess',
		(text) => {
			expect(parseTimestamp(text)).toEqual({ time: NOON, zoned: false });
		},
	);

	it.each([
		['2026-06-01T12:00:00.3181239Z', 318],
		['2026-06-01T12:00:00.9999999Z', 999],
		['2026-06-01T12:00:00.318Z', 318],
		['2026-06-01T12:00:00.31Z', 310],
		['2026-06-01T12:00:00.5', 500],
		['2026-06-01T12:00:00,05Z', 50],
		['2026-06-01T12:00:00.000999999999999999999Z', 0],
	])('%j is cut to whole milliseconds', (text, milliseconds) => {
		expect(parseTime(text)).toBe(NOON + milliseconds);
		expect(isoTime(text)).toBe(new Date(NOON + milliseconds).toISOString());
	});

	it.each([
		[".NET's empty date", '0001-01-01T00:00:00'],
		[".NET's empty date with a zone", '0001-01-01T00:00:00Z'],
		['a year that Date would take for 1999', '0099-06-01T12:00:00Z'],
		['the last second before 1970', '1969-12-31T23:59:59Z'],
		['the last hours before 1970, written east of Greenwich', '1970-01-01T00:00:00+05:30'],
		['month 13', '2026-13-01T00:00:00Z'],
		['month 0', '2026-00-01T00:00:00Z'],
		['day 0', '2026-06-00T00:00:00Z'],
		['31 June', '2026-06-31T00:00:00Z'],
		['30 February', '2026-02-30T00:00:00Z'],
		['29 February of no leap year', '2026-02-29T00:00:00Z'],
		['29 February of a century that has none', '2100-02-29T00:00:00Z'],
		['24:00', '2026-06-01T24:00:00Z'],
		['minute 60', '2026-06-01T12:60:00Z'],
		['a leap second', '2016-12-31T23:59:60Z'],
		['second 60', '2026-06-01T12:00:60Z'],
		['second 61', '2026-06-01T12:00:61Z'],
		['a date alone', '2026-06-01'],
		['a day of one digit', '2026-6-1T12:00:00Z'],
		['a fraction without digits', '2026-06-01T12:00:00.Z'],
		['a zone that there is not', '2026-06-01T12:00:00+14:01'],
		['another one', '2026-06-01T12:00:00-99:99'],
		['a zone of hours alone', '2026-06-01T12:00:00+05'],
		["a zone's name", '2026-06-01T12:00:00 CET'],
		['the American order', '06/01/2026 12:00:00'],
		['something before it', 'on 2026-06-01T12:00:00Z'],
		['something after it', '2026-06-01T12:00:00Zulu'],
		['a year of five digits', '12026-06-01T12:00:00Z'],
		['words', 'yesterday'],
		['nothing', ''],
	])('%s is no date', (_what, text) => {
		expect(parseTimestamp(text)).toBeNull();
		expect(isoTime(text)).toBeNull();
	});

	it.each([
		[undefined],
		[null],
		[NOON],
		[true],
		[new Date(NOON)],
		[['2026-06-01T12:00:00Z']],
		[{}],
	])('%j is no date: only texts are', (value) => {
		expect(parseTime(value)).toBeNull();
	});
});

describe('the time of an item', () => {
	it('is ISO 8601 in UTC with milliseconds', () => {
		expect(isoTime('2026-06-01T17:30:00.5+0530')).toBe('2026-06-01T12:00:00.500Z');
	});

	it('is the first of the dates that is one', () => {
		expect(
			isoTime('0001-01-01T00:00:00', undefined, '2026-06-01T12:00:00Z', '2027-01-01T00:00:00Z'),
		).toBe('2026-06-01T12:00:00.000Z');
	});

	it('is the start of 1970 where that is the date', () => {
		expect(isoTime('1970-01-01T00:00:00Z', '2026-06-01T12:00:00Z')).toBe(
			'1970-01-01T00:00:00.000Z',
		);
	});

	it('is null where there is none', () => {
		expect(isoTime('soon', null)).toBeNull();
		expect(isoTime()).toBeNull();
	});
});
