import type { ICredentialDataDecryptedObject, INode } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { CREDENTIAL_TYPE } from '../../nodes/shared/api/credential.ts';
import { failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import { request } from '../../nodes/shared/api/request.ts';
import { obtainToken } from '../../nodes/shared/api/token.ts';
import { CREDENTIAL, NODE, rejection, runningNode } from './api-kit.mts';

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
