import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { nodeType, SHA256, startRunner, type Runner } from './cynet-kit.mts';

let runner: Runner;
beforeEach(
	async () =>
		void (runner = await startRunner({ sites: ['1001', '1002'], licensedSiteGuids: ['guid-1'] })),
);
afterEach(async () => await runner.close());

const SINCE = '2026-05-31T00:00:00Z';
const ALL = { since: SINCE, returnAll: true };
const hosts = async () =>
	(await runner.items('host', 'getAll', { ...ALL, simple: false })).map(({ json }) => json);

describe('alerts', () => {
	test('Get Many returns each alert since a time once, simplified or verbatim', async () => {
		const raised = runner.simulator.raise(3);
		const simple = await runner.items('alert', 'getAll', ALL);
		expect(simple.map(({ json }) => json.id)).toEqual(raised.map(({ ClientDbId }) => ClientDbId));
		expect(simple[0]!.json).toMatchObject({
			clientId: '1001',
			dedupKey: `cynet:1001:${raised[0]!.ClientDbId}`,
			name: raised[0]!.IncidentName,
			event: null,
		});
		const raw = await runner.items('alert', 'getAll', { ...ALL, simple: false });
		expect(raw[0]!.json).toEqual({
			...raised[0],
			cynet: { event: null, clientId: '1001', dedupKey: `cynet:1001:${raised[0]!.ClientDbId}` },
		});
	});

	test('the limit counts alerts that meet the filters, over pages', async () => {
		runner.simulator.raise(150, { Severity: 2 });
		runner.simulator.raise(120, { Severity: 5 });
		const wanted = { since: SINCE, filters: { severities: [5] } };
		expect(await runner.items('alert', 'getAll', { ...wanted, returnAll: true })).toHaveLength(120);
		const some = await runner.items('alert', 'getAll', { ...wanted, limit: 60 });
		expect(some).toHaveLength(60);
		expect(some.every(({ json }) => json.severity === 'Critical')).toBe(true);
		expect(await runner.items('alert', 'getAll', { since: SINCE })).toHaveLength(50);
	});

	test('rows that move between two pages are neither missed nor returned twice', async () => {
		const raised = runner.simulator.raise(250);
		let recurred = false;
		runner.simulator.settings.onRequest = ({ query }) => {
			if (Number(query.Offset) > 0 && !recurred) {
				recurred = true;
				for (const { ClientDbId } of raised.slice(0, 5))
					runner.simulator.recur('1001', ClientDbId as number);
			}
		};
		const ids = (await runner.items('alert', 'getAll', ALL)).map(({ json }) => json.id);
		expect(ids).toHaveLength(250);
		expect(new Set(ids).size).toBe(250);
	});

	test('Get Many by Last Changed reads the list of changes', async () => {
		const [first] = runner.simulator.raise(2);
		runner.time.now += 3_600_000;
		runner.simulator.change('1001', first!.ClientDbId as number, 3);
		const since = new Date(runner.time.now - 60_000).toISOString();
		const items = await runner.items('alert', 'getAll', {
			since,
			returnAll: true,
			dateField: 'dateChanged',
		});
		expect(items.map(({ json }) => [json.id, json.status])).toEqual([
			[first!.ClientDbId, 'Closed'],
		]);
	});

	test('a server without paged lists, or one that ignores Offset, is read in one piece', async () => {
		runner.simulator.raise(130);
		runner.simulator.settings.bulk = false;
		expect(await runner.items('alert', 'getAll', ALL)).toHaveLength(130);
		Object.assign(runner.simulator.settings, { bulk: true, ignoresOffset: true });
		expect(await runner.items('alert', 'getAll', ALL)).toHaveLength(130);
		const refusal = await runner.refusal('alert', 'getAll', { ...ALL, dateField: 'dateChanged' });
		expect(refusal.message).toBe('This server returns only the first page of changed alerts');
	});

	test('a page that goes wrong half-way is no shorter list', async () => {
		runner.simulator.raise(150);
		runner.simulator.faults.add({
			kind: 'status',
			status: 403,
			skip: 1,
			match: { path: '/api/alerts*' },
		});
		expect((await runner.refusal('alert', 'getAll', ALL)).httpCode).toBe('403');
	});

	test('Count returns the bare number of the API', async () => {
		runner.simulator.raise(7);
		expect(await runner.one('alert', 'count', { since: SINCE })).toEqual({ count: 7 });
		for (const body of ['', '{"count":7}', 'null', '-1', '1.5']) {
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body,
				match: { path: '/api/alerts/count' },
			});
			expect((await runner.refusal('alert', 'count', { since: SINCE })).message).toBe(
				'The answer is not what this operation returns',
			);
		}
	});

	test('Convert takes raw alerts and items of the trigger, and asks nobody', async () => {
		const [raw] = runner.simulator.raise(1);
		const marks = { event: 'recurred', clientId: '7', dedupKey: 'cynet:7:1:x' };
		const convert = async (json: object, format: string) =>
			await runner.one(
				'alert',
				'convert',
				{ format },
				{ items: [json as never], options: { clientId: '1001' } },
			);
		expect(await convert(raw!, 'simplified')).toMatchObject({
			id: raw!.ClientDbId,
			clientId: '1001',
			event: null,
			dedupKey: `cynet:1001:${raw!.ClientDbId}`,
		});
		const simple = await convert({ ...raw, cynet: marks }, 'simplified');
		expect(simple).toMatchObject({ id: raw!.ClientDbId, ...marks });
		expect(await convert({ ...raw, cynet: marks }, 'raw')).toEqual({ ...raw, cynet: marks });
		expect(await convert(simple, 'simplified')).toEqual(simple);
		expect(
			await runner.one(
				'alert',
				'convert',
				{ alert: '={{ $json.body }}', format: 'simplified' },
				{ items: [{ body: JSON.stringify(raw) }] },
			),
		).toMatchObject({ id: raw!.ClientDbId });
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	const convert = async (json: object, format: string, options = {}) =>
		await runner.one('alert', 'convert', { format }, { items: [json as never], options });
	/** What tells each format, and where its texts stand. */
	const TOLD: Record<string, (name: unknown, dedupKey: string) => object> = {
		cef: (name, dedupKey) => ({ cef: expect.stringContaining(`|${name}|`), dedupKey }),
		ecs: (name, dedupKey) => ({ rule: { name }, cynet: expect.objectContaining({ dedupKey }) }),
		flat: (name, dedupKey) => ({ name, dedupKey }),
		markdown: (name, dedupKey) => ({
			title: expect.stringContaining(String(name)),
			markdown: expect.stringContaining('## Description'),
			dedupKey,
		}),
		ocsf: (name, dedupKey) => ({
			class_uid: 2004,
			message: name,
			unmapped: expect.objectContaining({ dedupKey }),
		}),
		slack: (name, dedupKey) => ({
			text: expect.stringContaining(String(name)),
			blocks: expect.arrayContaining([]),
			dedupKey,
		}),
	};

	test.each(Object.keys(TOLD))(
		'Convert brings raw and simplified alerts, of the trigger or of Get Many, into %s',
		async (format) => {
			const [raised] = runner.simulator.raise(1);
			const [simple] = await runner.items('alert', 'getAll', ALL);
			const [raw] = await runner.items('alert', 'getAll', { ...ALL, simple: false });
			for (const { json } of [simple!, raw!]) {
				const told = TOLD[format]!(raised!.IncidentName, `cynet:1001:${raised!.ClientDbId}`);
				expect(await convert(json, format)).toMatchObject(told);
			}
			const marks = { event: 'updated', clientId: '7', dedupKey: 'cynet:7:1:x' };
			for (const item of [
				{ ...raised, cynet: marks },
				{ ...simple!.json, ...marks },
			]) {
				expect(await convert(item, format)).toMatchObject(
					TOLD[format]!(raised!.IncidentName, 'cynet:7:1:x'),
				);
			}
		},
	);

	test('Convert leaves out graphs unless asked for, and command lines if asked for', async () => {
		const [raised] = runner.simulator.raise(1, {
			CommandLine: 'a.exe -p Hunter2',
			AlertGraphJsonRaw: '{"graph":1}',
		});
		expect(await convert(raised!, 'raw')).not.toHaveProperty('AlertGraphJsonRaw');
		expect(await convert(raised!, 'raw', { includeGraphs: true })).toMatchObject({
			AlertGraphJsonRaw: '{"graph":1}',
			CommandLine: 'a.exe -p Hunter2',
		});
		expect(
			await convert(raised!, 'raw', { includeGraphs: true, excludeCommandLines: true }),
		).toMatchObject({ CommandLine: null });
		for (const format of ['raw', 'simplified', ...Object.keys(TOLD)]) {
			expect(JSON.stringify(await convert(raised!, format)), format).toContain('Hunter2');
			expect(
				JSON.stringify(await convert(raised!, format, { excludeCommandLines: true })),
				format,
			).not.toContain('Hunter2');
			expect(
				JSON.stringify(
					await convert(raised!, format, { excludeCommandLines: '={{ $json.nothing }}' }),
				),
				format,
			).not.toContain('Hunter2');
		}
		expect(
			JSON.stringify(await convert(raised!, 'ocsf', { excludeCommandLines: false })),
		).toContain('Hunter2');
	});
});

