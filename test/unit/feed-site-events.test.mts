import { describe, expect, it } from 'vitest';
import type { AlertEvent } from '../../nodes/shared/alert/identity.ts';
import { DAY, HOUR, MINUTE, NOON, alert, page } from './feed-list.mts';
import { Site, iso, stateOf, type Row } from './feed-site.mts';

describe('an alert that recurs', () => {
	const events: AlertEvent[] = ['created', 'recurred'];

	it('is emitted each time, with the time in its key, and once', () => {
		const site = new Site({ events });
		site.list.raise(2);
		expect(site.poll()).toEqual(['1', '2']);
		site.set(2, { LastSeen: iso(NOON + 30_000) });
		expect(site.after(MINUTE)).toEqual(['recurred 2:2026-06-01T12:00:30.000Z']);
		expect(site.after(MINUTE)).toEqual([]);
		site.set(2, { LastSeen: iso(NOON + 150_000) });
		expect(site.after(MINUTE)).toEqual(['recurred 2:2026-06-01T12:02:30.000Z']);
	});

	it('is emitted from the time on at which it was chosen', () => {
		const site = new Site();
		site.list.raise(2);
		site.poll();
		site.set(1, { LastSeen: iso(NOON + 30_000) });
		expect(site.after(MINUTE)).toEqual([]);
		expect(site.poll({ events })).toEqual([]);
		site.set(2, { LastSeen: iso(NOON + 90_000) });
		expect(site.after(MINUTE, { events })).toEqual(['recurred 2:2026-06-01T12:01:30.000Z']);
	});

	it('is emitted where it was raised before the start, and not where it was last seen before it', () => {
		const site = new Site({ events });
		site.list.rows.push(alert(1, NOON - DAY, NOON - HOUR), alert(2, NOON - DAY, NOON - HOUR - 500));
		expect(site.poll()).toEqual([`recurred 1:${iso(NOON - HOUR)}`]);
		expect(site.after(MINUTE)).toEqual([]);
	});

	it('has no marks before the server has answered', () => {
		expect(stateOf(new Site({ events }).begin().pack()).recurrences).toBeNull();
	});

	it('is not emitted where that is not chosen, and its marks are given up', () => {
		const site = new Site({ events });
		site.list.raise(1);
		site.poll();
		expect(stateOf(site.packed).recurrences).not.toBeNull();
		site.set(1, { LastSeen: iso(NOON + 30_000) });
		expect(site.after(MINUTE, { events: ['created'] })).toEqual([]);
		expect(stateOf(site.packed).recurrences).toBeNull();
	});

	it('counts towards the most for one poll, and comes in the next', () => {
		const site = new Site({ events, maxAlerts: 2 });
		site.list.raise(2);
		site.poll();
		for (const id of [1, 2]) site.set(id, { LastSeen: iso(NOON + 30_000) });
		site.list.raise(1, NOON + 40_000);
		expect(
			[site.after(MINUTE), site.after(MINUTE), site.after(MINUTE)].map((keys) => keys.length),
		).toEqual([2, 1, 0]);
	});
});

