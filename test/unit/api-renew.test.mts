import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { beforeEach, expect, test } from 'vitest';

import { authenticate, errandOf } from '../../nodes/shared/api/authenticate.ts';
import { AS_ENTERED } from '../../nodes/shared/api/entered.ts';
import { failureOf } from '../../nodes/shared/api/errors.ts';
import { renew } from '../../nodes/shared/api/renew.ts';
import { obtainToken } from '../../nodes/shared/api/token.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { axiosError, CREDENTIAL, rejection, storedBy, withoutWaits } from './api-kit.mts';

withoutWaits();

const MINUTE = 60_000;
const NOON = Date.parse('2026-06-01T12:00:00Z');
let ticks = 0;

beforeEach(() => {
	ticks = 0;
	Object.assign(clock, { now: () => NOON + ticks, ticks: () => ticks });
});

let accounts = 0;

/** A credential of an account of its own, whose token another process stored. */
function own(changes: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
	const filled: ICredentialDataDecryptedObject = {
		...CREDENTIAL,
		username: `renew-${++accounts}`,
		...changes,
	};
	return { ...filled, ...storedBy(filled, 'stored', NOON + 50 * MINUTE) };
}

/** A server that gives out tokens, and answers what is asked with a token as it is told. */
function server(answer: (options: IHttpRequestOptions, count: number) => object | Error) {
	const asked: IHttpRequestOptions[] = [];
	let logins = 0;
	const send = async (options: IHttpRequestOptions) => {
		await Promise.resolve();
		if (options.method === 'POST')
			return { statusCode: 200, headers: {}, body: { access_token: `token-${++logins}` } };
		asked.push(options);
		const given = answer(options, asked.length);
		if (given instanceof Error) throw given;
		return { statusCode: 200, headers: {}, body: { Entities: [] }, ...given };
	};
	return {
		asked,
		send,
		get logins() {
			return logins;
		},
		get paths() {
			return asked.map(({ url }) => new URL(url).pathname);
		},
	};
}

/** As n8n's HTTP Request node asks. */
const older = (method = 'GET') =>
	({ uri: `${CREDENTIAL.baseUrl}/api/x`, method, simple: true }) as unknown as IHttpRequestOptions;

/** It was sent with its token, and something went wrong. */
async function sent(credential: ICredentialDataDecryptedObject, method = 'GET') {
	const options = older(method);
	if (method !== 'GET') await rejection(authenticate(credential, options));
	await authenticate(credential, options);
	expect(errandOf(credential)?.errand).toBe('sent');
}

/** A change waits until its token is known to live. */
async function waiting(credential: ICredentialDataDecryptedObject) {
	await rejection(authenticate(credential, older('POST')));
	expect(errandOf(credential)?.errand).toBe('check');
}

const tokenOf = (field: string) => ({ accessToken: field });

test('a credential that was not asked for anything gets a token, with nothing asked before', async () => {
	const there = server(() => ({}));
	expect(await renew(there.send as never, own())).toEqual({
		accessToken: 'token-1',
		accessTokenExpiresAt: String(NOON + 60 * MINUTE),
		accessTokenFingerprint: expect.stringMatching(/^[\w-]{22}\.[\w-]{32}$/) as string,
		asEntered: AS_ENTERED,
	});
	expect(there.asked).toEqual([]);
});

test('for a request that may not be sent no token is fetched', async () => {
	const there = server(() => ({}));
	const credential = own();
	await rejection(authenticate(credential, { url: 'https://other.example/' }));
	expect(await renew(there.send as never, credential)).toEqual({});
	expect([there.logins, there.asked.length]).toEqual([0, 0]);
});

test('a request that was answered with 401 costs a login, with nothing asked before', async () => {
	const there = server(() => ({}));
	const credential = own();
	await authenticate(credential, { url: `${CREDENTIAL.baseUrl}/api/x` });
	expect(await renew(there.send as never, credential)).toMatchObject(tokenOf('token-1'));
	expect(there.asked).toEqual([]);
});

test('what went wrong with a token that lives is reported as it was: nothing is returned', async () => {
	const there = server(() => ({}));
	const credential = own({ allowUnauthorizedCerts: true });
	await sent(credential);
	expect(await renew(there.send as never, credential)).toEqual({});
	expect(there.logins).toBe(0);
	expect(there.asked).toMatchObject([
		{
			method: 'GET',
			url: `${CREDENTIAL.baseUrl}/api/alerts/bulk`,
			headers: { access_token: 'stored', client_id: '1001', Accept: 'application/json' },
			qs: { LastSeen: '2026-06-01 12:00:00', Limit: 1, Offset: 0 },
			skipSslCertificateValidation: true,
		},
	]);
});

test('certificates count unless the credential says otherwise', async () => {
	const there = server(() => ({}));
	const credential = own();
	await sent(credential);
	await renew(there.send as never, credential);
	expect(there.asked[0]?.skipSslCertificateValidation).toBe(false);
});

test('a change that waits for its token is given the one that lives', async () => {
	const there = server(() => ({}));
	const credential = own();
	await waiting(credential);
	expect(await renew(there.send as never, credential)).toMatchObject({
		...tokenOf('stored'),
		accessTokenFingerprint: credential.accessTokenFingerprint,
		asEntered: AS_ENTERED,
	});
	expect(there.logins).toBe(0);
});

