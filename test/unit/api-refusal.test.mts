import { expect, test } from 'vitest';

import { refusalOf } from '../../nodes/shared/api/refusal.ts';

const answer = (status: number, body: unknown = {}, headers: Record<string, unknown> = {}) => ({
	status,
	headers,
	body,
});

test.each([401, 419, 440, 498])('status %d says for sure that the token has ended', (status) => {
	expect(refusalOf(answer(status), false)).toBe('token');
	expect(refusalOf(answer(status, '<html>'), true)).toBe('token');
});

test('status 403 perhaps says so', () => {
	expect(refusalOf(answer(403), false)).toBe('perhaps');
});

test.each([301, 302, 303, 307, 308])(
	'a redirect with status %d may lead to a login page, but after one nobody knows what was begun',
	(status) => {
		expect(refusalOf(answer(status), true)).toBe('perhaps');
		expect(refusalOf(answer(status), false)).toBeNull();
	},
);

test.each([
	[200, 'perhaps'],
	[299, 'perhaps'],
	[300, null],
	[404, null],
	[503, null],
])('a page with status %d may be a login page: %j', (status, refusal) => {
	expect(refusalOf(answer(status, '<html>'), true)).toBe(refusal);
	expect(refusalOf(answer(status, '<html>'), false)).toBeNull();
	expect(refusalOf(answer(status, { a: 1 }), true)).toBeNull();
});

test.each([
	'invalid_token',
	'Invalid token',
	'INVALID-TOKEN',
	'invalidtoken',
	'Token expired',
	'The token of this session is invalid',
	'token revoked',
	'Your token has ended',
	'token is not valid',
	'An expired token was sent',
	'Invalid access token',
	'expired bearer TOKEN',
])('status 400 with %j says for sure that the token has ended', (words) => {
	expect(refusalOf(answer(400, words), false)).toBe('token');
	expect(refusalOf(answer(400, { error: { text: words } }), true)).toBe('token');
	expect(refusalOf(answer(400, undefined, { 'www-authenticate': words }), true)).toBe('token');
	expect(refusalOf(answer(404, words), true)).toBeNull();
});

test.each([
	'LastSeen is invalid',
	'The token is fine. LastSeen is invalid',
	`token ${'x'.repeat(40)} expired`,
	'Expired. Send a token',
	`invalid ${'x'.repeat(20)} token`,
	'tokens expired',
	undefined,
	`${'x'.repeat(4_000)} invalid_token`,
])('status 400 with %j does not', (words) => {
	expect(refusalOf(answer(400, words), true)).toBeNull();
});
