import { describe, expect, it } from 'vitest';
import {
	AlertList,
	DAY,
	HOUR,
	MINUTE,
	NOON,
	Polls,
	REFUSED,
	TIMED_OUT,
	page,
} from './feed-list.mts';

describe('the latest time that counts', () => {
	it("is this machine's before the first answer, then that of this poll's answer, or the cursor where that is later", () => {
		const polls = new Polls(new AlertList());
		const first = polls.cursor({ now: NOON + DAY });
		expect(first.reached).toBe(NOON + DAY);
		const take = (cursor: typeof first, serverTime: number | null) => {
			cursor.take(cursor.next()!, page([], serverTime), polls.taker);
			return cursor.reached;
		};
		expect(take(first, NOON)).toBe(NOON);
		polls.poll();
		const later = polls.cursor();
		expect(later.reached).toBe(NOON);
		expect(take(later, NOON + MINUTE)).toBe(NOON + MINUTE);
		expect(take(polls.cursor(), null)).toBe(NOON);
		expect(take(polls.cursor(), NOON - MINUTE)).toBe(NOON);
	});
});

describe('a scan that nothing came of', () => {
	it('is none once the poll is over', () => {
		const cursor = new Polls(new AlertList()).cursor();
		cursor.next();
		expect(cursor.state.forward).not.toBeNull();
		cursor.settle();
		expect(cursor.state.forward).toBeNull();
	});

	it('is kept where it must ask for less, has read a page, or leaves a span behind', () => {
		const polls = new Polls(new AlertList().raise(250));
		const smaller = polls.cursor({ lookback: 0 });
		smaller.fail(smaller.next()!, REFUSED, polls.taker);
		smaller.settle();
		expect(smaller.state.forward).toMatchObject({ pages: 0, size: 1 });
		const begun = polls.cursor();
		const query = begun.next()!;
		begun.take(query, polls.list.answer(query), polls.taker);
		begun.settle();
		expect(begun.state.forward).toMatchObject({ pages: 1 });
		polls.poll();
		polls.list.now! += DAY;
		const narrow = polls.cursor();
		narrow.fail(narrow.next()!, { ...REFUSED, status: 400 }, polls.taker);
		narrow.next();
		narrow.settle();
		expect(narrow.state.leftBehind).not.toBeNull();
		expect(narrow.state.forward).not.toBeNull();
	});
});

describe('the size of a page that was too slow', () => {
	const begun = () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.list.raise(250, NOON + MINUTE);
		polls.list.now = NOON + MINUTE;
		return polls;
	};
	const slow = (polls: Polls, most: number, how = TIMED_OUT) => {
		polls.trouble = (query, answer) =>
			query.list !== 'unpaged' && query.limit > most ? how : answer();
	};

	it('is halved for an hour once a smaller page was served', () => {
		const polls = begun();
		slow(polls, 60);
		polls.poll();
		expect(polls.state.slow).toEqual({ size: 50, until: NOON + MINUTE + HOUR });
	});

	it('stays where the server refused it at once, or only the list without pages was served', () => {
		const refused = begun();
		slow(refused, 60, REFUSED);
		refused.poll();
		expect(refused.state.slow).toBeNull();
		const unpaged = begun();
		slow(unpaged, 0);
		unpaged.poll();
		unpaged.trouble = (query, answer) =>
			query.list === 'bulk' ? { status: 404, mayBeThisPage: false, timedOut: false } : answer();
		unpaged.after(MINUTE);
		expect(unpaged.state.slow).toBeNull();
	});

	it('stays where the same size was served after all', () => {
		const polls = begun();
		let first = true;
		polls.trouble = (query, answer) => {
			if (query.limit === 100 && first) {
				first = false;
				return TIMED_OUT;
			}
			return answer();
		};
		polls.poll({ pages: 1 });
		polls.poll();
		expect(polls.state.slow).toBeNull();
	});
});

it('a warning is said once, however often a poll meets its cause', () => {
	const polls = new Polls(new AlertList());
	polls.trouble = () => page([], null, { conclusive: false });
	polls.poll();
	expect(polls.warnings).toEqual([...new Set(polls.warnings)]);
	expect(polls.warnings.length).toBeGreaterThan(1);
});
