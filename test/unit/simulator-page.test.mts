import { request } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import type { Status } from '../../simulator/control/status.mts';
import type { Collector, CollectorState, Simulator } from '../../simulator/simulator.mts';
import { START, bulk, client, clock, post, start, tokenOf } from './simulator-client.mts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const item = (id: number) => ({ dedupKey: `cynet:1001:${id}`, event: 'created' });
const statusOf = async ({ url }: Simulator): Promise<Status> =>
	(await (await fetch(`${url}/control/status`)).json()) as Status;
const control = (simulator: Simulator, name: string, body: unknown = {}) =>
	post(`${simulator.url}/control/${name}`, body);
const said = async (simulator: Simulator): Promise<string[]> =>
	(await statusOf(simulator)).log.map(({ text }) => text.replaceAll('\u00a0', ' '));
const messageOf = async (response: Response): Promise<string> =>
	((await response.json()) as { message: string }).message;

const STATE: CollectorState = {
	name: 'n8n',
	version: '2.41.1',
	phase: 'running',
	pid: 4711,
	url: 'http://127.0.0.1:5690/workflow/1',
	ended: 0,
	repeated: 0,
	signIn: null,
	emittedTwice: 0,
	unsettledSince: null,
};

function collector(change: Partial<CollectorState> = {}): Collector & { kills: number } {
	return {
		kills: 0,
		state: () => ({ ...STATE, ...change }),
		async kill() {
			this.kills++;
		},
	};
}

describe('the status', () => {
	it('tells what was raised, has arrived, is late, and is on its way', async () => {
		const simulator = await start();
		simulator.raise(4);
		simulator.raise(2, { visibleAt: START + MINUTE });
		simulator.ledger.deliver([item(1), item(2), item(2)]);
		const { report, late, waiting, now } = await statusOf(simulator);
		expect(report).toMatchObject({
			raised: 6,
			visible: 4,
			delivered: 2,
			pending: 2,
			lost: 0,
			twice: 1,
			twiceKeys: ['cynet:1001:2'],
		});
		expect({ late, waiting, now }).toEqual({ late: 2, waiting: 4, now: START });
	});

	it('counts requests by kind and status, unanswered ones included, and those of the last minute', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		await ask(bulk());
		clock.now += MINUTE;
		simulator.faults.add({ kind: 'status', status: 503 }, { kind: 'reset' });
		await ask(bulk());
		await ask('/api/alerts/count').catch(() => null);
		await ask('/api/hosts');
		const { requests } = await statusOf(simulator);
		expect(requests).toEqual({
			counts: { alerts: { 200: 1, 503: 1, none: 1 }, exchanges: { 200: 1 }, other: { 200: 1 } },
			lastMinute: 3,
		});
	});

	it('calls nothing lost before the API has answered a request for alerts and a minute has passed', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.raise();
		clock.now += 10 * MINUTE;
		expect((await statusOf(simulator)).report).toMatchObject({ lost: 0, pending: 1 });
		await ask(bulk());
		clock.now += MINUTE;
		expect((await statusOf(simulator)).report).toMatchObject({ lost: 0, pending: 1 });
		clock.now += 16 * SECOND;
		expect((await statusOf(simulator)).report).toMatchObject({
			lost: 1,
			pending: 0,
			lostKeys: ['cynet:1001:1'],
		});
	});

	it('calls nothing lost while the collector repairs what its end cut off, and says so as soon as it had the time', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.raise();
		await ask(bulk());
		simulator.collector = collector({ unsettledSince: START + 2 * SECOND });
		clock.now += 10 * MINUTE;
		expect((await statusOf(simulator)).report).toMatchObject({ lost: 0, pending: 1 });
		simulator.collector = collector();
		expect((await statusOf(simulator)).report).toMatchObject({ lost: 1, pending: 0 });
	});

	it("is judged by true time, whatever the server's clock shows", async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.jump(60 * MINUTE);
		simulator.raise();
		await ask(bulk());
		clock.now += 2 * MINUTE;
		expect((await statusOf(simulator)).report).toMatchObject({ lost: 1 });
	});

	it('counts as twice what the collector emitted to two executions', async () => {
		const simulator = await start();
		simulator.collector = collector({ emittedTwice: 3 });
		expect((await statusOf(simulator)).report.twice).toBe(3);
	});

	it('carries no secret', async () => {
		const simulator = await start();
		await tokenOf(simulator);
		await control(simulator, 'faults', { kind: 'echoSecrets' });
		const text = await (await fetch(`${simulator.url}/control/status`)).text();
		for (const secret of simulator.secrets()) expect(text).not.toContain(secret);
	});
});

