import { describe, expect, it } from 'vitest';
import {
	beginScan,
	forgetRefusals,
	goOnFrom,
	isScan,
	isolate,
	queryOf,
	takePage,
	timeToGoOn,
	type Scan,
} from '../../nodes/shared/api/scan.ts';
import { bulk, read, rows } from './api-scan-kit.mts';
import { NOON, Taker, alert, page } from './feed-list.mts';

describe('the order of the list', () => {
	const at = (...seconds: Array<number | null>) =>
		seconds.map((second, i) =>
			second === null ? { ClientDbId: i } : alert(i, NOON + second * 1000),
		);
	const after = (list: readonly unknown[], query = bulk(0)) => {
		const scan = beginScan(NOON);
		takePage(scan, query, page(list), 0, new Taker());
		return scan.ascendsTo;
	};

	it('is by time while no row has an earlier one than the row before; equal ones are in order', () => {
		expect(after(at(1, 2, 2, 5))).toBe(NOON + 5000);
		expect(after([])).toBe(0);
	});

	it.each([
		['a row is earlier', at(1, 3, 2, 5)],
		['a row has no time', at(1, null, 3)],
		['a row is no alert', [...at(1), null, ...at(3)]],
		[
			'a row is of a year that is none',
			[...at(1), { ...alert(2), LastSeen: '9999-12-31T00:00:00Z' }],
		],
	])('is not where %s', (_what, list) => {
		expect(after(list)).toBeNull();
	});

	it('of the list of changes is by DateChanged', () => {
		const list = at(9, 8).map((row, i) => ({
			...row,
			DateChanged: new Date(NOON + i).toISOString(),
		}));
		expect(after(list, { ...bulk(0), list: 'changed' })).toBe(NOON + 1);
	});

	it('goes on over pages, of which the shared rows do not count', () => {
		const list = rows(1, 150).map((row, i) => ({
			...row,
			LastSeen: new Date(NOON + i * 1000).toISOString(),
		}));
		const scan = beginScan(NOON);
		read(scan, new Taker(), list);
		read(scan, new Taker(), list);
		expect(scan.ascendsTo).toBe(NOON + 149_000);
	});

	it.each<[string, Partial<Scan>, number | null]>([
		['it is in order', { ascendsFrom: NOON, ascendsTo: NOON + 5250 }, NOON + 4000],
		[
			'all rows so far are of one moment: newest first may begin with them',
			{ ascendsFrom: NOON + 5000, ascendsTo: NOON + 5000 },
			null,
		],
		['it is in no order', { ascendsFrom: NOON, ascendsTo: null }, null],
		['no row was seen', {}, null],
		['that is no later than now', { ascendsFrom: NOON, ascendsTo: NOON + 1999 }, null],
	])('tells from when on to ask for what is behind the last row where %s', (_what, order, time) => {
		expect(timeToGoOn({ ...beginScan(NOON), ...order })).toBe(time);
	});

	it('is what a scan goes on by: from a later time it begins with the first row again, and is still the same scan', () => {
		const scan = beginScan(NOON);
		read(scan, new Taker(), rows(1, 150));
		goOnFrom(scan, NOON + 5000);
		expect(scan).toEqual({ ...beginScan(NOON), since: NOON + 5000, pages: 1 });
	});
});

describe('an Offset that the server ignores', () => {
	it('is told by the same page at another one, and the page is not taken', () => {
		const list = rows(1, 150);
		const scan = beginScan(NOON);
		const taker = new Taker();
		read(scan, taker, list);
		expect(takePage(scan, bulk(95), page(list.slice(0, 100)), 100, taker)).toBe('offsetIgnored');
		expect([scan.pages, scan.offset]).toEqual([1, 100]);
	});

	it('is not told by the same page at the same one', () => {
		const list = rows(1, 150);
		const scan = beginScan(NOON);
		const taker = new Taker();
		taker.room = 3;
		expect(read(scan, taker, list)).toBe('full');
		taker.room = Infinity;
		expect(queryOf(scan, 'bulk', 100).offset).toBe(0);
		expect(read(scan, taker, list)).toBe('more');
	});

	it('is not told by a page of no more than the shared rows, which may have moved there', () => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		takePage(scan, bulk(0), page(rows(1, 5)), 100, taker);
		expect(takePage(scan, bulk(1), page(rows(1, 5)), 100, taker)).toBe('ended');
		expect([scan.moved, scan.firstAt]).toEqual([false, 1]);
		expect(takePage(scan, bulk(30), page(rows(1, 5)), 100, taker)).toBe('ended');
		expect(takePage(scan, bulk(42), page(rows(1, 6)), 100, taker)).toBe('offsetIgnored');
	});

	it('is not told by a small page of a list that new alerts push along, from the front', () => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		const list = rows(1, 30);
		for (let added = 0; added < 9; added++) {
			const query = queryOf(scan, 'bulk', 1);
			expect(query.offset).toBe(added);
			expect(
				takePage(
					scan,
					query,
					page([...rows(100, added), ...list].slice(added, added + 1)),
					1,
					taker,
				),
			).toBe('more');
		}
		expect(scan.moved).toBe(true);
	});

	it('is told by small pages as well, before many were asked for', () => {
		const scan = beginScan(NOON);
		const asked: number[] = [];
		for (let outcome = 'more'; outcome === 'more'; ) {
			const query = queryOf(scan, 'bulk', 1);
			asked.push(query.offset);
			outcome = takePage(scan, query, page(rows(1, 1)), 1, new Taker());
			if (outcome !== 'more') expect(outcome).toBe('offsetIgnored');
		}
		expect(asked).toHaveLength(11);
	});
});

