import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { CREDENTIAL_TYPE } from '../../nodes/shared/api/credential.ts';
import { failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import { request } from '../../nodes/shared/api/request.ts';
import { obtainToken } from '../../nodes/shared/api/token.ts';
import type { Gate } from '../../nodes/shared/api/gate.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { CREDENTIAL, NODE, rejection, runningNode, withoutWaits } from './api-kit.mts';

withoutWaits();

/** An account of its own, for tokens live as long as the process. */
let accounts = 0;
const ownAccount = () => ({ ...CREDENTIAL, username: `request-${++accounts}` });

/** Somebody else in this process logs in. */
const renew = async (credential: ICredentialDataDecryptedObject, accessToken: string) =>
	await obtainToken(
		async () =>
			await Promise.resolve({ statusCode: 200, headers: {}, body: { access_token: accessToken } }),
		credential,
		{ anew: true },
	);

test('a request is a GET for JSON unless said otherwise, whose answer comes whole, with no redirect and no status thrown', async () => {
	const { asked, context } = runningNode(() => ({
		statusCode: 200,
		headers: { date: 'x' },
		body: { a: 1 },
	}));
	expect(await request(context, { path: '/api/x' })).toEqual({
		status: 200,
		headers: { date: 'x' },
		body: { a: 1 },
	});
	expect(asked.map(({ options }) => options)).toEqual([
		{
			method: 'GET',
			url: 'https://acme.api.cynet.com/api/x',
			headers: {},
			json: true,
			encoding: 'stream',
			abortSignal: expect.any(AbortSignal) as AbortSignal,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			skipSslCertificateValidation: false,
			timeout: 30_000,
		},
	]);
});

test.each([
	['the credential that the node has', NODE, { id: 'c1', name: 'Cynet' }],
	[
		'a credential that is not stored',
		{ ...NODE, credentials: { [CREDENTIAL_TYPE]: { id: null, name: 'Cynet' } } },
		{ id: '', name: 'Cynet' },
	],
	['a node without a credential of this kind', { ...NODE, credentials: {} }, { id: '', name: '' }],
	['a node without credentials', { ...NODE, credentials: undefined }, { id: '', name: '' }],
])('n8n is told which credential asks, to store its token there: %s', async (_, node, told) => {
	const { asked, context } = runningNode(() => ({ body: {} }), { node: node as INode });
	await request(context, { path: '/' });
	expect(asked).toHaveLength(1);
	expect(asked[0]?.details).toEqual({
		...told,
		type: CREDENTIAL_TYPE,
		data: { ...CREDENTIAL, accessToken: '' },
	});
});

test('a token that is refused costs four fresh ones at most, even while others fetch new ones all the time', async () => {
	const credential = ownAccount();
	await renew(credential, 'newest');
	const { asked, context } = runningNode(({ details }, count) => {
		if (count > 6) throw new Error('asked for ever');
		// As n8n does: it writes the token that it used into the credential, here an older one than the newest
		Object.assign(details.data, { accessToken: `older-${count}`, accessTokenExpiresAt: '1' });
		return { statusCode: 401 };
	}, credential);
	expect(reasonOf(await rejection(request(context, { path: '/' })))).toBe('unauthorized');
	expect(asked).toHaveLength(5);
});

test('an action that is refused for its token is sent again with another, and goes through', async () => {
	const { asked, context } = runningNode(
		(_, count) => ({ statusCode: count === 1 ? 401 : 200, body: 'OK' }),
		ownAccount(),
	);
	expect(
		await request(context, { method: 'POST', path: '/', body: { host: 'WS-1' }, takesText: true }),
	).toMatchObject({ status: 200, body: 'OK' });
	expect(asked.map(({ options }) => [options.method, options.body])).toEqual([
		['POST', { host: 'WS-1' }],
		['POST', { host: 'WS-1' }],
	]);
});

test.each([408, 429, 500, 503])(
	'an action that is answered with status %d is sent once',
	async (statusCode) => {
		const { asked, context } = runningNode(() => ({ statusCode }));
		expect(
			failureOf(await rejection(request(context, { method: 'POST', path: '/' }))),
		).toMatchObject({ transient: true, status: statusCode });
		expect(asked).toHaveLength(1);
	},
);

test('a credential with an empty field is no matter of the login, and is not asked with', async () => {
	const { asked, context } = runningNode(() => ({}), { password: '' });
	const error = await rejection(request(context, { path: '/' }));
	expect(reasonOf(error)).toBe('passwordMissing');
	expect(failureOf(error).atLogin).toBe(false);
	expect(asked).toEqual([]);
});

test('what is asked with goes along: query, body and site', async () => {
	const { asked, context } = runningNode(() => ({ body: {} }));
	await request(context, { path: '/x', qs: { a: 1 }, body: { b: 2 }, clientId: '2002' });
	expect(asked[0]?.options).toMatchObject({
		qs: { a: 1 },
		body: { b: 2 },
		headers: { client_id: '2002' },
	});
});

test('the credential is asked for by its name and for its item, each time', async () => {
	const wanted: unknown[] = [];
	const { context } = runningNode(() => ({ statusCode: 403, body: {} }));
	(context as { getCredentials: unknown }).getCredentials = async (...given: unknown[]) => {
		wanted.push(given);
		return await Promise.resolve({ ...CREDENTIAL, username: 'request-item', clientId: 'x' });
	};
	expect(reasonOf(await rejection(request(context, { path: '/', itemIndex: 7 })))).toBe(
		'clientIdWrong',
	);
	expect(wanted.length).toBeGreaterThan(1);
	for (const given of wanted) expect(given).toEqual([CREDENTIAL_TYPE, 7]);
});

test.each([
	['x', '7', 'clientIdWrong'],
	['7', 'x', 'forbidden'],
	[undefined, 'x', 'clientIdWrong'],
	[undefined, '7', 'forbidden'],
])(
	'a refusal at the site %j, in front of that of the credential %j, is %s',
	async (clientId, own, reason) => {
		const { context } = runningNode(() => ({ statusCode: 403, body: {} }), {
			...ownAccount(),
			clientId: own,
		});
		expect(reasonOf(await rejection(request(context, { path: '/', clientId })))).toBe(reason);
	},
);

test.each([
	[new Error('Credential with ID "c1" does not exist'), 'notSent', /Credential with ID "c1"/],
	[new Error('Node does not have any credentials set'), 'notSent', /any credentials set/],
	[
		new Error('The secret store has no credentials for the secret x'),
		'credentialUnread',
		/n8n says: The secret store/,
	],
	[new Error('no credential: secrets are away <b>'), 'credentialUnread', /secrets are away b/],
	[new Error('database is locked'), 'credentialUnread', /n8n says: database is locked/],
	[new Error(''), 'credentialUnread', /^(?!.*n8n says)/s],
	['text', 'credentialUnread', /^(?!.*n8n says)/s],
])('a credential that cannot be had is told: %j', async (thrown, reason, text) => {
	const { asked, context } = runningNode(() => ({}));
	(context as { getCredentials: unknown }).getCredentials = async () => {
		await Promise.resolve();
		throw thrown;
	};
	const error = (await rejection(request(context, { path: '/', tries: 1 }))) as {
		description: string;
	};
	expect(reasonOf(error)).toBe(reason);
	expect(error.description).toMatch(text);
	expect(asked).toEqual([]);
});

test('a credential that is away while a refusal is told leaves the refusal as it is', async () => {
	const { context } = runningNode(() => ({ statusCode: 400, body: {} }));
	let reads = 0;
	(context as { getCredentials: unknown }).getCredentials = async () => {
		await Promise.resolve();
		if (reads++ > 0) throw new Error('away');
		return { ...CREDENTIAL };
	};
	expect(reasonOf(await rejection(request(context, { path: '/' })))).toBe('refused');
	expect(reads).toBe(2);
	reads = 0;
	const outage = runningNode(() => ({ statusCode: 503 }));
	(outage.context as { getCredentials: unknown }).getCredentials = async () =>
		await Promise.resolve(reads++ < 9 ? { ...CREDENTIAL } : {});
	await rejection(request(outage.context, { path: '/', tries: 1 }));
	expect(reads).toBe(1);
});

test('a GET is tried as often as is wanted, and passes the gate that is given', async () => {
	const { asked, context } = runningNode(() => ({ statusCode: 503 }));
	await rejection(request(context, { path: '/', tries: 1 }));
	expect(asked).toHaveLength(1);
	let passed = 0;
	const gate: Gate = { close: () => {}, pass: async () => await Promise.resolve(++passed < 2) };
	await rejection(request(context, { path: '/', gate }));
	expect([asked.length, passed]).toEqual([3, 2]);
});

test('a GET ends after two minutes, unless a deadline is given', async () => {
	let now = 0;
	Object.assign(clock, {
		ticks: () => now,
		random: () => 0,
		wait: async (milliseconds: number) => await Promise.resolve(void (now += milliseconds)),
	});
	const tries = async (deadline?: number, seconds = 50) => {
		now = 1_000_000;
		const { asked, context } = runningNode(() => ({
			statusCode: 503,
			headers: { 'retry-after': String(seconds) },
		}));
		await rejection(request(context, { path: '/', deadline }));
		return asked.length;
	};
	expect([await tries(), await tries(1_060_000), await tries(undefined, 60)]).toEqual([3, 2, 2]);
});

test.each([
	[{ takesText: true }, 'OK', undefined],
	[{ takesText: false }, 'OK', 'unreadable'],
	[{ takesText: true }, '<html>', 'webPage'],
	[{ takesText: true }, '{"a":', 'broken'],
	[
		{ judge: () => ({ reason: 'noList', status: 200, retryAfterMs: null, login: false }) },
		'{}',
		'noList',
	],
	[{ judge: () => null }, '{}', undefined],
] as Array<[object, string, string | undefined]>)(
	'%j decides whether an answer of %j is one: %s',
	async (more, body, reason) => {
		const { context } = runningNode(() => ({ body }));
		const outcome = await request(context, { path: '/', tries: 1, ...more }).catch(reasonOf);
		if (reason === undefined) expect(outcome).toMatchObject({ status: 200 });
		else expect(outcome).toBe(reason);
	},
);

test('long whole numbers come as text where that is wanted', async () => {
	const { context } = runningNode(() => ({ body: '[12345678901234567890]' }));
	expect((await request(context, { path: '/', exact: true })).body).toEqual([
		'12345678901234567890',
	]);
	expect((await request(context, { path: '/' })).body).toEqual([12_345_678_901_234_567_890]);
});

test('what n8n writes into a credential beside its token goes along with no other request', async () => {
	const before: unknown[] = [];
	const { asked, context } = runningNode(({ details }, count) => {
		before.push('written' in details.data);
		Object.assign(details.data, { accessToken: `token-${count}`, written: 'x' });
		return { statusCode: count === 1 ? 401 : 200, body: {} };
	}, ownAccount());
	await request(context, { path: '/' });
	await request(context, { path: '/' });
	expect(asked).toHaveLength(3);
	expect(before).toEqual([false, false, false]);
});
