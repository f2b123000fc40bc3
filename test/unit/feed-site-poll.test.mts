import { describe, expect, it } from 'vitest';
import { WARNINGS } from '../../nodes/shared/feed/warnings.ts';
import { DAY, HOUR, MINUTE, NOON, alert, page } from './feed-list.mts';
import { Site, iso, stateOf } from './feed-site.mts';

describe('a new alert', () => {
	it('is emitted once, with its event, its site and its key', () => {
		const site = new Site();
		site.list.raise(1);
		const poll = site.begin();
		poll.take(poll.next()!, site.list.answer(poll.next()!));
		expect(poll.alerts).toEqual([
			{ alert: site.list.rows[0], event: 'created', clientId: '1001', dedupKey: 'cynet:1001:1' },
		]);
		site.packed = poll.pack();
		expect(site.after(MINUTE)).toEqual([]);
	});

	it("is each of a page, in the page's order", () => {
		const site = new Site();
		for (const id of [3, 1, 'a', 2]) site.list.rows.push(alert(id));
		expect(site.poll()).toEqual(['3', '1', 'a', '2']);
	});

	it('is none that was raised before the start: that is an old one that came back', () => {
		const site = new Site();
		site.list.rows.push(alert(1, NOON - HOUR - 1, NOON), alert(2, NOON - HOUR, NOON));
		expect(site.poll()).toEqual(['2']);
		expect(site.after(MINUTE)).toEqual([]);
	});

	it('is one whose birth is not known: in doubt it is emitted', () => {
		const site = new Site({ lookback: 0 });
		site.list.rows.push({ ...alert(1), DateIn: '' }, { ...alert(2, NOON - 1000), DateIn: '' }, {
			ClientDbId: 3,
		} as never);
		const { list } = site;
		site.trouble = () => page(list.rows);
		expect(site.poll()).toEqual(['1', '2', '3']);
	});

	it('is left for later polls beyond the most for one, and none is lost or comes twice', () => {
		const site = new Site({ maxAlerts: 40 });
		site.list.raise(150);
		const polls = [
			site.poll(),
			site.after(MINUTE),
			site.after(MINUTE),
			site.after(MINUTE),
			site.after(MINUTE),
		];
		expect(polls.map((keys) => keys.length)).toEqual([40, 40, 40, 30, 0]);
		expect(new Set(polls.flat()).size).toBe(150);
	});

	it('is not among what the user leaves out, which moves the cursor all the same and never comes later', () => {
		const site = new Site({
			wanted: ({ ClientDbId }) => Number(ClientDbId) % 2 === 0,
			maxAlerts: 3,
		});
		site.list.raise(6);
		expect(site.poll()).toEqual(['2', '4', '6']);
		expect(stateOf(site.packed).alerts.cursor).toBe(NOON);
		expect(site.after(MINUTE, { wanted: () => true })).toEqual([]);
	});

	it('is none where `created` is not chosen', () => {
		const site = new Site({ events: ['recurred'] });
		site.list.raise(2);
		expect(site.poll()).toEqual([]);
		expect(site.after(MINUTE, { events: ['created'] })).toEqual([]);
	});
});

describe('a row that is no alert', () => {
	it('is counted in the log, and holds nothing up', () => {
		const site = new Site();
		const poll = site.begin();
		poll.take(poll.next()!, page([null, alert(1), 'text', [], 7, alert(2)]));
		expect(poll.alerts).toHaveLength(2);
		expect(poll.warnings).toEqual([
			"4 rows were no JSON objects and could not be emitted. They stay in Cynet's console.",
		]);
		expect(poll.next()).toBeNull();
	});

	it('is counted in the list of changes too', () => {
		const site = new Site({ events: ['updated'] });
		const poll = site.begin();
		for (let query = poll.next(); query !== null; query = poll.next())
			poll.take(query, page(query.list === 'changed' ? [null] : []));
		expect(poll.warnings).toEqual([
			"1 rows were no JSON objects and could not be emitted. They stay in Cynet's console.",
		]);
	});
});

