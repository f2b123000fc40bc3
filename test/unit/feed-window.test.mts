import { describe, expect, it } from 'vitest';
import { beginReading } from '../../nodes/shared/feed/reading.ts';
import { Window, freshWindow, type WindowSettings, type WindowState } from '../../nodes/shared/feed/window.ts';
import { AlertList, DAY, HOUR, MINUTE, NOON, SETTINGS, Taker, alert } from './feed-list.mts';

/** The polls of one window. Each may be cut after so many pages, as a budget does. */
class Polls {
	state: WindowState = freshWindow();
	readonly taker = new Taker();
	notes: readonly string[] = [];

	constructor(
		readonly list: AlertList,
		readonly settings: Partial<WindowSettings> = {},
	) {}

	/** One poll; what it asked for. The state goes through JSON, as between two polls. */
	poll({ pages = Infinity, refused = 0, ...settings }: Partial<WindowSettings> & { pages?: number; refused?: number } = {}): string[] {
		const window = new Window('bulk', structuredClone(this.state), { ...SETTINGS, ...this.settings, ...settings });
		for (let i = 0; i < refused; i++) {
			this.list.queries.push(window.next()!);
			window.refuseBulk();
		}
		for (let query = window.next(), page = 0; query !== null && page < pages; query = window.next(), page++) {
			window.take(query, this.list.answer(query), this.taker);
			if (page > 1000) throw new Error('The poll does not end');
		}
		this.state = JSON.parse(JSON.stringify(window.state)) as WindowState;
		this.notes = window.notes;
		return this.list.asked();
	}

	/** Time passes on both sides, and a poll. */
	after(ms: number, options: Parameters<Polls['poll']>[0] = {}): string[] {
		this.list.now! += ms;
		return this.poll(options);
	}
}

describe('the first poll', () => {
	it('asks from the activation less the look-back, a minute more for clocks that differ, and a second for servers that exclude the limit', () => {
		const polls = new Polls(new AlertList());
		expect(polls.poll({ activeSince: NOON + 250 })).toEqual(['bulk -3661 0']);
	});

	it.each([[0], [MINUTE], [-MINUTE]])('takes the answer of a server whose clock is %d ms off, and starts on the server\'s time', (off) => {
		const polls = new Polls(new AlertList(NOON + off).raise(3));
		expect(polls.poll()).toHaveLength(1);
		expect(polls.state).toMatchObject({ start: NOON + off - HOUR, cursor: NOON + off, main: null });
		expect(polls.taker.taken).toHaveLength(3);
		expect(polls.notes).toEqual([]);
	});

	it.each([[MINUTE + 1], [-MINUTE - 1], [5 * HOUR], [-40 * DAY]])('begins again on the server\'s time where that is %d ms off', (off) => {
		const polls = new Polls(new AlertList(NOON + off).raise(3));
		const start = Math.floor((NOON + off - HOUR) / 1000) * 1000;
		expect(polls.poll()).toEqual(['bulk -3661 0', `bulk ${(start - NOON) / 1000 - 1} 0`]);
		expect(polls.state).toMatchObject({ start, cursor: NOON + off, main: null });
		expect(polls.taker.taken).toHaveLength(3);
	});

	it('that succeeds late starts at the activation less the look-back all the same', () => {
		const polls = new Polls(new AlertList());
		polls.poll({ activeSince: NOON - 20 * MINUTE });
		expect(polls.state.start).toBe(NOON - 20 * MINUTE - HOUR);
	});

	it('without a look-back starts at the server\'s whole second', () => {
		const polls = new Polls(new AlertList(NOON + 999), { lookback: 0 });
		polls.poll();
		expect(polls.state).toMatchObject({ start: NOON, cursor: NOON + 999 });
	});

	it('after this machine\'s clock was set, forward from 1970 or back, starts within what the state can hold, and never in the future', () => {
		const polls = new Polls(new AlertList());
		polls.poll({ activeSince: 5000 });
		expect(polls.state.start).toBeGreaterThanOrEqual(0);
		const back = new Polls(new AlertList());
		back.poll({ activeSince: NOON + 3 * HOUR });
		expect(back.state.start).toBe(NOON - HOUR);
	});
});

