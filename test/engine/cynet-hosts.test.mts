import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Host } from '../../simulator/simulator.mts';
import { nodeType, SHA256, startRunner, type Runner, type Run } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner({ sites: ['1001', '1002'] })));
afterEach(async () => await runner.close());

const RESOLVE: INodeParameters = { resolveIp: true };
const accepted = () => runner.simulator.ledger.remediations.map(({ host }) => host);
const listed = () => runner.requests().filter(({ path }) => path === '/api/hosts');
const isolate = async (hostName: unknown, run: Run = {}) =>
	await runner.one(
		'host',
		'isolate',
		{ hostName: '={{ $json.name }}' },
		{ items: [{ name: hostName } as never], ...run },
	);
const refused = async (hostName: unknown, run: Run = {}) =>
	await runner.refusal(
		'host',
		'isolate',
		{ hostName: '={{ $json.name }}' },
		{ items: [{ name: hostName } as never], ...run },
	);

/** The site's hosts, and nothing else. */
function only(...hosts: ReadonlyArray<Partial<Host> & Record<string, unknown>>): void {
	runner.simulator.changeHosts(([like]) =>
		hosts.map((host, index) => ({
			...like!,
			ClientDbId: index + 1,
			HDSerial: `disk ${index}`,
			...host,
		})),
	);
}

