import { describe, expect, it } from 'vitest';
import { WARNINGS } from '../../nodes/shared/feed/warnings.ts';
import {
	AlertList,
	DAY,
	HOUR,
	MINUTE,
	NOON,
	NO_LIST,
	Polls,
	REFUSED,
	TIMED_OUT,
	page,
	type Alert,
	type Trouble,
} from './feed-list.mts';

/** A list of so many alerts that came since the first poll, two minutes ago. */
function begun(count: number, settings = {}): Polls {
	const polls = new Polls(new AlertList(), { sweep: 0, ...settings });
	polls.poll();
	polls.list.now = NOON + 2 * MINUTE;
	polls.list.raise(count);
	return polls;
}

describe('the requests of a poll that meets nothing but failures', () => {
	const down: Trouble = () => REFUSED;

	it('are four where the server answers nothing', () => {
		const polls = begun(0);
		polls.trouble = down;
		expect(polls.poll()).toHaveLength(4);
	});

	it('are one more where a narrow scan joins the last one', () => {
		const polls = begun(0);
		polls.list.now! += DAY;
		polls.trouble = down;
		expect(polls.poll()).toHaveLength(5);
	});

	it('are eleven where an earlier poll got half-way', () => {
		const polls = begun(250);
		polls.poll({ pages: 1 });
		polls.trouble = down;
		expect(polls.poll()).toHaveLength(11);
	});

	it('are twenty-one after an answer', () => {
		const polls = begun(250);
		let failures = 0;
		polls.trouble = (query, answer) => {
			if (query.offset === 0) return answer();
			failures++;
			return REFUSED;
		};
		polls.poll();
		expect(failures).toBe(21);
	});

	it('are one where no other page can help', () => {
		const polls = begun(250);
		polls.trouble = () => ({ status: 403, mayBeThisPage: false, timedOut: false });
		expect(polls.poll()).toHaveLength(1);
	});
});

it('an empty answer in the middle of a scan that may be none is asked for again three times', () => {
	const polls = begun(250);
	polls.trouble = (query, answer) =>
		query.offset === 0 ? answer() : page([], polls.list.now, { conclusive: false });
	expect(polls.poll()).toHaveLength(5);
	expect(polls.warnings).toContain(WARNINGS.doubtful);
});

describe('what is refused at an Offset', () => {
	const refusedAt = (status: number) => {
		const polls = begun(250);
		const asked: string[] = [];
		polls.trouble = (query, answer) => {
			asked.push(`${query.list} ${query.offset}`);
			return query.offset > 0 ? { status, mayBeThisPage: true, timedOut: false } : answer();
		};
		polls.poll({ pages: 3 });
		return { asked, warnings: polls.warnings };
	};

	it('is the end of Offset: the scan goes on from the time of its last row', () => {
		const { asked, warnings } = refusedAt(400);
		expect(asked).toEqual(['bulk 0', 'bulk 95', 'bulk 0']);
		expect(warnings).toContain(WARNINGS.offsetEnds);
	});

	it('is no end where it is forbidden: that says nothing of the Offset', () => {
		const { asked, warnings } = refusedAt(403);
		expect(asked.slice(0, 2)).toEqual(['bulk 0', 'bulk 95']);
		expect(warnings).not.toContain(WARNINGS.offsetEnds);
	});
});

it('a list of changes that is not there is not looked for without pages', () => {
	const polls = new Polls(new AlertList(), {}, 'changed');
	polls.trouble = () => NO_LIST;
	const asked = polls.poll();
	expect(asked.length).toBeGreaterThan(0);
	expect(asked.join()).not.toContain('unpaged');
	expect(polls.warnings).toEqual([]);
});

it('a row alone that is never served in time is passed over, and makes no page smaller', () => {
	const polls = begun(30);
	polls.trouble = (query, answer) =>
		query.offset <= 4 && query.offset + query.limit > 4 ? TIMED_OUT : answer();
	for (let minute = 0; minute < 12; minute++) polls.after(MINUTE);
	expect(polls.ids).toHaveLength(29);
	expect(polls.state.slow?.size ?? 100).toBeGreaterThan(0);
});

it('a sweep that is not answered in time is asked for once a poll', () => {
	const polls = new Polls(new AlertList(), { lookback: DAY });
	polls.poll();
	polls.minutes(59);
	polls.list.raise(150, NOON);
	polls.trouble = (query, answer) => (query.since < polls.list.now! - HOUR ? TIMED_OUT : answer());
	const asked = polls.after(MINUTE);
	expect(asked.filter((query) => query.startsWith('bulk -'))).toHaveLength(1);
});

it('a first poll whose span is refused owes all of it from the start that the server told', () => {
	const polls = new Polls(new AlertList(NOON), { lookback: 5 * HOUR });
	polls.trouble = (query, answer) => (query.since < NOON - HOUR ? REFUSED : answer());
	polls.cursor();
	polls.poll();
	expect(polls.state.start).toBe(NOON - 5 * HOUR);
	expect(polls.state.recheck.owed).toBeLessThanOrEqual(NOON - 5 * HOUR);
	expect(polls.warnings.join()).toMatch(/The server refuses to list alerts from as far back as/);
});

describe.each(['recheck', 'sweep'] as const)('a %s', (kind) => {
	it.each([
		['one row', [1]],
		['two rows side by side', [1, 2]],
		['four rows side by side', [1, 2, 3, 4]],
		['eight rows side by side', [1, 2, 3, 4, 5, 6, 7, 8]],
		['three rows among others', [40, 41, 42]],
		['one row, and four further on', [20, 50, 51, 52, 53]],
	])('finds in three hours what stands behind %s that are never served in time', (_, poison) => {
		const polls = new Polls(new AlertList(), { lookback: DAY });
		polls.poll();
		polls.list.raise(60, NOON - HOUR / 2);
		polls.state[kind].owed = NOON - HOUR;
		const isPoison = (row: unknown) => poison.includes((row as Alert).ClientDbId as number);
		polls.trouble = (_query, answer) => {
			const served = answer();
			return served.rows.some(isPoison) ? TIMED_OUT : served;
		};
		polls.minutes(180);
		expect(polls.ids).toEqual(
			polls.list.rows
				.map(({ ClientDbId }) => ClientDbId)
				.filter((id) => !poison.includes(id as number)),
		);
	});

	it('asks for a span that is not served in time seven times an hour at most', () => {
		const polls = new Polls(new AlertList(), { lookback: DAY });
		polls.poll();
		polls.state[kind].owed = NOON - 5 * HOUR;
		polls.trouble = (query, answer) =>
			query.since < polls.list.now! - 2 * HOUR ? TIMED_OUT : answer();
		const { asked } = polls.minutes(60);
		const slow = asked.filter((query) => Number(query.split(' ')[1]) < -2 * 3600);
		expect(slow.length).toBeGreaterThan(2);
		expect(slow.length).toBeLessThanOrEqual(7);
	});
});
