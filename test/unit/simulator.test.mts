import { describe, expect, it } from 'vitest';
import { startSimulator, type Alert, type SimulatorOptions } from '../../simulator/simulator.mts';
import {
	START,
	bulk,
	client,
	clock,
	envelopeOf,
	idsOf,
	post,
	start,
	tokenOf,
	type Envelope,
} from './simulator-client.mts';

const MINUTE = 60_000;
const LONG_AGO = '2020-01-01 00:00:00';

describe('logins', () => {
	it('gives an account token that is good for the header access_token and no other', async () => {
		const simulator = await start();
		const token = await tokenOf(simulator);
		const ask = (headers: Record<string, string>) =>
			fetch(simulator.url + bulk(), { headers: { client_id: '1001', ...headers } });
		expect((await ask({ access_token: token })).status).toBe(200);
		expect((await ask({ authorization: `Bearer ${token}` })).status).toBe(401);
		expect((await ask({})).status).toBe(401);
	});

	it('gives a v2 token that is good for Authorization: Bearer and no other', async () => {
		const simulator = await start();
		const { username: accessKey, password: secretKey } = simulator.settings;
		const { access } = (await (
			await post(`${simulator.url}/api/v2/login`, { accessKey, secretKey })
		).json()) as { access: string };
		const ask = (headers: Record<string, string>) =>
			fetch(simulator.url + bulk(), { headers: { client_id: '1001', ...headers } });
		expect((await ask({ authorization: `Bearer ${access}` })).status).toBe(200);
		expect((await ask({ access_token: access })).status).toBe(401);
	});

	it.each([
		['/api/account/token', { user_name: 'ACCESS-KEY', password: 'wrong' }, 401],
		['/api/v2/login', { accessKey: 'wrong', secretKey: 'SECRET-KEY-OF-THE-SIMULATOR' }, 401],
		['/api/account/token', { user_name: 'ACCESS-KEY' }, 400],
		['/api/v2/login', { user_name: 'ACCESS-KEY', password: 'SECRET-KEY-OF-THE-SIMULATOR' }, 400],
	])('%s answers %j with %i and JSON', async (path, body, status) => {
		const simulator = await start();
		const response = await post(simulator.url + path, body);
		expect(response.status).toBe(status);
		expect(await response.json()).toHaveProperty('message');
	});

	it('lets a token live as long as the setting says, and no longer', async () => {
		const ask = await client(await start({ tokenLifeMinutes: 60 }));
		clock.now += 60 * MINUTE - 1;
		expect((await ask(bulk())).status).toBe(200);
		clock.now += 1;
		expect((await ask(bulk())).status).toBe(401);
	});

	it('refuses every token issued before expireTokens', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.expireTokens();
		expect((await ask(bulk())).status).toBe(401);
		expect((await (await client(simulator))(bulk())).status).toBe(200);
	});

	it.each([
		[true, 401],
		[false, 200],
	])('with singleToken %s an older token gets %i', async (singleToken, status) => {
		const simulator = await start({ singleToken });
		const older = await client(simulator);
		const newer = await client(simulator);
		expect((await older(bulk())).status).toBe(status);
		expect((await newer(bulk())).status).toBe(200);
	});

	it('answers 403 to a client_id that is missing or unknown', async () => {
		const simulator = await start({ sites: ['1001', '1002'] });
		expect((await (await client(simulator, '1002'))(bulk())).status).toBe(200);
		expect((await (await client(simulator, '9999'))(bulk())).status).toBe(403);
		expect((await (await client(simulator, ''))(bulk())).status).toBe(403);
	});
});

