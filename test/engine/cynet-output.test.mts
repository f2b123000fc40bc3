import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SHA256, startBench, type Bench } from './cynet-kit.mts';

let bench: Bench;
beforeEach(async () => {
	bench = await startBench();
	bench.simulator.raise(60, { CommandLine: 'x'.repeat(2_000) });
});
afterEach(async () => await bench.close());

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
	(await bench.items(resource, operation, parameters, run)).map(({ json }) => json);

describe('what an AI agent gets', () => {
	it.each(OPERATIONS)(
		'of %s: %s is ten fields at most',
		async (resource, operation, parameters) => {
			const results = await read(resource, operation, parameters, TOOL);
			expect(results).not.toHaveLength(0);
			const whole = await read(resource, operation, parameters);
			for (const [place, result] of results.entries()) {
				expect(Object.keys(result).length).toBeGreaterThan(1);
				expect(Object.keys(result).length).toBeLessThanOrEqual(10);
				expect(whole[place]).toMatchObject(result);
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
		const whole = { ...parameters, ...(resource === 'alert' && { simple: false }) };
		expect(await read(resource, operation, raw, TOOL)).toEqual(
			await read(resource, operation, whole),
		);
	});

	it('is the fields that are named, and null for what there is not', async () => {
		const chosen = { ...SINCE, output: 'selected', outputFields: ' name, host ,,nothing' };
		const [alert] = await read('alert', 'getAll', chosen, TOOL);
		const [whole] = await read('alert', 'getAll', SINCE);
		expect(alert).toEqual({ name: whole!.name, host: whole!.host, nothing: null });
	});

	it.each([
		[{ output: 'selected', outputFields: ' , ' }, '"Fields" is empty'],
		[{ output: '={{ "all" }}' }, 'There is no output "all"'],
	])('is refused before any request for %j', async (parameters, message) => {
		const refusal = await bench.refusal('host', 'getAll', { ...SINCE, ...parameters }, TOOL);
		expect(refusal.message).toBe(message);
		expect(bench.simulator.ledger.requests).toEqual([]);
	});
});

it('outside a tool there is no Output', async () => {
	const chosen = { ...SINCE, output: 'selected', outputFields: 'host' };
	expect(await read('alert', 'getAll', chosen)).toEqual(await read('alert', 'getAll', SINCE));
});
