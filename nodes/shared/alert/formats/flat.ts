import type { IDataObject } from 'n8n-workflow';
import { cell as harmless, cut, inOneLine } from './harmless';
import type { AlertRecord } from './record';
import { asText, distinct, isEmpty } from './values';

/** Deeper objects are written as JSON. */
const MOST_LEVELS = 4;
/** No spreadsheet has use for more; the rest is JSON in one more column. */
const MOST_COLUMNS = 200;
/** Excel takes 32,767 characters in a cell. */
const MOST_OF_CELL = 32_000;
const MOST_OF_NAME = 200;

/**
 * A record of texts, numbers and truth values for a row of a spreadsheet: first the columns of the
 * simplified form, always all of them,
 * then those of its details (`details.Extra Info.Malware ID`), then what else there is. A text or
 * name that a spreadsheet would run as a
 * formula begins with an apostrophe.
 */
export function flat(alert: AlertRecord): IDataObject {
	return Object.fromEntries(
		distinct(
			cellsOf(alert).map(([name, value]) => [
				harmless(cut(inOneLine(name.slice(0, 4 * MOST_OF_NAME)), MOST_OF_NAME)),
				cell(value),
			]),
		),
	) as IDataObject;
}

/** Names and values of an alert, in one level; no name twice. */
export function cellsOf({ simple, others }: AlertRecord): Array<[name: string, value: unknown]> {
	const { details, ...columns } = simple;
	const more: Array<[string, unknown]> = [];
	const left: Array<[string, unknown]> = [];
	level(details, 'details', MOST_LEVELS, more, left);
	for (const [name, value] of Object.entries(others)) level(value, name, MOST_LEVELS, more, left);
	if (left.length > 0) more.push(['more', Object.fromEntries(left)]);
	return distinct([...Object.entries(columns), ...more]);
}

function level(
	value: unknown,
	name: string,
	levels: number,
	into: Array<[string, unknown]>,
	left: Array<[string, unknown]>,
): void {
	if (isEmpty(value)) return;
	if (into.length >= MOST_COLUMNS) left.push([name, value]);
	else if (typeof value !== 'object' || Array.isArray(value) || levels === 0)
		into.push([name, value]);
	else
		for (const [key, inner] of Object.entries(value as object))
			level(inner, `${name}.${key}`, levels - 1, into, left);
}

function cell(value: unknown): string | number | boolean | null {
	if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
	return cut(harmless(asText(value).slice(0, 2 * MOST_OF_CELL)), MOST_OF_CELL);
}
