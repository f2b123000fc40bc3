import { inspect } from 'node:util';
import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { beforeEach, expect, test } from 'vitest';

import { failureOf } from '../../nodes/shared/api/errors.ts';
import { obtainToken } from '../../nodes/shared/api/token.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { storedBy, withoutWaits } from './api-kit.mts';

withoutWaits();

const MINUTE = 60_000;
let now = Date.parse('2026-06-01T12:00:00Z');
let ticks = 0;

/** Time goes by, on both clocks. */
const pass = (milliseconds: number) => {
	now += milliseconds;
	ticks += milliseconds;
};
let account = 0;

/** Each test has an account of its own, for tokens live as long as the process. */
let credential: ICredentialDataDecryptedObject;

beforeEach(() => {
	clock.now = () => now;
	clock.ticks = () => ticks;
	clock.limit = async () => await new Promise<never>(() => {});
	credential = {
		baseUrl: 'https://acme.api.cynet.com/api/',
		authentication: 'accountToken',
		username: ` user-${++account} `,
		password: 'S3CRET',
		clientId: '1001',
		allowUnauthorizedCerts: false,
		accessToken: '',
		accessTokenExpiresAt: 0,
	};
});

/** A server that answers each login with a new token, or with what it is told. */
function server(answer?: unknown) {
	const asked: IHttpRequestOptions[] = [];
	const send = async (options: IHttpRequestOptions) => {
		asked.push(options);
		await Promise.resolve();
		if (answer instanceof Error) throw answer;
		return {
			statusCode: 200,
			headers: {},
			body: { access_token: `token-${asked.length}` },
			...(answer as object),
		};
	};
	return { asked, send };
}

const rejection = async (send: Parameters<typeof obtainToken>[0]): Promise<Error> =>
	await obtainToken(send, credential).then(
		() => expect.unreachable(),
		(error: Error) => error,
	);

test('an account token is asked for as the vendor documents it, with a limit of time and no redirect', async () => {
	const { asked, send } = server();
	credential.allowUnauthorizedCerts = true;
	await obtainToken(send, credential);
	expect(asked).toEqual([
		{
			method: 'POST',
			url: 'https://acme.api.cynet.com/api/account/token',
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			body: { user_name: `user-${account}`, password: 'S3CRET' },
			encoding: 'stream',
			timeout: 30_000,
			abortSignal: expect.any(AbortSignal) as AbortSignal,
			disableFollowRedirect: true,
			skipSslCertificateValidation: true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		},
	]);
});

test('a v2 login asks with access key and secret key', async () => {
	const { asked, send } = server({ body: { access: 'v2' } });
	expect(await obtainToken(send, { ...credential, authentication: 'v2Login' })).toMatchObject({
		accessToken: 'v2',
	});
	expect(asked[0]).toMatchObject({
		url: 'https://acme.api.cynet.com/api/v2/login',
		body: { accessKey: `user-${account}`, secretKey: 'S3CRET' },
		skipSslCertificateValidation: false,
	});
});

test('only declared fields are returned, and a token ends 60 minutes after it was asked for', async () => {
	expect(await obtainToken(server().send, credential)).toEqual({
		accessToken: 'token-1',
		accessTokenExpiresAt: String(now + 60 * MINUTE),
		accessTokenFingerprint: expect.stringMatching(/^[\w-]{22}\.[\w-]{32}$/) as string,
	});
});

test.each([
	{ access_token: 'T' },
	{ access: 'T' },
	{ token: 'T' },
	{ access_token: '', token: 'T' },
	{ access_token: 7, access: 'T' },
])('a token is found in %j', async (body) => {
	expect(await obtainToken(server({ body }).send, credential)).toMatchObject({ accessToken: 'T' });
});

