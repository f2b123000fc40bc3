import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Fault } from '../../simulator/simulator.mts';
import { nodeType, SHA256, startActing, type Runner, type Run } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startActing({ sites: ['1001', '1002'] })));
afterEach(async () => await runner.close());

const HOST = { hostName: 'WS-0101' };
const FILE = { ...HOST, sha256: SHA256 };
const ACTIONS: ReadonlyArray<
	readonly [resource: string, operation: string, parameters: INodeParameters]
> = [
	['host', 'isolate', HOST],
	['host', 'unisolate', HOST],
	['host', 'disableNetwork', HOST],
	['host', 'shutdown', HOST],
	['file', 'kill', FILE],
	['file', 'delete', FILE],
	['file', 'quarantine', FILE],
	['file', 'quarantine', { ...FILE, options: { quarantineEndpoint: 'pathQuarantine' } }],
	['file', 'unquarantine', FILE],
	['file', 'verify', FILE],
	['file', 'kill', { sha256: SHA256, scope: 'everyHost' }],
];
const TOOL = { type: 'n8n-nodes-cynet.cynetTool' };

/** What was really done, and what was asked for. */
const done = () => runner.simulator.ledger.remediations;
const posts = () =>
	runner.simulator.ledger.requests.filter(
		({ method, path }) => method === 'POST' && path.includes('/remediation/'),
	);
const logins = () => runner.simulator.ledger.exchanges;

type Context = ReturnType<Runner['context']>;

/** What n8n keeps of a node between two runs of it, with the execution. */
type Kept = Record<string, unknown>;
const keeping = (context: Context, kept: Kept): Context => {
	Object.assign((context as unknown as { runExecutionData: object }).runExecutionData, {
		executionData: { contextData: kept },
	});
	return context;
};
const run = async (context: Context): Promise<IDataObject[]> =>
	(await nodeType.execute.call(context))[0]!.map(({ json }) => json);

/** Answers that have a good status and do not say that anything was accepted. */
const NOT_ACCEPTED: ReadonlyArray<readonly [body: unknown, said?: string]> = [
	[{ Success: false }, 'success: false'],
	[{ error: 'No such host' }, 'No such host'],
	[{ Message: 'Host not found' }, 'Host not found'],
	[{ remediation_items: [] }],
	[''],
	[{}],
	['null'],
	['[]'],
	['true'],
	['OK'],
	['0'],
	['"accepted"'],
	[{ remediation_items: null }],
	[{ remediation_items: {} }],
	[{ remediation_items: [null, '', 'x', 1.5, true, {}, 0, -1] }],
	[{ remediation_items: 5 }],
	[{ items: [5] }],
	[{ remediation_items: [5], error: 'Access denied' }, 'Access denied'],
	[{ remediation_items: [5], Success: 'false' }, 'success: false'],
	[{ status: 404, title: 'Not Found' }, 'Not Found'],
	[{ access_token: 'x' }],
	[[{ remediation_items: [5] }]],
	['{"remediation_items":[5'],
	[{ data: { remediation_items: [5] } }],
	['  '],
	['{"remediation_items":[99999999999999999999]}'],
];

