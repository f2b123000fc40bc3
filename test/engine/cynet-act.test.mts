import { inspect } from 'node:util';
import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { REASONS, type Reason } from '../../nodes/shared/api/reasons.ts';
import { clock } from '../../nodes/shared/clock.ts';
import type { Fault } from '../../simulator/simulator.mts';
import { nodeType, SHA256, startRunner, type Runner, type Run } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner({ sites: ['1001', '1002'] })));
afterEach(async () => await runner.close());

const HOST = { hostName: 'WS-0101' };
const FILE = { ...HOST, sha256: SHA256.toLowerCase() };

/** Every operation that sends a remediation: where, and with what. */
const ACTIONS: ReadonlyArray<
	readonly [resource: string, operation: string, path: string, parameters: INodeParameters]
> = [
	['host', 'isolate', 'host/isolate', HOST],
	['host', 'unisolate', 'host/unisolate', HOST],
	['host', 'disableNetwork', 'host/disableNetwork', HOST],
	['host', 'shutdown', 'host/shutdown', HOST],
	['file', 'kill', 'file/kill', FILE],
	['file', 'delete', 'file/delete', FILE],
	['file', 'quarantine', 'file/quarantine', FILE],
	[
		'file',
		'quarantine',
		'file/path/quarantine',
		{ ...FILE, options: { quarantineEndpoint: 'pathQuarantine' } },
	],
	['file', 'unquarantine', 'file/unquarantine', FILE],
	['file', 'verify', 'file/verify', FILE],
];

/** What a failed remediation says of itself: that nobody knows, or that nothing was set off, and then the remedy. */
const UNKNOWN =
	'It is not known whether Cynet has begun the action. It was sent once and is not repeated: look in the Cynet console, and run this item again only if nothing happened there';
const nothing = (reason: Reason): string => `Nothing was set off. ${REASONS[reason].description}`;

const accepted = () => runner.simulator.ledger.remediations;
const posts = () =>
	runner.simulator.ledger.requests.filter(
		({ method, path }) => method === 'POST' && path.includes('/remediation/'),
	);

