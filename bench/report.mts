import { availableParallelism } from 'node:os';
import type { Chapter, Figure } from './figure.mts';

const COMMAND = 'npm run bench';

const verdict = ({ met }: Figure): string => (met === null ? '' : met ? 'ok' : '**missed**');

/** Promises and results. */
export function table(figures: readonly Figure[]): string {
	return markdownTable(
		['Figure', 'Target', 'Result', ''],
		figures.map((figure) => [figure.what, figure.target ?? '', figure.result, verdict(figure)]),
	);
}

export function markdownTable(
	head: readonly string[],
	rows: ReadonlyArray<readonly string[]>,
): string {
	return [head, head.map(() => '---'), ...rows]
		.map((cells) => `| ${cells.join(' | ')} |`)
		.join('\n');
}

const chapterText = ({ title, figures, notes }: Chapter): string =>
	[`## ${title}`, table(figures), notes.map((note) => `- ${note}`).join('\n')].join('\n\n');

/** The report as Markdown: no date, and no more about the machine than what the figures depend on. */
export function reportOf(chapters: readonly Chapter[]): string {
	const promised = chapters.flatMap(({ figures }) => figures).filter(({ met }) => met !== null);
	const missed = promised.filter(({ met }) => !met).length;
	const node = process.versions.node.split('.')[0];
	return (
		[
			'# Benchmarks',
			`Written by \`${COMMAND}\`, which fails when a target is missed. ${promised.length - missed} of ${promised.length} targets are met here: ${availableParallelism()} cores, Node ${node}.`,
			"What is measured is the built package in `dist`, run by n8n's own code (`PollContext` of `n8n-core`, its HTTP client, its static data). The server is the simulator of this repository on loopback, so the network costs nothing, and all that a real one costs would bring the ratios of times nearer to 1. Lines without a target explain the others.",
			"Times are compared, never promised: what is compared runs in turn, in one process, forwards and backwards, and the ratio is the median of the rounds' ratios. On a machine that other work shares, single rounds scatter; the range from the lowest to the highest quarter of the rounds is given with each. Counts and sizes are exact.",
			...chapters.map(chapterText),
		].join('\n\n') + '\n'
	);
}
