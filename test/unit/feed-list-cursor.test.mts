import { describe, expect, it } from 'vitest';
import { freshCursor } from '../../nodes/shared/feed/cursor-state.ts';
import { WARNINGS } from '../../nodes/shared/feed/warnings.ts';
import { AlertList, DAY, HOUR, MINUTE, NOON, Polls, REFUSED, page } from './feed-list.mts';

describe('the first poll', () => {
	it('asks from the activation less the look-back, a minute more for clocks that differ, and a second for servers that exclude the limit', () => {
		expect(new Polls(new AlertList()).poll({ now: NOON + 250 })).toEqual(['bulk -3661 0']);
	});

	it.each([[0], [MINUTE], [-MINUTE]])(
		"takes the answer of a server whose clock is %d ms off, and starts on the server's time",
		(off) => {
			const polls = new Polls(new AlertList(NOON + off).raise(3), { now: NOON });
			expect(polls.poll()).toHaveLength(1);
			expect(polls.state).toMatchObject({
				start: NOON + off - HOUR,
				cursor: NOON + off,
				forward: null,
			});
			expect(polls.taker.taken).toHaveLength(3);
			expect(polls.warnings).toEqual([]);
		},
	);

	it.each([[MINUTE + 1], [-MINUTE - 1], [5 * HOUR], [-40 * DAY]])(
		"begins again on the server's time where that is %d ms off",
		(off) => {
			const polls = new Polls(new AlertList(NOON + off).raise(3), { now: NOON });
			const start = Math.floor((NOON + off - HOUR) / 1000) * 1000;
			expect(polls.poll()).toEqual(['bulk -3661 0', `bulk ${(start - NOON) / 1000 - 1} 0`]);
			expect(polls.state).toMatchObject({ start, cursor: NOON + off, forward: null });
			expect(polls.taker.taken).toHaveLength(3);
		},
	);

	it('that succeeds late starts at the activation less the look-back all the same', () => {
		const polls = new Polls(new AlertList());
		polls.poll({ activeFor: 20 * MINUTE });
		expect(polls.state.start).toBe(NOON - 20 * MINUTE - HOUR);
	});

	it("without a look-back starts at the server's whole second", () => {
		const polls = new Polls(new AlertList(NOON + 999), { lookback: 0 });
		polls.poll();
		expect(polls.state).toMatchObject({ start: NOON, cursor: NOON + 999 });
	});

	it('starts within what the state can hold, however long this process was active', () => {
		const polls = new Polls(new AlertList());
		polls.poll({ activeFor: 2 * NOON });
		expect(polls.state.start).toBe(0);
	});

	it('after a state that was not readable looks back that long at least, and not less than is set', () => {
		for (const [lookback, start] of [
			[HOUR, NOON - DAY],
			[3 * DAY, NOON - 3 * DAY],
		] as const) {
			const polls = new Polls(new AlertList(), { lookback });
			polls.state = freshCursor(DAY);
			expect(polls.poll()).toEqual([`bulk ${(start - NOON) / 1000 - 61} 0`]);
			expect(polls.state.start).toBe(start);
		}
	});
});

