import { NodeApiError } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { unsent } from '../../nodes/shared/api/diagnosis.ts';
import { apiError, loginError, reasonOf } from '../../nodes/shared/api/errors.ts';
import { withExactIntegers } from '../../nodes/shared/api/exact.ts';
import { REASONS, type Reason } from '../../nodes/shared/api/reasons.ts';
import {
	fetchRemediation,
	fileRemediation,
	hostRemediation,
	mayHaveBegun,
	remediate,
	remediationId,
} from '../../nodes/shared/api/remediation.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { axiosError, CREDENTIAL, NODE, rejection, runningNode, withoutWaits } from './api-kit.mts';

withoutWaits();

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

/** The pauses of an action that is answered so, and how it ends. */
async function patience(answers: (count: number) => object, options: object = {}) {
	const waits: number[] = [];
	let now = 1_000_000;
	Object.assign(clock, {
		ticks: () => now,
		wait: async (milliseconds: number) => {
			waits.push(milliseconds);
			now += milliseconds;
			if (waits.length > 30) throw new Error('asked for ever');
			await Promise.resolve();
		},
	});
	const { asked, context } = runningNode((_, count) => answers(count));
	const outcome = await remediate(context, ISOLATE, options).then(
		() => 'accepted',
		(error: unknown) => reasonOf(error),
	);
	return { waits: waits.map((wait) => wait / 1000), outcome, asked: asked.length };
}

const ACCEPTED = { body: { remediation_items: [7] } };
const heldBack = (seconds?: number, statusCode = 429) => ({
	statusCode,
	headers: seconds === undefined ? {} : { 'retry-after': String(seconds) },
});
const noLogin = () =>
	loginError(
		{ reason: 'unavailable', status: 503, retryAfterMs: null, login: true },
		{ ...CREDENTIAL },
	);

test.each([425, 429])(
	'an action that is held back with status %d is asked for again for ten minutes, ever later',
	async (statusCode) => {
		expect(await patience(() => heldBack(undefined, statusCode))).toMatchObject({
			waits: [5, 10, 20, 40, 60, 60, 60, 60, 60, 60, 60, 60],
			asked: 13,
		});
		expect(
			await patience((count) => (count < 3 ? heldBack(undefined, statusCode) : ACCEPTED)),
		).toEqual({ waits: [5, 10], outcome: 'accepted', asked: 3 });
	},
);

test.each([
	[7, [7], 'accepted'],
	[0.2, [5], 'accepted'],
	[599, [599], 'accepted'],
	[600, [], 'rateLimited'],
])('as long as Cynet asks for (%d s), but not for ten minutes', async (seconds, waits, outcome) => {
	expect(await patience((count) => (count < 2 ? heldBack(seconds) : ACCEPTED))).toMatchObject({
		waits,
		outcome,
	});
});

test('what was waited for counts, where the deadline is later than that', async () => {
	const answers = () => heldBack(200);
	expect((await patience(answers)).waits).toEqual([200, 200]);
	expect((await patience(answers, { deadline: 9e9 })).waits).toEqual([200, 200]);
	expect((await patience(answers, { deadline: 1_200_000 })).waits).toEqual([]);
	expect((await patience(answers, { deadline: 1_200_001 })).waits).toEqual([200]);
});

test('a wait is a second at least', async () => {
	expect(
		(
			await patience((count) =>
				count < 2
					? loginError(
							{ reason: 'unavailable', status: 503, retryAfterMs: 10, login: true },
							{ ...CREDENTIAL },
						)
					: ACCEPTED,
			)
		).waits,
	).toEqual([1]);
});

test('where the login was not answered it is asked for five times', async () => {
	expect(await patience(noLogin)).toEqual({
		waits: [5, 10, 20, 40],
		outcome: 'unavailable',
		asked: 5,
	});
});

