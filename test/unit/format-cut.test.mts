import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { FULL, ofRaw, type Json } from './format-kit.mts';

const FIELDS = [
	'IncidentName',
	'IncidentDescription',
	'IncidentRecomendation',
	'CommandLine',
	'HostName',
	'Path',
	'AlertDomain',
	'ScanGroupName',
	'Unheard',
];

/** What makes a text shorter, or longer, on its way to a reader. */
const FILLERS: ReadonlyArray<readonly [name: string, text: string]> = [
	['letters', 'a'],
	['line breaks of Windows', '\r\n'],
	['blanks', ' '],
	['tabs', '\t'],
	['accents on one letter', '\u0301'],
	['halves of characters', '\ud800'],
	['backslashes', '\\'],
];

/** Between half of each limit that a format has, and twice as much; with the last one the whole alert is too long. */
const LENGTHS = [700, 1_500, 6_000, 12_000, 45_000];

const alertWith = (between: string): Json => ({
	...FULL,
	...Object.fromEntries(FIELDS.map((field, at) => [field, `A${at}begin${between}Z${at}end`])),
});

function textsOf(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

/** What stands of the values, each as far as the next one. */
const shownOf = (item: Json): string[] =>
	textsOf(item)
		.join('\n')
		.split(/(?=A\dbegin)/)
		.slice(1);

const isWhole = (shown: string): boolean => shown.includes(`Z${shown[1]}end`);
const hasMark = (shown: string): boolean => /…|\[cut\]/.test(shown);

// Those that keep a value as it is bound it elsewhere.
const CUTTING = Object.keys(FORMATS).filter((format) => !['raw', 'simplified'].includes(format));

describe.each(CUTTING)('%s', (format) => {
	it.each(FILLERS)('shows a mark where a value of many %s ends too early', (_, filler) => {
		const silent = LENGTHS.flatMap((length) => {
			const alert = alertWith(filler.repeat(Math.ceil(length / filler.length)));
			const shown = shownOf(ofRaw(format, alert));
			expect(shown.length).toBeGreaterThan(0);
			return shown
				.filter((one) => !isWhole(one) && !hasMark(one))
				.map((one) => `${FIELDS[Number(one[1])]} of ${length}`);
		});
		expect(silent).toEqual([]);
	});
});

it.each(['text', 'markdown', 'html'])(
	'most of a page of %s is for the description where that is the only long text',
	(format) => {
		const long = 'word '.repeat(20_000);
		const { IncidentRecomendation: _, CommandLine: __, ...alert } = FULL;
		const page = ofRaw(format, { ...alert, IncidentDescription: long })[format] as string;
		expect(page.match(/word/g)!.length * 5).toBeGreaterThan(15_000);
	},
);
