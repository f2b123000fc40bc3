import { expect, test } from 'vitest';

import { unsent } from '../../nodes/shared/api/diagnosis.ts';
import {
	apiError,
	diagnose,
	failureOf,
	loginError,
	reasonOf,
	unexpected,
} from '../../nodes/shared/api/errors.ts';
import type { Reason } from '../../nodes/shared/api/reasons.ts';
import { CREDENTIAL, NODE } from './api-kit.mts';

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