describe('lists of alerts', () => {
	it('pages by Limit and Offset, 100 rows where Limit is absent', async () => {
		const simulator = await start();
		simulator.raise(250);
		const ask = await client(simulator);
		expect(await idsOf(ask(bulk()))).toHaveLength(100);
		expect(await idsOf(ask(bulk({ Limit: 3, Offset: 5 })))).toEqual([6, 7, 8]);
		expect(await idsOf(ask(bulk({ Limit: 100, Offset: 200 })))).toHaveLength(50);
		expect(await idsOf(ask(bulk({ Limit: 100, Offset: 250 })))).toEqual([]);
		expect(await idsOf(ask(`/api/alerts?LastSeen=${LONG_AGO}`))).toHaveLength(250);
	});

	it.each([
		['ascending', [3, 1, 2]],
		['descending', [2, 1, 3]],
		['byId', [1, 2, 3]],
		['byDateChanged', [3, 2, 1]],
	] as const)('lists %s as %j, in one page and row by row', async (order, ids) => {
		const simulator = await start({ order });
		const ask = await client(simulator);
		simulator.raise(1, { at: START - 3 * MINUTE });
		simulator.raise(1, { at: START - 2 * MINUTE });
		simulator.raise(1, { at: START - 5 * MINUTE });
		await ask(bulk());
		simulator.change('1001', 1, 3, START);
		expect(await idsOf(ask(bulk()))).toEqual(ids);
		const rows = await Promise.all(
			[0, 1, 2].map((Offset) => idsOf(ask(bulk({ Limit: 1, Offset })))),
		);
		expect(rows.flat()).toEqual(ids);
	});

	it.each(['ascending', 'descending', 'byId', 'byDateChanged'] as const)(
		'moves rows in the order %s as a fresh sort would',
		async (order) => {
			const simulator = await start({ order, precision: 'ms' });
			const ask = await client(simulator);
			simulator.raise(300, { at: START - 10 * MINUTE, spacingMs: 1000 });
			await ask(bulk());
			for (let id = 7; id < 300; id += 31) {
				simulator.recur('1001', id, START - id * 977);
				simulator.change('1001', 301 - id, 1, START - id * 531);
			}
			simulator.raise(5, { at: START - 7 * MINUTE, spacingMs: 333 });
			const { Entities } = await envelopeOf(ask(bulk({ Limit: 999 })));
			const time = (text: string) => Date.parse(text);
			const compare: Record<typeof order, (a: Alert, b: Alert) => number> = {
				ascending: (a, b) => time(a.LastSeen) - time(b.LastSeen) || a.ClientDbId - b.ClientDbId,
				descending: (a, b) => time(b.LastSeen) - time(a.LastSeen) || b.ClientDbId - a.ClientDbId,
				byId: (a, b) => a.ClientDbId - b.ClientDbId,
				byDateChanged: (a, b) =>
					time(a.DateChanged) - time(b.DateChanged) || a.ClientDbId - b.ClientDbId,
			};
			expect(Entities.map(({ ClientDbId }) => ClientDbId)).toEqual(
				[...Entities].sort(compare[order]).map(({ ClientDbId }) => ClientDbId),
			);
			expect(new Set(Entities.map(({ ClientDbId }) => ClientDbId)).size).toBe(305);
		},
	);

	it.each(['ascending', 'descending', 'byId', 'byDateChanged'] as const)(
		'filters by LastSeen in the order %s, the boundary as set',
		async (order) => {
			const simulator = await start({ order, precision: 'ms' });
			simulator.raise(3, { at: START - 1000, spacingMs: 1000 });
			const ask = await client(simulator);
			const asked = bulk({ LastSeen: '2026-05-29 13:00:00' });
			expect((await idsOf(ask(asked))).sort()).toEqual([2, 3]);
			simulator.settings.boundary = 'exclusive';
			expect(await idsOf(ask(asked))).toEqual([3]);
		},
	);

	it.each([
		['2026-05-29 13:00:00', 200],
		['2026-05-29T13:00:00Z', 200],
		['2026-05-29T13:00:00.1234567Z', 200],
		['2026-05-29T15:00:00+02:00', 200],
		['2026-05-29', 400],
		['yesterday', 400],
		['2026-05-29 25:00:00', 400],
		['1780059600', 400],
	])('answers LastSeen=%s with %i', async (LastSeen, status) => {
		const simulator = await start();
		simulator.raise(2, { at: START - 1000, spacingMs: 2000 });
		const response = (await client(simulator))(bulk({ LastSeen }));
		expect((await response).status).toBe(status);
		if (status === 200) expect(await idsOf(response)).toEqual([2]);
		else
			expect(((await (await response).json()) as { message: string }).message).toContain(
				'LastSeen',
			);
	});

	it.each<Record<string, string | number>>([
		{ Limit: 0 },
		{ Limit: -1 },
		{ Limit: 'ten' },
		{ Offset: -1 },
		{ Offset: 1.5 },
	])('answers %j with 400', async (query) => {
		expect((await (await client(await start()))(bulk(query))).status).toBe(400);
	});

	it('keeps stamps to the second or to the millisecond, as set', async () => {
		clock.now = START + 123;
		const simulator = await start();
		expect(simulator.raise()[0]?.LastSeen).toBe('2026-05-29T13:00:00+00:00');
		simulator.settings.precision = 'ms';
		expect(simulator.raise()[0]?.LastSeen).toBe('2026-05-29T13:00:00.123+00:00');
	});

	it('caps Limit, ignores Offset and lacks /bulk where the settings say so', async () => {
		const simulator = await start({ maxLimit: 50 });
		simulator.raise(60);
		const ask = await client(simulator);
		expect(await idsOf(ask(bulk({ Limit: 100 })))).toHaveLength(50);
		simulator.settings.ignoresOffset = true;
		expect(await idsOf(ask(bulk({ Limit: 2, Offset: 2 })))).toEqual([1, 2]);
		simulator.settings.bulk = false;
		expect((await ask(bulk())).status).toBe(404);
		expect((await ask('/api/alerts')).status).toBe(200);
	});

	it("tells the server's clock in SyncTimeUtc, in the Date header and in the stamps", async () => {
		const simulator = await start({ serverClockOffsetMs: 90_000 });
		const [alert] = simulator.raise();
		const response = await (await client(simulator))(bulk());
		expect(((await response.json()) as Envelope).SyncTimeUtc).toBe('2026-05-29T13:01:30.000Z');
		expect(response.headers.get('date')).toBe('Fri, 29 May 2026 13:01:30 GMT');
		expect(alert?.DateIn).toBe('2026-05-29T13:01:30+00:00');
	});

	it('leaves out, empties or garbles SyncTimeUtc, and leaves out Date, where the settings say so', async () => {
		const simulator = await start({ syncTime: 'missing', dateHeader: false });
		const ask = await client(simulator);
		const response = await ask(bulk());
		expect(Object.keys((await response.json()) as object)).toEqual(['Entities']);
		expect(response.headers.get('date')).toBeNull();
		simulator.settings.syncTime = 'null';
		expect((await envelopeOf(ask(bulk()))).SyncTimeUtc).toBeNull();
		simulator.settings.syncTime = 'malformed';
		expect((await envelopeOf(ask(bulk()))).SyncTimeUtc).toBe('not a time');
	});

	it('shows a late alert from its time on, with its old stamp', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.raise(1, { visibleAt: START + 4 * MINUTE });
		expect(await idsOf(ask(bulk()))).toEqual([]);
		clock.now = START + 4 * MINUTE - 1;
		expect(await idsOf(ask(bulk()))).toEqual([]);
		clock.now += 1;
		expect((await envelopeOf(ask(bulk()))).Entities.map(({ LastSeen }) => LastSeen)).toEqual([
			'2026-05-29T13:00:00+00:00',
		]);
	});

	it('moves LastSeen alone when an alert recurs, and Status and DateChanged when it is changed', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.raise(1, { Status: 0 });
		const before = (await envelopeOf(ask(bulk()))).Entities[0];
		simulator.recur('1001', 1, START + MINUTE);
		simulator.change('1001', 1, 3, START + 2 * MINUTE);
		const [after] = (await envelopeOf(ask(bulk()))).Entities;
		const lastSeen = '2026-05-29T13:01:00+00:00';
		expect(after).toMatchObject({
			ClientDbId: 1,
			LastSeen: lastSeen,
			LastSeenUtc: lastSeen,
			Status: 3,
			DateChanged: '2026-05-29T13:02:00+00:00',
		});
		expect(after).toMatchObject({
			DateIn: before?.DateIn,
			FirstSeenUtc: before?.FirstSeenUtc,
			Uniqueness: before?.Uniqueness,
		});
	});

	it('lists and counts changes since DateChanged, which the list requires', async () => {
		const simulator = await start();
		simulator.raise(3);
		simulator.change('1001', 2, 1, START + MINUTE);
		const ask = await client(simulator);
		const since = 'DateChanged=2026-05-29%2013:00:30';
		expect(await idsOf(ask(`/api/alerts/bulkByDateChanged?${since}`))).toEqual([2]);
		expect((await ask('/api/alerts/bulkByDateChanged')).status).toBe(400);
		expect(await (await ask(`/api/alerts/count?${since}`)).text()).toBe('1');
		expect(await (await ask('/api/alerts/count')).text()).toBe('3');
	});

	it('keeps sites apart, with ids of their own', async () => {
		const simulator = await start({ sites: ['1001', '1002'] });
		simulator.raise(2, { site: '1001' });
		simulator.raise(1, { site: '1002' });
		expect(await idsOf((await client(simulator, '1001'))(bulk()))).toEqual([1, 2]);
		expect(await idsOf((await client(simulator, '1002'))(bulk()))).toEqual([1]);
		expect(() => simulator.raise(1, { site: '7' })).toThrow(/no site "7"; use one of 1001, 1002/);
	});

	it('lets a test move rows between two pages', async () => {
		const simulator = await start();
		simulator.raise(4);
		simulator.settings.onRequest = ({ query }) => {
			if (query.Offset === '2') simulator.recur('1001', 1, START + MINUTE);
		};
		const ask = await client(simulator);
		expect(await idsOf(ask(bulk({ Limit: 2, Offset: 0 })))).toEqual([1, 2]);
		expect(await idsOf(ask(bulk({ Limit: 2, Offset: 2 })))).toEqual([4, 1]);
	});

	it('raises a hundred thousand alerts and serves pages of them', async () => {
		const simulator = await start();
		simulator.fill(100_000, { at: START - 100_000_000, spacingMs: 1000 });
		const ask = await client(simulator);
		expect((await idsOf(ask(bulk({ Offset: 99_900 })))).at(-1)).toBe(100_000);
		simulator.raise();
		expect(await idsOf(ask(bulk({ Offset: 99_950 })))).toHaveLength(51);
	});
});