describe('the cursor', () => {
	it("is the server's time at the scan's first page, once the scan reached the end", () => {
		const polls = new Polls(new AlertList(NOON, 1000).raise(250, NOON));
		polls.poll();
		expect(polls.state.cursor).toBe(NOON);
	});

	it('does not move before that: a scan that was cut goes on by row in the next poll, five rows back', () => {
		const polls = new Polls(new AlertList(NOON, 1000).raise(450, NOON));
		expect(polls.poll({ pages: 1 })).toEqual(['bulk -3661 0']);
		expect(polls.state.cursor).toBeNull();
		expect(polls.after(MINUTE, { pages: 2 })).toEqual(['bulk -3661 95', 'bulk -3661 190']);
		expect(polls.state.cursor).toBeNull();
		expect(polls.after(MINUTE, { pages: 2 })).toEqual(['bulk -3661 285', 'bulk -3661 380']);
		expect(polls.state.cursor).toBe(NOON);
		expect(polls.taker.taken).toHaveLength(450);
	});

	it('is followed by another scan in the same poll where the one that ended began in an earlier poll, and by none else', () => {
		const polls = new Polls(new AlertList(NOON, 1000).raise(150, NOON), { lookback: 10 * MINUTE });
		polls.poll({ pages: 1 });
		polls.list.raise(1, NOON + 30_000);
		expect(polls.after(MINUTE)).toEqual(['bulk -661 95', 'bulk -601 0', 'bulk -601 95']);
		expect(polls.state.cursor).toBe(NOON + MINUTE + 2000);
		expect(polls.after(MINUTE)).toHaveLength(2);
	});

	it('leads to a scan from an overlap behind it, floored, and a second more', () => {
		const polls = new Polls(new AlertList(NOON + 250));
		polls.poll();
		expect(polls.after(MINUTE)).toEqual(['bulk -601 0']);
		expect(polls.after(MINUTE)).toEqual(['bulk -541 0']);
	});

	it('leads never behind the start', () => {
		const polls = new Polls(new AlertList(), { lookback: 0 });
		polls.poll();
		expect(polls.after(MINUTE)).toEqual(['bulk -1 0']);
		expect(polls.after(9 * MINUTE + 2000)).toEqual(['bulk -1 0']);
		expect(polls.after(MINUTE)).toEqual(['bulk 1 0']);
	});

	it('never goes back with a clock that went back a little', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		expect(polls.after(-59_000)).toEqual(['bulk -601 0']);
		expect(polls.state.cursor).toBe(NOON);
		expect(polls.warnings).toEqual([]);
	});

	it('stays where it is, with a warning, while the server does not tell the time', () => {
		const list = new AlertList(null).raise(3);
		const polls = new Polls(list);
		expect(polls.poll({ now: NOON + 999, activeFor: 0 })).toEqual(['bulk -3661 0']);
		expect(polls.state).toMatchObject({ start: NOON - HOUR, cursor: null, forward: null });
		expect(polls.warnings).toEqual([WARNINGS.noServerTime]);
		expect(polls.taker.taken).toHaveLength(3);
		expect(polls.poll({ now: NOON + HOUR })).toEqual(['bulk -3601 0']);
		list.now = NOON + 2 * HOUR;
		expect(polls.poll()).toEqual(['bulk -3601 0']);
		expect(polls.state).toMatchObject({
			start: NOON - HOUR,
			cursor: NOON + 2 * HOUR,
			sweptAt: NOON + 2 * HOUR,
		});
		expect(polls.warnings).toEqual([]);
		list.now = null;
		polls.poll();
		expect(polls.state.cursor).toBe(NOON + 2 * HOUR);
	});

	it('stays where it is, with one warning, where only a later page tells the time', () => {
		const polls = new Polls(new AlertList().raise(250));
		polls.trouble = (query, answer) => ({
			...answer(),
			clocks: { stated: query.offset === 95 ? NOON : null, date: null },
		});
		polls.poll();
		expect(polls.state.cursor).toBeNull();
		expect(polls.warnings).toEqual([WARNINGS.noServerTime]);
	});
});

describe('an answer that may be no list', () => {
	it('and is empty never moves the cursor, with a warning each time; the first that is one does', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.trouble = () => page([], polls.list.now, { conclusive: false });
		for (let minute = 0; minute < 30; minute++) {
			expect(polls.after(MINUTE)).toEqual(['bulk -601 0']);
			expect(polls.state.cursor).toBe(NOON);
			expect(polls.warnings).toEqual([WARNINGS.doubtful]);
		}
		polls.trouble = (_, answer) => answer();
		polls.list.raise(1, NOON + 20 * MINUTE);
		polls.after(MINUTE);
		expect(polls.ids).toEqual([1]);
		expect(polls.state.cursor).toBe(NOON + 31 * MINUTE);
	});

	it('and has fewer rows than were asked for gives them, and moves nothing', () => {
		const polls = new Polls(new AlertList().raise(3));
		polls.trouble = (_, answer) => ({ ...answer(), conclusive: false });
		polls.poll();
		expect([polls.ids, polls.state.cursor, polls.warnings]).toEqual([
			[1, 2, 3],
			null,
			[WARNINGS.doubtful],
		]);
	});

	it('before the first cursor lets the next poll look back as far', () => {
		const polls = new Polls(new AlertList());
		polls.trouble = () => page([], NOON, { conclusive: false });
		polls.poll();
		polls.trouble = (_, answer) => answer();
		expect(polls.after(20 * MINUTE)).toEqual(['bulk -3601 0']);
	});

	it('in a sweep costs the sweep alone', () => {
		const polls = new Polls(new AlertList(), { lookback: DAY });
		polls.poll();
		polls.minutes(59);
		polls.trouble = (query, answer) =>
			query.since < NOON ? { ...answer(), conclusive: false } : answer();
		expect(polls.after(MINUTE)).toEqual(['bulk 2939 0', 'bulk -21601 0']);
		expect(polls.state).toMatchObject({
			cursor: NOON + HOUR,
			sweptTo: NOON,
			sweep: { owed: NOON - 6 * HOUR },
		});
		polls.trouble = (_, answer) => answer();
		expect(polls.minutes(10).asked).toHaveLength(11);
		expect(polls.state).toMatchObject({
			sweptTo: NOON + HOUR + 10 * MINUTE,
			sweep: { owed: null },
		});
	});
});

