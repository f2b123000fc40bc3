import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { parseTime } from '../../nodes/shared/alert/time.ts';
import { parseRetryAfter } from '../../nodes/shared/api/retry-after.ts';
import { formatTime, parseHttpDate } from '../../nodes/shared/api/time.ts';
import { clock } from '../../nodes/shared/clock.ts';

// A time without a zone must not be read as this machine's, which usually is UTC where tests run.
const { TZ } = process.env;
beforeAll(() => void (process.env.TZ = 'Asia/Tokyo'));
afterAll(() => {
	if (TZ === undefined) delete process.env.TZ;
	else process.env.TZ = TZ;
});

const real = { ...clock };
const NOON = Date.parse('2026-06-01T12:00:00Z');

beforeEach(() => {
	clock.now = () => NOON;
});
afterEach(() => {
	Object.assign(clock, real);
});

test.each([
	[NOON, '2026-06-01 12:00:00'],
	[NOON + 999, '2026-06-01 12:00:00'],
	[0, '1970-01-01 00:00:00'],
	[-5, '1970-01-01 00:00:00'],
])('%d is sent in UTC, cut to the second, never before 1970', (milliseconds, text) => {
	expect(formatTime(milliseconds)).toBe(text);
});

test.each([
	['2026-06-01T12:00:00Z', NOON],
	['2026-06-01T12:00:00.318Z', NOON + 318],
	['2026-06-01T12:00:00.3181239Z', NOON + 318],
	['2026-06-01T12:00:00.5', NOON + 500],
	['2026-06-01T12:00:00', NOON],
	['2026-06-01 12:00:00', NOON],
	['2026-06-01T15:00:00+03:00', NOON],
	['2026-06-01T09:30:00-0230', NOON],
	['2026-06-01t12:00:00z', NOON],
])('the server time %j is read, a missing zone as UTC', (text, milliseconds) => {
	expect(parseTime(text)).toBe(milliseconds);
});

test.each([
	'0001-01-01T00:00:00',
	'1969-12-31T23:59:59Z',
	'',
	'yesterday',
	'2026-06-01',
	'2026-13-01T00:00:00Z',
	17,
	null,
	undefined,
])('the server time %j is none', (text) => {
	expect(parseTime(text)).toBeNull();
});

test('the Date header is read, and a broken one is none', () => {
	expect(parseHttpDate('Mon, 01 Jun 2026 12:00:00 GMT')).toBe(NOON);
	expect(parseHttpDate('soon')).toBeNull();
	expect(parseHttpDate('Thu, 01 Jan 1970 00:00:00 GMT')).toBeNull();
	expect(parseHttpDate(2026)).toBeNull();
	expect(parseHttpDate(undefined)).toBeNull();
});

test.each([
	['7', 7_000],
	[7, 7_000],
	[' 3600 ', 3_600_000],
	['3601', 3_600_000],
	['86400', 3_600_000],
	['1780315200', 3_600_000],
	['9999999999', 3_600_000],
	['9'.repeat(400), 3_600_000],
	['Thu, 01 Jan 2099 00:00:00 GMT', 3_600_000],
	['Mon, 01 Jun 2026 12:00:30 GMT', 30_000],
	['Mon, 01 Jun 2026 11:59:30 GMT', null],
	['0', null],
	['-3', null],
	['1.5', null],
	['soon', null],
	['2027-06-01', null],
	['2027-06-01T12:00:00Z', null],
	['', null],
	[undefined, null],
	[null, null],
	[['7'], null],
])('Retry-After %j asks for %j ms', (header, milliseconds) => {
	expect(parseRetryAfter(header)).toBe(milliseconds);
});

test("a Retry-After date is measured on the server's clock, however wrong this machine's is", () => {
	clock.now = () => NOON + 3_600_000;
	expect(parseRetryAfter('Mon, 01 Jun 2026 12:00:30 GMT', 'Mon, 01 Jun 2026 12:00:00 GMT')).toBe(
		30_000,
	);
});

test.each([undefined, 'soon', 2026])(
	'a Retry-After date beside a Date of %j is measured on the clock of this machine',
	(date) => {
		expect(parseRetryAfter('Mon, 01 Jun 2026 12:00:30 GMT', date)).toBe(30_000);
	},
);
