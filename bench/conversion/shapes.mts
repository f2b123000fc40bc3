import { ATTACKED_FIELDS } from '../../test/hostile-texts.mts';

/**
 * Alerts of one to five megabytes in the shapes that a hostile one can have: long texts of one kind of
 * character each, in every field, and objects that are wide, deep or both.
 */
export type Alert = Record<string, unknown>;

/** A piece of which a text of any length is made. */
export const PIECES: Readonly<Record<string, string>> = {
	letters: 'x',
	blanks: ' ',
	'line breaks': 'a\r\n',
	tabs: '\t',
	colons: ':',
	dots: 'a.',
	slashes: 'https://',
	backslashes: '\\',
	backticks: '`',
	ampersands: '&',
	'at signs': 'a@a',
	hyphens: '-',
	'command words': 'args ',
	switches: ' -p',
	quotes: '"',
	braces: '{"a":',
	brackets: '[',
	techniques: 'T1059.',
	addresses: '1.2.3.4 ',
	digits: '1',
	accents: '\u0301',
	emoji: '\u{1f600}',
	halves: '\ud83d',
	controls: '\u0001',
	commas: 'a,',
	'key: value lines': 'Path: c:\\a b\n',
};

const FIELDS = [
	...ATTACKED_FIELDS,
	'Uniqueness',
	'ClientDbId',
	'Severity',
	'Status',
	'AlertType',
	'DateIn',
	'LastSeen',
	'Sha256',
	'AlertIp',
	'Tags',
	'MitreDetails',
	'IncidentJsonDescription',
	'AlertGraphJsonRaw',
	'Unheard',
];

export const filledWith = (piece: string, length: number): string =>
	piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

/** One text of that length in every field, in the details and in the lists. */
export function everywhere(text: string): Alert {
	return {
		...Object.fromEntries(FIELDS.map((field) => [field, text])),
		Tags: [text, { Name: text }],
		MitreDetails: { id: text },
	};
}

export function inField(field: string, value: unknown): Alert {
	return { ClientDbId: 1, IncidentName: 'x', [field]: value };
}

const keys = (count: number, value: (index: number) => unknown): Record<string, unknown> =>
	Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, value(index)]));
const list = (count: number, value: (index: number) => unknown): unknown[] =>
	Array.from({ length: count }, (_, index) => value(index));

function deep(levels: number, width: number): unknown {
	let inner: unknown = 'x';
	for (let level = 0; level < levels; level++)
		inner = { ...keys(width - 1, String), [`deep ${level}`]: inner };
	return inner;
}

/** Shapes of `count` values. */
export const SHAPES: Readonly<Record<string, (count: number) => Alert>> = {
	'many fields': (count) => ({ ClientDbId: 1, ...keys(count, String) }),
	'many fields of the same name': (count) => ({
		ClientDbId: 1,
		IncidentName: 'x',
		...keys(count, String),
		IncidentJsonDescription: JSON.stringify(keys(count, String)),
	}),
	'many details': (count) =>
		inField('IncidentJsonDescription', JSON.stringify(keys(count, String))),
	'a list of details': (count) =>
		inField('IncidentJsonDescription', JSON.stringify({ Details: list(count, (a) => ({ a })) })),
	'many command lines': (count) =>
		inField('IncidentJsonDescription', {
			...Object.fromEntries(
				list(count, (index) => [`CommandLine ${index}`, `a.exe -p secret${index}`]) as [
					string,
					string,
				][],
			),
		}),
	'a list of texts': (count) => inField('Modules', list(count, String)),
	'a list of lists': (count) =>
		inField(
			'Modules',
			list(count, () => []),
		),
	'many tags': (count) =>
		inField(
			'Tags',
			list(count, (index) => ({ Name: `tag ${index}` })),
		),
	'many techniques': (count) =>
		inField(
			'MitreDetails',
			list(count, (index) => ({ id: `T${1000 + (index % 9000)}` })),
		),
	'deep and narrow': (count) =>
		inField('IncidentJsonDescription', deep(Math.min(count, 100_000), 1)),
	'deep and wide': (count) => inField('Unheard', deep(50, Math.ceil(count / 50))),
	'long keys': (count) =>
		inField(
			'IncidentJsonDescription',
			Object.fromEntries(
				list(count / 1000, (index) => [`${index}${'k'.repeat(20_000)}`, 1]) as [string, number][],
			),
		),
	'keys that repeat in one line': (count) =>
		inField(
			'Unheard',
			Object.fromEntries(
				list(count, (index) => [` ${' '.repeat(index % 200)}k${index}`, 1]) as [string, number][],
			),
		),
	'keys alike': (count) =>
		inField(
			'Unheard',
			Object.fromEntries(
				list(Math.min(count, 20_000), (index) => [`${'k'.repeat(500)}${index}`, 1]) as [
					string,
					number,
				][],
			),
		),
};