describe('two clocks in one answer that disagree', () => {
	it.each([[12 * MINUTE], [2 * HOUR], [30 * DAY]])(
		'by %d ms never move the cursor back, nor the start',
		(by) => {
			const polls = new Polls(new AlertList());
			polls.poll();
			polls.trouble = (_, answer) => ({
				...answer(),
				clocks: { stated: polls.list.now! - by, date: polls.list.now! },
				warnings: ['two clocks'],
			});
			for (let minute = 0; minute < 10; minute++) {
				expect(polls.after(MINUTE)).toEqual(['bulk -601 0']);
				expect(polls.state).toMatchObject({ cursor: NOON, start: NOON - HOUR });
				expect(polls.warnings).toEqual(['two clocks']);
			}
			polls.trouble = (_, answer) => answer();
			polls.after(MINUTE);
			expect(polls.state.cursor).toBe(NOON + 11 * MINUTE);
		},
	);

	it('an answer that has lost the earlier one moves the cursor no further than that one would', () => {
		const polls = new Polls(new AlertList());
		polls.trouble = (_, answer) => ({
			...answer(),
			clocks: { stated: polls.list.now!, date: polls.list.now! + 2 * HOUR },
		});
		polls.poll();
		polls.trouble = (_, answer) => ({
			...answer(),
			clocks: { stated: null, date: polls.list.now! + 2 * HOUR },
		});
		polls.after(MINUTE);
		expect(polls.state.cursor).toBe(NOON + MINUTE);
	});
});

describe('a server whose clock went back', () => {
	it.each([[MINUTE + 2000], [HOUR], [30 * DAY]])(
		'by %d ms is read from its new time, and says so',
		(back) => {
			const polls = new Polls(new AlertList());
			polls.poll();
			const now = NOON - back;
			expect(polls.after(-back)).toEqual(['bulk -601 0', `bulk ${(now - NOON) / 1000 - 601} 0`]);
			expect(polls.state).toMatchObject({ cursor: now, sweptAt: now, sweptTo: now, forward: null });
			expect(polls.warnings).toEqual([WARNINGS.clockWentBack]);
			expect(polls.after(MINUTE)).toHaveLength(1);
			expect(polls.warnings).toEqual([]);
			expect(polls.state.cursor).toBe(now + MINUTE);
		},
	);

	it('beyond the start is read from an overlap before its new time: an alert of the minute in between is new', () => {
		const polls = new Polls(new AlertList(), { lookback: 0 });
		polls.poll();
		expect(polls.after(-HOUR)).toHaveLength(2);
		expect(polls.state.start).toBe(NOON - HOUR - 10 * MINUTE);
	});

	it('by a minute is not noticed: requests take their time', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		expect(polls.after(-MINUTE - 1000)).toHaveLength(1);
		expect(polls.warnings).toEqual([]);
	});
});

describe("the length of a server's pages", () => {
	it.each([[10], [25], [50]])(
		'is learnt, so that a page of %d rows of a server that sends no more is not taken for the last',
		(cap) => {
			const polls = new Polls(new AlertList().raise(120), { lookback: 10 * MINUTE });
			polls.trouble = (query, answer) => {
				const { rows, ...rest } = answer();
				return { ...rest, rows: rows.slice(0, query.list === 'bulk' ? cap : Infinity) };
			};
			polls.poll();
			expect(polls.taker.taken).toHaveLength(120);
			expect(polls.state.longest).toBe(cap);
			polls.list.rows = polls.list.rows.slice(0, 9);
			polls.after(MINUTE);
			expect(polls.state.longest).toBe(cap);
		},
	);

	it('is not learnt from the list without pages', () => {
		const polls = new Polls(new AlertList().raise(300));
		polls.state.unpagedUntil = NOON + HOUR;
		polls.poll();
		expect(polls.state.longest).toBe(0);
	});
});

describe('a taker that is full', () => {
	it('ends the poll, sides and all, and is given the refused row first in the next', () => {
		const polls = new Polls(new AlertList().raise(150));
		polls.taker.room = 120;
		expect(polls.poll()).toEqual(['bulk -3661 0', 'bulk -3661 95']);
		expect(polls.state.cursor).toBeNull();
		polls.taker.room = Infinity;
		expect(polls.poll()[0]).toBe('bulk -3661 115');
		expect(polls.taker.taken).toEqual(polls.list.rows);
	});
});

describe('the list of changes', () => {
	it('counts from a time that is told to it, whatever its first answer is', () => {
		const polls = new Polls(new AlertList(), { lookback: 0, sweep: 0 }, 'changed');
		const cursor = polls.cursor();
		cursor.beginAt(NOON + 999);
		cursor.beginAt(NOON + HOUR);
		expect(cursor.state.start).toBe(NOON);
		cursor.fail(cursor.next()!, REFUSED, polls.taker);
		polls.state = cursor.state;
		expect(polls.after(3 * MINUTE)[0]).toMatch(/^changed -1 0/);
	});
});
