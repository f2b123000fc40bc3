import { count, kilobytes, megabytes } from '../figure.mts';
import type { Phase } from './main.mts';

/** All that the simulation found. */
export interface Findings {
	readonly sites: number;
	readonly perDay: number;
	readonly workflows: number;
	readonly latencyMs: number;
	/** Of n8n, for one poll. */
	readonly budgetMs: number;
	readonly hours: number;
	/** Bytes, before anything was read. */
	readonly heapBefore: number;
	readonly catchUp: Phase;
	readonly steady: Phase;
	readonly raisedBefore: number;
	readonly raisedMeanwhile: number;
	readonly lost: number;
	readonly twice: number;
	readonly unknown: number;
	/** Characters of the static data of each workflow. */
	readonly stateSizes: readonly number[];
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`;

/** The findings as Markdown. */
export function reportOf({
	sites,
	perDay,
	workflows,
	latencyMs,
	budgetMs,
	hours,
	heapBefore,
	catchUp,
	steady,
	raisedBefore,
	raisedMeanwhile,
	lost,
	twice,
	unknown,
	stateSizes,
}: Findings): string {
	const perPoll = (phase: Phase): string =>
		`median ${seconds(phase.medianPoll)}, longest ${seconds(phase.longestPoll)}`;
	const perAlert = ({ rows, emitted }: Phase): string => (rows / emitted).toFixed(1);
	const cpu = ({ cpuSeconds }: Phase): string =>
		cpuSeconds === null ? 'not told by this system' : `${cpuSeconds.toFixed(0)} s`;
	const rows: ReadonlyArray<readonly [what: string, catchUp: string, steady: string]> = [
		['Alerts raised', count(raisedBefore), count(raisedMeanwhile)],
		[
			'Virtual time until they were emitted',
			`${count(catchUp.lastAfter)} minutes`,
			`${count(steady.minutes)} minutes, and what is shown late after it`,
		],
		[
			'Requests',
			count(catchUp.requests),
			`${count(steady.requests)} (${count(Math.round(steady.requests / steady.minutes))} a minute, ${(steady.requests / steady.minutes / sites).toFixed(2)} a site and minute)`,
		],
		[
			'Rows read',
			`${count(catchUp.rows)} (${perAlert(catchUp)} an alert)`,
			`${count(steady.rows)} (${perAlert(steady)} an alert)`,
		],
		['Token exchanges', count(catchUp.exchanges), count(steady.exchanges)],
		['Executions', count(catchUp.executions), count(steady.executions)],
		['A poll', perPoll(catchUp), perPoll(steady)],
		[
			'Ticks that found the poll before still running',
			count(catchUp.skipped),
			count(steady.skipped),
		],
		['Processor time of package and n8n-core', cpu(catchUp), cpu(steady)],
		[
			'Heap at the end, garbage collected',
			megabytes(catchUp.heap),
			`${megabytes(steady.heap)} (${megabytes(heapBefore)} before the first poll)`,
		],
	];
	return [
		`${count(sites)} sites on one credential, ${count(perDay)} alerts a day (half of them on a tenth of the sites), ${workflows} workflows with ${count(sites / workflows)} sites each, a poll a minute, options at their defaults, ${latencyMs} ms a request, ${count(budgetMs / 1000)} s of n8n for a poll (of which the trigger reads for 80 %). Simulated: the reading of the day before and ${hours === 1 ? 'one hour' : `${hours} hours`} after it, so ${((hours / 24) * 100).toFixed(0)} % of a day in steady state.`,
		'',
		'| | The day before, as a backlog | Steady state |',
		'|---|---|---|',
		...rows.map((cells) => `| ${cells.join(' | ')} |`),
		'',
		`Lost ${count(lost)}, twice ${count(twice)}, never raised ${count(unknown)}, of ${count(raisedBefore + raisedMeanwhile)}. n8n keeps ${kilobytes(Math.max(...stateSizes))} of state for the largest workflow, ${kilobytes(stateSizes.reduce((sum, size) => sum + size, 0))} for all.`,
	].join('\n');
}
