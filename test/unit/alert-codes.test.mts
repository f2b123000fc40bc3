import { describe, expect, it } from 'vitest';
import { ALERT_TYPES, SEVERITIES, STATUSES, code, codeName } from '../../nodes/shared/alert/codes.ts';

describe('a code', () => {
	it.each([
		[4, 4],
		['4', 4],
		[' 4 ', 4],
		[0, 0],
		['0', 0],
		[-1, -1],
		[99, 99],
	])('%j is the number %j', (value, number) => {
		expect(code(value)).toBe(number);
	});

	it.each([[null], [undefined], [''], ['  '], ['High'], ['4x'], [1.5], ['1.5'], [NaN], [Infinity], ['Infinity'], [true], [[4]], [{}]])('%j is none', (value) => {
		expect(code(value)).toBeNull();
	});
});

describe('the name of a code', () => {
	it.each([
		[SEVERITIES, ['1 Information', '2 Low', '3 Medium', '4 High', '5 Critical', '99 Unknown']],
		[STATUSES, ['0 Open', '1 Pending', '2 Ignored', '3 Closed']],
		[ALERT_TYPES, ['0 File', '1 Domain', '2 IP', '3 URL', '4 User', '5 Host', '6 System']],
	])('is the vendor\'s', (names, all) => {
		expect(Object.keys(names).map((number) => `${number} ${codeName(names, number)}`)).toEqual(all);
	});

	it('is found for the number and for its text', () => {
		expect(codeName(SEVERITIES, 4)).toBe('High');
		expect(codeName(SEVERITIES, '4')).toBe('High');
	});

	it('tells the number where the vendor has added a code', () => {
		expect(codeName(STATUSES, 7)).toBe('Unknown (7)');
		expect(codeName(STATUSES, '-1')).toBe('Unknown (-1)');
	});

	it('is null where there is no code', () => {
		expect(codeName(SEVERITIES, undefined)).toBeNull();
		expect(codeName(SEVERITIES, 'constructor')).toBeNull();
	});
});
