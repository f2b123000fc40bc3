import { LARGEST_NUMBER, type Word } from './vocabulary';

/** What may be filled into a text: what a report may hold as well. */
type Filling = number | Word;

/** A text, and what was filled into it: the rest of it is the code's own. */
export interface Told {
	readonly text: string;
	readonly filled: readonly Filling[];
}

/** How a word of the report is said in a verdict. */
const PHRASES: Partial<Record<Word, string>> = {
	accountToken: 'Account Token',
	v2Login: 'Login V2',
	json: 'JSON as text',
	highFirst: 'the highest byte first',
	lowFirst: 'the lowest byte first',
	mixed: 'now this, now that',
	hex: 'hexadecimal',
	null: 'nothing in all alerts',
	endOfTime: 'the end of all time',
	ascending: 'ascending by LastSeen',
	descending: 'descending by LastSeen',
	byId: 'by ClientDbId',
	byDateChanged: 'by DateChanged',
	envelope: 'in an object',
	array: 'without an object around it',
	longNumber: 'a number too long for JavaScript',
	thousand: 'a thousand or more',
	silent: 'the server fell silent',
	cancelled: 'someone stopped it',
};

/** A text in plain words. Numbers of more digits than an id may have are said as "thousands". */
export function told(parts: TemplateStringsArray, ...fillings: readonly Filling[]): Told {
	const filled = fillings.map((one) => (typeof one === 'number' ? small(one) : one));
	const text = parts.reduce(
		(all, part, place) =>
			all + part + (place < filled.length ? phraseOf(filled[place] as Filling) : ''),
		'',
	);
	return { text: text.charAt(0).toUpperCase() + text.slice(1), filled };
}

const phraseOf = (filling: Filling): string =>
	(typeof filling === 'string' && PHRASES[filling]) || String(filling);

/** A number as a report may hold it: whole, and of three digits at most. */
export function small(number: number): Filling {
	const whole = Math.round(number);
	if (!Number.isFinite(whole)) return 'other';
	return Math.abs(whole) <= LARGEST_NUMBER ? whole : 'thousand';
}
