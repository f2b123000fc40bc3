import type { CollectorState } from './collector.mts';
import type { Ledger, Report } from './ledger.mts';

/**
 * From the answer to a poll to the delivery of what it held: polls are some ten seconds apart, and
 * the collector may be busy.
 */
export const SETTLE_MS = 60_000;
/** The trigger emits a backlog in batches. */
const BATCH = 1000;
const BATCH_MS = 15_000;

/**
 * The ledger's balance. An alert counts as lost if the API has shown it, has answered a poll after
 * that, and it still has not
 * arrived when that poll's alerts should have: while the collector or the API are down, nothing is
 * lost but pending. The time
 * that the collector is down, and repairs what was cut off, does not count.
 */
export function balance(ledger: Ledger, now: number, collector: CollectorState | null): Report {
	const { visible, delivered } = ledger.report();
	const settle = SETTLE_MS + Math.ceil((visible - delivered) / BATCH) * BATCH_MS;
	const by = (collector?.unsettledSince ?? now) - settle;
	const answered = ledger.requests.findLast(
		({ at, path, status, fault }) =>
			at <= by && path.startsWith('/api/alerts') && status === 200 && !fault,
	);
	const report = ledger.report({
		graceSeconds: answered ? (now - answered.at) / 1000 : Number.MAX_SAFE_INTEGER,
	});
	return { ...report, twice: report.twice + (collector?.emittedTwice ?? 0) };
}