describe('a page that cannot be served', () => {
	/** The requests, with what they lead to, of a scan of which some rows cannot be served. */
	function isolated(list: readonly unknown[], poison: readonly number[], limit = 100) {
		const scan = beginScan(NOON);
		const taker = new Taker();
		const asked: string[] = [];
		for (let outcome = 'more'; outcome === 'more' && asked.length < 200; ) {
			const query = queryOf(scan, 'bulk', limit);
			const refused = poison.some((row) => row >= query.offset && row < query.offset + query.limit);
			asked.push(`${query.offset} of ${query.limit}${refused ? ' refused' : ''}`);
			if (!refused) outcome = read(scan, taker, list, limit);
			else if (!isolate(scan, query, taker)) outcome = 'stuck';
		}
		return { scan, taker, asked };
	}

	it('is halved until the row stands alone, which is passed over once a row behind it was served, and it was refused again', () => {
		const { taker, asked } = isolated(rows(1, 30), [20], 16);
		expect(asked.slice(0, 8)).toEqual([
			'0 of 16',
			'12 of 16 refused',
			'14 of 8 refused',
			'15 of 4',
			'17 of 8 refused',
			'18 of 4 refused',
			'19 of 2 refused',
			'19 of 1',
		]);
		expect(asked.filter((one) => one.endsWith('refused')).slice(-2)).toEqual([
			'20 of 1 refused',
			'20 of 1 refused',
		]);
		expect(asked[asked.lastIndexOf('20 of 1 refused') - 1]).toBe('21 of 1');
		expect([taker.taken.length, taker.skipped]).toEqual([29, 1]);
	});

	it('is asked for with one row at once where it is the first, for that tells soonest whether the size is what matters', () => {
		expect(isolated(rows(1, 30), [25]).asked.slice(0, 3)).toEqual([
			'0 of 100 refused',
			'0 of 1',
			'1 of 2',
		]);
	});

	it('leaves the size of pages as it was before, step by step', () => {
		const { asked } = isolated(rows(1, 900), [0]);
		expect(asked.slice(0, 4)).toEqual([
			'0 of 100 refused',
			'0 of 1 refused',
			'1 of 1',
			'0 of 1 refused',
		]);
		expect(asked.slice(-5).map((one) => one.split(' ')[2])).toEqual([
			'100',
			'100',
			'100',
			'100',
			'100',
		]);
	});

	it.each([[[0]], [[29]], [[0, 29]], [[10, 11]], [[5, 6, 7, 8, 9, 10, 11, 12, 13, 14]], [[3, 25]]])(
		'costs those rows alone: %j',
		(poison) => {
			const { scan, taker } = isolated(rows(1, 30), poison);
			expect([taker.taken.length, taker.skipped, scan.offset, scan.moved]).toEqual([
				30 - poison.length,
				poison.length,
				30,
				true,
			]);
		},
	);

	it('is looked behind 64 rows at most: beyond that nothing can be told from it', () => {
		const all = Array.from({ length: 100 }, (_, i) => i);
		const { taker, asked } = isolated(rows(1, 100), all);
		expect(asked.slice(2)).toEqual([1, 2, 4, 8, 16, 32, 64].map((row) => `${row} of 1 refused`));
		expect(taker.skipped).toBe(0);
	});

	it('is asked for again after an outage: what was refused before it is no reason to pass a row over', () => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		for (let i = 0; i < 3; i++) isolate(scan, queryOf(scan, 'bulk', 100), taker);
		expect(queryOf(scan, 'bulk', 100)).toEqual(bulk(2, 1));
		read(scan, taker, rows(1, 5));
		expect(queryOf(scan, 'bulk', 100)).toEqual(bulk(0, 1));
		forgetRefusals(scan);
		isolate(scan, bulk(0, 1), taker);
		expect([taker.skipped, scan.offset]).toEqual([0, 0]);
	});
});

