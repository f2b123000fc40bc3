import { Readable } from 'node:stream';
import type { ICredentialTestFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { testCredential } from '../../nodes/shared/api/credential-test.ts';
import { sentences, type Reason } from '../../nodes/shared/api/reasons.ts';
import { CREDENTIAL } from './api-kit.mts';

/** A body as n8n's HTTP client returns it when it is asked for the stream. */
const bytes = (text: string) => Readable.from([Buffer.from(text)]);

/** The test of a credential, in an n8n that gets a token, and this for the list of alerts. */
async function tested(answer: object) {
	const asked: IHttpRequestOptions[] = [];
	const request = async (options: IHttpRequestOptions) => {
		asked.push(options);
		await Promise.resolve();
		return {
			statusCode: 200,
			headers: {},
			body: { access_token: 'T' },
			...(asked.length > 1 && answer),
		};
	};
	const context = { helpers: { request } } as unknown as ICredentialTestFunctions;
	const result = await testCredential.call(context, {
		id: '1',
		name: 'Cynet',
		type: 'cynetApi',
		// It logs in, and this process remembers that: an account that no other file has.
		data: { ...CREDENTIAL, username: 'credential-test' },
	});
	return { asked, result };
}

test('a credential that is right is told as such, after a login and a reading of one alert', async () => {
	const { asked, result } = await tested({ body: { Entities: [] } });
	expect(result).toEqual({ status: 'OK', message: 'Cynet accepts the keys and the Client ID.' });
	expect(asked).toMatchObject([
		{ method: 'POST', uri: 'https://acme.api.cynet.com/api/account/token', followRedirect: false },
		{
			method: 'GET',
			uri: 'https://acme.api.cynet.com/api/alerts/bulk',
			qs: { Limit: 1, Offset: 0 },
			followRedirect: false,
			headers: { client_id: '1001', access_token: 'T' },
		},
	]);
});

test.each([
	[{ statusCode: 401 }, 'siteRejected'],
	[{ statusCode: 403, body: {} }, 'siteForbidden'],
	[{ statusCode: 403, body: '' }, 'forbiddenSilently'],
	[{ statusCode: 404 }, 'listMissing'],
	[{ statusCode: 405 }, 'listMissing'],
	[{ statusCode: 503 }, 'unavailable'],
	[{ body: '<html>' }, 'webPage'],
	[{ body: { other: 'x' } }, 'noList'],
	[{ body: bytes('<html>') }, 'webPage'],
] as ReadonlyArray<readonly [object, Reason]>)(
	'a list of alerts that answers with %j is told as %s',
	async (answer, reason) => {
		expect((await tested(answer)).result).toEqual({ status: 'Error', message: sentences(reason) });
	},
);

test('what the answer says of an error is told, without the secret and the token', async () => {
	const body = {
		success: false,
		error: { message: `Site 1001 is locked for ${CREDENTIAL.password}, T` },
	};
	expect((await tested({ body })).result.message).toMatch(
		/^Cynet answered without a list.* The answer says: Site 1001 is locked for \*\*\*, \*\*\*\.$/,
	);
});
