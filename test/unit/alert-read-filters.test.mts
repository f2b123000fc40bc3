import { describe, expect, it, test } from 'vitest';

import { filtersOf } from '../../nodes/shared/alert/read-filters.ts';

const refuse = (message: string, description: string) =>
	Object.assign(new Error(message), { description });
const read = (filters: unknown, stored: unknown = filters) => filtersOf(filters, stored, refuse);

describe('what is understood', () => {
	it.each<[unknown, number[]]>([
		[[2], [2]],
		[['2'], [2]],
		[['Low'], [2]],
		['Low', [2]],
		[2, [2]],
		['2', [2]],
		['2,3', [2, 3]],
		[' low , CRITICAL ', [2, 5]],
		[
			[2, 'High'],
			[2, 4],
		],
		[
			['2,3', 'high'],
			[2, 3, 4],
		],
		['["Low", 5]', [2, 5]],
		['[4]', [4]],
		[[4, '4', 'High'], [4]],
		[99, [99]],
		['unknown', [99]],
	])('severities %j are %j', (severities, codes) =>
		expect(read({ severities })).toEqual({ severities: codes }),
	);

	it.each([
		[0, 0],
		['0', 0],
		['Open', 0],
		[-0, 0],
		[' closed', 3],
	])('the status %j is %d', (one, code) => {
		expect(read({ statuses: one })).toEqual({ statuses: [code] });
		expect(Object.is(read({ statuses: one }).statuses![0], code)).toBe(true);
	});

	it.each([
		['url', 3],
		['ip', 2],
		[6, 6],
	])('the alert type %j is %d', (one, code) =>
		expect(read({ alertTypes: [one] })).toEqual({ alertTypes: [code] }),
	);

	it.each([
		['Servers', 'Servers'],
		[' Servers ', 'Servers'],
		[12, '12'],
		[0, '0'],
		[1.5, '1.5'],
		['0', '0'],
		['Büro "Nord" (2) – 𝒳', 'Büro "Nord" (2) – 𝒳'],
	])('the scan group %j is %j', (scanGroup, text) => {
		expect(read({ scanGroup, name: scanGroup })).toEqual({ scanGroup: text, name: text });
	});

	it.each([
		['WS-0142', 'WS-0142'],
		[142, '142'],
		["Jane's MacBook (2)", "Jane's MacBook (2)"],
	])('the host %j is %j', (hostName, text) =>
		expect(read({ hostName })).toEqual({ hostName: text }),
	);

	it('no filter asks for nothing', () => {
		expect(read({})).toEqual({});
		expect(read(undefined)).toEqual({});
	});
});

/** What comes of expressions, models, sheets and imported workflows. */
const EMPTY: unknown[] = [
	'',
	' ',
	'\t\n',
	'\u00a0',
	undefined,
	null,
	'undefined',
	'null',
	'NaN',
	'[object Object]',
];
const ODD: unknown[] = [
	{},
	{ length: 1 },
	[],
	[null],
	[[]],
	[{}],
	true,
	false,
	Number.NaN,
	Infinity,
	2 ** 53,
	1e21,
	() => 'x',
	Symbol('x'),
	new Date(0),
	Object.create(null),
	{ toString: 1, valueOf: 1 },
	'\u0000',
	'a\nb',
	'a\r\nb',
	'\u200b',
	'\u200b\u2060\ufeff',
	'\u3164',
];

describe.each(['name', 'hostName', 'scanGroup'])('the filter %s', (filter) => {
	test.each(EMPTY.map((value) => [value]))('%j is empty, which is not any', (value) => {
		expect(() => read({ [filter]: value })).toThrow(
			/^"(Alert Name Contains|Host Name|Scan Group)" is empty, which would let every alert pass$/,
		);
	});

	test.each(
		ODD.map((value) => [
			typeof value === 'symbol' ? 'Symbol' : (JSON.stringify(value) ?? 'function'),
			value,
		]),
	)('%s is refused', (_told, value) => {
		expect(() => read({ [filter]: value })).toThrow(
			/^"(Alert Name Contains|Host Name|Scan Group)" (is not one line of text|cannot be the name of a host)/,
		);
	});
});

describe.each(['severities', 'statuses', 'alertTypes'])('the filter %s', (filter) => {
	test.each(
		[...EMPTY, [], [null], [''], ['', null], '[]', ' [] ', '[null]', ','].map((value) => [value]),
	)('%j is empty, which is not any', (value) => {
		expect(() => read({ [filter]: value })).toThrow(
			/^"(Severities|Statuses|Alert Types)" is empty, which would let every alert pass$/,
		);
	});

	test.each([
		[{}],
		[{ length: 1 }],
		[{ 0: 2 }],
		[[{}]],
		[[[2]]],
		[true],
		[false],
		[['hgh']],
		['hgh'],
		[[98]],
		[-1],
		[[-1]],
		[1.5],
		['1.5'],
		['2.0'],
		['0x2'],
		['1e0'],
		['２'],
		[2 ** 53],
		[Number.NaN],
		[Infinity],
		['2,,3'],
		['2,'],
		['2;3'],
		['[2'],
		['[[2]]'],
		['{"0":2}'],
		['constructor'],
		['toString'],
		['__proto__'],
		['all'],
		['*'],
		[[2, null]],
		[[2, 'hgh']],
		[() => 2],
		[new Date(0)],
		['low\u200b'],
	])('%j is refused', (value) => {
		expect(() => read({ [filter]: value })).toThrow(
			/^"(Severities|Statuses|Alert Types)" holds .*which is none of its choices$/,
		);
	});
});

test('a filter of which only the node knows is one that came to nothing', () => {
	expect(() => read({}, { hostName: '={{ $json.nothing }}' })).toThrow(
		'"Host Name" is empty, which would let every alert pass',
	);
	expect(() =>
		read({ severities: [2] }, { severities: [2], statuses: '={{ $json.nothing }}' }),
	).toThrow('"Statuses" is empty');
});

test.each([
	[null],
	['x'],
	[7],
	[[]],
	[{ severity: 4 }],
	[{ Severities: [4] }],
	[JSON.parse('{"__proto__":[4]}')],
	[{ constructor: 1 }],
])('all filters as %j are refused', (filters) => {
	expect(() => read(filters)).toThrow('"Filters" holds something other than filters');
	expect(() => read(undefined, filters)).toThrow('"Filters" holds something other than filters');
});

test('what is shown of what was given is harmless', () => {
	for (const odd of ['<img src=x>', 'a'.repeat(1_000), '\u202ehgh', '**x**'])
		expect(() => read({ severities: [odd] })).toThrow(
			'"Severities" holds something, which is none of its choices',
		);
});

test('a host name that no host can have is refused, also as a filter', () => {
	for (const hostName of ['A, B', '*', 'WS-%', '10.0.0.0/24', 'a'.repeat(254)])
		expect(() => read({ hostName })).toThrow(/^"Host Name" cannot be the name of a host/);
});
