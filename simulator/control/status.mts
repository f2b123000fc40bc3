import { balance } from '../balance.mts';
import type { Collector, CollectorState } from '../collector.mts';
import type { LogLine } from '../page-log.mts';
import type { LatencyFigures } from '../latency.mts';
import type { Report } from '../ledger.mts';
import type { Running } from '../simulator.mts';
import type { RequestCounts } from '../tally.mts';

/** All that the page shows. Times are true times, milliseconds since the epoch. */
export interface Status {
	readonly now: number;
	readonly serverClockOffsetMs: number;
	readonly perMinute: number;
	readonly report: Report;
	/** Raised, and not shown by the API yet. */
	readonly late: number;
	/** All that is on its way: late or pending. */
	readonly waiting: number;
	readonly latency: LatencyFigures;
	readonly requests: { readonly counts: RequestCounts; readonly lastMinute: number };
	/** When the faults end that time out. */
	readonly faultsEndAt: number | null;
	readonly collector: CollectorState | null;
	/** Why something cannot be done now, by its name; null = it can. */
	readonly refusals: Readonly<Record<'kill' | 'ahead' | 'outage', Refusal | null>>;
	readonly log: readonly LogLine[];
}

interface Refusal {
	/** A few words, for a button. */
	readonly brief: string;
	readonly why: string;
}

const MINUTE_MS = 60_000;

export function statusOf(simulator: Running, now: number): Status {
	const { settings, ledger, faults, source, pageLog } = simulator;
	const faultsEndAt = faults.endsAt;
	const collector = simulator.collector?.state() ?? null;
	const report = balance(ledger, now, collector);
	const late = report.raised - report.visible;
	return {
		now,
		serverClockOffsetMs: settings.serverClockOffsetMs,
		perMinute: source.pace.perMinute,
		report,
		late,
		waiting: late + report.pending,
		latency: ledger.latencies(),
		requests: {
			counts: ledger.requestCounts(),
			lastMinute: newerThan(ledger.requests, now - MINUTE_MS),
		},
		faultsEndAt,
		collector,
		refusals: {
			kill: killRefusal(simulator.collector),
			ahead: aheadRefusal(simulator),
			outage:
				faultsEndAt === null
					? null
					: {
							brief: `Under way, ${Math.ceil((faultsEndAt - now) / 1000)} s left`,
							why: 'An outage is under way; it ends by itself.',
						},
		},
		log: pageLog.list(),
	};
}

/** Why the collector cannot be killed now. */
export function killRefusal(collector: Collector | null): Refusal | null {
	if (!collector)
		return {
			brief: 'No n8n here',
			why: 'No n8n here: the simulator runs alone. npm run demo starts one beside it.',
		};
	const { name, phase } = collector.state();
	return phase === 'running'
		? null
		: {
				brief: `${name} is starting`,
				why: `${name} is starting; it can be killed as soon as it runs.`,
			};
}

/**
 * Why the server's clock cannot be set ahead now. A clock set ahead makes every stamp older: what
 * no poll could have seen by
 * then would lie further back than the overlap, and only the hourly sweep would find it.
 */
export function aheadRefusal({
	ledger,
	setBackAt,
}: Pick<Running, 'ledger' | 'setBackAt'>): Refusal | null {
	const { raised, visible } = ledger.report();
	if (visible < raised)
		return {
			brief: 'Waits for the late alerts',
			why: 'Late alerts are still to be shown. Were the clock set ahead now, only the hourly sweep would find them.',
		};
	if (ledger.isUnheardSince(setBackAt))
		return {
			brief: 'Waits for the next poll',
			why: 'No alert raised since the clock was set back has arrived yet. Were it set ahead now, only the hourly sweep would find them.',
		};
	return null;
}

function newerThan(requests: ReadonlyArray<{ readonly at: number }>, time: number): number {
	const last = requests.findLastIndex(({ at }) => at <= time);
	return requests.length - 1 - last;
}
