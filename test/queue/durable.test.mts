import { expect, test } from 'vitest';
import { PROCESSES } from './cluster.mts';
import { liveThroughKills, TIME_LIMIT_MS } from './kills.mts';
import { note } from './report.mts';

test('on durable cursors each alert has its execution, once, whatever is killed', { timeout: TIME_LIMIT_MS }, async () => {
	const outcome = await liveThroughKills('durable', { durable: true });
	await note('durable cursors', outcome);
	const { lost, twice, unknown, unexplained, exchanges } = outcome;
	expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
	// Delivered is all but what was cut off in a killed worker's hands.
	expect(unexplained).toBe(0);
	// One at the beginning, one for each process when the token was refused everywhere at once.
	expect(exchanges).toBeLessThanOrEqual(1 + PROCESSES);
});