describe('the cursor', () => {
	it('is the server\'s time at the walk\'s first page, once the walk reached the end', () => {
		const polls = new Polls(new AlertList(NOON, 1000).raise(250, NOON));
		polls.poll();
		expect(polls.state.cursor).toBe(NOON);
	});

	it('does not move before that: a walk that was cut goes on by row in the next poll, five rows back', () => {
		const polls = new Polls(new AlertList(NOON, 1000).raise(450, NOON));
		expect(polls.poll({ pages: 1 })).toEqual(['bulk -3661 0']);
		expect(polls.state.cursor).toBeNull();
		expect(polls.after(MINUTE, { pages: 2 })).toEqual(['bulk -3661 95', 'bulk -3661 190']);
		expect(polls.state.cursor).toBeNull();
		expect(polls.after(MINUTE)).toEqual(['bulk -3661 285', 'bulk -3661 380', ...readAgain(5)]);
		expect(polls.state.cursor).toBe(NOON);
		expect(polls.taker.taken).toHaveLength(450);
	});

	it('leads to a walk from an overlap behind it, floored, and a second more', () => {
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
		expect(polls.notes).toEqual([]);
	});

	it('stays where it is, with a note, while the server does not tell the time', () => {
		const list = new AlertList(null).raise(3);
		const polls = new Polls(list);
		expect(polls.poll({ activeSince: NOON + 999 })).toEqual(['bulk -3661 0']);
		expect(polls.state).toMatchObject({ start: NOON - HOUR, cursor: null, main: null });
		expect(polls.notes).toEqual(['The answer held no SyncTimeUtc and no Date header, so the cursor stays where it is.']);
		expect(polls.taker.taken).toHaveLength(3);
		expect(polls.poll({ now: NOON + HOUR, activeSince: NOON + HOUR })).toEqual(['bulk -3601 0']);
		expect(polls.state.start).toBe(NOON - HOUR);
		list.now = NOON + 2 * HOUR;
		expect(polls.poll()).toEqual(['bulk -3601 0']);
		expect(polls.state).toMatchObject({ start: NOON - HOUR, cursor: NOON + 2 * HOUR, sweptAt: NOON + 2 * HOUR });
		expect(polls.notes).toEqual([]);
		list.now = null;
		polls.poll();
		expect(polls.state.cursor).toBe(NOON + 2 * HOUR);
	});

	it('stays where it is, with one note, where only a later page tells the time', () => {
		const list = new AlertList(null).raise(250);
		const window = new Window('bulk', freshWindow(), SETTINGS);
		for (let query = window.next(), page = 0; query !== null; query = window.next(), page++) {
			window.take(query, { ...list.answer(query), serverTime: page === 1 ? NOON : null }, new Taker());
		}
		expect(window.state.cursor).toBeNull();
		expect(window.notes).toHaveLength(1);
		expect(window.serverTime).toBe(NOON);
	});
});

describe('a server whose clock went back', () => {
	it.each([[MINUTE + 2000], [HOUR], [30 * DAY]])('by %d ms is read from its new time, and says so', (back) => {
		const polls = new Polls(new AlertList());
		polls.poll();
		const now = NOON - back;
		expect(polls.after(-back)).toEqual(['bulk -601 0', `bulk ${(now - NOON) / 1000 - 601} 0`]);
		expect(polls.state).toMatchObject({ cursor: now, sweptAt: now, main: null });
		expect(polls.notes).toEqual(['The server\'s clock went back. Reading again from its new time.']);
		expect(polls.after(MINUTE)).toHaveLength(1);
		expect(polls.notes).toEqual([]);
		expect(polls.state.cursor).toBe(now + MINUTE);
	});

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
		expect(polls.notes).toEqual([]);
	});

	it('is noticed by the poll after a sweep, where it is a sweep that is due', () => {
		const polls = new Polls(new AlertList(), { lookback: 2 * DAY, sweep: HOUR });
		polls.poll();
		polls.after(2 * HOUR);
		expect(polls.after(-90 * MINUTE)).toEqual(['bulk 3599 0']);
		expect(polls.notes).toEqual([]);
		expect(polls.state.cursor).toBe(NOON + 2 * HOUR);
		expect(polls.after(MINUTE)).toHaveLength(2);
		expect(polls.state.cursor).toBe(NOON + 31 * MINUTE);
	});
});

