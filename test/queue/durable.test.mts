import { expect, test } from 'vitest';
import { PROCESSES } from './cluster.mts';
import { liveThroughKills, TIME_LIMIT_MS } from './kills.mts';
import { note } from './report.mts';

/**
 * As deploy/queue sets it: what a killed worker had in hand can be run again before n8n notices and
 * throws its alerts away.
 */
const LATE_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '300000',
	QUEUE_WORKER_STALLED_INTERVAL: '600000',
};

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
