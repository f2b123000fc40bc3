import { NodeApiError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { unsent } from '../../nodes/shared/api/diagnosis.ts';
import { apiError, loginError, reasonOf } from '../../nodes/shared/api/errors.ts';
import { withExactIntegers } from '../../nodes/shared/api/exact.ts';
import { REASONS, type Reason } from '../../nodes/shared/api/reasons.ts';
import {
	fetchRemediation,
	hostRemediation,
	mayHaveBegun,
	remediate,
} from '../../nodes/shared/api/remediation.ts';
import { axiosError, CREDENTIAL, NODE, rejection, runningNode } from './api-kit.mts';

const ISOLATE = hostRemediation('isolate', 'WS-1');

/** The error of an action that is answered so. */
const errorOf = async (answer: object, credential: object = {}) =>
	await rejection(remediate(runningNode(() => answer, { ...credential }).context, ISOLATE));

const UNSENT: Reason[] = [
	'baseUrlInvalid',
	'baseUrlPlain',
	'usernameMissing',
	'passwordMissing',
	'clientIdMissing',
	'credentialUnread',
	'hostUnknown',
	'addressBlocked',
	'certificate',
	'certificateEarly',
];

test.each(Object.keys(REASONS) as Reason[])(
	'without an answer, an action may have begun unless the reason says that it never left: %s',
	(reason) => {
		expect(mayHaveBegun(apiError(NODE, unsent(reason)))).toBe(!UNSENT.includes(reason));
	},
);

test.each([
	['baseUrl', '', 'baseUrlInvalid'],
	['baseUrl', 'http://example.com', 'baseUrlPlain'],
	['username', '', 'usernameMissing'],
	['password', '', 'passwordMissing'],
	['clientId', '', 'clientIdMissing'],
])(
	'an action has not begun while %s is "%s", for nothing is sent',
	async (field, value, reason) => {
		const { asked, context } = runningNode(() => ({}), { [field]: value });
		const error = await rejection(remediate(context, ISOLATE));
		expect(reasonOf(error)).toBe(reason);
		expect(mayHaveBegun(error)).toBe(false);
		expect(asked).toEqual([]);
	},
);

test.each([
	['ENOTFOUND', false],
	['EAI_AGAIN', false],
	['DEPTH_ZERO_SELF_SIGNED_CERT', false],
	['CERT_HAS_EXPIRED', false],
	['ERR_INVALID_URL', false],
	['ECONNABORTED', true],
	['ETIMEDOUT', true],
	['ECONNRESET', true],
	['EPIPE', true],
	['EPROTO', true],
	['HPE_INVALID_CONSTANT', true],
	['ERR_BAD_RESPONSE', true],
	['ERR_CANCELED', true],
	['ERR_FR_TOO_MANY_REDIRECTS', true],
])('an action that ends with %s may have begun: %j', async (code, begun) => {
	expect(mayHaveBegun(await errorOf(axiosError(code)))).toBe(begun);
});

test.each([
	[199, true],
	[300, false],
	[302, false],
	[303, true],
	[399, false],
	[400, false],
	[401, false],
	[403, false],
	[404, false],
	[407, false],
	[408, true],
	[409, false],
	[429, false],
	[499, false],
	[500, true],
	[502, true],
	[503, true],
	[504, true],
])('an action that is answered with status %d may have begun: %j', async (statusCode, begun) => {
	expect(mayHaveBegun(await errorOf({ statusCode }))).toBe(begun);
});

test.each([
	[200, '<html>'],
	[299, '<html>'],
	[200, '{"remediation_items": [1'],
])('an action that is answered with status %d and %j may have begun', async (statusCode, body) => {
	expect(mayHaveBegun(await errorOf({ statusCode, body }))).toBe(true);
});

test.each(['unavailable', 'timedOut', 'keysRejected', 'tokenMissing'] as Reason[])(
	'an action whose login ends in %s has not begun',
	async (reason) => {
		const error = await errorOf(
			loginError({ reason, status: 503, retryAfterMs: null, login: true }, { ...CREDENTIAL }),
		);
		expect(reasonOf(error)).toBe(reason);
		expect(mayHaveBegun(error)).toBe(false);
	},
);

test('of an error that says nothing an action may have begun', () => {
	for (const error of [new Error('x'), new NodeApiError(NODE, {}), null, undefined, 'text', 7]) {
		expect(reasonOf(error)).toBeNull();
		expect(mayHaveBegun(error)).toBe(true);
	}
});

test.each([
	[{ remediation_items: [5, '7'] }, [5, 7]],
	[{ remediation_items: ['x', 1.5, {}, undefined, 'Infinity', 9] }, [9]],
	[{ remediation_items: [null, '', true, 'x', 1.5, -1, 0, '7', 8] }, [7, 8]],
	[
		{ remediation_items: ['9007199254740993', 9_007_199_254_740_992, -5] },
		['9007199254740993', -5],
	],
])('of the answer %j the remediation ids are %j', async (body, remediationIds) => {
	expect(await remediate(runningNode(() => ({ body })).context, ISOLATE)).toEqual({
		remediationIds,
		response: body,
	});
});

test.each([
	{ remediation_items: 5 },
	{ remediation_items: null },
	{ remediation_items: [] },
	{ remediation_items: [0] },
	{},
	'done',
	true,
	[],
	5,
	'',
	null,
	undefined,
])('an action that is answered with %j was not accepted, and may have begun', async (body) => {
	const error = await errorOf({ body });
	expect(reasonOf(error)).toBe('notAccepted');
	expect(mayHaveBegun(error)).toBe(true);
});

test.each([
	['', null],
	[null, null],
	[undefined, null],
	[{}, {}],
])(
	'an action that is answered with %j was taken on where silence is consent',
	async (body, response) => {
		expect(
			await remediate(runningNode(() => ({ body })).context, ISOLATE, { silenceIsConsent: true }),
		).toEqual({ remediationIds: [], response });
	},
);

test.each(['true', { remediation_items: [] }, { error: 'x' }])('but not with %j', async (body) => {
	const error = await rejection(
		remediate(runningNode(() => ({ body })).context, ISOLATE, { silenceIsConsent: true }),
	);
	expect(reasonOf(error)).toBe('notAccepted');
});

test.each([
	[
		'{"a":1234567890123456,"b":-9007199254740993,"c":[123456789012345]}',
		'{"a":"1234567890123456","b":"-9007199254740993","c":[123456789012345]}',
	],
	[
		'{"a\\"":"x 1234567890123456 \\\\","b":"1234567890123456"}',
		'{"a\\"":"x 1234567890123456 \\\\","b":"1234567890123456"}',
	],
	[
		'[1234567890123456.5,1.2345678901234567,1234567890123456e3,1e1234567890123456]',
		'[1234567890123456.5,1.2345678901234567,1234567890123456e3,1e1234567890123456]',
	],
	['12345678901234567890', '"12345678901234567890"'],
])('long whole numbers of %s come as text, and nothing else changes', (json, exact) =>
	expect(withExactIntegers(json)).toBe(exact),
);

test.each(['', null, {}])(
	'a remediation of which the answer is %j is told as an answer that was not expected',
	async (body) => {
		expect(
			reasonOf(await rejection(fetchRemediation(runningNode(() => ({ body })).context, 7))),
		).toBe('notExpected');
	},
);
