import { describe, expect, it } from 'vitest';
import { KeyList } from '../../nodes/shared/feed/key-list.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 5, 1, 12);
const NEVER = null;

function listOf(...keys: Array<[string, number]>): KeyList {
	const list = new KeyList();
	for (const [key, time] of keys) list.add(key, time);
	return list;
}

describe('the list of keys', () => {
	it('has what was added, whatever its birth, and nothing else', () => {
		const list = listOf(['a', NOON], ['b', NOON]);
		expect([list.has('a', NEVER), list.has('b', NOON - 1), list.has('c', NEVER), list.has('c', 1)]).toEqual([true, true, false, false]);
		expect(list.size).toBe(2);
	});

	it('tells long keys apart that begin alike', () => {
		const list = listOf([`${'x'.repeat(5000)}1`, NOON]);
		expect(list.has(`${'x'.repeat(5000)}2`, NEVER)).toBe(false);
	});

	it('comes back from its text, to the minute', () => {
		const list = listOf(['newest', NOON + 90 * MINUTE + 59_999], ['oldest', NOON], ['middle', NOON + 2 * MINUTE], ['same', NOON + 2 * MINUTE]);
		list.forget(NOON + MINUTE, 10);
		const copy = KeyList.unpack(list.pack());
		expect(copy.pack()).toBe(list.pack());
		expect(['newest', 'middle', 'same', 'oldest'].map((key) => copy.has(key, NEVER))).toEqual([true, true, true, false]);
		expect(copy.forgottenUntil).toBe(NOON);
		copy.forget(NOON + 90 * MINUTE, 10);
		expect(['newest', 'middle'].map((key) => copy.has(key, NEVER))).toEqual([true, false]);
	});

	it('of two keys is written like this: an older release\'s state must be readable', () => {
		const text = 'A.ypeBEsobPiPoFgA5.wvwpcC';
		expect(listOf(['b', NOON + 2 * MINUTE], ['a', NOON]).pack()).toBe(text);
		expect(KeyList.unpack(text).pack()).toBe(text);
		expect(KeyList.unpack(text).has('a', NEVER)).toBe(true);
	});

	it('that is empty comes back empty', () => {
		expect(new KeyList().pack()).toBe('A..');
		expect(KeyList.unpack('A..').size).toBe(0);
		expect(KeyList.unpack('A..').forgottenUntil).toBe(0);
	});
});

describe('what is forgotten', () => {
	it('is what was last seen before that time', () => {
		const list = listOf(['old', NOON - 1], ['edge', NOON], ['new', NOON + 1]);
		list.forget(NOON, 10);
		expect(['old', 'edge', 'new'].map((key) => list.has(key, NEVER))).toEqual([false, true, true]);
	});

	it('is what was seen the longest ago, beyond so many', () => {
		const list = listOf(['c', NOON + 2], ['a', NOON], ['d', NOON + 3], ['b', NOON + 1]);
		list.forget(0, 2);
		expect(['a', 'b', 'c', 'd'].map((key) => list.has(key, NEVER))).toEqual([false, false, true, true]);
		list.forget(0, 0);
		expect(list.size).toBe(0);
	});

	it('is not what was seen again since', () => {
		const list = listOf(['a', NOON], ['b', NOON + 1], ['a', NOON + 2]);
		list.forget(NOON + 2, 10);
		expect([list.has('a', NEVER), list.has('b', NEVER)]).toEqual([true, false]);
	});

	it('is not forgotten sooner because the server\'s clock went back', () => {
		const list = listOf(['a', NOON], ['a', NOON - 5]);
		list.forget(NOON, 10);
		expect(list.has('a', NEVER)).toBe(true);
	});

	it('counts as seen all the same: whatever was born before it does, and nothing that was born later', () => {
		const list = listOf(['old', NOON], ['older', NOON - 5], ['new', NOON + 10]);
		list.forget(NOON + 1, 10);
		expect(list.forgottenUntil).toBe(NOON);
		expect([list.has('any', NOON - 1), list.has('any', NOON), list.has('any', NOON + 1), list.has('any', NEVER)]).toEqual([true, true, false, false]);
		list.forget(NOON + 1, 10);
		expect(list.forgottenUntil).toBe(NOON);
	});

	it('counts as seen after its text was read, to the end of its minute', () => {
		const list = listOf(['old', NOON + 1]);
		list.forget(NOON + 2, 10);
		const copy = KeyList.unpack(list.pack());
		expect([copy.has('any', NOON + 1), copy.has('any', NOON + MINUTE), copy.has('any', NOON + MINUTE + 1)]).toEqual([true, true, false]);
	});
});

describe('a text that no list was written as is refused', () => {
	it.each([
		['nothing', '', 'The list of keys is cut off'],
		['one without times', 'A.AAAAAAAA', 'The list of keys is cut off'],
		['one part too many', 'A..A.', 'The list of keys is cut off'],
		['more times than keys', 'A.AAAAAAAA.BA', 'A key is cut off'],
		['a key cut off', 'A.AAAAAAA.B', 'A key is cut off'],
		['more keys than times', 'A.AAAAAAAABBBBBBBB.B', 'A key is cut off'],
		['no time of what is forgotten', '..', 'The list of keys is cut off'],
		['two of them', 'AA..', 'The list of keys is cut off'],
		['a time that is no number', 'A.AAAAAAAA.!', '"!" is no digit'],
		['what is forgotten no number', '!..', '"!" is no digit'],
	])('%s', (_what, text, message) => {
		expect(() => KeyList.unpack(text)).toThrow(new RangeError(message));
	});
});