describe('an alert that changes', () => {
	const events: AlertEvent[] = ['created', 'updated'];

	const changed = (at: number): Partial<Row> => ({ DateChanged: iso(at) });

	it('is emitted each time, with the time in its key, and once', () => {
		const site = new Site({ events });
		site.list.raise(2);
		site.set(1, changed(NOON - 1000));
		expect(site.poll()).toEqual(['1', '2']);
		site.set(1, changed(NOON + 30_000));
		expect(site.after(MINUTE)).toEqual(['updated 1:2026-06-01T12:00:30.000Z']);
		expect(site.lists).toEqual(['bulk', 'changed']);
		expect(site.after(MINUTE)).toEqual([]);
	});

	it('is not emitted for what it was before the first poll, and counts from there on though a backlog, or its list that fails, comes first', () => {
		for (const fails of [false, true]) {
			const site = new Site({ events, maxAlerts: 1 });
			site.list.raise(150);
			site.set(1, changed(NOON - 5000));
			if (fails)
				site.trouble = (query, answer) =>
					query.list === 'changed'
						? { status: 500, mayBeThisPage: true, timedOut: false }
						: answer();
			expect(site.poll({ maxAlerts: fails ? 1000 : 1 })).toHaveLength(fails ? 150 : 1);
			expect(site.lists.includes('changed')).toBe(fails);
			site.trouble = (_, answer) => answer();
			site.set(1, changed(NOON + 30_000));
			site.list.now = NOON + MINUTE;
			const keys = site.poll({ maxAlerts: 1000 });
			expect(keys).toContain('updated 1:2026-06-01T12:00:30.000Z');
			expect(keys.filter((key) => key.startsWith('updated'))).toHaveLength(1);
		}
	});

	it('is emitted though the list of changes failed for hours, once', () => {
		const site = new Site({ events, lookback: DAY });
		site.list.raise(3);
		site.poll();
		site.trouble = (query, answer) =>
			query.list === 'changed' ? { status: 500, mayBeThisPage: true, timedOut: false } : answer();
		for (const id of [1, 2, 3]) site.set(id, changed(NOON + 30_000 + id));
		for (let minute = 0; minute < 300; minute++) expect(site.after(MINUTE)).toEqual([]);
		site.trouble = (_, answer) => answer();
		const keys: string[] = [];
		for (let minute = 0; minute < 30; minute++) keys.push(...site.after(MINUTE));
		expect(keys.sort()).toEqual([1, 2, 3].map((id) => `updated ${id}:${iso(NOON + 30_000 + id)}`));
	});

	it('is not emitted for being raised, and for recurring only where `recurred` is not chosen', () => {
		for (const [chosen, keys] of [
			[events, ['3', 'updated 1:2026-06-01T12:00:30.000Z']],
			[
				[...events, 'recurred'],
				['recurred 1:2026-06-01T12:00:30.000Z', '3'],
			],
		] as const) {
			const site = new Site({ events: chosen as AlertEvent[] });
			site.list.raise(2, NOON - MINUTE);
			site.poll();
			site.set(1, { LastSeen: iso(NOON + 30_000), DateChanged: iso(NOON + 30_999) });
			site.list.raise(1, NOON + 40_000);
			site.set(3, changed(NOON + 40_999));
			expect(site.after(MINUTE).map((key) => key.replace('30.999', '30.000'))).toEqual(keys);
			expect(site.after(MINUTE)).toEqual([]);
		}
	});

	it('is emitted where the change came a second after it was raised', () => {
		const site = new Site({ events });
		site.poll();
		site.list.raise(1, NOON + 30_000);
		site.set(1, changed(NOON + 31_000));
		expect(site.after(MINUTE)).toEqual(['1', 'updated 1:2026-06-01T12:00:31.000Z']);
	});

	it('waits where the poll is full, and comes in the next', () => {
		const site = new Site({ events, maxAlerts: 2 });
		site.list.raise(2);
		site.poll();
		for (const id of [1, 2]) site.set(id, changed(NOON + 30_000));
		site.list.raise(1, NOON + 40_000);
		expect(
			[site.after(MINUTE), site.after(MINUTE), site.after(MINUTE)].map((keys) => keys.length),
		).toEqual([2, 1, 0]);
		site.list.raise(2, site.list.now!);
		expect(site.poll()).toHaveLength(2);
		expect(site.lists).toEqual(['bulk']);
	});

	it('waits, too, where the poll comes after a long time', () => {
		const site = new Site({ events, maxAlerts: 2 });
		site.list.raise(3);
		while (site.poll().length > 0);
		for (const id of [1, 2, 3]) site.set(id, changed(NOON + 30_000 + id));
		expect(
			[site.after(HOUR), site.after(MINUTE), site.after(MINUTE)].map((keys) => keys.length),
		).toEqual([2, 1, 0]);
	});

	it('is emitted for what it was in the second of the first poll: it may have come after it', () => {
		const site = new Site({ events });
		site.list.raise(1, NOON - MINUTE);
		site.set(1, changed(NOON));
		expect(site.poll()).toEqual(['1', `updated 1:${iso(NOON)}`]);
		expect(site.after(MINUTE)).toEqual([]);
	});

	it('is emitted beside a recurrence where it came a second apart or later', () => {
		const site = new Site({ events: ['created', 'recurred', 'updated'] });
		site.list.raise(2, NOON - MINUTE);
		site.poll();
		site.set(1, { LastSeen: iso(NOON + 30_000), ...changed(NOON + 31_000) });
		site.set(2, changed(NOON + 40_000));
		expect(site.after(MINUTE)).toEqual([
			`recurred 1:${iso(NOON + 30_000)}`,
			`updated 1:${iso(NOON + 31_000)}`,
			`updated 2:${iso(NOON + 40_000)}`,
		]);
	});

	it('is emitted though a row before it is no alert', () => {
		const site = new Site({ events });
		site.poll();
		site.list.now = NOON + MINUTE;
		const poll = site.begin();
		for (let query = poll.next(); query !== null; query = poll.next()) {
			const rows =
				query.list === 'changed'
					? [null, { ...alert(1, NOON - DAY), DateChanged: iso(NOON + 30_000) }]
					: [];
			poll.take(query, page(rows, site.list.now));
		}
		expect(poll.alerts).toHaveLength(1);
	});

	it('has a mark no longer than it is read again', () => {
		const site = new Site({ events });
		site.list.raise(1, NOON - MINUTE);
		site.poll();
		site.set(1, changed(NOON + 30_000));
		site.after(MINUTE);
		expect(stateOf(site.packed).changes!.marks!.isLater(2, NOON + 30_000)).toBe(true);
		site.after(HOUR);
		expect(stateOf(site.packed).changes!.marks!.isLater(2, NOON + 30_000)).toBe(false);
	});

	it('counts from the first poll on, also where no alert had come by then', () => {
		const site = new Site({ events });
		const poll = site.begin();
		expect(stateOf(poll.pack()).changes!.marks).toBeNull();
		site.poll();
		expect(stateOf(site.packed).changes!.marks).not.toBeNull();
	});

	it('is emitted though one without a date comes before it', () => {
		const site = new Site({ events });
		site.poll();
		site.list.now = NOON + MINUTE;
		const poll = site.begin();
		const rows = [
			alert(1, NOON - DAY),
			{ ...alert(2, NOON - DAY), DateChanged: iso(NOON + 30_000) },
		];
		for (let query = poll.next(); query !== null; query = poll.next())
			poll.take(query, page(query.list === 'changed' ? rows : [], site.list.now));
		expect(poll.alerts.map((found) => found.alert.ClientDbId)).toEqual([2]);
	});

	it('without a date is not emitted', () => {
		const site = new Site({ events });
		site.poll();
		const poll = site.begin();
		for (let query = poll.next(); query !== null; query = poll.next()) {
			poll.take(query, query.list === 'changed' ? page([alert(9)]) : page([]));
		}
		expect(poll.alerts).toEqual([]);
	});

	it('is not emitted where that is not chosen, and its cursor is given up', () => {
		const site = new Site({ events });
		site.poll();
		expect(stateOf(site.packed).changes).not.toBeNull();
		site.after(MINUTE, { events: ['created'] });
		expect(site.lists).toEqual(['bulk']);
		expect(stateOf(site.packed).changes).toBeNull();
	});

	it('is filtered as any other', () => {
		const site = new Site({ events });
		site.list.raise(2);
		site.poll();
		for (const id of [1, 2]) site.set(id, changed(NOON + 30_000));
		expect(site.after(MINUTE, { wanted: ({ ClientDbId }) => ClientDbId === 2 })).toEqual([
			'updated 2:2026-06-01T12:00:30.000Z',
		]);
		expect(site.poll()).toEqual([]);
	});
});

