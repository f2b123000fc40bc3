import { describe, expect, it } from 'vitest';
import { noSideScan } from '../../nodes/shared/feed/side-scan.ts';
import { WARNINGS } from '../../nodes/shared/feed/warnings.ts';
import {
	AlertList,
	DAY,
	HOUR,
	MINUTE,
	NOON,
	NO_LIST,
	NO_LOGIN,
	Polls,
	REFUSED,
	TIMED_OUT,
	alert,
	page,
	polled,
	refuseBefore,
	type Trouble,
} from './feed-list.mts';

const SWEEP_FAILED = WARNINGS.sideFailed('sweep');

describe('a side scan that fails', () => {
	const wide: Trouble = (query, answer) => (query.since < NOON ? REFUSED : answer());

	it('costs itself and a warning, and is tried again after ten minutes', () => {
		const polls = polled(59);
		polls.trouble = wide;
		expect(polls.after(MINUTE)[0]).toBe('bulk 2939 0');
		expect(polls.warnings).toEqual([SWEEP_FAILED]);
		expect(polls.state).toMatchObject({
			cursor: NOON + HOUR,
			sweptTo: NOON,
			sweep: { owed: NOON - 6 * HOUR, failedAt: NOON + HOUR },
		});
		polls.list.raise(1, NOON + HOUR + MINUTE);
		expect(polls.minutes(9).asked).toHaveLength(9);
		expect(polls.ids).toEqual([1]);
		polls.trouble = (_, answer) => answer();
		expect(polls.after(MINUTE)).toEqual([
			'bulk 3539 0',
			'bulk -21601 0 of 1',
			'bulk -21601 1 of 2',
			'bulk -21601 0 of 2',
		]);
		expect(polls.state).toMatchObject({ sweptTo: NOON + HOUR + 10 * MINUTE, sweep: noSideScan() });
	});

	it('is not asked for at all where the poll failed before it', () => {
		const polls = polled(59);
		polls.trouble = () => ({ ...REFUSED, mayBeThisPage: false });
		expect(polls.after(MINUTE)).toEqual(['bulk 2939 0']);
	});

	it('and is a recheck leaves the sweep alone', () => {
		const polls = polled(59);
		polls.state.recheck.owed = NOON - 2 * HOUR;
		polls.state.recheck.owedSince = NOON;
		polls.trouble = (query, answer) =>
			query.since === NOON - 2 * HOUR - 1000 ? { ...REFUSED, mayBeThisPage: false } : answer();
		expect(polls.after(MINUTE)).toEqual(['bulk 2939 0', 'bulk -7201 0', 'bulk -21601 0']);
		expect(polls.warnings).toEqual([WARNINGS.sideFailed('recheck')]);
		expect(polls.state).toMatchObject({ sweptTo: NOON + HOUR, recheck: { owed: NOON - 2 * HOUR } });
	});

	it('goes on where it stopped', () => {
		const polls = polled(59);
		polls.list.raise(500, NOON - HOUR);
		polls.trouble = (query, answer) =>
			query.offset > 200 ? { ...REFUSED, mayBeThisPage: false } : answer();
		polls.after(MINUTE);
		polls.trouble = (_, answer) => answer();
		expect(polls.minutes(9).asked).toHaveLength(9);
		expect(polls.after(MINUTE).slice(0, 2)).toEqual(['bulk 3539 0', 'bulk -21601 285']);
		expect(polls.taker.taken).toHaveLength(500);
	});

	it.each(['recheck', 'sweep'] as const)(
		'for a day, and is a %s, is given up with a warning: it does not stand in the way for ever',
		(kind) => {
			const polls = polled(59);
			polls.list.raise(500, NOON - HOUR);
			polls.state[kind].owed = NOON - 3 * HOUR;
			polls.state[kind].owedSince = NOON;
			if (kind === 'recheck') polls.state.sweptAt = NOON + 3 * DAY;
			polls.trouble = (query, answer) =>
				query.offset > 200 ? { ...REFUSED, mayBeThisPage: false } : answer();
			expect(polls.minutes(23 * 60).warnings).not.toContain(
				WARNINGS.givenUp(NOON - 3 * HOUR, NOON),
			);
			expect(polls.minutes(60).warnings).toContain(WARNINGS.givenUp(NOON - 3 * HOUR, NOON));
			if (kind === 'sweep') expect(polls.state.sweptTo).toBeGreaterThan(NOON + 23 * HOUR);
			polls.trouble = (_, answer) => answer();
			polls.minutes(70);
			expect(polls.state[kind]).toEqual(noSideScan());
		},
	);

	it('is not given up because of a pause: that is no try', () => {
		const polls = polled(59);
		polls.list.raise(500, NOON - HOUR);
		Object.assign(polls.state.recheck, { owed: NOON - 3 * HOUR, owedSince: NOON });
		polls.trouble = (query, answer) =>
			query.offset > 200 ? { ...REFUSED, mayBeThisPage: false } : answer();
		polls.minutes(5);
		polls.after(3 * DAY);
		polls.after(20 * MINUTE);
		expect(polls.state.recheck.owed).toBe(NOON - 3 * HOUR);
		polls.trouble = (_, answer) => answer();
		polls.minutes(22);
		expect(polls.state.recheck).toEqual(noSideScan());
	});

	it('keeps a poll bounded: one that is down has a few requests, one that answers new alerts some thirty', () => {
		const polls = polled(59);
		polls.trouble = wide;
		for (let minute = 0; minute < 300; minute++)
			expect(polls.after(MINUTE).length).toBeLessThanOrEqual(30);
		polls.trouble = () => REFUSED;
		for (let minute = 0; minute < 300; minute++)
			expect(polls.after(MINUTE).length).toBeLessThanOrEqual(5);
	});
});

