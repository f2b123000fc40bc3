import { NodeApiError, type JsonObject } from 'n8n-workflow';
import { expect, test } from 'vitest';

import {
	atSite,
	concernsSite,
	diagnoseAnswer,
	diagnoseTransport,
	isDiagnosis,
	unsent,
} from '../../nodes/shared/api/diagnosis.ts';
import { REASONS, sentences, type Reason } from '../../nodes/shared/api/reasons.ts';
import { NODE } from './api-kit.mts';

const answer = (status: number, body: unknown = {}, headers: Record<string, unknown> = {}) => ({
	status,
	headers,
	body,
});

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
	[407, 'inBetween'],
	[408, 'timedOut'],
	[409, 'refused'],
	[425, 'unavailable'],
	[429, 'rateLimited'],
	[500, 'unavailable'],
	[503, 'unavailable'],
	[511, 'inBetween'],
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

test.each([
	[200, 'webPage'],
	[202, 'webPage'],
	[302, 'redirected'],
	[400, 'webPage'],
	[401, 'webPage'],
	[403, 'webPage'],
	[404, 'webPage'],
	[406, 'webPage'],
	[407, 'inBetween'],
	[429, 'rateLimited'],
	[502, 'unavailable'],
	[511, 'inBetween'],
])(
	'a web page with status %d is %s, at the login as well: it never says that the password is wrong, nor when to come again',
	(status, reason) => {
		const page = answer(status, '<!doctype html><title>Blocked</title>', { 'retry-after': '7' });
		expect(diagnoseAnswer(page)).toEqual({ reason, status, retryAfterMs: null, login: false });
		expect(diagnoseAnswer(page, true)).toEqual({ reason, status, retryAfterMs: null, login: true });
		expect(REASONS[reason as Reason].transient).toBe(true);
	},
);

test.each(['', ' \n'])(
	'status 403 with a body of %j may come from something in between, at the login as well',
	(body) => {
		expect(diagnoseAnswer(answer(403, body))?.reason).toBe('forbiddenSilently');
		expect(diagnoseAnswer(answer(403, body), true)?.reason).toBe('forbiddenSilently');
		expect(diagnoseAnswer(answer(401, body), true)?.reason).toBe('keysRejected');
	},
);

test.each([
	[425, 7_000],
	[429, 7_000],
	[500, 7_000],
	[503, 7_000],
	[200, null],
	[302, null],
	[400, null],
	[403, null],
	[408, null],
])('an answer with status %d may ask for a wait of %j ms', (status, retryAfterMs) => {
	expect(diagnoseAnswer(answer(status, 'x', { 'retry-after': '7' }))?.retryAfterMs).toBe(
		retryAfterMs,
	);
});

test('what an answer says of an error goes with the diagnosis, and nothing else of it', () => {
	expect(diagnoseAnswer({ ...answer(400, { error: 'x', secret: 's' }), said: 'x' })).toEqual({
		reason: 'refused',
		status: 400,
		retryAfterMs: null,
		login: false,
		said: 'x',
	});
});

test.each([
	['getaddrinfo ENOTFOUND acme.api.cynet.com', 'hostUnknown'],
	['getaddrinfo EAI_AGAIN acme.api.cynet.com', 'hostUnknown'],
	['queryA EAI_NODATA acme.api.cynet.com', 'hostUnknown'],
	['The request was blocked because it resolves to a restricted IP address', 'addressBlocked'],
	['The request was blocked because the destination hostname is restricted', 'addressBlocked'],
])(
	"%j of n8n's guard is %s, with a code or without, bare or in n8n's own error",
	(message, reason) => {
		const diagnosis = { ...unsent(reason as Reason), detail: undefined };
		expect(diagnoseTransport(new Error(message))).toEqual(diagnosis);
		expect(diagnoseTransport(Object.assign(new Error(message), { isAxiosError: true }))).toEqual(
			diagnosis,
		);
		expect(
			diagnoseTransport(new NodeApiError(NODE, new Error(message) as unknown as JsonObject)),
		).toEqual(diagnosis);
	},
);

test('a refusal of the guard is permanent and names the remedy', () => {
	expect(REASONS.addressBlocked.transient).toBe(false);
	expect(REASONS.addressBlocked.description).toMatch(
		/N8N_SSRF_ALLOWED_IP_RANGES.*N8N_SSRF_ALLOWED_HOSTNAMES/,
	);
});

test.each([
	'webPage',
	'redirected',
	'notFound',
	'loginNotFound',
	'tokenMissing',
	'hostUnknown',
	'insecure',
	'unreadable',
	'noList',
	'forbiddenSilently',
	'keysRejected',
] as Reason[])('%s may come of a slip in the credential', (reason) => {
	expect(REASONS[reason].maybeMistyped).toBe(true);
});

test.each([
	'unavailable',
	'rateLimited',
	'timedOut',
	'unreachable',
	'broken',
	'inBetween',
	'certificateEarly',
	'credentialUnread',
	'cancelled',
	'tooLarge',
] as Reason[])('%s does not come of a slip in the credential', (reason) => {
	expect(REASONS[reason].maybeMistyped).toBe(false);
});

test.each(['webPage', 'redirected', 'unreadable', 'noList', 'forbiddenSilently'] as Reason[])(
	'%s says what to check where it never worked',
	(reason) => {
		expect(REASONS[reason].description).toMatch(
			/If this never worked: (set Base URL|check that the API user)/,
		);
	},
);

test.each([200, 204, 299])('an answer with status %d is a success', (status) => {
	expect(diagnoseAnswer(answer(status))).toBeNull();
	expect(diagnoseAnswer(answer(status), true)).toBeNull();
});

