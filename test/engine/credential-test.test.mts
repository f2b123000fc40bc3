import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { testCredential } from '../../nodes/shared/api/credential-test.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { createHost } from './harness.mts';

const LOGIN = '/api/account/token';
const LIST = '/api/alerts/bulk';

let simulator: Simulator;

beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => {
	await simulator.close();
});

const testWith = async (credential: object = {}) => {
	const { username, password } = simulator.settings;
	const host = createHost({
		credential: { baseUrl: simulator.url, username, password, clientId: '1001', ...credential },
	});
	return { host, ...(await host.testCredential()) };
};

test.each(['accountToken', 'v2Login'])(
	'right keys pass with %s, and a first request needs no second login',
	async (authentication) => {
		const { host, status } = await testWith({ authentication });
		expect(status).toBe('OK');
		expect(simulator.ledger.exchanges).toBe(1);
		await fetchAlerts(host.context(), {
			list: 'bulk',
			since: Date.now() - 3_600_000,
			limit: 1,
			offset: 0,
		});
		expect(simulator.ledger.exchanges).toBe(1);
		expect(simulator.ledger.requests.at(-1)).toMatchObject({
			path: '/api/alerts/bulk',
			query: { Limit: '1', Offset: '0' },
		});
		expect(simulator.ledger.requests.at(-1)?.query.LastSeen).toMatch(
			/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/,
		);
	},
);

test.each(['/', '/api', ' ', '/api/account/token', '/#/home'])(
	'an address with %j at its end passes',
	async (end) => {
		expect((await testWith({ baseUrl: ` ${simulator.url}${end}` })).status).toBe('OK');
		expect(simulator.ledger.requests).toMatchObject([{ path: LOGIN }, { path: LIST }]);
	},
);

test('it asks for a window of an hour', async () => {
	await testWith();
	const asked = Date.parse(
		`${simulator.ledger.requests.at(-1)?.query.LastSeen?.replace(' ', 'T')}Z`,
	);
	expect(Math.abs(Date.now() - 3_600_000 - asked)).toBeLessThan(60_000);
});

test('it really logs in each time', async () => {
	const { host } = await testWith();
	await host.testCredential();
	expect(simulator.ledger.exchanges).toBe(2);
});

test('a changed secret is really tried, although a token of the old one lives', async () => {
	const { host } = await testWith();
	host.storedCredential.password = 'changed';
	expect(await host.testCredential()).toMatchObject({
		status: 'Error',
		message: expect.stringContaining(
			'Cynet does not accept the username and password. Check Username or Access Key and Password or Secret Key in the Cynet API credential, and that the API user is active in the console.',
		) as string,
	});
	expect(simulator.ledger.exchanges).toBe(2);
});

test.each([
	[
		'wrong keys',
		LOGIN,
		{ kind: 'status', status: 401 },
		/does not accept the username and password\. Check Username or Access Key and Password/,
	],
	[
		'a web page for a login',
		LOGIN,
		{ kind: 'html' },
		/web page.*set Base URL.*not to the address of the console/,
	],
	['an answer without a token', LOGIN, { kind: 'foreign' }, /no token\. Set Base URL/],
	[
		'no login',
		LOGIN,
		{ kind: 'status', status: 404 },
		/no Cynet API login at this address\. Set Base URL/,
	],
	[
		'a login that redirects',
		LOGIN,
		{ kind: 'redirect' },
		/redirect\. Try again later.*set Base URL/,
	],
	['a login that is limited', LOGIN, { kind: 'status', status: 429 }, /too many requests/],
	[
		'a login that is down',
		LOGIN,
		{ kind: 'status', status: 502 },
		/not available at the moment\. Try again later/,
	],
	['a login that breaks off', LOGIN, { kind: 'half' }, /is not complete/],
	[
		'a token that is refused',
		LIST,
		{ kind: 'status', status: 401 },
		/does not accept it for this site\. Check Client ID/,
	],
	[
		'a missing role',
		LIST,
		{ kind: 'status', status: 403 },
		/does not let them read this site\. Check that Client ID.*role/,
	],
	[
		'a list that is missing',
		LIST,
		{ kind: 'status', status: 404 },
		/keys are right, but there is no list.*Base URL.*older on-premises/i,
	],
	['a list that redirects', LIST, { kind: 'redirect' }, /redirect\. Try again later.*set Base URL/],
	['a list that is limited', LIST, { kind: 'status', status: 429 }, /too many requests/],
	['a list that is down', LIST, { kind: 'status', status: 503 }, /not available at the moment/],
	['an answer that holds the token', LIST, { kind: 'echoSecrets' }, /[a-z]/],
	['a list that breaks off', LIST, { kind: 'half' }, /is not complete/],
	['something else than a list', LIST, { kind: 'foreign' }, /without a list of alerts.*Base URL/],
	[
		'a web page for a list',
		LIST,
		{ kind: 'html' },
		/web page.*set Base URL.*not to the address of the console/,
	],
] as const)('%s at %s is explained', async (_, path, fault, message) => {
	simulator.faults.add({ ...fault, times: 'forever', match: { path } });
	const { status, message: shown } = await testWith();
	expect(shown).toMatch(message);
	expect(status).toBe('Error');
	for (const secret of simulator.secrets()) expect(shown).not.toContain(secret);
});

