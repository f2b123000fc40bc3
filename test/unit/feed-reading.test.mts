import { describe, expect, it } from 'vitest';
import type { AlertQuery } from '../../nodes/shared/api/types.ts';
import { beginReading, isLastPage, queryFor, takePage, type Reading } from '../../nodes/shared/feed/reading.ts';
import { NOON, Taker, alert } from './feed-list.mts';

const bulk = (offset: number, limit = 100): AlertQuery => ({ list: 'bulk', since: NOON, limit, offset });
const rows = (from: number, count: number) => Array.from({ length: count }, (_, i) => alert(from + i));

/** Takes a page of the reading as a server with a list of such rows would answer it. */
function read(reading: Reading, taker: Taker, list: readonly unknown[], limit = 100, longest = list.length) {
	const query = queryFor(reading, 'bulk', limit);
	const page = { rows: list.slice(query.offset, query.offset + query.limit), serverTime: NOON };
	return takePage(reading, query, page, longest, taker);
}

describe('the end of the list', () => {
	it.each([
		['an empty page', 0, 100, 100, true],
		['a page shorter than asked', 99, 100, 100, true],
		['a page as long as asked', 100, 100, 100, false],
		['a page longer than asked', 101, 100, 101, false],
		['a short page as long as the longest, of 50 rows: perhaps the server\'s cap', 50, 100, 50, false],
		['a short page as long as the longest, of 49 rows: no server has so small a cap', 49, 100, 49, true],
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
	])('after %d rows with pages of %d asks from row %d: up to five rows, a quarter of a page, are shared', (taken, pageSize, offset) => {
		const reading = { ...beginReading(NOON), offset: taken };
		expect(queryFor(reading, 'bulk', pageSize)).toEqual({ list: 'bulk', since: NOON, limit: pageSize, offset });
		expect(queryFor(reading, 'changed', pageSize)).toEqual({ list: 'changed', since: NOON, limit: pageSize, offset });
	});

	it('asks the list without pages from its beginning', () => {
		expect(queryFor({ ...beginReading(NOON), offset: 77 }, 'unpaged', 100)).toEqual({ list: 'unpaged', since: NOON, limit: 100, offset: 0 });
	});
});

