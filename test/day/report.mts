import { markdownTable } from '../../bench/report.mts';
import { writeIntoPage } from '../../bench/scale/page.mts';
import type { Mode } from './deployments.mts';
import type { Group, Outcome } from './outcome.mts';
import type { Part } from './raising.mts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const seconds = (value: number | null): string =>
	value === null ? 'none' : `${value.toFixed(1)} s`;

const GROUPS: Readonly<Record<Group, string>> = {
	apart: 'in workflows without a sick site',
	beside: 'beside a sick site in the same workflow',
};
const PARTS: Readonly<Record<Part, string>> = {
	calm: 'All sites well',
	sick: 'Five sick',
	kills: 'Five sick, and kills',
};

/** Median and 95th percentile of each part, and how many times as long its median is as that of the first. */
function timesOf(spreads: Outcome['spreads']): string {
	const parts = Object.keys(PARTS) as Part[];
	const cell = (group: Group, part: Part): string => {
		const { median, p95 } = spreads[group][part];
		const calm = spreads[group].calm.median;
		const times =
			part !== 'calm' && median !== null && calm ? ` (${(median / calm).toFixed(2)} ×)` : '';
		return `${seconds(median)}${times}, ${seconds(p95)}`;
	};
	return markdownTable(
		['Healthy sites: median, 95th percentile', ...parts.map((part) => PARTS[part])],
		(Object.keys(GROUPS) as Group[]).map((group) => [
			GROUPS[group],
			...parts.map((part) => cell(group, part)),
		]),
	);
}

/** Prints what a day was like. `DOCS=write` puts it into docs/scaling.md, under the mark of that mode. */
export async function note(mode: Mode, outcome: Outcome): Promise<void> {
	const { said } = outcome;
	const silent = said.filter(({ sentence }) => sentence === null).length;
	const text = [
		markdownTable(
			['', ''],
			[
				['Alerts raised', whole(outcome.raised)],
				['… emitted', whole(outcome.emitted)],
				['Lost: in no execution', whole(outcome.lost)],
				['Twice: in two executions', whole(outcome.twice)],
				['Silent: sick sites that n8n did not name with what is wrong', whole(silent)],
				['Kills with `kill -9`', whole(outcome.kills)],
				['Executions', whole(outcome.executions)],
				['… that a kill cut off, and that were run again', whole(outcome.ranAgain)],
				['Alerts that the workflows delivered nowhere in the end', whole(outcome.undelivered)],
				['Token exchanges', whole(outcome.exchanges)],
				['Requests', whole(outcome.requests)],
				['All of it', `${whole(outcome.seconds)} s`],
			],
		),
		timesOf(outcome.spreads),
		'What n8n said of the sick sites:',
		said
			.map(({ what, sentence }) => `- A site that ${what}: ${sentence ?? '**nothing**'}`)
			.join('\n'),
	].join('\n\n');
	console.log(`${mode}\n${text}`);
	if (process.env.DOCS === 'write') await writeIntoPage(`npm run test:day, ${mode} mode`, text);
}
