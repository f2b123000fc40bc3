import { describe, expect, it } from 'vitest';
import { noSideScan } from '../../nodes/shared/feed/side-scan.ts';
import { WARNINGS } from '../../nodes/shared/feed/warnings.ts';
import {
	AlertList,
	HOUR,
	MINUTE,
	NOON,
	NO_LIST,
	Polls,
	REFUSED,
	TIMED_OUT,
	alert,
	page,
	type Alert,
	type Trouble,
} from './feed-list.mts';

const numbers = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => from + i);
const without = (all: number[], ...left: number[]) => all.filter((id) => !left.includes(id));
const sorted = (ids: ReadonlyArray<number | string>) =>
	[...ids].sort((a, b) => Number(a) - Number(b));

/** A page with one of these alerts is not served. */
const poisoned =
	(ids: readonly number[], how = REFUSED): Trouble =>
	(_, answer) => {
		const given = answer();
		return given.rows.some((row) => ids.includes(Number((row as Alert).ClientDbId))) ? how : given;
	};

describe.each([
	['refused', REFUSED],
	['not served in time', TIMED_OUT],
])('a page that is always %s because of one row', (_what, how) => {
	it.each([
		['first', [1]],
		['in the middle', [71]],
		['last', [150]],
		['the first of a page', [96]],
		['two beside each other', [70, 71]],
		['two far apart', [30, 120]],
		['the first and the last', [1, 150]],
		['six in a row', numbers(40, 45)],
		['forty in a row', numbers(40, 79)],
	])('costs that row alone: %s', (_which, ids) => {
		const polls = new Polls(new AlertList().raise(150), { lookback: 15 * MINUTE });
		polls.trouble = poisoned(ids, how);
		polls.poll();
		// Some need more failures than one poll may see.
		polls.minutes(ids.length > 2 ? 12 * ids.length : 12);
		expect(sorted(polls.ids)).toEqual(without(numbers(1, 150), ...ids));
		expect(polls.taker.skipped).toBeGreaterThanOrEqual(ids.length);
		expect(polls.state.cursor).not.toBeNull();
		polls.list.raise(1, polls.list.now!);
		polls.minutes(2);
		expect(polls.ids).toContain(151);
	});

	it('is told by a few requests, in the poll that meets it', () => {
		const polls = new Polls(new AlertList().raise(90), { lookback: 5 * MINUTE });
		polls.trouble = poisoned([50], how);
		expect(polls.poll().length).toBeLessThan(50);
		expect(sorted(polls.ids)).toEqual(without(numbers(1, 90), 50));
	});
});

describe('a row that is refused', () => {
	it('by a server that is down for some minutes is not passed over', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.list.raise(3, NOON + MINUTE);
		polls.trouble = () => REFUSED;
		polls.minutes(9);
		polls.trouble = (_, answer) => answer();
		polls.after(MINUTE);
		expect([polls.ids, polls.taker.skipped]).toEqual([[1, 2, 3], 0]);
	});

	it.each([[1], [2], [3], [4], [5], [6], [7], [8]])(
		'by a server that fails until its request number %d is not passed over',
		(until) => {
			const polls = new Polls(new AlertList().raise(30));
			let asked = 0;
			polls.trouble = (_, answer) => (asked++ < until ? REFUSED : answer());
			polls.poll();
			polls.minutes(2);
			expect([sorted(polls.ids), polls.taker.skipped]).toEqual([numbers(1, 30), 0]);
		},
	);

	it('before a row behind it was served, in a poll that was cut then, is not passed over by an outage', () => {
		const polls = new Polls(new AlertList().raise(3), { lookback: 5 * MINUTE });
		let asked = 0;
		polls.trouble = (_, answer) => (asked++ < 2 ? REFUSED : answer());
		expect(polls.poll({ pages: 3 })).toEqual([
			'bulk -361 0',
			'bulk -361 0 of 1',
			'bulk -361 1 of 1',
		]);
		polls.trouble = () => REFUSED;
		polls.after(MINUTE);
		polls.trouble = (_, answer) => answer();
		polls.after(MINUTE);
		expect([polls.ids, polls.taker.skipped]).toEqual([[1, 2, 3], 0]);
	});

	it('and passed over makes its span one that is read once more: the server may serve it then', () => {
		const polls = new Polls(new AlertList().raise(30));
		let refused = 0;
		polls.trouble = (query, answer) => (query.offset === 0 && refused++ < 3 ? REFUSED : answer());
		polls.poll();
		polls.minutes(1);
		expect(sorted(polls.ids)).toEqual(numbers(1, 30));
	});

	it('with hundreds behind it does not keep new alerts from coming', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.list.raise(140, NOON + 30_000).raise(300, NOON + MINUTE);
		polls.trouble = poisoned(numbers(141, 440));
		polls.minutes(2);
		polls.list.raise(1, polls.list.now!);
		polls.minutes(15);
		expect(polls.ids).toContain(441);
		polls.minutes(12 * 60);
		expect(polls.ids).toEqual([...numbers(1, 140), 441]);
		expect(polls.state).toMatchObject({ recheck: noSideScan(), sweep: noSideScan() });
	});
});

