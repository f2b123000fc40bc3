import { describe, expect, it } from 'vitest';
import {
	ALERT_TYPES,
	SEVERITIES,
	STATUSES,
	code,
	codeName,
	codeOf,
	severityOf,
} from '../../nodes/shared/alert/codes.ts';

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

	it.each([
		[null],
		[undefined],
		[''],
		['  '],
		['High'],
		['4x'],
		[1.5],
		['1.5'],
		[NaN],
		[Infinity],
		['Infinity'],
		[true],
		[[4]],
		[{}],
	])('%j is none', (value) => {
		expect(code(value)).toBeNull();
	});
});

describe('the name of a code', () => {
	it.each([
		[SEVERITIES, ['1 Information', '2 Low', '3 Medium', '4 High', '5 Critical', '99 Unknown']],
		[STATUSES, ['0 Open', '1 Pending', '2 Ignored', '3 Closed']],
		[ALERT_TYPES, ['0 File', '1 Domain', '2 IP', '3 URL', '4 User', '5 Host', '6 System']],
	])("is the vendor's", (names, all) => {
		expect(Object.keys(names).map((number) => `${number} ${codeName(names, number)}`)).toEqual(all);
	});

	it('is found for the number and for its text', () => {
		expect(codeName(SEVERITIES, 4)).toBe('High');
		expect(codeName(SEVERITIES, '4')).toBe('High');
	});

	it('is found for the name in any letter case', () => {
		expect(codeName(SEVERITIES, ' critical ')).toBe('Critical');
		expect(codeName(STATUSES, 'CLOSED')).toBe('Closed');
		expect(codeName(ALERT_TYPES, 'ip')).toBe('IP');
	});

	it('tells the number where the vendor has added a code', () => {
		expect(codeName(STATUSES, 7)).toBe('Unknown (7)');
		expect(codeName(STATUSES, '-1')).toBe('Unknown (-1)');
	});

	it('is null where there is no code', () => {
		expect(codeName(SEVERITIES, undefined)).toBeNull();
		expect(codeName(SEVERITIES, null)).toBeNull();
		expect(codeName(SEVERITIES, '')).toBeNull();
	});

	it.each(['constructor', 'Sev-9', '1e3', '0x4', 1.5, 2 ** 60, {}, [4], true])(
		'is Unknown for %j, which is no code',
		(value) => {
			expect(codeName(SEVERITIES, value)).toBe('Unknown');
			expect(code(value)).toBeNull();
		},
	);
});

describe('a code written as a name', () => {
	it.each([
		['High', 4],
		[' critical ', 5],
		['INFORMATION\n', 1],
		['unknown', 99],
		['4', 4],
		[' 4 ', 4],
		[4, 4],
		[7, 7],
		['7', 7],
	])('%j is %j', (value, number) => {
		expect(codeOf(SEVERITIES, value)).toBe(number);
	});

	it.each([
		'Sev-9',
		'Hig',
		'High!',
		'constructor',
		'__proto__',
		'toString',
		'',
		'  ',
		'1.5',
		null,
		undefined,
		{},
		[],
		['High'],
		true,
		NaN,
		`${' '.repeat(40)}4`,
		'4'.repeat(1e6),
	])('%j is none', (value) => {
		expect(codeOf(SEVERITIES, value)).toBeNull();
	});

	it('is read among its own names', () => {
		expect(codeOf(STATUSES, 'High')).toBeNull();
		expect(codeOf(ALERT_TYPES, 'user')).toBe(4);
	});

	it('is a severity only if the vendor names it', () => {
		expect([1, '2', 'Medium', 4, 5, 99, 'Unknown'].map(severityOf)).toEqual([
			1, 2, 3, 4, 5, 99, 99,
		]);
		expect(
			[0, 6, 7, -1, 98, '7', 'Sev-9', null, undefined, {}, '', 'constructor'].map(severityOf),
		).toEqual(Array(12).fill(null));
	});
});