describe.each(ACTIONS)('%s %s %j', (resource, operation, parameters) => {
	// All bodies for one action of each kind; the others share its code.
	test.each(
		operation === 'isolate' || operation === 'delete' ? NOT_ACCEPTED : NOT_ACCEPTED.slice(0, 6),
	)(
		'a good status with the body %j is no acceptance: it may have begun, and how to check is said',
		async (body, said) => {
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body,
				match: { path: '/api/*/remediation/*'.replace('*', resource) },
			});
			const refusal = await runner.refusal(resource, operation, parameters);
			expect(refusal.message).toMatch(
				/^Cynet did not confirm that it accepted the request$|^The answer from Cynet is not complete$/,
			);
			expect(refusal.description).toMatch(
				/^It is not known whether Cynet has begun the action.*look in the Cynet console/,
			);
			if (said) expect(refusal.description).toContain(`The answer says: ${said}`);
			expect(posts()).toHaveLength(1);
		},
	);

	test.each([
		['a web page', { kind: 'html' }],
		['no content', { kind: 'noContent' }],
		['null', { kind: 'null' }],
		['something foreign', { kind: 'foreign' }],
	] as Array<[string, Fault]>)('nor is %s', async (_name, fault) => {
		runner.simulator.faults.add({
			...fault,
			match: { method: 'POST', path: `/api/${resource}/*` },
		});
		const [item] = await run(
			runner.context(resource, operation, parameters, {
				node: { onError: 'continueRegularOutput' },
			}),
		);
		expect(item).not.toHaveProperty('accepted');
		expect(item!.error).toMatchObject({
			description: expect.stringContaining('It is not known whether Cynet has begun'),
		});
		expect(posts()).toHaveLength(1);
	});

	test('in an execution that n8n runs again without a record nothing is sent, unless the owner says so', async () => {
		const again = { host: { mode: 'retry' as never } };
		const refusal = await runner.refusal(resource, operation, parameters, again);
		expect(refusal).toMatchObject({
			message: 'n8n runs this execution again, and kept no record of this action',
			description: expect.stringContaining('Act Again on Retry'),
		});
		expect(posts()).toEqual([]);
		expect(
			await runner.one(resource, operation, parameters, { ...again, options: { dryRun: true } }),
		).toMatchObject({ dryRun: true });
		expect(
			await runner.one(resource, operation, parameters, {
				...again,
				options: { actAgainOnRetry: true },
			}),
		).toMatchObject({ accepted: true });
		expect(done()).toHaveLength(1);
	});

	test('killed between sending and answer: the retry sends nothing, and with the record of a failed execution what was accepted is told', async () => {
		runner.simulator.faults.add({
			kind: 'half',
			match: { method: 'POST', path: `/api/${resource}/*` },
		});
		await expect(
			run(keeping(runner.context(resource, operation, parameters), {})),
		).rejects.toThrow();
		expect(done()).toHaveLength(1);
		await expect(
			run(
				keeping(
					runner.context(resource, operation, parameters, { host: { mode: 'retry' as never } }),
					{},
				),
			),
		).rejects.toThrow('kept no record');
		expect(done()).toHaveLength(1);
		const kept: Kept = {};
		await run(keeping(runner.context(resource, operation, parameters), kept));
		const [told] = await run(
			keeping(
				runner.context(resource, operation, parameters, { host: { mode: 'retry' as never } }),
				JSON.parse(JSON.stringify(kept)) as Kept,
			),
		);
		expect(told).toMatchObject({ accepted: true, sentBefore: true });
		expect(done()).toHaveLength(2);
	});

	test('what may have begun stays refused in a retry, whatever the option says', async () => {
		const kept: Kept = {};
		runner.simulator.faults.add({
			kind: 'half',
			match: { method: 'POST', path: `/api/${resource}/*` },
		});
		await expect(
			run(keeping(runner.context(resource, operation, parameters), kept)),
		).rejects.toThrow();
		for (const actAgainOnRetry of [false, true]) {
			const context = runner.context(resource, operation, parameters, {
				host: { mode: 'retry' as never },
				options: { actAgainOnRetry },
			});
			await expect(run(keeping(context, structuredClone(kept)))).rejects.toThrow(
				'was sent before and may have begun',
			);
		}
		expect(posts()).toHaveLength(1);
	});

	test.each([429, 425])(
		'status %d means that nothing began: it is asked again when it may be, and done once',
		async (status) => {
			runner.simulator.faults.add({
				kind: 'status',
				status,
				retryAfter: 37,
				times: 3,
				match: { method: 'POST', path: `/api/${resource}/*` },
			});
			expect(await runner.one(resource, operation, parameters)).toMatchObject({ accepted: true });
			expect(posts().map((post) => post.status)).toEqual([status, status, status, 200]);
			expect(done()).toHaveLength(1);
			expect(runner.time.waits).toEqual([37_000, 37_000, 37_000]);
		},
	);

	test('status 429 without an end is given up within ten minutes, and without a word of Cynet is not hurried', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 429,
			times: 'forever',
			match: { method: 'POST', path: `/api/${resource}/*` },
		});
		const begin = runner.time.now;
		expect(await runner.refusal(resource, operation, parameters)).toMatchObject({
			message: 'Cynet is receiving too many requests',
			description: expect.stringMatching(/^Nothing was set off\./),
		});
		expect(runner.time.now - begin).toBeLessThan(600_000);
		expect(posts().length).toBeLessThan(16);
		expect(done()).toEqual([]);
	});

	test('as the tool of an agent it tells that accepted is not done', async () => {
		const everyHost = parameters.scope === 'everyHost';
		const item = await runner.one(resource, operation, parameters, {
			node: TOOL,
			options: { allowDestructive: true, ...(everyHost && { allowEveryHost: true }) },
		});
		expect(item).toMatchObject({
			accepted: true,
			note: expect.stringMatching(/not done yet.*24 hours/),
		});
		expect(await runner.one(resource, operation, parameters)).not.toHaveProperty('note');
	});

	test('as the tool of an agent in an execution that n8n runs again it sends nothing', async () => {
		const options = { allowDestructive: true, allowEveryHost: true };
		expect(
			(
				await runner.refusal(resource, operation, parameters, {
					node: TOOL,
					options,
					host: { mode: 'retry' as never },
				})
			).message,
		).toContain('kept no record');
		expect(posts()).toEqual([]);
	});

	test('nothing that an agent fills in decides on what is done, how far and where', async () => {
		const fields: INodeParameters = {
			resource,
			operation,
			scope: 'oneHost',
			...parameters,
		};
		const options = { allowDestructive: true, allowEveryHost: true };
		const names = ['resource', 'operation', ...(resource === 'file' ? ['scope'] : [])];
		for (const name of names) {
			for (const expression of [
				`={{ $fromAI("x", "", "string", "${String(fields[name])}") }}`,
				`={{ $json.x ?? "${String(fields[name])}" }}`,
				`={{ "${String(fields[name])}" }}`,
			]) {
				const context = runner.context(resource, operation, parameters, {
					node: TOOL,
					options,
					items: [{ x: fields[name] as string }],
				});
				const { getNode } = context;
				context.getNode = () => ({
					...getNode.call(context),
					parameters: { ...getNode.call(context).parameters, [name]: expression },
				});
				await expect(run(context), `${name} ${expression}`).rejects.toThrow(
					/^An AI agent may not fill in "(Resource|Operation|Scope)"$/,
				);
			}
		}
		for (const [name, expression] of [
			['clientId', '={{ $fromAI("site") }}'],
			['clientId', '={{ $json.site }}'],
			['clientId', '={{ $input.item.json.site }}'],
			['dryRun', '={{ $fromAI("dry", "", "boolean") }}'],
			['resolveIp', '={{ $json.resolve }}'],
			...(operation === 'quarantine'
				? ([['quarantineEndpoint', '={{ $json.endpoint }}']] as const)
				: []),
		] as const) {
			const refusal = await runner.refusal(resource, operation, parameters, {
				node: TOOL,
				options: { ...options, [name]: expression },
				items: [{ site: '1002', resolve: true, dry: false }],
			});
			expect(refusal.message).toMatch(
				/^An AI agent may not fill in "(Client ID|Dry Run|Resolve IP|Quarantine Endpoint)"$/,
			);
		}
		expect(posts()).toEqual([]);
		expect(
			await runner.one(resource, operation, parameters, {
				node: TOOL,
				options: { ...options, clientId: '={{ "1002" }}' },
			}),
		).toMatchObject({ clientId: '1002' });
	});
});

