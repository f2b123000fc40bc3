import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SHA256, startRunner, type Runner } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => {
	runner = await startRunner();
	runner.simulator.raise(60, { CommandLine: 'x'.repeat(2_000) });
});
afterEach(async () => await runner.close());

const TOOL = { node: { type: 'n8n-nodes-cynet.cynetTool' } };
const SINCE = { since: '2026-01-01' };
const FILE = { sha256: SHA256 };

const OPERATIONS: ReadonlyArray<readonly [string, string, INodeParameters]> = [
	['alert', 'getAll', SINCE],
	['host', 'getAll', SINCE],
	['host', 'get', { hostName: 'WS-0101' }],
	['user', 'getAll', SINCE],
	['user', 'get', { userName: 'CORP\\a.meyer' }],
	['file', 'get', FILE],
];

const read = async (
	resource: string,
	operation: string,
	parameters: INodeParameters,
	run = {},
): Promise<IDataObject[]> =>
	(await runner.items(resource, operation, parameters, run)).map(({ json }) => json);

describe('what an AI agent gets', () => {
	it.each(OPERATIONS)(
		'of %s: %s is ten fields at most',
		async (resource, operation, parameters) => {
			const results = await read(resource, operation, parameters, TOOL);
			expect(results).not.toHaveLength(0);
			const simplified = await read(resource, operation, parameters);
			for (const [place, result] of results.entries()) {
				expect(Object.keys(result).length).toBeGreaterThan(1);
				expect(Object.keys(result).length).toBeLessThanOrEqual(10);
				expect(simplified[place]).toMatchObject(result);
			}
		},
	);

	it('of fifty alerts is short, however long their command lines are', async () => {
		const text = JSON.stringify(await read('alert', 'getAll', SINCE, TOOL));
		expect(JSON.parse(text)).toHaveLength(50);
		expect(text.length).toBeLessThan(30_000);
	});

	it.each(OPERATIONS)('of %s: %s is all as Raw', async (resource, operation, parameters) => {
		const raw = { ...parameters, output: 'raw' };
		const whole = { ...parameters, simple: false };
		const results = await read(resource, operation, raw, TOOL);
		expect(results).not.toHaveLength(0);
		expect(results).toEqual(await read(resource, operation, whole));
	});

	it('is the fields that are named, and null for what there is not', async () => {
		const chosen = { ...SINCE, output: 'selected', outputFields: ' name, host ,,nothing' };
		const [alert] = await read('alert', 'getAll', chosen, TOOL);
		const [whole] = await read('alert', 'getAll', SINCE);
		expect(alert).toEqual({ name: whole!.name, host: whole!.host, nothing: null });
	});

	it('is the fields that are named, by the names of either form', async () => {
		const chosen = {
			hostName: 'WS-0101',
			output: 'selected',
			outputFields: 'host,hostname,last_ip',
		};
		const [host] = await read('host', 'get', chosen, TOOL);
		const [raw] = await read('host', 'get', { hostName: 'WS-0101', simple: false });
		expect(host).toEqual({ host: 'WS-0101', hostname: 'WS-0101', last_ip: raw!.last_ip });
	});

	it.each([
		[{ output: 'selected', outputFields: ' , ' }, '"Fields" is empty'],
		[{ output: '={{ "all" }}' }, 'There is no output "all"'],
	])('is refused before any request for %j', async (parameters, message) => {
		const refusal = await runner.refusal('host', 'getAll', { ...SINCE, ...parameters }, TOOL);
		expect(refusal.message).toBe(message);
		expect(runner.simulator.ledger.requests).toEqual([]);
	});
});

describe('in a workflow', () => {
	const WAYS = OPERATIONS.filter(([resource]) => resource !== 'alert');

	it.each(WAYS)(
		'%s: %s gives what Cynet says in the words of an alert, and its own form without Simplify',
		async (resource, operation, parameters) => {
			const simple = await read(resource, operation, parameters);
			const raw = await read(resource, operation, { ...parameters, simple: false });
			expect(simple).toHaveLength(raw.length);
			expect(raw).not.toHaveLength(0);
			for (const [place, item] of simple.entries()) {
				const said = Object.values(raw[place]!).map((value) => JSON.stringify(value));
				const told = Object.values(item).filter((value) => value !== null);
				expect(told.length).toBeGreaterThan(1);
				expect(said).toEqual(expect.arrayContaining(told.map((value) => JSON.stringify(value))));
				expect(Object.keys(item).join()).not.toMatch(/[_A-Z]{2}|^[A-Z]/);
			}
		},
	);

	it('what Cynet does not say is null, and a flag that it writes as a text is a flag', async () => {
		const known = runner.simulator.raise(40).find(({ Sha256Hex }) => Sha256Hex)!.Sha256Hex!;
		const [file] = await read('file', 'get', { sha256: known });
		const [raw] = await read('file', 'get', { sha256: known, simple: false });
		expect(raw!.is_whitelisted).toBe('false');
		expect(file).toMatchObject({ found: true, isWhitelisted: false });
		const [unknown] = await read('file', 'get', { sha256: 'a'.repeat(64) });
		expect(unknown).toMatchObject({ found: false, sha256: 'a'.repeat(64), name: null, path: null });
	});
});

it('outside a tool there is no Output', async () => {
	const chosen = { ...SINCE, output: 'selected', outputFields: 'host' };
	const results = await read('alert', 'getAll', chosen);
	expect(results).toHaveLength(50);
	expect(results).toEqual(await read('alert', 'getAll', SINCE));
});