describe('hosts, users and files', () => {
	test('Get Many returns the rows of the API, to the limit', async () => {
		expect(await runner.items('host', 'getAll', { since: SINCE, limit: 3 })).toHaveLength(3);
		const all = await hosts();
		expect(all).toHaveLength(40);
		expect(all[0]).toHaveProperty('HostName');
		expect(await runner.items('user', 'getAll', ALL)).toHaveLength(12);
		expect(runner.requests().at(-1)).toMatchObject({
			path: '/api/users',
			query: { LastSeen: '2026-05-31 00:00:00' },
		});
	});

	test('Get returns all that Cynet knows, without files if wished', async () => {
		const [first] = await hosts();
		const hostName = String(first!.HostName);
		expect(await runner.one('host', 'get', { simple: false, hostName })).toMatchObject({
			hostname: hostName,
			files: [{ filename: 'backup.exe' }],
		});
		expect(
			await runner.one(
				'host',
				'get',
				{ simple: false, hostName },
				{ options: { excludeFiles: true } },
			),
		).not.toHaveProperty('files');
		expect(
			await runner.one('user', 'get', { simple: false, userName: 'CORP\\a.meyer' }),
		).toMatchObject({
			username: 'CORP\\a.meyer',
		});
	});

	test('a name that Cynet does not know is told as that, also where the answer is empty', async () => {
		const unknown = async () => await runner.refusal('host', 'get', { hostName: 'NOBODY' });
		expect(await unknown()).toMatchObject({
			message: 'Cynet does not know this host',
			httpCode: '404',
		});
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: '',
			match: { path: '/api/full/host' },
		});
		expect((await unknown()).message).toBe('Cynet does not know this host');
		expect((await runner.refusal('user', 'get', { userName: 'NOBODY' })).message).toBe(
			'Cynet does not know this user',
		);
	});

	test('an IP address is looked up with Resolve IP, if exactly one host has it', async () => {
		const all = await hosts();
		const owner = all.find(
			({ LastIp }) => all.filter((other) => other.LastIp === LastIp).length === 1,
		)!;
		const ip = String(owner.LastIp);
		expect(
			await runner.one(
				'host',
				'get',
				{ simple: false, hostName: ip },
				{ options: { resolveIp: true } },
			),
		).toMatchObject({ hostname: owner.HostName });
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			match: { path: '/api/hosts' },
			body: {
				Entities: [
					{ HostName: 'A', LastIp: '10.0.0.1' },
					{ HostName: 'B', LastIp: '10.0.0.1 ' },
				],
			},
		});
		expect(
			(
				await runner.refusal(
					'host',
					'isolate',
					{ hostName: '10.0.0.1' },
					{ options: { resolveIp: true } },
				)
			).message,
		).toBe('2 hosts have the IP address 10.0.0.1: A, B');
		expect(
			(
				await runner.refusal(
					'host',
					'isolate',
					{ hostName: '192.0.2.1' },
					{ options: { resolveIp: true } },
				)
			).message,
		).toBe('No host has the IP address 192.0.2.1');
		expect(runner.simulator.ledger.remediations).toEqual([]);
	});

	test('a file is found or not, and neither is a failed item', async () => {
		const [known] = runner.simulator.raise(40).filter(({ Sha256Hex }) => Sha256Hex);
		const sha256 = String(known!.Sha256Hex);
		expect(
			await runner.one('file', 'get', { simple: false, sha256: sha256.toLowerCase() }),
		).toMatchObject({
			found: true,
			sha256,
		});
		expect(await runner.one('file', 'get', { simple: false, sha256: SHA256 })).toEqual({
			found: false,
			sha256: SHA256.toLowerCase(),
		});
	});
});

