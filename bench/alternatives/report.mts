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
			'# Against what you would pick instead',
			`Written by \`${COMMAND}\`, which fails when a target is missed. ${promised.length - missed} of ${promised.length} targets are met here: n8n ${n8n}, SQLite, ${availableParallelism()} cores, ${races[0]!.rounds.length} rounds, ${minutes} minutes.`,
			'All three run in one real n8n with its own settings for saving executions, and read the same rows with the same page size. This is one machine and one simulated server; compare the ratios, not the speeds.',
			comparisonOf(outcome),
			table(figures),
			'## The three',
			[
				`- **${CONTESTANTS.hand.name}**: what a careful user builds from n8n's own nodes. Schedule Trigger; HTTP Request for a token; HTTP Request for the alerts of the last ${overlapMinutes} minutes (\`LastSeen\`), with the node's own pagination and three tries; Split Out; Remove Duplicates across executions by \`ClientDbId\`. Its *History Size* is set to 1,000,000: at n8n's own 10,000 the node throws at every run once so many ids are in it. The keys stand in the node.`,
				`- **${CONTESTANTS.bare.name}**: [a trigger for this comparison alone](../bench/alternatives/bare/BareTrigger.node.js), which reads what was seen since its last poll and emits the rows as they came. It remembers a time and no alert. It shares the credential of this package, and with it the renewal of tokens.`,
				`- **${CONTESTANTS.ours.name}**: this package as it is installed, with an overlap of ${overlapMinutes} minutes. Simplify is on, as it is unless turned off; the rows of the others keep the vendor's form, which spares them the conversion.`,
			].join('\n'),
			'## Speed',
			[
				"- Measured: from the first request that the server got from a poll (the token's, where there is one) to the moment when n8n has written the finished execution to its database, by one clock. n8n tells that moment to a hook (`workflow.postExecute`); `stoppedAt` in its database is earlier, and leaves out the last writing.",
				`- A round: each site is given so many new alerts and no others; the contestants poll one at a time, forwards and backwards in turn. One round to warm up is not counted. Page size ${count(PAGE_SIZE)}, Max Alerts per Poll 50,000. The figure is the median over the rounds; the range is from the lowest to the highest quarter. A ratio is the median of the rounds' ratios.`,
				"- Nothing follows the last node of a workflow. What n8n does with an execution is in all three: it writes what starts one to its database, and at the end what each node gave, as JSON. A trigger's alerts are written twice so; those of the hand-built workflow once for each node that they pass.",
				'- The server is the simulator of this repository on loopback: a slower server or network brings all ratios nearer to 1.',
			].join('\n'),
			'## Lost and twice',
			[
				`- ${minutes} minutes, all three at the same time, each polling once a minute with a server of its own to which the same happens at the same moments: ${story.join('; ')}.`,
				`- Raised: ${kinds(losses.raisedOf)}. Lost by the hand-built workflow: ${kinds(losses.by.hand.lostOf)}; by the bare trigger: ${kinds(losses.by.bare.lostOf)}; by Cynet Trigger: ${kinds(losses.by.ours.lostOf)}.`,
				"- Counted by what the node behind the last one is given: it tells the server's ledger the id of each alert. It ends when everything is visible and three minutes have brought nothing new. Page size 100, Max Alerts per Poll 1,000, as they are unless changed.",
				`- The outage is longer than the hand-built workflow reads back (${overlapMinutes} minutes): it loses what was raised and could no longer be read back. A shorter outage, or a longer look-back, costs it nothing; each poll of a longer look-back reads, and n8n stores, all of it again.`,
				'- Nothing here is later than the overlap, n8n is stopped and not killed, and no page moves while it is read. For those see [the guarantees](guarantees.md).',
			].join('\n'),
		].join('\n\n') + '\n'
	);
}

const kinds = (counts: Readonly<Record<string, number>>): string =>
	Object.entries(counts)
		.map(([kind, value]) => `${count(value)} ${kind}`)
		.join(', ') || 'none';
