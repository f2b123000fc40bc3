import { expect, test } from 'vitest';
import { PROCESSES } from './cluster.mts';
import { liveThroughKills, TIME_LIMIT_MS } from './kills.mts';
import { LATE_NOTICE } from './late-notice.mts';
import { note } from './report.mts';

test(
	'on durable cursors each alert has its execution, once, and is delivered, whatever is killed',
	{ timeout: TIME_LIMIT_MS },
	async () => {
		const outcome = await liveThroughKills('durable', { durable: true, more: LATE_NOTICE });
		await note('durable cursors', outcome);
		const { lost, twice, unknown, inHand, undelivered, exchanges, expiries } = outcome;
		expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
		// A worker restarted with its folder marks what it had in hand as crashed; run again, it delivers.
		expect(inHand).toBeGreaterThan(0);
		expect(undelivered).toBe(0);
		// One at the beginning, and for each expiry one in each process that met it before another's new token.
		expect(exchanges).toBeLessThanOrEqual(1 + expiries * PROCESSES);
	},
);