describe('vulnerabilities', () => {
	test.each([
		['missingPatches', '/api/va/patches/missing', 'kb'],
		['existingPatches', '/api/va/patches/existing', 'kb'],
		['riskyApplications', '/api/va/riskyApps', 'application'],
		['installedSoftware', '/api/va/installedSoftwares', 'vendor'],
		['patchValidation', '/api/va/patchValidation', 'isValid'],
		['agents', '/api/va/Agents', 'epsVersion'],
	])('%s comes from %s', async (report, path, field) => {
		const items = await runner.items('vulnerability', 'getAll', { report, since: SINCE, limit: 5 });
		expect(items).toHaveLength(5);
		expect(items[0]!.json).toHaveProperty(field);
		expect(runner.requests()).toMatchObject([{ path, query: { fromDate: '2026-05-31 00:00:00' } }]);
	});

	test.each([
		[
			'espmVulnerabilities',
			{ riskId: 1 },
			[{ hostName: 'WS-0101' }],
			{ riskId: '1', productName: 'Example Reader' },
		],
		[
			'espmMisconfigurations',
			{ riskId: 2 },
			[{ hostName: 'WS-0102' }],
			{ selectedInternalId: 'M-1' },
		],
	])('%s come with their endpoints if wished', async (report, row, endpoints, query) => {
		const parameters = { report, siteGuid: 'guid-1', returnAll: true };
		const [bare] = await runner.items('vulnerability', 'getAll', parameters);
		expect(bare!.json).toMatchObject(row);
		expect(bare!.json).not.toHaveProperty('endpoints');
		expect(
			await runner.one('vulnerability', 'getAll', parameters, {
				options: { includeEndpoints: true },
			}),
		).toMatchObject({ ...row, endpoints });
		expect(runner.requests().slice(-2)).toMatchObject(
			['0', '1'].map((offset) => ({ method: 'GET', query: { ...query, limit: '500', offset } })),
		);
	});

	test.each([403, 404])('status %d there says that the add-on is not licensed', async (status) => {
		runner.simulator.faults.add({ kind: 'status', status, match: { path: '/api/v2/hosts/*' } });
		const refusal = await runner.refusal('vulnerability', 'getAll', {
			report: 'espmVulnerabilities',
			siteGuid: 'guid-1',
		});
		expect(refusal).toMatchObject({
			message: expect.stringContaining('not licensed'),
			description: expect.stringContaining('ESPM add-on'),
			httpCode: String(status),
		});
	});

	test('a long ESPM list is read page by page, and one that ignores the offset once', async () => {
		const page = (count: number, from: number) => ({
			data: Array.from({ length: count }, (_, index) => ({ riskId: from + index })),
		});
		const answer = (body: object) =>
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body,
				match: { path: '/api/v2/hosts/*' },
			});
		const read = async () =>
			(
				await runner.items('vulnerability', 'getAll', {
					report: 'espmVulnerabilities',
					siteGuid: 'guid-1',
					returnAll: true,
				})
			).length;
		answer(page(500, 0));
		answer(page(20, 500));
		expect(await read()).toBe(520);
		answer(page(500, 0));
		answer(page(500, 0));
		expect(await read()).toBe(500);
	});
});