test.each([
	['an outage', { statusCode: 503 }, 'unavailable'],
	['a refusal', { statusCode: 409, body: {} }, 'refused'],
] as const)('after %s it is not asked for again', async (_, answer, outcome) => {
	expect(await patience(() => answer)).toEqual({ waits: [], outcome, asked: 1 });
});

test('a login that is refused is not asked for again', async () => {
	const refused = () =>
		loginError(
			{ reason: 'keysRejected', status: 401, retryAfterMs: null, login: true },
			{ ...CREDENTIAL },
		);
	expect((await patience(refused)).asked).toBe(1);
});

test('an execution that is cancelled asks no more', async () => {
	const { asked, context } = runningNode(() => heldBack());
	Object.assign(context, { getExecutionCancelSignal: () => AbortSignal.abort() });
	expect(reasonOf(await rejection(remediate(context, ISOLATE)))).toBe('rateLimited');
	expect(asked).toHaveLength(1);
});

test('a file is sent with its host, or with none for each that has it', async () => {
	expect(fileRemediation('kill', 'abc', 'WS-1')).toEqual({
		method: 'POST',
		path: '/api/file/remediation/kill',
		body: { sha256: 'abc', host: 'WS-1' },
	});
	expect(fileRemediation('kill', 'abc', null).body.host).toBeNull();
	const { asked, context } = runningNode(() => ACCEPTED);
	await remediate(context, ISOLATE, { clientId: '2002' });
	expect(asked[0]?.options).toMatchObject({
		method: 'POST',
		url: 'https://acme.api.cynet.com/api/host/remediation/isolate',
		body: { host: 'WS-1' },
		headers: { client_id: '2002' },
	});
});

test('a number that is too long for a number comes as text', async () => {
	const body = '{"remediation_items":[12345678901234567]}';
	expect((await remediate(runningNode(() => ({ body })).context, ISOLATE)).remediationIds).toEqual([
		'12345678901234567',
	]);
	const status = '{"status":12345678901234567}';
	const { asked, context } = runningNode(() => ({ body: status }));
	expect(await fetchRemediation(context, 7)).toEqual({ status: '12345678901234567' });
	expect(asked[0]?.options.url).toBe('https://acme.api.cynet.com/api/file/remediation/7');
});

test.each([
	[{ remediation_items: [7], error: 'Locked' }, 'Locked'],
	[{ Message: 'Locked' }, 'Locked'],
])(
	'an action whose answer %j speaks of an error was not accepted, and that is told',
	async (body, said) => {
		const error = (await errorOf({ body })) as { description: string };
		expect(reasonOf(error)).toBe('notAccepted');
		expect(error.description).toContain(said);
	},
);

test.each([
	['  ', true],
	[[], false],
])('%j is silence: %j', async (body, silent) => {
	const outcome = await remediate(runningNode(() => ({ body })).context, ISOLATE, {
		silenceIsConsent: true,
	}).catch(reasonOf);
	if (silent) expect(outcome).toMatchObject({ remediationIds: [] });
	else expect(outcome).toBe('notAccepted');
});

test.each([
	[' 7 ', 7],
	['-7', -7],
	['9007199254740991', Number.MAX_SAFE_INTEGER],
	['1234567890123456789', '1234567890123456789'],
	['12345678901234567890', null],
	['07', null],
	['-1', null],
	['0', null],
	['x7', null],
	['7x', null],
	[2 ** 53, null],
])('%j as a remediation id is %j', (value, id) => expect(remediationId(value)).toBe(id));

test.each([
	[{ status: 24 }, true],
	[{ statusInfo: 'x' }, true],
	[{ other: 1 }, false],
])('a remediation that is answered with %j is one: %j', async (body, is) => {
	const outcome = await fetchRemediation(runningNode(() => ({ body })).context, 7).catch(reasonOf);
	expect(outcome).toEqual(is ? body : 'notExpected');
});

test('a remediation that there is not is told as missing', async () => {
	const { context } = runningNode(() => ({ statusCode: 404, body: {} }));
	expect(reasonOf(await rejection(fetchRemediation(context, 7)))).toBe('remediationMissing');
});
