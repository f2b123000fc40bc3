import { describe, expect, it } from 'vitest';
import { beginScan } from '../../nodes/shared/api/scan.ts';
import { freshCursor, type CursorState } from '../../nodes/shared/feed/cursor-state.ts';
import { noSideScan } from '../../nodes/shared/feed/side-scan.ts';
import {
	AlertList,
	DAY,
	HOUR,
	MINUTE,
	NOON,
	Polls,
	REFUSED,
	SETTINGS,
	alert,
	polled,
} from './feed-list.mts';

/** What so many pages of the recheck of the first span ask for: it begins at the start. */
function recheckPages(pages: number): string[] {
	return Array.from({ length: pages }, (_, i) => `bulk -3601 ${i * 95}`);
}

describe('the sweep', () => {
	it('is due an hour after the last, and is read after the new alerts', () => {
		const polls = polled(59);
		expect(polls.after(MINUTE)).toEqual(['bulk 2939 0', `bulk ${-6 * 3600 - 1} 0`]);
		expect(polls.state).toMatchObject({
			sweptAt: NOON + HOUR,
			sweptTo: NOON + HOUR,
			cursor: NOON + HOUR,
			sweep: noSideScan(),
			forward: null,
		});
		expect(polls.minutes(59).asked).toHaveLength(59);
		expect(polls.after(MINUTE)).toEqual(['bulk 6539 0', `bulk ${3600 - 6 * 3600 - 1} 0`]);
	});

	it('reads never behind the start', () => {
		expect(polled(59, { lookback: 2 * HOUR }).after(MINUTE)[1]).toBe('bulk -7201 0');
	});

	it('reads never less than the overlap', () => {
		expect(polled(59, { overlap: 3 * HOUR, sweep: HOUR }).after(MINUTE)[1]).toBe(
			`bulk ${-3 * 3600 - 1} 0`,
		);
	});

	it('of 0 hours is never', () => {
		const polls = polled(59, { sweep: 0 });
		expect(polls.minutes(300).asked).toHaveLength(300);
		expect(polls.state.sweep).toEqual(noSideScan());
	});

	it('does not hold new alerts up: they come first in each poll, then ten pages of the sweep', () => {
		const polls = polled(59);
		polls.list.raise(2000, NOON - HOUR);
		polls.list.raise(3, NOON + HOUR);
		const sweep = (from: number, pages: number) =>
			Array.from({ length: pages }, (_, i) => `bulk ${-6 * 3600 - 1} ${95 * (from + i)}`);
		expect(polls.after(MINUTE)).toEqual(['bulk 2939 0', ...sweep(0, 10)]);
		expect(polls.state).toMatchObject({ cursor: NOON + HOUR, sweptTo: NOON });
		expect(polls.after(MINUTE)).toEqual(['bulk 2999 0', ...sweep(10, 10)]);
		expect(polls.after(MINUTE)).toEqual(['bulk 3059 0', ...sweep(20, 2)]);
		expect(polls.taker.taken).toHaveLength(2003);
		expect(polls.after(MINUTE)).toEqual(['bulk 3119 0']);
		expect(polls.state).toMatchObject({ sweptTo: NOON + HOUR, sweep: noSideScan() });
	});

	it('that outlasts the hour ends before the next begins, which joins it', () => {
		const polls = polled(59);
		polls.list.raise(3000, NOON - HOUR);
		polls.after(MINUTE);
		expect(polls.after(2 * HOUR)[1]).toBe(`bulk ${-6 * 3600 - 1} 950`);
		expect(polls.after(MINUTE)[1]).toBe(`bulk ${-6 * 3600 - 1} 1900`);
		expect(polls.after(MINUTE)[1]).toBe(`bulk ${-6 * 3600 - 1} 2850`);
		expect(polls.state).toMatchObject({
			sweptTo: NOON + HOUR,
			sweep: { scan: null, owed: NOON + HOUR - 6 * HOUR },
		});
		expect(polls.after(MINUTE)[1]).toBe(`bulk ${3600 - 6 * 3600 - 1} 0`);
	});

	it('waits while a scan of new alerts is under way', () => {
		const polls = polled(59);
		polls.list.raise(300, NOON + 59 * MINUTE);
		expect(polls.after(2 * HOUR, { pages: 1 })).toHaveLength(1);
		expect(polls.after(MINUTE, { pages: 1 })).toHaveLength(1);
	});
});

