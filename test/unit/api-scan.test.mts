import { describe, expect, it } from 'vitest';
import {
	beginScan,
	decidesOverRow,
	isLastPage,
	isNoList,
	isRefusal,
	isUntouched,
	queryOf,
	takePage,
} from '../../nodes/shared/api/scan.ts';
import { bulk, read, rows } from './api-scan-kit.mts';
import { NOON, Taker, alert, page } from './feed-list.mts';

describe('the end of the list', () => {
	it.each([
		['an empty page', 0, 100, 100, true],
		['a page shorter than asked', 99, 100, 100, true],
		['a page as long as asked', 100, 100, 100, false],
		['a page longer than asked', 101, 100, 101, false],
		[
			"a short page as long as the longest, of 10 rows: perhaps the server's cap",
			10,
			100,
			10,
			false,
		],
		[
			'a short page as long as the longest, of 9 rows: no server has so small a cap',
			9,
			100,
			9,
			true,
		],
		['a short page of 50 rows where longer ones were seen', 50, 100, 51, true],
		['an empty page of a server that never sent a row', 0, 100, 0, true],
	])('%s', (_what, count, limit, longest, last) => {
		expect(isLastPage(count, bulk(0, limit), longest)).toBe(last);
	});

	it('is the end of the one page, however long, of the list without pages', () => {
		expect(isLastPage(100, { ...bulk(0), list: 'unpaged' }, 100)).toBe(true);
	});
});

describe('the next request', () => {
	it.each([
		[0, 100, 0],
		[3, 100, 0],
		[5, 100, 0],
		[6, 100, 1],
		[100, 100, 95],
		[37, 20, 32],
		[20, 19, 16],
		[8, 8, 6],
		[4, 4, 3],
		[3, 3, 3],
	])(
		'after %d rows with pages of %d asks from row %d: up to five rows, a quarter of a page, are shared',
		(taken, pageSize, offset) => {
			const scan = { ...beginScan(NOON), offset: taken };
			expect(queryOf(scan, 'bulk', pageSize)).toEqual({
				list: 'bulk',
				since: NOON,
				limit: pageSize,
				offset,
			});
			expect(queryOf(scan, 'changed', pageSize)).toEqual({
				list: 'changed',
				since: NOON,
				limit: pageSize,
				offset,
			});
		},
	);

	it('asks the list without pages from its beginning', () => {
		expect(queryOf({ ...beginScan(NOON), offset: 77 }, 'unpaged', 100)).toEqual({
			list: 'unpaged',
			since: NOON,
			limit: 100,
			offset: 0,
		});
	});

	it.each([
		[0, 100],
		[50, 50],
		[1000, 100],
	])("asks for as many rows as the scan's own size allows: of %d, %d", (size, limit) => {
		expect(queryOf(beginScan(NOON, size), 'bulk', 100).limit).toBe(limit);
	});
});

