import { expect, test } from 'vitest';

import { salvage } from '../../nodes/shared/api/salvage.ts';

const row = (id: number, more = '') => `{"ClientDbId":${id},"IncidentName":"a } ] , \\" b"${more}}`;
const read = (id: number, more: object = {}) => ({
	ClientDbId: id,
	IncidentName: 'a } ] , " b',
	...more,
});
const envelope = (...rows: string[]) =>
	`{"SyncTimeUtc":"2026-06-01T12:00:00Z","Entities":[${rows.join(',')}],"Total":2}`;

test.each([
	['a number that is none', ',"Score":NaN,"Low":-Infinity', { Score: null, Low: null }],
	['a raw control character', ',"Path":"a\u0000b\nc"', { Path: 'a\u0000b\nc' }],
	['a comma too many', ',"Tags":["x",],', { Tags: ['x'] }],
	[
		'a backslash that escapes nothing',
		',"Path":"C:\\Users\\new\\u12"',
		{ Path: 'C:\\Users\new\\u12' },
	],
	['words of Python', ',"Old":None,"New":True,"Seen":False', { Old: null, New: true, Seen: false }],
	['an undefined', ',"Score":undefined', { Score: null }],
	[
		'what only looks like it',
		',"Text":"NaN, ] } Infinity,]","Score":NaN',
		{ Text: 'NaN, ] } Infinity,]', Score: null },
	],
])('a row with %s is repaired, and the rows around it are unharmed', (_, bad, repaired) => {
	expect(salvage(envelope(row(1), row(2, bad), row(3)))).toEqual({
		body: {
			SyncTimeUtc: '2026-06-01T12:00:00Z',
			Entities: [read(1), read(2, repaired), read(3)],
			Total: 2,
		},
		repaired: 1,
	});
});

test.each([
	['garbage', '{"ClientDbId":2 oops}'],
	['a quotation mark too many', '{"ClientDbId":2,"IncidentName":"say "hello, {"}'],
	['a quotation mark too few', '{"ClientDbId":2,"IncidentName":"hello}'],
	['a bracket too many', '{"ClientDbId":2,"IncidentName":{"x":"y"}'],
	['nothing', ''],
])('a row that is %s keeps its place as text, and the rows around it are unharmed', (_, bad) => {
	const { body, repaired } = salvage(envelope(row(1), bad, row(3), row(4)))!;
	expect(body).toMatchObject({
		SyncTimeUtc: '2026-06-01T12:00:00Z',
		Entities: [read(1), bad, read(3), read(4)],
	});
	expect(repaired).toBe(1);
});

test('the last row may be the bad one', () => {
	const bad = '{"ClientDbId":2,"IncidentName":"hello}';
	expect(salvage(envelope(row(1), bad))?.body).toMatchObject({ Entities: [read(1), bad] });
	expect(salvage(`[${row(1)},${bad}]`)?.body).toEqual([read(1), bad]);
});

test('the text of a row is bounded', () => {
	const { body } = salvage(`[${row(1)},{"ClientDbId":2 ${'x'.repeat(5_000)}}]`)!;
	expect((body as unknown[])[1]).toHaveLength(200);
});

test('a bare list is read, and a comma or a text after its end does no harm', () => {
	expect(salvage(`\ufeff [${row(1)} , ${row(2, ',"a":NaN')} , ] <!-- served by x -->`)).toEqual({
		body: [read(1), read(2, { a: null })],
		repaired: 1,
	});
});

test('rows that are no objects keep their places as well', () => {
	expect(salvage('[1,NaN,"a","b\nc",null,[1,],x]')).toEqual({
		body: [1, null, 'a', 'b\nc', null, [1], 'x'],
		repaired: 4,
	});
});

test.each([
	envelope(row(1), row(2, ',"a":NaN')).slice(0, -1),
	envelope(row(1), row(2, ',"a":NaN')).slice(0, -40),
	`[${row(1)},{"ClientDbId":NaN`,
	`[${row(1)},`,
	'[',
	'{"Entities":[',
	'{"Entities":[]',
	'{"Entities"',
	'{"SyncTimeUtc":"2026',
	'{"SyncTimeUtc" "2026","Entities":[]}',
	'{"Entities":[{}}',
	'{"SyncTimeUtc"x1,"Entities":[NaN]}',
	'{"Entities":[NaN],"Total":2',
	'{"Entities":[NaN],"Tot',
	'{"Entities":[NaN],"Total":"2',
	'{"Entities":[NaN] 1}',
	'[1,{"a":1}}]',
	'{"Entities":NaN}',
	'{"a":[NaN]}',
	'{}',
	'OK',
	'',
])('%j holds no whole list', (text) => {
	expect(salvage(text)).toBeNull();
});

test('a name that objects have of themselves is a member like any other', () => {
	const { body } = salvage('{"__proto__":{"polluted":1},"Entities":[NaN]}')!;
	expect(Object.keys(body as object)).toEqual(['__proto__', 'Entities']);
	expect(({} as { polluted?: number }).polluted).toBeUndefined();
});

test.each([
	['a quotation mark lost', '{"ClientDbId":2,"IncidentName":"hello}'],
	['a bracket too many', '{"ClientDbId":2,"IncidentName":{"x":"y"}'],
	['garbage', '{"ClientDbId":2 oops}'],
])('no part of the text is searched again for each of many bad rows: %s', (_, bad) => {
	let looked = 0;
	const counting = (text: string): string =>
		new Proxy(Object(text) as object, {
			get: (target, key) => {
				const value: unknown = Reflect.get(target, key, target);
				if (typeof key === 'string' && /^\d+$/.test(key)) looked++;
				if (typeof value !== 'function') return value;
				return (...given: [never, never]) => {
					const result = (value as (...all: unknown[]) => unknown).apply(text, given);
					if (key === 'charCodeAt') looked++;
					if (key === 'indexOf')
						looked +=
							Number(result) === -1
								? text.length - (given[1] as number)
								: Number(result) - (given[1] as number);
					return result;
				};
			},
		}) as unknown as string;
	const text = `[${row(1)},${Array<string>(2_000).fill(bad).join(',')},${row(3)}]`;
	expect((salvage(counting(text))?.body as unknown[]).length).toBe(2_002);
	expect(looked).toBeLessThan(10 * text.length);
});

test.each([...' \t\n\u000b\f\r\ufeff'])(
	'white space between all parts does no harm: %j',
	(space) => {
		const parts = [
			'',
			'{',
			'"a"',
			':',
			'"1"',
			',',
			'"Entities"',
			':',
			'[',
			'{"x":NaN}',
			',',
			'"y"',
			']',
			',',
			'"b"',
			':',
			'"3"',
			'}',
		];
		expect(salvage(parts.join(space))).toEqual({
			body: { a: '1', Entities: [{ x: null }, 'y'], b: '3' },
			repaired: 1,
		});
	},
);

test('what a member is called may need repair', () => {
	expect(salvage('{"a\tb":1,"Entities":[NaN]}')).toEqual({
		body: { 'a\tb': 1, Entities: [null] },
		repaired: 1,
	});
});

test.each([
	['"a\\u00e4\\"\\\\"', 'aä"\\'],
	['"\\u00E4\\x"', 'ä\\x'],
	['"\u0001\u001f"', '\u0001\u001f'],
	['-Infinity', null],
	['undefined', null],
	['None', null],
	['[True , False , ]', [true, false]],
	['{"a":1 , }', { a: 1 }],
])('of the row %j the value is %j', (row, value) => {
	expect(salvage(`[NaN,${row}]`)?.body).toEqual([null, value]);
});
