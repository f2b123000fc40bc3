/**
 * Whole numbers as text, five bits a character, small ones short: 0–31 take one character, 32–1023 two.
 * The state lives in a JSON column of n8n's database, so this text needs no byte arrays and no escapes.
 */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES = new Map([...DIGITS].map((digit, value) => [digit, value]));

export function encode(numbers: Iterable<number>): string {
	let text = '';
	for (let number of numbers) {
		while (number >= 32) {
			text += DIGITS.charAt(32 + (number % 32));
			number = Math.floor(number / 32);
		}
		text += DIGITS.charAt(number);
	}
	return text;
}

/** The numbers of `encode`'s text. Throws a RangeError on a text that `encode` cannot have written. */
export function decode(text: string): number[] {
	const numbers: number[] = [];
	let number = 0;
	let scale = 1;
	for (const digit of text) {
		const value = VALUES.get(digit);
		if (value === undefined) throw new RangeError(`"${digit}" is no digit`);
		if (value === 0 && scale !== 1) throw new RangeError('A number is too long');
		number += (value % 32) * scale;
		if (number > Number.MAX_SAFE_INTEGER) throw new RangeError('A number is too large');
		if (value >= 32) {
			scale *= 32;
		} else {
			numbers.push(number);
			number = 0;
			scale = 1;
		}
	}
	if (scale !== 1) throw new RangeError('The text ends inside a number');
	return numbers;
}
