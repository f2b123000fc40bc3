import type { IDataObject } from 'n8n-workflow';

import { parseTimestamp } from '../alert/time';
import { small } from './told';
import type { Figures } from './step';
import { publicName, type Word } from './vocabulary';

/** More codes of one field than these are none. */
const MOST_CODES = 30;
const LARGEST_CODE = 999;

/** What kind of value it is, without saying it. */
export function kindOf(value: unknown): Word {
	if (value === null || value === undefined) return 'null';
	if (typeof value === 'boolean') return 'boolean';
	if (typeof value === 'number') return 'number';
	if (Array.isArray(value)) return 'list';
	if (typeof value === 'object') return 'object';
	const text = String(value);
	if (text.trim() === '') return 'empty';
	if (/^-?\d{16,}$/.test(text)) return 'longNumber';
	return parseTimestamp(text) === null ? 'text' : 'date';
}

/** Each public field: in how many rows it is, and the kinds of its values. All others count as one. */
export function census(rows: readonly IDataObject[], known: ReadonlySet<string>): Figures {
	const fields = new Map<string, { present: number; types: Map<Word, number> }>();
	for (const row of rows) {
		for (const [name, value] of Object.entries(row)) {
			const shown = publicName(name, known);
			const field = fields.get(shown) ?? { present: 0, types: new Map<Word, number>() };
			fields.set(shown, field);
			field.present++;
			field.types.set(kindOf(value), (field.types.get(kindOf(value)) ?? 0) + 1);
		}
	}
	return Object.fromEntries(
		[...fields].map(([name, { present, types }]) => [
			name,
			{ present: small(present), types: counts(types) },
		]),
	);
}

/** The values of a field of codes, counted. What is no small whole number counts as other. */
export function codesIn(rows: readonly IDataObject[], field: string): Map<string, number> {
	const codes = new Map<string, number>();
	for (const row of rows) {
		const value = row[field];
		if (value === null || value === undefined) continue;
		const isCode =
			typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= LARGEST_CODE;
		const known = codes.has(String(value)) || codes.size < MOST_CODES;
		const name = isCode && known ? String(value) : 'other';
		codes.set(name, (codes.get(name) ?? 0) + 1);
	}
	return codes;
}

/** As figures. */
export const counts = (numbers: ReadonlyMap<string, number>): Figures =>
	Object.fromEntries([...numbers].map(([name, count]) => [name, small(count)]));

/** How often each answer was given. */
export function tally<Answer extends string>(answers: readonly Answer[]): Map<Answer, number> {
	const numbers = new Map<Answer, number>();
	for (const answer of answers) numbers.set(answer, (numbers.get(answer) ?? 0) + 1);
	return numbers;
}

/** The one answer that all gave; mixed for several, none for no answer. */
export function agreed(answers: readonly Word[]): Word {
	const [first, ...others] = new Set(answers);
	if (first === undefined) return 'none';
	return others.length === 0 ? first : 'mixed';
}