test.each([
	{ allowDestructive: true },
	{ allowDestructive: true, allowEveryHost: false },
	{ allowDestructive: true, allowEveryHost: '={{ true }}' },
	{ allowDestructive: true, allowEveryHost: 'true' },
	{ allowEveryHost: true },
] as INodeParameters[])(
	'an agent acts on every host only with both permissions, not with %j',
	async (options) => {
		expect(
			(
				await runner.refusal(
					'file',
					'delete',
					{ sha256: SHA256, scope: 'everyHost' },
					{ node: TOOL, options },
				)
			).message,
		).toMatch(/AI agent/);
		expect(posts()).toEqual([]);
	},
);

test.each(['', 'OneHost', 'all', null, '={{ $json.nothing }}'])(
	'an agent gets no scope from %j',
	async (scope) => {
		await runner.refusal(
			'file',
			'delete',
			{ ...FILE, scope },
			{ node: TOOL, options: { allowDestructive: true } },
		);
		expect(posts()).toEqual([]);
	},
);

describe('an empty answer of a host', () => {
	test.each([[''], ['{}'], ['null']])(
		'%j counts as accepted only where the owner says so',
		async (body) => {
			runner.simulator.faults.add({
				kind: 'status',
				status: 202,
				body,
				match: { path: '/api/host/*' },
			});
			expect(
				await runner.one('host', 'isolate', HOST, { options: { acceptEmptyAnswer: true } }),
			).toMatchObject({ accepted: true, remediationIds: [] });
		},
	);

	test.each([[{ Success: false }], [{ remediation_items: [] }], ['OK'], ['[]']])(
		'%j is no empty answer',
		async (body) => {
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body,
				match: { path: '/api/host/*' },
			});
			expect(
				(await runner.refusal('host', 'isolate', HOST, { options: { acceptEmptyAnswer: true } }))
					.message,
			).toContain('did not confirm that it accepted');
		},
	);

	test.each(['={{ true }}', 'true', 1] as const)(
		'a permission written as %j is none',
		async (value) => {
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body: '',
				match: { path: '/api/host/*' },
			});
			await runner.refusal('host', 'isolate', HOST, { options: { acceptEmptyAnswer: value } });
			expect(
				(
					await runner.refusal('host', 'isolate', HOST, {
						host: { mode: 'retry' as never },
						options: { actAgainOnRetry: value },
					})
				).message,
			).toContain('kept no record');
		},
	);
});

