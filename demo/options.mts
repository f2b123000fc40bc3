import { parseArgs } from 'node:util';
import { DEFAULT_N8N } from '../host/versions.mts';

export const HELP = `Runs a real n8n with this package beside a simulated Cynet 360, and counts what arrives.

Usage: npm run demo -- [options]

  --port <n>            port of n8n (5690, or a free one)
  --simulator-port <n>  port of the simulated Cynet 360 (8360, or a free one)
  --n8n-version <v>     n8n to run (${DEFAULT_N8N}); it is installed into .hosts the first time
  --rate <n>            alerts a minute (60)
  --minutes <n>         stop after so many minutes (default: run until Ctrl+C)
  --help                this text

It ends with code 1 if an alert was lost or came twice, and with 0 if none was.
`;

export interface Options {
	/** Null: the usual one, or a free one if that is in use. */
	readonly port: number | null;
	readonly simulatorPort: number | null;
	readonly n8nVersion: string;
	/** Alerts a minute. */
	readonly rate: number;
	/** Null: until someone stops it. */
	readonly minutes: number | null;
	readonly help: boolean;
}

const OPTIONS = {
	port: { type: 'string' },
	'simulator-port': { type: 'string' },
	'n8n-version': { type: 'string', default: DEFAULT_N8N },
	rate: { type: 'string', default: '60' },
	minutes: { type: 'string' },
	help: { type: 'boolean', default: false, short: 'h' },
} as const;

/** Throws with the option's name and what it takes. */
export function readOptions(args: readonly string[]): Options {
	const { values } = parseArgs({ args: [...args], options: OPTIONS });
	const number = (
		name: 'port' | 'simulator-port' | 'rate' | 'minutes',
		least: number,
		most: number,
	): number | null => {
		const text = values[name];
		if (text === undefined) return null;
		const value = Number(text);
		if (text.trim() === '' || !(value >= least && value <= most))
			throw new Error(`--${name}: give a number from ${least} to ${most}, not "${text}"`);
		return value;
	};
	if (!/^\d+\.\d+\.\d+$/.test(values['n8n-version']))
		throw new Error(`--n8n-version: give an exact version such as ${DEFAULT_N8N}`);
	return {
		port: number('port', 1, 65_535),
		simulatorPort: number('simulator-port', 1, 65_535),
		n8nVersion: values['n8n-version'],
		rate: number('rate', 0, 60_000) ?? 60,
		minutes: number('minutes', 0.1, 100_000),
		help: values.help,
	};
}
