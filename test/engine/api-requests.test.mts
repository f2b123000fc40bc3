import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { IExecuteFunctions, IHttpRequestOptions, INodeType } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { earlierOf } from '../../nodes/shared/api/clocks.ts';
import { failureOf } from '../../nodes/shared/api/errors.ts';
import { request } from '../../nodes/shared/api/request.ts';
import type { AlertQuery } from '../../nodes/shared/api/types.ts';
import { clock } from '../../nodes/shared/clock.ts';
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
	host = createHost({
		credential: { baseUrl: simulator.url, username, password, clientId: '1001' },
	});
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
		[
			'changed',
			'/api/alerts/bulkByDateChanged',
			{ DateChanged: '2026-06-01 09:08:07', Limit: '50', Offset: '150' },
		],
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
		expect(earlierOf(page.clocks)).toBe(simulator.serverNow());
	});

	test('without SyncTimeUtc the time of the server is its Date header, and without that unknown', async () => {
		for (const syncTime of ['missing', 'null', 'malformed'] as const) {
			simulator.settings.syncTime = syncTime;
			expect(earlierOf((await read()).clocks)).toBe(
				Math.floor(simulator.serverNow() / 1000) * 1000,
			);
		}
		simulator.settings.dateHeader = false;
		expect(earlierOf((await read()).clocks)).toBeNull();
	});

	test.each([404, 405])(
		'a server that lacks the list is known by its status %d',
		async (status) => {
			fault('status', { status });
			expect(failureOf(await rejection(read()))).toMatchObject({
				transient: false,
				status,
				retryAfterMs: null,
				atLogin: false,
			});
		},
	);
});