test.each(['null', 'bareArray', 'noContent'] as const)(
	'a list without alerts (%s) passes',
	async (kind) => {
		simulator.faults.add({ kind, match: { path: LIST } });
		expect(await testWith()).toMatchObject({ status: 'OK' });
		expect(simulator.ledger.requests.at(-1)).toMatchObject({ path: LIST });
	},
);

test.each([true, false])(
	'certificates are skipped only where the credential says so (%s), each request has a limit of time, and no redirect is followed',
	async (allowUnauthorizedCerts) => {
		const sent: Array<Record<string, unknown>> = [];
		const request = async (options: Record<string, unknown>) => {
			sent.push(options);
			return { statusCode: 200, headers: {}, body: { access_token: 'a', Entities: [] } };
		};
		const data = {
			baseUrl: 'https://cynet.example',
			username: 'u',
			password: 'p',
			clientId: '1',
			allowUnauthorizedCerts,
		};
		expect(
			await testCredential.call({ helpers: { request } } as never, {
				id: '',
				name: '',
				type: '',
				data,
			}),
		).toMatchObject({ status: 'OK' });
		expect(sent).toHaveLength(2);
		for (const options of sent) {
			expect(options).toMatchObject({ timeout: 30_000, followRedirect: false });
			expect(options.rejectUnauthorized).toBe(allowUnauthorizedCerts ? false : undefined);
		}
	},
);

test('a Client ID of another site is noticed, although the keys are right', async () => {
	expect(await testWith({ clientId: '9' })).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('Client ID') as string,
	});
});

test.each([
	['baseUrl', 'acme.api.cynet.com', /Base URL is not a web address\. Set Base URL/],
	['username', '', /Username or Access Key is empty/],
	['password', '', /Password or Secret Key is empty/],
	['clientId', '', /Client ID is empty/],
])('an unusable %s is named, and nothing is sent', async (field, value, message) => {
	expect((await testWith({ [field]: value })).message).toMatch(message);
	expect(simulator.ledger.requests).toEqual([]);
});

test('a port where nobody listens is explained', async () => {
	const server: Server = createServer().listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	expect((await testWith({ baseUrl: `http://127.0.0.1:${port}` })).message).toMatch(
		/Could not connect to Cynet.*check host and port of Base URL/,
	);
});

test('a host name that does not exist is explained', async () => {
	expect((await testWith({ baseUrl: 'https://nowhere.invalid' })).message).toMatch(
		/host name in Base URL cannot be found/,
	);
});

test('https at a port that speaks http is explained', async () => {
	expect((await testWith({ baseUrl: simulator.url.replace('http:', 'https:') })).message).toMatch(
		/Could not make a secure connection.*https:\/\/ or http:\/\//,
	);
});