test('the reason that Cynet gives for a 400 is shown, masked and bounded', async () => {
	const secret = runner.simulator.settings.password;
	runner.simulator.faults.add({
		kind: 'status',
		status: 400,
		body: { message: `Host <b>WS-0101</b> is not managed, token ${secret} ${'x'.repeat(500)}` },
		match: { path: '/api/host/*' },
	});
	const { description } = await runner.refusal('host', 'isolate', HOST);
	expect(description).toMatch(
		/^Nothing was set off\. .*The answer says: Host b WS-0101 \/b is not managed, token \*\*\* x+…$/,
	);
	expect(description!.length).toBeLessThan(400);
});

describe('many items', () => {
	const hosts = (count: number) =>
		Array.from({ length: count }, (_, index) => ({ host: `WS-${1000 + index}` }));
	const EACH = { hostName: '={{ $json.host }}' };

	test('60 isolations at 20 a minute are 60, none twice', async () => {
		runner.simulator.settings.actionsPerMinute = 20;
		const items = await runner.items('host', 'isolate', EACH, { items: hosts(60) });
		expect(items.map(({ json }) => json.accepted)).toEqual(Array.from({ length: 60 }, () => true));
		expect(new Set(done().map(({ host }) => host)).size).toBe(60);
		expect(done()).toHaveLength(60);
	});

	test.each([
		[{ kind: 'status', status: 401, match: { path: '/api/account/token' } }],
		[
			{
				kind: 'status',
				status: 403,
				body: { message: 'locked' },
				match: { path: '/api/account/token' },
			},
		],
	] as Array<[Fault]>)(
		'a login that is refused (%j) is tried once for 50 items, which all say the same',
		async (fault) => {
			runner.simulator.faults.add({ ...fault, times: 'forever' });
			const items = await runner.items('host', 'isolate', EACH, {
				items: hosts(50),
				node: { onError: 'continueRegularOutput' },
			});
			expect(logins()).toBe(1);
			expect(new Set(items.map(({ json }) => JSON.stringify(json.error))).size).toBe(1);
			expect(items[49]!.json.error).toMatchObject({
				message: 'Cynet does not accept the username and password',
				description: expect.stringMatching(/^Nothing was set off\. Check/),
			});
		},
	);

	test('with a wrong password look-ups log in once, too', async () => {
		await runner.items('host', 'get', EACH, {
			items: hosts(20),
			node: { onError: 'continueRegularOutput' },
			host: { credential: { password: 'wrong' } },
		});
		expect(logins()).toBe(1);
		expect(runner.requests()).toEqual([]);
	});

	test('with a wrong password a login is tried once for all sites of the account', async () => {
		const items = hosts(20).map((item, index) => ({ ...item, site: String(1001 + (index % 7)) }));
		await runner.items('host', 'isolate', EACH, {
			items,
			options: { clientId: '={{ $json.site }}' },
			node: { onError: 'continueRegularOutput' },
			host: { credential: { password: 'wrong' } },
		});
		expect(logins()).toBe(1);
	});

	test('a site that refuses every token is asked for once, and the other sites as ever', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 401,
			times: 'forever',
			match: { method: 'POST', path: '/api/host/*', site: '1001' },
		});
		const items = hosts(12).map((item, index) => ({
			...item,
			site: index % 2 === 0 ? '1001' : '1002',
		}));
		const told = await runner.items('host', 'isolate', EACH, {
			items,
			options: { clientId: '={{ $json.site }}' },
			node: { onError: 'continueRegularOutput' },
		});
		expect(told.map(({ json }) => json.accepted === true)).toEqual(
			items.map(({ site }) => site === '1002'),
		);
		expect(posts().filter(({ clientId }) => clientId === '1001').length).toBeLessThanOrEqual(5);
		expect(logins()).toBeLessThanOrEqual(6);
	});

	test('a wrong password of one item says nothing of another account', async () => {
		const context = runner.context('host', 'isolate', EACH, {
			items: hosts(3),
			node: { onError: 'continueRegularOutput' },
		});
		const { getCredentials } = context;
		context.getCredentials = async (type, itemIndex) =>
			({
				...((await getCredentials.call(context, type, itemIndex)) as object),
				...(itemIndex === 0 && { password: 'wrong' }),
			}) as never;
		expect((await run(context)).map(({ accepted }) => accepted)).toEqual([undefined, true, true]);
	});

	test('a dry run tells what it would do although the login of another item was refused', async () => {
		const items = [
			{ host: 'A', dry: false },
			{ host: 'B', dry: true },
		];
		const told = await run(
			runner.context('host', 'isolate', EACH, {
				items,
				options: { dryRun: '={{ $json.dry }}' },
				node: { onError: 'continueRegularOutput' },
				host: { credential: { password: 'wrong' } },
			}),
		);
		expect(told[1]).toMatchObject({ dryRun: true, host: 'B' });
	});

	test('a login that is not answered at first holds nothing back for good', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 503,
			times: 2,
			match: { path: '/api/account/token' },
		});
		expect(await runner.one('host', 'isolate', HOST)).toMatchObject({ accepted: true });
		expect(done()).toHaveLength(1);
	});
});

