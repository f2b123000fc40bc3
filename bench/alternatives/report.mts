import { availableParallelism } from 'node:os';
import { atLeast, atMost, count, times, told, type Figure } from '../figure.mts';
import { markdownTable, table } from '../report.mts';
import { spreadOf, type Spread } from '../rounds.mts';
import { CONTESTANTS, type Key } from './contestants.mts';
import type { Loss, Losses } from './losses.mts';
import { PAGE_SIZE, type Round } from './speed.mts';

export const COMMAND = 'npm run bench:alternatives';
/** How many times as fast Cynet Trigger is to be. */
const TARGETS = { hand: 9, bare: 0.8 } as const;
const COLUMNS = ['hand', 'bare', 'ours'] as const;

export interface Outcome {
	readonly races: ReadonlyArray<{ readonly alerts: number; readonly rounds: readonly Round[] }>;
	readonly losses: Losses;
	/** Its version. */
	readonly n8n: string;
}

const speedOf = (rounds: readonly Round[], key: Key): Spread =>
	spreadOf(rounds.map((round) => round[key]));
const ratioOf = (rounds: readonly Round[], key: Key, other: Key): Spread =>
	spreadOf(rounds.map((round) => round[key] / round[other]));
const range = (spread: Spread, format: (value: number) => string): string =>
	`${format(spread.median)} (${format(spread.low)} to ${format(spread.high)})`;

/** What was promised, and what else the rounds say. */
export function figuresOf({ races, losses: { by } }: Outcome): Figure[] {
	const speeds = races.flatMap(({ alerts, rounds }) => [
		...(['hand', 'bare'] as const).map((other): Figure => {
			const ratio = ratioOf(rounds, 'ours', other);
			const what = `${CONTESTANTS.ours.name} against the ${lower(other)}, ${count(alerts)} alerts a poll`;
			return { ...atLeast(what, ratio.median, TARGETS[other], times), result: range(ratio, times) };
		}),
		...(['hand', 'bare'] as const).map((other) =>
			told(
				`… with Simplify off, against the ${lower(other)}`,
				range(ratioOf(rounds, 'verbatim', other), times),
			),
		),
	]);
	return [
		...speeds,
		atMost(`Lost by ${CONTESTANTS.ours.name}`, by.ours.lost, 0, count),
		atMost(`Twice by ${CONTESTANTS.ours.name}`, by.ours.twice, 0, count),
	];
}

const lower = (key: Key): string => CONTESTANTS[key].name.toLowerCase();

/** The three beside each other. */
function comparisonOf({ races, losses }: Outcome): string {
	const line = (what: string, cell: (loss: Loss) => string): string[] => [
		what,
		...COLUMNS.map((key) => cell(losses.by[key])),
	];
	return markdownTable(
		['', ...COLUMNS.map((key) => CONTESTANTS[key].name)],
		[
			...races.map(({ alerts, rounds }) => [
				`Alerts a second, ${count(alerts)} a poll`,
				...COLUMNS.map((key) => count(speedOf(rounds, key).median)),
			]),
			line(`Lost of ${count(losses.raised)} in ${losses.story.minutes} minutes`, ({ lost }) =>
				count(lost),
			),
			line('Emitted twice', ({ twice }) => count(twice)),
			line('Failed executions', ({ failed }) => count(failed)),
		],
	);
}

export function reportOf(outcome: Outcome): string {
	const { races, losses, n8n } = outcome;
	const { minutes, overlapMinutes, told: story } = losses.story;
	const figures = figuresOf(outcome);
	const promised = figures.filter(({ met }) => met !== null);
	const missed = promised.filter(({ met }) => !met).length;
	return (
		[
			'# Compared with the alternatives',
			'After this page you know how Cynet Trigger compares with a workflow built by hand and with a plain trigger: how fast each is, and how many alerts each loses.',
			`Written by \`${COMMAND}\`, which fails when a target is missed. ${promised.length - missed} of ${promised.length} targets are met here: n8n ${n8n}, SQLite, ${availableParallelism()} cores, ${races[0]!.rounds.length} rounds, ${minutes} minutes.`,
			'All three run in one real n8n, which saves executions as it does by default. They read the same rows with the same page size. This is one machine and one simulated server: compare the ratios, not the speeds.',
			comparisonOf(outcome),
			table(figures),
			'## The three',
			[
				`- **${CONTESTANTS.hand.name}**: what a careful user builds from n8n's own nodes. It is Schedule Trigger; HTTP Request for a token; HTTP Request for the alerts of the last ${overlapMinutes} minutes (\`LastSeen\`), with the node's own pagination and three tries; Split Out; Remove Duplicates across executions by \`ClientDbId\`. Its *History Size* is 1,000,000: with n8n's default of 10,000 the node fails at every run once it holds so many ids. The keys are in the node.`,
				`- **${CONTESTANTS.bare.name}**: [a trigger for this comparison alone](../bench/alternatives/bare/BareTrigger.node.js). It reads what was seen since its last poll, and emits the rows as they came. It remembers a time and no alert. It uses the credential of this package, which renews tokens.`,
				`- **${CONTESTANTS.ours.name}**: this package as it is installed, with an overlap of ${overlapMinutes} minutes. *Simplify* is on, as it is by default. The others emit the vendor's rows, and so have nothing to convert.`,
			].join('\n'),
			'## Speed',
			[
				'- Measured with one clock: from the first request of a poll (the one for a token, where there is one) to the moment when n8n has written the finished execution to its database. A hook of n8n (`workflow.postExecute`) gives that moment. `stoppedAt` in the database is earlier, and leaves out the last write.',
				`- In a round each site has this number of new alerts and no others. The three poll one at a time, forwards and backwards in turn. One round to warm up does not count. Page size ${count(PAGE_SIZE)}, Max Alerts per Poll 50,000. A figure is the median of the rounds, and the range is from the lowest to the highest quarter. A ratio is the median of the rounds' ratios.`,
				"- Nothing follows the trigger, or the last node of the hand-built workflow. All three figures include what n8n does with an execution: it writes what starts one to its database, and at the end the output of each node, as JSON. So n8n writes a trigger's alerts twice, and those of the hand-built workflow once for each node that they pass.",
				'- The server is the simulator of this repository on the same machine. A slower server or network brings all ratios nearer to 1.',
			].join('\n'),
			'## Lost and twice',
			[
				`- ${minutes} minutes. All three run at the same time and poll once a minute. Each has a server of its own, and the same happens to all servers at the same moments: ${story.join('; ')}.`,
				`- Raised: ${kinds(losses.raisedOf)}. Lost by the hand-built workflow: ${kinds(losses.by.hand.lostOf)}; by the bare trigger: ${kinds(losses.by.bare.lostOf)}; by Cynet Trigger: ${kinds(losses.by.ours.lostOf)}.`,
				'- A node behind the last one counts: it reports the id of each alert that it gets to the server. The run ends when everything is visible and three minutes have brought nothing new. Page size 100 and Max Alerts per Poll 1,000 are the defaults.',
				`- The outage is longer than the hand-built workflow reads back (${overlapMinutes} minutes). So it loses the alerts that are older than that when the server answers again. A shorter outage or a longer look-back costs it no alert. With a longer look-back each poll reads all of it again, and n8n stores it again.`,
				'- Not tested here: alerts later than the overlap, n8n killed and not stopped, and rows that move while a page is read. [guarantees.md](guarantees.md) has those.',
			].join('\n'),
		].join('\n\n') + '\n'
	);
}

const kinds = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.map(([kind, value]) => `${count(value)} ${kind}`)
		.join(', ') || 'none';