describe('each item', () => {
	test('can ask another site by an expression, and without a result asks none', async () => {
		const items = await runner.items(
			'host',
			'getAll',
			{ since: SINCE, limit: 1 },
			{ items: [{ site: '1001' }, { site: 1002 }], options: { clientId: '={{ $json.site }}' } },
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(runner.requests().map(({ clientId }) => clientId)).toEqual(['1001', '1002']);
		const before = runner.requests().length;
		const refusal = await runner.refusal(
			'host',
			'getAll',
			{ since: SINCE },
			{ items: [{}], options: { clientId: '={{ $json.site }}' } },
		);
		expect(refusal.message).toBe('"Client ID" is empty');
		expect(runner.requests()).toHaveLength(before);
	});

	test('is asked for with the credential as that item sees it', async () => {
		const context = runner.context('host', 'getAll', { since: SINCE }, { items: [{}, {}] });
		const asked: unknown[] = [];
		const { getCredentials } = context;
		context.getCredentials = async (type, itemIndex) => {
			asked.push(itemIndex);
			return (await getCredentials.call(context, type, itemIndex)) as never;
		};
		await nodeType.execute.call(context);
		expect(asked).toEqual([0, 1]);
	});

	test('is asked for after the one ahead of it, all on one token', async () => {
		const { length } = await runner.items(
			'file',
			'get',
			{ simple: false, sha256: SHA256 },
			{ items: Array.from({ length: 8 }, () => ({})) },
		);
		expect(length).toBe(8);
		expect(runner.simulator.ledger.exchanges).toBe(1);
		runner.simulator.expireTokens();
		await runner.items(
			'file',
			'get',
			{ simple: false, sha256: SHA256 },
			{ items: Array.from({ length: 8 }, () => ({})) },
		);
		expect(runner.simulator.ledger.exchanges).toBe(2);
	});

	test('that goes wrong leaves the others alone with Continue On Fail', async () => {
		const hostName = String((await hosts())[0]!.HostName);
		const items = await runner.items(
			'host',
			'get',
			{ simple: false, hostName: '={{ $json.host }}' },
			{
				items: [{ host: hostName }, { host: '10.0.0.1' }, { host: 'NOBODY' }, { host: hostName }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
			{ item: 3 },
		]);
		expect(items[1]!.json).toEqual({
			error: {
				message: '"Host Name" is an IP address (10.0.0.1)',
				description: expect.stringContaining('Resolve IP'),
				httpCode: null,
			},
		});
		expect(items[2]!.json).toEqual({
			error: {
				message: 'Cynet does not know this host',
				description: expect.stringContaining('Get Many'),
				httpCode: '404',
			},
		});
		expect(items[3]!.json).toMatchObject({ hostname: hostName });
	});

	test('is named by its index where it stops the node', async () => {
		const refusal = await runner.refusal(
			'host',
			'get',
			{ hostName: '={{ $json.host }}' },
			{ items: [{ host: 'WS-0101' }, { host: 'NOBODY' }] },
		);
		expect(refusal.context.itemIndex).toBe(1);
	});
});
