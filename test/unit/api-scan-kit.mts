import type { AlertQuery } from '../../nodes/shared/api/types.ts';
import { queryOf, takePage, type PageOutcome, type Scan } from '../../nodes/shared/api/scan.ts';
import { NOON, alert, page, type Taker } from './feed-list.mts';

export const bulk = (offset: number, limit = 100): AlertQuery => ({
	list: 'bulk',
	since: NOON,
	limit,
	offset,
});
export const rows = (from: number, count: number) =>
	Array.from({ length: count }, (_, i) => alert(from + i));

/** Takes a page of the scan as a server with a list of such rows would answer it. */
export function read(
	scan: Scan,
	taker: Taker,
	list: readonly unknown[],
	limit = 100,
	longest = list.length,
): PageOutcome {
	const query = queryOf(scan, 'bulk', limit);
	return takePage(
		scan,
		query,
		page(list.slice(query.offset, query.offset + query.limit)),
		longest,
		taker,
	);
}