describe('a sweep that the server refuses', () => {
	it('begins later after two tries, a quarter as far back, and says so; the whole depth stays owed', () => {
		const polls = polled(59);
		polls.trouble = refuseBefore(3 * HOUR, polls.list);
		const { asked, warnings } = polls.minutes(13);
		expect(new Set(warnings)).toEqual(
			new Set([
				SWEEP_FAILED,
				WARNINGS.sweepNarrowed(NOON + HOUR + 10 * MINUTE - (7 * HOUR + 10 * MINUTE + 1000) / 4),
			]),
		);
		expect(
			asked.some((query) =>
				query.startsWith(
					`bulk ${(HOUR + 10 * MINUTE - (7 * HOUR + 10 * MINUTE + 1000) / 4) / 1000} 0`,
				),
			),
		).toBe(true);
		expect(polls.state).toMatchObject({ sweptTo: NOON, sweep: { owed: NOON - 6 * HOUR } });
	});

	it('still finds what is late by less than that, within half an hour, and all of it once it is served again', () => {
		const polls = polled(59);
		polls.trouble = refuseBefore(3 * HOUR, polls.list);
		polls.minutes(120);
		polls.list.rows.push(
			alert('late', polls.list.now! - HOUR),
			alert('very late', NOON - 5 * HOUR),
		);
		polls.minutes(31);
		expect(polls.ids).toEqual(['late']);
		polls.trouble = (_, answer) => answer();
		polls.minutes(31);
		expect(polls.ids).toEqual(['late', 'very late']);
		expect(polls.state.sweep).toEqual(noSideScan());
	});

	it('is narrowed to the overlap at the most', () => {
		const polls = polled(59);
		polls.trouble = refuseBefore(12 * MINUTE, polls.list);
		polls.minutes(24 * 60);
		expect(polls.state.cursor).toBe(polls.list.now);
		expect(polls.state.sweep.owed).toBe(NOON - 6 * HOUR);
	});

	it('because it is slow leaves the pages of new alerts as large as they are', () => {
		const polls = polled(59);
		polls.trouble = refuseBefore(HOUR, polls.list, TIMED_OUT);
		polls.minutes(24 * 60);
		expect(polls.after(MINUTE)[0]).toMatch(/^bulk \S+ 0$/);
	});
});

it.each([
	['recheck', WARNINGS.sideFailed('recheck')],
	['sweep', WARNINGS.sweepNarrowed(NOON + 11 * MINUTE - (3 * HOUR + 11 * MINUTE + 1000) / 4)],
] as const)('a %s that begins later says so in the poll that decides it', (kind, warning) => {
	const polls = polled(0);
	polls.state[kind].owed = NOON - 3 * HOUR;
	polls.trouble = refuseBefore(2 * HOUR, polls.list);
	const warnings = Array.from({ length: 11 }, () => polls.minutes(1).warnings);
	expect(warnings[0]).toEqual([WARNINGS.sideFailed(kind)]);
	expect(warnings.slice(1, 10).flat()).toEqual([]);
	expect(warnings[10]).toEqual([warning]);
});