describe.each(['bulk', 'changed'])('rows of the list "%s" that move between two pages', (name) => {
	/** What a poll of 150 changed alerts emits, whose list is another one from its second page on. */
	function read(rows: readonly unknown[], later: readonly unknown[]) {
		const site = new Site({ events: ['created', 'updated'] });
		site.poll();
		site.list.now = NOON + MINUTE;
		const poll = site.begin();
		for (let query = poll.next(), pages = 0; query !== null; query = poll.next()) {
			const list = query.list === name ? (pages++ === 0 ? rows : later) : [];
			poll.take(query, page(list.slice(query.offset, query.offset + query.limit), site.list.now));
		}
		return new Set(poll.alerts.map((found) => found.alert.ClientDbId)).size;
	}
	const rows = Array.from({ length: 150 }, (_, i) => ({
		...alert(i, name === 'bulk' ? NOON + 1000 : NOON - DAY),
		DateChanged: iso(NOON + 30_000),
	}));

	it.each([
		['by more than the rows that two pages share', rows.slice(20)],
		['and come again', [...rows.slice(0, 10), ...rows.slice(0, 95), ...rows.slice(100)]],
		[
			'where the page begins with one that is no alert',
			[...rows.slice(20, 115), null, ...rows.slice(115)],
		],
	])('%s are all emitted in the same poll', (_what, later) => {
		expect(read(rows, later)).toBe(150);
	});
});

describe.each<AlertEvent>(['recurred', 'updated'])(
	'a stamp of 2099 of an alert that %s',
	(event) => {
		const field = event === 'recurred' ? 'LastSeen' : 'DateChanged';
		const IN_2099 = '2099-01-01T00:00:00.000Z';

		it.each([
			['', true, 0],
			[' where the server does not tell the time', false, 0],
			[' where it does not, and this clock is three hours behind', false, -3 * HOUR],
			[' where it does not, and this clock is three hours ahead', false, 3 * HOUR],
		])('is emitted once, and silences nothing that comes after it%s', (_, tells, skew) => {
			const site = new Site({ events: ['created', event], lookback: DAY });
			if (!tells)
				site.trouble = (_query, answer) => ({
					...answer(),
					clocks: { stated: null, date: null },
				});
			const after = (ms: number): string[] => site.after(ms, { now: site.list.now! + ms + skew });
			site.list.raise(1, NOON - MINUTE);
			expect(after(0)).toEqual(['1']);
			site.set(1, { [field]: IN_2099 });
			expect(after(MINUTE)).toEqual([`${event} 1:${IN_2099}`]);
			for (let hour = 0; hour < 50; hour++) expect(after(HOUR)).toEqual([]);
			for (let time = 0; time < 3; time++) {
				const now = iso(site.list.now! + 30_000);
				site.set(1, { [field]: now });
				expect(after(MINUTE)).toEqual([`${event} 1:${now}`]);
				expect(after(MINUTE)).toEqual([]);
			}
		});
	},
);
