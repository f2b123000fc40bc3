import * as addresses from '../../nodes/shared/alert/address.ts';
import * as codes from '../../nodes/shared/alert/codes.ts';
import * as commandLines from '../../nodes/shared/alert/command-lines.ts';
import * as harmless from '../../nodes/shared/alert/formats/harmless.ts';
import * as values from '../../nodes/shared/alert/formats/values.ts';
import * as hostName from '../../nodes/shared/alert/host-name.ts';
import * as labels from '../../nodes/shared/alert/labels.ts';
import { withoutCommandLines } from '../../nodes/shared/alert/leave-out.ts';
import { limited } from '../../nodes/shared/alert/limits.ts';
import { alertId } from '../../nodes/shared/alert/identity.ts';
import { sha256, simplify } from '../../nodes/shared/alert/simplify.ts';
import { isoTime } from '../../nodes/shared/alert/time.ts';
import { linesOf } from '../../nodes/shared/alert/told.ts';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import {
	PIECES,
	SHAPES,
	everywhere,
	filledWith,
	inField,
	type Alert,
} from '../conversion/shapes.mts';
import { atMost, milliseconds, times, told, type Chapter } from '../figure.mts';

const LIMIT_MS = 50;
/** Of a text in each field: 25 fields of it are five megabytes. */
const TEXT = 200_000;
const COUNT = 100_000;
const ROUNDS = 5;

/** One at a time: the processor time of all of them would hold that of collecting their garbage. */
const ALERTS: ReadonlyArray<readonly [what: string, made: () => Alert]> = [
	...Object.entries(PIECES).map(
		([what, piece]) => [`texts of ${what}`, () => everywhere(filledWith(piece, TEXT))] as const,
	),
	...Object.entries(SHAPES).map(([what, shape]) => [what, () => shape(COUNT)] as const),
];

/** What reads a text of the alert with an expression. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
	'each format': (text) => {
		const alert = inField('Path', text);
		return Object.values(FORMATS).map((format) => format.ofRaw(alert, contextOf(alert, '1')));
	},
	'drop command lines': (text) =>
		withoutCommandLines({ IncidentDescription: text, IncidentJsonDescription: { a: text } }),
	simplify: (text) =>
		simplify(
			{ IncidentDescription: text, AlertIp: 1 },
			{ event: null, clientId: '1', dedupKey: '' },
		),
	alertId: (text) => alertId({ ClientDbId: text, Uniqueness: text, IncidentName: text }),
	isIp: addresses.isIp,
	addressesOf: addresses.addressesOf,
	code: codes.code,
	severityOf: codes.severityOf,
	isCommandName: commandLines.isCommandName,
	namedIn: commandLines.namedIn,
	commandIn: commandLines.commandIn,
	flawOfHostName: hostName.flawOfHostName,
	techniquesOf: labels.techniquesOf,
	tagsOf: labels.tagsOf,
	sha256,
	isoTime,
	linesOf,
	account: values.account,
	extension: values.extension,
	isPublicIp: values.isPublicIp,
	...Object.fromEntries(
		(
			[
				'block',
				'line',
				'inOneLine',
				'unlinked',
				'plain',
				'defanged',
				'html',
				'slack',
				'slackLine',
				'slackCode',
				'markdownCode',
				'markdownBlock',
				'cefHeader',
				'cefValue',
				'leefHeader',
				'leefValue',
				'cell',
				'json',
			] as const
		).map((name) => [name, harmless[name] as (text: string) => unknown]),
	),
	cut: (text) => harmless.cut(text, text.length - 1),
	fitted: (text) => harmless.fitted(text, text.length - 1, harmless.html),
};

/** How long whatever alert takes to convert, and how that grows with its texts. */
export async function conversion(): Promise<Chapter> {
	const slowest = slowestOfEach().sort((one, other) => other.ms - one.ms);
	const growth = growthOf();
	return {
		title: 'Converting hostile alerts',
		figures: [
			atMost(
				`The slowest of ${ALERTS.length} hostile alerts in ${slowest.length} formats (${slowest[0]!.what})`,
				slowest[0]!.ms,
				LIMIT_MS,
				milliseconds,
			),
			...slowest.slice(1).map(({ what, ms }) => told(`… ${what}`, milliseconds(ms))),
			atMost(
				`Time for a text of ${LONGER} times the length, at most (${growth.what}; linear is ${LONGER})`,
				growth.ratio,
				LONGER * 4,
				times,
			),
		],
		notes: [
			`Measured: what Convert does with one alert, Drop Command Lines and its limits included, by processor time; the least of ${ROUNDS} rounds. The alerts hold texts of ${TEXT} characters of one kind in each of 25 fields, or ${COUNT} fields, list entries, details, tags, techniques and levels.`,
			`The growth is that of ${Object.keys(READERS).length} functions that read an alert's texts with expressions, without the limits, on ${Object.keys(PIECES).length * VARIANTS.length} kinds of texts. What grows with the square of the length has ${LONGER ** 2}.`,
		],
	};
}

/** For each format, the alert that takes longest. */
function slowestOfEach(): Array<{ what: string; ms: number }> {
	const slowest = new Map(Object.keys(FORMATS).map((format) => [format, { what: '', ms: 0 }]));
	for (const [what, made] of ALERTS) {
		const alert = made();
		globalThis.gc?.();
		for (const [format, { ms: most }] of slowest) {
			const ms = leastOf(() => {
				const kept = withoutCommandLines(limited(alert));
				return FORMATS[format]!.ofRaw(kept, contextOf(kept, '1'));
			});
			if (ms > most) slowest.set(format, { what: `\`${format}\`: ${what}`, ms });
		}
	}
	return [...slowest.values()];
}

const VARIANTS: ReadonlyArray<(text: string) => string> = [
	(text) => text,
	(text) => `x${text}x y`,
	(text) => `a.exe ${text}\u00e9!`,
];
const SHORT = 5_000;
/** From a million characters on, a text has ten times the cost in memory. */
const LONGEST = 20_000;
const LONGER = 16;
/** What takes less is not measured well: its texts become longer. */
const LEAST_MS = 4;

function growthOf(): { what: string; ratio: number } {
	let worst = { what: 'none', ratio: 0 };
	for (const [reader, read] of Object.entries(READERS)) {
		for (const [what, piece] of Object.entries(PIECES)) {
			for (const [variant, made] of VARIANTS.entries()) {
				const ms = (length: number): number => {
					const text = made(filledWith(piece, length));
					return leastOf(() => read(text));
				};
				for (let length = SHORT; length <= LONGEST; length *= 4) {
					const long = ms(LONGER * length);
					if (long < LEAST_MS) continue;
					const ratio = long / ms(length);
					if (ratio > worst.ratio) worst = { what: `\`${reader}\`, ${what} ${variant + 1}`, ratio };
					break;
				}
			}
		}
	}
	return worst;
}

/** Milliseconds of the processor, in the fastest of the rounds. */
function leastOf(run: () => unknown): number {
	return Math.min(
		...Array.from({ length: ROUNDS }, () => {
			const before = process.cpuUsage();
			run();
			const { user, system } = process.cpuUsage(before);
			return (user + system) / 1000;
		}),
	);
}
