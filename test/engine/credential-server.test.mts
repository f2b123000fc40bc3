import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { callerOf, hostAt, thrown } from './credential-kit.mts';
import { virtualClock, type Host } from './harness.mts';
import { startTenant, type Tenant } from './tenants.mts';

const MINUTE = 60_000;
let own: Tenant;
let other: Tenant;
let host: Host;
let time: ReturnType<typeof virtualClock>;

beforeEach(async () => {
	time = virtualClock();
	[own, other] = [await startTenant({ ada: 'ada' }), await startTenant({ ada: 'ada' })];
	host = hostAt(own);
	await callerOf(host).older({ uri: `${own.url}/api/first` });
	own.seen.length = 0;
});
afterEach(async () => {
	time.restore();
	await Promise.all([own.close(), other.close()]);
});

const sent = (path: string) => own.to(path).map(({ user }) => user);
const post = async (path: string, more: object = {}) =>
	await callerOf(host).older({ uri: own.url + path, method: 'POST', body: { a: 1 }, ...more });
const get = async (path: string, more: object = {}) =>
	await callerOf(host).older({ uri: own.url + path, ...more });

describe("with the helper of n8n's HTTP Request node, which sends again after any error", () => {
	test.each([400, 401, 403, 404, 409, 429, 500, 503])(
		'a change that is answered with %d is sent once, costs no login, and its status is told',
		async (status) => {
			own.answers.set('/api/act', status);
			expect(await thrown(post('/api/act'))).toMatchObject({ httpCode: String(status) });
			expect(sent('/api/act')).toEqual(['ada']);
			expect(own.logins()).toBe(0);
		},
	);

	test.each([404, 429, 500, 503])(
		'a question that is answered with %d is asked once, costs no login, and its status is told',
		async (status) => {
			own.answers.set('/api/ask', status);
			expect(await thrown(get('/api/ask'))).toMatchObject({ httpCode: String(status) });
			expect(sent('/api/ask')).toEqual(['ada']);
			expect(own.logins()).toBe(0);
		},
	);

	test('a question with a token that has ended is asked again with a fresh one', async () => {
		own.endTokens();
		expect(await get('/api/ask')).toMatchObject({ user: 'ada' });
		expect(sent('/api/ask')).toEqual([null, 'ada']);
		expect(own.logins()).toBe(1);
	});

	test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
		'a %s with a token that has ended is sent once, with a fresh one',
		async (method) => {
			own.endTokens();
			expect(await post('/api/act', { method })).toMatchObject({ user: 'ada' });
			expect(sent('/api/act')).toEqual(['ada']);
		},
	);

	test('twenty changes at once with a token that has ended cost one login, and each is sent once', async () => {
		own.endTokens();
		await Promise.all(
			Array.from({ length: 20 }, async (_, index) => await post(`/api/act/${index}`)),
		);
		expect(
			own
				.asked()
				.filter(({ path }) => path.startsWith('/api/act'))
				.map(({ user }) => user),
		).toEqual(Array.from({ length: 20 }, () => 'ada'));
		expect(own.logins()).toBe(1);
	});

	test('a change whose token ends between the check and the request fails, and is not sent twice', async () => {
		own.answers.set('/api/act', 401);
		expect(await thrown(post('/api/act'))).toMatchObject({ httpCode: '401' });
		expect(own.to('/api/act')).toHaveLength(1);
	});

	test('pages are asked for with a token that lives, also where it ends between two of them', async () => {
		own.bodies.set('/api/pages', (query) => {
			if (query.get('page') === '1') own.endTokens();
			return { more: Number(query.get('page')) < 3 };
		});
		own.endTokens();
		const pages = await callerOf(host).paged(
			{ uri: `${own.url}/api/pages` },
			{ continue: '={{ $response.body.more }}', request: { qs: { page: '={{ $pageCount }}' } } },
		);
		expect(pages.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 200]);
		expect(sent('/api/pages')).toEqual(['ada', 'ada', 'ada', 'ada']);
		expect(own.logins()).toBe(2);
	});

	test('a token that is due is renewed ahead', async () => {
		time.now += 56 * MINUTE;
		await get('/api/ask');
		expect(own.seen.map(({ path }) => path)).toEqual(['/api/account/token', '/api/ask']);
	});

	test('on an older server the token is asked about in the older list', async () => {
		own.missing.add('/api/alerts/bulk');
		own.endTokens();
		await post('/api/act');
		expect([sent('/api/act'), own.logins()]).toEqual([['ada'], 1]);
	});

	test.each([
		[403, 0],
		[404, 0],
		[500, 0],
		[429, 0],
		[302, 0],
	])(
		'a server that answers %d about the token gives no reason for a login before a change',
		async (status, logins) => {
			time.now += 2 * MINUTE;
			for (const path of ['/api/alerts/bulk', '/api/alerts'])
				own.answers.set(path, status === 302 ? other.url : status);
			await post('/api/act');
			expect([sent('/api/act'), own.logins(), other.seen]).toEqual([['ada'], logins, []]);
		},
	);

	test('a server that says 403 for an ended token has a question asked again', async () => {
		time.now += 2 * MINUTE;
		for (const path of ['/api/alerts/bulk', '/api/ask']) own.answers.set(path, 403);
		await thrown(get('/api/ask'));
		expect([sent('/api/ask'), own.logins()]).toEqual([['ada', 'ada'], 1]);
	});

	test('a change to a server that is away fails with what n8n says of that', async () => {
		const { url } = other;
		const away = hostAt(other);
		await callerOf(away).older({ uri: `${url}/api/first` });
		await other.close();
		expect(
			await thrown(callerOf(away).older({ uri: `${url}/api/act`, method: 'POST' })),
		).toMatchObject({ httpCode: 'ECONNREFUSED' });
		other = await startTenant({});
	});

	test('a wrong password is tried once, and named', async () => {
		host.storedCredential.password = 'wrong';
		expect((await thrown(post('/api/act'))).message).toMatch(
			/^Cynet does not accept the username and password\. Check /,
		);
		expect(own.seen.map(({ path }) => path)).toEqual(['/api/account/token']);
	});
});