describe('alerts', () => {
	it('are the same for the same seed, and others for another', async () => {
		const [one, same, other] = await Promise.all([
			start({ seed: 7 }),
			start({ seed: 7 }),
			start({ seed: 8 }),
		]);
		same.fill(10);
		expect(same.raise(5).map(({ Uniqueness }) => Uniqueness)).toEqual(
			one
				.raise(15)
				.slice(10)
				.map(({ Uniqueness }) => Uniqueness),
		);
		expect(other.raise(15)).not.toEqual(same.raise(15));
	});

	it("look like the vendor's: CR LF text, JSON with spaces in its keys, upper-case hashes, every severity, status and type", async () => {
		const alerts = (await start()).raise(500);
		const valuesOf = (field: keyof Alert) =>
			[...new Set(alerts.map((alert) => Number(alert[field])))].sort((a, b) => a - b);
		expect(valuesOf('Severity')).toEqual([1, 2, 3, 4, 5, 99]);
		expect(valuesOf('Status')).toEqual([0, 1, 2, 3]);
		expect(valuesOf('AlertType')).toEqual([0, 1, 2, 3, 4, 5, 6]);
		for (const alert of alerts) {
			expect(alert.IncidentDescription).toContain('\r\nHost IP: ');
			expect(JSON.parse(alert.IncidentJsonDescription)).toMatchObject({
				'Host Ip': alert.HostIp,
				Hostname: alert.HostName,
			});
			expect(alert.IncidentRecomendation).not.toBe('');
			expect(alert.Sha256Hex ?? 'A'.repeat(64)).toMatch(/^[0-9A-F]{64}$/);
			expect(alert.File === null).toBe(alert.Sha256Hex === null);
			expect(Buffer.from(alert.Uniqueness, 'base64')).toHaveLength(32);
			expect(Number.isInteger(alert.AlertIp) && alert.AlertIp > 0).toBe(alert.AlertType === 2);
		}
	});

	it("take fixed fields of any type, or a row's JSON verbatim", async () => {
		const simulator = await start();
		simulator.raise(1, { ClientDbId: 'ab-1', DateIn: '0001-01-01T00:00:00', HostName: undefined });
		simulator.raise(1, { json: '{"ClientDbId":9007199254740993}' });
		simulator.raise(1, { json: 'null' });
		const text = await (await (await client(simulator))(bulk())).text();
		expect(text).toContain('"ClientDbId":"ab-1"');
		expect(text).toContain('"DateIn":"0001-01-01T00:00:00"');
		expect(text).not.toContain('"HostName"');
		expect(text).toMatch(/,\{"ClientDbId":9007199254740993\},null\]\}$/);
	});
});

