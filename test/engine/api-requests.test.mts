import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import type { IExecuteFunctions, IHttpRequestOptions, INodeType } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { failureOf } from '../../nodes/shared/api/errors.ts';
import { request } from '../../nodes/shared/api/request.ts';
import type { AlertQuery } from '../../nodes/shared/api/types.ts';
import { startSimulator, type Fault, type Simulator } from '../../simulator/simulator.mts';
import { createHost, NodeApiError, virtualClock, type Host } from './harness.mts';

const QUERY: AlertQuery = { list: 'bulk', since: 0, limit: 100, offset: 0 };
const LIST = '/api/alerts*';

let time: ReturnType<typeof virtualClock>;
let simulator: Simulator;
let host: Host;

beforeEach(async () => {
	time = virtualClock();
	simulator = await startSimulator({ now: () => time.now });
	const { username, password } = simulator.settings;
	host = createHost({ credential: { baseUrl: simulator.url, username, password, clientId: '1001' } });
});
afterEach(async () => {
	time.restore();
	await simulator.close();
});

const read = async (query: Partial<AlertQuery> = {}, deadline?: number) =>
	await fetchAlerts(host.context(), { ...QUERY, ...query }, { deadline });

const rejection = async (promise: Promise<unknown>): Promise<NodeApiError> => {
	const error = await promise.then(
		() => expect.unreachable(),
		(thrown: unknown) => thrown,
	);
	expect(error).toBeInstanceOf(NodeApiError);
	return error as NodeApiError;
};

const fault = (kind: Fault['kind'], more: Partial<Fault> = {}) =>
	simulator.faults.add({ kind, match: { path: LIST }, ...more });

/** The requests for alerts that reached the server. */
const tries = () => simulator.ledger.requests.filter(({ path }) => path.startsWith('/api/alerts'));

describe('the three lists', () => {
	const since = Date.parse('2026-06-01T09:08:07.999Z');

	test.each([
		['bulk', '/api/alerts/bulk', { LastSeen: '2026-06-01 09:08:07', Limit: '50', Offset: '150' }],
		['changed', '/api/alerts/bulkByDateChanged', { DateChanged: '2026-06-01 09:08:07', Limit: '50', Offset: '150' }],
		['unpaged', '/api/alerts', { LastSeen: '2026-06-01 09:08:07' }],
	] as const)('%s is read from %s', async (list, path, query) => {
		await read({ list, since, limit: 50, offset: 150 });
		expect(tries()).toMatchObject([{ method: 'GET', path, query }]);
		expect(Object.keys(tries()[0]!.query)).toHaveLength(Object.keys(query).length);
	});

	test('rows come as the API sent them, with the time of the server', async () => {
		time.now += 318;
		const raised = simulator.raise(2);
		const page = await read();
		expect(page.rows).toEqual(raised);
		expect(page.serverTime).toBe(simulator.serverNow());
	});

	test('without SyncTimeUtc the time of the server is its Date header, and without that unknown', async () => {
		for (const syncTime of ['missing', 'null', 'malformed'] as const) {
			simulator.settings.syncTime = syncTime;
			expect((await read()).serverTime).toBe(Math.floor(simulator.serverNow() / 1000) * 1000);
		}
		simulator.settings.dateHeader = false;
		expect((await read()).serverTime).toBeNull();
	});

	test.each([404, 405])('a server that lacks the list is known by its status %d', async (status) => {
		fault('status', { status });
		expect(failureOf(await rejection(read()))).toMatchObject({ transient: false, status, retryAfterMs: null, atLogin: false });
	});
});