describe('what is odd about alerts', () => {
	const taken = (rows: readonly unknown[], site = new Site()) => {
		const poll = site.begin();
		poll.take(poll.next()!, page(rows));
		site.packed = poll.pack();
		return poll;
	};

	it('is that several share one id, which is said once with the number of ids', () => {
		const rows = [
			{ ...alert(1), Uniqueness: 'a' },
			{ ...alert(1), Uniqueness: 'b' },
			{ ...alert(1), Uniqueness: 'a' },
			{ ...alert(2), Uniqueness: 'c' },
			{ ...alert(2), Uniqueness: 'c' },
			{ ...alert(3), Uniqueness: 'a' },
			alert(3),
			{ ...alert(3), Uniqueness: 7 },
			{ ...alert(4), Uniqueness: 'd' },
			{ ...alert(4), Uniqueness: 'e' },
		];
		const poll = taken(rows);
		expect(poll.warnings).toEqual([WARNINGS.sharedIds(2)]);
		expect(poll.alerts.map((found) => found.alert.ClientDbId)).toEqual([1, 2, 3, 4]);
	});

	it('is told of those that are emitted as new, by reason and with numbers', () => {
		const site = new Site({ events: ['created', 'recurred'] });
		const rows = [
			{ ...alert(1), DateIn: '' },
			{ ...alert(2), DateIn: 'soon' },
			{ ...alert(3), Severity: 'odd' },
			alert(4),
		];
		expect(taken(rows, site).warnings).toEqual([
			WARNINGS.doubtfulAlerts(2, 'no certain date'),
			WARNINGS.doubtfulAlerts(1, 'unknown severity'),
		]);
		const again = rows.map((row) => ({ ...row, LastSeen: iso(NOON + MINUTE) }));
		const poll = taken(again, site);
		expect(poll.alerts.map(({ event }) => event)).toEqual(Array(4).fill('recurred'));
		expect(poll.warnings).toEqual([]);
	});
});

describe('a poll', () => {
	it('gives each alert to the caller once, and goes on counting them', () => {
		const site = new Site();
		site.list.raise(150);
		const poll = site.begin();
		const drained: number[][] = [];
		for (let query = poll.next(); query !== null; query = poll.next()) {
			poll.take(query, site.answer(query));
			drained.push([poll.alerts.length, poll.drain().length, poll.drain().length]);
		}
		expect(drained.filter((counts) => counts.some(Boolean))).toEqual([
			[100, 100, 0],
			[50, 50, 0],
		]);
		expect([poll.found, poll.alerts]).toEqual([150, []]);
		expect(stateOf(poll.pack()).revision).toBe(1);
	});

	it('is fresh until the site has answered for the first time', () => {
		const site = new Site();
		const poll = site.begin();
		expect(poll.isFresh).toBe(true);
		poll.take(poll.next()!, page([]));
		expect(poll.isFresh).toBe(false);
		site.packed = poll.pack();
		expect(site.begin().isFresh).toBe(false);
	});

	it.each(['bulk', 'changed'] as const)(
		'decides over a row of the list "%s" once one behind it was served, and counts it if it is passed over',
		(name) => {
			const site = new Site({ events: ['created', 'updated'] });
			site.poll();
			site.list.now = NOON + MINUTE;
			const rows = [1, 2, 3].map((id) => ({
				...alert(id, name === 'bulk' ? NOON : NOON - DAY),
				DateChanged: iso(NOON + 30_000),
			}));
			const poll = site.begin();
			const decided: string[] = [];
			for (let query = poll.next(); query !== null; query = poll.next()) {
				if (poll.decidesOverRow) decided.push(`${query.list} ${query.offset} ${query.limit}`);
				const isSpoilt = query.list === name && query.offset === 0;
				if (isSpoilt) poll.fail(query, { status: 500, mayBeThisPage: true, timedOut: false });
				else
					poll.take(
						query,
						page(
							query.list === name ? rows.slice(query.offset, query.offset + query.limit) : [],
							site.list.now,
						),
					);
			}
			expect(decided[0]).toBe(`${name} 0 1`);
			expect(poll.decidesOverRow).toBe(false);
			expect(poll.alerts.map((found) => found.alert.ClientDbId)).toEqual([2, 3]);
			expect(poll.warnings.join()).toMatch(/^\d rows could not be served by Cynet/);
		},
	);
});

