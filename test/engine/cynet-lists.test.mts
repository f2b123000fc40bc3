import type { ILoadOptionsFunctions, INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { listSearch } from '../../nodes/Cynet/list-search.ts';
import { nodeType, SHA256, startRunner, type Runner } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner({ sites: ['1001', '1002'] })));
afterEach(async () => await runner.close());

const SINCE = '2026-05-31T00:00:00Z';

/** As the editor opens a list, with the options of the node as they stand there. */
async function search(
	list: keyof typeof listSearch,
	filter?: string,
	token?: string,
	options: INodeParameters = {},
): Promise<INodeListSearchResult> {
	const context = runner.context(
		'host',
		'get',
		{},
		{ options },
	) as unknown as ILoadOptionsFunctions;
	context.getCurrentNodeParameter = (name) => (name === 'options' ? options : undefined);
	return await listSearch[list].call(context, filter, token);
}
const valuesOf = ({ results }: INodeListSearchResult) => results.map(({ value }) => value);
const manyHosts = (count: number) =>
	runner.simulator.changeHosts((hosts) =>
		Array.from({ length: count }, (_, index) => ({
			...hosts[0]!,
			ClientDbId: 1000 + index,
			HostName: `PC-${String(index).padStart(4, '0')}`,
			LastIp: `10.9.${index >> 8}.${index & 255}`,
		})),
	);

describe('the list of hosts', () => {
	test('holds each name that could be sent, once and in order, and every one is a name that Get takes', async () => {
		runner.simulator.changeHosts((hosts) => [
			...hosts,
			{ ...hosts[0]!, ClientDbId: 900, HDSerial: 'another' },
			...['*', '', 'a,b', 'undefined', '10.0.0.0/8'].map((HostName, index) => ({
				...hosts[0]!,
				ClientDbId: 901 + index,
				HostName,
			})),
		]);
		const { results, paginationToken } = await search('hosts');
		const names = results.map(({ name }) => name);
		expect(names).toContain('WS-0101');
		expect(new Set(names).size).toBe(names.length);
		expect(names).toEqual([...names].sort());
		expect(names.filter((name) => /^$|[*,/]|undefined/.test(name))).toEqual([]);
		expect(results.every(({ name, value }) => name === value)).toBe(true);
		expect(paginationToken).toBeUndefined();
	});

	test('is searched by part of a name in any letters, or by an address', async () => {
		manyHosts(300);
		expect(valuesOf(await search('hosts', 'pc-007'))).toEqual(
			Array.from({ length: 10 }, (_, index) => `PC-007${index}`),
		);
		expect(valuesOf(await search('hosts', '10.9.1.43'))).toEqual(['PC-0299']);
		expect(valuesOf(await search('hosts', 'nobody'))).toEqual([]);
	});

	test('comes a hundred at a time where it is long, and whole in the end', async () => {
		manyHosts(250);
		const first = await search('hosts');
		const second = await search('hosts', '', first.paginationToken);
		const third = await search('hosts', '', second.paginationToken);
		expect([first, second, third].map(({ results }) => results.length)).toEqual([100, 100, 50]);
		expect(third.paginationToken).toBeUndefined();
		expect(new Set([first, second, third].flatMap(valuesOf)).size).toBe(250);
	});

	test('is read once a minute, however often someone types', async () => {
		manyHosts(3);
		await Promise.all(['p', 'pc', 'pc-'].map(async (typed) => await search('hosts', typed)));
		expect(runner.requests()).toHaveLength(1);
		manyHosts(5);
		runner.time.now += 61_000;
		expect(valuesOf(await search('hosts'))).toHaveLength(5);
	});

	test('that cannot be read says why, and is read anew the next time', async () => {
		runner.simulator.faults.add({ kind: 'status', status: 403, match: { path: '/api/hosts' } });
		await expect(search('hosts')).rejects.toThrow('Cynet does not let the API user do this');
		expect(valuesOf(await search('hosts'))).toContain('WS-0101');
	});

	test('is that of the site in Client ID, and there is none for an expression', async () => {
		await search('hosts', '', '', { clientId: '1002' });
		expect(runner.requests().map(({ clientId }) => clientId)).toEqual(['1002']);
		for (const clientId of ['={{ $json.site }}', ' ', '1001\n2']) {
			await expect(search('hosts', '', '', { clientId })).rejects.toThrow(
				'There is no list as long as Client ID is empty or an expression',
			);
		}
		expect(runner.requests()).toHaveLength(1);
	});
});