describe('sweeps join: an alert that appears late is found', () => {
	const shown = (polls: Polls, seen: number) => polls.list.rows.push(alert('late', seen));

	it.each([
		['over a pause of 26 h', 6, 26],
		['over a pause of 3 h, with Late Sweep 2', 2, 3],
		['over a pause of three days', 6, 72],
		['without a pause', 6, 1],
	])('%s', (_what, sweep, pause) => {
		const polls = polled(30, { sweep: sweep * HOUR });
		const stopped = polls.list.now!;
		polls.list.now = stopped + pause * HOUR;
		// Seen just before the last sweep's depth would have ended had it been read now, less what was
		// read before the pause.
		shown(polls, Math.max(stopped - sweep * HOUR + 31 * MINUTE, NOON - sweep * HOUR + MINUTE));
		polls.poll();
		polls.minutes(61);
		expect(polls.ids).toEqual(['late']);
	});

	it('also after a sweep that failed for hours', () => {
		const polls = polled(30);
		polls.trouble = (query, answer) =>
			query.since < polls.list.now! - 11 * MINUTE ? REFUSED : answer();
		polls.minutes(20 * 60);
		shown(polls, NOON - 5 * HOUR);
		polls.trouble = (_, answer) => answer();
		polls.minutes(30);
		expect(polls.ids).toEqual(['late']);
	});

	it("also after the server's clock went back", () => {
		const polls = polled(30);
		polls.list.now! -= 5 * HOUR;
		polls.poll();
		shown(polls, NOON - 10 * HOUR);
		polls.list.now! += 26 * HOUR;
		polls.poll();
		expect(polls.ids).toEqual(['late']);
	});
});

describe('a span that is read once more', () => {
	it('is that of a long scan of several pages, in the same poll, after it', () => {
		const polls = new Polls(new AlertList().raise(150));
		expect(polls.poll()).toEqual(['bulk -3661 0', 'bulk -3661 95', ...recheckPages(2)]);
		expect(polls.state).toMatchObject({ recheck: noSideScan(), forward: null });
		expect(polls.after(MINUTE)).toEqual(['bulk -601 0', 'bulk -601 95']);
	});

	it('is read ten pages a poll, and no new alert waits for it', () => {
		const polls = new Polls(new AlertList().raise(2500));
		expect(polls.poll()).toHaveLength(27 + 10);
		expect(polls.state.cursor).toBe(NOON);
		polls.list.raise(1, NOON + MINUTE);
		const asked = polls.after(MINUTE);
		expect(asked.filter((query) => query.startsWith('bulk -3601'))).toEqual(
			recheckPages(20).slice(10),
		);
		expect(asked[0]).toBe('bulk -601 0');
		expect(polls.taker.taken).toHaveLength(2501);
	});

	it('is none where the scan was one page', () => {
		const polls = new Polls(new AlertList().raise(9));
		expect(polls.poll()).toHaveLength(1);
		expect(polls.state.recheck).toEqual(noSideScan());
	});

	it.each([
		[20 * MINUTE - 1000, 0],
		[20 * MINUTE, 0],
		[20 * MINUTE + 1, 2],
	])(
		'is none where the scan went over two overlaps at most: of %d ms, %d requests',
		(ms, requests) => {
			const polls = new Polls(new AlertList().raise(150));
			polls.state = { ...freshCursor(), start: NOON - HOUR, forward: beginScan(NOON - ms) };
			// Two of the scan that began before this poll, and two of the one that follows it.
			expect(polls.poll()).toHaveLength(4 + requests);
		},
	);

	it('is none where the server did not tell the time', () => {
		expect(new Polls(new AlertList(null).raise(150)).poll()).toHaveLength(2);
	});

	it('is any in which rows were seen to move', () => {
		const list = new AlertList();
		const polls = new Polls(list, { lookback: 5 * MINUTE });
		list.raise(400);
		polls.poll({ pages: 3 });
		list.rows.splice(0, 60);
		const fromTheStart = ['bulk -301 0', 'bulk -301 95', 'bulk -301 190', 'bulk -301 285'];
		// What has come since that scan began, and the span once more.
		expect(polls.poll()).toEqual(['bulk -361 285', ...fromTheStart, ...fromTheStart]);
		expect(polls.state).toMatchObject({ forward: null, recheck: noSideScan() });
		expect(polls.taker.taken).toHaveLength(362);
	});

	it.each([
		['an earlier', 40, 20],
		['a later', 40, 120],
	])(
		'goes on as it began where %s one becomes owed meanwhile, which is read after it',
		(_which, next, running) => {
			const polls = new Polls(new AlertList().raise(150));
			const recheck = {
				...noSideScan(),
				owed: NOON - running * MINUTE,
				owedSince: NOON,
				scan: beginScan(NOON - running * MINUTE - 1000),
			};
			polls.state = {
				...freshCursor(),
				start: NOON - DAY,
				cursor: NOON,
				sweptAt: NOON,
				sweptTo: NOON,
				forward: beginScan(NOON - next * MINUTE),
				recheck,
			};
			polls.poll({ pages: 5 });
			expect(polls.state.recheck).toMatchObject({
				owed: NOON - running * MINUTE,
				next: NOON - next * MINUTE,
				scan: { from: NOON - running * MINUTE - 1000, pages: 1 },
			});
			polls.after(MINUTE);
			expect(polls.state.recheck).toEqual({
				...noSideScan(),
				owed: NOON - next * MINUTE,
				owedSince: NOON + MINUTE,
			});
			expect(polls.after(MINUTE).slice(2)).toEqual([
				`bulk ${-next * 60 - 1} 0`,
				`bulk ${-next * 60 - 1} 95`,
			]);
			expect(polls.state.recheck).toEqual(noSideScan());
		},
	);
});