describe('an Offset that ends', () => {
	const upTo =
		(most: number, behind: 'refused' | 'empty'): Trouble =>
		(query, answer) => {
			if (query.list === 'unpaged' || query.offset < most) return answer();
			return behind === 'refused' ? REFUSED : { ...answer(), rows: [] };
		};

	it.each(['refused', 'empty'] as const)(
		'(%s) on a list in order of time goes on from the time of the last row, and says so',
		(behind) => {
			const polls = new Polls(new AlertList().raise(900), { lookback: 5 * HOUR });
			polls.trouble = upTo(200, behind);
			const warnings = [
				...(polls.poll(), polls.warnings),
				...polls.minutes(behind === 'empty' ? 0 : 25).warnings,
			];
			expect(polls.ids).toEqual(numbers(1, 900));
			expect(warnings).toContain(WARNINGS.offsetEnds);
			expect(warnings).not.toContain(WARNINGS.unreachable);
			expect(polls.state.unpagedUntil).toBeNull();
			expect(polls.state.cursor).not.toBeNull();
		},
	);

	it.each(['refused', 'empty'] as const)(
		'(%s) on another list is gone around by /api/alerts, and the log says so',
		(behind) => {
			const polls = new Polls(new AlertList().raise(900), { lookback: 5 * HOUR });
			polls.list.rows.reverse();
			polls.trouble = upTo(200, behind);
			const asked = polls.poll();
			expect(asked.at(-1)).toMatch(/^unpaged /);
			expect(polls.warnings).toContain(WARNINGS.unreachable);
			expect(sorted(polls.ids)).toEqual(numbers(1, 900));
			expect(polls.state).toMatchObject({ cursor: NOON, unpagedUntil: NOON + HOUR });
		},
	);

	it.each([1, 2, 3])(
		'is noticed on pages of %d rows, too: no row is lost in silence',
		(pageSize) => {
			const polls = new Polls(new AlertList().raise(90), { pageSize });
			polls.trouble = upTo(40, 'empty');
			polls.poll();
			polls.minutes(2);
			expect(sorted(polls.ids)).toEqual(numbers(1, 90));
		},
	);

	it.each([
		['in order of time', false],
		['newest first', true],
	])(
		'where more alerts than it reaches are of one second is gone around too, and loses no older one: %s',
		(_what, reversed) => {
			const polls = new Polls(new AlertList());
			polls.list.rows = numbers(1, 900).map((id) => alert(id, NOON - (id === 1 ? HOUR / 2 : 1000)));
			if (reversed) polls.list.rows.reverse();
			polls.trouble = upTo(200, 'empty');
			polls.poll();
			expect(sorted(polls.ids)).toEqual(numbers(1, 900));
		},
	);

	it('does not keep new alerts from coming where the other list fails as well', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.list.raise(900, NOON + MINUTE);
		polls.list.rows.reverse();
		polls.trouble = (query, answer) =>
			query.list === 'unpaged' ? REFUSED : upTo(200, 'refused')(query, answer);
		polls.minutes(3);
		polls.list.rows.unshift(alert('new', polls.list.now!));
		polls.minutes(20);
		expect(polls.ids).toContain('new');
	});

	it('and belongs to the list of changes holds no later change up', () => {
		const polls = new Polls(new AlertList(), { sweep: 0 }, 'changed');
		polls.poll();
		// No order by DateChanged is seen here, for these rows have none.
		polls.list.raise(900, NOON + MINUTE);
		polls.trouble = upTo(200, 'empty');
		polls.minutes(20);
		polls.list.raise(1, polls.list.now!);
		polls.minutes(2);
		expect(polls.ids).toContain(901);
		expect(polls.state.cursor).toBe(polls.list.now);
	});
});

describe('a page that is slower than a request may be', () => {
	const slowerThan =
		(rows: number): Trouble =>
		(query, answer) =>
			query.limit > rows && query.list === 'bulk' ? TIMED_OUT : answer();

	it('is asked for smaller, for an hour, and then as large as is set again', () => {
		const polls = new Polls(new AlertList().raise(5));
		polls.poll();
		polls.trouble = slowerThan(50);
		expect(polls.after(MINUTE)).toEqual([
			'bulk -601 0',
			'bulk -601 0 of 1',
			'bulk -601 1 of 2',
			'bulk -601 2 of 4',
		]);
		expect(polls.state.slow).toEqual({ size: 50, until: NOON + MINUTE + HOUR });
		polls.trouble = (_, answer) => answer();
		polls.list.rows = [];
		for (let minute = 0; minute < 60; minute++) expect(polls.after(MINUTE)[0]).toMatch(/ 0 of 50$/);
		expect(polls.after(MINUTE)[0]).toMatch(/ 0$/);
	});

	it('is so in the first poll, without a row that is lost', () => {
		const polls = new Polls(new AlertList().raise(300));
		polls.trouble = slowerThan(10);
		polls.poll();
		polls.minutes(3);
		expect(sorted(polls.ids)).toEqual(numbers(1, 300));
		expect(polls.state.slow!.size).toBeLessThanOrEqual(10);
		expect(polls.state.slow!.size).toBeGreaterThan(4);
	});

	it('is not larger than is set now', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.state.slow = { size: 50, until: NOON + HOUR };
		expect(polls.after(MINUTE, { pageSize: 20 })[0]).toMatch(/ of 20$/);
	});
});

