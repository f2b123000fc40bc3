import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { beforeEach, expect, test } from 'vitest';

import { authenticate, errandOf } from '../../nodes/shared/api/authenticate.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { CREDENTIAL, rejection, storedBy } from './api-kit.mts';

const URL_THERE = `${CREDENTIAL.baseUrl}/api/x`;
let credential: ICredentialDataDecryptedObject;
beforeEach(() => void (credential = own()));

/** A credential with a token of its own account. */
function own(changes: ICredentialDataDecryptedObject = {}): ICredentialDataDecryptedObject {
	const filled: ICredentialDataDecryptedObject = { ...CREDENTIAL, clientId: ' 1001 ', ...changes };
	return { ...filled, ...storedBy(filled, 'token-1', clock.now() + 50 * 60_000) };
}

const headersOf = async (
	changes: ICredentialDataDecryptedObject,
	headers?: Record<string, string>,
) => (await authenticate(own(changes), { url: URL_THERE, ...(headers && { headers }) })).headers;

/** As n8n's HTTP Request node asks. */
const older = (options: object = {}) =>
	({
		uri: URL_THERE,
		method: 'GET',
		resolveWithFullResponse: true,
		...options,
	}) as unknown as IHttpRequestOptions;

test('an account token travels in access_token, with the site and a wish for JSON', async () => {
	expect(await headersOf({})).toEqual({
		access_token: 'token-1',
		client_id: '1001',
		Accept: 'application/json',
	});
});

test('a v2 token travels as a bearer token', async () => {
	expect(await headersOf({ authentication: 'v2Login' })).toEqual({
		Authorization: 'Bearer token-1',
		client_id: '1001',
		Accept: 'application/json',
	});
});

test('a site that the request names wins over the one of the credential, in any case of the header', async () => {
	expect(await headersOf({}, { client_id: '2002' })).toMatchObject({ client_id: '2002' });
	expect(await headersOf({}, { Client_ID: '2002' })).toEqual({
		access_token: 'token-1',
		Client_ID: '2002',
		Accept: 'application/json',
	});
});

test('a site that the request leaves blank is the one of the credential', async () => {
	expect(await headersOf({}, { client_id: '' })).toMatchObject({ client_id: '1001' });
});

test('a kind of answer that the request asks for stays', async () => {
	expect(await headersOf({}, { accept: 'text/csv' })).toMatchObject({ accept: 'text/csv' });
	expect(await headersOf({}, { accept: 'text/csv' })).not.toHaveProperty('Accept');
});

test('no token that a request brings along stays beside ours, in any case of the header', async () => {
	expect(await headersOf({}, { Access_Token: 'x', ACCESS_TOKEN: 'y' })).toEqual({
		access_token: 'token-1',
		client_id: '1001',
		Accept: 'application/json',
	});
	expect(await headersOf({ authentication: 'v2Login' }, { authorization: 'Basic x' })).toEqual({
		Authorization: 'Bearer token-1',
		client_id: '1001',
		Accept: 'application/json',
	});
});

test('a repeated request carries the newer token, and a Client ID may be a number', async () => {
	const first = await authenticate(own({ clientId: 7 }), { url: URL_THERE });
	const again = await authenticate({ ...own({ clientId: 7 }), accessToken: 'token-2' }, first);
	expect(again.headers).toMatchObject({ access_token: 'token-2', client_id: '7' });
	expect(again.url).toBe(URL_THERE);
});

test.each([
	[
		'of today',
		{ url: URL_THERE, disableFollowRedirect: false, maxRedirects: 5 } as IHttpRequestOptions,
	],
	[
		'of the older helper',
		older({ followRedirect: true, followAllRedirects: true, maxRedirects: 21 }),
	],
])('no redirect is followed, with options %s', async (_, options) => {
	expect(await authenticate(credential, options)).toMatchObject({
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
		maxRedirects: 0,
	});
});

test.each([true, false])(
	'the credential decides whether the certificate counts: Ignore SSL Issues is %s',
	async (allowUnauthorizedCerts) => {
		const options = older({
			rejectUnauthorized: allowUnauthorizedCerts,
			skipSslCertificateValidation: !allowUnauthorizedCerts,
		});
		expect(await authenticate(own({ allowUnauthorizedCerts }), options)).toMatchObject({
			rejectUnauthorized: !allowUnauthorizedCerts,
			skipSslCertificateValidation: allowUnauthorizedCerts,
		});
	},
);

const EXCHANGE = { name: 'CynetCredentialError', response: { status: 401 } };

test.each([
	['user', { username: 'another' }],
	['password', { password: 'S3CRET ' }],
	['address', { baseUrl: 'https://other.api.cynet.com' }],
	['port', { baseUrl: 'https://acme.api.cynet.com:6443' }],
	['path before the API', { baseUrl: 'https://acme.api.cynet.com/tenant' }],
	['kind of login', { authentication: 'v2Login' }],
])(
	'a token of another %s goes nowhere: n8n is told to exchange the keys first',
	async (_, changes: Record<string, string>) => {
		const changed = { ...credential, ...changes };
		const url = `${changes.baseUrl ?? CREDENTIAL.baseUrl}/api/x`;
		expect(await rejection(authenticate(changed, { url }))).toMatchObject(EXCHANGE);
		expect(errandOf(changed)).toMatchObject({ errand: 'exchange' });
	},
);