describe('the rest of the API', () => {
	it('knows its hosts, users and files, those of the alerts included', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		const alert = simulator.raise(100).find(({ Sha256Hex }) => Sha256Hex !== null);
		const read = async (path: string) =>
			JSON.parse((await (await ask(path)).text()) || 'null') as unknown;
		expect(((await read('/api/hosts')) as Envelope).Entities).toHaveLength(40);
		expect(await read(`/api/host?name=${alert?.HostName}`)).toMatchObject({
			HostName: alert?.HostName,
			LastIp: alert?.HostIp,
		});
		expect(await read(`/api/full/host?name=${alert?.HostName}`)).toMatchObject({
			hostname: alert?.HostName,
		});
		expect(
			((await read('/api/users')) as { Entities: Array<{ Name: string }> }).Entities.map(
				({ Name }) => Name,
			),
		).toContain(alert?.UserName);
		expect(
			await read(`/api/full/user?name=${encodeURIComponent(alert?.UserName ?? '')}`),
		).toMatchObject({ username: alert?.UserName });
		expect(await read(`/api/full/file?sha256=${alert?.Sha256Hex}`)).toMatchObject({
			sha256: alert?.Sha256Hex,
			is_whitelisted: 'false',
		});
		expect(await read(`/api/full/file?sha256=${'0'.repeat(64)}`)).toBeNull();
		expect((await ask('/api/host?name=NOBODY')).status).toBe(404);
	});

	it.each([
		'patches/missing',
		'patches/existing',
		'riskyApps',
		'installedSoftwares',
		'patchValidation',
		'Agents',
	])('lists va/%s as a bare array', async (list) => {
		expect(
			await (await (await client(await start()))(`/api/va/${list}?fromDate=${LONG_AGO}`)).json(),
		).toBeInstanceOf(Array);
	});

	it('answers ESPM for a licensed Site GUID, and 403 for any other', async () => {
		const ask = await client(await start({ licensedSiteGuids: ['guid-1'] }));
		expect(
			await (
				await ask.post('/api/v2/hosts/guid-1/espm/vulnerabilities', { limit: 500, offset: 0 })
			).json(),
		).toHaveProperty('data');
		expect((await ask.post('/api/v2/hosts/guid-2/espm/vulnerabilities', {})).status).toBe(403);
	});

	it('accepts every file remediation, notes it, and tells how it went', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		const sha256 = simulator.raise(100).find(({ Sha256Hex }) => Sha256Hex !== null)?.Sha256Hex;
		for (const action of [
			'kill',
			'delete',
			'quarantine',
			'path/quarantine',
			'unquarantine',
			'verify',
		]) {
			const response = await ask.post(`/api/file/remediation/${action}`, { sha256, host: null });
			const {
				remediation_items: [id],
			} = (await response.json()) as { remediation_items: number[] };
			expect(simulator.ledger.remediations.at(-1)).toEqual({
				id,
				at: START,
				site: '1001',
				action: `file/${action}`,
				host: null,
				sha256,
			});
			expect(await (await ask(`/api/file/remediation/${id}`)).json()).toEqual({
				id,
				status: 1,
				statusInfo: 'In progress',
			});
		}
		const unknown = (await (
			await ask.post('/api/file/remediation/kill', { sha256: 'a'.repeat(64), host: 'WS-0101' })
		).json()) as { remediation_items: number[] };
		expect(
			await (await ask(`/api/file/remediation/${unknown.remediation_items[0]}`)).json(),
		).toMatchObject({ status: 24, statusInfo: 'File does not exist' });
		expect(
			(await ask.post('/api/file/remediation/kill', { sha256: 'short', host: null })).status,
		).toBe(400);
	});

	it('accepts every host remediation by name, not by address, and notes it', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		for (const action of ['isolate', 'unisolate', 'disableNetwork', 'shutdown']) {
			expect((await ask.post(`/api/host/remediation/${action}`, { host: 'WS-0101' })).status).toBe(
				200,
			);
			expect(simulator.ledger.remediations.at(-1)).toMatchObject({
				action: `host/${action}`,
				host: 'WS-0101',
			});
		}
		expect((await ask.post('/api/host/remediation/isolate', { host: '10.20.0.5' })).status).toBe(
			400,
		);
		expect(simulator.ledger.remediations).toHaveLength(4);
	});

	it('answers 404 to a path that is not there, and 405 to a wrong method', async () => {
		const ask = await client(await start());
		expect((await ask('/api/nothing')).status).toBe(404);
		expect((await ask('/api/host/remediation/isolate')).status).toBe(405);
	});
});

describe('options', () => {
	it('are refused with the field and the remedy', async () => {
		await expect(startSimulator({ order: 'sideways' as 'byId' })).rejects.toThrow(
			'order: send one of "ascending", "descending", "byId", "byDateChanged"',
		);
		await expect(startSimulator({ ordre: 'byId' } as SimulatorOptions)).rejects.toThrow(
			/^ordre: is not known here; use .*order/,
		);
	});

	it('close ends open connections, unanswered requests included', async () => {
		const simulator = await start();
		const ask = await client(simulator);
		simulator.faults.add({ kind: 'timeout' });
		const arrived = new Promise<void>(
			(resolve) => (simulator.settings.onRequest = () => resolve()),
		);
		const refused = expect(ask(bulk())).rejects.toThrow('fetch failed');
		await arrived;
		await simulator.close();
		await refused;
		await expect(fetch(simulator.url)).rejects.toThrow('fetch failed');
	});
});