describe.each(ACTIONS)('%s %s (%s)', (resource, operation, path, parameters) => {
	const url = `/api/${path.replace('/', '/remediation/')}`;
	const body = resource === 'file' ? { sha256: SHA256, host: 'WS-0101' } : { host: 'WS-0101' };

	test('says that it was accepted, with what was sent and the ids', async () => {
		const item = await runner.one(resource, operation, parameters);
		expect(accepted()).toMatchObject([
			{ action: path, host: 'WS-0101', sha256: resource === 'file' ? SHA256 : null, site: '1001' },
		]);
		expect(item).toMatchObject({
			accepted: true,
			clientId: '1001',
			host: 'WS-0101',
			request: { method: 'POST', path: url, body },
		});
		expect(item.remediationIds).toEqual([accepted()[0]!.id]);
		expect(JSON.stringify(item)).not.toMatch(/done|succe/i);
	});

	test('in a dry run says what would be sent, and sends nothing', async () => {
		expect(
			await runner.one(resource, operation, parameters, { options: { dryRun: true } }),
		).toMatchObject({
			accepted: false,
			dryRun: true,
			clientId: '1001',
			request: { method: 'POST', path: url, body },
		});
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	const FAULTS: ReadonlyArray<
		readonly [name: string, fault: Omit<Fault, 'match'>, atMost: number, told: string | null]
	> = [
		['a reset', { kind: 'reset' }, 0, UNKNOWN],
		['status 401', { kind: 'status', status: 401 }, 1, null],
		[
			'status 401 to every token',
			{ kind: 'status', status: 401, times: 'forever' },
			0,
			nothing('unauthorized'),
		],
		['status 403', { kind: 'status', status: 403 }, 0, nothing('forbidden')],
		['status 404', { kind: 'status', status: 404 }, 0, nothing('notFound')],
		[
			'status 429 for an hour',
			{ kind: 'status', status: 429, retryAfter: 3600 },
			0,
			`${nothing('rateLimited')}. Cynet asks to be left alone for 3600 seconds`,
		],
		['status 500', { kind: 'status', status: 500 }, 0, UNKNOWN],
		['status 503', { kind: 'status', status: 503 }, 0, UNKNOWN],
		['a web page', { kind: 'html' }, 0, UNKNOWN],
		['an answer that breaks off', { kind: 'half' }, 1, UNKNOWN],
		['a cut answer', { kind: 'truncated' }, 1, UNKNOWN],
		['a redirect', { kind: 'redirect', location: url }, 0, nothing('redirected')],
		[
			'a redirect that asks for the same again',
			{ kind: 'status', status: 307, headers: { location: url } },
			0,
			nothing('redirected'),
		],
		['an echo of the secrets', { kind: 'echoSecrets' }, 0, UNKNOWN],
	];

	test.each(FAULTS)(
		'is not sent again after %s, and says what that means',
		async (_name, fault, atMost, told) => {
			runner.simulator.faults.add({ ...fault, match: { path: url } });
			const [item] = await runner.items(resource, operation, parameters, {
				node: { onError: 'continueRegularOutput' },
			});
			expect(accepted().length).toBeLessThanOrEqual(atMost);
			// A 401 was a refusal, so that nothing was begun: it is asked again with a fresh token, four at most.
			const refusals = fault.times === 'forever' ? 5 : 2;
			expect(posts()).toHaveLength(fault.status === 401 ? refusals : 1);
			const error = item!.json.error as { description: string } | undefined;
			expect(error?.description.replace(/\. The answer says: .*/, '') ?? null).toBe(told);
			if (told === null) expect(accepted()).toHaveLength(1);
			const leaks = inspect([item, runner.host.log], { depth: 20 });
			for (const secret of runner.simulator.secrets()) expect(leaks).not.toContain(secret);
		},
	);

	test('is not sent again after a time-out', async () => {
		runner.simulator.faults.add({ kind: 'timeout', match: { path: url } });
		const context = runner.context(resource, operation, parameters);
		const { httpRequestWithAuthentication } = context.helpers;
		context.helpers.httpRequestWithAuthentication = async function (type, options, more) {
			return await httpRequestWithAuthentication.call(
				context,
				type,
				{ ...options, timeout: 200 },
				more,
			);
		};
		await expect(nodeType.execute.call(context)).rejects.toMatchObject({
			message: 'Cynet did not answer in time',
			description: UNKNOWN,
		});
		expect(posts()).toHaveLength(1);
	});
});

describe('no action is sent twice', () => {
	test('for a token that is about to expire a new one is fetched before the action goes out', async () => {
		await runner.one('file', 'get', { sha256: SHA256 });
		runner.time.now += 56 * 60_000;
		await runner.one('host', 'isolate', HOST);
		const paths = runner.simulator.ledger.requests.map(({ path }) => path);
		expect(paths.slice(-3)).toEqual([
			'/api/account/token',
			'/api/hosts',
			'/api/host/remediation/isolate',
		]);
		expect(posts()).toMatchObject([{ status: 200 }]);
	});

	/** n8n runs the same node again, as with Retry On Fail: all that stays is the run data. */
	const retried = (run: Run & { runIndex?: number } = {}) => {
		const context = runner.context(
			'host',
			'isolate',
			{ hostName: '={{ $json.host }}' },
			{ items: [{ host: 'WS-0101' }, { host: 'WS-0102' }], ...run },
		);
		Object.assign((context as unknown as { runExecutionData: object }).runExecutionData, {
			executionData: { contextData: {} },
		});
		return async () => await nodeType.execute.call(context);
	};

	test('when n8n runs the node again: what was accepted is not sent again, and what may have begun is refused', async () => {
		runner.simulator.faults.add({ kind: 'reset', skip: 1, match: { path: '/api/host/*' } });
		const execute = retried();
		await expect(execute()).rejects.toThrow(
			'Could not connect to Cynet, or the connection was lost',
		);
		await expect(execute()).rejects.toThrow(
			'This action was sent before and may have begun, so it is not sent again',
		);
		expect(posts()).toHaveLength(2);
		expect(accepted()).toMatchObject([{ host: 'WS-0101' }]);
	});

	test('when n8n runs the node again: what was refused is sent again, and the rest says what it said', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 429,
			retryAfter: 3600,
			skip: 1,
			match: { path: '/api/host/*' },
		});
		const execute = retried();
		await expect(execute()).rejects.toThrow('Cynet is receiving too many requests');
		const [items] = await execute();
		expect(items!.map(({ json }) => [json.accepted, json.host, json.sentBefore])).toEqual([
			[true, 'WS-0101', true],
			[true, 'WS-0102', undefined],
		]);
		expect(accepted()).toHaveLength(2);
	});

	test('two items that ask for the same are two actions', async () => {
		await retried({ items: [{ host: 'WS-0101' }, { host: 'WS-0101' }] })();
		expect(accepted()).toHaveLength(2);
	});
});

