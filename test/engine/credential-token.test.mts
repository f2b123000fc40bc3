import type { INodeType } from 'n8n-workflow';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { failureOf } from '../../nodes/shared/api/errors.ts';
import type { AlertQuery } from '../../nodes/shared/api/types.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { createHost, NodeApiError, virtualClock, type Host } from './harness.mts';

const MINUTE = 60_000;
const QUERY: AlertQuery = { list: 'bulk', since: 0, limit: 100, offset: 0 };

let time: ReturnType<typeof virtualClock>;
let simulator: Simulator;
let host: Host;

beforeEach(async () => {
	time = virtualClock();
	simulator = await startSimulator({ now: () => time.now, sites: ['1001', '2002'] });
	host = hostFor({});
});
afterEach(async () => {
	time.restore();
	await simulator.close();
});

function hostFor(credential: object): Host {
	const { username, password } = simulator.settings;
	return createHost({
		credential: { baseUrl: simulator.url, username, password, clientId: '1001', ...credential },
	});
}

const read = async (from = host, clientId?: string) =>
	await fetchAlerts(from.context(), QUERY, { clientId });
const statuses = () => simulator.ledger.requests.map(({ status }) => status);
const rejection = async (promise: Promise<unknown>): Promise<NodeApiError> =>
	await promise.then(
		() => expect.unreachable(),
		(error: NodeApiError) => error,
	);

test.each([
	['accountToken', 'access_token'],
	['v2Login', 'bearer'],
])('%s logs in once, stores the token and travels as %s', async (authentication, header) => {
	host = hostFor({ authentication });
	simulator.raise(3);
	expect((await read()).rows).toHaveLength(3);
	await read();
	expect(simulator.ledger.exchanges).toBe(1);
	expect(simulator.ledger.requests.at(-1)).toMatchObject({
		token: header,
		clientId: '1001',
		status: 200,
	});
	expect(simulator.secrets()).toContain(host.storedCredential.accessToken);
	expect(host.storedCredential.accessTokenExpiresAt).toBe(String(time.now + 60 * MINUTE));
});

test('a day of polls every minute costs at most 27 exchanges and meets no 401', async () => {
	for (let minute = 0; minute < 24 * 60; minute++) {
		await read();
		time.now += MINUTE;
	}
	expect(simulator.ledger.exchanges).toBeLessThanOrEqual(27);
	expect(statuses()).not.toContain(401);
});

test('a token is kept until five minutes before its end, and then renewed', async () => {
	await read();
	time.now += 55 * MINUTE - 1;
	await read();
	expect(simulator.ledger.exchanges).toBe(1);
	time.now += 1;
	await read();
	expect(simulator.ledger.exchanges).toBe(2);
	expect(statuses()).not.toContain(401);
	expect(host.storedCredential.accessTokenExpiresAt).toBe(String(time.now + 60 * MINUTE));
});

test('the end of a token that an earlier version of this package stored as a number is read as well', async () => {
	await read();
	host.storedCredential.accessTokenExpiresAt = Number(host.storedCredential.accessTokenExpiresAt);
	await read();
	expect(simulator.ledger.exchanges).toBe(1);
});

test('a token that the server forgot costs one 401, one exchange, and the request succeeds', async () => {
	await read();
	simulator.expireTokens();
	simulator.raise(2);
	expect((await read()).rows).toHaveLength(2);
	expect(simulator.ledger.exchanges).toBe(2);
	expect(statuses()).toEqual([200, 200, 401, 200, 200]);
});

test('a call that is refused with every token ends in one readable error after four fresh ones, with pauses of random length', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 401,
		times: 'forever',
		match: { path: '/api/alerts*' },
	});
	const error = await rejection(read());
	expect(error).toBeInstanceOf(NodeApiError);
	expect(error).toMatchObject({
		message: 'Cynet does not accept the credential',
		httpCode: '401',
		failure: { cause: 'credential-invalid' },
	});
	expect(error.description).toMatch(/Username or Access Key, Password or Secret Key and Client ID/);
	expect(failureOf(error)).toMatchObject({
		transient: false,
		status: 401,
		retryAfterMs: null,
		atLogin: false,
	});
	expect(simulator.ledger.report().requests).toBe(5);
	expect(simulator.ledger.exchanges).toBe(5);
	expect(time.waits).toEqual([2_500, 5_000, 7_500]);
});

test('ten requests at once without a token cost one exchange', async () => {
	await Promise.all(Array.from({ length: 10 }, async () => await read()));
	expect(simulator.ledger.exchanges).toBe(1);
	expect(statuses()).not.toContain(401);
});

test('ten requests at once with a token that ended cost one exchange, even where only the newest token lives', async () => {
	simulator.settings.singleToken = true;
	await read();
	simulator.expireTokens();
	time.now += MINUTE;
	await Promise.all(Array.from({ length: 10 }, async () => await read()));
	expect(simulator.ledger.exchanges).toBe(2);
});

test('a token that is older than the newest was ended by it, and is not asked with', async () => {
	await read();
	const older = { ...host.storedCredential };
	time.now += 56 * MINUTE;
	await read();
	Object.assign(host.storedCredential, older);
	await read();
	expect(simulator.ledger.exchanges).toBe(2);
	expect(statuses()).not.toContain(401);
});