describe('a walk', () => {
	it('reads the whole list, page after page, and costs no more than the five shared rows', () => {
		const list = rows(1, 238);
		const reading = beginReading(NOON);
		const taker = new Taker();
		expect([read(reading, taker, list), reading.offset, reading.pages]).toEqual(['more', 100, 1]);
		expect([read(reading, taker, list), reading.offset, reading.pages]).toEqual(['more', 195, 2]);
		expect([read(reading, taker, list), reading.offset, reading.pages]).toEqual(['ended', 238, 3]);
		expect(taker.taken).toEqual(list);
		expect([reading.moved, reading.stepsBack]).toEqual([false, 0]);
	});

	it('remembers the last five rows, over page bounds, as text and number alike', () => {
		const reading = beginReading(NOON);
		takePage(reading, bulk(0), { rows: [alert(0), alert('b'), alert(3), alert('4'), alert(5), alert(6)], serverTime: NOON }, 100, new Taker());
		expect(reading.tail).toEqual(['b', '3', '4', '5', '6']);
		takePage(reading, bulk(5), { rows: [alert(6), alert(7)], serverTime: NOON }, 100, new Taker());
		expect(reading.tail).toEqual(['4', '5', '6', '6', '7']);
	});

	it('ends with an empty page', () => {
		const reading = beginReading(NOON);
		expect([read(reading, new Taker(), []), reading.offset, reading.moved]).toEqual(['ended', 0, false]);
	});

	it('goes on with the row that was refused, in a later poll', () => {
		const list = rows(1, 60);
		const reading = beginReading(NOON);
		const taker = new Taker();
		taker.room = 42;
		expect([read(reading, taker, list), reading.offset, reading.pages]).toEqual(['full', 42, 1]);
		expect(reading.tail).toEqual(['38', '39', '40', '41', '42']);
		taker.room = Infinity;
		expect([read(reading, taker, list), reading.offset]).toEqual(['ended', 60]);
		expect(taker.taken).toEqual(list);
	});

	it('that refuses the first row stays where it is', () => {
		const list = rows(1, 40);
		const reading = beginReading(NOON);
		const taker = new Taker();
		taker.room = 0;
		expect([read(reading, taker, list), reading.offset, reading.tail]).toEqual(['full', 0, []]);
		taker.room = Infinity;
		expect([read(reading, taker, list), reading.offset, reading.moved]).toEqual(['ended', 40, false]);
	});

	it('of the list without pages is one page, and says nothing about rows or Offset', () => {
		const reading = { ...beginReading(NOON), first: '1', firstAt: 50, offset: 50, tail: ['x'] };
		const taker = new Taker();
		const query = queryFor(reading, 'unpaged', 100);
		expect(takePage(reading, query, { rows: rows(1, 200), serverTime: NOON }, 200, taker)).toBe('ended');
		expect(taker.taken).toHaveLength(200);
		expect(reading).toMatchObject({ pages: 1, offset: 50, tail: ['x'], first: '1', firstAt: 50, moved: false });
		taker.room = 200;
		expect(takePage(reading, query, { rows: rows(1, 201), serverTime: NOON }, 201, taker)).toBe('full');
	});

	it('takes rows that are no alerts for rows: they have a place in the list', () => {
		const list = [null, 'text', 7, [], ...rows(1, 20), null];
		const reading = beginReading(NOON);
		expect([read(reading, new Taker(), list, 20), reading.tail]).toEqual(['more', ['12', '13', '14', '15', '16']]);
		const odd = beginReading(NOON);
		takePage(odd, bulk(0), { rows: [null, 'text', 7, ['x']], serverTime: NOON }, 4, new Taker());
		expect(odd.tail).toEqual(['?null', '?"text"', '?7', '?["x"]']);
	});

	it('keeps a bounded memory of rows whose ids are long texts, and still tells them apart', () => {
		const reading = beginReading(NOON);
		const long = rows(1, 150).map((row) => ({ ...row, ClientDbId: `${'x'.repeat(5000)}${row.ClientDbId}` }));
		const taker = new Taker();
		expect(read(reading, taker, long)).toBe('more');
		expect(JSON.stringify(reading).length).toBeLessThan(1000);
		expect(new Set(reading.tail).size).toBe(5);
		expect([read(reading, taker, long), reading.moved]).toEqual(['ended', false]);
	});

	it.each([[60, true], [61, false]])('keeps an id of %d characters as it is: %j', (length, kept) => {
		const reading = beginReading(NOON);
		takePage(reading, bulk(0), { rows: [alert('x'.repeat(length))], serverTime: NOON }, 1, new Taker());
		expect(reading.tail[0] === 'x'.repeat(length)).toBe(kept);
		expect(reading.first).toBe(reading.tail[0]);
	});
});

