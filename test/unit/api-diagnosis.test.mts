import { expect, test } from 'vitest';

import { diagnoseAnswer, diagnoseTransport } from '../../nodes/shared/api/diagnosis.ts';
import { REASONS, sentences, type Reason } from '../../nodes/shared/api/reasons.ts';

const answer = (status: number, body: unknown = {}, headers: Record<string, unknown> = {}) => ({ status, headers, body });

test.each([
	[199, 'refused'],
	[300, 'redirected'],
	[301, 'redirected'],
	[304, 'redirected'],
	[399, 'redirected'],
	[400, 'refused'],
	[401, 'unauthorized'],
	[403, 'forbidden'],
	[404, 'notFound'],
	[405, 'refused'],
	[408, 'timedOut'],
	[409, 'refused'],
	[429, 'rateLimited'],
	[500, 'unavailable'],
	[503, 'unavailable'],
	[599, 'unavailable'],
])('an API answer with status %d is %s', (status, reason) => {
	expect(diagnoseAnswer(answer(status))).toMatchObject({ reason, status, login: false });
});

test.each([
	[302, 'redirected'],
	[400, 'loginRefused'],
	[401, 'keysRejected'],
	[403, 'keysRejected'],
	[404, 'loginNotFound'],
	[405, 'loginNotFound'],
	[415, 'loginRefused'],
	[422, 'loginRefused'],
	[418, 'loginRefused'],
	[429, 'rateLimited'],
	[500, 'unavailable'],
])('a login answered with status %d is %s', (status, reason) => {
	expect(diagnoseAnswer(answer(status), true)).toMatchObject({ reason, status, login: true });
});

test.each([
	['<!doctype html>', {}, 'webPage'],
	['\r\n  <html>', {}, 'webPage'],
	['Sign in', { 'content-type': 'text/html; charset=utf-8' }, 'webPage'],
	['{"Entities":[{"Clie', { 'content-type': 'application/json' }, 'broken'],
	['[{"Clie', {}, 'broken'],
	['OK', {}, 'unreadable'],
	['OK [1]', {}, 'unreadable'],
	['OK {"Entities":[]}', {}, 'unreadable'],
])('a success whose body is %j with headers %j is %s', (body, headers, reason) => {
	expect(diagnoseAnswer(answer(200, body, headers))?.reason).toBe(reason);
});

test.each([200, 204, 299])('an answer with status %d is a success', (status) => {
	expect(diagnoseAnswer(answer(status))).toBeNull();
	expect(diagnoseAnswer(answer(status), true)).toBeNull();
});

test.each([[{}], [[]], [''], ['  '], [null], [undefined], [150]])('a success whose body is %j is a success', (body) => {
	expect(diagnoseAnswer(answer(200, body, { 'content-type': 'text/html' }))).toBeNull();
});