test.each([
	['baseUrl', 'acme.api.cynet.com', /Base URL.*https:\/\//],
	['username', ' ', /Username or Access Key is empty/],
	['password', '', /Password or Secret Key is empty/],
	['clientId', '', /Client ID is empty.*Sites Status/],
])('an unusable %s is refused by its name before any request', async (field, value, message) => {
	const { asked, send } = server();
	credential[field] = value;
	const error = await rejection(send);
	expect(error.message).toMatch(message);
	expect(failureOf(error)).toMatchObject({ transient: false, atLogin: true });
	expect(asked).toEqual([]);
});

const axiosError = (code: string, response?: object) =>
	Object.assign(new Error('S3CRET'), {
		isAxiosError: true,
		code,
		response,
		config: { data: 'S3CRET' },
	});

test.each([
	[
		'wrong keys',
		{ statusCode: 401 },
		/does not accept the username and password\. Check Username or Access Key and Password or Secret Key/,
		false,
	],
	[
		'a web page',
		{ body: '<html>S3CRET' },
		/web page.*https:\/\/YOUR-DOMAIN\.api\.cynet\.com.*not to the address of the console/,
		true,
	],
	[
		'a page of a firewall',
		{ statusCode: 403, body: '<html>S3CRET' },
		/web page.*Try again later: it may be the page of a proxy, of a firewall/,
		true,
	],
	[
		'a refusal without a word',
		{ statusCode: 403, body: '' },
		/does not say why\. Try again later/,
		true,
	],
	[
		'no token',
		{ body: { message: 'Locked: S3CRET' } },
		/has no token.* The answer says: Locked: \*\*\*\.$/,
		false,
	],
	['an empty body', { body: '' }, /has no token/, false],
	['null', { body: null }, /has no token/, false],
	['no login', { statusCode: 404 }, /no Cynet API login at this address\. Set Base URL/, false],
	[
		'a redirect',
		{ statusCode: 302, headers: { location: 'https://evil.example' } },
		/redirect\. Try again later.*set Base URL/,
		true,
	],
	['an outage', { statusCode: 503, headers: { 'retry-after': '7' } }, /not available/, true],
	['half a JSON', { body: '{"access_tok' }, /is not complete/, true],
	[
		'a name that DNS does not know',
		axiosError('ENOTFOUND'),
		/host name in Base URL cannot be found/,
		true,
	],
	['a closed port', axiosError('ECONNREFUSED'), /check host and port of Base URL/, true],
	['silence', axiosError('ECONNABORTED'), /did not answer in time.*firewall/, true],
	[
		'a certificate of its own',
		axiosError('DEPTH_ZERO_SELF_SIGNED_CERT'),
		/certificate.*Ignore SSL Issues/,
		false,
	],
	[
		'no TLS',
		axiosError('ERR_SSL_WRONG_VERSION_NUMBER'),
		/secure connection.*https:\/\/ or http:\/\//,
		true,
	],
	[
		"n8n's own refusal",
		new Error('Domain not allowed: S3CRET'),
		/could not send.*Domain not allowed: \*\*\*/,
		false,
	],
])(
	'a login that meets %s says what to check, without the secret and without what makes n8n ask again',
	async (_, answer, message, transient) => {
		const error = await rejection(server(answer).send);
		expect(error.message).toMatch(message);
		expect(failureOf(error)).toMatchObject({ transient, status: null });
		expect(Object.keys(error)).not.toContain('response');
		expect(error.cause).toBeUndefined();
		expect(
			inspect(error, { depth: 20, showHidden: true }).replace(/\n\s+at .*/g, ''),
		).not.toContain('S3CRET');
	},
);

test('a login that is asked to wait hands that on', async () => {
	expect(
		failureOf(await rejection(server({ statusCode: 429, headers: { 'retry-after': '7' } }).send))
			.retryAfterMs,
	).toBe(7_000);
});

test('ten callers at once cost one exchange and get one token', async () => {
	const { asked, send } = server();
	const tokens = await Promise.all(
		Array.from({ length: 10 }, async () => await obtainToken(send, { ...credential })),
	);
	expect(asked).toHaveLength(1);
	expect(new Set(tokens.map(({ accessToken }) => accessToken))).toEqual(new Set(['token-1']));
});

test('ten callers at once with a bad secret cost one exchange, and the next caller asks anew', async () => {
	const { asked, send } = server({ statusCode: 401 });
	const results = await Promise.allSettled(
		Array.from({ length: 10 }, async () => await obtainToken(send, { ...credential })),
	);
	expect(results.every(({ status }) => status === 'rejected')).toBe(true);
	expect(asked).toHaveLength(1);
	await rejection(send);
	expect(asked).toHaveLength(2);
});

test('who read the credential before the new token was stored is handed that token', async () => {
	const { asked, send } = server();
	const token = await obtainToken(send, credential);
	pass(55 * MINUTE - 1);
	expect(await obtainToken(send, credential)).toEqual(token);
	expect(asked).toHaveLength(1);
});

test('a token that is due for renewal is not handed on', async () => {
	const { asked, send } = server();
	await obtainToken(send, credential);
	pass(55 * MINUTE);
	expect(await obtainToken(send, credential)).toMatchObject({ accessToken: 'token-2' });
	expect(asked).toHaveLength(2);
});

test('who was refused with an older token than the newest is handed the newest', async () => {
	const { asked, send } = server();
	const token = await obtainToken(send, credential);
	const older = {
		...credential,
		...storedBy(credential, 'older', Number(token.accessTokenExpiresAt) - MINUTE),
	};
	pass(54 * MINUTE);
	expect(await obtainToken(send, older)).toEqual(token);
	expect(asked).toHaveLength(1);
});

test('of two tokens of one millisecond the one that this process fetched last is the newest', async () => {
	const { asked, send } = server();
	const token = await obtainToken(send, credential);
	expect(await obtainToken(send, { ...credential, ...token, accessToken: 'older' })).toEqual(token);
	expect(asked).toHaveLength(1);
});

test('who was refused with the newest token costs an exchange', async () => {
	const { asked, send } = server();
	const token = await obtainToken(send, credential);
	expect(await obtainToken(send, { ...credential, ...token })).toMatchObject({
		accessToken: 'token-2',
	});
	expect(asked).toHaveLength(2);
});

test('a token that was refused is handed to nobody, even while no new one is to be had', async () => {
	const { asked, send } = server();
	const token = await obtainToken(send, credential);
	Object.assign(credential, token);
	await rejection(server({ statusCode: 503 }).send);
	expect(await obtainToken(send, { ...credential, accessToken: '' })).toMatchObject({
		accessToken: 'token-2',
	});
	expect(asked).toHaveLength(2);
});

test('who was refused with a token that another process renewed later costs an exchange', async () => {
	const { asked, send } = server();
	const token = await obtainToken(send, credential);
	const later = {
		...credential,
		...storedBy(credential, 'later', Number(token.accessTokenExpiresAt) + MINUTE),
	};
	await obtainToken(send, later);
	expect(asked).toHaveLength(2);
});

test('a token that has ended is handed to nobody', async () => {
	const { asked, send } = server();
	await obtainToken(send, credential);
	pass(60 * MINUTE);
	await obtainToken(send, { ...credential, ...storedBy(credential, 'older', 1) });
	expect(asked).toHaveLength(2);
});

test.each([-24 * 60, 24 * 60])(
	'a clock that jumps by %d minutes makes no token older or younger',
	async (minutes) => {
		const { asked, send } = server();
		const token = await obtainToken(send, credential);
		now += minutes * MINUTE;
		pass(55 * MINUTE - 1);
		expect(await obtainToken(send, credential)).toEqual(token);
		pass(1);
		await obtainToken(send, credential);
		expect(asked).toHaveLength(2);
	},
);

test('a login that never ends is given up after half a minute, for all who wait for it, and the next caller logs in anew', async () => {
	let end = (): void => {};
	const limits: number[] = [];
	clock.limit = async (milliseconds) => {
		limits.push(milliseconds);
		await new Promise<void>((resolve) => (end = resolve));
	};
	let exchanges = 0;
	const never = async () => await new Promise<never>(() => void exchanges++);
	const waiting = [1, 2, 3].map(async () => await rejection(never));
	await new Promise((resolve) => setImmediate(resolve));
	end();
	for (const error of await Promise.all(waiting))
		expect(failureOf(error)).toMatchObject({
			transient: true,
			atLogin: true,
			mayBeThisPage: false,
		});
	expect({ exchanges, limits }).toEqual({ exchanges: 1, limits: [30_000] });
	clock.limit = async () => await new Promise<never>(() => {});
	expect(await obtainToken(server().send, credential)).toMatchObject({ accessToken: 'token-1' });
});

test.each([
	['password', 'changed'],
	['username', 'another user'],
	['baseUrl', 'https://other.api.cynet.com'],
	['authentication', 'v2Login'],
])('a changed %s is another account: it is really exchanged', async (field, value) => {
	const { asked, send } = server();
	await obtainToken(send, credential);
	await obtainToken(send, { ...credential, [field]: value });
	expect(asked).toHaveLength(2);
});

test('another site of the same account shares its token', async () => {
	const { asked, send } = server();
	await obtainToken(send, credential);
	await obtainToken(send, { ...credential, clientId: '2002' });
	expect(asked).toHaveLength(1);
});

test('a password is sent as it is, and certificates count unless the credential says otherwise', async () => {
	const { asked, send } = server();
	credential.password = ' S3CRET ';
	credential.allowUnauthorizedCerts = undefined as never;
	await obtainToken(send, credential);
	expect(asked[0]).toMatchObject({
		body: { password: ' S3CRET ' },
		skipSslCertificateValidation: false,
	});
});

test.each([
	[{ token: 'c', access: 'b', AccessToken: 'a' }, 'a'],
	[{ token: 'c', Access: 'b' }, 'b'],
])('of the texts in %j the first that is known best is the token', async (body, token) => {
	expect(await obtainToken(server({ body }).send, credential)).toMatchObject({
		accessToken: token,
	});
});

test('what went wrong is kept beside what n8n works with', async () => {
	const handed = { ...credential };
	const other = { ...credential, baseUrl: '' };
	const flawed = { ...credential };
	await obtainToken(server({ statusCode: 503 }).send, credential, { handed }).catch(() => {});
	await obtainToken(server().send, other, { handed: flawed }).catch(() => {});
	expect([handed, credential, flawed, other].map((one) => failureOf(one).atLogin)).toEqual([
		true,
		false,
		true,
		false,
	]);
});

test('where the keys are in question no token will do that is there already', async () => {
	const { asked, send } = server();
	await obtainToken(send, credential);
	expect(await obtainToken(send, credential, { anew: true })).toMatchObject({
		accessToken: 'token-2',
	});
	expect(asked).toHaveLength(2);
});

test('who waits for one login gets a copy of its own', async () => {
	const { send } = server();
	const [one, other] = await Promise.all([
		obtainToken(send, credential),
		obtainToken(send, { ...credential }),
	]);
	expect(one).toEqual(other);
	expect(one).not.toBe(other);
});
