import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../nodes/shared/feed/varint.ts';

describe('numbers as text', () => {
	it('come back as they were', () => {
		fc.assert(
			fc.property(
				fc.array(fc.oneof(fc.nat({ max: 40 }), fc.nat({ max: 2000 }), fc.maxSafeNat())),
				(numbers) => {
					expect(decode(encode(numbers))).toEqual(numbers);
				},
			),
		);
	});

	it.each([
		[[], ''],
		[[0], 'A'],
		[[31], 'f'],
		[[32], 'gB'],
		[[1023], '_f'],
		[[1024], 'ggB'],
		[[Number.MAX_SAFE_INTEGER], '__________H'],
		[[0, 1, 2, 32], 'ABCgB'],
	])("%j are %j: an older release's state must be readable", (numbers, text) => {
		expect(encode(numbers)).toBe(text);
		expect(decode(text)).toEqual(numbers);
	});

	it('need no escapes in JSON', () => {
		const text = encode(Array.from({ length: 2000 }, (_, i) => i));
		expect(JSON.stringify(text)).toHaveLength(text.length + 2);
	});
});

describe('a text that is none of ours is refused', () => {
	it.each([
		['a character that is no digit', 'A A', '" " is no digit'],
		['a letter that is none of ours', 'Aé', '"é" is no digit'],
		['an emoji', '😀', '"😀" is no digit'],
		['one that ends inside a number', 'Ag', 'The text ends inside a number'],
		['a number with a needless zero at its end', 'gA', 'A number is too long'],
		['a number just too large', 'ggggggggggI', 'A number is too large'],
		['a number far too large', `${'_'.repeat(300)}B`, 'A number is too large'],
	])('%s', (_what, text, message) => {
		expect(() => decode(text)).toThrow(new RangeError(message));
	});

	it('or else it is exactly what its numbers are written as', () => {
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom(...'ABfghi_-'), maxLength: 8 }), (text) => {
				let numbers: number[];
				try {
					numbers = decode(text);
				} catch (error) {
					expect(error).toBeInstanceOf(RangeError);
					return;
				}
				expect(encode(numbers)).toBe(text);
			}),
		);
	});
});