/** What so many pages of the second reading of the first window ask for: it begins at the start. */
function readAgain(pages: number): string[] {
	return Array.from({ length: pages }, (_, i) => `bulk -3601 ${i * 95}`);
}

describe('the late sweep', () => {
	/** A first poll, and 59 more minutes of them. */
	function anHour(list: AlertList, settings: Partial<WindowSettings> = {}): Polls {
		const polls = new Polls(list, { lookback: DAY, ...settings });
		polls.poll();
		for (let minute = 1; minute < 60; minute++) expect(polls.after(MINUTE)).toHaveLength(1);
		return polls;
	}

	it('is due an hour after the last, and on a quiet site it is the poll itself: one request', () => {
		const polls = anHour(new AlertList());
		expect(polls.after(MINUTE)).toEqual(['bulk 2939 0']);
		expect(polls.after(MINUTE)).toEqual([`bulk ${3600 - 6 * 3600 - 1} 0`]);
		expect(polls.state).toMatchObject({ sweptAt: NOON + HOUR, cursor: NOON + HOUR + MINUTE, background: null, main: null });
		for (let minute = 0; minute < 59; minute++) expect(polls.after(MINUTE)).toEqual([`bulk ${3660 + minute * 60 - 601} 0`]);
		expect(polls.after(MINUTE)).toEqual([`bulk ${7200 - 6 * 3600 - 1} 0`]);
	});

	it('reads never behind the start', () => {
		const polls = anHour(new AlertList(), { lookback: 2 * HOUR });
		polls.after(MINUTE);
		expect(polls.after(MINUTE)).toEqual(['bulk -7201 0']);
	});

	it('reads never less than the overlap: it is the poll, too', () => {
		const polls = anHour(new AlertList(), { lookback: DAY, overlap: 3 * HOUR, sweep: HOUR });
		polls.after(MINUTE);
		expect(polls.after(MINUTE)).toEqual([`bulk ${3600 - 3 * 3600 - 1} 0`]);
	});

	it('of 0 hours is never', () => {
		const polls = anHour(new AlertList(), { sweep: 0 });
		for (let minute = 0; minute < 300; minute++) expect(polls.after(MINUTE)).toEqual([expect.stringContaining(`bulk ${3540 + minute * 60 - 601}`)]);
		expect(polls.state.sweptAt).toBe(NOON);
	});

	it('does not hold new alerts up: after its first page comes the poll, then the rest, ten pages a poll', () => {
		const polls = anHour(new AlertList());
		polls.after(MINUTE);
		polls.list.raise(2000, NOON - HOUR);
		polls.list.raise(3, NOON + HOUR);
		const sweep = (offset: number) => `bulk ${3600 - 6 * 3600 - 1} ${offset}`;
		expect(polls.after(MINUTE)).toEqual([sweep(0), 'bulk 2999 0', ...Array.from({ length: 9 }, (_, i) => sweep(95 * (i + 1)))]);
		expect(polls.state).toMatchObject({ cursor: NOON + HOUR + MINUTE, background: { confirms: false } });
		expect(polls.after(MINUTE)).toEqual(['bulk 3059 0', ...Array.from({ length: 10 }, (_, i) => sweep(95 * (i + 10)))]);
		expect(polls.after(MINUTE)).toEqual(['bulk 3119 0', sweep(95 * 20), sweep(95 * 21)]);
		expect(polls.taker.taken).toHaveLength(2003);
		expect(polls.after(MINUTE)).toEqual(['bulk 3179 0']);
		expect(polls.state.background).toBeNull();
	});

	it('that outlasts the hour ends before the next begins', () => {
		const polls = anHour(new AlertList());
		polls.after(MINUTE);
		polls.list.raise(3000, NOON - HOUR);
		polls.after(MINUTE);
		expect(polls.after(2 * HOUR)[1]).toBe(`bulk ${3600 - 6 * 3600 - 1} 950`);
		expect(polls.after(MINUTE)[1]).toBe(`bulk ${3600 - 6 * 3600 - 1} 1900`);
		expect(polls.after(MINUTE)[1]).toBe(`bulk ${3600 - 6 * 3600 - 1} 2850`);
		expect(polls.state.background).toBeNull();
		expect(polls.after(MINUTE)[0]).toBe(`bulk ${3600 + 7200 + 180 - 6 * 3600 - 1} 0`);
	});

	it('waits while a walk is under way', () => {
		const polls = anHour(new AlertList());
		polls.list.raise(150);
		polls.after(2 * HOUR, { pages: 1 });
		polls.list.raise(150);
		expect(polls.after(MINUTE, { pages: 1 })).toHaveLength(1);
	});
});