describe('odd answers', () => {
	test.each(['null', 'noEntities', 'nullEntities', 'noContent'] as const)('%s is an empty list', async (kind) => {
		simulator.raise(2);
		fault(kind);
		expect((await read()).rows).toEqual([]);
		expect(tries()).toHaveLength(1);
	});

	test('a bare array is its rows', async () => {
		simulator.raise(2);
		fault('bareArray');
		expect((await read()).rows).toHaveLength(2);
	});

	test('an envelope with a time and without rows is beyond doubt an empty list', async () => {
		expect(await read()).toMatchObject({ rows: [], conclusive: true, warnings: [] });
		fault('nullEntities');
		expect(await read()).toMatchObject({ rows: [], conclusive: true, warnings: [] });
	});

	test.each([
		['html', {}, 'Cynet answered with a web page instead of data'],
		['foreign', {}, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '{}' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '  ' }, 'Cynet answered without a list of alerts'],
		['status', { status: 202, body: '{"Entities":[]}' }, 'Cynet answered without a list of alerts'],
		['status', { status: 206, body: '[]' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '{"message":"x"}' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '{"Entities":{}}' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '{"Entities":"x","SyncTimeUtc":"x"}' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '150' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: 'true' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '"text"' }, 'Cynet answered with something other than JSON'],
		['status', { status: 200, body: 'OK' }, 'Cynet answered with something other than JSON'],
	] as const)('%s %j is never taken for an empty list: asked for once more, it is thrown as transient', async (kind, more, message) => {
		fault(kind, { ...more, times: 'forever' });
		const error = await rejection(read());
		expect(error.message).toBe(message);
		expect(failureOf(error)).toMatchObject({ transient: true, maybeMistyped: true });
		expect(tries()).toHaveLength(2);
	});

	test.each(['truncated', 'half', 'reset'] as const)('an answer that breaks off (%s) is asked for again', async (kind) => {
		simulator.raise(20);
		fault(kind, { times: 2 });
		expect((await read()).rows).toHaveLength(20);
		expect(tries()).toHaveLength(3);
	});

	test('a redirect is not followed, so that the token reaches no other host', async () => {
		const visits: string[] = [];
		const other = createServer((incoming, response) => {
			visits.push(String(incoming.url));
			response.end('{}');
		}).listen(0, '127.0.0.1');
		await new Promise((resolve) => other.once('listening', resolve));
		fault('redirect', { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/steal`, times: 'forever' });
		const error = await rejection(read());
		other.close();
		expect(error.description).toMatch(/If this never worked: set Base URL/);
		expect(failureOf(error)).toMatchObject({ transient: true, status: 302, retryAfterMs: null, atLogin: false });
		expect(visits).toEqual([]);
	});

	test.each([
		[400, 'Cynet refuses the request'],
		[403, 'Cynet does not allow this to the API user'],
		[404, 'Cynet does not know this address'],
	])('status %d is thrown at once, with what to do', async (status, message) => {
		fault('status', { status, times: 'forever' });
		const error = await rejection(read());
		expect(error.message).toBe(message);
		expect(error.httpCode).toBe(String(status));
		expect(error.description).toMatch(/Client ID|Base URL/);
		expect(tries()).toHaveLength(1);
	});
});

describe('each request', () => {
	test('has a limit of time of its own, follows no redirect, and skips certificates only where the credential says so', async () => {
		const sent: IHttpRequestOptions[] = [];
		const send = async (deadline?: number) => {
			const context = host.context();
			context.helpers.httpRequestWithAuthentication = async (_type, options) => {
				sent.push(options);
				return { statusCode: 200, headers: {}, body: { Entities: [] } };
			};
			await fetchAlerts(context, QUERY, { deadline });
		};
		await send();
		await send(time.now + 5_000);
		host.storedCredential.allowUnauthorizedCerts = true;
		await send(time.now - 1);
		expect(sent.map(({ timeout, disableFollowRedirect, skipSslCertificateValidation }) => [timeout, disableFollowRedirect, skipSslCertificateValidation])).toEqual([
			[30_000, true, false],
			[5_000, true, false],
			[1_000, true, true],
		]);
	});
});

describe('retries', () => {
	test.each([429, 500, 502, 503, 504])('status %d is asked for again until it passes', async (status) => {
		fault('status', { status, times: 4 });
		await read();
		expect(tries()).toHaveLength(5);
		expect(time.waits).toEqual([500, 1_000, 2_000, 4_000]);
	});

	test('five tries at most', async () => {
		fault('status', { status: 503, times: 'forever' });
		const error = await rejection(read());
		expect(error).toMatchObject({ message: 'Cynet is not available at the moment', httpCode: '503' });
		expect(failureOf(error)).toMatchObject({ transient: true, status: 503, retryAfterMs: null, atLogin: false });
		expect(tries()).toHaveLength(5);
	});

	test('Retry-After in seconds is obeyed', async () => {
		fault('status', { status: 429, retryAfter: 7 });
		await read();
		expect(time.waits).toEqual([7_000]);
	});

	test("Retry-After as a date is obeyed on the server's clock", async () => {
		simulator.settings.serverClockOffsetMs = 3_600_000;
		fault('status', { status: 503, retryAfter: new Date(simulator.serverNow() + 9_000).toUTCString() });
		await read();
		expect(time.waits).toEqual([9_000]);
	});

	test('Retry-After that outlasts the deadline is told, not waited for', async () => {
		fault('status', { status: 429, retryAfter: 86_400 });
		const error = await rejection(read({}, time.now + 240_000));
		expect(failureOf(error)).toMatchObject({ transient: true, status: 429, retryAfterMs: 3_600_000, atLogin: false });
		expect(error.failure).toEqual({ cause: 'rate-limited', retryAfterMs: 3_600_000 });
		expect(time.waits).toEqual([]);
		expect(tries()).toHaveLength(1);
	});

	test('a server that never answers is given up at the deadline', async () => {
		fault('timeout', { times: 'forever' });
		const error = await rejection(read({}, time.now + 1));
		expect(error.message).toBe('Cynet did not answer in time');
		expect(failureOf(error)).toMatchObject({ transient: true, status: null, retryAfterMs: null, atLogin: false });
	});

	test('a server that is gone is transient', async () => {
		await read();
		await simulator.close();
		expect(failureOf(await rejection(read()))).toMatchObject({ transient: true, status: null, retryAfterMs: null, atLogin: false });
		simulator = await startSimulator();
	});

	test('a POST is never repeated', async () => {
		simulator.faults.add({ kind: 'status', status: 503, match: { path: '/api/host/*' } });
		const post = { method: 'POST', path: '/api/host/remediation/isolate', body: { host: 'PC-1' } } as const;
		expect(failureOf(await rejection(request(host.context(), post))).transient).toBe(true);
		expect(simulator.ledger.remediations).toHaveLength(0);
		expect(simulator.ledger.requests.filter(({ method, path }) => method === 'POST' && path.includes('isolate'))).toHaveLength(1);
	});

	test('a POST reaches the server as JSON, from an action node too', async () => {
		const nodeType = { description: { properties: [], credentials: [{ name: 'cynetApi', required: true }] } } as unknown as INodeType;
		const context: IExecuteFunctions = host.executeContext(nodeType);
		const answer = await request(context, { method: 'POST', path: '/api/host/remediation/isolate', body: { host: 'PC-1' } });
		expect(answer.status).toBe(200);
		expect(simulator.ledger.remediations).toMatchObject([{ action: 'host/isolate', host: 'PC-1' }]);
	});
});

describe('leaks', () => {
	/** Everything that could be read off an error by whoever stores, logs or shows it. */
	function everythingIn(value: unknown, seen = new Set<unknown>()): string {
		if (typeof value !== 'object' || value === null) return String(value);
		if (seen.has(value)) return '';
		seen.add(value);
		const own = Reflect.ownKeys(value).map((key) => `${String(key)}=${everythingIn(Reflect.get(value, key), seen)}`);
		return [...own, inspect(value, { depth: 20, showHidden: true })].join('\n');
	}

	function expectNoSecretIn(error: Error): void {
		const text = [everythingIn(error), JSON.stringify(error), error.stack, String(error)].join('\n');
		for (const secret of simulator.secrets()) expect(text).not.toContain(secret);
		expect(error.cause).toBeUndefined();
	}

	const LOGIN = '/api/account/token';

	test.each([
		['status', LIST, { status: 400 }],
		['status', LIST, { status: 401 }],
		['status', LIST, { status: 403 }],
		['status', LIST, { status: 429, retryAfter: 86_400 }],
		['status', LIST, { status: 503 }],
		['echoSecrets', LIST, {}],
		['timeout', LIST, {}],
		['reset', LIST, {}],
		['half', LIST, {}],
		['truncated', LIST, {}],
		['html', LIST, {}],
		['foreign', LIST, {}],
		['redirect', LIST, {}],
		['status', LOGIN, { status: 401 }],
		['status', LOGIN, { status: 503 }],
		['echoSecrets', LOGIN, {}],
		['reset', LOGIN, {}],
		['half', LOGIN, {}],
		['truncated', LOGIN, {}],
		['html', LOGIN, {}],
		['foreign', LOGIN, {}],
		['redirect', LOGIN, {}],
	] as const)('%s at %s %j leaves neither password nor token in the error or the log', async (kind, path, more) => {
		simulator.raise(20);
		simulator.faults.add({ kind, ...more, times: 'forever', match: { path } });
		expectNoSecretIn(await rejection(read({}, time.now + 1)));
		for (const secret of simulator.secrets()) expect(inspect(host.log, { depth: 20 })).not.toContain(secret);
	});

	test('an answer that holds the token and is no list leaves nothing in the error', async () => {
		await read();
		fault('status', { status: 200, body: { message: host.storedCredential.accessToken }, times: 'forever' });
		expectNoSecretIn(await rejection(read()));
	});

	test("n8n's own refusal is told in its words, without the secret", async () => {
		const context = host.context();
		const { password } = simulator.settings;
		context.helpers.httpRequestWithAuthentication = async () => {
			throw new NodeApiError(context.getNode(), new Error(`Domain not allowed: ${password}`) as never);
		};
		const error = await rejection(fetchAlerts(context, QUERY));
		expect(error.message).toBe('n8n could not send the request to Cynet');
		expect(error.description).toBe('Domain not allowed: ***');
		expectNoSecretIn(error);
	});
});
