import { expect, test } from 'vitest';

import { unsent } from '../../nodes/shared/api/diagnosis.ts';
import {
	apiError,
	credentialError,
	diagnose,
	failureOf,
	loginError,
	reasonOf,
	retold,
	saidOf,
	unexpected,
} from '../../nodes/shared/api/errors.ts';
import { REASONS, type Reason } from '../../nodes/shared/api/reasons.ts';
import { axiosError, CREDENTIAL, NODE } from './api-kit.mts';

test.each([
	['rateLimited', 'rate-limited', 7_000],
	['unavailable', 'temporarily-unavailable', 7_000],
	['timedOut', 'temporarily-unavailable', 7_000],
	['keysRejected', 'credential-invalid', undefined],
	['webPage', 'temporarily-unavailable', 7_000],
	['notFound', 'configuration-invalid', undefined],
] as const)(
	"%s tells n8n's back-off %s, and a wait of %j ms where one can help",
	(reason, cause, retryAfterMs) => {
		const { failure } = apiError(NODE, { reason, status: 429, retryAfterMs: 7_000, login: false });
		expect(failure).toEqual(retryAfterMs === undefined ? { cause } : { cause, retryAfterMs });
	},
);

test('a request without an answer has no status, and one with an answer has its own', () => {
	expect(apiError(NODE, unsent('unreachable')).httpCode).toBeNull();
	expect(apiError(NODE, { ...unsent('forbidden'), status: 403 }).httpCode).toBe('403');
});

test.each(['baseUrlInvalid', 'notSent', 'certificate'] as Reason[])(
	'%s before a request is not told as the login going wrong, unless it is said',
	(reason) => {
		expect(failureOf(apiError(NODE, unsent(reason)))).toMatchObject({
			status: null,
			atLogin: false,
		});
		expect(failureOf(apiError(NODE, unsent(reason, true)))).toMatchObject({
			status: null,
			atLogin: true,
		});
	},
);

test('a success that holds something else keeps its status, and is no matter of the login', () => {
	const error = unexpected(NODE, { status: 200 });
	expect(reasonOf(error)).toBe('notExpected');
	expect(failureOf(error)).toMatchObject({
		transient: false,
		status: 200,
		retryAfterMs: null,
		atLogin: false,
	});
});

test('an error of the login has a name of its own, and its credential knows what went wrong', () => {
	const credential = { ...CREDENTIAL };
	const error = loginError(unsent('keysRejected', true), credential);
	expect(error.name).toBe('CynetLoginError');
	expect(reasonOf(error)).toBe('keysRejected');
	expect(diagnose(new Error('Credentials not found'), credential)).toMatchObject({
		reason: 'keysRejected',
		login: true,
	});
});

test.each([
	['S3CRET', 'S3CRET-of-the-token'],
	['S3CRET-of-the-key', 'S3CRET'],
	['S3CRET-of-the-key', 'the-token'],
])(
	'where one secret begins like another no rest of either is told: %s, %s',
	(password, accessToken) => {
		const error = new Error(`Not allowed: ${accessToken}, ${password}!`);
		expect(diagnose(error, { ...CREDENTIAL, password, accessToken })).toEqual({
			...unsent('notSent'),
			detail: 'Not allowed: ***, ***!',
		});
	},
);

test('an empty secret is not looked for', () => {
	expect(diagnose(new Error('abc'), { password: '', accessToken: ' ' }).detail).toBe('abc');
});

const told = (more: object) =>
	failureOf(apiError(NODE, { ...unsent('unavailable'), status: 503, ...more }));

test.each([
	...[401, 404, 405, 407, 419, 425, 429, 440, 498, 511].map((status) => [status, false] as const),
	...[200, 400, 403, 408, 413, 500, 503].map((status) => [status, true] as const),
])(
	'a smaller page may help after status %d: %j, and never where it was the login',
	(status, may) => {
		expect(told({ status }).mayBeThisPage).toBe(may);
		expect(told({ status, reason: 'redirected' }).mayBeThisPage).toBe(false);
		expect(told({ status, login: true })).toMatchObject({
			mayBeThisPage: false,
			status: null,
			atLogin: true,
		});
	},
);