describe('a window that is read once more', () => {
	it('is that of a long walk of several pages, in the background of the same poll', () => {
		const polls = new Polls(new AlertList().raise(150));
		expect(polls.poll()).toEqual(['bulk -3661 0', 'bulk -3661 95', ...readAgain(2)]);
		expect(polls.state).toMatchObject({ confirm: null, background: null, main: null });
		expect(polls.after(MINUTE)).toEqual(['bulk -601 0', 'bulk -601 95']);
	});

	it('is read ten pages a poll, and no new alert waits for it', () => {
		const polls = new Polls(new AlertList().raise(2500));
		expect(polls.poll()).toHaveLength(27 + 10);
		expect(polls.state.cursor).toBe(NOON);
		polls.list.raise(1, NOON + MINUTE);
		const asked = polls.after(MINUTE);
		expect(asked.filter((query) => query.startsWith('bulk -3601'))).toEqual(readAgain(20).slice(10));
		expect(asked[0]).toBe('bulk -601 0');
		expect(polls.taker.taken).toHaveLength(2501);
	});

	it('is none where the walk was one page', () => {
		const polls = new Polls(new AlertList().raise(40));
		expect(polls.poll()).toHaveLength(1);
		expect(polls.state.confirm).toBeNull();
	});

	it.each([
		[20 * MINUTE - 1000, 0],
		[20 * MINUTE, 0],
		[20 * MINUTE + 1, 2],
	])('is none where the walk went over two overlaps at most: of %d ms, %d requests', (ms, requests) => {
		const polls = new Polls(new AlertList().raise(150));
		polls.state = { ...freshWindow(), start: NOON - HOUR, main: { ...beginReading(NOON - ms), pages: 0 } };
		expect(polls.poll()).toHaveLength(2 + requests);
	});

	it('is none where the server did not tell the time', () => {
		expect(new Polls(new AlertList(null).raise(150)).poll()).toHaveLength(2);
	});

	it('is any in which rows were seen to move', () => {
		const list = new AlertList();
		const polls = new Polls(list, { lookback: 5 * MINUTE });
		list.raise(400);
		polls.poll({ pages: 3 });
		list.rows.splice(0, 120);
		polls.poll();
		expect(polls.notes).toEqual(['Rows moved between two pages. Stepped back to read them again.']);
		expect(polls.state).toMatchObject({ main: null, background: null, confirm: null });
		expect(list.queries).toEqual([]);
	});

	it('waits for a sweep that is under way, and begins at the earliest of the times', () => {
		const polls = new Polls(new AlertList().raise(150));
		const sweep = { ...beginReading(NOON - 6 * HOUR), pages: 3, mark: NOON };
		const first = { ...beginReading(NOON - 40 * MINUTE), pages: 0 };
		polls.state = { ...freshWindow(), start: NOON - DAY, cursor: NOON, sweptAt: NOON, main: first, background: sweep };
		polls.poll({ pages: 2 });
		expect(polls.state).toMatchObject({ confirm: NOON - 40 * MINUTE, background: { since: NOON - 6 * HOUR } });
		polls.state.main = { ...beginReading(NOON - 30 * MINUTE), pages: 0 };
		polls.poll({ pages: 2 });
		expect(polls.state.confirm).toBe(NOON - 40 * MINUTE);
		expect(polls.poll({ pages: 100 }).slice(2)).toHaveLength(2);
		expect(polls.state).toMatchObject({ confirm: NOON - 40 * MINUTE, background: null });
		polls.state.main = { ...beginReading(NOON - 50 * MINUTE), pages: 0 };
		expect(polls.poll().slice(2)).toEqual(['bulk -3001 0', 'bulk -3001 95']);
		expect(polls.state.confirm).toBeNull();
	});

	it('is one with the sweep that is due: both are told by the earlier time', () => {
		const polls = new Polls(new AlertList().raise(150));
		polls.state = { ...freshWindow(), start: NOON - DAY, cursor: NOON - HOUR, sweptAt: NOON - HOUR, main: { ...beginReading(NOON - HOUR), pages: 0 } };
		expect(polls.poll({ pages: 3 })[2]).toBe('bulk -21601 0');
		expect(polls.state).toMatchObject({ background: { confirms: true }, sweptAt: NOON });
	});
});

