import { query } from '../../host/database.mts';
import type { Execution } from '../../host/executions.mts';
import type { Cluster } from './cluster.mts';
import type { Emitted } from './emitted.mts';

/** What became of the alerts, counted in n8n's database unless said otherwise. */
interface Balance {
	readonly raised: number;
	/** Alerts in no execution. */
	readonly lost: number;
	/** Copies beyond the first. */
	readonly twice: number;
	readonly unknown: number;
	readonly executions: number;
	/** Executions that a kill cut off, by what n8n made of them, and the alerts in them. */
	readonly cutOff: Readonly<Record<string, number>>;
	readonly cutOffAlerts: number;
	/**
	 * By the ledger: alerts that were emitted and delivered nowhere, and those of them that were
	 * in no execution that was cut off.
	 */
	readonly undelivered: number;
	readonly unexplained: number;
	/** By the ledger: deliveries beyond the first. */
	readonly deliveredTwice: number;
	/** Token exchanges. */
	readonly exchanges: number;
	/** Of the table `execution_data` and its indexes. */
	readonly bytesPerAlert: number;
}

/** A balance, and what a queue went through on the way to it. */
export interface Outcome extends Balance {
	/** Alerts of the executions that the killed worker had in hand. */
	readonly inHand: number;
	/** Alerts that executions delivered that were run again. */
	readonly restored: number;
	/** How often all tokens were made to expire at once. */
	readonly expiries: number;
	/** Of the first burst, before any kill. */
	readonly alertsPerSecond: number;
	/** Of the last burst: from the moment when main answers again to the last execution's end. */
	readonly drainSeconds: number;
	readonly totalSeconds: number;
}

/** @param cut the executions that did not succeed, as they were before they were run again */
export async function balanceOf(
	{ simulator, main }: Cluster,
	emitted: Emitted,
	executions: readonly Execution[],
	cut: readonly Execution[],
): Promise<Balance> {
	const expected = new Set(simulator.ledger.expectedKeys());
	const keys = emitted.allKeys();
	const arrived = new Set(keys);
	const inCut = new Set(cut.flatMap(({ id }) => emitted.keysOf(id)));
	const undelivered = [...arrived].filter((key) => !simulator.ledger.has(key));
	const cutOff: Record<string, number> = {};
	for (const { status, error } of cut) {
		const what = error ? `${status}: ${error}` : status;
		cutOff[what] = (cutOff[what] ?? 0) + 1;
	}
	const [size] = await query<{ bytes: string }>(
		main,
		"SELECT pg_total_relation_size('execution_data') AS bytes",
	);
	return {
		raised: expected.size,
		lost: [...expected].filter((key) => !arrived.has(key)).length,
		twice: keys.length - arrived.size,
		unknown: [...arrived].filter((key) => !expected.has(key)).length,
		executions: executions.filter(({ mode }) => mode === 'trigger').length,
		cutOff,
		cutOffAlerts: inCut.size,
		undelivered: undelivered.length,
		unexplained: undelivered.filter((key) => !inCut.has(key)).length,
		deliveredTwice: simulator.ledger.report().twice,
		exchanges: simulator.ledger.exchanges,
		bytesPerAlert: Number(size?.bytes ?? 0) / keys.length,
	};
}
