import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Marks } from '../../nodes/shared/feed/marks.ts';
import { HOUR, MINUTE, NOON } from './feed-list.mts';

const ROOM = 4000;

describe('the marks', () => {
	it('take everything until the floor as emitted', () => {
		const marks = Marks.from(NOON);
		expect([
			marks.isLater(7, NOON),
			marks.isLater(7, NOON + 1),
			marks.isLater('a', NOON),
			marks.isLater('a', NOON + 1),
		]).toEqual([false, true, false, true]);
	});

	it('know the latest time of each alert, and never go back', () => {
		const marks = Marks.from(NOON);
		marks.set(7, NOON + 10);
		marks.set(7, NOON + 5);
		marks.set('a', NOON + 20);
		expect([
			marks.isLater(7, NOON + 10),
			marks.isLater(7, NOON + 11),
			marks.isLater(8, NOON + 1),
			marks.isLater('a', NOON + 20),
			marks.isLater('a', NOON + 21),
		]).toEqual([false, true, true, false, true]);
		marks.set(9, NOON - 5);
		expect(marks.isLater(9, NOON)).toBe(false);
	});

	it('tell a number from its text', () => {
		const marks = Marks.from(NOON);
		marks.set(7, NOON + 10);
		expect(marks.isLater('7', NOON + 10)).toBe(true);
	});

	it('come back from their text', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.oneof(fc.nat(50), fc.string()), fc.integer({ min: -50, max: 100 }))),
				(events) => {
					const marks = Marks.from(NOON);
					for (const [id, at] of events) marks.set(id, NOON + at);
					const copy = Marks.unpack(marks.pack(0, ROOM * 10));
					for (const [id] of events) {
						for (const at of [-1, 0, 1, 50, 99, 100])
							expect(copy.isLater(id, NOON + at)).toBe(marks.isLater(id, NOON + at));
					}
				},
			),
		);
	});

	it("are written like this: an older release's state must be readable", () => {
		const text = 'mpv5pc00,=ypeBEsob:1e,z:a';
		const marks = Marks.from(NOON);
		marks.set(35, NOON + 60);
		marks.set('a', NOON + 50);
		expect(marks.pack(0, ROOM)).toBe(text);
		expect(Marks.unpack(text).pack(0, ROOM)).toBe(text);
		expect(Marks.from(NOON).pack(0, ROOM)).toBe('mpv5pc00');
	});

	it('of a floor before 1970 come back: a clock may have been wrong by decades', () => {
		expect(Marks.unpack(Marks.from(-1).pack(0, ROOM)).isLater(7, 1)).toBe(true);
	});
});

