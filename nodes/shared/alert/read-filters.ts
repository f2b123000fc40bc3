import { ALERT_TYPES, SEVERITIES, STATUSES } from './codes';
import type { AlertFilters } from './filters';
import { flawOfHostName } from './host-name';
import { isRawAlert } from './identity';
import { jsonIn } from './json';

type Names = Readonly<Record<number, string>>;

/** Makes the error: what is wrong with which field, and what to do about it. */
type Refuse = (message: string, description: string) => Error;

/**
 * How each filter is read. To add one: its line here, its field in `filter-properties`, its
 * comparison in `filters`.
 */
const READERS: {
	readonly [Filter in keyof AlertFilters]-?: (
		value: unknown,
		refuse: Refuse,
	) => AlertFilters[Filter];
} = {
	severities: (value, refuse) => codesOf('Severities', SEVERITIES, value, refuse),
	statuses: (value, refuse) => codesOf('Statuses', STATUSES, value, refuse),
	alertTypes: (value, refuse) => codesOf('Alert Types', ALERT_TYPES, value, refuse),
	name: (value, refuse) => textOf('Alert Name Contains', value, refuse),
	hostName: (value, refuse) => hostNameOf(value, refuse),
	scanGroup: (value, refuse) => textOf('Scan Group', value, refuse),
};

const isFilter = (key: string): key is keyof AlertFilters => Object.hasOwn(READERS, key);

/**
 * The one place that decides what a filter asks for. A filter that is there says something, or it
 * is refused: one that was passed
 * over would let every alert pass, and whatever acts on alerts would act on all of them.
 *
 * @param value what the expressions came to
 * @param stored as the node keeps it: an entry whose expression came to nothing is seen only there
 * @throws what `refuse` makes
 */
export function filtersOf(value: unknown, stored: unknown, refuse: Refuse): AlertFilters {
	if (value === undefined && stored === undefined) return {};
	const given = isRawAlert(value) ? value : null;
	const keys = new Set([
		...Object.keys(given ?? {}),
		...Object.keys(isRawAlert(stored) ? stored : {}),
	]);
	if (given === null || ![...keys].every(isFilter)) {
		throw refuse(
			'"Filters" holds something other than filters',
			`Add filters with Add filter. Their names in a workflow's text are ${Object.keys(READERS).join(', ')}.`,
		);
	}
	return Object.fromEntries(
		[...keys].filter(isFilter).map((key) => [key, READERS[key](given[key], refuse)]),
	);
}

/** What an expression gives where there is nothing. */
const NOTHING = /^(?:undefined|null|nan|\[object \w*\])?$/i;
/** Control characters, and a text of nothing that can be seen. */
const UNREADABLE = /\p{Cc}|^[\s\p{DI}]*$/u;

/**
 * A name made of digits comes as a number from JSON and from sheets; a number of more digits than
 * it tells was rounded.
 */
const plain = (value: unknown): string | null =>
	typeof value === 'string'
		? value.trim()
		: Number.isSafeInteger(value) ||
			  (typeof value === 'number' && /^-?\d+\.\d+$/.test(String(value)))
			? String(value)
			: null;

const isNothing = (value: unknown): boolean =>
	value === undefined || value === null || NOTHING.test(String(plain(value) ?? 'x'));

function textOf(displayName: string, value: unknown, refuse: Refuse): string {
	if (isNothing(value)) {
		throw refuse(
			`"${displayName}" is empty, which would let every alert pass`,
			`Fill in ${displayName} under Filters, see to it that its expression gives something, or take this filter out.`,
		);
	}
	const text = plain(value);
	if (text === null || UNREADABLE.test(text))
		throw refuse(
			`"${displayName}" is not one line of text`,
			`Fill in ${displayName} under Filters as one text, or let its expression give one.`,
		);
	return text;
}

function hostNameOf(value: unknown, refuse: Refuse): string {
	const name = textOf('Host Name', value, refuse);
	const why = flawOfHostName(name);
	if (why === null) return name;
	throw refuse(
		`"Host Name" cannot be the name of a host: ${why}`,
		'Fill in the name of one host as Cynet shows it, for example WS-0142.',
	);
}

function codesOf(displayName: string, names: Names, value: unknown, refuse: Refuse): number[] {
	const all = listOf(value);
	if (all.every(isNothing)) {
		throw refuse(
			`"${displayName}" is empty, which would let every alert pass`,
			`Choose from the list of ${displayName}, see to it that its expression gives something, or take this filter out.`,
		);
	}
	return [
		...new Set(
			all.map((one) => {
				const code = codeOf(names, one);
				if (code !== null) return code;
				throw refuse(
					`"${displayName}" holds ${shown(one)}, which is none of its choices`,
					`Choose from its list, or let the expression give names or numbers of it: ${choicesOf(names)}.`,
				);
			}),
		),
	];
}

/** A list, also as its JSON, or as names or numbers with commas between them. */
function listOf(value: unknown): unknown[] {
	const json =
		typeof value === 'string' && value.trim().startsWith('[') ? jsonIn(value) : undefined;
	const parsed = json ?? value;
	const all: unknown[] = Array.isArray(parsed) ? parsed : [parsed];
	return all.flatMap((one) =>
		typeof one === 'string' ? one.split(',').map((part) => part.trim()) : [one],
	);
}

/** The number of a choice, given as it is, as text or by name in any letters; null for all else. */
function codeOf(names: Names, value: unknown): number | null {
	const text = plain(value)?.toLowerCase() ?? '';
	const known = Object.keys(names).find(
		(number) => number === text || names[Number(number)]?.toLowerCase() === text,
	);
	return known === undefined ? null : Number(known);
}

const choicesOf = (names: Names): string =>
	Object.entries(names)
		.map(([number, name]) => `${name} (${number})`)
		.join(', ');

/** What was given, where it is harmless to show. */
function shown(value: unknown): string {
	const text = plain(value);
	return text !== null && /^[\p{L}\p{N} ._-]{1,30}$/u.test(text) ? `"${text}"` : 'something';
}
