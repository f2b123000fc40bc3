import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { patternOf, readCode } from '../../../docs/make/errors/code.mts';
import { NODE_REFUSALS, TRIGGER_REFUSALS } from '../../../docs/make/errors/refusals.mts';
import { listSearch } from '../../../nodes/Cynet/list-search.ts';
import { CynetTrigger } from '../../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { nodeType, SHA256, startRunner, type Runner } from '../cynet-kit.mts';
import { createHost, type HostOptions } from '../harness.mts';
import { REFUSED_INPUT } from '../refused-input.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner()));
afterEach(async () => await runner.close());

interface Told {
	readonly message: string;
	readonly description?: string;
}

const AS_TOOL = { node: { type: 'n8n-nodes-cynet.cynetTool' } };

/** The refusals that no list of input covers: they come of what Cynet answers, or of how n8n runs the node. */
const NODE_WAYS: Readonly<Record<string, () => Promise<Told>>> = {
	'There is no list as long as Client ID is empty or an expression': async () => {
		const options = { clientId: '={{ $json.site }}' };
		const context = runner.context('host', 'get', {}, { options });
		Object.assign(context, { getCurrentNodeParameter: () => options });
		return await rejection(listSearch.hosts.call(context as never));
	},
	'There is no output "‹output›"': async () =>
		await runner.refusal('host', 'getAll', { output: 'all' }, AS_TOOL),
	'"Fields" is empty': async () =>
		await runner.refusal('host', 'getAll', { output: 'selected' }, AS_TOOL),
	'No host has the IP address ‹ip›': async () =>
		await runner.refusal(
			'host',
			'get',
			{ hostName: '192.0.2.1' },
			{ options: { resolveIp: true } },
		),
	'‹number› hosts have the IP address ‹ip›: ‹shown›': async () => {
		const Entities = ['A', 'B'].map((HostName) => ({ HostName, LastIp: '10.0.0.1' }));
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: { Entities },
			match: { path: '/api/hosts' },
		});
		return await runner.refusal(
			'host',
			'get',
			{ hostName: '10.0.0.1' },
			{ options: { resolveIp: true } },
		);
	},
	'"Filters" holds something other than filters': async () => {
		const context = runner.context('alert', 'getAll');
		const { getNodeParameter } = context;
		// The n8n of today takes away what it does not know.
		context.getNodeParameter = ((name: string, ...more: [number]) =>
			name === 'filters'
				? { severity: 4 }
				: (getNodeParameter.call(context, name, ...more) as unknown)) as never;
		return await rejection(nodeType.execute.call(context));
	},
	'No host has the name ‹name›': async () =>
		await runner.refusal('host', 'isolate', { hostName: 'NOBODY' }),
	'‹number› hosts have the name ‹name›, last seen: ‹candidates›': async () => {
		runner.simulator.changeHosts((hosts) => [
			...hosts,
			{ ...hosts[0]!, ClientDbId: 900, HDSerial: 'other' },
		]);
		return await runner.refusal('host', 'isolate', { hostName: 'WS-0101' });
	},
	'‹host› runs ‹system›, and Cynet isolates Windows only': async () =>
		await runner.refusal('host', 'isolate', { hostName: 'MAC-0139' }),
	'The name that Cynet has for this host cannot be sent: ‹flaw›': async () => {
		runner.simulator.changeHosts((hosts) => [
			...hosts,
			{ ...hosts[0]!, ClientDbId: 900, HostName: '*', LastIp: '10.0.0.1' },
		]);
		return await runner.refusal(
			'host',
			'shutdown',
			{ hostName: '10.0.0.1' },
			{ options: { resolveIp: true } },
		);
	},
	'This action was sent before and may have begun, so it is not sent again': async () => {
		const context = runner.context('host', 'isolate', { hostName: 'WS-0101' });
		Object.assign((context as unknown as { runExecutionData: object }).runExecutionData, {
			executionData: { contextData: {} },
		});
		runner.simulator.faults.add({ kind: 'reset', match: { path: '/api/host/*' } });
		await expect(nodeType.execute.call(context)).rejects.toThrow();
		return await rejection(nodeType.execute.call(context));
	},
	'This item was acted on before in another way, so nothing is sent for it again': async () => {
		const item = { host: 'WS-0101' };
		const context = runner.context(
			'host',
			'isolate',
			{ hostName: '={{ $json.host }}' },
			{ items: [item] },
		);
		Object.assign((context as unknown as { runExecutionData: object }).runExecutionData, {
			executionData: { contextData: {} },
		});
		await nodeType.execute.call(context);
		item.host = 'WS-0102';
		return await rejection(nodeType.execute.call(context));
	},
	'n8n runs this execution again, and kept no record of this action': async () =>
		await runner.refusal(
			'host',
			'isolate',
			{ hostName: 'WS-0101' },
			{ host: { mode: 'retry' as never } },
		),
	'The execution was stopped before this item': async () => {
		const context = runner.context('host', 'isolate', { hostName: 'WS-0101' });
		context.getExecutionCancelSignal = () => AbortSignal.abort();
		return await rejection(nodeType.execute.call(context));
	},
	'An AI agent may not fill in "‹field›"': async () =>
		await runner.refusal(
			'file',
			'kill',
			{ sha256: SHA256, scope: '={{ $fromAI("scope") }}' },
			{ node: { type: 'n8n-nodes-cynet.cynetTool' } },
		),
	'An AI agent may not act on every host': async () =>
		await runner.refusal(
			'file',
			'kill',
			{ sha256: SHA256, scope: 'everyHost' },
			{ node: { type: 'n8n-nodes-cynet.cynetTool' }, options: { allowDestructive: true } },
		),
	'This operation is not allowed to an AI agent': async () =>
		await runner.refusal(
			'host',
			'isolate',
			{ hostName: 'WS-0101' },
			{ node: { type: 'n8n-nodes-cynet.cynetTool' } },
		),
};

