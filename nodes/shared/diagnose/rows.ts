import type { IDataObject } from 'n8n-workflow';

import { alertId } from '../alert/identity';
import { parseTimestamp } from '../alert/time';
import { rowsOf } from '../api/rows';
import { formatTime } from '../api/time';
import type { Known } from './step';
import type { Reply, Session, Wanted } from './session';

/** The rows of a list that are objects; null where the answer is no list. */
export function listIn(
	{ reason, body }: Reply,
	key: 'Entities' | 'data' = 'Entities',
): readonly IDataObject[] | null {
	const rows = reason === null ? rowsOf(body, key) : null;
	return rows?.filter(isObject) ?? null;
}

export const isObject = (value: unknown): value is IDataObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** What tells alerts apart. */
export const keyOf = (row: IDataObject): string => String(alertId(row));

export const keysOf = (rows: readonly IDataObject[]): string[] => rows.map(keyOf);

/** A date of a row, in milliseconds since the epoch, or null. */
export const timeOf = (row: IDataObject, field: string): number | null =>
	parseTimestamp(row[field])?.time ?? null;

/** A request for the list of alerts. */
export function alertsSince(
	known: Pick<Known, 'path'>,
	since: number | string,
	page: { readonly Limit?: number; readonly Offset?: number } = {},
): Wanted {
	const LastSeen = typeof since === 'string' ? since : formatTime(since);
	const paged = known.path === '/api/alerts/bulk';
	return {
		path: known.path,
		qs: { LastSeen, ...(paged && { Limit: page.Limit ?? 100, Offset: page.Offset ?? 0 }) },
	};
}

/** The rows of the list of alerts; null where it was not answered with one. */
export async function askRows(
	session: Session,
	known: Known,
	since: number | string,
	page?: { readonly Limit?: number; readonly Offset?: number },
): Promise<{ readonly rows: readonly IDataObject[] | null; readonly reply: Reply }> {
	const reply = await session.ask(alertsSince(known, since, page));
	return { rows: listIn(reply), reply };
}

/** Whether both hold the same in the same order. */
export const sameList = (one: readonly string[], other: readonly string[]): boolean =>
	one.length === other.length && one.every((key, place) => key === other[place]);