describe('what is still to be read again', () => {
	const scan = beginScan(NOON - HOUR);
	const owed = (since: number) => ({ ...noSideScan(), owed: since });

	it('reaches back an overlap behind the cursor', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		expect(polls.cursor().openSince()).toBe(NOON - 10 * MINUTE);
	});

	it.each<[string, Partial<CursorState>, number]>([
		['a scan under way', { forward: scan }, NOON - HOUR],
		['what such a scan left behind', { forward: scan, leftBehind: NOON - DAY }, NOON - DAY],
		['a recheck under way', { recheck: { ...noSideScan(), scan } }, NOON - HOUR],
		['a recheck to come', { recheck: owed(NOON - HOUR) }, NOON - HOUR],
		[
			'what is owed after it',
			{
				recheck: { ...owed(NOON - HOUR / 2), next: NOON - HOUR, scan: beginScan(NOON - HOUR / 2) },
			},
			NOON - HOUR,
		],
		['not to a sweep', { sweep: { ...owed(NOON - DAY), scan } }, NOON - 10 * MINUTE],
		[
			'the start before there is a cursor',
			{ cursor: null, start: NOON - HOUR },
			NOON - HOUR - 10 * MINUTE,
		],
	])('and to %s', (_what, more, since) => {
		const polls = new Polls(new AlertList());
		polls.state = {
			...freshCursor(),
			start: NOON - 2 * HOUR,
			cursor: NOON,
			sweptAt: NOON,
			sweptTo: NOON,
			...more,
		};
		expect(polls.cursor().openSince()).toBe(since);
	});

	it.each<[string, Partial<CursorState>, number]>([
		[
			'of the next sweep is its depth before the last',
			{ sweptTo: NOON - HOUR },
			NOON - HOUR - SETTINGS.sweep,
		],
		[
			'of one that is owed is its beginning',
			{ sweptTo: NOON - HOUR, sweep: owed(NOON - DAY) },
			NOON - DAY,
		],
		['of the first is its depth before the cursor', { sweptTo: null }, NOON - SETTINGS.sweep],
	])('by sweeps: %s', (_what, more, since) => {
		const polls = new Polls(new AlertList());
		polls.state = { ...freshCursor(), start: NOON - 2 * HOUR, cursor: NOON, ...more };
		expect(polls.cursor().sweepSince()).toBe(since);
	});
});

describe('equal times that come in another order at each request', () => {
	it.each([[1], [2], [3], [4], [5]])(
		'are read again while that finds any, and by the sweep, so that none is missed (order %d)',
		(seed) => {
			const list = new AlertList();
			for (let id = 1; id <= 250; id++) list.rows.push(alert(id, NOON - MINUTE));
			const polls = new Polls(list);
			let state = seed;
			const chance = () => (state = (state * 48_271) % 0x7fffffff) / 0x7fffffff;
			polls.trouble = (_, answer) => {
				list.rows = list.rows
					.map((row) => [chance(), row] as const)
					.sort(([a], [b]) => a - b)
					.map(([, row]) => row);
				return answer();
			};
			polls.poll();
			// Behind the overlap, no forward scan shows them again.
			polls.list.now! += 20 * MINUTE;
			polls.minutes(70);
			expect(new Set(polls.ids).size).toBe(250);
		},
	);
});