describe('a server without pages', () => {
	const REFUSED = 'This server has no /api/alerts/bulk. Reading /api/alerts instead and trying again in an hour.';

	it('is asked for the whole list for an hour of its own time, and then for pages again', () => {
		const polls = new Polls(new AlertList().raise(5));
		expect(polls.poll({ refused: 1 })).toEqual(['bulk -3661 0', 'unpaged -3661 0']);
		expect(polls.notes).toEqual([REFUSED]);
		expect(polls.state).toMatchObject({ cursor: NOON, unpagedUntil: NOON + HOUR, longest: 0 });
		for (let minute = 1; minute <= 60; minute++) expect(polls.after(MINUTE)[0]).toBe(`unpaged ${minute * 60 - 661} 0`);
		expect(polls.after(MINUTE)[0]).toMatch(/^bulk /);
	});

	it('counts the hour from the refusal where the server\'s time is known', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.list.raise(300, NOON + MINUTE);
		polls.list.now = NOON + MINUTE;
		const window = new Window('bulk', polls.state, SETTINGS);
		window.take(window.next()!, polls.list.answer(window.next()!), polls.taker);
		window.refuseBulk();
		expect(window.state.unpagedUntil).toBe(NOON + MINUTE + HOUR);
		expect(window.next()).toMatchObject({ list: 'unpaged', offset: 0 });
	});

	it('reads the list from its beginning then, the background\'s too', () => {
		const polls = new Polls(new AlertList().raise(2500), { lookback: 6 * HOUR });
		polls.poll();
		expect(polls.state.background).toMatchObject({ pages: 10 });
		const since = polls.state.background!.since;
		polls.after(MINUTE, { refused: 1, pages: 1 });
		expect(polls.state.background).toMatchObject({ since, pages: 0, offset: 0 });
	});

	it('that ignores Offset is noticed, and no row is missed or counted', () => {
		const list = new AlertList().raise(250);
		const polls = new Polls(list);
		const { answer } = list;
		Object.assign(list, { answer: (query: Parameters<typeof answer>[0]) => answer({ ...query, offset: 0 }) });
		const asked = polls.poll();
		expect(polls.notes).toEqual(['This server ignores Offset. Reading /api/alerts instead and trying again in an hour.']);
		expect(asked.filter((query) => query.startsWith('unpaged'))).toHaveLength(1);
		expect(polls.taker.taken).toHaveLength(250);
		expect(polls.state).toMatchObject({ cursor: NOON, unpagedUntil: NOON + HOUR, longest: 100 });
	});

	it('is not there for changes: where Offset is ignored, the log says that more than a page is not seen', () => {
		const list = new AlertList().raise(250);
		const window = new Window('changed', freshWindow(), SETTINGS);
		for (let query = window.next(); query !== null; query = window.next()) window.take(query, list.answer({ ...query, offset: 0 }), new Taker());
		expect(list.asked().slice(0, 2)).toEqual(['changed -3661 0', 'changed -3661 0']);
		expect(window.notes[0]).toBe('This server ignores Offset, so changes beyond one page are not seen. Raise Page Size.');
		expect(window.state).toMatchObject({ cursor: NOON, unpagedUntil: null });
	});
});

