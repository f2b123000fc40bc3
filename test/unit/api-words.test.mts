import { expect, test } from 'vitest';

import { complaintOf, presentable, reasonIn } from '../../nodes/shared/api/words.ts';

test.each([
	[{ error: 'x' }, 'x'],
	[{ Error: 'x' }, 'x'],
	[{ errors: ['x', 'y'] }, 'x'],
	[{ errors: { LastSeen: ['is no date'] } }, 'is no date'],
	[{ Message: 'x' }, 'x'],
	[{ 'error-message': 'x' }, 'x'],
	[{ exception: { type: 'T', message: 'x' } }, 'x'],
	[{ fault: { faultstring: 'x' } }, 'x'],
	[{ type: 'about:blank', title: 'Bad Request', status: 400, detail: 'x' }, 'x'],
	[{ title: 'x', status: 400 }, 'x'],
	[{ error: true }, 'error'],
	[{ error: 17 }, '17'],
	[{ errorCode: 5 }, '5'],
	[{ error: { code: 0, message: '', inner: { text: 'x' } } }, 'x'],
	[{ success: false }, 'success: false'],
	[{ is_success: 'false' }, 'issuccess: false'],
	[{ ok: 0 }, 'ok: 0'],
	[{ hasErrors: true }, 'haserrors: true'],
	[{ status: 'Failed' }, 'status: Failed'],
	[{ status: 404 }, 'status: 404'],
	[{ code: '500' }, 'code: 500'],
	['Invalid client', 'Invalid client'],
	['<html><head><TITLE lang="en"> Maintenance </TITLE>', 'Maintenance'],
	[{ error: 'a', message: 'Success', detail: 'b' }, 'a'],
])('%j says %j', (body, said) => {
	expect(complaintOf(body)).toBe(said);
});

test.each([
	[{}],
	[[]],
	[[{ error: 'x' }]],
	[null],
	[undefined],
	[7],
	[''],
	[' '],
	['{"error":'],
	['[{'],
	['<html>'],
	['<title>'],
	[{ error: null, errors: [], message: '', exception: {}, fault: false, title: undefined }],
	[{ message: 'OK' }],
	[{ message: ' success. ' }],
	[{ Message: 'Completed' }],
	[{ message: 'No new alerts were found' }],
	[{ error: 'none' }],
	[{ success: true, status: 'ok', code: 200, statusCode: '200', errorCode: 0, hasErrors: false }],
	[{ status: 399 }],
	[{ status: 3 }],
	[{ code: 'ABC' }],
	[{ errors: [null, ''] }],
	[{ error: { code: 0, message: '' } }],
	[{ Entities: [{ error: 'x' }], SyncTimeUtc: 'x', Total: 500 }],
])('%j speaks of no error', (body) => {
	expect(complaintOf(body)).toBeUndefined();
});

test('what is shown is one short line without markup, control and direction characters, and without secrets', () => {
	expect(presentable('a\r\n\tb\u0000\u202ec\u200bd <img src=x> S3CRET', ['S3CRET'])).toBe(
		'a b c d img src=x ***',
	);
	expect(
		presentable(
			'Token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx is not valid at /api/alerts/bulkByDateChanged',
			[],
		),
	).toBe('Token *** is not valid at /api/alerts/bulkByDateChanged');
});

test.each([199, 200, 201, 5_000])(
	'%d characters are 200 at most, and no character is cut in half',
	(length) => {
		const shown = presentable('😀 '.repeat(length / 2) + (length % 2 ? '😀' : ''), []);
		expect(Array.from(shown).length).toBeLessThanOrEqual(200);
		expect(encodeURIComponent(shown)).not.toBe('');
		expect(shown.endsWith('…')).toBe(length > 200);
	},
);

test('a secret at the cut leaves no part of itself', () => {
	expect(presentable(`${'a '.repeat(95)}S3CRET-S3CRET`, ['S3CRET-S3CRET'])).not.toMatch(/S3C/);
});

test.each(['error', 'a'])(
	'a body that nests 100,000 levels deep is read to a depth and no further: %s',
	(name) => {
		let deep: object = { error: 'x' };
		for (let level = 0; level < 100_000; level++) deep = { [name]: deep };
		expect(complaintOf({ error: deep })).toBe('error');
	},
);

test('words are found some levels down', () => {
	expect(complaintOf({ error: { a: { b: { c: 'x' } } } })).toBe('x');
});

const TELLING = [
	'ErrorMessage',
	'exceptionMessage',
	'message',
	'messages',
	'msg',
	'error',
	'errors',
	'error_description',
	'exception',
	'fault',
	'faultstring',
	'detail',
	'title',
	'error-code',
];

test.each(TELLING)('%s tells of an error, and the most telling name comes first', (name) => {
	expect(complaintOf({ [name]: 'x' })).toBe('x');
	const all = Object.fromEntries([...TELLING].reverse().map((key) => [key, `words of ${key}`]));
	for (const before of TELLING.slice(0, TELLING.indexOf(name))) delete all[before];
	expect(complaintOf(all)).toBe(`words of ${name}`);
});

