import { writeIntoPage } from '../../bench/scale/page.mts';
import type { Outcome } from './outcome.mts';

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const ROWS: ReadonlyArray<readonly [what: string, value: (outcome: Outcome) => string]> = [
	['Alerts', ({ raised }) => whole(raised)],
	['Executions', ({ executions }) => whole(executions)],
	['Lost: in no execution', ({ lost }) => whole(lost)],
	['Twice: in two executions', ({ twice }) => whole(twice)],
	['Alerts a second, first burst, undisturbed', ({ alertsPerSecond }) => whole(alertsPerSecond)],
	[
		'Time to drain after the kill of main, from its answering on',
		({ drainSeconds }) => `${whole(drainSeconds)} s`,
	],
	['All of it, with kills and starts', ({ totalSeconds }) => `${whole(totalSeconds)} s`],
	[
		'Executions that were cut off',
		({ cutOff }) =>
			Object.entries(cutOff)
				.map(([what, count]) => `${count} × ${what}`)
				.join('<br>') || 'none',
	],
	['Alerts in them', ({ cutOffAlerts }) => whole(cutOffAlerts)],
	['… in hand of the killed worker', ({ inHand }) => whole(inHand)],
	['… delivered by running the execution again', ({ restored }) => whole(restored)],
	[
		'Alerts that the workflow delivered nowhere in the end',
		({ undelivered }) => whole(undelivered),
	],
	[
		'Alerts that the workflow delivered more than once',
		({ deliveredTwice }) => whole(deliveredTwice),
	],
	[
		'Token exchanges',
		({ exchanges, expiries }) =>
			`${whole(exchanges)}, where all tokens were made to expire ${whole(expiries)} times`,
	],
	[
		'Database: `execution_data` for each alert',
		({ bytesPerAlert }) => `${whole(bytesPerAlert)} bytes`,
	],
];

/** Prints what a run found. `DOCS=write` puts it into docs/scaling.md, under the mark of that run. */
export async function note(name: string, outcome: Outcome): Promise<void> {
	const table = [
		'| | |',
		'|---|---|',
		...ROWS.map(([what, value]) => `| ${what} | ${value(outcome)} |`),
	].join('\n');
	console.log(`${name}\n${table}`);
	if (process.env.DOCS === 'write') await writeIntoPage(`npm run test:queue, ${name}`, table);
}