describe('the latency', () => {
	it('is the time from raised to emitted: median, 95th percentile and longest, over all and by ten seconds', async () => {
		const simulator = await start();
		simulator.raise(20);
		for (let id = 1; id <= 20; id++) {
			clock.now = START + id * SECOND;
			simulator.ledger.deliver(item(id));
		}
		const { latency } = await statusOf(simulator);
		expect(latency).toMatchObject({
			count: 20,
			median: 10 * SECOND,
			p95: 19 * SECOND,
			longest: 20 * SECOND,
		});
		expect(latency.steps).toEqual([
			{ at: START, count: 9, median: 5 * SECOND, p95: 9 * SECOND, longest: 9 * SECOND },
			{
				at: START + 10 * SECOND,
				count: 10,
				median: 14 * SECOND,
				p95: 19 * SECOND,
				longest: 19 * SECOND,
			},
			{
				at: START + 20 * SECOND,
				count: 1,
				median: 20 * SECOND,
				p95: 20 * SECOND,
				longest: 20 * SECOND,
			},
		]);
	});

	it('of a late alert counts from when the API shows it', async () => {
		const simulator = await start();
		simulator.raise(1, { visibleAt: START + MINUTE });
		clock.now += MINUTE + 3 * SECOND;
		simulator.ledger.deliver(item(1));
		expect((await statusOf(simulator)).latency.longest).toBe(3 * SECOND);
	});

	it('is nothing before the first delivery, and takes no notice of repetitions and of what nobody raised', async () => {
		const simulator = await start();
		expect((await statusOf(simulator)).latency).toMatchObject({
			count: 0,
			median: null,
			p95: null,
			longest: null,
			steps: [],
		});
		simulator.raise();
		simulator.ledger.deliver(item(1));
		clock.now += MINUTE;
		simulator.ledger.deliver([item(1), item(99)]);
		expect((await statusOf(simulator)).latency).toMatchObject({ count: 1, longest: 0 });
	});

	it('goes back a quarter of an hour, and 20,000 deliveries at most', async () => {
		const simulator = await start();
		simulator.fill(21_000);
		simulator.ledger.deliver(Array.from({ length: 21_000 }, (_, index) => item(index + 1)));
		expect((await statusOf(simulator)).latency.count).toBe(20_000);
		clock.now += 15 * MINUTE;
		expect((await statusOf(simulator)).latency).toMatchObject({ count: 0, steps: [] });
	});
});

describe('what happened', () => {
	it('tells a burst and when all of it has arrived', async () => {
		const simulator = await start();
		await control(simulator, 'raise', { count: 2 });
		simulator.ledger.deliver([item(1), item(1)]);
		expect(await said(simulator)).toEqual(['2 alerts were raised at one moment.']);
		clock.now += 4200;
		simulator.ledger.deliver(item(2));
		expect(await said(simulator)).toEqual([
			'2 alerts were raised at one moment.',
			'All 2 alerts of the burst have been emitted, 4.2 s after the burst.',
		]);
	});

	it('tells late alerts, and counts their way from when the API shows them', async () => {
		const simulator = await start();
		await control(simulator, 'raise', { count: 5, lateSeconds: 60 });
		clock.now += MINUTE + 2500;
		simulator.ledger.deliver([1, 2, 3, 4, 5].map(item));
		expect(await said(simulator)).toEqual([
			'5 alerts were raised; the API shows them 60 seconds late.',
			'All 5 late alerts have been emitted, 2.5 s after the API showed them.',
		]);
	});

	it('tells an outage of half a minute, which ends by itself', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		await control(simulator, 'faults', {
			kind: 'status',
			status: 503,
			times: 'forever',
			forSeconds: 30,
		});
		clock.now += 30 * SECOND - 1;
		expect((await ask(bulk())).status).toBe(503);
		expect(await statusOf(simulator)).toMatchObject({
			faultsEndAt: START + 30 * SECOND,
			refusals: { outage: { brief: 'Under way, 1 s left' } },
		});
		clock.now += 1;
		expect((await ask(bulk())).status).toBe(200);
		const { log, faultsEndAt, refusals } = await statusOf(simulator);
		expect(log.slice(-2)).toEqual([
			expect.objectContaining({
				kind: 'act',
				text: 'Every request is answered with status 503 for 30 seconds.',
				at: START,
				lastsMs: 30 * SECOND,
			}),
			expect.objectContaining({
				kind: 'good',
				text: 'The outage is over; requests are answered again.',
				at: START + 30 * SECOND,
			}),
		]);
		expect({ faultsEndAt, outage: refusals.outage }).toEqual({ faultsEndAt: null, outage: null });
	});

	it('tells expired tokens and new ones', async () => {
		const simulator = await start();
		await control(simulator, 'expire-tokens');
		await tokenOf(simulator);
		expect(await said(simulator)).toEqual([
			'Every token was made invalid; the next request with one is answered with 401.',
			'Someone logged in: a new token was issued.',
		]);
	});

	it('tells each remediation that the server accepted, with its host and file', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		await ask.post('/api/host/remediation/isolate', { host: 'WS-0101' });
		await ask.post('/api/host/remediation/isolate', {});
		await ask.post('/api/file/remediation/kill', { sha256: 'ab'.repeat(32), host: null });
		expect((await said(simulator)).slice(1)).toEqual([
			'Site 1001 accepted host/isolate on WS-0101.',
			'Site 1001 accepted file/kill for the file ABABABAB….',
		]);
	});

	it('keeps the last 200, with numbers that go on', async () => {
		const simulator = await start();
		for (let i = 1; i <= 250; i++) simulator.pageLog.add('note', String(i));
		const { log } = await statusOf(simulator);
		expect([log.length, log[0]?.id, log.at(-1)?.id]).toEqual([200, 51, 250]);
	});
});