test.each(['Success', 'is_success', 'succeeded', 'isSucceeded', 'ok', 'isOk'])(
	'%s may say no',
	(name) => {
		for (const value of [false, 0, 'False', 'no'])
			expect(complaintOf({ [name]: value })).toMatch(/: (False|false|0|no)$/);
		for (const value of [true, 1, 'true', 'yes', 'not', 'falsehood', null, 500])
			expect(complaintOf({ [name]: value })).toBeUndefined();
	},
);

test.each(['isError', 'has_error', 'HasErrors', 'failed', 'is-failed'])(
	'%s may say yes',
	(name) => {
		for (const value of [true, 1, 'True', 'YES'])
			expect(complaintOf({ [name]: value })).toMatch(/: (True|true|1|YES)$/);
		for (const value of [false, 0, 'false', 'no', 'truest', 'oh yes', null, 500])
			expect(complaintOf({ [name]: value })).toBeUndefined();
	},
);

test.each(['status', 'StatusCode', 'code', 'http_status'])('%s may be a bad code', (name) => {
	for (const value of [400, 500, '400', 'ERROR', 'fail', 'Failed', 'failure'])
		expect(complaintOf({ [name]: value })).toMatch(/: (400|500|ERROR|fail|Failed|failure)$/);
	for (const value of [
		399,
		'399',
		'fails',
		'terror',
		'x error',
		true,
		false,
		null,
		[500],
		{ a: 500 },
	])
		expect(complaintOf({ [name]: value })).toBeUndefined();
});

test.each([
	...['ok', 'OK!', 'Okay', 'success', 'Successful', 'succeeded.', 'done', 'complete', 'Completed'],
	...['none', 'null', 'No error', 'no errors.', 'No alert', 'no new alerts', 'No more data'],
	...['no result', 'no results found', 'No records were found', 'no record was found', 'no row'],
	...['no rows', 'No entities found', 'no items', ' ok '],
])('%j in the place of an error says that all is well', (words) => {
	expect(complaintOf({ message: words })).toBeUndefined();
});

test.each([
	...['not ok', 'okey', 'done with errors', 'no', 'nothing', 'no such alert', 'No new hosts'],
	...['no alerts found here', 'ok??', `${' '.repeat(98)}ok`],
])('%j says that something is not', (words) => {
	expect(complaintOf({ message: words })).toBeDefined();
});

test('words are harmless up to a length, numbers only where they are no code', () => {
	expect(complaintOf({ message: `${' '.repeat(97)}ok` })).toBeUndefined();
	expect(complaintOf({ errorCode: 200 })).toBeUndefined();
	expect(complaintOf({ errorCode: 201 })).toBe('201');
});

test('words are looked for four levels down, and no further', () => {
	expect(complaintOf({ error: { a: { b: { c: { d: 'x' } } } } })).toBe('error');
	expect(complaintOf({ error: { a: { b: { c: 'x' } } } })).toBe('x');
	expect(complaintOf({ error: [0, [0, 'x'], 'y'] })).toBe('x');
	expect(complaintOf({ error: { a: 'y', message: 'x' } })).toBe('x');
});

test.each([
	['a b <TITLE>x</TITLE>', 'a b TITLE xTITLE'],
	['<html><Title>x', 'x'],
	['<title', undefined],
	[`<title>${'x'.repeat(500)}`, 'x'.repeat(200)],
	[' \n<p>x', undefined],
])('a text %j says %j', (text, said) => {
	if (text.startsWith('a b')) expect(complaintOf(text)).toMatch(/^a b/);
	else expect(complaintOf(text)).toBe(said);
});

const REASONS = [
	'reason',
	'Reasons',
	'description',
	'Details',
	'status_info',
	'info',
	'result',
	'response',
];

test.each(REASONS)(
	'an answer that says no may say why in %s, before any other sentence',
	(name) => {
		expect(reasonIn({ other: 'another sentence', [name]: 'because of it' })).toBe('because of it');
		expect(reasonIn({ other: 'another sentence', [name]: { text: 'because of it' } })).toBe(
			'because of it',
		);
	},
);

test.each([
	[{ error: 'x', reason: 'because of it' }, 'x'],
	[{ status: 400, other: 'another sentence' }, 'another sentence'],
	[{ status: 400, other: 'word' }, 'status: 400'],
	[{ error: 'at: 400 ms', other: 'another sentence' }, 'at: 400 ms'],
	[{ error: 'not at: 400', other: 'another sentence' }, 'not at: 400'],
	[{ status: 'failed', other: 'another sentence' }, 'status: failed'],
	[{ other: 'word' }, undefined],
	[['a sentence'], 'a sentence'],
	[{ a: { b: { c: 'a sentence' } } }, 'a sentence'],
	[{ a: { b: { c: { d: 'a sentence' } } } }, 'a sentence'],
	[{ a: { b: { c: { d: { e: 'a sentence' } } } } }, undefined],
	[null, undefined],
	[7, undefined],
	['words alone', 'words alone'],
])('of an answer that says no, %j gives %j as its reason', (body, reason) => {
	expect(reasonIn(body)).toBe(reason);
});

test('a reason holds no secret', () => {
	expect(reasonIn({ reason: 'not S3CRET at all' }, ['S3CRET'])).toBe('not *** at all');
});