describe('odd answers', () => {
	test.each(['null', 'noEntities', 'nullEntities', 'noContent'] as const)(
		'%s is an empty list',
		async (kind) => {
			simulator.raise(2);
			fault(kind);
			expect((await read()).rows).toEqual([]);
			expect(tries()).toHaveLength(1);
		},
	);

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
		[
			'status',
			{ status: 200, body: '{"Entities":"x","SyncTimeUtc":"x"}' },
			'Cynet answered without a list of alerts',
		],
		['status', { status: 200, body: '150' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: 'true' }, 'Cynet answered without a list of alerts'],
		['status', { status: 200, body: '"text"' }, 'Cynet answered with something other than JSON'],
		['status', { status: 200, body: 'OK' }, 'Cynet answered with something other than JSON'],
	] as const)(
		'%s %j is never taken for an empty list: asked for once more, it is thrown as transient',
		async (kind, more, message) => {
			fault(kind, { ...more, times: 'forever' });
			const error = await rejection(read());
			expect(error.message).toBe(message);
			expect(failureOf(error)).toMatchObject({ transient: true, maybeMistyped: true });
			expect(tries()).toHaveLength(2);
		},
	);

	test.each(['truncated', 'half', 'reset'] as const)(
		'an answer that breaks off (%s) is asked for again',
		async (kind) => {
			simulator.raise(20);
			fault(kind, { times: 2 });
			expect((await read()).rows).toHaveLength(20);
			expect(tries()).toHaveLength(3);
		},
	);

	test('a redirect is not followed, so that the token reaches no other host', async () => {
		const visits: string[] = [];
		const other = createServer((incoming, response) => {
			visits.push(String(incoming.url));
			response.end('{}');
		}).listen(0, '127.0.0.1');
		await new Promise((resolve) => other.once('listening', resolve));
		fault('redirect', {
			location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/steal`,
			times: 'forever',
		});
		const error = await rejection(read());
		other.close();
		expect(error.description).toMatch(/If this never worked: set Base URL/);
		expect(failureOf(error)).toMatchObject({
			transient: true,
			status: 302,
			retryAfterMs: null,
			atLogin: false,
		});
		expect(visits).toEqual([]);
	});

	test.each([
		[400, 'Cynet refuses the request'],
		[403, 'Cynet does not let the API user do this'],
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
		expect(
			sent.map(({ timeout, disableFollowRedirect, skipSslCertificateValidation }) => [
				timeout,
				disableFollowRedirect,
				skipSslCertificateValidation,
			]),
		).toEqual([
			[30_000, true, false],
			[5_000, true, false],
			[1_000, true, true],
		]);
	});
});

describe('retries', () => {
	test.each([429, 500, 502, 503, 504])(
		'status %d is asked for again until it passes',
		async (status) => {
			fault('status', { status, times: 4 });
			await read();
			expect(tries()).toHaveLength(5);
			expect(time.waits).toEqual([500, 1_000, 2_000, 4_000]);
		},
	);

	test('five tries at most', async () => {
		fault('status', { status: 503, times: 'forever' });
		const error = await rejection(read());
		expect(error).toMatchObject({
			message: 'Cynet is not available at the moment',
			httpCode: '503',
		});
		expect(failureOf(error)).toMatchObject({
			transient: true,
			status: 503,
			retryAfterMs: null,
			atLogin: false,
		});
		expect(tries()).toHaveLength(5);
	});

	test('Retry-After in seconds is obeyed', async () => {
		fault('status', { status: 429, retryAfter: 7 });
		await read();
		expect(time.waits).toEqual([7_000]);
	});

	test("Retry-After as a date is obeyed on the server's clock", async () => {
		simulator.settings.serverClockOffsetMs = 3_600_000;
		fault('status', {
			status: 503,
			retryAfter: new Date(simulator.serverNow() + 9_000).toUTCString(),
		});
		await read();
		expect(time.waits).toEqual([9_000]);
	});

	test('Retry-After that outlasts the deadline is told, not waited for', async () => {
		fault('status', { status: 429, retryAfter: 86_400 });
		const error = await rejection(read({}, time.now + 240_000));
		expect(failureOf(error)).toMatchObject({
			transient: true,
			status: 429,
			retryAfterMs: 3_600_000,
			atLogin: false,
		});
		expect(error.failure).toEqual({ cause: 'rate-limited', retryAfterMs: 3_600_000 });
		expect(time.waits).toEqual([]);
		expect(tries()).toHaveLength(1);
	});

	test('a server that never answers is given up at the deadline', async () => {
		fault('timeout', { times: 'forever' });
		const error = await rejection(read({}, time.now + 1));
		expect(error.message).toBe('Cynet did not answer in time');
		expect(failureOf(error)).toMatchObject({
			transient: true,
			status: null,
			retryAfterMs: null,
			atLogin: false,
		});
	});

	test('a server that is gone is transient', async () => {
		await read();
		await simulator.close();
		expect(failureOf(await rejection(read()))).toMatchObject({
			transient: true,
			status: null,
			retryAfterMs: null,
			atLogin: false,
		});
		simulator = await startSimulator();
	});

	test('a POST is never repeated', async () => {
		simulator.faults.add({ kind: 'status', status: 503, match: { path: '/api/host/*' } });
		const post = {
			method: 'POST',
			path: '/api/host/remediation/isolate',
			body: { host: 'PC-1' },
		} as const;
		expect(failureOf(await rejection(request(host.context(), post))).transient).toBe(true);
		expect(simulator.ledger.remediations).toHaveLength(0);
		expect(
			simulator.ledger.requests.filter(
				({ method, path }) => method === 'POST' && path.includes('isolate'),
			),
		).toHaveLength(1);
	});

	test('a POST reaches the server as JSON, from an action node too', async () => {
		const nodeType = {
			description: { properties: [], credentials: [{ name: 'cynetApi', required: true }] },
		} as unknown as INodeType;
		const context: IExecuteFunctions = host.executeContext(nodeType);
		const answer = await request(context, {
			method: 'POST',
			path: '/api/host/remediation/isolate',
			body: { host: 'PC-1' },
		});
		expect(answer.status).toBe(200);
		expect(simulator.ledger.remediations).toMatchObject([{ action: 'host/isolate', host: 'PC-1' }]);
	});
});

/** A server of the test's own, on loopback. */
async function serving(
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; close: () => Promise<void> }> {
	const server = createServer(answer).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Sends a byte now and then, until the other side hangs up. */
function trickle(response: ServerResponse, begun: () => void, hungUp: () => void): void {
	response.writeHead(200, { 'content-type': 'application/json' });
	const timer = setInterval(() => {
		response.write(' ');
		begun();
	}, 5);
	response.once('close', () => {
		clearInterval(timer);
		hungUp();
	});
}

describe('an answer without an end', () => {
	let limits: number[];
	let pass: () => void;
	let begun: Promise<void>;
	let begin: () => void;
	let hungUp: Promise<void>;
	let hangUp: () => void;
	let logins: number;
	let trickles: string;
	let server: Awaited<ReturnType<typeof serving>>;
	let account = 0;

	beforeEach(async () => {
		limits = [];
		logins = 0;
		trickles = '';
		begun = new Promise((resolve) => (begin = resolve));
		hungUp = new Promise((resolve) => (hangUp = resolve));
		const passed: Array<() => void> = [];
		pass = () => passed.forEach((end) => end());
		clock.limit = async (milliseconds) => {
			limits.push(milliseconds);
			await new Promise<void>((resolve) => passed.push(resolve));
		};
		server = await serving((incoming, response) => {
			const login = incoming.method === 'POST';
			if (login) logins++;
			if (incoming.url?.startsWith(trickles)) trickle(response, begin, hangUp);
			else
				response.end(
					JSON.stringify(
						login ? { access_token: 'T' } : { SyncTimeUtc: '2026-06-01T12:00:00Z', Entities: [] },
					),
				);
		});
		host = createHost({
			credential: {
				baseUrl: server.url,
				username: `endless-${++account}`,
				password: 'p',
				clientId: '1',
			},
		});
	});
	afterEach(async () => await server.close());

	const failing = async () => {
		const error = await rejection(
			fetchAlerts(host.context(), QUERY, { tries: 1, deadline: time.now + 40_000 }),
		);
		expect(error.message).toBe('Cynet did not answer in time');
		return failureOf(error);
	};

	test('is given up at the limit or the deadline, and the connection is closed', async () => {
		trickles = LIST.slice(0, -1);
		const failure = failing();
		await begun;
		pass();
		expect(await failure).toMatchObject({
			transient: true,
			status: null,
			mayBeThisPage: true,
			atLogin: false,
		});
		await hungUp;
		expect(limits.slice(-1)).toEqual([40_000]);
	});

	test('is given up in an action as well, where n8n puts a signal of its own in the place of ours', async () => {
		trickles = LIST.slice(0, -1);
		const nodeType = {
			description: { properties: [], credentials: [{ name: 'cynetApi', required: true }] },
		} as unknown as INodeType;
		const failure = rejection(fetchAlerts(host.executeContext(nodeType), QUERY, { tries: 1 }));
		await begun;
		pass();
		expect(failureOf(await failure)).toMatchObject({ transient: true, status: null });
		await hungUp;
	});

	test('is given up by an n8n that ignores the signal', async () => {
		trickles = LIST.slice(0, -1);
		const context = host.context();
		const { httpRequestWithAuthentication } = context.helpers;
		context.helpers.httpRequestWithAuthentication = async function (
			this: never,
			type,
			{ abortSignal: _, ...options },
			more,
		) {
			return (await httpRequestWithAuthentication.call(this, type, options, more)) as never;
		};
		const failure = rejection(fetchAlerts(context, QUERY, { tries: 1 }));
		await begun;
		pass();
		expect(failureOf(await failure)).toMatchObject({ transient: true, status: null });
		await hungUp;
	});

	test('at the login holds up nobody for ever: who waits gives up at a deadline of its own, and the next one logs in', async () => {
		trickles = '/api/account';
		const failures = [failing(), failing(), failing()];
		await begun;
		pass();
		for (const failure of failures)
			expect(await failure).toMatchObject({ transient: true, status: null });
		await hungUp;
		trickles = 'nowhere';
		expect((await fetchAlerts(host.context(), QUERY)).conclusive).toBe(true);
		expect(logins).toBe(2);
	});

	test('that comes after all was given up is hung up on', async () => {
		trickles = LIST.slice(0, -1);
		const context = host.context();
		const { httpRequestWithAuthentication } = context.helpers;
		let letThrough = (): void => {};
		const held = new Promise<void>((resolve) => (letThrough = resolve));
		context.helpers.httpRequestWithAuthentication = async function (
			this: never,
			type,
			{ abortSignal: _, ...options },
			more,
		) {
			const answer: unknown = await httpRequestWithAuthentication.call(this, type, options, more);
			await held;
			return answer as never;
		};
		const failure = rejection(fetchAlerts(context, QUERY, { tries: 1 }));
		await begun;
		pass();
		await failure;
		letThrough();
		await hungUp;
	});
});

describe('what an answer may hold', () => {
	const MB = 1024 * 1024;

	/** Reads a list that is answered so. */
	async function readingFrom(body: Buffer, headers: Record<string, string>) {
		const server = await serving((incoming, response) => {
			if (incoming.method === 'POST') return void response.end('{"access_token":"T"}');
			response.writeHead(200, {
				date: 'Mon, 01 Jun 2026 12:00:00 GMT',
				'content-type': 'application/json',
				...headers,
			});
			response.end(body);
		});
		host = createHost({
			credential: { baseUrl: server.url, username: 'u', password: 'p', clientId: '1' },
		});
		return await read().finally(async () => await server.close());
	}

	const list = (size: number) => Buffer.from(`{"Entities":["${'x'.repeat(size - 17)}"]}`);

	test('is 32 MB, unpacked: more is given up, with the setting to change', async () => {
		const bomb = gzipSync(list(32 * MB + 1), { level: 1 });
		expect(bomb.length).toBeLessThan(MB);
		const error = await rejection(readingFrom(bomb, { 'content-encoding': 'gzip' }));
		expect(error.message).toBe('The answer from Cynet is larger than 32 MB');
		expect(error.description).toMatch(/Lower Page Size/);
		expect(failureOf(error)).toMatchObject({
			transient: false,
			status: 200,
			mayBeThisPage: true,
			maybeMistyped: false,
		});
	});

	test('is 32 MB: no less', async () => {
		expect(
			await readingFrom(gzipSync(list(32 * MB), { level: 1 }), { 'content-encoding': 'gzip' }),
		).toMatchObject({ conclusive: true });
	});

	test.each([
		['gzip', gzipSync],
		['br', brotliCompressSync],
		['deflate', deflateSync],
	] as const)('%s is unpacked', async (encoding, pack) => {
		expect(
			(await readingFrom(pack('{"Entities":[{"ClientDbId":1}]}'), { 'content-encoding': encoding }))
				.rows,
		).toEqual([{ ClientDbId: 1 }]);
	});

	test('a byte order mark and letters of all kinds are read', async () => {
		expect((await readingFrom(Buffer.from('\ufeff{"Entities":["ä€😀"]}'), {})).rows).toEqual([
			'ä€😀',
		]);
	});

	test('a bad packing is an answer that broke off', async () => {
		const error = await rejection(
			readingFrom(
				Buffer.concat([gzipSync('{"Entities":[]}').subarray(0, 15), Buffer.alloc(20, 7)]),
				{ 'content-encoding': 'gzip' },
			),
		);
		expect(error.message).toBe('The answer from Cynet is not complete');
		expect(failureOf(error)).toMatchObject({ transient: true, mayBeThisPage: true });
	});

	test('one row that is not JSON does not hold up the others', async () => {
		const page = await readingFrom(
			Buffer.from(
				'{"SyncTimeUtc":"2026-06-01T12:00:00Z","Entities":[{"ClientDbId":1,"Score":NaN},{"ClientDbId":2,"Path":"a\nb"},{"ClientDbId":3}]}',
			),
			{},
		);
		expect(page).toMatchObject({
			rows: [{ ClientDbId: 1, Score: null }, { ClientDbId: 2, Path: 'a\nb' }, { ClientDbId: 3 }],
			conclusive: true,
		});
		expect(page.warnings).toEqual([expect.stringMatching(/not JSON.*: 2$/)]);
	});
});

describe('the credential', () => {
	test.each([
		['Could not load secrets', 'n8n could not read the Cynet API credential', true],
		[
			'The credential in use tries to use a secret from an external store that could not be found',
			'n8n could not read the Cynet API credential',
			true,
		],
		['SQLITE_BUSY: database is locked', 'n8n could not read the Cynet API credential', true],
		[
			'Credential with ID "7" does not exist for type "cynetApi"',
			'n8n could not send the request to Cynet',
			false,
		],
		[
			'Node does not have any credentials set for "cynetApi"',
			'n8n could not send the request to Cynet',
			false,
		],
	])(
		'that n8n cannot read, for %j, is told as "%s": transient is %s',
		async (words, message, transient) => {
			const context = host.context();
			context.getCredentials = async () => await Promise.reject(new Error(words));
			const error = await rejection(fetchAlerts(context, QUERY));
			expect(error.message).toBe(message);
			expect(error.description).toContain(words);
			expect(failureOf(error)).toMatchObject({ transient, status: null, atLogin: false });
		},
	);
});

describe('leaks', () => {
	/** Everything that could be read off an error by whoever stores, logs or shows it. */
	function everythingIn(value: unknown, seen = new Set<unknown>()): string {
		if (typeof value !== 'object' || value === null) return String(value);
		if (seen.has(value)) return '';
		seen.add(value);
		const own = Reflect.ownKeys(value).map(
			(key) => `${String(key)}=${everythingIn(Reflect.get(value, key), seen)}`,
		);
		return [...own, inspect(value, { depth: 20, showHidden: true })].join('\n');
	}

	function expectNoSecretIn(error: Error): void {
		const text = [everythingIn(error), JSON.stringify(error), error.stack, String(error)].join(
			'\n',
		);
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
	] as const)(
		'%s at %s %j leaves neither password nor token in the error or the log',
		async (kind, path, more) => {
			simulator.raise(20);
			simulator.faults.add({ kind, ...more, times: 'forever', match: { path } });
			expectNoSecretIn(await rejection(read({}, time.now + 1)));
			for (const secret of simulator.secrets())
				expect(inspect(host.log, { depth: 20 })).not.toContain(secret);
		},
	);

	test('an answer that holds the token and is no list leaves nothing in the error', async () => {
		await read();
		fault('status', {
			status: 200,
			body: { message: host.storedCredential.accessToken },
			times: 'forever',
		});
		expectNoSecretIn(await rejection(read()));
	});

	test("n8n's own refusal is told in its words, without the secret", async () => {
		const context = host.context();
		const { password } = simulator.settings;
		context.helpers.httpRequestWithAuthentication = async () => {
			throw new NodeApiError(
				context.getNode(),
				new Error(`Domain not allowed: ${password}`) as never,
			);
		};
		const error = await rejection(fetchAlerts(context, QUERY));
		expect(error.message).toBe('n8n could not send the request to Cynet');
		expect(error.description).toBe('Domain not allowed: ***');
		expectNoSecretIn(error);
	});
});