describe('rows that move between two pages', () => {
	it('towards the end come twice to the walk, and none is missed', () => {
		const list = rows(1, 150);
		const reading = beginReading(NOON);
		const taker = new Taker();
		read(reading, taker, list);
		const shifted = [...rows(901, 3), ...list];
		expect([read(reading, taker, shifted), reading.moved, reading.stepsBack]).toEqual(['ended', false, 0]);
		expect(taker.taken).toHaveLength(150);
	});

	it('by less than the shared rows towards the beginning are not missed', () => {
		const list = rows(1, 150);
		const reading = beginReading(NOON);
		const taker = new Taker();
		read(reading, taker, list);
		expect([read(reading, taker, list.slice(4)), reading.moved, reading.stepsBack]).toEqual(['ended', false, 0]);
		expect(taker.taken).toHaveLength(150);
	});

	it('by more than that make it step back a page, then two, then four, and no row is missed', () => {
		const list = rows(1, 2000);
		const reading = beginReading(NOON);
		const taker = new Taker();
		for (let page = 0; page < 15; page++) expect(read(reading, taker, list)).toBe('more');
		expect([reading.offset, reading.pages]).toEqual([1430, 15]);
		const shifted = list.slice(1000);
		expect([read(reading, taker, shifted), reading.offset, reading.pages]).toEqual(['gap', 1325, 15]);
		expect(reading.moved).toBe(true);
		expect([read(reading, taker, shifted), reading.offset]).toEqual(['gap', 1120]);
		expect([read(reading, taker, shifted), reading.offset]).toEqual(['gap', 715]);
		expect([read(reading, taker, shifted), reading.offset]).toEqual(['gap', 0]);
		expect(reading.stepsBack).toBe(4);
		while (read(reading, taker, shifted) !== 'ended');
		expect(taker.taken).toHaveLength(2000);
		expect(reading.stepsBack).toBe(4);
	});

	it('step back never beyond the first row', () => {
		const list = rows(1, 300);
		const reading = beginReading(NOON);
		const taker = new Taker();
		read(reading, taker, list, 20);
		read(reading, taker, list, 20);
		expect([read(reading, taker, list.slice(100), 20), reading.offset]).toEqual(['gap', 10]);
		expect([read(reading, taker, list.slice(100), 20), reading.offset]).toEqual(['gap', 0]);
	});

	it('are left to the second reading after twelve steps: a walk does not step back for ever', () => {
		const reading = { ...beginReading(NOON), offset: 500_000, tail: ['gone'] };
		const outcomes: string[] = [];
		let next = 1;
		do outcomes.push(takePage(reading, queryFor(reading, 'bulk', 10), { rows: rows((next += 1000), 10), serverTime: NOON }, 100, new Taker()));
		while (outcomes[outcomes.length - 1] === 'gap' && outcomes.length < 100 && (reading.offset = 500_000));
		expect(outcomes).toEqual([...Array<string>(12).fill('gap'), 'more']);
		expect(reading).toMatchObject({ moved: true, pages: 1, stepsBack: 12 });
	});

	it('are noticed and read over where the page begins with a row that was taken', () => {
		const list = rows(1, 150);
		const reading = beginReading(NOON);
		const taker = new Taker();
		read(reading, taker, list);
		const back = [...rows(901, 10), ...list.slice(0, 95), ...list.slice(100)];
		expect([read(reading, taker, back), reading.moved, reading.stepsBack, reading.pages]).toEqual(['ended', true, 0, 2]);
		expect(taker.taken).toHaveLength(150);
	});

	it('are an empty page too, where there were rows', () => {
		const reading = beginReading(NOON);
		const taker = new Taker();
		read(reading, taker, rows(1, 150));
		expect([read(reading, taker, []), reading.offset]).toEqual(['gap', 0]);
		expect([read(reading, taker, []), reading.offset]).toEqual(['ended', 0]);
	});
});

describe('pages too small to share a row', () => {
	it.each([1, 2, 3, 4, 7])('with %d rows a page the walk costs no step back', (limit) => {
		const list = rows(1, 10);
		const reading = beginReading(NOON);
		const taker = new Taker();
		let pages = 1;
		while (read(reading, taker, list, limit) !== 'ended') pages++;
		expect(taker.taken).toEqual(list);
		expect(reading).toMatchObject({ moved: false, stepsBack: 0 });
		expect(pages).toBeLessThanOrEqual(11);
	});
});

describe('an Offset that the server ignores', () => {
	it('is told by the same page at another one, and the page is not taken', () => {
		const list = rows(1, 150);
		const reading = beginReading(NOON);
		const taker = new Taker();
		read(reading, taker, list);
		const page = { rows: list.slice(0, 100), serverTime: NOON };
		expect(takePage(reading, bulk(95), page, 100, taker)).toBe('offsetIgnored');
		expect([reading.pages, reading.offset]).toEqual([1, 100]);
	});

	it('is not told by the same page at the same one', () => {
		const list = rows(1, 150);
		const reading = beginReading(NOON);
		const taker = new Taker();
		taker.room = 3;
		expect(read(reading, taker, list)).toBe('full');
		taker.room = Infinity;
		expect(queryFor(reading, 'bulk', 100).offset).toBe(0);
		expect(read(reading, taker, list)).toBe('more');
	});

	it('is not told by a page of no more than the shared rows, which may have moved there', () => {
		const reading = beginReading(NOON);
		const taker = new Taker();
		takePage(reading, bulk(0), { rows: rows(1, 5), serverTime: NOON }, 100, taker);
		expect(takePage(reading, bulk(1), { rows: rows(1, 5), serverTime: NOON }, 100, taker)).toBe('ended');
		expect(takePage(reading, bulk(2), { rows: rows(1, 6), serverTime: NOON }, 100, taker)).toBe('offsetIgnored');
	});
});