describe('the length of a server\'s pages', () => {
	it('is learnt, so that a short page of a server with a cap is not taken for the last', () => {
		const list = new AlertList().raise(120);
		const { answer } = list;
		Object.assign(list, { answer: (query: Parameters<typeof answer>[0]) => answer({ ...query, limit: Math.min(50, query.limit) }) });
		const polls = new Polls(list, { lookback: 10 * MINUTE });
		polls.poll();
		expect(polls.taker.taken).toHaveLength(120);
		expect(polls.state.longest).toBe(50);
		list.rows = list.rows.slice(0, 10);
		polls.after(MINUTE);
		expect(polls.state.longest).toBe(50);
	});
});

describe('a taker that is full', () => {
	it('ends the poll, background and all, and is given the refused row first in the next', () => {
		const polls = new Polls(new AlertList().raise(150));
		polls.taker.room = 120;
		expect(polls.poll()).toEqual(['bulk -3661 0', 'bulk -3661 95']);
		expect(polls.state.cursor).toBeNull();
		polls.taker.room = Infinity;
		expect(polls.poll()[0]).toBe('bulk -3661 115');
		expect(polls.taker.taken).toEqual(polls.list.rows);
	});
});

describe('what is still to be read again', () => {
	it('reaches back an overlap behind the cursor', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		expect(new Window('bulk', polls.state, SETTINGS).openSince()).toBe(NOON - 10 * MINUTE);
	});

	it.each([
		['a walk under way', { main: { since: NOON - HOUR } }, NOON - HOUR],
		['a second reading under way', { background: { since: NOON - HOUR, confirms: true } }, NOON - HOUR],
		['a second reading to come, while a sweep is under way', { background: { since: NOON - DAY, confirms: false }, confirm: NOON - HOUR }, NOON - HOUR],
		['not to a sweep', { background: { since: NOON - HOUR, confirms: false } }, NOON - 10 * MINUTE],
		['the start before there is a cursor', { cursor: null, start: NOON - HOUR }, NOON - HOUR - 10 * MINUTE],
	])('and to %s', (_what, more, since) => {
		const state = { ...freshWindow(), start: NOON - 2 * HOUR, cursor: NOON, sweptAt: NOON, ...more } as WindowState;
		const window = new Window('bulk', state, SETTINGS);
		expect(window.openSince()).toBe(since);
	});
});

it('an answer that nobody waits for changes nothing', () => {
	const window = new Window('bulk', freshWindow(), SETTINGS);
	const query = window.next()!;
	window.take(query, { rows: [], serverTime: NOON }, new Taker());
	expect(window.next()).toBeNull();
	const before = JSON.stringify(window.state);
	window.take(query, { rows: [alert(1)], serverTime: NOON + HOUR }, new Taker());
	expect(JSON.stringify(window.state)).toBe(before);
});