describe('a server without pages', () => {
	const noBulk: Trouble = (query, answer) => (query.list === 'bulk' ? NO_LIST : answer());

	it.each([[404], [405], [410], [501]])(
		'(%d) is asked for the whole list in the same poll, for an hour of its own time, and then for pages again',
		(status) => {
			const polls = new Polls(new AlertList().raise(5), { sweep: 0 });
			polls.trouble = (query, answer) =>
				query.list === 'bulk'
					? { ...NO_LIST, status, mayBeThisPage: status === 410 || status === 501 }
					: answer();
			expect(polls.poll()).toEqual(['bulk -3661 0', 'unpaged -3661 0']);
			expect(polls.warnings).toEqual([WARNINGS.noBulk]);
			expect(polls.ids).toEqual([1, 2, 3, 4, 5]);
			expect(polls.state).toMatchObject({ cursor: NOON, unpagedUntil: NOON + HOUR, longest: 0 });
			for (let minute = 1; minute <= 60; minute++)
				expect(polls.after(MINUTE)[0]).toBe(`unpaged ${minute * 60 - 661} 0`);
			expect(polls.after(MINUTE)[0]).toMatch(/^bulk /);
		},
	);

	it("counts the hour from the refusal where the server's time is known, and reads the list from its beginning", () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.list.raise(300, NOON + MINUTE);
		polls.trouble = (query, answer) =>
			query.list === 'bulk' && query.offset > 0 ? NO_LIST : answer();
		expect(polls.after(MINUTE)).toEqual(['bulk -601 0', 'bulk -601 95', 'unpaged -601 0']);
		expect(polls.state.unpagedUntil).toBe(NOON + MINUTE + HOUR);
		expect(polls.ids).toEqual(numbers(1, 300));
	});

	it('is asked for the whole list until a scan has ended, however far apart the polls are', () => {
		const polls = new Polls(new AlertList().raise(9), { sweep: 0 });
		polls.poll();
		polls.trouble = noBulk;
		polls.list.raise(9, NOON + HOUR);
		expect(polls.after(HOUR, { pages: 1 })).toEqual(['bulk -601 0']);
		for (polls.taker.room = 12; polls.taker.room < 18; polls.taker.room += 3)
			expect(polls.after(3 * HOUR)).toEqual(['unpaged -601 0']);
		expect(polls.after(3 * HOUR).slice(0, 2)).toEqual([
			'unpaged -601 0',
			expect.stringMatching(/^bulk /),
		]);
		expect(polls.ids).toEqual(numbers(1, 18));
	});

	it('and without the whole list is asked for pages again by the next poll, and for both in none twice', () => {
		const polls = new Polls(new AlertList());
		polls.trouble = () => NO_LIST;
		for (let minute = 0; minute < 3; minute++)
			expect(polls.after(MINUTE).map((query) => query.split(' ')[0])).toEqual(['bulk', 'unpaged']);
	});

	it('that refuses the whole list from far back is asked for new alerts at once', () => {
		const polls = new Polls(new AlertList());
		polls.trouble = noBulk;
		polls.poll();
		polls.list.now = NOON + 5 * HOUR;
		polls.list.raise(1);
		polls.trouble = (query, answer) =>
			query.list === 'bulk' ? NO_LIST : query.since < polls.list.now! - HOUR ? REFUSED : answer();
		polls.poll();
		expect(polls.ids).toEqual([1]);
		expect(polls.state.recheck.owed).toBe(NOON - 601_000);
	});

	it('that ignores Offset is noticed, and no row is missed or counted', () => {
		const polls = new Polls(new AlertList().raise(250), { lookback: 10 * MINUTE });
		polls.trouble = (query, answer) =>
			query.list === 'unpaged' ? answer() : page(polls.list.rows.slice(0, query.limit));
		const asked = polls.poll();
		expect(polls.warnings).toEqual([WARNINGS.offsetIgnored]);
		expect(asked.filter((query) => query.startsWith('unpaged'))).toHaveLength(1);
		expect(polls.ids).toEqual(numbers(1, 250));
		expect(polls.state).toMatchObject({ cursor: NOON, unpagedUntil: NOON + HOUR, longest: 100 });
	});

	it('is not there for changes: where Offset is ignored, the log says that more than a page is not seen', () => {
		const polls = new Polls(new AlertList().raise(250), {}, 'changed');
		polls.trouble = (query) => page(polls.list.rows.slice(0, query.limit));
		expect(polls.poll().slice(0, 2)).toEqual(['changed -3661 0', 'changed -3661 95']);
		expect(polls.warnings[0]).toBe(WARNINGS.changesCutOff);
		expect(polls.state).toMatchObject({ cursor: NOON, unpagedUntil: null });
	});
});
