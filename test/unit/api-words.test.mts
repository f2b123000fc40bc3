import { expect, test } from 'vitest';

import { complaintOf, presentable } from '../../nodes/shared/api/words.ts';

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
