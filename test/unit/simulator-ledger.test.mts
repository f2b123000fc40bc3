import { describe, expect, it, vi } from 'vitest';
import {
	START,
	bulk,
	client,
	clock,
	idsOf,
	post,
	send,
	start,
	tokenOf,
} from './simulator-client.mts';

const item = (key: string, event = 'created') => ({ dedupKey: key, event, name: 'any' });

describe('the ledger', () => {
	it('calls lost what is visible and was not delivered', async () => {
		const { ledger, raise } = await start();
		raise(3);
		raise(1, { visibleAt: START + 60_000 });
		ledger.deliver(item('cynet:1001:2'));
		expect(ledger.report()).toMatchObject({
			raised: 4,
			visible: 3,
			delivered: 1,
			lost: 2,
			twice: 0,
			lostKeys: ['cynet:1001:1', 'cynet:1001:3'],
		});
		clock.now += 60_000;
		expect(ledger.report()).toMatchObject({ raised: 4, visible: 4, lost: 3 });
	});

	it('calls pending, not lost, what has been visible for less than the grace', async () => {
		const { ledger, raise } = await start();
		raise(1);
		clock.now += 30_000;
		raise(1);
		expect(ledger.report({ graceSeconds: 30 })).toMatchObject({
			pending: 1,
			lost: 1,
			lostKeys: ['cynet:1001:1'],
		});
		expect(ledger.report({ graceSeconds: 31 })).toMatchObject({
			pending: 2,
			lost: 0,
			lostKeys: [],
		});
		expect(ledger.report()).toMatchObject({ pending: 0, lost: 2 });
	});

	it('counts the surplus of what was delivered more than once', async () => {
		const { ledger, raise } = await start();
		raise(2);
		for (const key of ['cynet:1001:1', 'cynet:1001:1', 'cynet:1001:1', 'cynet:1001:2'])
			ledger.deliver(item(key));
		expect(ledger.report()).toMatchObject({
			delivered: 2,
			lost: 0,
			twice: 2,
			twiceKeys: ['cynet:1001:1'],
		});
	});

	it('takes simple and raw items, one or a list, and tells events apart', async () => {
		const { ledger, raise } = await start();
		raise(3);
		ledger.deliver(item('cynet:1001:1'));
		ledger.deliver([
			{ ClientDbId: 2, cynet: { event: 'created', clientId: '1001', dedupKey: 'cynet:1001:2' } },
			item('cynet:1001:1:2026-05-29T13:00:00Z', 'recurred'),
		]);
		expect(ledger.report()).toMatchObject({
			delivered: 2,
			lost: 1,
			twice: 0,
			unknown: 0,
			events: { created: 2, recurred: 1 },
		});
	});

	it('counts as unknown what was delivered as created and never raised', async () => {
		const { ledger, raise } = await start();
		raise(1, { expected: false });
		ledger.deliver(item('cynet:1001:1'));
		expect(ledger.report()).toMatchObject({ raised: 0, lost: 0, unknown: 1 });
	});

	it('expects the id that the alert shows, zero and text included, and no row that is no alert', async () => {
		const { ledger, raise } = await start();
		raise(1, { ClientDbId: 0 });
		raise(1, { ClientDbId: 'ab-1' });
		raise(1, { json: '{"ClientDbId":77}' });
		raise(1, { json: 'null' });
		const [odd] = raise(1, { ClientDbId: undefined });
		expect(ledger.report().lostKeys).toEqual([
			'cynet:1001:0',
			'cynet:1001:ab-1',
			'cynet:1001:77',
			`cynet:1001:${odd?.Uniqueness}`,
		]);
	});

	it('names at most twenty keys', async () => {
		const { ledger, raise } = await start();
		raise(50);
		expect(ledger.report()).toMatchObject({ lost: 50 });
		expect(ledger.report().lostKeys).toHaveLength(20);
	});

	it('records every request and its answer, and no secret', async () => {
		const simulator = await start();
		simulator.raise(5);
		const ask = await client(simulator);
		await ask(`${bulk({ Limit: 2 })}&access_token=${ask.token}`);
		simulator.faults.add({ kind: 'status', status: 503 });
		await ask('/api/alerts');
		const { requests } = simulator.ledger;
		expect(requests.map(({ method, path, status }) => [method, path, status])).toEqual([
			['POST', '/api/account/token', 200],
			['GET', '/api/alerts/bulk', 200],
			['GET', '/api/alerts', 503],
		]);
		expect(requests[1]).toMatchObject({
			at: START,
			clientId: '1001',
			token: 'access_token',
			rows: 2,
			query: { Limit: '2', LastSeen: '2020-01-01 00:00:00' },
		});
		expect(requests[2]?.fault).toBe('status');
		expect(simulator.ledger.report()).toMatchObject({ requests: 2, exchanges: 1, rows: 2 });
		expect(simulator.secrets()).toEqual([simulator.settings.password, ask.token]);
		for (const secret of simulator.secrets())
			expect(JSON.stringify(requests)).not.toContain(secret);
	});

	it('does not count what goes to the ledger and the control endpoints', async () => {
		const simulator = await start();
		for (const path of ['/', '/ledger', '/control/requests', '/control/settings'])
			await fetch(simulator.url + path);
		expect(simulator.ledger.requests).toEqual([]);
	});

	it('starts anew on reset', async () => {
		const simulator = await start();
		simulator.raise(2);
		simulator.ledger.deliver(item('cynet:1001:1'));
		await tokenOf(simulator);
		simulator.ledger.reset();
		expect(simulator.ledger.report()).toEqual({
			raised: 0,
			visible: 0,
			delivered: 0,
			pending: 0,
			lost: 0,
			twice: 0,
			unknown: 0,
			events: {},
			requests: 0,
			exchanges: 0,
			rows: 0,
			remediations: 0,
			lostKeys: [],
			twiceKeys: [],
		});
	});
});

