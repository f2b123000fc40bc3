/**
 * A whole number that is a number or text, as an AI agent gives it; null for all else, and for what
 * is out of bounds.
 */
export function wholeNumber(value: unknown, least: number, most = Infinity): number | null {
	const number =
		typeof value === 'string' && /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most
		? number
		: null;
}
