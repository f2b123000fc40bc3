import { writeIntoPage } from '../../bench/scale/page.mts';
import type { Mode } from './deployments.mts';
import type { Spread } from '../../simulator/latency.mts';
import type { Group, Outcome } from './outcome.mts';
import type { Part } from './raising.mts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const seconds = (value: number | null): string => (value === null ? '' : `${value.toFixed(1)} s`);

const GROUPS: Readonly<Record<Group, string>> = {
	apart: 'healthy sites of workflows without a sick one',
	beside: 'healthy sites beside a sick one in the same workflow',
};
const PARTS: Readonly<Record<Part, string>> = {
	calm: 'all sites well',
	sick: 'five sites sick',
	kills: 'five sites sick, and kills',
};

function timesOf(spreads: Outcome['spreads']): string[] {
	return (Object.keys(GROUPS) as Group[]).flatMap((group) =>
		(Object.keys(PARTS) as Part[]).map((part) => {
			const [own, calm]: Spread[] = [spreads[group][part], spreads[group].calm];
			const ratio =
				part === 'calm' || !own!.median || !calm!.median ? '' : own!.median / calm!.median;
			return [
				`| Raised to emitted, ${GROUPS[group]}: ${PARTS[part]}`,
				`median ${seconds(own!.median)}, 95th percentile ${seconds(own!.p95)}${ratio === '' ? '' : `; the median ${ratio.toFixed(2)} times that without sick sites`} |`,
			].join(' | ');
		}),
	);
}

/** Prints what a day was like. `DOCS=write` puts it into docs/scaling.md, under the mark of that mode. */
export async function note(mode: Mode, outcome: Outcome): Promise<void> {
	const { said } = outcome;
	const silent = said.filter(({ sentence }) => sentence === null).length;
	const text = [
		'| | |',
		'|---|---|',
		`| Alerts raised | ${whole(outcome.raised)} |`,
		`| … emitted | ${whole(outcome.emitted)} |`,
		`| Lost: in no execution | ${whole(outcome.lost)} |`,
		`| Twice: in two executions | ${whole(outcome.twice)} |`,
		`| Silent: sick sites that n8n did not name with what is wrong | ${silent} |`,
		...timesOf(outcome.spreads),
		`| Kills with \`kill -9\` | ${outcome.kills} |`,
		`| Executions | ${whole(outcome.executions)} |`,
		`| … that a kill cut off, and that were run again | ${outcome.ranAgain} |`,
		`| Alerts that the workflows delivered nowhere in the end | ${whole(outcome.undelivered)} |`,
		`| Token exchanges | ${whole(outcome.exchanges)} |`,
		`| Requests | ${whole(outcome.requests)} |`,
		`| All of it | ${whole(outcome.seconds)} s |`,
		'',
		'What n8n said of the sick sites:',
		'',
		...said.map(({ what, sentence }) => `- A site that ${what}: ${sentence ?? '**nothing**'}`),
	].join('\n');
	console.log(`${mode}\n${text}`);
	if (process.env.DOCS === 'write') await writeIntoPage(`npm run test:day, ${mode} mode`, text);
}