describe("a jump of the server's clock", () => {
	it('moves what the API says, and says so', async () => {
		const simulator = await start();
		expect((await control(simulator, 'clock', { jumpMs: 60 * MINUTE })).status).toBe(200);
		const { SyncTimeUtc } = (await (await (await client(simulator))(bulk())).json()) as {
			SyncTimeUtc: string;
		};
		expect(SyncTimeUtc).toBe('2026-05-29T14:00:00.000Z');
		await control(simulator, 'clock', { jumpMs: -120 * MINUTE });
		expect(await statusOf(simulator)).toMatchObject({ serverClockOffsetMs: -60 * MINUTE });
		expect((await said(simulator)).at(-1)).toBe(
			"The server's clock was set back by 2 h; it shows 12:00:00 UTC.",
		);
	});

	it('ahead waits for late alerts, which only the sweep would find then', async () => {
		const simulator = await start();
		simulator.raise(1, { visibleAt: START + MINUTE });
		const refused = await control(simulator, 'clock', { jumpMs: 60 * MINUTE });
		expect([refused.status, await messageOf(refused)]).toEqual([
			409,
			'Late alerts are still to be shown. Were the clock set ahead now, only the hourly sweep would find them.',
		]);
		expect(simulator.settings.serverClockOffsetMs).toBe(0);
		expect((await control(simulator, 'clock', { jumpMs: -60 * MINUTE })).status).toBe(200);
		clock.now += MINUTE;
		simulator.ledger.deliver(item(1));
		expect((await control(simulator, 'clock', { jumpMs: 60 * MINUTE })).status).toBe(200);
	});

	it('ahead after one back waits until an alert from in between has arrived', async () => {
		const simulator = await start();
		await control(simulator, 'clock', { jumpMs: -60 * MINUTE });
		expect((await statusOf(simulator)).refusals.ahead).toBeNull();
		clock.now += SECOND;
		simulator.raise(2);
		expect((await control(simulator, 'clock', { jumpMs: 60 * MINUTE })).status).toBe(409);
		simulator.ledger.deliver(item(1));
		expect((await control(simulator, 'clock', { jumpMs: 60 * MINUTE })).status).toBe(200);
	});

	it.each([
		[{}, 'jumpMs: is missing'],
		[{ jumpMs: 'much' }, 'jumpMs: send a whole number'],
		[{ jumpMs: 1e9 }, 'jumpMs: send a whole number'],
	])('%j is a 400', async (body, message) => {
		const response = await control(await start(), 'clock', body);
		expect([response.status, await messageOf(response)]).toEqual([
			400,
			expect.stringContaining(message),
		]);
	});
});