test.each([
	['ECONNABORTED', 'timedOut'],
	['ETIMEDOUT', 'timedOut'],
	['ENOTFOUND', 'hostUnknown'],
	['EAI_AGAIN', 'hostUnknown'],
	['ECONNREFUSED', 'unreachable'],
	['ECONNRESET', 'unreachable'],
	['EHOSTUNREACH', 'unreachable'],
	['EPIPE', 'unreachable'],
	['', 'unreachable'],
	['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
	['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
	['CERT_HAS_EXPIRED', 'certificate'],
	['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
	['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
	['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
	['EPROTO', 'insecure'],
	['ERR_SSL_WRONG_VERSION_NUMBER', 'insecure'],
	['HPE_INVALID_CONSTANT', 'broken'],
	['Z_BUF_ERROR', 'broken'],
	['ERR_BAD_RESPONSE', 'broken'],
	['ERR_CANCELED', 'cancelled'],
	['ERR_INVALID_URL', 'baseUrlInvalid'],
	['ERR_FR_TOO_MANY_REDIRECTS', 'notSent'],
	['ERR_BAD_OPTION', 'notSent'],
	['ERR_BAD_OPTION_VALUE', 'notSent'],
	['ERR_INVALID_CHAR', 'notSent'],
	['ESOCKETTIMEDOUT', 'timedOut'],
	['HOSTNAME_MISMATCH', 'certificate'],
	['INVALID_CA', 'certificate'],
	['INVALID_PURPOSE', 'certificate'],
	['ERR_NETWORK', 'unreachable'],
])('a request that ends with %s is %s', (code, reason) => {
	const diagnosis = { reason, status: null, retryAfterMs: null, login: false, detail: undefined };
	expect(diagnoseTransport({ isAxiosError: true, code })).toEqual(diagnosis);
	// As n8n 1.x throws it: a NodeApiError without its cause
	if (code !== '') expect(diagnoseTransport({ httpCode: code })).toEqual(diagnosis);
});

test.each([
	['an error of axios', { isAxiosError: true, code: 'ERR_BAD_RESPONSE', response: { status: 200, headers: {} } }],
	["n8n's own error", { httpCode: '200' }],
])('an answer that breaks off has a good status and is broken all the same: %s', (_, error) => {
	expect(diagnoseTransport(error)).toMatchObject({ reason: 'broken', status: 200 });
});

test.each([
	['403', 'forbidden'],
	['503', 'unavailable'],
])("n8n's own error for a status %s is read by it", (httpCode, reason) => {
	expect(diagnoseTransport({ httpCode })).toMatchObject({ reason, status: Number(httpCode) });
});

test.each([{}, { httpCode: null }, { httpCode: 'none' }, { httpCode: 'SQLITE_BUSY' }, { code: 'ERR_OSSL_BAD_DECRYPT' }, { code: 'ENOENT' }])('%j does not say that the network is to blame', (error) => {
	expect(diagnoseTransport(error)).toBeNull();
});

test.each([
	'XERR_CANCELED',
	'ERR_CANCELED_X',
	'XERR_INVALID_URL',
	'ERR_INVALID_URL_SCHEME',
	'XERR_INVALID_CHAR',
	'ERR_INVALID_CHARSET',
	'XUNABLE_TO_VERIFY',
	'XHOSTNAME_MISMATCH',
	'XINVALID_CA',
	'INVALID_CAMERA',
	'XECONNABORTED',
	'ETIMEDOUT_X',
	'XENOTFOUND',
	'SQLITE_EAI_X',
	'X_EPROTO',
	'X_HPE_INVALID',
	'ERR_FUZZ_BUF',
	'X_ECONNRESET',
	'ERR_NETWORK_X',
	'1503',
	'5031',
])('%s is not taken for the code that it holds', (httpCode) => {
	expect(diagnoseTransport({ httpCode })).toBeNull();
	expect(diagnoseTransport({ isAxiosError: true, code: httpCode })).toMatchObject({ reason: 'unreachable', status: null });
});

test('an error of axios without a code means that the connection is to blame', () => {
	expect(diagnoseTransport({ isAxiosError: true })).toMatchObject({ reason: 'unreachable', status: null });
});

test('an answer that axios threw is read by its status and its Retry-After', () => {
	const error = { isAxiosError: true, code: 'ERR_BAD_REQUEST', response: { status: 429, headers: { 'retry-after': '7' } } };
	expect(diagnoseTransport(error)).toMatchObject({ reason: 'rateLimited', status: 429, retryAfterMs: 7_000 });
});

const TRANSIENT: Reason[] = ['rateLimited', 'unavailable', 'timedOut', 'hostUnknown', 'unreachable', 'insecure', 'broken'];

test.each(Object.keys(REASONS) as Reason[])('%s says in plain words what to do next, and waits only where that can help', (reason) => {
	const { message, description, transient } = REASONS[reason];
	expect(transient).toBe(TRANSIENT.includes(reason));
	for (const text of [message, description]) {
		expect(text).toMatch(/^\S.*[^.\s]$/);
		expect(text).not.toMatch(/error|problem|failure|failed|mistake|wrong|invalid/i);
		expect(text).not.toMatch(/[<>](?! Client Site| Sites)/);
		// n8n replaces a message that holds one of these by its own
		expect(text).not.toMatch(/E(CONN|NOT|TIMED|HOST|AI_|NOENT|ISDIR|ACCES|EXIST|PERM)|GETADDRINFO/i);
	}
	expect(sentences(reason)).toBe(`${message}. ${description}.`);
});
