import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { triggerSettings } from '../../nodes/CynetTrigger/settings.ts';
import { nodeType, SHA256, startActing, type Runner } from './cynet-kit.mts';
import { createHost } from './harness.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startActing()));
afterEach(async () => await runner.close());

/**
 * What an expression, a model or an imported workflow can make of a switch; the name is how it is
 * written in the node.
 */
const ODD: ReadonlyArray<readonly [written: string, value: unknown]> = [
	['true', true],
	['"true"', 'true'],
	['"TRUE"', 'TRUE'],
	['" true "', ' true '],
	['"yes"', 'yes'],
	['"on"', 'on'],
	['1', 1],
	['"1"', '1'],
	['null', null],
	['""', ''],
	['"false"', 'false'],
	['"False"', 'False'],
	['0', 0],
	['"0"', '0'],
	['"no"', 'no'],
	['NaN', NaN],
	['[]', []],
	['[false]', [false]],
	['{}', {}],
	['{ value: false }', { value: false }],
	['={{ true }}', '={{ true }}'],
	['={{ "true" }}', '={{ "true" }}'],
	['={{ "false" }}', '={{ "false" }}'],
	['={{ $json.nothing }}', '={{ $json.nothing }}'],
	['={{ $json.no.such.thing }}', '={{ $json.no.such.thing }}'],
	['={{ null }}', '={{ null }}'],
	['={{ "" }}', '={{ "" }}'],
	['={{ 0 }}', '={{ 0 }}'],
	['={{ ({ a: false }) }}', '={{ ({ a: false }) }}'],
	['text around it', '={{ false }} '],
	['an expression without its sign', '{{ false }}'],
];
const OFF: ReadonlyArray<readonly [written: string, options: INodeParameters]> = [
	['not there', {}],
	['false', { FLAG: false }],
	['={{ false }}', { FLAG: '={{ false }}' }],
	['={{ 1 > 2 }}', { FLAG: '={{ 1 > 2 }}' }],
];
const named = (options: INodeParameters, name: string): INodeParameters =>
	Object.fromEntries(Object.values(options).map((value) => [name, value])) as INodeParameters;

const sent = () => runner.simulator.ledger.remediations.length;

describe.each([
	['host', 'isolate', { hostName: 'WS-0101' }],
	['file', 'delete', { sha256: SHA256, scope: 'everyHost' }],
] as const)('Dry Run of %s %s', (resource, operation, parameters) => {
	test.each(ODD)('holds everything back where it is %s', async (_written, value) => {
		expect(
			await runner.one(resource, operation, parameters, { options: { dryRun: value as never } }),
		).toMatchObject({ accepted: false, dryRun: true });
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	test.each(OFF)('is off where it is %s', async (_written, options) => {
		expect(
			await runner.one(resource, operation, parameters, { options: named(options, 'dryRun') }),
		).toMatchObject({ accepted: true });
		expect(sent()).toBe(1);
	});
});

test('Dry Run is read once for an item, so that an expression cannot say yes to the gate and no to the act', async () => {
	const context = runner.context(
		'host',
		'isolate',
		{ hostName: 'WS-0101' },
		{ node: { type: 'n8n-nodes-cynet.cynetTool' }, options: { dryRun: '={{ $vars.dry }}' } },
	);
	let reads = 0;
	const { getNodeParameter } = context;
	context.getNodeParameter = ((name: string, ...rest: never[]) =>
		name === 'options'
			? { hostCheck: 'off', dryRun: reads++ === 0 }
			: (getNodeParameter as (...all: unknown[]) => unknown).call(context, name, ...rest)) as never;
	const [items] = await nodeType.execute.call(context);
	expect(items).toMatchObject([{ json: { accepted: false, dryRun: true } }]);
	expect(sent()).toBe(0);
});

describe('what protects is never read as off', () => {
	const files = async (options: INodeParameters) =>
		await runner.one('host', 'get', { simple: false, hostName: 'WS-0101' }, { options });
	const alert = JSON.stringify({ ClientDbId: 1, CommandLine: 'a.exe -p Hunter2' });
	const converted = async (options: INodeParameters) =>
		JSON.stringify(await runner.one('alert', 'convert', { alert, format: 'raw' }, { options }));

	test.each(ODD)(
		'Exclude Files and Exclude Command Lines where they are %s',
		async (_written, value) => {
			expect(await files({ excludeFiles: value as never })).not.toHaveProperty('files');
			expect(await converted({ excludeCommandLines: value as never })).not.toContain('Hunter2');
		},
	);

	test.each(OFF)('and they are off where they are %s', async (_written, options) => {
		expect(await files(named(options, 'excludeFiles'))).toHaveProperty('files');
		expect(await converted(named(options, 'excludeCommandLines'))).toContain('Hunter2');
	});
});

const TRUE: readonly unknown[] = [
	true,
	'true',
	'TRUE',
	' True ',
	1,
	'1',
	'={{ true }}',
	'={{ "true" }}',
];
const FALSE: readonly unknown[] = [
	false,
	'false',
	'FALSE',
	0,
	'0',
	'={{ false }}',
	'={{ "False" }}',
];
const UNCLEAR: readonly unknown[] = [
	'yes',
	'on',
	'no',
	'',
	2,
	-1,
	null,
	'={{ null }}',
	'={{ ({}).nothing }}',
	'={{ "" }}',
	{},
	[],
	[true],
	'={{ ({ a: 1 }) }}',
];

/** Each switch that does not protect: how it is set, and what it did. */
const FLAGS: ReadonlyArray<
	readonly [displayName: string, run: (value: never) => Promise<unknown>, on: unknown, off: unknown]
> = [
	[
		'Return All',
		async (returnAll) => {
			runner.simulator.raise(60);
			return (await runner.items('alert', 'getAll', { since: '2026-05-31', returnAll })).length;
		},
		60,
		50,
	],
	[
		'Simplify',
		async (simple) => {
			runner.simulator.raise(1);
			return (
				'dedupKey' in
				(await runner.items('alert', 'getAll', { since: '2026-05-31', simple }))[0]!.json
			);
		},
		true,
		false,
	],
	[
		'Resolve IP',
		async (resolveIp) => {
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				match: { path: '/api/hosts' },
				body: { Entities: [{ HostName: 'WS-0101', LastIp: '10.9.9.9' }] },
			});
			try {
				return (
					await runner.one(
						'host',
						'get',
						{ simple: false, hostName: '10.9.9.9' },
						{ options: { resolveIp } },
					)
				).hostname;
			} catch (error) {
				if (/neither/.test((error as Error).message)) throw error;
				return (error as Error).message;
			}
		},
		'WS-0101',
		'"Host Name" is an IP address (10.9.9.9)',
	],
	[
		'Wait for the Outcome',
		async (waitForOutcome) =>
			'outcome' in
			(await runner.one(
				'file',
				'kill',
				{ hostName: 'WS-0101', sha256: SHA256 },
				{ options: { waitForOutcome } },
			)),
		true,
		false,
	],
	[
		'Include Endpoints',
		async (includeEndpoints) => {
			runner.simulator.settings.licensedSiteGuids = ['g-1'];
			return (
				'endpoints' in
				(await runner.one(
					'vulnerability',
					'getAll',
					{ report: 'espmVulnerabilities', siteGuid: 'g-1' },
					{ options: { includeEndpoints } },
				))
			);
		},
		true,
		false,
	],
	[
		'Include Graphs',
		async (includeGraphs) =>
			'AlertGraphJsonRaw' in
			(await runner.one(
				'alert',
				'convert',
				{ alert: '{"ClientDbId":1,"AlertGraphJsonRaw":"{}"}', format: 'raw' },
				{ options: { includeGraphs } },
			)),
		true,
		false,
	],
	['Simplify', async (simple) => settingsOf({ simple }).simple, true, false],
	[
		'Replay After Restart',
		async (replayAfterRestart) =>
			settingsOf({ options: { replayAfterRestart } }).replayAfterRestart,
		true,
		false,
	],
];

