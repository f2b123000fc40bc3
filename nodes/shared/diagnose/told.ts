import { LARGEST_NUMBER, type Word } from './vocabulary';

/** What may be filled into a text: what a report may hold as well. */
export type Filling = number | Word;

/** A text, and what was filled into it: the rest of it is the code's own. */
export interface Told {
	readonly text: string;
	readonly filled: readonly Filling[];
}

/** A text in plain words. Numbers of more digits than an id may have are said as "thousands". */
export function told(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Told {
	const filled = fillings.map((one) => (typeof one === 'number' ? small(one) : one));
	const text = parts.reduce(
		(all, part, place) => all + part + (place < filled.length ? String(filled[place]) : ''),
		'',
	);
	return { text: text.charAt(0).toUpperCase() + text.slice(1), filled };
}

/** A number as a report may hold it: whole, and of three digits at most. */
export function small(number: number): Filling {
	const whole = Math.round(number);
	if (!Number.isFinite(whole)) return 'other';
	return Math.abs(whole) <= LARGEST_NUMBER ? whole : 'thousand';
}