describe('Stop', () => {
	const stopping = (run: Run = {}) => {
		const stop = new AbortController();
		const context = runner.context(
			'host',
			'isolate',
			{ hostName: '={{ $json.host }}' },
			{ items: [{ host: 'A' }, { host: 'B' }, { host: 'C' }], ...run },
		);
		context.getExecutionCancelSignal = () => stop.signal;
		return { stop, context };
	};

	test('sends nothing more, and what was never sent is not told as may have begun', async () => {
		const { stop, context } = stopping({ node: { onError: 'continueRegularOutput' } });
		runner.simulator.settings.onRequest = ({ path }) =>
			void (path.includes('/remediation/') && stop.abort());
		const told = await run(context);
		expect(posts()).toHaveLength(1);
		for (const { error } of told.slice(1)) {
			expect(error).toMatchObject({
				message: 'The execution was stopped before this item',
				description: expect.stringContaining('Nothing was sent'),
			});
		}
	});

	test('ends the wait for a server that holds back', async () => {
		const { stop, context } = stopping();
		runner.simulator.faults.add({
			kind: 'status',
			status: 429,
			retryAfter: 300,
			times: 'forever',
			match: { method: 'POST', path: '/api/host/*' },
		});
		const { clock } = await import('../../nodes/shared/clock.ts');
		clock.wait = async () => {
			stop.abort();
			await new Promise(() => {});
		};
		await expect(run(context)).rejects.toMatchObject({
			description: expect.stringMatching(/^Nothing was set off/),
		});
		expect(posts()).toHaveLength(1);
	});
});

describe('an item is acted on in one way', () => {
	test('when n8n repeats the node and an address has moved meanwhile, the second host is left alone', async () => {
		const context = keeping(
			runner.context('host', 'isolate', { hostName: '10.0.0.9' }, { options: { resolveIp: true } }),
			{},
		);
		const owner = (HostName: string) =>
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				match: { path: '/api/hosts' },
				body: { Entities: [{ HostName, LastIp: '10.0.0.9' }] },
			});
		owner('A');
		await run(context);
		owner('B');
		expect(await run(context)).toMatchObject([
			{ sentBefore: true, host: 'A', resolved: { asked: '10.0.0.9', host: 'A' } },
		]);
		expect(done().map(({ host }) => host)).toEqual(['A']);
	});
});

test.each([
	['{"remediation_items":[9007199254740993]}', ['9007199254740993']],
	['{"remediation_items":[-9007199254740991]}', [-9_007_199_254_740_991]],
	['{"remediation_items":[9223372036854775807, 13592, "17"]}', ['9223372036854775807', 13_592, 17]],
	[
		'{"note\\"9007199254740993":"9007199254740993, 9007199254740993","remediation_items":[ 1234567890123456 ]}',
		[1_234_567_890_123_456],
	],
])('no id of 64 bits is rounded: %s', async (body, remediationIds) => {
	runner.simulator.faults.add({
		kind: 'status',
		status: 200,
		body,
		match: { path: '/api/file/*' },
	});
	const item = await runner.one('file', 'kill', FILE);
	expect(item.remediationIds).toEqual(remediationIds);
	expect(JSON.stringify(item.response)).not.toContain('9007199254740992');
});