describe('a scan', () => {
	it('reads the whole list, page after page, and costs no more than the five shared rows', () => {
		const list = rows(1, 238);
		const scan = beginScan(NOON);
		const taker = new Taker();
		expect([read(scan, taker, list), scan.offset, scan.pages]).toEqual(['more', 100, 1]);
		expect([read(scan, taker, list), scan.offset, scan.pages]).toEqual(['more', 195, 2]);
		expect([read(scan, taker, list), scan.offset, scan.pages]).toEqual(['ended', 238, 3]);
		expect(taker.taken).toEqual(list);
		expect(scan.moved).toBe(false);
	});

	it('remembers the last five rows, over page bounds, as text and number alike', () => {
		const scan = beginScan(NOON);
		takePage(
			scan,
			bulk(0),
			page([alert(0), alert('b'), alert(3), alert('4'), alert(5), alert(6)]),
			100,
			new Taker(),
		);
		expect(scan.tail).toEqual(['b', '3', '4', '5', '6']);
		takePage(scan, bulk(5), page([alert(6), alert(7)]), 100, new Taker());
		expect(scan.tail).toEqual(['4', '5', '6', '6', '7']);
	});

	it('ends with an empty page', () => {
		const scan = beginScan(NOON);
		expect([read(scan, new Taker(), []), scan.offset, scan.moved]).toEqual(['ended', 0, false]);
	});

	it('goes on with the row that was refused, in a later poll', () => {
		const list = rows(1, 60);
		const scan = beginScan(NOON);
		const taker = new Taker();
		taker.room = 42;
		expect([read(scan, taker, list), scan.offset, scan.pages]).toEqual(['full', 42, 1]);
		expect(scan.tail).toEqual(['38', '39', '40', '41', '42']);
		taker.room = Infinity;
		expect([read(scan, taker, list), scan.offset]).toEqual(['ended', 60]);
		expect(taker.taken).toEqual(list);
	});

	it('that refuses the first row stays where it is', () => {
		const list = rows(1, 9);
		const scan = beginScan(NOON);
		const taker = new Taker();
		taker.room = 0;
		expect([read(scan, taker, list), scan.offset, scan.tail]).toEqual(['full', 0, []]);
		taker.room = Infinity;
		expect([read(scan, taker, list), scan.offset, scan.moved]).toEqual(['ended', 9, false]);
	});

	it('of the list without pages is one page, and says nothing about rows or Offset', () => {
		const scan = { ...beginScan(NOON), first: '1', firstAt: 50, offset: 50, tail: ['x'] };
		const taker = new Taker();
		const query = queryOf(scan, 'unpaged', 100);
		expect(takePage(scan, query, page(rows(1, 200)), 200, taker)).toBe('ended');
		expect(taker.taken).toHaveLength(200);
		expect(scan).toMatchObject({
			pages: 1,
			offset: 50,
			tail: ['x'],
			first: '1',
			firstAt: 50,
			moved: false,
		});
		taker.room = 200;
		expect(takePage(scan, query, page(rows(1, 201)), 201, taker)).toBe('full');
	});

	it('takes rows that are no alerts for rows: they have a place in the list', () => {
		const list = [null, 'text', 7, [], ...rows(1, 20), null];
		const scan = beginScan(NOON);
		expect([read(scan, new Taker(), list, 20), scan.tail]).toEqual([
			'more',
			['12', '13', '14', '15', '16'],
		]);
		const odd = beginScan(NOON);
		takePage(odd, bulk(0), page([null, 'text', 7, ['x']]), 4, new Taker());
		expect(odd.tail).toEqual(['?null', '?text', '?7', '?x']);
	});

	it('keeps a bounded memory of rows that are long texts, or have such ids, and still tells them apart', () => {
		for (const long of [
			rows(1, 150).map((row) => ({ ...row, ClientDbId: `${'x'.repeat(5000)}${row.ClientDbId}` })),
			rows(1, 150).map((row) => `{"ClientDbId":${row.ClientDbId},${'x'.repeat(5000)}`),
		]) {
			const scan = beginScan(NOON);
			const taker = new Taker();
			expect(read(scan, taker, long)).toBe('more');
			expect(JSON.stringify(scan).length).toBeLessThan(1000);
			expect(new Set(scan.tail).size).toBe(5);
			expect([read(scan, taker, long), scan.moved]).toEqual(['ended', false]);
		}
	});

	it.each([
		[60, true],
		[61, false],
	])('keeps an id of %d characters as it is: %j', (length, kept) => {
		const scan = beginScan(NOON);
		takePage(scan, bulk(0), page([alert('x'.repeat(length))]), 1, new Taker());
		expect(scan.tail[0] === 'x'.repeat(length)).toBe(kept);
		expect(scan.first).toBe(scan.tail[0]);
	});

	it('of a page of 200,000 rows takes each', () => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		expect(takePage(scan, { ...bulk(0), list: 'unpaged' }, page(rows(1, 200_000)), 0, taker)).toBe(
			'ended',
		);
		expect(taker.taken).toHaveLength(200_000);
	});
});

describe('an answer that may be no list', () => {
	const doubtful = (list: readonly unknown[]) => page(list, NOON, { conclusive: false });

	it('ends no scan: an empty one is as if it had not come, of one with rows they are taken', () => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		expect(takePage(scan, bulk(0), doubtful([]), 0, taker)).toBe('doubtful');
		expect(scan).toEqual(beginScan(NOON));
		expect(takePage(scan, bulk(0), doubtful(rows(1, 3)), 3, taker)).toBe('doubtful');
		expect([taker.taken.length, scan.offset]).toEqual([3, 3]);
	});

	it('with a full page says no less than any other: there is more', () => {
		expect(takePage(beginScan(NOON), bulk(0), doubtful(rows(1, 100)), 100, new Taker())).toBe(
			'more',
		);
	});
});

describe('rows that move between two pages', () => {
	const begun = (list: readonly unknown[]) => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		read(scan, taker, list);
		return { scan, taker };
	};

	it('towards the end come twice to the scan, and none is missed', () => {
		const list = rows(1, 150);
		const { scan, taker } = begun(list);
		expect([read(scan, taker, [...rows(901, 3), ...list]), scan.moved]).toEqual(['ended', false]);
		expect(taker.taken).toHaveLength(150);
	});

	it('by less than the shared rows towards the beginning are not missed', () => {
		const list = rows(1, 150);
		const { scan, taker } = begun(list);
		expect([read(scan, taker, list.slice(4)), scan.moved]).toEqual(['ended', false]);
		expect(taker.taken).toHaveLength(150);
	});

	it('by more than that are noticed', () => {
		const list = rows(1, 150);
		const { scan, taker } = begun(list);
		expect([read(scan, taker, list.slice(5)), scan.moved]).toEqual(['ended', true]);
	});

	it('are noticed, too, where another page shows the shared rows: once noticed is enough', () => {
		const list = rows(1, 350);
		const { scan, taker } = begun(list);
		read(scan, taker, list.slice(30));
		expect([read(scan, taker, list.slice(30)), scan.moved]).toEqual(['more', true]);
	});

	it('are not looked for on pages of less than four rows, which share none', () => {
		const list = rows(1, 10);
		const scan = beginScan(NOON);
		const taker = new Taker();
		let pages = 1;
		while (read(scan, taker, list, 3) !== 'ended') pages++;
		expect([taker.taken.length, scan.moved, pages]).toEqual([10, false, 4]);
	});

	it('and that are all gone are a list that was cut', () => {
		const { scan, taker } = begun(rows(1, 150));
		expect([read(scan, taker, []), scan.offset, scan.pages]).toEqual(['cut', 100, 1]);
	});
});