const settingsOf = (parameters: INodeParameters) =>
	triggerSettings(createHost({ node: { parameters } }).context(new CynetTrigger()));

describe.each(FLAGS)('%s', (displayName, run, on, off) => {
	test.each(TRUE)('is on where it is %j', async (value) =>
		expect(await run(value as never)).toBe(on),
	);
	test.each(FALSE)('is off where it is %j', async (value) =>
		expect(await run(value as never)).toBe(off),
	);
	test.each(UNCLEAR)('is refused where it is %j', async (value) => {
		await expect(run(value as never)).rejects.toMatchObject({
			message: `"${displayName}" is neither true nor false`,
			description: expect.stringContaining('Turn it on or off'),
		});
		expect(runner.simulator.ledger.requests).toEqual([]);
	});
});

/** Adding one of these is what a person must mean. */
const PERMISSIONS = ['acceptEmptyAnswer', 'actAgainOnRetry', 'allowDestructive', 'allowEveryHost'];

test('a switch that is added from a collection does what its name says, but for permissions, which take one more click', () => {
	const collections = [nodeType, new CynetTrigger()]
		.flatMap(({ description }) => description.properties)
		.filter(({ type, name }) => type === 'collection' && name === 'options');
	const switches = collections
		.flatMap(({ options }) => options as INodeProperties[])
		.filter(({ type }) => type === 'boolean');
	expect(switches.length).toBeGreaterThan(10);
	for (const { name, default: preset, noDataExpression } of switches) {
		expect([name, preset, noDataExpression === true]).toEqual([
			name,
			!PERMISSIONS.includes(name),
			PERMISSIONS.includes(name),
		]);
	}
});

test.each([
	['7', 7],
	[' 7 ', 7],
	['={{ "7" }}', 7],
	[7, 7],
])('Limit %j is %d', async (limit, count) => {
	expect(await runner.items('user', 'getAll', { limit: limit as never })).toHaveLength(count);
});

test.each(['', '0', '-1', '1.5', '1e3', '0x10', 'ten', null, true])(
	'Limit %j is refused',
	async (limit) => {
		expect((await runner.refusal('user', 'getAll', { limit: limit as never })).message).toBe(
			'"Limit" is not a whole number from 1 up',
		);
	},
);