describe('a scan of new alerts whose span the server refuses', () => {
	const paused = (how = REFUSED) => {
		const polls = polled(59, { sweep: 0 });
		const last = polls.list.now!;
		polls.list.raise(1, last + 2 * HOUR);
		polls.list.now = last + 5 * HOUR;
		polls.list.raise(1, polls.list.now - MINUTE);
		polls.trouble = refuseBefore(2 * HOUR, polls.list, how);
		return { polls, last };
	};

	it.each([
		['refused', REFUSED],
		['too slow', TIMED_OUT],
	])('(%s) reads new alerts at once, and says from when to when others wait', (_what, how) => {
		const { polls, last } = paused(how);
		polls.poll();
		expect(polls.ids).toEqual([2]);
		expect(polls.state.cursor).toBe(polls.list.now);
		expect(polls.state.recheck.owed).toBe(last - 10 * MINUTE - 1000);
		expect(polls.warnings[0]).toBe(
			WARNINGS.wideRefused(last - 10 * MINUTE - 1000, polls.list.now! - 10 * MINUTE - 1000),
		);
		polls.list.raise(1, polls.list.now!);
		polls.after(MINUTE);
		expect(polls.ids).toEqual([2, 3]);
	});

	it('brings the others once they are served', () => {
		const { polls } = paused();
		polls.poll();
		polls.minutes(20);
		polls.trouble = (_, answer) => answer();
		polls.minutes(31);
		expect(new Set(polls.ids)).toEqual(new Set([1, 2]));
		expect(polls.state.recheck).toEqual(noSideScan());
	});

	it.each([
		['refused', { ...REFUSED, status: 400 }],
		['an error', REFUSED],
	])('(%s) brings what is still listed with the second try, before it is too old', (_what, how) => {
		const { polls } = paused(how);
		polls.list.now! += 75 * HOUR;
		polls.list.raise(1, polls.list.now! - 30 * MINUTE);
		polls.poll();
		expect(polls.ids).not.toContain(3);
		polls.after(30 * MINUTE);
		expect(polls.ids).toContain(3);
	});

	it('gives the others up after a day, with a warning that names the span', () => {
		const { polls, last } = paused();
		polls.poll();
		expect(polls.minutes(23 * 60).warnings.filter((text) => text.includes('given up'))).toEqual([]);
		const { warnings } = polls.minutes(2 * 60);
		const given = warnings.filter((text) => text.includes('given up'));
		expect(given).toHaveLength(1);
		expect(given[0]).toContain(
			`from ${new Date(last - 10 * MINUTE - 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC to`,
		);
		expect(polls.state.recheck).toEqual(noSideScan());
	});

	it('does so at the first poll too, where the look-back is refused', () => {
		const polls = new Polls(new AlertList().raise(3), { lookback: 30 * DAY });
		polls.trouble = refuseBefore(DAY, polls.list);
		expect(polls.poll().slice(0, 2)).toEqual([`bulk ${-30 * 86400 - 61} 0`, 'bulk -601 0']);
		expect(polls.ids).toEqual([1, 2, 3]);
		expect(polls.state).toMatchObject({
			start: NOON - 30 * DAY,
			cursor: NOON,
			recheck: { owed: NOON - 30 * DAY - 61_000 },
		});
	});

	it('does so within some minutes where a scan was under way before a pause', () => {
		const polls = polled(10);
		polls.list.raise(300);
		polls.after(MINUTE, { pages: 1 });
		polls.list.now! += 5 * HOUR;
		polls.list.raise(1);
		polls.trouble = refuseBefore(2 * HOUR, polls.list);
		polls.minutes(12);
		expect(polls.ids).toContain(301);
	});

	it.each([[3 * HOUR], [-3 * HOUR], [-30 * DAY]])(
		"does so where this machine's clock is %d ms off",
		(off) => {
			const { polls } = paused();
			const { now } = polls.list;
			polls.poll({ now: now! + off });
			polls.poll({ now: now! + off });
			expect(polls.ids).toContain(2);
			expect(polls.state.cursor).toBe(now);
		},
	);

	it('ends its polls on a server of which each answer comes from another clock', () => {
		const { polls } = paused();
		let answers = 0;
		const { now } = polls.list;
		polls.trouble = (query, answer) => {
			const given = refuseBefore(2 * HOUR, polls.list)(query, answer);
			return 'rows' in given
				? {
						...given,
						clocks: {
							...given.clocks,
							stated: given.clocks.stated! + (answers++ % 2) * 5 * MINUTE,
						},
					}
				: given;
		};
		expect(polls.poll({ now: now! + 20 * MINUTE })).toHaveLength(12);
	});
});

describe('a failure that no other page can help', () => {
	it('ends the scan, keeps its position, and the next poll goes on', () => {
		const polls = new Polls(new AlertList().raise(250));
		polls.trouble = (query, answer) => (query.offset > 0 ? NO_LOGIN : answer());
		expect(polls.poll()).toEqual(['bulk -3661 0', 'bulk -3661 95']);
		polls.trouble = (_, answer) => answer();
		expect(polls.after(MINUTE)[0]).toBe('bulk -3661 95');
		expect(polls.ids).toEqual(polls.list.rows.map(({ ClientDbId }) => ClientDbId));
	});
});

describe('a poll has an end', () => {
	it.each<[string, Trouble]>([
		['down', () => REFUSED],
		['too slow', () => TIMED_OUT],
		['without lists', () => NO_LIST],
		['full of empty answers that may be none', () => page([], NOON, { conclusive: false })],
	])(
		'on a server that is %s: a few requests, and every poll is like the one before',
		(_what, trouble) => {
			const polls = new Polls(new AlertList().raise(300));
			polls.poll();
			polls.trouble = trouble;
			for (let minute = 0; minute < 2 * 24 * 60; minute += 7)
				expect(polls.after(7 * MINUTE).length).toBeLessThanOrEqual(5);
			polls.trouble = (_, answer) => answer();
			polls.list.raise(1);
			polls.minutes(2);
			expect(polls.ids).toContain(301);
		},
	);

	it('and an empty answer that may be none in the middle of a long scan does not send it back to its beginning at once', () => {
		const polls = new Polls(new AlertList().raise(3000), { lookback: DAY, sweep: 0 });
		let asked = 0;
		polls.trouble = (_, answer) =>
			++asked % 9 === 0 ? page([], NOON, { conclusive: false }) : answer();
		for (let minute = 0; minute < 5; minute++) polls.after(MINUTE);
		expect(polls.ids).toHaveLength(3000);
	});
});
