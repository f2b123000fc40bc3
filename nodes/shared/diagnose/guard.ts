import type { Met } from './met';
import { QUESTIONS } from './questions';
import { isPublic, LARGEST_NUMBER } from './vocabulary';

/**
 * Whether a value can be shared. Two guards that do not know of each other: all in it is a small
 * number, a truth value or a public word; and no text of the tenant stands in it.
 */
export const isShareable = (value: unknown, met: Met): boolean =>
	saysPublicOnly(value) && !holdsMet(value, met);

/** Whether all that a value holds is of the vocabulary, keys included. */
export function saysPublicOnly(value: unknown): boolean {
	return piecesOf(value).every((piece) =>
		typeof piece === 'number'
			? Number.isInteger(piece) && Math.abs(piece) <= LARGEST_NUMBER
			: isPublicText(piece),
	);
}

/**
 * Whether a text that was met stands in a value. A public word stays public where the tenant has it
 * as a text of its own, such as a user called "Status": that it is in a report says nothing of the
 * tenant, for it would be there in any case.
 */
export function holdsMet(value: unknown, met: Met): boolean {
	return piecesOf(value)
		.map(String)
		.some((piece) => !isPublicText(piece) && met.standsIn(piece));
}

const isPublicText = (text: string): boolean =>
	isPublic(text) || Object.keys(QUESTIONS).includes(text);

/** The texts and numbers of a value at any depth, keys included. */
function piecesOf(value: unknown): Array<string | number> {
	if (typeof value === 'string' || typeof value === 'number') return [value];
	if (typeof value !== 'object' || value === null) return [];
	if (Array.isArray(value)) return value.flatMap(piecesOf);
	return Object.entries(value).flatMap(([key, one]) => [key, ...piecesOf(one)]);
}
