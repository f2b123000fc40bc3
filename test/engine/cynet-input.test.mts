import { afterEach, beforeEach, expect, test } from 'vitest';

import { startRunner, type Runner } from './cynet-kit.mts';
import { REFUSED_INPUT } from './refused-input.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner()));
afterEach(async () => await runner.close());

test.each(REFUSED_INPUT.map((given) => ({ what: given[0], given })))(
	'$what is refused before any request, with what to do',
	async ({ given: [, resource, operation, parameters, message, options] }) => {
		// In a second item, so that the index tells something
		const refusal = await runner.refusal(resource, operation, parameters, {
			options,
			items: [{}, {}],
			node: { onError: 'stopWorkflow' },
		});
		expect(refusal.constructor.name).toBe('NodeOperationError');
		expect(refusal.message).toBe(message);
		expect(refusal.description).toMatch(/^[A-Z].{20,}\.$/s);
		expect(`${refusal.message} ${refusal.description}`).not.toMatch(
			/error|problem|failure|mistake/i,
		);
		expect(refusal.context.itemIndex).toBe(0);
		expect(runner.simulator.ledger.requests).toEqual([]);
	},
);

test('a refused item is named by its own index', async () => {
	const refusal = await runner.refusal(
		'host',
		'isolate',
		{ hostName: '={{ $json.host }}' },
		{ items: [{ host: 'WS-0101' }, { host: '10.0.0.1' }] },
	);
	expect(refusal.context.itemIndex).toBe(1);
});

test.each([
	['an ISO text', '2026-05-31T10:00:00.999+02:00', '2026-05-31 08:00:00'],
	[
		'a text without a zone, in the time zone of the workflow',
		'2026-05-31T10:00:00',
		'2026-05-31 14:00:00',
	],
	['the SQL form', '2026-05-31 10:00:00', '2026-05-31 14:00:00'],
	['a day', '2026-05-31', '2026-05-31 04:00:00'],
	['a DateTime', '={{ DateTime.fromISO("2026-05-31T10:00:00Z") }}', '2026-05-31 10:00:00'],
	['a Date', '={{ new Date("2026-05-31T10:00:00Z") }}', '2026-05-31 10:00:00'],
])('Since takes %s', async (_what, since, sent) => {
	await runner.one('alert', 'count', { since });
	expect(runner.requests()).toMatchObject([{ query: { DateChanged: sent } }]);
});

test('Since is a day ago unless said otherwise', async () => {
	await runner.one('alert', 'count');
	const sent = Date.parse(`${runner.requests()[0]!.query.DateChanged!.replace(' ', 'T')}Z`);
	expect(Math.abs(Date.now() - 24 * 3_600_000 - sent)).toBeLessThan(120_000);
});