test('the list of users holds names that Get takes', async () => {
	const [name] = valuesOf(await search('users', 'MEYER'));
	expect(name).toBe('CORP\\a.meyer');
	expect(
		await runner.one('user', 'get', {
			simple: false,
			userName: { __rl: true, mode: 'list', value: name! },
		}),
	).toMatchObject({ username: name });
});

test('the list of files holds those of recent alerts, found by name or hash', async () => {
	const alert = runner.simulator.raise(40).find(({ Sha256Hex }) => Sha256Hex)!;
	const hash = String(alert.Sha256Hex).toLowerCase();
	const { results } = await search('files', hash.slice(0, 20).toUpperCase());
	expect(results).toEqual([{ name: expect.stringContaining(hash.slice(0, 12)), value: hash }]);
	expect(
		await runner.one('file', 'get', {
			simple: false,
			sha256: { __rl: true, mode: 'list', value: hash },
		}),
	).toMatchObject({ found: true });
});

describe('a field that may be chosen from a list', () => {
	const forms = (value: string) => [
		value,
		{ __rl: true, mode: 'name', value },
		{ __rl: true, mode: 'list', value, cachedResultName: 'something else' },
		`={{ "${value}" }}`,
		{ __rl: true, mode: 'name', value: `={{ "${value}" }}` },
	];

	test.each(forms('WS-0101'))('takes %j', async (hostName) => {
		expect(await runner.one('host', 'isolate', { hostName: hostName as never })).toMatchObject({
			accepted: true,
			host: 'WS-0101',
		});
		expect(
			await runner.one('file', 'kill', {
				hostName: hostName as never,
				sha256: { __rl: true, mode: 'hash', value: SHA256 },
			}),
		).toMatchObject({ accepted: true, host: 'WS-0101', request: { body: { sha256: SHA256 } } });
	});

	test.each([
		{ __rl: true, mode: 'list', value: '' },
		{ __rl: true, mode: 'name', value: ' ' },
		{ __rl: true, mode: 'name', value: '={{ undefined }}' },
		{ __rl: true, mode: 'name', value: '*' },
		{ __rl: true, mode: 'name', value: ['WS-0101', 'WS-0102'] },
		{ __rl: true, mode: 'name', value: { __rl: true, value: 'WS-0101' } },
		{ __rl: true, mode: 'name' },
		{ __rl: false, mode: 'name', value: 'WS-0101' },
		{ mode: 'name', value: 'WS-0101' },
		['WS-0101'],
		{},
	])('that holds %j acts on nothing', async (hostName) => {
		for (const [resource, operation] of [
			['host', 'isolate'],
			['file', 'kill'],
		] as const) {
			const refusal = await runner.refusal(resource, operation, {
				hostName: hostName as never,
				sha256: SHA256,
			});
			expect(refusal.message).toMatch(/^"Host Name" (is empty|cannot be the name of a host)/);
		}
		expect(runner.simulator.ledger.remediations).toEqual([]);
		expect(runner.requests()).toEqual([]);
	});

	test('may be filled in by an agent, and by nobody else an operation without permission', async () => {
		const node = { type: 'n8n-nodes-cynet.cynetTool' };
		const hostName = { __rl: true, mode: 'name', value: '={{ $fromAI("host") }}' };
		const refusal = await runner.refusal('host', 'isolate', { hostName } as never, { node });
		expect(refusal.message).toBe('This operation is not allowed to an AI agent');
	});

	test('asks for lists that the node has', () => {
		const asked = nodeType.description.properties.flatMap(({ modes = [] }) =>
			modes.flatMap(({ typeOptions }) => typeOptions?.searchListMethod ?? []),
		);
		expect([...new Set(asked)].sort()).toEqual(Object.keys(nodeType.methods.listSearch).sort());
	});
});

test('lists need no more than what an execution asks for', async () => {
	await search('hosts');
	expect(await runner.items('host', 'getAll', { since: SINCE })).not.toHaveLength(0);
	expect(runner.simulator.ledger.exchanges).toBe(1);
});