describe('the row before', () => {
	const taken = (...pages: ReadonlyArray<readonly unknown[]>) => {
		const scan = beginScan(NOON);
		for (const list of pages) {
			const query = queryOf(scan, 'bulk', 100);
			takePage(scan, query, page(list), 100, new Taker());
		}
		return scan;
	};
	const first = rows(1, 100);

	it.each([
		['two of the shared rows, in order', [...rows(99, 2), ...rows(101, 98)], false],
		['the last one alone, at the front', [...rows(100, 1), ...rows(101, 99)], false],
		['the last one alone, further behind', [...rows(200, 1), ...rows(100, 1)], true],
		['another one alone, at the front', [...rows(97, 1), ...rows(200, 99)], true],
		['two of them, apart', [...rows(99, 1), ...rows(200, 1), ...rows(100, 1)], true],
		['all of them, the other way around', [...rows(96, 5).reverse(), ...rows(101, 9)], true],
		['none of them', rows(200, 100), true],
	])('tells whether rows have moved: %s', (_what, second, moved) => {
		expect(taken(first, second).moved).toBe(moved);
	});

	it('is enough where no more were taken, wherever it stands', () => {
		const scan = beginScan(NOON);
		const taker = new Taker();
		taker.room = 1;
		read(scan, taker, rows(1, 9));
		expect([scan.offset, scan.tail]).toEqual([1, ['1']]);
		takePage(scan, bulk(0), page(rows(0, 3)), 100, new Taker());
		expect(scan.moved).toBe(false);
	});
});

describe('the size of a page', () => {
	it.each([
		[0, 0],
		[1, 2],
		[500, 1000],
		[501, 0],
	])('of %d rows grows to %d with each page that is served', (size, next) => {
		const scan = beginScan(NOON, size);
		read(scan, new Taker(), rows(1, 9));
		expect(scan.size).toBe(next);
	});
});

describe('a page with rows', () => {
	it.each([0, 1, 2, 4] as const)('ends each doubt: %d', (doubt) => {
		const scan = { ...beginScan(NOON), doubt };
		read(scan, new Taker(), rows(1, 9));
		expect([scan.doubt, scan.offset]).toEqual([0, 9]);
	});

	it('of the list without pages is taken whole whatever was in doubt, and tells its order from its first row', () => {
		const scan = { ...beginScan(NOON), doubt: 3 as const, offset: 2 };
		const taker = new Taker();
		const list = rows(1, 9).map((row, i) => ({
			...row,
			LastSeen: new Date(NOON + i * 1000).toISOString(),
		}));
		takePage(scan, { ...bulk(0), list: 'unpaged' }, page(list), 9, taker);
		expect(taker.taken).toHaveLength(9);
		expect([scan.ascendsFrom, scan.ascendsTo]).toEqual([NOON, NOON + 8000]);
	});
});

describe('a scan of which nothing has come', () => {
	it('is untouched, and with anything that has come is not', () => {
		expect(isUntouched(beginScan(NOON))).toBe(true);
		expect(isUntouched({ ...beginScan(NOON), moved: true, tail: ['1'] })).toBe(true);
		for (const field of ['from', 'since', 'pages', 'offset', 'mark', 'size', 'probe'])
			expect(isUntouched({ ...beginScan(NOON), [field]: 1 })).toBe(false);
	});
});

it('decides over a row where that was refused alone, and nowhere else', () => {
	const doubts = [0, 1, 2, 3, 4] as const;
	expect(doubts.filter((doubt) => decidesOverRow({ ...beginScan(NOON), doubt }))).toEqual([2]);
});

it.each([
	[null, false, false],
	[200, false, false],
	[399, false, false],
	[400, false, true],
	[403, false, true],
	[404, true, true],
	[405, true, true],
	[408, false, false],
	[410, true, true],
	[413, false, false],
	[416, false, true],
	[425, false, false],
	[499, false, true],
	[500, false, false],
	[501, true, false],
	[503, false, false],
])(
	'status %j says that there is no such list: %j, or refuses what was asked for: %j',
	(status, none, refusal) => {
		expect([isNoList(status), isRefusal(status)]).toEqual([none, refusal]);
	},
);