describe('marks that stand for births, to the minute', () => {
	const marksOf = (...births: Array<[string, number]>) => {
		const marks = Marks.from(0, MINUTE);
		for (const [id, at] of births) marks.set(id, at);
		return marks;
	};
	const has = (marks: Marks, ...ids: string[]) => ids.map((id) => marks.has(id));

	it('have what was set, and nothing else', () => {
		const marks = marksOf(['a', NOON], ['b', NOON]);
		expect([has(marks, 'a', 'b', 'c'), marks.size]).toEqual([[true, true, false], 2]);
	});

	it('tell long ids apart that begin alike', () => {
		expect(
			has(marksOf([`${'x'.repeat(5000)}1`, NOON]), `${'x'.repeat(5000)}1`, `${'x'.repeat(5000)}2`),
		).toEqual([true, false]);
	});

	it('come back from their text, rounded up to the minute: what was dropped is never above the floor', () => {
		const marks = marksOf(
			['newest', NOON + 90 * MINUTE + 59_999],
			['oldest', NOON + 1],
			['middle', NOON + 2 * MINUTE],
			['same', NOON + 2 * MINUTE],
		);
		const text = marks.pack(NOON + MINUTE + 1, ROOM);
		const copy = Marks.unpack(text, MINUTE);
		expect(copy.pack(0, ROOM)).toBe(text);
		expect(has(copy, 'newest', 'middle', 'same', 'oldest')).toEqual([true, true, true, false]);
		expect([
			copy.isLater('oldest', NOON + 1),
			copy.isLater('any', NOON + MINUTE),
			copy.isLater('any', NOON + MINUTE + 1),
		]).toEqual([false, false, true]);
		expect([
			copy.isLater('newest', NOON + 91 * MINUTE),
			copy.isLater('newest', NOON + 91 * MINUTE + 1),
		]).toEqual([false, true]);
	});

	it('drop those that were seen the longest ago first, and not one that was seen again since', () => {
		const marks = marksOf(['a', NOON], ['b', NOON + MINUTE], ['a', NOON + 2 * MINUTE], ['a', NOON]);
		marks.pack(NOON + 2 * MINUTE, ROOM);
		expect(has(marks, 'a', 'b')).toEqual([true, false]);
	});

	it('are none of what was born before the floor: it counts as known', () => {
		const marks = marksOf(['a', NOON + MINUTE]);
		marks.pack(NOON + HOUR, ROOM);
		marks.set('older', NOON);
		expect([marks.size, marks.isLater('older', NOON)]).toEqual([0, false]);
	});

	it('are kept of what is remembered without a birth, however old: above the floor, with the later time that it has', () => {
		const marks = marksOf(['a', NOON + HOUR]);
		marks.remember('a', NOON);
		marks.remember('no time', 0);
		marks.pack(NOON + MINUTE, ROOM);
		expect(has(marks, 'a', 'no time')).toEqual([true, false]);
		marks.remember('below the floor', 0);
		expect(has(marks, 'below the floor')).toEqual([true]);
		expect(has(Marks.unpack(marks.pack(0, ROOM), MINUTE), 'a', 'below the floor')).toEqual([
			true,
			true,
		]);
	});

	it('are empty where nothing was set', () => {
		expect(Marks.from(0, MINUTE).pack(0, ROOM)).toBe('0');
		expect(Marks.unpack('0', MINUTE).size).toBe(0);
	});
});

describe('marks that are dropped', () => {
	it('are those from before the horizon; the floor stands in for them', () => {
		const marks = Marks.from(NOON);
		marks.set(1, NOON + 10);
		marks.set(2, NOON + 20);
		marks.set(3, NOON + 30);
		marks.pack(NOON + 20, ROOM);
		expect([
			marks.isLater(1, NOON + 10),
			marks.isLater(1, NOON + 11),
			marks.isLater(2, NOON + 20),
			marks.isLater(2, NOON + 21),
			marks.isLater(9, NOON + 11),
		]).toEqual([false, true, false, true, true]);
		marks.pack(NOON + 40, ROOM);
		expect([marks.isLater(9, NOON + 30), marks.isLater(9, NOON + 31)]).toEqual([false, true]);
	});

	it('are the oldest where there is no room: nothing that was emitted is later than its mark', () => {
		const marks = Marks.from(NOON);
		for (let id = 0; id < 2000; id++) marks.set(1_000_000 + id, NOON + id * MINUTE);
		const text = marks.pack(0, ROOM);
		expect(text.length).toBeLessThanOrEqual(ROOM);
		expect(text.length).toBeGreaterThan(ROOM - 30);
		const copy = Marks.unpack(text);
		for (let id = 0; id < 2000; id++)
			expect(copy.isLater(1_000_000 + id, NOON + id * MINUTE)).toBe(false);
		expect(copy.isLater(1_001_999, NOON + 1999 * MINUTE + 1)).toBe(true);
		expect(copy.isLater(77, NOON + 1999 * MINUTE)).toBe(true);
		expect(text.split(',').length).toBeGreaterThan(300);
	});

	it('are as many as must be with texts, and with all of them in one moment', () => {
		const marks = Marks.from(0);
		for (let id = 0; id < 2000; id++) marks.set(`alert-${id}`, NOON);
		expect(marks.pack(0, ROOM).length).toBeLessThanOrEqual(ROOM);
		expect(marks.isLater('new', NOON)).toBe(false);
	});
});

describe('a text that no marks were written as is refused', () => {
	it.each([
		[''],
		['!'],
		[',a:1'],
		['1,a'],
		['1,a:'],
		['1,a:-1'],
		['-5'],
		['1,a:5!'],
		['1 '],
		['A'],
		['zzzzzzzzzzz'],
	])('%j', (text) => {
		expect(() => Marks.unpack(text)).toThrow(new RangeError('A mark has no time'));
	});
});