test.each([[{}], [[]], [''], ['  '], [null], [undefined], [150]])(
	'a success whose body is %j is a success',
	(body) => {
		expect(diagnoseAnswer(answer(200, body, { 'content-type': 'text/html' }))).toBeNull();
	},
);

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
	['CERT_NOT_YET_VALID', 'certificateEarly'],
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
	[
		'an error of axios',
		{ isAxiosError: true, code: 'ERR_BAD_RESPONSE', response: { status: 200, headers: {} } },
	],
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

test.each([
	{},
	{ httpCode: null },
	{ httpCode: 'none' },
	{ httpCode: 'SQLITE_BUSY' },
	{ code: 'ERR_OSSL_BAD_DECRYPT' },
	{ code: 'ENOENT' },
])('%j does not say that the network is to blame', (error) => {
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
	expect(diagnoseTransport({ isAxiosError: true, code: httpCode })).toMatchObject({
		reason: 'unreachable',
		status: null,
	});
});

test('an error of axios without a code means that the connection is to blame', () => {
	expect(diagnoseTransport({ isAxiosError: true })).toMatchObject({
		reason: 'unreachable',
		status: null,
	});
});

test('an answer that axios threw is read by its status and its Retry-After', () => {
	const error = {
		isAxiosError: true,
		code: 'ERR_BAD_REQUEST',
		response: { status: 429, headers: { 'retry-after': '7' } },
	};
	expect(diagnoseTransport(error)).toMatchObject({
		reason: 'rateLimited',
		status: 429,
		retryAfterMs: 7_000,
	});
});

const TRANSIENT: Reason[] = [
	'forbiddenSilently',
	'redirected',
	'webPage',
	'unreadable',
	'noList',
	'certificateEarly',
	'inBetween',
	'credentialUnread',
	'rateLimited',
	'unavailable',
	'timedOut',
	'hostUnknown',
	'unreachable',
	'insecure',
	'broken',
];

test.each(Object.keys(REASONS) as Reason[])(
	'%s says in plain words what to do next, and waits only where that can help',
	(reason) => {
		const { message, description, transient } = REASONS[reason];
		expect(transient).toBe(TRANSIENT.includes(reason));
		for (const text of [message, description]) {
			expect(text).toMatch(/^\S.*[^.\s]$/);
			expect(text).not.toMatch(/\berrors?\b|problem|failure|failed|mistake|wrong|invalid/i);
			expect(text).not.toMatch(/[<>](?! Client Site| Sites)/);
			// n8n replaces a message that holds one of these by its own
			expect(text).not.toMatch(
				/E(CONN|NOT|TIMED|HOST|AI_|NOENT|ISDIR|ACCES|EXIST|PERM)|GETADDRINFO/i,
			);
		}
		expect(sentences(reason)).toBe(`${message}. ${description}.`);
	},
);

test.each([
	['unauthorized', true],
	['forbidden', true],
	['refused', true],
	['notFound', false],
	['webPage', false],
] as const)('the site may be why a request is %s: %j, but never why a login is', (reason, may) => {
	expect(concernsSite(unsent(reason))).toBe(may);
	expect(concernsSite(unsent(reason, true))).toBe(false);
	for (const clientId of ['x', '', '7 7', '7x', 'x7'])
		expect(atSite(unsent(reason), clientId).reason).toBe(may ? 'clientIdWrong' : reason);
	expect(atSite(unsent(reason), '1001').reason).toBe(reason);
});

test.each([
	[{ reason: 'x', login: false }, true],
	[{ reason: 'x' }, false],
	[{ login: false }, false],
	[null, false],
	['reason login', false],
])('%j is a diagnosis: %j', (value, is) => expect(isDiagnosis(value)).toBe(is));

test.each([true, false])(
	'what is thrown concerns the login where that was asked for: %j',
	(login) => {
		for (const error of [
			new Error('getaddrinfo ENOTFOUND x'),
			{ isAxiosError: true, code: 'ECONNRESET' },
			{ isAxiosError: true },
			{ httpCode: '200' },
			{ httpCode: '403' },
		])
			expect(diagnoseTransport(error, login)?.login).toBe(login);
		expect(diagnoseTransport({ httpCode: '400' }, login)?.reason).toBe(
			login ? 'loginRefused' : 'refused',
		);
	},
);

test('a date in Retry-After is measured on the clock of the answer', () => {
	const headers = {
		date: 'Mon, 01 Jun 2026 12:00:00 GMT',
		'retry-after': 'Mon, 01 Jun 2026 12:00:07 GMT',
	};
	expect(diagnoseAnswer(answer(503, {}, headers))?.retryAfterMs).toBe(7_000);
});

test.each([408, 425])('a page with status %d tells of that, and not of itself', (status) => {
	expect(diagnoseAnswer(answer(status, '<html>'))?.reason).toBe(
		status === 408 ? 'timedOut' : 'unavailable',
	);
});

test('a kind of content counts in any letters, and words of it in text do not', () => {
	expect(diagnoseAnswer(answer(200, 'x', { 'content-type': 'TEXT/HTML' }))?.reason).toBe('webPage');
	expect(diagnoseAnswer(answer(200, 'x', { 'content-type': 'text/xhtml5' }))?.reason).toBe(
		'unreadable',
	);
	expect(diagnoseAnswer({ ...answer(400), said: '' })).not.toHaveProperty('said');
});

test('words of n8n go along with what did not leave', () => {
	expect(unsent('notSent', true, 'words')).toEqual({
		reason: 'notSent',
		status: null,
		retryAfterMs: null,
		login: true,
		detail: 'words',
	});
});
