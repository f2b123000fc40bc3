import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { createHost } from './harness.mts';
import { nodeType, startRunner, type Runner } from './cynet-kit.mts';

const hintsOf = (context: IExecuteFunctions): NodeExecutionHint[] =>
	(context as unknown as { hints: NodeExecutionHint[] }).hints;

// Ahead of the virtual clock of the others.
test('Convert of 10,000 alerts lets other work of n8n go on in between', async () => {
	const host = createHost({
		credential: { clientId: '1001' },
		node: {
			name: 'Cynet',
			parameters: { resource: 'alert', operation: 'convert', format: 'ecs', alert: '={{ $json }}' },
		},
	});
	const items = Array.from({ length: 10_000 }, (_, index) => ({
		json: { ClientDbId: index + 1, IncidentName: 'x', HostName: `WS-${index}` },
	}));
	let turns = 0;
	let isDone = false;
	const other = (): void => {
		turns++;
		if (!isDone) setTimeout(other, 0);
	};
	setTimeout(other, 0);
	const [converted] = await nodeType.execute.call(host.executeContext(nodeType, items));
	isDone = true;
	expect(converted).toHaveLength(10_000);
	expect(turns).toBeGreaterThan(5);
});

describe('Convert', () => {
	let runner: Runner;
	beforeAll(async () => {
		runner = await startRunner();
	});
	afterAll(async () => await runner.close());

	const huge = (id: number) => ({
		ClientDbId: id,
		IncidentName: 'x',
		CommandLine: 'a.exe -p Hunter2',
		IncidentDescription: `Hostname: WS-1\n${'y'.repeat(2_000_000)}`,
		...Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`f${index}`, index])),
	});

	test('cuts what is far larger than any alert, in every format, and says so once at the node, with how many', async () => {
		for (const format of Object.keys(FORMATS)) {
			const context = runner.context(
				'alert',
				'convert',
				{ format },
				{
					items: [huge(1), { ClientDbId: 2, IncidentName: 'x' }, huge(3)],
					options: { excludeCommandLines: true, clientId: '1001' },
				},
			);
			const [items] = await nodeType.execute.call(context);
			expect(items).toHaveLength(3);
			const lengths = items!.map(({ json }) => JSON.stringify(json).length);
			expect(lengths[0]).toBeLessThan(1_500_000);
			expect(JSON.stringify(items).includes('Hunter2')).toBe(false);
			expect(hintsOf(context)).toEqual([
				{
					message:
						'2 of the alerts held more than is converted of one (2000 values, 300000 characters). The rest is left out, and "[cut]" stands in its place. Look the whole alert up in Cynet.',
					type: 'info',
					location: 'outputPane',
				},
			]);
		}
	});

	test('says nothing of alerts of a usual size', async () => {
		const items = runner.simulator.raise(3) as never[];
		const context = runner.context(
			'alert',
			'convert',
			{ format: 'ocsf' },
			{ items, options: { clientId: '1001' } },
		);
		expect((await nodeType.execute.call(context))[0]).toHaveLength(3);
		expect(hintsOf(context)).toEqual([]);
	});
});