describe('the kill', () => {
	it('is refused with an explanation where nothing runs beside the simulator', async () => {
		const simulator = await start();
		const response = await control(simulator, 'kill');
		expect([response.status, await messageOf(response)]).toEqual([
			409,
			'No n8n here: the simulator runs alone. npm run demo starts one beside it.',
		]);
		expect(await statusOf(simulator)).toMatchObject({
			collector: null,
			refusals: { kill: { brief: 'No n8n here' } },
		});
	});

	it('is handed to what runs beside it, and said', async () => {
		const simulator = await start();
		const n8n = collector();
		simulator.collector = n8n;
		expect(await statusOf(simulator)).toMatchObject({
			collector: { pid: 4711, version: '2.41.1' },
			refusals: { kill: null },
		});
		expect((await control(simulator, 'kill')).status).toBe(200);
		expect(n8n.kills).toBe(1);
		expect(await said(simulator)).toEqual(['kill -9 was sent to n8n, process 4711.']);
	});

	it('is refused while that is starting', async () => {
		const simulator = await start();
		const n8n = collector({ phase: 'starting' });
		simulator.collector = n8n;
		expect((await control(simulator, 'kill')).status).toBe(409);
		expect(n8n.kills).toBe(0);
	});

	it('that fails is said', async () => {
		const simulator = await start();
		simulator.collector = {
			...collector(),
			kill: async () => await Promise.reject(new Error('no such process')),
		};
		await control(simulator, 'kill');
		await vi.waitFor(async () =>
			expect(await said(simulator)).toContain('n8n could not be killed: Error: no such process'),
		);
	});
});

describe('the page', () => {
	it('comes with its files, from nowhere else, and lists the routes and the credential', async () => {
		const { url, settings } = await start();
		const response = await fetch(url);
		const text = await response.text();
		expect(response.headers.get('content-security-policy')).toMatch(
			/^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';/,
		);
		expect(text).toContain(settings.password);
		expect(text).not.toMatch(/\{\{|https?:|<style|\bon\w+="|<script(?! type="module" src)/);
		const files = [...text.matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, path]) => path);
		expect(files).toEqual(['/page/icon.svg', '/page/page.css', '/page/page.mjs']);
		const module = await (await fetch(`${url}/page/page.mjs`)).text();
		const imported = [...module.matchAll(/from '\.(\/\w+\.mjs)'/g)].map(
			([, path]) => `/page${path}`,
		);
		for (const path of [...files, ...imported])
			expect((await fetch(url + path)).status, path).toBe(200);
		expect((await fetch(`${url}/page/routes.mts`)).status).toBe(404);
	});
});

describe("another site's page", () => {
	const from = (simulator: Simulator, origin: string) =>
		post(`${simulator.url}/control/raise`, { count: 1 }, { origin });
	/** With a `Host` that `fetch` would not let pass. */
	const under = async ({ url }: Simulator, host: string, method = 'POST'): Promise<number> =>
		await new Promise((resolve, reject) => {
			request(`${url}/control/expire-tokens`, { method, headers: { host } }, (response) =>
				resolve(response.resume().statusCode ?? 0),
			)
				.on('error', reject)
				.end();
		});

	it.each(['https://example.com', 'http://127.0.0.1:5690', 'http://localhost', 'null'])(
		'%s presses no button',
		async (origin) => {
			const simulator = await start();
			const response = await from(simulator, origin);
			expect([response.status, await messageOf(response)]).toEqual([
				403,
				expect.stringContaining(`open ${simulator.url}/ itself`),
			]);
			expect(simulator.ledger.report().raised).toBe(0);
		},
	);

	it("the simulator's own page and programs without an Origin do", async () => {
		const simulator = await start();
		expect((await from(simulator, simulator.url)).status).toBe(200);
		expect((await control(simulator, 'raise')).status).toBe(200);
	});

	it('that has a name of its own for this machine does not even read', async () => {
		const simulator = await start();
		const { port } = new URL(simulator.url);
		expect(await under(simulator, `rebound.example:${port}`)).toBe(403);
		expect(await under(simulator, `rebound.example:${port}`, 'GET')).toBe(403);
		expect(await under(simulator, `localhost:${port}`)).toBe(200);
		expect(await under(simulator, `127.0.0.1:${port}`)).toBe(200);
	});

	it('on a simulator for other machines every name of its own is good, and another Origin still is not', async () => {
		const simulator = await start({ host: '0.0.0.0' });
		expect(await under(simulator, 'cynet:8360')).toBe(200);
		expect((await from(simulator, 'https://example.com')).status).toBe(403);
	});
});
