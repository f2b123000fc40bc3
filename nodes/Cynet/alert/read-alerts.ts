import { NodeApiError, type JsonObject } from 'n8n-workflow';
import { alertId, isRawAlert, type RawAlert } from '../../shared/alert/identity';
import { fetchAlerts, type FetchOptions } from '../../shared/api/alerts';
import { apiError, failureOf } from '../../shared/api/errors';
import type { ApiContext } from '../../shared/api/request';
import type { AlertList, AlertPage, AlertQuery } from '../../shared/api/types';
import { beginReading, queryFor, takePage, type RowTaker } from '../../shared/feed/reading';

const PAGE_SIZE = 100;

export type PagedList = Exclude<AlertList, 'unpaged'>;

export interface WantedAlerts {
	readonly list: PagedList;
	/** Milliseconds since the epoch; the API takes whole seconds. */
	readonly since: number;
	readonly most: number;
	readonly wanted: (alert: RawAlert) => boolean;
}

/**
 * The alerts of a list, each once, in the order of the list: read with the trigger's own walk, which resumes by row, so that
 * rows that move between two pages are neither missed nor taken twice.
 *
 * @throws NodeApiError, and then none are returned: a part would look like the whole
 */
export async function readAlerts(
	context: ApiContext,
	{ list: paged, since, most, wanted }: WantedAlerts,
	options: FetchOptions,
): Promise<readonly RawAlert[]> {
	const alerts: RawAlert[] = [];
	const taker = takerOf(alerts, most, wanted);
	let list: AlertList = paged;
	let reading = beginReading(since);
	let longest = 0;
	for (;;) {
		const query = queryFor(reading, list, PAGE_SIZE);
		const page = await fetchOrNone(context, query, options);
		const outcome = page === null ? 'offsetIgnored' : takePage(reading, query, page, (longest = Math.max(longest, page.rows.length)), taker);
		if (outcome === 'ended' || outcome === 'full' || alerts.length >= most) return alerts;
		if (outcome !== 'offsetIgnored') continue;
		if (list !== 'bulk') throw apiError(context.getNode(), { reason: 'pagesIgnored', status: null, retryAfterMs: null, login: false });
		list = 'unpaged';
		reading = beginReading(since);
	}
}

/** The page, or null where the server lacks `/bulk`: older servers have only the list without pages. */
async function fetchOrNone(context: ApiContext, query: AlertQuery, options: FetchOptions): Promise<AlertPage | null> {
	try {
		return await fetchAlerts(context, query, options);
	} catch (error) {
		const { status } = failureOf(error);
		if (query.list === 'bulk' && (status === 404 || status === 405)) return null;
		throw new NodeApiError(context.getNode(), error as JsonObject);
	}
}

/** Takes each alert once that is wanted, and refuses the row after the last. */
function takerOf(alerts: RawAlert[], most: number, wanted: WantedAlerts['wanted']): RowTaker {
	const seen = new Set<number | string>();
	return {
		knows: (row) => isRawAlert(row) && seen.has(alertId(row)),
		take: (row) => {
			if (alerts.length >= most) return false;
			if (!isRawAlert(row) || seen.has(alertId(row))) return true;
			seen.add(alertId(row));
			if (wanted(row)) alerts.push(row);
			return true;
		},
	};
}
