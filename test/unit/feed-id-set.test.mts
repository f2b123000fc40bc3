import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdSet } from '../../nodes/shared/feed/id-set.ts';
import { encode } from '../../nodes/shared/feed/varint.ts';

function setOf(ids: Iterable<number>): IdSet {
	const set = IdSet.empty();
	for (const id of ids) set.add(id);
	return set;
}

/** The ids from 0 to `end` that the set has. */
const listOf = (set: IdSet, end: number) =>
	Array.from({ length: end + 1 }, (_, id) => id).filter((id) => set.has(id));

/** How many ranges the ids make, counted the plain way. */
const rangesOf = (ids: Set<number>) => [...ids].filter((id) => !ids.has(id - 1)).length;

describe('the set of ids', () => {
	it('is empty at first', () => {
		const set = IdSet.empty();
		expect([set.has(0), set.highest, set.ranges, set.pack()]).toEqual([false, -1, 0, '']);
	});

	it('has what was added and nothing else, in as few ranges as can be, whatever the order', () => {
		fc.assert(
			fc.property(fc.array(fc.nat({ max: 60 }), { maxLength: 80 }), (ids) => {
				const set = IdSet.empty();
				const plain = new Set<number>();
				for (const id of ids) {
					expect(set.has(id)).toBe(plain.has(id));
					set.add(id);
					plain.add(id);
					expect(set.has(id)).toBe(true);
					expect(set.highest).toBe(Math.max(...plain));
					expect(set.ranges).toBe(rangesOf(plain));
				}
				expect(listOf(set, 62)).toEqual([...plain].sort((a, b) => a - b));
			}),
		);
	});

	it('comes back from its text, and both sets live on for themselves', () => {
		fc.assert(
			fc.property(fc.array(fc.nat({ max: 200 })), fc.nat({ max: 200 }), (ids, more) => {
				const set = setOf(ids);
				const copy = IdSet.unpack(set.pack());
				expect(copy.pack()).toBe(set.pack());
				expect(listOf(copy, 202)).toEqual(listOf(set, 202));
				copy.add(more);
				expect(set.has(more)).toBe(ids.includes(more));
			}),
		);
	});

	it('holds the largest id there is', () => {
		const set = setOf([Number.MAX_SAFE_INTEGER, 0]);
		const copy = IdSet.unpack(set.pack());
		expect([
			copy.has(Number.MAX_SAFE_INTEGER),
			copy.has(Number.MAX_SAFE_INTEGER - 1),
			copy.has(0),
			copy.highest,
		]).toEqual([true, false, true, Number.MAX_SAFE_INTEGER]);
	});

	it.each([
		[[0], 'AA'],
		[[7], 'HA'],
		[[5, 6, 7, 9, 100], 'FCAA5CA'],
	])("of %j is written as %j: an older release's state must be readable", (ids, text) => {
		expect(setOf(ids).pack()).toBe(text);
		expect(IdSet.unpack(text).pack()).toBe(text);
	});

	it('of a million alerts, one in a hundred missing at random, takes 27,500 characters at most', () => {
		let seed = 1;
		const random = () => (seed = (seed * 48_271) % 0x7fffffff) / 0x7fffffff;
		const set = IdSet.empty();
		for (let id = 1; id <= 1_000_000; id++) if (random() >= 0.01) set.add(id);
		expect(set.ranges).toBeGreaterThan(9_500);
		expect(set.pack().length).toBeLessThanOrEqual(27_500);
	});
});

describe('a set that must shrink', () => {
	it('closes the oldest gaps and keeps the newest', () => {
		const set = setOf([1, 3, 5, 7, 9]);
		set.shrinkTo(3);
		expect(listOf(set, 10)).toEqual([1, 2, 3, 4, 5, 7, 9]);
		expect(set.ranges).toBe(3);
	});

	it('has at most so many ranges, and loses no id', () => {
		fc.assert(
			fc.property(
				fc.array(fc.nat({ max: 100 }), { minLength: 1 }),
				fc.integer({ min: -1, max: 40 }),
				(ids, count) => {
					const set = setOf(ids);
					const { highest } = set;
					const before = set.ranges;
					set.shrinkTo(count);
					expect(set.ranges).toBe(Math.min(before, Math.max(1, count)));
					expect(ids.every((id) => set.has(id))).toBe(true);
					expect(set.has(Math.min(...ids) - 1)).toBe(false);
					expect(set.highest).toBe(highest);
					expect(IdSet.unpack(set.pack()).pack()).toBe(set.pack());
				},
			),
		);
	});

	it('stays as it is when it is small enough', () => {
		const set = setOf([1, 3, 5]);
		set.shrinkTo(3);
		expect(listOf(set, 6)).toEqual([1, 3, 5]);
		const none = IdSet.empty();
		none.shrinkTo(0);
		expect(none.pack()).toBe('');
	});
});

describe('a text that no set was written as is refused', () => {
	it.each([
		['a range without an end', encode([5]), 'A range has no end'],
		['a character that is no digit', 'AA.', '"." is no digit'],
		['one cut off inside a number', 'AAA_', 'The text ends inside a number'],
		[
			'ids beyond the largest whole number',
			encode([Number.MAX_SAFE_INTEGER, 1]),
			'An id is too large',
		],
		[
			'ranges whose sum is too large',
			encode([1, 1, Number.MAX_SAFE_INTEGER, 1]),
			'An id is too large',
		],
	])('%s', (_what, text, message) => {
		expect(() => IdSet.unpack(text)).toThrow(new RangeError(message));
	});
});
