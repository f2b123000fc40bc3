import type { IDataObject } from 'n8n-workflow';
import { cell as harmless } from './harmless';
import type { AlertRecord } from './record';
import { asText, isEmpty } from './values';

/** Deeper objects are written as JSON. */
const MOST_LEVELS = 4;

/**
 * A record of texts, numbers and truth values for a row of a spreadsheet: first the columns of the simplified form, always all of them,
 * then those of its details (`details.Extra Info.Malware ID`), then what else there is. A text that a spreadsheet would run as a formula
 * begins with an apostrophe.
 */
export function flat(alert: AlertRecord): IDataObject {
	return Object.fromEntries(cellsOf(alert).map(([name, value]) => [name, cell(value)])) as IDataObject;
}

/** Names and values of an alert, in one level. */
export function cellsOf({ simple, others }: AlertRecord): Array<[name: string, value: unknown]> {
	const { details, ...columns } = simple;
	return [...Object.entries(columns), ...Object.entries({ details, ...others }).flatMap(([name, value]) => levelled(name, value, MOST_LEVELS))];
}

function levelled(name: string, value: unknown, levels: number): Array<[string, unknown]> {
	if (isEmpty(value)) return [];
	if (typeof value !== 'object' || Array.isArray(value) || levels === 0) return [[name, value]];
	return Object.entries(value as object).flatMap(([key, inner]) => levelled(`${name}.${key}`, inner, levels - 1));
}

function cell(value: unknown): string | number | boolean | null {
	if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
	return harmless(asText(value));
}
