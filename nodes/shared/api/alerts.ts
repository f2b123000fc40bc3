import type { IDataObject } from 'n8n-workflow';

import { isRawAlert } from '../alert/identity';
import { parseTime } from '../alert/time';
import { clocksAgree, earlierOf } from './clocks';
import { answered, type Answer } from './diagnosis';
import { unexpected } from './errors';
import type { Gate } from './gate';
import { request, type ApiContext } from './request';
import { formatTime, parseHttpDate } from './time';
import type { AlertList, AlertPage, AlertQuery, Clocks } from './types';
import { WARNINGS } from './warnings';

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
	/** What is passed before a try after the first. */
	readonly gate?: Gate;
}

/**
 * One answer of one list of alerts. Only what is beyond doubt a list is told as conclusive. An
 * answer without rows that says
 * that something went wrong, or nothing at all, is thrown as transient: it may stand for alerts that nobody has seen.
 *
 * @throws NodeApiError, to be read with `failureOf`; its status is 404 or 405 where the server lacks the list
 */
export async function fetchAlerts(
	context: ApiContext,
	query: AlertQuery,
	options: FetchOptions = {},
): Promise<AlertPage> {
	const { path } = LISTS[query.list];
	const judge = (answer: Answer) =>
		pageOf(answer) === null ? { ...answered('noList', answer.status), said: answer.said } : null;
	const answer = await request(context, { ...options, path, qs: parametersOf(query), judge });
	return pageOf(answer) as AlertPage;
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

/** The page, or null for an answer that may stand for alerts and shows none. */
function pageOf(answer: Answer): AlertPage | null {
	const { status, said, repaired } = answer;
	const body = withList(answer.body);
	const clocks = clocksOf(answer);
	const warnings = disagreement(clocks);
	const rows = rowsIn(body);
	if (rows.length === 0 && said !== undefined) return null;
	if (rows.length === 0 && !isEmptyList(status, body)) return null;
	const enveloped = isEnvelope(body);
	const timed = earlierOf(clocks) !== null && enveloped;
	const conclusive =
		status === 200 && said === undefined && (timed || (!enveloped && rows.length > 0));
	if (repaired !== undefined) warnings.push(`${WARNINGS.repaired}: ${repaired}`);
	if (said !== undefined) warnings.push(`${WARNINGS.said}: ${said}`);
	else if (rows.length > 0 && status !== 200) warnings.push(`${WARNINGS.odd}: ${status}`);
	// Where only the time is missing, that is another warning, and the caller's.
	if (rows.length === 0 && !(enveloped && status === 200)) warnings.push(WARNINGS.noRows);
	return { rows, clocks, conclusive, warnings };
}

/**
 * What writers of JSON make of a list: .NET puts it under `$values` to keep references, converters from XML write
 * a list of one as that one.
 */
function withList(body: unknown): unknown {
	const list = (body as Envelope | null | undefined)?.Entities;
	if (!isRawAlert(list)) return body;
	if (Array.isArray(list.$values)) return { Entities: list.$values };
	const isAlert = 'ClientDbId' in list && 'IncidentName' in list;
	return isAlert ? { Entities: [list] } : body;
}

function rowsIn(body: unknown): readonly unknown[] {
	const rows: unknown = Array.isArray(body)
		? body
		: (body as Envelope | null | undefined)?.Entities;
	return Array.isArray(rows) ? rows : [];
}

interface Envelope {
	readonly Entities?: unknown;
	readonly SyncTimeUtc?: unknown;
}

function isEnvelope(body: unknown): body is Envelope {
	if (typeof body !== 'object' || body === null || !('Entities' in body)) return false;
	return body.Entities === null || Array.isArray(body.Entities);
}

/** Integrators have to expect these in the place of an empty list. No other is one. */
function isEmptyList(status: number, body: unknown): boolean {
	if (status === 204) return true;
	if (status !== 200) return false;
	if (body === null || isEnvelope(body)) return true;
	if (Array.isArray(body)) return body.length === 0;
	return typeof body === 'object' && 'SyncTimeUtc' in body && !('Entities' in body);
}

function clocksOf({ headers, body }: Answer): Clocks {
	return {
		stated: plausible(parseTime((body as Envelope | null | undefined)?.SyncTimeUtc)),
		date: plausible(parseHttpDate(headers.date)),
	};
}

function disagreement(clocks: Clocks): string[] {
	const { stated, date } = clocks;
	return stated === null || date === null || clocksAgree(clocks)
		? []
		: [`${WARNINGS.clocks}: SyncTimeUtc ${formatTime(stated)}, Date ${formatTime(date)}`];
}

const FIRST_TIME = Date.UTC(2010);
const LAST_TIME = Date.UTC(9000);

/** No server of Cynet is older, and the year 9999 stands for "none". */
function plausible(time: number | null): number | null {
	return time !== null && time >= FIRST_TIME && time < LAST_TIME ? time : null;
}