describe('scope', () => {
	test('names no host only where every host was chosen', async () => {
		const item = await runner.one('file', 'kill', { sha256: SHA256, scope: 'everyHost' });
		expect(item).toMatchObject({
			accepted: true,
			host: null,
			request: { body: { sha256: SHA256, host: null } },
		});
		expect(accepted()).toMatchObject([{ host: null }]);
	});

	test('is one host unless said otherwise', () => {
		const defaults = nodeType.description.properties
			.filter(({ name }) => name === 'scope')
			.map((property) => property.default);
		expect(defaults).toEqual(['oneHost', 'oneHost', 'oneHost', 'oneHost', 'oneHost']);
	});
});

test('an action goes to the site that the item names', async () => {
	const items = await runner.items('host', 'isolate', HOST, {
		items: [{ site: '1002' }, { site: '1001' }],
		options: { clientId: '={{ $json.site }}' },
	});
	expect(items.map(({ json }) => json.clientId)).toEqual(['1002', '1001']);
	expect(accepted().map(({ site }) => site)).toEqual(['1002', '1001']);
});

describe('the outcome', () => {
	const kill = async (options: INodeParameters, sha256 = SHA256) =>
		await runner.one(
			'file',
			'kill',
			{ ...HOST, sha256 },
			{ options: { waitForOutcome: true, ...options } },
		);

	test('is what Cynet said last, when a code is final', async () => {
		expect((await kill({})).outcome).toEqual({
			endedBy: 'finalStatus',
			waitedSeconds: 0,
			statuses: [{ id: accepted()[0]!.id, status: 24, statusInfo: 'File does not exist' }],
		});
	});

	test('is waited for to the limit while no code is known to be final', async () => {
		const sha256 = String(runner.simulator.raise(40).find(({ Sha256Hex }) => Sha256Hex)!.Sha256Hex);
		const item = await kill({ waitSeconds: 60 }, sha256);
		expect(item).toMatchObject({
			accepted: true,
			outcome: {
				endedBy: 'timeLimit',
				waitedSeconds: 60,
				statuses: [{ status: 2, statusInfo: 'Succeeded' }],
			},
		});
		expect((await kill({ finalStatuses: '24, 2' }, sha256)).outcome).toMatchObject({
			endedBy: 'finalStatus',
			waitedSeconds: 10,
		});
		expect(posts()).toHaveLength(2);
	});

	test('that cannot be read leaves the action accepted', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 403,
			times: 'forever',
			match: { method: 'GET', path: '/api/file/*' },
		});
		const message = 'Cynet does not let the API user do this';
		expect(await kill({})).toMatchObject({
			accepted: true,
			outcome: { endedBy: 'noAnswer', message, statuses: [{ message }] },
		});
	});

	test('can be asked for later', async () => {
		const item = await runner.one('file', 'kill', FILE);
		const id = (item.remediationIds as number[])[0]!;
		expect(await runner.one('file', 'getRemediation', { remediationId: id })).toEqual({
			id,
			status: 24,
			statusInfo: 'File does not exist',
		});
		expect(await runner.refusal('file', 'getRemediation', { remediationId: '1' })).toMatchObject({
			message: 'Cynet does not know this remediation',
			httpCode: '404',
		});
	});

	test('is given up when the execution is canceled', async () => {
		const context = runner.context(
			'file',
			'kill',
			{
				...HOST,
				sha256: String(runner.simulator.raise(40).find(({ Sha256Hex }) => Sha256Hex)!.Sha256Hex),
			},
			{ options: { waitForOutcome: true } },
		);
		const controller = new AbortController();
		context.getExecutionCancelSignal = () => controller.signal;
		const wait = clock.wait;
		clock.wait = async (milliseconds) => {
			controller.abort();
			await wait(milliseconds);
		};
		const [[item]] = (await nodeType.execute.call(context)) as [[{ json: object }]];
		expect(item.json).toMatchObject({ accepted: true, outcome: { endedBy: 'canceled' } });
	});
});

