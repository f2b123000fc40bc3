// `npm run simulate:scale`: many sites and many alerts on one main in virtual time; writes its
// figures into docs/scaling.md and
// fails if an alert was lost or came twice. SITES, ALERTS_A_DAY, WORKFLOWS, LATENCY_MS, BUDGET_MS
// and HOURS change what is simulated; then
// the page stays as it is.
import { collectGarbage } from '../rounds.mts';
import { Cloud, type Counts } from './cloud.mts';
import { Fleet } from './fleet.mts';
import { Load } from './load.mts';
import { writeIntoPage } from './page.mts';
import { reportOf } from './report.mts';

/** The budget is what n8n's durable scheduler gives to a poll; its default engine gives 300,000. */
const PRESET = {
	SITES: 1000,
	ALERTS_A_DAY: 1_000_000,
	WORKFLOWS: 10,
	LATENCY_MS: 150,
	BUDGET_MS: 36_000,
	HOURS: 1,
};
const setting = (name: keyof typeof PRESET): number => Number(process.env[name] ?? PRESET[name]);
const [sites, perDay, workflows, latencyMs, budgetMs, hours] = [
	setting('SITES'),
	setting('ALERTS_A_DAY'),
	setting('WORKFLOWS'),
	setting('LATENCY_MS'),
	setting('BUDGET_MS'),
	setting('HOURS'),
];
/** Without new alerts, until the latest one has been shown and read. */
const SETTLING_MINUTES = 15;

/** What one part of the simulation cost. */
export interface Phase {
	readonly minutes: number;
	/** After so many of them the last alert was emitted. */
	readonly lastAfter: number;
	readonly requests: number;
	readonly exchanges: number;
	readonly rows: number;
	readonly emitted: number;
	readonly executions: number;
	/** Virtual milliseconds of a poll. */
	readonly medianPoll: number;
	readonly longestPoll: number;
	readonly skipped: number;
	/** Of the package and n8n-core, in real seconds; null where the system does not tell it from the simulator's. */
	readonly cpuSeconds: number | null;
	/** After a collection of garbage, in bytes. */
	readonly heap: number;
}

const names = Array.from({ length: sites }, (_, index) => String(10_001 + index));
const cloud = await Cloud.start(names, latencyMs, Date.UTC(2026, 5, 1, 12));
const load = new Load(names, perDay);
// The busiest site: half of the alerts on a tenth of the sites, of the day before and of the hours.
const fleet = new Fleet(
	cloud,
	names,
	{ workflows, pollBudgetMs: budgetMs },
	Math.ceil((perDay / sites) * 10 * (2 + hours / 24)) + 1000,
);
const highest = new Map<string, number>();
const raise = async (what: ReturnType<Load['dayBefore']>): Promise<number> => {
	const ids = await cloud.raise(what);
	what.forEach(({ site }, index) => highest.set(site, ids[index]!));
	return what.reduce((sum, { count }) => sum + count, 0);
};
const begun = performance.now();
const progress = (text: string): void =>
	void process.stderr.write(`${Math.round((performance.now() - begun) / 1000)} s: ${text}\n`);

/** Runs a tick a minute until told to stop, and says what that cost. */
async function phase(
	name: string,
	goesOn: (minute: number, emitted: number) => boolean,
	beforeTick: () => Promise<void>,
): Promise<Phase> {
	const own = process.cpuUsage();
	const before: Counts = await cloud.counts();
	const { emitted, executions, skipped } = fleet;
	fleet.pollTimes.length = 0;
	let [minutes, lastAfter] = [0, 0];
	for (let last = 1; goesOn(minutes, last); minutes++) {
		await beforeTick();
		last = await fleet.tick(minutes === 0 && emitted === 0);
		if (last > 0) lastAfter = minutes + 1;
		if (minutes % 10 === 9)
			progress(`${name}: ${minutes + 1} minutes, ${fleet.emitted - emitted} alerts`);
	}
	const after = await cloud.counts();
	const { user, system } = process.cpuUsage(own);
	const theirs =
		after.cpuSeconds === null || before.cpuSeconds === null
			? null
			: after.cpuSeconds - before.cpuSeconds;
	const times = [...fleet.pollTimes].sort((one, other) => one - other);
	collectGarbage();
	return {
		minutes,
		lastAfter,
		requests: after.requests - before.requests,
		exchanges: after.exchanges - before.exchanges,
		rows: after.rows - before.rows,
		emitted: fleet.emitted - emitted,
		executions: fleet.executions - executions,
		medianPoll: times[times.length >> 1] ?? 0,
		longestPoll: times.at(-1) ?? 0,
		skipped: fleet.skipped - skipped,
		cpuSeconds: theirs === null ? null : (user + system) / 1e6 - theirs,
		heap: process.memoryUsage().heapUsed,
	};
}

collectGarbage();
const heapBefore = process.memoryUsage().heapUsed;
let raised = await raise(load.dayBefore(cloud.now));
progress(`${raised} alerts of the day before`);
const nothing = async (): Promise<void> => undefined;
let idle = 0;
// Until everything has come and what was read is confirmed.
const catchUp = await phase(
	'catching up',
	(_, last) => (idle = last === 0 ? idle + 1 : 0) < SETTLING_MINUTES,
	nothing,
);
const raisedBefore = raised;
const steady = await phase(
	'steady',
	(minute) => minute < hours * 60,
	async () => {
		const what = load.minuteBefore(cloud.now);
		if (what.length > 0) raised += await raise(what);
	},
);
const raisedMeanwhile = raised - raisedBefore;
await phase('settling', (minute) => minute < SETTLING_MINUTES, nothing);
const result = { lost: fleet.lost(highest), twice: fleet.twice, unknown: fleet.unknown };
const stateSizes = fleet.stateSizes();
const figures = {
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
	...result,
	stateSizes,
};
await cloud.close();
const report = reportOf(figures);
console.log(report);
if (Object.keys(PRESET).every((name) => process.env[name] === undefined))
	await writeIntoPage('npm run simulate:scale', report);
process.exit(result.lost + result.twice + result.unknown > 0 ? 1 : 0);
