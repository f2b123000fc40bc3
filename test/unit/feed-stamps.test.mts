import { describe, expect, it } from 'vitest';
import { Marks } from '../../nodes/shared/feed/marks.ts';
import { isLaterStamp, markStamp } from '../../nodes/shared/feed/stamps.ts';
import { HOUR, MINUTE, NOON } from './feed-list.mts';

const IN_2099 = Date.UTC(2099, 0, 1);

describe('a stamp in the future', () => {
	it('counts once, and silences nothing that follows', () => {
		const marks = Marks.from(NOON);
		expect(isLaterStamp(marks, 7, IN_2099)).toBe(true);
		markStamp(marks, 7, IN_2099, NOON + MINUTE);
		expect([
			isLaterStamp(marks, 7, IN_2099),
			isLaterStamp(marks, 7, NOON + 2 * MINUTE),
			isLaterStamp(marks, 7, IN_2099 + 1),
			isLaterStamp(marks, 8, IN_2099),
		]).toEqual([false, true, true, true]);
	});

	it('counts once, for a day after its last sight, though other marks are dropped', () => {
		const marks = Marks.from(NOON);
		markStamp(marks, 7, IN_2099, NOON + MINUTE);
		markStamp(marks, 7, IN_2099, NOON + 2 * HOUR);
		marks.pack(NOON + 26 * HOUR, 4000);
		expect(isLaterStamp(marks, 7, IN_2099)).toBe(false);
		marks.pack(NOON + 26 * HOUR + 1, 4000);
		expect(isLaterStamp(marks, 7, IN_2099)).toBe(true);
	});

	it('silences nothing when it is forgotten, also for want of room', () => {
		const marks = Marks.from(NOON);
		for (let id = 0; id < 100; id++) markStamp(marks, id, IN_2099, NOON + MINUTE);
		marks.pack(NOON, 200);
		expect(marks.size).toBeLessThan(20);
		expect(isLaterStamp(marks, 7, NOON + 1)).toBe(true);
	});

	it('is one beyond an hour; up to that clocks differ', () => {
		for (const [ahead, later] of [
			[HOUR, false],
			[HOUR + 1, true],
		] as const) {
			const marks = Marks.from(NOON);
			markStamp(marks, 7, NOON + ahead, NOON);
			expect(isLaterStamp(marks, 7, NOON + 1)).toBe(later);
		}
	});
});