describe('alerts and state', () => {
	it('belong together between any two pages: whatever page a poll ends after, nothing is lost or comes twice', () => {
		for (let pages = 0; pages <= 8; pages++) {
			const site = new Site({ events: ['created', 'recurred', 'updated'] });
			site.list.raise(350);
			const seen = [...site.poll({}, pages), ...site.after(MINUTE), ...site.after(MINUTE)];
			expect([seen.length, new Set(seen).size]).toEqual([350, 350]);
		}
	});

	it('can be packed twice: packing changes nothing', () => {
		const site = new Site({ events: ['created', 'recurred', 'updated'] });
		site.list.raise(350);
		const poll = site.begin();
		for (let query = poll.next(); query !== null; query = poll.next()) {
			poll.take(query, site.answer(query));
			const packed = poll.pack();
			expect(poll.pack()).toBe(packed);
		}
		expect(poll.alerts).toHaveLength(350);
	});

	it('have a revision that grows by one with a poll that emits', () => {
		const site = new Site();
		expect(site.begin().revision).toBe(0);
		site.list.raise(2);
		site.poll();
		expect(site.begin().revision).toBe(1);
		site.after(MINUTE);
		expect(site.begin().revision).toBe(1);
		site.list.raise(1);
		const poll = site.begin();
		poll.take(poll.next()!, site.list.answer(poll.next()!));
		expect(poll.revision).toBe(2);
		expect(stateOf(poll.pack()).revision).toBe(2);
	});

	it('carry what to emit again after a restart, for that one time', () => {
		const site = new Site();
		site.list.raise(1);
		site.poll();
		const replay = { process: 'a', before: 'state' };
		site.packed = site.begin().pack(replay);
		expect(stateOf(site.packed).replay).toEqual(replay);
		site.after(MINUTE);
		expect(stateOf(site.packed).replay).toBeNull();
	});

	it('begin with a state that knows the start and no alert', () => {
		const site = new Site();
		site.list.raise(3);
		const poll = site.begin();
		poll.take(poll.next()!, site.list.answer(poll.next()!));
		const start = stateOf(poll.packStart());
		expect(start.alerts).toMatchObject({ start: NOON - HOUR, cursor: null, forward: null });
		expect([start.revision, start.known.has(1, null), start.replay]).toEqual([0, false, null]);
	});

	it('forget text ids a day behind what the sweep reads, and no sooner', () => {
		const site = new Site();
		site.list.rows.push(alert('a'));
		site.poll();
		site.list.rows = [];
		site.after(DAY + 6 * HOUR);
		expect(stateOf(site.packed).known.has('a', null)).toBe(true);
		site.after(HOUR);
		expect(stateOf(site.packed).known.has('a', null)).toBe(false);
	});

	it('forget no text id while older ones may still come: a span of five days that is read once more brings what slipped past', () => {
		const site = new Site({ lookback: 5 * DAY });
		const born = (i: number) => NOON - 4 * DAY + i * 4 * MINUTE;
		site.list.rows = Array.from({ length: 1200 }, (_, i) => alert(`alert-${i}`, born(i)));
		expect(site.poll({ maxAlerts: 2000 })).toHaveLength(1200);
		expect(stateOf(site.packed).alerts.recheck.scan).not.toBeNull();
		site.list.rows.splice(1100, 0, alert('slipped past', born(400)));
		expect(site.after(MINUTE)).toEqual(['slipped past']);
	});
});

describe('a server that begins to number its alerts again', () => {
	it('is said once in the log, its alerts are new, and its old ones stay old', () => {
		const site = new Site({ lookback: 3 * DAY, sweep: 0, overlap: 2 * DAY });
		site.list.raise(3);
		expect(site.poll()).toHaveLength(3);
		site.list.now = NOON + DAY + MINUTE;
		site.list.rows.push(alert(1, NOON + DAY + 1), alert(2, NOON + DAY + 2));
		expect(site.poll()).toEqual(['1', '2']);
		expect(site.warnings).toEqual([WARNINGS.numberedAgain]);
		expect(stateOf(site.packed).alerts.start).toBe(NOON + 1);
		expect(site.after(MINUTE)).toEqual([]);
		expect(site.warnings).toEqual([]);
	});

	// With the gap closed the test turns red.
	it('known gap: an alert whose number an old one has is missed where that was seen again', () => {
		const site = new Site();
		site.list.raise(5);
		site.poll();
		site.list.now = NOON + 2 * DAY;
		site.list.rows.push(alert(1, NOON + 2 * DAY));
		site.set(3, { LastSeen: iso(NOON + 2 * DAY) });
		site.list.rows.reverse();
		expect(site.poll()).toEqual(['1']);
		site.list.now = NOON + 2 * DAY + MINUTE;
		site.list.rows.push(alert(2, site.list.now), alert(3, site.list.now));
		expect(site.poll()).toEqual([]);
	});
});