test.each([
	['letters of the host', { baseUrl: 'HTTPS://ACME.api.Cynet.com' }],
	['its default port', { baseUrl: 'https://acme.api.cynet.com:443/' }],
	[
		'white space and the end of a path',
		{ baseUrl: ' https://acme.api.cynet.com./api/account/token ' },
	],
	['white space around the user', { username: ' user ' }],
	['another site', { clientId: 7 }],
	['the certificate', { allowUnauthorizedCerts: true }],
	['no kind of login, which is the default', { authentication: undefined as unknown as string }],
])(
	'it is the same account with another spelling: %s',
	async (_, changes: ICredentialDataDecryptedObject) => {
		expect(
			(await authenticate({ ...credential, ...changes }, { url: URL_THERE })).headers,
		).toMatchObject({ access_token: 'token-1' });
	},
);

test.each([
	['none', ''],
	['null', null],
	['a number', 7],
	['an object', {}],
	['one that is cut off', 'salt-of-another-proces.abc'],
	['text', 'x'],
	['undefined', undefined],
	['half a megabyte', 'x'.repeat(500_000)],
])("a token with %s for a fingerprint may be anybody's", async (_, accessTokenFingerprint) => {
	expect(
		await rejection(
			authenticate(
				{ ...credential, accessTokenFingerprint: accessTokenFingerprint as string },
				{ url: URL_THERE },
			),
		),
	).toMatchObject(EXCHANGE);
});

test.each(['', ' ', null, undefined, 7, true, {}, []])(
	'%j for a token is none',
	async (accessToken) => {
		expect(
			await rejection(
				authenticate(
					{ ...credential, accessToken: accessToken as string, accessTokenFingerprint: '' },
					{ url: URL_THERE },
				),
			),
		).toMatchObject(EXCHANGE);
	},
);

test('what n8n was given for it is used, also when a newer token came about meanwhile', async () => {
	const options = { url: URL_THERE };
	const due = { ...credential, accessTokenExpiresAt: '' };
	await rejection(authenticate(due, options));
	expect((await authenticate(due, options)).headers).toMatchObject({ access_token: 'token-1' });
	const foreign = { ...credential, username: 'another' };
	for (let attempt = 0; attempt < 2; attempt++)
		expect(await rejection(authenticate(foreign, options))).toMatchObject(EXCHANGE);
});

test('a token that is due for renewal is exchanged first', async () => {
	const due = { ...credential, accessTokenExpiresAt: String(clock.now() + 4 * 60_000) };
	expect(await rejection(authenticate(due, { url: URL_THERE }))).toMatchObject(EXCHANGE);
});

test.each([
	['baseUrl', '', 'Base URL is not a web address'],
	['baseUrl', null, 'Base URL is not a web address'],
	['baseUrl', 7, 'Base URL is not a web address'],
	['baseUrl', 'http://acme.api.cynet.com', 'Base URL would send keys and alerts in the clear'],
	['username', undefined, 'Username or Access Key is empty'],
	['username', {}, 'Username or Access Key is empty'],
	['password', null, 'Password or Secret Key is empty'],
	['password', '', 'Password or Secret Key is empty'],
	['clientId', ' ', 'Client ID is empty'],
])(
	'with %s as %j nothing is sent, and n8n is not told to try again',
	async (field, value, message) => {
		const flawed = { ...credential, [field]: value as string };
		const error = (await rejection(authenticate(flawed, { url: URL_THERE }))) as Error;
		expect(error.message).toContain(message);
		expect(error).not.toHaveProperty('response');
		expect(errandOf(flawed)).toMatchObject({ errand: 'refused' });
	},
);

test.each(['POST', 'put', 'PATCH', 'DELETE'])(
	'with the older helper a %s waits until its token is known to live, and goes out in the second attempt',
	async (method) => {
		const options = older({ method });
		expect(await rejection(authenticate(credential, options))).toMatchObject(EXCHANGE);
		expect(errandOf(credential)).toEqual({ errand: 'check', safe: false });
		expect((await authenticate(credential, options)).headers).toMatchObject({
			access_token: 'token-1',
		});
	},
);

test('so does each page of a pagination, which is told of no status', async () => {
	const options = older({ simple: false });
	expect(await rejection(authenticate(credential, options))).toMatchObject(EXCHANGE);
	expect((await authenticate(credential, options)).headers).toMatchObject({
		access_token: 'token-1',
	});
});

test.each(['GET', undefined, 'get', 'HEAD', 'OPTIONS'])('a %s goes out at once', async (method) => {
	await authenticate(credential, older({ method }));
	expect(errandOf(credential)).toEqual({ errand: 'sent', safe: true });
});

test('the helper of today sends again after 401 alone, so a POST goes out at once', async () => {
	await authenticate(credential, { url: URL_THERE, method: 'POST' });
	expect(errandOf(credential)).toEqual({ errand: 'rejected', safe: false });
});