describe('the token stays with its server', () => {
	const elsewhere = (): ReadonlyArray<readonly [string, object]> => [
		[`${other.url}/api/x`, {}],
		[`${own.url}@127.0.0.1:${other.port}/api/x`, {}],
		[`http://ada:ada@127.0.0.1:${own.port}/api/x`, {}],
		[`http://localhost:${own.port}/api/x`, {}],
		[`${own.url}/api/x`, { proxy: other.url }],
		[`${own.url}/api/x`, { headers: { host: `127.0.0.1:${other.port}` } }],
		[`//127.0.0.1:${other.port}/x`, { baseURL: own.url }],
	];

	test.each(
		[
			'another server',
			'a user name that looks like ours',
			'a user name',
			'another name of this machine',
			'a proxy',
			'a header',
			'an address without a scheme',
		].map((what, number) => ({ what, number })),
	)(
		'a request that leads away by $what is refused before anything is sent, at no login',
		async ({ number }) => {
			const [address, more] = elsewhere()[number]!;
			for (const [call, options] of [
				['older', { uri: address, ...more }],
				['newer', { url: address, ...more }],
				['older', { uri: address, method: 'POST', ...more }],
			] as const) {
				expect((await thrown(callerOf(host)[call](options))).message).toMatch(
					/^The token of the Cynet API credential is .+\. (Start|Remove) /,
				);
			}
			expect([own.seen, other.seen]).toEqual([[], []]);
		},
	);

	test('a next page on another server is refused', async () => {
		const pages = callerOf(host).paged(
			{ uri: `${own.url}/api/x` },
			{
				continue: true,
				maxRequests: 3,
				request: { url: `={{ $pageCount ? "${other.url}/api/x" : "${own.url}/api/x" }}` },
			},
		);
		expect((await thrown(pages)).message).toMatch(/sent only to its own server/);
		expect([sent('/api/x'), other.seen]).toEqual([['ada'], []]);
	});

	test.each(['GET', 'POST'])('a redirect is followed by neither helper: %s', async (method) => {
		for (const address of [`${other.url}/api/x`, `${own.url}/api/x`, '/api/x']) {
			own.answers.set('/api/away', address);
			const follow = { followRedirect: true, followAllRedirects: true, maxRedirects: 21 };
			expect(
				await thrown(callerOf(host).older({ uri: `${own.url}/api/away`, method, ...follow })),
			).toMatchObject({ httpCode: '302' });
			expect(
				await thrown(
					callerOf(host).newer({ url: `${own.url}/api/away`, method, maxRedirects: 21 }),
				),
			).toMatchObject({ httpCode: '302' });
		}
		expect([sent('/api/x'), other.seen]).toEqual([[], []]);
	});

	test('the address of the credential in other letters is its own', async () => {
		expect(await get('/api/x', { uri: `HTTP://127.0.0.1:${own.port}/api/x` })).toMatchObject({
			user: 'ada',
		});
	});
});

describe('over http:// to another machine', () => {
	test.each([
		['http://192.0.2.1:9', false],
		['http://cynet.example', false],
		['http://127.0.0.1.example', false],
		['http://localhost.example', false],
		['http://[2001:db8::1]', false],
	])('%s: nothing is sent, neither by the test nor in use', async (baseUrl) => {
		Object.assign(host.storedCredential, { baseUrl });
		const told = await host.testCredential();
		expect(told).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(
				/^Base URL would send keys and alerts in the clear\. Set Base URL .*https:\/\//,
			) as string,
		});
		expect((await thrown(callerOf(host).older({ uri: `${baseUrl}/api/x` }))).message).toMatch(
			/in the clear/,
		);
	});

	test('with Ignore SSL Issues on it is let through, and the test of the credential says what that means', async () => {
		const said = async (more: object) => {
			const tested = hostAt(own, 'ada', 'ada', {
				credential: { allowUnauthorizedCerts: true, ...more },
			});
			return (await tested.testCredential()).message;
		};
		own.bodies.set('/api/alerts/bulk', () => ({ Entities: [] }));
		expect(await said({})).toBe('Cynet accepts the keys and the Client ID.');
		// All of this machine's addresses lead to the same server.
		expect(await said({ baseUrl: `http://0.0.0.0:${own.port}` })).toMatch(
			/^Cynet accepts the keys and the Client ID\. Base URL starts with http:\/\/, so keys, token and alerts travel in the clear/,
		);
	});
});