describe('an impossible name is refused before anything is sent', () => {
	const IMPOSSIBLE: unknown[] = [
		'10.0.0.0/24',
		'A, B',
		'A;B',
		'A|B',
		'undefined',
		'null',
		'NaN',
		'None',
		'true',
		'[object Object]',
		'{{ $json.host }}',
		'*',
		'%',
		'WS-*',
		'WS-010?',
		'_',
		'-',
		'...',
		'',
		' ',
		'\t',
		'\u00a0',
		'\u200b',
		'WS-0101\u200b',
		'\u200bWS-0101',
		'WS-\u00ad0101',
		'WS-0101\ufeff',
		'\u3164',
		'\u2800',
		'WS-\u202e1010',
		'\u2066WS-0101\u2069',
		'WS-0101\u0000',
		'WS-0101\n',
		'WS-0101\r\nWS-0102',
		'WS-0101\u2028',
		'\ud800',
		'a'.repeat(254),
		`${'a.'.repeat(150)}b`,
		'WS-0101:443',
		'http://WS-0101',
		'\\\\WS-0101',
		'CORP\\WS-0101',
		'../WS-0101',
		'"WS-0101"',
		'<b>',
		'a=b',
		'["WS-0101"]',
		'10.0.0.1, 10.0.0.2',
		'10.0.0.1:443',
		'10.0.0.0/8',
		null,
		true,
		false,
		{},
		['WS-0101', 'WS-0102'],
		['WS-0101'],
		Number.NaN,
	];

	test.each(IMPOSSIBLE.map((name) => [name]))('%j', async (name) => {
		for (const options of [
			{},
			RESOLVE,
			{ hostCheck: 'off' },
			{ hostCheck: 'several' },
		] as INodeParameters[]) {
			const refusal = await refused(name, { options });
			expect(refusal.message).toMatch(/^"Host Name" /);
			expect(refusal.constructor.name).toBe('NodeOperationError');
		}
		expect(
			(
				await runner.refusal(
					'host',
					'get',
					{ hostName: '={{ $json.name }}' },
					{ items: [{ name } as never] },
				)
			).message,
		).toMatch(/^"Host Name" /);
		expect(
			(
				await runner.refusal(
					'file',
					'delete',
					{ sha256: SHA256, hostName: '={{ $json.name }}' },
					{ items: [{ name } as never] },
				)
			).message,
		).toMatch(/^"Host Name" /);
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	test.each([
		'WS-0101',
		"Jane's MacBook Pro (2)",
		'srv_1.corp.example',
		'büro-é',
		'主机1',
		'7',
		'R&D #1 + test',
		'£$!~@'.concat('x'),
	])('%j is a name, and is asked for', async (name) => {
		only({ HostName: name, OperatingSystem: 'Windows 11' });
		expect(await isolate(name)).toMatchObject({ accepted: true, host: name });
		expect(await isolate(name, { options: { hostCheck: 'off' } })).toMatchObject({
			accepted: true,
			host: name,
		});
	});
});

describe('a host is checked to exist before an action', () => {
	const ACTIONS = [
		['host', 'isolate', {}],
		['host', 'unisolate', {}],
		['host', 'shutdown', {}],
		['host', 'disableNetwork', {}],
		['file', 'kill', { sha256: SHA256 }],
		['file', 'delete', { sha256: SHA256 }],
		['file', 'quarantine', { sha256: SHA256 }],
		['file', 'unquarantine', { sha256: SHA256 }],
		['file', 'verify', { sha256: SHA256 }],
	] as const;

	test.each(ACTIONS)('%s %s', async (resource, operation, more) => {
		const refusal = await runner.refusal(resource, operation, { ...more, hostName: 'WS-9999' });
		expect(refusal).toMatchObject({
			message: 'No host has the name WS-9999',
			description: expect.stringContaining('Host Check'),
		});
		expect(await runner.one(resource, operation, { ...more, hostName: 'WS-0101' })).toMatchObject({
			accepted: true,
			host: 'WS-0101',
			resolved: { asked: 'WS-0101', host: 'WS-0101', lastSeen: expect.stringMatching(/^20.*Z$/) },
		});
		expect(
			await runner.one(
				resource,
				operation,
				{ ...more, hostName: 'WS-9999' },
				{ options: { hostCheck: 'off' } },
			),
		).toMatchObject({ accepted: true, host: 'WS-9999' });
		expect(accepted()).toEqual(['WS-0101', 'WS-9999']);
	});

	test('of the site that the item names', async () => {
		only({ HostName: 'ONLY-1001' });
		expect((await refused('ONLY-1001', { options: { clientId: '1002' } })).message).toBe(
			'No host has the name ONLY-1001',
		);
		expect(await isolate('ONLY-1001')).toMatchObject({ clientId: '1001', accepted: true });
	});

	test.each([
		['ws-0101', 'WS-0101'],
		[' WS-0101 ', 'WS-0101'],
		['Ws-0101.', 'WS-0101'],
		['WS-0101.corp.example', 'WS-0101'],
		['LAPTOP', 'laptop.corp.example'],
		['laptop.CORP.example', 'laptop.corp.example'],
	])('%j finds %s, and that is what is sent and told', async (asked, name) => {
		only({ HostName: 'WS-0101' }, { HostName: 'laptop.corp.example' });
		expect(await isolate(asked)).toMatchObject({
			host: name,
			request: { body: { host: name } },
			resolved: { asked: asked.trim(), host: name },
		});
		expect(accepted()).toEqual([name]);
	});

	test.each([
		['WS-1.evil.example', ['WS-1.corp.example']],
		['WS', ['WS-1']],
		['WS-1', ['WS-10', 'XWS-1', 'WS-1X.corp.example']],
		['10', ['10.0.0.5']],
		['corp.example', ['WS-1.corp.example']],
	])('%s is none of %j', async (asked, names) => {
		only(...names.map((HostName) => ({ HostName })));
		expect((await refused(asked)).message).toBe(`No host has the name ${asked}`);
	});

	test('a short name that fits hosts of two domains is not guessed', async () => {
		only({ HostName: 'WS-1.a.example' }, { HostName: 'WS-1.b.example' });
		for (const hostCheck of ['one', 'several'])
			expect((await refused('WS-1', { options: { hostCheck } })).message).toMatch(
				/^2 hosts have the name WS-1, last seen: WS-1\.a\.example \(.*\), WS-1\.b\.example/,
			);
		only({ HostName: 'WS-1' }, { HostName: 'WS-1.b.example' });
		expect(await isolate('WS-1')).toMatchObject({ host: 'WS-1' });
		expect(await isolate('ws-1.B.example')).toMatchObject({ host: 'WS-1.b.example' });
	});

	test('two hosts of one name are said and refused, unless that was chosen', async () => {
		only(
			{ HostName: 'WS-1', LastUpdate: '2026-05-30T10:00:00Z' },
			{ HostName: 'ws-1', LastUpdate: null as never, LastScan: null as never },
		);
		const refusal = await refused('WS-1');
		expect(refusal.message).toBe(
			'2 hosts have the name WS-1, last seen: WS-1 (2026-05-30T10:00:00.000Z), ws-1 (no time)',
		);
		expect(refusal.description).toContain('One or Several Hosts');
		expect(await isolate('WS-1', { options: { hostCheck: 'several' } })).toMatchObject({
			accepted: true,
			host: 'WS-1',
		});
		expect(accepted()).toEqual(['WS-1']);
	});

	test('one host that is listed twice is one', async () => {
		only({ HostName: 'WS-1', ClientDbId: 7 }, { HostName: 'WS-1', ClientDbId: 7 });
		expect(await isolate('WS-1')).toMatchObject({ accepted: true });
	});

	test.each([
		['status 403', { kind: 'status', status: 403 }],
		['status 500', { kind: 'status', status: 500, times: 'forever' }],
		['a web page', { kind: 'html', times: 'forever' }],
		['an error in a success', { kind: 'status', status: 200, body: { Success: false } }],
		[
			'an error beside the hosts',
			{
				kind: 'status',
				status: 200,
				body: { Entities: [{ HostName: 'WS-0101', LastIp: '10.0.0.1' }], error: 'Shard 3 is away' },
			},
		],
		['an error as a row', { kind: 'status', status: 200, body: [{ error: 'x' }] }],
	] as const)(
		'a list that is answered with %s sends nothing, and says that nothing was set off',
		async (_what, fault) => {
			runner.simulator.faults.add({ ...fault, match: { path: '/api/hosts' } });
			expect((await refused('WS-0101')).description).toMatch(/^Nothing was set off\. /);
			runner.simulator.faults.clear();
			runner.simulator.faults.add({ ...fault, match: { path: '/api/hosts' } });
			await refused('10.0.0.1', { options: RESOLVE });
			expect(accepted()).toEqual([]);
		},
	);

	test('the list is read once for all items of a site, and again when it did not come', async () => {
		const items = Array.from({ length: 50 }, (_, index) => ({
			name: `WS-${String(101 + (index % 24)).padStart(4, '0')}`,
			site: index % 2 ? '1001' : '1002',
		}));
		await runner.items(
			'host',
			'isolate',
			{ hostName: '={{ $json.name }}' },
			{ items, options: { clientId: '={{ $json.site }}' } },
		);
		expect(listed().map(({ clientId }) => clientId)).toEqual(['1002', '1001']);
		expect(accepted()).toHaveLength(50);
		runner.simulator.faults.add({ kind: 'status', status: 403, match: { path: '/api/hosts' } });
		const two = await runner.items(
			'host',
			'isolate',
			{ hostName: 'WS-0101' },
			{ items: [{}, {}], node: { onError: 'continueRegularOutput' } },
		);
		expect(two.map(({ json }) => 'error' in json)).toEqual([true, false]);
	});

	test('in a dry run nothing is asked either, whatever the switch comes to', async () => {
		expect(await isolate('WS-9999', { options: { dryRun: true } })).toMatchObject({ dryRun: true });
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	test.each([
		'={{ "x" }}',
		'={{ null }}',
		'={{ $json.nothing }}',
		'={{ true }}',
		'={{ "" }}',
		'={{ ["off"] }}',
		'={{ "OFF" }}',
	])('a Host Check of %s is refused', async (hostCheck) => {
		expect((await refused('WS-0101', { options: { hostCheck } })).message).toBe(
			'"Host Check" is none of its choices',
		);
		expect(runner.simulator.ledger.requests).toEqual([]);
	});
});

describe('isolation is for Windows', () => {
	test.each([
		'Mac OS X 26.3.1',
		'macOS 15',
		'Ubuntu 24.04',
		'Linux 6.8',
		'Red Hat Enterprise Linux 9',
		'CentOS 7',
		'Darwin 23',
		'SUSE Linux Enterprise',
	])('%s is refused', async (OperatingSystem) => {
		only({ HostName: 'X-1', OperatingSystem });
		for (const operation of ['isolate', 'unisolate'])
			expect((await runner.refusal('host', operation, { hostName: 'X-1' })).message).toBe(
				`X-1 runs ${OperatingSystem}, and Cynet isolates Windows only`,
			);
		expect(await runner.one('host', 'shutdown', { hostName: 'X-1' })).toMatchObject({
			accepted: true,
		});
	});

	test.each([
		'Windows 11',
		'Microsoft Windows Server 2022',
		'WINDOWS 10 for Mac hardware',
		'',
		null,
		5,
		'Something new',
	])('%j is not', async (OperatingSystem) => {
		only({ HostName: 'X-1', OperatingSystem: OperatingSystem as never });
		expect(await isolate('X-1')).toMatchObject({ accepted: true });
	});

	test('the texts say so, and that a host may be pending', () => {
		const options = nodeType.description.properties
			.filter(({ name }) => name === 'operation')
			.flatMap((property) => property.options as Array<{ value: string; description: string }>);
		const of = (value: string) => options.find((option) => option.value === value)!.description;
		for (const operation of ['isolate', 'unisolate'])
			expect(of(operation)).toMatch(/Windows only.*on-premises since Cynet 4\.23/);
		expect(of('isolate')).toContain('Pending Isolate');
	});
});

describe('Resolve IP', () => {
	test.each([
		'127.0.0.1',
		'127.8.8.8',
		'0.0.0.0',
		'0.1.2.3',
		'224.0.0.1',
		'239.255.255.250',
		'255.255.255.255',
		'240.0.0.1',
		'169.254.1.1',
		'::',
		'::1',
		'[::1]',
		'fe80::1',
		'FE80::1%eth0',
		'febf::1',
		'ff02::1',
		'::ffff:127.0.0.1',
		'::ffff:7f00:1',
		'::127.0.0.1',
		'10.0.0.256',
		'10.0.0.01',
		'010.0.0.1',
		'999.1.1.1',
		'1::2::3',
		':',
		':::',
		'1:2:3:4:5:6:7:8:9',
		'12345::1',
		'dead:beef',
		'::10.0.0.300',
	])('refuses %s before any request', async (ip) => {
		expect((await refused(ip, { options: RESOLVE })).message).toMatch(
			/^"Host Name" is an IP address of no single host \(.*\): /,
		);
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	test('names the address, the host and when the host had it', async () => {
		only({
			HostName: 'WS-1',
			LastIp: '10.0.0.1',
			LastUpdate: '2026-05-30T10:00:00Z',
			LastScan: '2026-05-29T10:00:00Z',
		});
		expect(await isolate('10.0.0.1', { options: RESOLVE })).toMatchObject({
			host: 'WS-1',
			request: { body: { host: 'WS-1' } },
			resolved: { asked: '10.0.0.1', host: 'WS-1', lastSeen: '2026-05-30T10:00:00.000Z' },
		});
		expect(
			await runner.one(
				'file',
				'kill',
				{ sha256: SHA256, hostName: '10.0.0.1' },
				{ options: RESOLVE },
			),
		).toMatchObject({
			resolved: { asked: '10.0.0.1', host: 'WS-1', lastSeen: '2026-05-30T10:00:00.000Z' },
		});
	});

	test.each([
		['a comma', { LastIp: '10.0.0.9, 10.0.0.1' }],
		['a line break', { LastIp: '10.0.0.9\n10.0.0.1' }],
		['a list', { LastIp: ['10.0.0.9', '10.0.0.1'] }],
		['a list of objects', { IpAddresses: [{ Address: '10.0.0.1' }] }],
		['another field', { LastIp: '10.0.0.9', LocalIps: '10.0.0.1' }],
		['white space', { LastIp: ' 10.0.0.1 ' }],
		['the form of IPv6', { LastIp: '::ffff:10.0.0.1' }],
		['snake case', { last_ip: '10.0.0.1' }],
	])('finds a host by any of its addresses: %s', async (_what, host) => {
		only({ HostName: 'WS-9', LastIp: '10.0.0.2' }, {
			HostName: 'WS-1',
			LastIp: '10.0.0.3',
			...host,
		} as never);
		expect(await isolate('10.0.0.1', { options: RESOLVE })).toMatchObject({ host: 'WS-1' });
	});

	test.each([
		'2001:db8::1',
		'2001:DB8:0:0::1',
		'[2001:db8::1]',
		'2001:0db8:0000:0000:0000:0000:0000:0001',
		'2001:db8::0.0.0.1',
	])('finds %s in whatever form it is written', async (ip) => {
		only({ HostName: 'WS-1', LastIp: '2001:0db8::0001' });
		expect(await isolate(ip, { options: RESOLVE })).toMatchObject({ host: 'WS-1' });
	});

	test('does not take a part of an address, or a gateway, for one', async () => {
		only({
			HostName: 'WS-1',
			LastIp: '10.0.0.11',
			GatewayIp: '10.0.0.1',
			MacAddress: '10.0.0.1',
			Comment: '10.0.0.1',
		});
		expect((await refused('10.0.0.1', { options: RESOLVE })).message).toBe(
			'No host has the IP address 10.0.0.1',
		);
	});

	test.each([
		['two hosts', [{ HostName: 'A' }, { HostName: 'B' }]],
		['twins', [{ HostName: 'A' }, { HostName: 'A' }]],
		['one without a name', [{ HostName: 'A' }, { HostName: '' }]],
		['one that has several', [{ HostName: 'A' }, { HostName: 'B', LastIp: '10.0.0.7;10.0.0.1' }]],
	])('never guesses where an address is of %s, whatever Host Check says', async (_what, hosts) => {
		only(...hosts.map((host) => ({ LastIp: '10.0.0.1', ...host })));
		for (const hostCheck of ['one', 'several', 'off'])
			expect((await refused('10.0.0.1', { options: { ...RESOLVE, hostCheck } })).message).toMatch(
				/^2 hosts have the IP address 10\.0\.0\.1: /,
			);
		expect(accepted()).toEqual([]);
	});

	test('refuses a host found by its address whose name another one has too', async () => {
		only({ HostName: 'A', LastIp: '10.0.0.1' }, { HostName: 'a', LastIp: '10.0.0.2' });
		expect((await refused('10.0.0.1', { options: RESOLVE })).message).toMatch(
			/^2 hosts have the name A, /,
		);
		expect(
			(await runner.refusal('host', 'get', { hostName: '10.0.0.1' }, { options: RESOLVE })).message,
		).toMatch(/^2 hosts have the name A, /);
	});

	test.each(['*', 'A, B', '\u202eA', 'A\nB', '../x', 'undefined'])(
		'sends no name that no host can have, whoever chose it: %j',
		async (HostName) => {
			only({ HostName, LastIp: '10.0.0.1' });
			expect((await refused('10.0.0.1', { options: RESOLVE })).message).toMatch(
				/^The name that Cynet has for this host cannot be sent: /,
			);
			expect(accepted()).toEqual([]);
		},
	);

	test('shows names that a server chose harmlessly', async () => {
		only(
			...Array.from({ length: 30 }, (_, index) => ({
				HostName: `<img src=x>\u202e${index}${'x'.repeat(100)}`,
				LastIp: '10.0.0.1',
			})),
		);
		const { message } = await refused('10.0.0.1', { options: RESOLVE });
		expect(message.length).toBeLessThan(300);
		expect(message).not.toMatch(/[<>\u202e]/);
	});

	/** n8n runs the same node again, as with Retry On Fail: all that stays is the run data. */
	function twice(items: IDataObject[], run: Run = {}) {
		let data: object = { executionData: { contextData: {} } };
		return async () => {
			const context = runner.context(
				'host',
				'isolate',
				{ hostName: '={{ $json.name }}' },
				{ items, options: RESOLVE, ...run },
			);
			Object.assign((context as unknown as { runExecutionData: object }).runExecutionData, data);
			try {
				return (await nodeType.execute.call(context))[0]!.map(({ json }) => json);
			} finally {
				data = JSON.parse(JSON.stringify(data)) as object;
			}
		};
	}

	test('keeps the host for the execution where the address moves before a retry', async () => {
		only({ HostName: 'A', LastIp: '10.0.0.1' }, { HostName: 'B', LastIp: '10.0.0.2' });
		runner.simulator.faults.add({
			kind: 'status',
			status: 429,
			skip: 1,
			match: { path: '/api/host/*' },
		});
		const execute = twice([{ name: '10.0.0.1' }, { name: 'B' }]);
		await execute().catch(() => {});
		only({ HostName: 'B', LastIp: '10.0.0.1' }, { HostName: 'A', LastIp: '10.0.0.2' });
		const items = await execute();
		expect(items.map(({ host }) => host)).toEqual(['A', 'B']);
		expect(new Set(accepted())).toEqual(new Set(['A', 'B']));
		expect(accepted().filter((host) => host === 'A')).toHaveLength(1);
	});

	test('acts on one host where the fate of the first request is not known and the address moves', async () => {
		only({ HostName: 'A', LastIp: '10.0.0.1' }, { HostName: 'B', LastIp: '10.0.0.2' });
		for (const run of [
			{},
			{
				node: { type: 'n8n-nodes-cynet.cynetTool' },
				options: { ...RESOLVE, allowDestructive: true },
			},
		] as Run[]) {
			runner.simulator.faults.add({ kind: 'half', match: { path: '/api/host/*' } });
			const execute = twice([{ name: '10.0.0.1' }], run);
			await expect(execute()).rejects.toThrow();
			only({ HostName: 'B', LastIp: '10.0.0.1' });
			await expect(execute()).rejects.toThrow('This action was sent before');
			only({ HostName: 'A', LastIp: '10.0.0.1' }, { HostName: 'B', LastIp: '10.0.0.2' });
		}
		expect(accepted()).not.toContain('B');
	});

	test('looks anew in another execution', async () => {
		only({ HostName: 'A', LastIp: '10.0.0.1' });
		expect(await isolate('10.0.0.1', { options: RESOLVE })).toMatchObject({ host: 'A' });
		only({ HostName: 'B', LastIp: '10.0.0.1' });
		expect(await isolate('10.0.0.1', { options: RESOLVE })).toMatchObject({ host: 'B' });
	});
});
