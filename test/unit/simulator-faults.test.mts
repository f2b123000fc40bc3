import { describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../simulator/simulator.mts';
import { bulk, client, idsOf, start } from './simulator-client.mts';

/** The answer to one request that meets a fault, with three alerts to list. */
async function met(fault: Fault) {
	const simulator = await start();
	simulator.raise(3);
	const ask = await client(simulator);
	simulator.faults.add(fault);
	return { simulator, ask, response: ask(bulk()) };
}

const causeOf = async (promise: Promise<unknown>): Promise<string> => {
	const error = (await promise.then(
		() => null,
		(thrown: unknown) => thrown,
	)) as { message: string; cause?: { code?: string; message: string } } | null;
	return error ? String(error.cause?.code ?? error.cause?.message ?? error.message) : 'no error';
};

describe('a fault', () => {
	it.each([
		[{ kind: 'status', status: 503 }, 503, null],
		[{ kind: 'status', status: 429, retryAfter: 7 }, 429, '7'],
		[
			{ kind: 'status', status: 429, retryAfter: 'Fri, 29 May 2026 13:01:30 GMT' },
			429,
			'Fri, 29 May 2026 13:01:30 GMT',
		],
	] as const)('%j answers as it says', async (fault, status, retryAfter) => {
		const response = await (await met(fault)).response;
		expect(response.status).toBe(status);
		expect(response.headers.get('retry-after')).toBe(retryAfter);
		expect(await response.json()).toHaveProperty('message');
	});

	it('status takes a body and headers', async () => {
		const json = await (
			await met({ kind: 'status', status: 500, body: { odd: true }, headers: { 'x-odd': 'yes' } })
		).response;
		expect(json.headers.get('x-odd')).toBe('yes');
		expect(await json.json()).toEqual({ odd: true });
		expect(
			await (
				await (
					await met({ kind: 'status', status: 502, body: 'Bad gateway' })
				).response
			).text(),
		).toBe('Bad gateway');
	});

	it.each([
		['null', 'null'],
		['noEntities', '{"SyncTimeUtc":"2026-05-29T13:00:00.000Z"}'],
		['nullEntities', '{"SyncTimeUtc":"2026-05-29T13:00:00.000Z","Entities":null}'],
		['foreign', '{"version":"2.0","data":{"items":[],"total":0}}'],
	] as const)('%s answers 200 with %s', async (kind, text) => {
		const response = await (await met({ kind })).response;
		expect(response.status).toBe(200);
		expect(await response.text()).toBe(text);
	});

	it('bareArray answers the rows without their envelope', async () => {
		const rows = (await (await (await met({ kind: 'bareArray' })).response).json()) as Array<{
			ClientDbId: number;
		}>;
		expect(rows.map(({ ClientDbId }) => ClientDbId)).toEqual([1, 2, 3]);
	});

	it('noContent answers 204 without a body', async () => {
		const response = await (await met({ kind: 'noContent' })).response;
		expect(response.status).toBe(204);
		expect(await response.text()).toBe('');
	});

	it('html answers a web page with 200', async () => {
		const response = await (await met({ kind: 'html' })).response;
		expect(response.status).toBe(200);
		expect(response.headers.get('content-type')).toContain('text/html');
	});

	it('truncated answers half a JSON in a whole response', async () => {
		const text = await (await (await met({ kind: 'truncated' })).response).text();
		expect(text).toMatch(/^\{"SyncTimeUtc"/);
		expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
	});

	it('half promises a length with 200 and breaks off', async () => {
		const response = await (await met({ kind: 'half' })).response;
		expect(response.status).toBe(200);
		expect(Number(response.headers.get('content-length'))).toBeGreaterThan(1000);
		expect(await causeOf(response.text())).toMatch(/ECONNRESET|UND_ERR_SOCKET|terminated/);
	});

	it('reset destroys the connection', async () => {
		expect(await causeOf((await met({ kind: 'reset' })).response)).toMatch(
			/ECONNRESET|UND_ERR_SOCKET/,
		);
	});

	it('timeout never answers', async () => {
		const simulator = await start();
		simulator.faults.add({ kind: 'timeout' });
		const patience = new AbortController();
		const answer = fetch(`${simulator.url}/api/alerts`, { signal: patience.signal });
		await vi.waitUntil(() => simulator.ledger.requests.length > 0, 30_000);
		setTimeout(() => patience.abort(), 100);
		await expect(answer).rejects.toThrow(/abort/);
		expect(simulator.ledger.requests.at(-1)).toMatchObject({ status: null, fault: 'timeout' });
	});

	it('slow answers the truth of the moment when it was asked', async () => {
		const { simulator, response } = await met({ kind: 'slow', delayMs: 50 });
		simulator.settings.onRequest = () => queueMicrotask(() => simulator.raise());
		expect(await idsOf(response)).toEqual([1, 2, 3]);
	});

	it('redirect sends a client elsewhere', async () => {
		const response = await (
			await met({ kind: 'redirect', location: 'http://127.0.0.1:9/elsewhere' })
		).response;
		expect(response.status).toBe(302);
		expect(response.headers.get('location')).toBe('http://127.0.0.1:9/elsewhere');
	});

	it('echoSecrets answers 500 with the token and the password in body and headers', async () => {
		const { simulator, ask, response } = await met({ kind: 'echoSecrets', times: 2 });
		expect((await response).status).toBe(500);
		expect((await response).headers.get('x-echo-token')).toBe(ask.token);
		expect(await (await response).text()).toContain(ask.token);
		const { username, password } = simulator.settings;
		const login = await ask.post('/api/account/token', { user_name: username, password });
		expect(login.headers.get('x-echo-body')).toContain(password);
		expect(await login.text()).toContain(password);
	});
});

describe('faults', () => {
	const statusesOf = async (
		faults: Fault[],
		requests: number,
		path = bulk(),
	): Promise<number[]> => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.faults.add(...faults);
		const statuses: number[] = [];
		for (let i = 0; i < requests; i++) statuses.push((await ask(path)).status);
		return statuses;
	};

	it.each([
		['once unless told otherwise', [{}], [500, 200, 200]],
		['as often as told', [{ times: 2 }], [500, 500, 200]],
		['until cleared with 0', [{ times: 0 }], [500, 500, 500]],
		['until cleared with forever', [{ times: 'forever' }], [500, 500, 500]],
		['after those to let pass', [{ skip: 1 }], [200, 500, 200]],
		['on the nth match', [{ match: { page: 3 } }], [200, 200, 500]],
		['one after the other', [{ status: 500 }, { status: 429 }], [500, 429, 200]],
		[
			'on each page of its own',
			[
				{ match: { page: 1 }, status: 502 },
				{ match: { page: 2 }, status: 503 },
			],
			[502, 503, 200],
		],
		['on an exact path', [{ match: { path: '/api/alerts' } }], [200, 200, 200]],
		['on the beginning of a path', [{ match: { path: '/api/alerts*' } }], [500, 200, 200]],
		[
			'on a method',
			[{ match: { method: 'post' } }, { match: { method: 'get' }, status: 502 }],
			[502, 200, 200],
		],
		[
			'on a site',
			[{ match: { site: '1002' } }, { match: { site: '1001' }, status: 502 }],
			[502, 200, 200],
		],
	] as Array<[string, Array<Partial<Fault>>, number[]]>)(
		'are played %s',
		async (_, faults, statuses) => {
			expect(
				await statusesOf(
					faults.map((fault) => ({ kind: 'status', ...fault })),
					3,
				),
			).toEqual(statuses);
		},
	);

	it('meet the API, the logins included, but not the ledger unless told so', async () => {
		const simulator = await start();
		simulator.faults.add({ kind: 'status', times: 'forever' });
		const statusOf = async (path: string, method: string) =>
			(await fetch(simulator.url + path, { method })).status;
		expect(await statusOf('/api/account/token', 'POST')).toBe(500);
		expect(await statusOf('/ledger', 'GET')).toBe(200);
		simulator.faults.add({ kind: 'status', status: 503, match: { path: '/ledger*' } });
		expect(await statusOf('/ledger', 'GET')).toBe(503);
	});

	it('end when cleared', async () => {
		const { simulator, ask } = await met({ kind: 'status', times: 'forever' });
		simulator.faults.clear();
		expect((await ask(bulk())).status).toBe(200);
	});

	it('are refused with the field and the remedy, all of them or none', async () => {
		const { faults } = await start();
		expect(() => faults.add({ kind: 'status' }, { kind: 'fire' as 'status' })).toThrow(
			/^kind: send one of "status", "timeout"/,
		);
		expect(() => faults.add({ kind: 'status', match: { url: '/' } as object })).toThrow(
			/^url: is not known here; use path, method, site, page/,
		);
		expect(() => faults.add({ kind: 'status', skip: 1, match: { page: 2 } })).toThrow(
			/^skip: send either skip or match.page/,
		);
		expect(faults.list()).toEqual([]);
	});
});