test.each([
	['by a clock that says so', { accessTokenExpiresAt: '1' }],
	['for another account', { accessTokenFingerprint: '' }],
])('a token that cannot be used is not asked about: %s', async (_, changes) => {
	const there = server(() => ({}));
	const credential = own();
	await waiting(credential);
	Object.assign(credential, changes);
	expect(await renew(there.send as never, credential)).toMatchObject(tokenOf('token-1'));
	expect(there.asked).toEqual([]);
});

test('in its place the one that this process has is asked about, and given', async () => {
	const there = server(() => ({}));
	const credential = own();
	await obtainToken(there.send as never, { ...credential, accessToken: '' });
	await waiting(credential);
	Object.assign(credential, { accessTokenExpiresAt: '1' });
	expect(await renew(there.send as never, credential)).toMatchObject(tokenOf('token-1'));
	expect(there.logins).toBe(1);
	expect(there.asked).toMatchObject([{ headers: { access_token: 'token-1' } }]);
});

test.each([
	['401', { statusCode: 401 }],
	['403', { statusCode: 403 }],
	['a login page', { body: '<html>' }],
	['a redirect', { statusCode: 302 }],
	['400 invalid_token', { statusCode: 400, body: { error: 'invalid_token' } }],
])('a token of unknown age that is answered with %s costs a login', async (_, answer) => {
	const there = server(() => answer);
	const credential = own();
	await sent(credential);
	expect(await renew(there.send as never, credential)).toMatchObject(tokenOf('token-1'));
	expect(there.logins).toBe(1);
});

test.each([
	['401', { statusCode: 401 }, 'token-1'],
	['403', { statusCode: 403 }, undefined],
	['a login page', { body: '<html>' }, undefined],
])('for a change only a sure word counts: after %s', async (_, answer, token) => {
	const there = server(() => answer);
	const credential = own();
	await sent(credential, 'POST');
	expect((await renew(there.send as never, credential)).accessToken).toBe(token);
});

test.each([
	[MINUTE, undefined],
	[MINUTE + 1, 'token-2'],
])('a token that is %d ms old was not ended by its age, or may have been', async (age, token) => {
	const there = server(() => ({ statusCode: 403 }));
	const credential = own();
	Object.assign(
		credential,
		await obtainToken(there.send as never, { ...credential, accessToken: '' }),
	);
	ticks += age;
	await sent(credential);
	expect((await renew(there.send as never, credential)).accessToken).toBe(token);
});

test.each([
	['no answer', axiosError('ECONNRESET')],
	['an outage', { statusCode: 503 }],
	['another refusal', { statusCode: 400 }],
])('a server that does not say is no reason for a login: %s', async (_, answer) => {
	const there = server(() => answer);
	const credential = own();
	await sent(credential);
	expect(await renew(there.send as never, credential)).toEqual({});
	expect([there.logins, there.asked.length]).toEqual([0, 1]);
});

test.each([404, 405])(
	'a server without the list in pages (%d) is asked for the other, and one without both does not say',
	async (statusCode) => {
		const there = server((_, count) => (count === 1 ? { statusCode } : { statusCode: 401 }));
		const credential = own();
		await sent(credential);
		expect(await renew(there.send as never, credential)).toMatchObject(tokenOf('token-1'));
		expect(there.paths).toEqual(['/api/alerts/bulk', '/api/alerts']);

		const without = server(() => ({ statusCode }));
		const another = own();
		await sent(another);
		expect(await renew(without.send as never, another)).toEqual({});
		expect(without.paths).toEqual(['/api/alerts/bulk', '/api/alerts']);
	},
);

test('many who want to know of one token ask once, and later it is asked anew', async () => {
	const there = server(() => ({}));
	const credential = own();
	const askers = Array.from({ length: 3 }, () => ({ ...credential }));
	for (const asker of askers) await sent(asker);
	const ask = async () =>
		await Promise.all(askers.map(async (asker) => await renew(there.send as never, asker)));
	expect(await ask()).toEqual([{}, {}, {}]);
	expect(there.asked).toHaveLength(1);
	await ask();
	expect(there.asked).toHaveLength(2);
});

test('what counts for a read is not told to a change, nor of one token what counts for another', async () => {
	const there = server(() => ({ statusCode: 403 }));
	const [read, change] = [own(), own()];
	Object.assign(change, read);
	await sent(read);
	await sent(change, 'POST');
	const answers = await Promise.all([
		renew(there.send as never, read),
		renew(there.send as never, change),
	]);
	expect(answers.map(({ accessToken }) => accessToken)).toEqual(['token-1', undefined]);
	expect(there.asked).toHaveLength(2);

	const lives = server(({ headers }) => ({
		statusCode: headers?.access_token === 'other' ? 401 : 200,
	}));
	const one = own();
	const other = { ...one, ...storedBy(one, 'other', NOON + 51 * MINUTE) };
	await sent(one);
	await sent(other);
	expect(
		(await Promise.all([renew(lives.send as never, one), renew(lives.send as never, other)])).map(
			({ accessToken }) => accessToken,
		),
	).toEqual([undefined, 'token-1']);
});

test('what went wrong at the login is kept beside the object that n8n works with', async () => {
	const credential = own();
	const outage = async () => await Promise.resolve({ statusCode: 503, headers: {}, body: '' });
	await rejection(renew(outage as never, credential));
	expect(failureOf(credential)).toMatchObject({ transient: true, atLogin: true });
});
