import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startRunner, type Runner, type Run } from './cynet-kit.mts';
import {
	MINUTE,
	afterRestart,
	keyOf,
	requests,
	setStage,
	start,
	trigger,
} from './trigger-helpers.mts';

const ALL = { since: '2026-05-31T00:00:00Z', returnAll: true };

/** What the item holds where the expression of a filter looks. */
const NOTHING: ReadonlyArray<readonly [what: string, value: unknown]> = [
	['missing', undefined],
	['null', null],
	['empty', ''],
	['blank', '   '],
	['a line break', '\n'],
	['an empty list', []],
	['a list of nothing', [null]],
	['an object', {}],
	['an object with a length', { length: 0 }],
	['true', true],
	['false', false],
	['a rounded number', 2 ** 60],
	['the word undefined', 'undefined'],
	['the word null', 'null'],
	['an object as text', '[object Object]'],
	['NaN as text', 'NaN'],
	['a zero-width space', '\u200b'],
	['NUL', '\u0000'],
	['two lines', 'Servers\nClients'],
	['a list of lists', [['x']]],
];

describe('Get Many', () => {
	let runner: Runner;
	beforeEach(async () => {
		runner = await startRunner();
		runner.simulator.raise(3, {
			Severity: 2,
			HostName: 'WS-1',
			ScanGroupName: '12',
			Status: 0,
			AlertType: 0,
		});
		runner.simulator.raise(2, {
			Severity: 4,
			HostName: '142',
			ScanGroupName: 'Servers',
			Status: 3,
			AlertType: 5,
		});
	});
	afterEach(async () => await runner.close());

	const filteredBy = (filter: string, given: unknown) =>
		[
			{ ...ALL, filters: { [filter]: '={{ $json.given }}' } } as INodeParameters,
			{ items: [{ given } as never] } as Run,
		] as const;

	describe.each(['hostName', 'scanGroup', 'name', 'severities', 'statuses', 'alertTypes'])(
		'with the filter %s from an expression',
		(filter) => {
			test.each(NOTHING)(
				'that is %s returns nothing and asks nothing: it is refused by the name of the field',
				async (_what, given) => {
					const refusal = await runner.refusal('alert', 'getAll', ...filteredBy(filter, given));
					expect(refusal.message).toMatch(
						/^"(Host Name|Scan Group|Alert Name Contains|Severities|Statuses|Alert Types)" /,
					);
					expect(refusal.description).toMatch(/^(Fill in|Choose) .{20,}\.$/);
					expect(runner.simulator.ledger.requests).toEqual([]);
				},
			);
		},
	);

	test.each([
		['severities', ['2'], 3],
		['severities', ['Low'], 3],
		['severities', 'Low', 3],
		['severities', 'LOW ', 3],
		['severities', 2, 3],
		['severities', '2,3', 3],
		['severities', [2, 'High'], 5],
		['severities', '["High"]', 2],
		['severities', [5], 0],
		['statuses', 0, 3],
		['statuses', 'closed', 2],
		['alertTypes', ['Host', 'URL'], 2],
		['alertTypes', 0, 3],
		['hostName', 142, 2],
		['hostName', ' ws-1', 3],
		['scanGroup', 12, 3],
		['scanGroup', 'servers', 2],
	])('understands %s %j', async (filter, given, count) => {
		expect(await runner.items('alert', 'getAll', ...filteredBy(filter, given))).toHaveLength(count);
	});

	test('refuses an item by itself, and goes on with the others', async () => {
		const items = await runner.items(
			'alert',
			'getAll',
			{ ...ALL, filters: { scanGroup: '={{ $json.group }}' } },
			{
				items: [{ group: 'Servers' }, {}, { group: 12 }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		expect(items.map(({ json, pairedItem }) => [pairedItem, 'error' in json])).toEqual(
			[0, 0, 1, 2, 2, 2].map((item) => [{ item }, item === 1]),
		);
	});

	test('refuses a filter that was added and left blank', async () => {
		for (const filters of [
			{ hostName: '' },
			{ scanGroup: ' ' },
			{ severities: [] },
			{ severities: [4], statuses: [] },
		]) {
			expect((await runner.refusal('alert', 'getAll', { ...ALL, filters })).message).toMatch(
				/ is empty, which would let every alert pass$/,
			);
		}
		expect(runner.simulator.ledger.requests).toEqual([]);
	});
});

describe('the trigger', () => {
	setStage();
	const ODD: INodeParameters[] = [
		{ hostName: '' },
		{ scanGroup: '={{ undefined }}' },
		{ severities: '={{ ["hgh"] }}' },
		{ severities: [] },
		{ statuses: '={{ null }}' },
		{ name: '={{ ({}) }}' },
	];

	test.each(ODD)(
		'with the filter %j is not published, says which field, and asks nothing',
		async (filters) => {
			await start();
			await expect(trigger({ parameters: { filters } }).activate()).rejects.toThrow(
				/^"(Host Name|Scan Group|Severities|Statuses|Alert Name Contains)" /,
			);
			expect(requests()).toEqual([]);
		},
	);

	test('whose filter comes to nothing later emits nothing and loses nothing: each poll fails until it is corrected', async () => {
		const { raise } = await start();
		const { activate, poll, set, after } = trigger({
			parameters: { filters: { severities: [4] } },
		});
		await activate();
		const [high] = raise(1, { Severity: 4 });
		raise(1, { Severity: 2 });
		set({ parameters: { filters: { severities: '={{ undefined }}' } } });
		await poll();
		for (let polls = 0; polls < 3; polls++)
			await expect(poll()).rejects.toThrow('"Severities" is empty');
		set({ parameters: { filters: { severities: '={{ ["high"] }}' } } });
		expect(await after(MINUTE)).toEqual([keyOf(high!)]);
	});

	test.each(['activate', 'update', 'create'] as const)(
		'that has worked is not published anew with it (%s)',
		async (mode) => {
			await start();
			const { activate, nodeType, n8n, set } = trigger({ parameters: { filters: {} } });
			await activate();
			set({ parameters: { filters: { severities: '={{ undefined }}' } } });
			const context = n8n.context(nodeType);
			context.getActivationMode = () => mode;
			await expect(nodeType.poll.call(context)).rejects.toThrow('"Severities" is empty');
		},
	);

	test('that has worked is not ended by it at a start of n8n: the first poll is logged, the next fails visibly', async () => {
		const { raise } = await start();
		const parameters = { filters: { hostName: 'WS-1' } };
		const first = trigger({ parameters });
		await first.activate();
		raise(1, { HostName: 'WS-1' });
		expect(await first.after(MINUTE)).toHaveLength(1);
		const second = afterRestart(first, {
			parameters: { filters: { hostName: '={{ undefined }}' } },
		});
		expect(await second.activate()).toEqual([]);
		expect(second.n8n.log.map(({ message }) => message).join()).toContain('"Host Name" is empty');
		await expect(second.poll()).rejects.toThrow('"Host Name" is empty');
	});
});