test.each([
	['timedOut', true],
	['unreachable', false],
	['hostUnknown', false],
] as const)(
	'without an answer a smaller page may help only where it took too long: %s',
	(reason, may) => {
		expect(told({ status: null, reason })).toMatchObject({ mayBeThisPage: may, timedOut: may });
	},
);

test.each([
	[7_000, undefined, 7],
	[7_001, undefined, 8],
	[7_000, 'Words of n8n', 7],
	[null, 'Words of n8n', null],
])(
	'a wait of %j ms is told in whole seconds, beside the words %j',
	(retryAfterMs, detail, seconds) => {
		const diagnosis = { ...unsent('rateLimited', true, detail), retryAfterMs };
		const words = detail ?? REASONS.rateLimited.description;
		const text =
			seconds === null ? words : `${words}. Cynet asks to be left alone for ${seconds} seconds`;
		expect(apiError(NODE, diagnosis).description).toContain(text);
		expect(loginError(diagnosis, { ...CREDENTIAL }).message).toBe(
			`${REASONS.rateLimited.message}. ${text}.`,
		);
	},
);

test('what an answer says goes with each error', () => {
	const said = 'Because of it';
	const diagnosis = { ...unsent('refused'), status: 400, said };
	expect(apiError(NODE, diagnosis).description).toContain(said);
	expect(loginError(diagnosis, { ...CREDENTIAL }).message).toContain(said);
	expect(saidOf(apiError(NODE, diagnosis))).toBe(said);
	expect(saidOf(new Error('x'))).toBeUndefined();
	expect(saidOf(unexpected(NODE, { status: 200, said }))).toBe(said);
});

test('an error that is retold keeps its status, not its words', () => {
	const error = apiError(NODE, {
		...unsent('notFound', false, 'Words of n8n'),
		status: 404,
		said: 'Nobody',
	});
	const other = retold(NODE, error, 'hostMissing', 'this is WS-2');
	expect(failureOf(other).status).toBe(404);
	expect(reasonOf(other)).toBe('hostMissing');
	expect(other.description).toContain('this is WS-2');
	expect(other.description).not.toMatch(/Words of n8n|Nobody/);
	expect(saidOf(retold(NODE, error, 'hostMissing'))).toBeUndefined();
	expect(failureOf(retold(NODE, null, 'hostMissing'))).toMatchObject({
		status: null,
		atLogin: false,
	});
});

test('an error of a credential makes n8n exchange the keys only where that is wanted', () => {
	expect(credentialError('otherServer')).not.toHaveProperty('response');
	expect(credentialError('tokenNotReady', true)).toMatchObject({ response: { status: 401 } });
	expect(credentialError('otherServer').name).toBe('CynetCredentialError');
});

test.each([true, false])(
	'what n8n throws concerns the login where that was asked for: %j',
	(login) => {
		expect(diagnose(axiosError('ECONNRESET'), { ...CREDENTIAL }, login).login).toBe(login);
		expect(diagnose(new Error('x'), { ...CREDENTIAL }, login)).toEqual({
			...unsent('notSent', login),
			detail: 'x',
		});
	},
);

test.each([null, undefined, 'text', 7, {}, new Error('')])(
	'%j that is thrown says nothing',
	(thrown) => {
		expect(diagnose(thrown, { ...CREDENTIAL })).toEqual({
			...unsent('notSent'),
			detail: undefined,
		});
	},
);

test('an error that is known already stays what it was, and a secret is masked wherever it stands', () => {
	const known = apiError(NODE, { ...unsent('rateLimited'), status: 429 });
	expect(reasonOf(known)).toBe('rateLimited');
	expect(diagnose(known, { ...CREDENTIAL }).reason).toBe('rateLimited');
	expect(diagnose(new Error('S3CRET, S3CRET'), { ...CREDENTIAL }).detail).toBe('***, ***');
});