test('a token of another process and the one remembered here, both forgotten by the server, cost one exchange and no error', async () => {
	await read();
	const { username, password } = simulator.settings;
	const answer = await fetch(`${simulator.url}/api/account/token`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ user_name: username, password }),
	});
	Object.assign(
		host.storedCredential,
		await answer.json().then(({ access_token: accessToken }) => ({ accessToken })),
	);
	simulator.expireTokens();
	simulator.raise(2);
	expect((await read()).rows).toHaveLength(2);
	expect(simulator.ledger.exchanges).toBe(3);
	expect(statuses().slice(-3)).toEqual([401, 200, 200]);
	await read();
	expect(simulator.ledger.exchanges).toBe(3);
});

test('a bad secret costs one exchange, and the error names the fields', async () => {
	host = hostFor({ password: 'not the secret' });
	const error = await rejection(read());
	expect(error.message).toBe('Cynet does not accept the username and password');
	expect(error).toMatchObject({ httpCode: '401', failure: { cause: 'credential-invalid' } });
	expect(failureOf(error)).toMatchObject({
		transient: false,
		status: null,
		retryAfterMs: null,
		atLogin: true,
	});
	expect(simulator.ledger.exchanges).toBe(1);
	expect(simulator.ledger.report().requests).toBe(0);
});

test('a secret that went bad while a token lived costs one exchange', async () => {
	await read();
	simulator.expireTokens();
	simulator.settings.password = 'rotated';
	const error = await rejection(read());
	expect(error.message).toBe('Cynet does not accept the username and password');
	expect(simulator.ledger.exchanges).toBe(2);
});

test('a login that is down is waited for like any request', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 503,
		times: 2,
		match: { path: '/api/account/token' },
	});
	await read();
	expect(time.waits).toEqual([500, 1_000]);
	expect(simulator.ledger.exchanges).toBe(3);
});

test('a login that asks to wait longer than there is time tells how long', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 429,
		retryAfter: 86_400,
		match: { path: '/api/account/token' },
	});
	const error = await rejection(read());
	expect(failureOf(error)).toMatchObject({
		transient: true,
		status: null,
		retryAfterMs: 3_600_000,
		atLogin: true,
	});
});

test('a login that does not exist is not taken for a list that does not exist', async () => {
	simulator.faults.add({
		kind: 'status',
		status: 404,
		times: 'forever',
		match: { path: '/api/account/token' },
	});
	const error = await rejection(read());
	expect(error.message).toBe('There is no Cynet API login at this address');
	expect(failureOf(error).status).toBeNull();
});

test('a request may name another site, and the stored credential keeps its own', async () => {
	simulator.raise(1, { site: '2002' });
	time.now += 56 * MINUTE;
	expect((await read(host, '2002')).rows).toHaveLength(1);
	expect((await read()).rows).toHaveLength(0);
	expect(simulator.ledger.requests.map(({ clientId }) => clientId)).toEqual([null, '2002', '1001']);
	expect(host.storedCredential.clientId).toBe('1001');
});

test('an expression in the credential survives the renewal of the token', async () => {
	host = hostFor({ clientId: '={{ "1001" }}' });
	await read();
	expect(simulator.ledger.requests.at(-1)?.clientId).toBe('1001');
	expect(host.storedCredential.clientId).toBe('={{ "1001" }}');
});

test("n8n's HTTP Request node logs in with this credential, and may name another site", async () => {
	const nodeType = {
		description: { properties: [], credentials: [{ name: 'cynetApi', required: true }] },
	} as unknown as INodeType;
	const context = host.executeContext(nodeType);
	// What that node calls, with its own form of options; nodes of this package use the newer helper
	const { requestWithAuthentication } = context.helpers as unknown as Record<
		string,
		(...parameters: unknown[]) => Promise<unknown>
	>;
	const options = {
		method: 'GET',
		uri: `${simulator.url}/api/alerts?LastSeen=2026-01-01T00:00:00Z`,
		json: true,
	};
	simulator.raise(1, { site: '2002' });
	await requestWithAuthentication!.call(context, 'cynetApi', { ...options });
	expect(simulator.ledger.requests.at(-1)).toMatchObject({
		token: 'access_token',
		clientId: '1001',
		status: 200,
	});
	const other = await requestWithAuthentication!.call(context, 'cynetApi', {
		...options,
		headers: { client_id: '2002' },
	});
	expect(other).toMatchObject({ Entities: [{ ClientDbId: expect.any(Number) as number }] });
	expect(simulator.ledger.exchanges).toBe(1);
});

test.each([
	['baseUrl', 'acme.api.cynet.com', 'Base URL is not a web address'],
	['clientId', ' ', 'Client ID is empty'],
])(
	'an unusable %s is refused before any request, even while a token lives',
	async (field, value, message) => {
		await read();
		const before = simulator.ledger.requests.length;
		host.storedCredential[field] = value;
		expect((await rejection(read())).message).toBe(message);
		expect(simulator.ledger.requests).toHaveLength(before);
	},
);
