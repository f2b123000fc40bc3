import type { ICredentialDataDecryptedObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import { callerOf, hostAt, thrown } from './credential-kit.mts';
import { createHost, type Host } from './harness.mts';
import { startTenant, type Tenant } from './tenants.mts';

const USERS = { ada: 'ada', ben: 'ben', cleo: 'cleo' };
let tenants: Tenant[];
let own: Tenant;
let other: Tenant;

beforeEach(async () => {
	tenants = [await startTenant(USERS), await startTenant(USERS), await startTenant(USERS)];
	[own, other] = tenants as [Tenant, Tenant];
	for (const tenant of tenants) {
		tenant.bodies.set('/api/alerts/bulk', () => ({
			Entities: [],
			SyncTimeUtc: '2026-06-01T12:00:00Z',
		}));
		tenant.bodies.set('/api/host/remediation/isolate', () => ({ remediation_items: [1] }));
	}
});
afterEach(async () => void (await Promise.all(tenants.map(async ({ close }) => await close()))));

/** The ways in which a credential is used. */
const USES: ReadonlyArray<readonly [string, (host: Host, tenant: Tenant) => Promise<unknown>]> = [
	[
		'the trigger',
		async (host) =>
			await fetchAlerts(host.context(), { list: 'bulk', since: 0, limit: 1, offset: 0 }),
	],
	[
		'the HTTP Request node',
		async (host, tenant) => await callerOf(host).older({ uri: `${tenant.url}/api/alerts/bulk` }),
	],
	[
		'the HTTP Request node with a POST',
		async (host, tenant) =>
			await callerOf(host).older({ uri: `${tenant.url}/api/x`, method: 'POST' }),
	],
	[
		'the pagination of the HTTP Request node',
		async (host, tenant) =>
			await callerOf(host).paged({ uri: `${tenant.url}/api/x` }, { continue: false, request: {} }),
	],
	[
		'another node',
		async (host, tenant) => await callerOf(host).newer({ url: `${tenant.url}/api/x` }),
	],
];

describe.each(USES)('in %s', (_use, use) => {
	test.each([
		['user', { username: 'ben', password: 'ben' }],
		['password', { password: 'ada ' }],
	])('a changed %s is logged in with before anything is asked', async (what, changes) => {
		const host = hostAt(own);
		await use(host, own);
		own.seen.length = 0;
		Object.assign(host.storedCredential, changes);
		await use(host, own).catch(() => undefined);
		expect(own.seen[0]).toMatchObject({ path: '/api/account/token' });
		expect(own.asked().map(({ user }) => user)).toEqual(
			what === 'user' ? own.asked().map(() => 'ben') : [],
		);
	});

	test('a changed address is shown no token of the one before', async () => {
		const host = hostAt(own);
		await use(host, own);
		Object.assign(host.storedCredential, { baseUrl: other.url });
		await use(host, other);
		expect(other.seen[0]).toMatchObject({ path: '/api/account/token', token: null });
		expect(other.asked().filter(({ token }) => own.tokens().includes(token ?? ''))).toEqual([]);
	});

	test('a changed kind of login is logged in with anew', async () => {
		const host = hostAt(own);
		await use(host, own);
		Object.assign(host.storedCredential, { authentication: 'v2Login' });
		own.seen.length = 0;
		await use(host, own);
		expect(own.seen[0]).toMatchObject({ path: '/api/v2/login' });
		expect(
			own.asked().map(({ headers }) => [headers.access_token, headers.authorization?.slice(0, 11)]),
		).toEqual(own.asked().map(() => [undefined, 'Bearer ada-']));
	});

	test('the same account in another spelling, and its next run, need no login', async () => {
		const host = hostAt(own);
		await use(host, own);
		Object.assign(host.storedCredential, {
			baseUrl: ` ${own.url.replace('http', 'HTTP')}/api/`,
			username: ' ada ',
		});
		await use(host, own);
		expect(own.logins()).toBe(1);
	});

	test('a token that was stored without a word of whose it is, is not used', async () => {
		const host = hostAt(own);
		Object.assign(host.storedCredential, {
			accessToken: 'from before',
			accessTokenExpiresAt: String(Date.now() + 3_000_000),
		});
		await use(host, own);
		expect(own.seen.filter(({ token }) => token === 'from before')).toEqual([]);
		expect(own.logins()).toBe(1);
	});
});

const EXPRESSIONS = {
	baseUrl: '={{ $json.url }}',
	username: '={{ $json.user }}',
	password: '={{ $json.user }}',
	clientId: '={{ $json.site }}',
};

const LINES = [
	['that keeps expressions', false],
	['that stores what they come to (before 2.34)', true],
] as const;

describe.each(LINES)('with expressions, on an n8n %s', (_line, olderWriteBack) => {
	const hostOf = (parameters: INodeParameters = {}) =>
		createHost({ olderWriteBack, credential: EXPRESSIONS, node: { name: 'Cynet', parameters } });
	const items = (places: ReadonlyArray<readonly [Tenant, string]>) =>
		places.map(([{ url }, user], index) => ({
			json: { url, user, site: String(1001 + index), host: `WS-${index}` },
		}));
	const isolate = async (host: Host, of: ReturnType<typeof items>) =>
		await new Cynet().execute.call(host.executeContext(new Cynet(), of));
	const ISOLATE = {
		resource: 'host',
		operation: 'isolate',
		hostName: '={{ $json.host }}',
		options: { hostCheck: 'off' },
	};

	/** Host, site and user of each isolation. */
	const isolated = ({ to }: Tenant) =>
		to('/api/host/remediation/isolate').map(({ body, headers, user }) => [
			(/WS-\d/.exec(body) ?? [])[0],
			headers.client_id,
			user,
		]);

	test('each of three tenants has its own host isolated, as itself, in one execution and in the next', async () => {
		const host = hostOf(ISOLATE);
		for (let round = 1; round <= 2; round++) {
			await isolate(host, items(tenants.map((tenant) => [tenant, 'ada'])));
			for (const [index, tenant] of tenants.entries()) {
				expect(isolated(tenant)).toEqual(
					Array.from({ length: round }, () => [`WS-${index}`, String(1001 + index), 'ada']),
				);
				expect(tenant.logins()).toBe(1);
			}
		}
		expect(host.storedCredential).toMatchObject(EXPRESSIONS);
	});

	test('each of three users of one server acts as itself, whatever the order', async () => {
		const host = hostOf(ISOLATE);
		await isolate(
			host,
			items([
				[own, 'cleo'],
				[own, 'ada'],
				[own, 'ben'],
				[own, 'ada'],
				[own, 'cleo'],
			]),
		);
		expect(isolated(own).map(([, , user]) => user)).toEqual(['cleo', 'ada', 'ben', 'ada', 'cleo']);
		expect(own.logins()).toBe(3);
	});

	test.each(['GET', 'POST'])(
		'the HTTP Request node asks with %s for each item as its own tenant, all at once',
		async (method) => {
			const host = hostOf();
			const all = items([
				...tenants.map((tenant): [Tenant, string] => [tenant, 'ada']),
				[own, 'ben'],
				[own, 'cleo'],
			]);
			for (let round = 0; round < 2; round++) {
				const { older } = callerOf(host, all);
				await Promise.all(
					all.map(
						async ({ json }, index) =>
							await older({ uri: `${json.url}/api/x?as=${json.user}`, method }, index),
					),
				);
			}
			const asked = tenants.flatMap((tenant) => tenant.to('/api/x'));
			expect(asked).toHaveLength(2 * all.length);
			for (const { path, user, headers } of asked)
				expect([path.split('=')[1], headers.client_id]).toEqual([
					user,
					String(
						1001 +
							all.findIndex(
								({ json }) =>
									json.user === user &&
									(user !== 'ada' || json.url.endsWith(String(headers.host).split(':')[1]!)),
							),
					),
				]);
			expect(host.storedCredential).toMatchObject(EXPRESSIONS);
		},
	);

	test.each([
		['nothing', { url: '', user: '', site: '' }],
		['null', { url: null, user: null, site: null }],
		['a number for a user', { url: 'here', user: 7, site: 1001 }],
		['objects', { url: 'here', user: { a: 1 }, site: [] }],
		['no such field', {}],
	])(
		'an item whose expressions come to %s is asked as nobody, after one that went well',
		async (_what, json: Record<string, unknown>) => {
			const host = hostOf(ISOLATE);
			await isolate(host, items([[own, 'ada']]));
			own.seen.length = 0;
			const odd = [
				{ json: { ...json, ...(json.url === 'here' && { url: own.url }), host: 'WS-9' } },
			];
			const error = await thrown(isolate(host, odd as unknown as ReturnType<typeof items>));
			expect(`${error.message} ${error.description}`).toMatch(/Cynet API credential/);
			expect(own.asked()).toEqual([]);
		},
	);
});

test('a token that another process stored for the account is used without a login', async () => {
	const host = hostAt(own);
	await callerOf(host).older({ uri: `${own.url}/api/x` });
	vi.resetModules();
	const { createHost: anew } = await import('./harness.mts');
	const elsewhere = anew({
		credential: { ...host.storedCredential } as ICredentialDataDecryptedObject,
	});
	await callerOf(elsewhere).older({ uri: `${own.url}/api/y` });
	expect([own.logins(), own.to('/api/y')[0]?.user]).toEqual([1, 'ada']);
	Object.assign(elsewhere.storedCredential, { username: 'ben', password: 'ben' });
	await callerOf(elsewhere).older({ uri: `${own.url}/api/z` });
	expect([own.logins(), own.to('/api/z')[0]?.user]).toEqual([2, 'ben']);
});

test('the fingerprint holds neither user nor password nor address, and differs from process to process', async () => {
	const fingerprint = async () => {
		vi.resetModules();
		const { createHost: anew } = await import('./harness.mts');
		const host = anew({
			credential: { baseUrl: own.url, username: 'ada', password: 'ada', clientId: '1001' },
		});
		await callerOf(host).older({ uri: `${own.url}/api/x` });
		return String(host.storedCredential.accessTokenFingerprint);
	};
	const [one, two] = [await fingerprint(), await fingerprint()];
	expect(one).toMatch(/^[\w-]{22}\.[\w-]{32}$/);
	expect(one.split('.').filter((part) => two.includes(part))).toEqual([]);
});
