import type { IDataObject } from 'n8n-workflow';

import { parseTime } from '../alert/time';
import type { Answer } from './diagnosis';
import { apiError, unexpected } from './errors';
import { request, type ApiContext } from './request';
import { rowsOf } from './rows';
import { formatTime, parseHttpDate } from './time';
import type { AlertList, AlertPage, AlertQuery } from './types';

interface ListEndpoint {
	readonly path: string;
	readonly sinceParameter: 'LastSeen' | 'DateChanged';
	readonly paged: boolean;
}

/** Paths and parameters from the vendor documentation and integrators. Old on-premises servers lack the paged lists. */
const LISTS: Readonly<Record<AlertList, ListEndpoint>> = {
	bulk: { path: '/api/alerts/bulk', sinceParameter: 'LastSeen', paged: true },
	unpaged: { path: '/api/alerts', sinceParameter: 'LastSeen', paged: false },
	changed: { path: '/api/alerts/bulkByDateChanged', sinceParameter: 'DateChanged', paged: true },
};

export interface FetchOptions {
	/** The site; the credential's own unless given. */
	readonly clientId?: string;
	/** For whose expressions in the credential; the first item unless given. */
	readonly itemIndex?: number;
	/** When to give up, by `clock.ticks`. */
	readonly deadline?: number;
	/** How often to try at most. */
	readonly tries?: number;
}

/**
 * One answer of one list of alerts. No content, an empty body, `null`, no `Entities` and a bare array are lists too, for
 * integrators have to expect them.
 *
 * @throws NodeApiError, to be read with `failureOf`; its status is 404 or 405 where the server lacks the list
 */
export async function fetchAlerts(
	context: ApiContext,
	query: AlertQuery,
	options: FetchOptions = {},
): Promise<AlertPage> {
	const { path } = LISTS[query.list];
	const answer = await request(context, { ...options, path, qs: parametersOf(query) });
	const rows = rowsOf(answer.body, 'Entities');
	if (rows === null) {
		throw apiError(context.getNode(), {
			reason: 'notAList',
			status: answer.status,
			retryAfterMs: null,
			login: false,
		});
	}
	return { rows, serverTime: serverTimeOf(answer), conclusive: true, clocksAgree: true, warnings: [] };
}

/**
 * How many alerts there are since then. The API answers with a bare number.
 *
 * @param since milliseconds since the epoch
 * @throws NodeApiError
 */
export async function countAlerts(
	context: ApiContext,
	since: number,
	options: FetchOptions = {},
): Promise<number> {
	const qs = { DateChanged: formatTime(since) };
	const answer = await request(context, { ...options, path: '/api/alerts/count', qs });
	const count = answer.body as number;
	if (Number.isInteger(count) && count >= 0) return count;
	throw unexpected(context.getNode(), answer);
}

function parametersOf({ list, since, limit, offset }: AlertQuery): IDataObject {
	const { sinceParameter, paged } = LISTS[list];
	const time = { [sinceParameter]: formatTime(since) };
	return paged ? { ...time, Limit: limit, Offset: offset } : time;
}

function serverTimeOf({ headers, body }: Answer): number | null {
	const stated = (body as { SyncTimeUtc?: unknown } | null | undefined)?.SyncTimeUtc;
	return parseTime(stated) ?? parseHttpDate(headers.date);
}