describe('as an AI tool', () => {
	const AS_TOOL: ReadonlyArray<readonly [how: string, run: Run]> = [
		['by its type', { node: { type: 'n8n-nodes-cynet.cynetTool' } }],
		['by its run mode', { host: { mode: 'internal' as never } }],
	];
	const REFUSED = 'This operation is not allowed to an AI agent';

	describe.each(AS_TOOL)('known %s', (_how, run) => {
		test.each(ACTIONS)(
			'%s %s is refused before any request, and says how to allow it',
			async (resource, operation, _path, parameters) => {
				const refusal = await runner.refusal(
					resource,
					operation,
					{ ...parameters, hostName: '10.0.0.1' },
					{ ...run, options: { resolveIp: true } },
				);
				expect(refusal).toMatchObject({
					message: REFUSED,
					description: expect.stringContaining('Allow Destructive Operations'),
				});
				expect(runner.simulator.ledger.requests).toEqual([]);
			},
		);

		test('what changes nothing goes through', async () => {
			expect(
				await runner.one('host', 'isolate', HOST, { ...run, options: { dryRun: true } }),
			).toMatchObject({ dryRun: true });
			expect(await runner.items('host', 'getAll', { since: '2026-01-01' }, run)).not.toHaveLength(
				0,
			);
		});
	});

	test('what a person has allowed in the tool goes through', async () => {
		const run = {
			node: { type: 'n8n-nodes-cynet.cynetTool' },
			options: { allowDestructive: true },
		};
		expect(await runner.one('host', 'isolate', HOST, run)).toMatchObject({ accepted: true });
	});

	test('what is allowed outside the tool, where nobody can, is not allowed', async () => {
		const run = {
			host: { mode: 'internal' as never },
			options: { allowDestructive: true },
		};
		expect((await runner.refusal('host', 'isolate', HOST, run)).message).toBe(REFUSED);
	});

	test('an agent cannot allow itself', async () => {
		const run = {
			node: { type: 'n8n-nodes-cynet.cynetTool' },
			options: { allowDestructive: '={{ true }}' },
		};
		expect((await runner.refusal('host', 'isolate', HOST, run)).message).toBe(REFUSED);
	});

	test.each(['$fromAI("host")', '$fromAi("host")', "$fromai('host', 'x', 'string')"])(
		"a value from %s is an agent's, whatever the node is",
		async (expression) => {
			expect(
				(await runner.refusal('host', 'isolate', { hostName: `={{ ${expression} }}` })).message,
			).toBe(REFUSED);
		},
	);

	test("n8n's own word for it counts", async () => {
		const context = runner.context('host', 'isolate', HOST);
		context.isToolExecution = () => true;
		await expect(nodeType.execute.call(context)).rejects.toThrow(REFUSED);
		// Up to n8n 1.123 there is no such word.
		Object.assign(context, { isToolExecution: undefined });
		await nodeType.execute.call(context);
		expect(accepted()).toHaveLength(1);
	});

	test('an action that may have begun is not sent again, and one that was accepted may be, for an agent decides anew', async () => {
		const context = runner.context('host', 'isolate', HOST, {
			node: { type: 'n8n-nodes-cynet.cynetTool' },
			options: { allowDestructive: true },
		});
		Object.assign((context as unknown as { runExecutionData: object }).runExecutionData, {
			executionData: { contextData: {} },
		});
		await nodeType.execute.call(context);
		await nodeType.execute.call(context);
		expect(accepted()).toHaveLength(2);
		runner.simulator.faults.add({ kind: 'reset', match: { path: '/api/host/*' } });
		await expect(nodeType.execute.call(context)).rejects.toThrow();
		await expect(nodeType.execute.call(context)).rejects.toThrow('This action was sent before');
		expect(posts()).toHaveLength(3);
	});
});
