import { describe, expect, it } from 'vitest';
import {
	AlertList,
	DAY,
	HOUR,
	MINUTE,
	NOON,
	Polls,
	REFUSED,
	alert,
	refuseBefore,
} from './feed-list.mts';

const TWO_HOURS = { stated: 0, date: -2 * HOUR };

/**
 * A server whose Date is two hours behind, and that lists no more than the last two hours: the
 * cursor is always out of reach.
 */
function apart(): Polls {
	const polls = new Polls(new AlertList(), { overlap: 10 * MINUTE });
	polls.trouble = (query, answer) => {
		const given = refuseBefore(2 * HOUR, polls.list)(query, answer);
		return 'rows' in given
			? {
					...given,
					clocks: {
						stated: given.clocks.stated! + TWO_HOURS.stated,
						date: given.clocks.stated! + TWO_HOURS.date,
					},
				}
			: given;
	};
	return polls;
}

describe('where the server refuses to go back to the cursor', () => {
	it('a forward scan joins the last one, however long ago that was', () => {
		const polls = apart();
		polls.poll();
		polls.minutes(2);
		// Shown five minutes late, and no poll for an hour and a half.
		polls.list.rows.push(alert(7, polls.list.now!));
		polls.after(90 * MINUTE);
		expect(polls.ids).toContain(7);
		polls.list.raise(1, polls.list.now!);
		polls.after(MINUTE);
		expect(polls.taker.taken).toHaveLength(2);
	});

	it.each([true, false])(
		'it joins the last one also where no answer tells a time (each for certain a list: %s)',
		(conclusive) => {
			const polls = new Polls(new AlertList());
			polls.trouble = (query, answer) => {
				const given = refuseBefore(2 * HOUR, polls.list)(query, answer);
				return 'rows' in given
					? { ...given, clocks: { stated: null, date: null }, conclusive }
					: given;
			};
			polls.poll();
			polls.list.now! += DAY;
			polls.poll();
			for (let hop = 1; hop <= 3; hop++) {
				polls.list.rows.push(alert(hop, polls.list.now!));
				polls.after(30 * MINUTE);
				expect(polls.ids).toEqual(Array.from({ length: hop }, (_, index) => index + 1));
			}
		},
	);

	it('new alerts are read in the poll after a pause that is longer than the server goes back', () => {
		const polls = apart();
		polls.poll();
		polls.minutes(2);
		polls.list.now! += DAY;
		polls.list.rows.push(alert(8, polls.list.now!));
		polls.poll();
		expect(polls.ids).toContain(8);
	});

	it('new alerts are read where two clocks of the server disagree, and the clock of this machine is ahead of both', () => {
		const polls = apart();
		polls.poll();
		polls.list.now! += DAY;
		polls.list.rows.push(alert(8, polls.list.now!));
		polls.poll({ now: polls.list.now! + 3 * HOUR });
		expect(polls.ids).toContain(8);
	});

	it('what is read again is narrowed until the server grants it, though the cursor stays behind', () => {
		const polls = apart();
		polls.poll();
		polls.list.rows.push(alert(9, NOON - 25 * MINUTE));
		polls.minutes(60);
		expect(polls.ids).toContain(9);
	});

	it('no narrow scan is joined once the whole span was read', () => {
		const polls = new Polls(new AlertList());
		polls.poll();
		polls.trouble = refuseBefore(20 * MINUTE, polls.list);
		polls.after(HOUR);
		expect(polls.state.narrowFrom).not.toBeNull();
		polls.trouble = (_, answer) => answer();
		polls.after(MINUTE);
		expect(polls.state.narrowFrom).toBeNull();
		polls.trouble = () => REFUSED;
		expect(polls.after(HOUR).length).toBeLessThan(6);
	});

	it('a scan that an earlier poll began does not hold up new alerts, once its beginning is out of reach', () => {
		const forbidden = { status: 403, mayBeThisPage: true, timedOut: false };
		const polls = new Polls(new AlertList(), { pageSize: 20 });
		polls.poll();
		polls.list.raise(60, NOON + MINUTE);
		polls.after(2 * MINUTE, { pages: 2 });
		expect(polls.state.forward).not.toBeNull();
		polls.trouble = refuseBefore(2 * HOUR, polls.list, forbidden);
		polls.list.now! += DAY;
		polls.list.raise(1, polls.list.now!);
		polls.poll();
		expect(polls.ids).toContain(61);
	});

	it('new alerts are read while the span is refused, though the clock of this machine is hours behind', () => {
		const polls = new Polls(new AlertList(), { overlap: 10 * MINUTE });
		polls.poll();
		polls.trouble = refuseBefore(HOUR, polls.list);
		polls.list.now! += 2 * HOUR;
		polls.list.raise(1, polls.list.now!);
		polls.trouble = (query, answer) => {
			const given = answer();
			// The page with a time, then none of what is behind it.
			if (query.offset > 0 || query.list === 'unpaged') return REFUSED;
			return query.since < polls.list.now! - HOUR
				? { ...given, rows: Array.from({ length: 100 }, () => alert(900, NOON)) }
				: given;
		};
		polls.poll({ now: polls.list.now! - 3 * HOUR });
		polls.after(MINUTE, { now: polls.list.now! - 3 * HOUR });
		expect(polls.ids).toContain(1);
	});
});