describe('the endpoints for tests and people', () => {
	const json = async (response: Promise<Response>): Promise<unknown> => (await response).json();

	it('take delivered items and give the report', async () => {
		const { url, raise } = await start();
		raise(3);
		expect(await json(post(`${url}/ledger/alerts`, item('cynet:1001:1')))).toEqual({
			delivered: 1,
		});
		expect(
			await json(post(`${url}/ledger/alerts`, [item('cynet:1001:2'), item('cynet:1001:2')])),
		).toEqual({ delivered: 2 });
		expect(await json(fetch(`${url}/ledger?graceSeconds=0`))).toMatchObject({
			raised: 3,
			delivered: 2,
			lost: 1,
			twice: 1,
		});
		expect(await json(fetch(`${url}/ledger?graceSeconds=5`))).toMatchObject({
			pending: 1,
			lost: 0,
		});
	});

	it('count nothing as lost that may still be on its way, unless told how long that may take', async () => {
		const { url, raise } = await start();
		raise(3);
		expect(await json(fetch(`${url}/ledger`))).toMatchObject({
			raised: 3,
			pending: 3,
			lost: 0,
			lostKeys: [],
		});
	});

	it('raise, make recur and change alerts', async () => {
		const simulator = await start();
		const control = (name: string, body: unknown) =>
			json(post(`${simulator.url}/control/${name}`, body));
		expect(await control('raise', { count: 2, site: '1001', alert: { Severity: 5 } })).toEqual({
			raised: 2,
			site: '1001',
			firstId: 1,
			lastId: 2,
		});
		await control('raise', { lateSeconds: 60 });
		await control('recur', { site: '1001', id: 1, at: START + 1000 });
		await control('change', { site: '1001', id: 2, status: 2, at: START + 2000 });
		const ask = await client(simulator);
		expect(await idsOf(ask(bulk()))).toEqual([2, 1]);
		expect(await json(ask(bulk()))).toMatchObject({
			Entities: [
				{ Severity: 5, Status: 2, DateChanged: '2026-05-29T13:00:02+00:00' },
				{ LastSeen: '2026-05-29T13:00:01+00:00' },
			],
		});
		clock.now += 60_000;
		expect(await idsOf(ask(bulk()))).toHaveLength(3);
	});

	it('add and clear faults, change settings, expire tokens, list requests, and reset', async () => {
		const simulator = await start();
		const control = (method: string, name: string, body?: unknown) =>
			json(send(method, `${simulator.url}/control/${name}`, body));
		const ask = await client(simulator);
		expect(
			await control('POST', 'faults', { kind: 'status', status: 503, times: 'forever' }),
		).toHaveLength(1);
		expect((await ask(bulk())).status).toBe(503);
		await control('DELETE', 'faults');
		expect((await ask(bulk())).status).toBe(200);
		expect(await control('PATCH', 'settings', { order: 'byId', maxLimit: 7 })).toMatchObject({
			order: 'byId',
			maxLimit: 7,
		});
		expect(simulator.settings).toMatchObject({ order: 'byId', maxLimit: 7 });
		await control('POST', 'expire-tokens');
		expect((await ask(bulk())).status).toBe(401);
		expect(await control('GET', 'requests')).toHaveLength(4);
		simulator.raise(2);
		await control('POST', 'reset');
		expect(simulator.ledger.report()).toMatchObject({ raised: 0, requests: 0 });
		expect(await idsOf((await client(simulator))(bulk()))).toEqual([]);
		expect(simulator.raise()[0]?.ClientDbId).toBe(3);
	});

	it.each([
		['POST', 'control/raise', { count: 0 }, 'count: send a whole number from 1 to 1000000'],
		['POST', 'control/raise', { site: '7' }, 'site: there is no site "7"; use one of 1001'],
		[
			'POST',
			'control/raise',
			{ alert: { Severty: 5 } },
			'Severty: is not known here; use ClientDbId',
		],
		['POST', 'control/raise', { lateSecs: 5 }, 'lateSecs: is not known here; use count, site'],
		[
			'POST',
			'control/recur',
			{ site: '1001', id: 9 },
			'id: site 1001 has no alert 9; raise it first',
		],
		['POST', 'control/change', { site: '1001' }, 'id: is missing; send '],
		['POST', 'control/faults', { kind: 'fire' }, 'kind: send one of "status"'],
		['POST', 'control/source', { perMinute: -1 }, 'perMinute: send a number from 0 to 600000'],
		['PATCH', 'control/settings', { order: 'sideways' }, 'order: send one of "ascending"'],
		['PATCH', 'control/settings', { seed: 2 }, 'seed: is not known here; use sites'],
		['PATCH', 'control/settings', ['order'], 'body: send a JSON object'],
		['POST', 'ledger/alerts', { id: 1 }, 'dedupKey: send the items of Cynet Trigger as they are'],
	])(
		'%s %s %j is a 400 that names the field and the remedy',
		async (method, path, body, message) => {
			const simulator = await start();
			const response = await send(method, `${simulator.url}/${path}`, body);
			expect(response.status).toBe(400);
			expect(((await response.json()) as { message: string }).message).toContain(message);
		},
	);

	it('say so when the body is no JSON, and deliver a list whole or not at all', async () => {
		const { url, ledger } = await start();
		const response = await fetch(`${url}/control/raise`, { method: 'POST', body: '{"count":' });
		expect([response.status, await response.json()]).toEqual([
			400,
			expect.objectContaining({ message: 'body: send JSON' }),
		]);
		await post(`${url}/ledger/alerts`, [item('cynet:1001:1'), {}]);
		expect(ledger.report()).toMatchObject({ events: {} });
	});

	it('are listed on the page', async () => {
		const response = await fetch((await start()).url);
		expect(response.headers.get('content-type')).toContain('text/html');
		const text = await response.text();
		for (const name of [
			'POST /ledger/alerts',
			'GET /ledger',
			'POST /control/faults',
			'PATCH /control/settings',
			'POST /control/reset',
		])
			expect(text).toContain(name);
	});
});

describe('the source', () => {
	it.each([
		[1, [10, 20, 30]],
		[25, [0, 0, 25]],
	])('raises so many alerts a minute, %i at a time, over all sites', async (burst, counts) => {
		vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
		try {
			const { source, ledger } = await start({ sites: ['1001', '1002'] });
			source.start({ perMinute: 600, burst });
			const raised = counts.map(() => {
				vi.advanceTimersByTime(1000);
				return ledger.report().raised;
			});
			expect(raised).toEqual(counts);
			source.stop();
			vi.advanceTimersByTime(10_000);
			expect(ledger.report().raised).toBe(counts.at(-1));
			if (burst === 1)
				expect(ledger.report().lostKeys).toEqual(
					expect.arrayContaining(['cynet:1001:1', 'cynet:1002:1']),
				);
		} finally {
			vi.useRealTimers();
		}
	});
});