describe('an empty page behind pages too small to share a row', () => {
	/** The outcomes of a scan by single rows, of five, on a server whose Offset ends there. */
	const outcomes = (ends: number, refused = -1) => {
		const list = rows(1, 5);
		const scan = { ...beginScan(NOON), size: 0 };
		const taker = new Taker();
		const seen: string[] = [];
		for (let outcome = 'more'; outcome === 'more' && seen.length < 30; ) {
			const query = queryOf(scan, 'bulk', 1);
			if (query.offset === refused) isolate(scan, query, taker);
			else
				outcome = takePage(
					scan,
					query,
					page(query.offset < ends ? list.slice(query.offset, query.offset + query.limit) : []),
					5,
					taker,
				);
			seen.push(`${query.offset} ${outcome}`);
		}
		return seen;
	};

	it('is the end where the row before is still there', () => {
		expect(outcomes(5).slice(-3)).toEqual(['4 more', '5 more', '4 ended']);
	});

	it('is the end where the row before is one that cannot be served', () => {
		expect(outcomes(5, 4).slice(-6)).toEqual([
			'4 more',
			'5 more',
			'4 more',
			'5 more',
			'4 more',
			'5 ended',
		]);
	});

	it('is a list that was cut where the row before comes with another', () => {
		expect(outcomes(3).slice(-3)).toEqual(['2 more', '3 more', '2 cut']);
	});

	it('is a list that was cut where the row before is gone, too', () => {
		const scan = beginScan(NOON);
		for (const offset of [0, 1, 2])
			takePage(scan, bulk(offset, 1), page(rows(offset + 1, 1)), 1, new Taker());
		expect(takePage(scan, bulk(3, 1), page([]), 1, new Taker())).toBe('more');
		expect(queryOf(scan, 'bulk', 1)).toEqual(bulk(2, 2));
		expect(takePage(scan, bulk(2, 2), page([]), 1, new Taker())).toBe('cut');
	});
});

describe('a scan that was stored', () => {
	const stored = { ...beginScan(NOON), mark: NOON, tail: ['1'] };

	it('is one', () => expect(isScan(JSON.parse(JSON.stringify(stored)))).toBe(true));

	it.each(['from', 'since', 'mark', 'ascendsFrom', 'ascendsTo'])(
		'is none where %s is after the year 2200',
		(field) => {
			expect(isScan({ ...stored, [field]: Date.UTC(2200, 0, 1) })).toBe(true);
			expect(isScan({ ...stored, [field]: Date.UTC(2200, 0, 1) + 1 })).toBe(false);
		},
	);

	it.each(Object.keys(stored))('is none where %s is something else', (field) => {
		for (const value of [undefined, -1, 0.5, {}, [1]])
			expect(isScan({ ...stored, [field]: value })).toBe(false);
	});

	it.each([[null], [undefined], ['scan'], [7], [[]]])('is not %j', (value) =>
		expect(isScan(value)).toBe(false),
	);
});

describe('what is asked for after a page that could not be served', () => {
	it.each([
		[1, 5, { size: 2, probe: 0, doubt: 0 }],
		[1, 2, { size: 1, probe: 0, doubt: 0 }],
		[0, 100, { size: 1, probe: 0, doubt: 0 }],
		[1, 1, { size: 0, probe: 1, doubt: 1 }],
	])('with %d pages read, of %d rows', (pages, limit, left) => {
		const scan = { ...beginScan(NOON), pages };
		expect(isolate(scan, bulk(0, limit), new Taker())).toBe(true);
		expect(scan).toMatchObject(left);
	});

	it('is the row that was served behind it before', () => {
		const scan = { ...beginScan(NOON), pages: 1, offset: 60, reach: 70 };
		isolate(scan, bulk(60, 1), new Taker());
		expect(queryOf(scan, 'bulk', 100)).toEqual(bulk(70, 1));
		expect(takePage(scan, bulk(70, 1), page([]), 1, new Taker())).toBe('more');
		expect(scan).toMatchObject({ probe: 0, reach: 70, doubt: 2, offset: 60, pages: 1 });
	});

	it('is the next one once the row is passed over, with nothing in doubt', () => {
		const scan = { ...beginScan(NOON), pages: 1, offset: 60, doubt: 2 as const };
		const taker = new Taker();
		isolate(scan, bulk(60, 1), taker);
		expect(scan).toMatchObject({ offset: 61, doubt: 0, moved: true, probe: 0 });
		expect(taker.skipped).toBe(1);
	});

	it('is twice as far behind each time, up to 64 rows, and then nothing', () => {
		const scan = { ...beginScan(NOON), probe: 1 };
		const probes = [];
		while (isolate(scan, bulk(scan.probe, 1), new Taker())) probes.push(scan.probe);
		expect(probes).toEqual([2, 4, 8, 16, 32, 64]);
		expect(scan.probe).toBe(0);
	});

	it('is forgotten where it may have been an outage', () => {
		const scan = { ...beginScan(NOON), doubt: 2 as const };
		forgetRefusals(scan);
		expect(scan.doubt).toBe(0);
	});
});

it.each([
	[[], 'cut'],
	[rows(1, 1), 'ended'],
	[rows(1, 2), 'cut'],
] as const)(
	'the row before the end, asked for with the next, decides: %j is %s, and no doubt is left',
	(list, outcome) => {
		const scan = { ...beginScan(NOON), offset: 9, doubt: 3 as const };
		expect(takePage(scan, bulk(8, 2), page(list), 1, new Taker())).toBe(outcome);
		expect([scan.doubt, scan.offset]).toEqual([0, 9]);
	},
);
