import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { authenticate } from '../../nodes/shared/api/authenticate.ts';

const CREDENTIAL: ICredentialDataDecryptedObject = { authentication: 'accountToken', accessToken: 'token-1', clientId: ' 1001 ' };
const headersOf = async (credential: ICredentialDataDecryptedObject, headers?: Record<string, string>) =>
	(await authenticate({ ...CREDENTIAL, ...credential }, { url: 'https://x', ...(headers && { headers }) })).headers;

test('an account token travels in access_token, with the site and a wish for JSON', async () => {
	expect(await headersOf({})).toEqual({ access_token: 'token-1', client_id: '1001', Accept: 'application/json' });
});

test('a v2 token travels as a bearer token', async () => {
	expect(await headersOf({ authentication: 'v2Login' })).toEqual({ Authorization: 'Bearer token-1', client_id: '1001', Accept: 'application/json' });
});

test('a site that the request names wins over the one of the credential, in any case of the header', async () => {
	expect(await headersOf({}, { client_id: '2002' })).toMatchObject({ client_id: '2002' });
	expect(await headersOf({}, { 'Client_ID': '2002' })).toEqual({ access_token: 'token-1', 'Client_ID': '2002', Accept: 'application/json' });
});

test('a site that the request leaves blank is the one of the credential', async () => {
	expect(await headersOf({}, { client_id: '' })).toMatchObject({ client_id: '1001' });
});

test('a kind of answer that the request asks for stays', async () => {
	expect(await headersOf({}, { accept: 'text/csv' })).toMatchObject({ accept: 'text/csv' });
	expect(await headersOf({}, { accept: 'text/csv' })).not.toHaveProperty('Accept');
});

test('a repeated request carries the newer token, and a Client ID may be a number', async () => {
	const first = await authenticate({ ...CREDENTIAL, clientId: 7 }, { url: 'https://x' });
	const again = await authenticate({ ...CREDENTIAL, clientId: 7, accessToken: 'token-2' }, first);
	expect(again.headers).toMatchObject({ access_token: 'token-2', client_id: '7' });
	expect(again.url).toBe('https://x');
});