const TRIGGER_WAYS: Readonly<Record<string, () => Promise<Told>>> = {
	'"‹display name›" is not a whole number from ‹min› to ‹max›': async () =>
		await polling({ parameters: { options: { pageSize: 0 } } }),
	'"‹field›" is neither true nor false': async () =>
		await polling({ parameters: { simple: 'yes' } }),
	'No event is chosen': async () => await polling({ parameters: { events: [] } }),
	'"Client IDs" has an empty place': async () =>
		await polling({ parameters: { options: { clientIds: '1001,,1002' } } }),
	'"Client IDs" holds characters that no Client ID has': async () =>
		await polling({ parameters: { options: { clientIds: '1001,Müller' } } }),
	'Cynet has no such alerts from the last 30 days': async () => await polling({}, 'manual'),
	'This site shows neither alerts nor hosts of the last 30 days': async () => {
		runner.simulator.changeHosts(() => []);
		return await polling({}, 'manual');
	},
	'‹what n8n says›': async () => await polling({}, 'trigger', false),
};

async function polling(
	node: HostOptions['node'],
	mode: HostOptions['mode'] = 'trigger',
	chosen = true,
): Promise<Told> {
	const { username, password } = runner.simulator.settings;
	const n8n = createHost({
		node,
		mode,
		workflowId: `refusals ${Math.random()}`,
		credential: { baseUrl: runner.simulator.url, username, password, clientId: '1001' },
	});
	const trigger = new CynetTrigger();
	const context = n8n.context(trigger);
	if (!chosen)
		Object.assign((context as unknown as { node: object }).node, { credentials: undefined });
	return await rejection(trigger.poll.call(context));
}

const rejection = async (promise: Promise<unknown>): Promise<Told> =>
	await promise.then(
		() => expect.unreachable(),
		(error: Told) => error,
	);

const { refusals } = readCode();
const remedyOf = (text: string) => refusals.find((refusal) => refusal.text === text)!.remedy;

describe.each([
	['the trigger', TRIGGER_REFUSALS, TRIGGER_WAYS],
	['the node', NODE_REFUSALS, NODE_WAYS],
] as const)('%s', (_node, words, ways) => {
	test.each(Object.keys(ways).map((text) => ({ text, when: words[text]!.when })))(
		'$when: $text',
		async ({ text }) => {
			const told = await ways[text]!();
			expect(told.message).toMatch(patternOf(text));
			expect(told.description).toMatch(patternOf(remedyOf(text)));
		},
	);

	test('every other one is among the refused input, which is tested piece by piece', () => {
		const left = Object.keys(words).filter((text) => !(text in ways));
		expect(
			left.filter(
				(text) => !REFUSED_INPUT.some(([, , , , message]) => patternOf(text).test(message)),
			),
		).toEqual([]);
	});
});