describe('an alert without a number that appears late', () => {
	it.each([
		[2, 3],
		[6, 26],
		[24, 70],
	])('is found with Late Sweep %d over a pause of %d h, once', (sweep, pause) => {
		const site = new Site({ sweep: sweep * HOUR, lookback: 3 * DAY });
		for (let minute = 0; minute < 30; minute++) site.after(MINUTE);
		const stopped = site.list.now!;
		const seen = NOON - sweep * HOUR + 2 * MINUTE;
		site.list.rows.push(alert('late', seen), alert('other', stopped + HOUR));
		expect(site.after(pause * HOUR)).toEqual(['other', 'late']);
		const later: string[] = [];
		for (let minute = 0; minute < 200; minute++) later.push(...site.after(MINUTE));
		expect(later).toEqual([]);
	});
});

describe('an alert that only a sweep finds', () => {
	it('gives a warning with numbers: how many, how late, and the setting to change', () => {
		const site = new Site({ lookback: DAY });
		site.poll();
		for (let minute = 0; minute < 59; minute++) site.after(MINUTE);
		site.list.rows.push(alert(1, NOON), alert(2, NOON + 20 * MINUTE));
		expect(site.after(MINUTE)).toEqual(['1', '2']);
		expect(site.warnings).toEqual([WARNINGS.overlapTooShort(2, 10 * MINUTE, HOUR)]);
		expect(WARNINGS.overlapTooShort(2, 10 * MINUTE, HOUR)).toContain(
			'The sweep found 2 alerts that appeared more than 10 minutes after their LastSeen, by 60 minutes at most.',
		);
		site.after(HOUR);
		expect(site.warnings).toEqual([]);
	});
});

describe('a row that the server cannot serve', () => {
	it('is counted in the log, once though it was passed over by more than one scan, and the others arrive', () => {
		const site = new Site({ lookback: 5 * MINUTE });
		site.list.raise(30);
		site.trouble = (_, answer) => {
			const given = answer();
			return given.rows.some((row) => (row as { ClientDbId: number }).ClientDbId === 17)
				? { status: 500, mayBeThisPage: true, timedOut: false }
				: given;
		};
		const keys = [...site.poll()];
		expect(
			site.warnings.some((text) => /rows could not be served by Cynet, each alone/.test(text)),
		).toBe(true);
		for (let minute = 0; minute < 5; minute++) keys.push(...site.after(MINUTE));
		expect(keys).toHaveLength(29);
	});
});

describe('what a failed request costs', () => {
	const failure = { status: 500, mayBeThisPage: false, timedOut: false };
	const failing = (fails: string) => {
		const site = new Site({ events: ['created', 'updated'], lookback: DAY });
		site.poll();
		for (let minute = 0; minute < 59; minute++) site.after(MINUTE);
		site.list.now! += MINUTE;
		const poll = site.begin();
		const losses: string[] = [];
		for (let query = poll.next(), i = 0; query !== null; query = poll.next(), i++) {
			if (`${query.list} ${i}` === fails)
				losses.push(`${query.list} ${i}: ${poll.fail(query, failure)}`);
			else poll.take(query, site.answer(query));
		}
		return losses;
	};

	it.each([
		['bulk 0', 'alerts'],
		['bulk 1', 'side'],
		['changed 2', 'changes'],
	])('is that list, or only what is read a second time: %s costs %s', (fails, loss) => {
		expect(failing(fails)).toEqual([`${fails}: ${loss}`]);
	});

	it('stands until what is tried instead is answered', () => {
		const poll = new Site().begin();
		expect(poll.fail(poll.next()!, { status: 404, mayBeThisPage: false, timedOut: false })).toBe(
			'alerts',
		);
		expect(poll.next()).toMatchObject({ list: 'unpaged' });
	});
});
