import { expect, test } from 'vitest';
import { BATCH, PROCESSES, TRIGGERS } from './cluster.mts';
import { liveThroughKills, TIME_LIMIT_MS } from './kills.mts';
import { note } from './report.mts';

/**
 * What a killed worker had in hand is noticed within the test. Not sooner: on a busy machine a
 * worker that lives may not come to
 * renew its claims for seconds, and n8n then treats it as dead.
 */
const EARLY_NOTICE = {
	QUEUE_WORKER_LOCK_DURATION: '30000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '5000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

test(
	"on the default path a killed main costs no more than what lay between n8n's two writes",
	{ timeout: TIME_LIMIT_MS },
	async () => {
		const outcome = await liveThroughKills('default', { durable: false, more: EARLY_NOTICE });
		await note('default path', outcome);
		const { lost, twice, unknown, inHand, undelivered, unexplained, exchanges, expiries } = outcome;
		expect(unknown).toBe(0);
		// n8n starts to save the cursor, then the execution: for each trigger one batch can be in
		// neither, or in both of two.
		expect(lost + twice).toBeLessThanOrEqual(TRIGGERS * BATCH);
		// With n8n's own settings it throws away what a killed worker had in hand, and nothing else.
		expect(unexplained).toBe(0);
		expect(undelivered).toBeLessThanOrEqual(inHand);
		// One at the beginning, and for each expiry one in each process that met it before another's new token.
		expect(exchanges).toBeLessThanOrEqual(1 + expiries * PROCESSES);
	},
);
