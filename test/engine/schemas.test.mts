import { readFileSync } from 'node:fs';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { schemas, WITHOUT, written, type Schema } from '../../docs/make/schemas.mts';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { RESOURCES } from '../../nodes/Cynet/resources.ts';
import { SHA256, startRunner, type Runner } from './cynet-kit.mts';
import { createHost } from './harness.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner()));
afterEach(async () => await runner.close());

const ALL = schemas();
const SINCE = '2026-05-31T00:00:00Z';
const FILE = { sha256: SHA256, hostName: 'WS-0101' };

/** What makes each operation return an item. */
const WAYS: Readonly<Record<string, INodeParameters | (() => INodeParameters)>> = {
	'alert/convert': () => ({ alert: JSON.stringify(runner.simulator.raise(1)[0]) }),
	'alert/count': { since: SINCE },
	'alert/getAll': () => (runner.simulator.raise(3), { since: SINCE }),
	'file/get': () => ({
		sha256: String(runner.simulator.raise(40).find(({ Sha256Hex }) => Sha256Hex)!.Sha256Hex),
	}),
	'host/get': { hostName: 'WS-0101' },
	'host/getAll': { since: SINCE },
	'user/get': { userName: 'CORP\\a.meyer' },
	'user/getAll': { since: SINCE },
	...Object.fromEntries(
		['delete', 'kill', 'quarantine', 'unquarantine', 'verify'].map((one) => [`file/${one}`, FILE]),
	),
	...Object.fromEntries(
		['disableNetwork', 'isolate', 'shutdown', 'unisolate'].map((one) => [
			`host/${one}`,
			{ hostName: 'WS-0101' },
		]),
	),
};

/** Where the vendor's whole object comes out, there may be more than is known of it. */
const OPEN = ['file/getRemediation'];

async function itemsOf(operation: string): Promise<IDataObject[]> {
	const [resource, name] = operation.split('/') as [string, string];
	if (operation === 'file/getRemediation') {
		const [kill] = await itemsOf('file/kill');
		const [id] = kill!.remediationIds as number[];
		return [await runner.one('file', name, { remediationId: id! })];
	}
	const way = WAYS[operation]!;
	const items = await runner.items(resource, name, typeof way === 'function' ? way() : way);
	return items.map(({ json }) => json);
}

/** Where a value is not what the schema says. Null stands for nothing anywhere. */
function flaws(value: unknown, schema: Schema, at: string, open: boolean): string[] {
	if (value === null) return [];
	const type = Array.isArray(value) ? 'array' : typeof value;
	if (type !== schema.type) return [`${at} is ${type}, not ${schema.type}`];
	if (Array.isArray(value))
		return value.flatMap((one) => flaws(one, schema.items!, `${at}[]`, open));
	if (type !== 'object' || schema.properties === undefined) return [];
	const own = value as Record<string, unknown>;
	return [
		...Object.keys(schema.properties)
			.filter((key) => !(key in own))
			.map((key) => `${at}.${key} is missing`),
		...Object.keys(own)
			.filter((key) => !open && !(key in schema.properties!))
			.map((key) => `${at}.${key} is not in the schema`),
		...Object.entries(schema.properties)
			.filter(([key]) => key in own)
			.flatMap(([key, one]) => flaws(own[key], one, `${at}.${key}`, open)),
	];
}

const OPERATIONS = Object.entries(RESOURCES).flatMap(([resource, { operations }]) =>
	Object.keys(operations).map((operation) => `${resource}/${operation}`),
);
const schemaOf = (operation: string): Schema | undefined =>
	ALL[`Cynet/__schema__/v1.0.0/${operation}.json`];

test('every operation has a schema where n8n looks for it, or a reason why not', () => {
	expect(OPERATIONS.filter((operation) => !schemaOf(operation) && !(operation in WITHOUT))).toEqual(
		[],
	);
});

test.each(Object.keys(ALL))('nodes/%s is as `npm run docs` writes it', (path) => {
	const file = new URL(`../../nodes/${path}`, import.meta.url);
	expect(readFileSync(file, 'utf8')).toBe(written(ALL[path]!));
});

describe('a real item has each field of the schema, in its type, and no other', () => {
	test.each(OPERATIONS.filter((operation) => schemaOf(operation)))('%s', async (operation) => {
		const items = await itemsOf(operation);
		expect(items.length).toBeGreaterThan(0);
		const open = OPEN.includes(operation);
		expect(items.flatMap((item) => flaws(item, schemaOf(operation)!, operation, open))).toEqual([]);
	});

	test.each(['trigger', 'manual'] as const)('the trigger (mode %s)', async (mode) => {
		const { username, password } = runner.simulator.settings;
		const n8n = createHost({
			workflowId: `schemas ${mode}`,
			mode,
			credential: { baseUrl: runner.simulator.url, username, password, clientId: '1001' },
		});
		runner.simulator.raise(3);
		const trigger = new CynetTrigger();
		const items = (await trigger.poll.call(n8n.context(trigger)))![0]!;
		expect(items).toHaveLength(3);
		const schema = ALL['CynetTrigger/__schema__/v1.0.0.json']!;
		expect(items.flatMap(({ json }) => flaws(json, schema, 'item', false))).toEqual([]);
	});
});
