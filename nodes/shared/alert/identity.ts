import { createHash } from 'crypto';
import { parseTimestamp } from './time';

/** An alert as the API sends it: a JSON object of which no field is certain. */
export type RawAlert = Record<string, unknown>;

/** What happened to the alert. */
export type AlertEvent = 'created' | 'recurred' | 'updated';

export function isRawAlert(row: unknown): row is RawAlert {
	return typeof row === 'object' && row !== null && !Array.isArray(row);
}

/** What stays the same when an alert without an id is seen again. */
const LASTING_FIELDS = [
	'IncidentName', 'AlertType', 'HostId', 'HostName', 'HostIp', 'UserName', 'Path', 'CommandLine',
	'Sha256Hex', 'AlertDomain', 'AlertUrl', 'AlertIp', 'DateIn', 'FirstSeenUtc',
] as const;

/**
 * The alert's id within its site: `ClientDbId` as a number where it is a whole one (also when written as
 * text), otherwise a text: the id itself, else `Uniqueness`, else a hash of the fields that do not change.
 */
export function alertId(alert: RawAlert): number | string {
	const id = alert.ClientDbId;
	if (typeof id === 'number' && Number.isSafeInteger(id) && id >= 0) return id;
	if (typeof id === 'string' && /^\d{1,15}$/.test(id)) return Number(id);
	if (typeof id === 'number' || (typeof id === 'string' && id.trim() !== '')) return String(id);
	if (typeof alert.Uniqueness === 'string' && alert.Uniqueness !== '') return alert.Uniqueness;
	const lasting = JSON.stringify(LASTING_FIELDS.map((field) => alert[field] ?? null));
	return createHash('sha256').update(lasting).digest('base64');
}

/**
 * The key under which a ticketing system remembers the alert: `cynet:<clientId>:<id>`, for what can happen
 * more than once to an alert with the time of it added. The same for every hand-over of one happening.
 * @param at milliseconds since the epoch, or null
 */
export function dedupKey(clientId: string, id: number | string, at: number | null = null): string {
	const key = `cynet:${clientId}:${id}`;
	return at === null ? key : `${key}:${new Date(at).toISOString()}`;
}

/**
 * When the alert came to be, in milliseconds since the epoch: `DateIn`, or `FirstSeenUtc` where `DateIn`
 * names no zone (it may be the server's local time then). Null where neither is certain.
 */
export function bornAt(alert: RawAlert): number | null {
	const dateIn = parseTimestamp(alert.DateIn);
	if (dateIn?.zoned) return dateIn.time;
	return parseTimestamp(alert.FirstSeenUtc)?.time ?? null;
}

/** When the alert happened last, in milliseconds since the epoch, or null. */
export function lastSeenAt(alert: RawAlert): number | null {
	return parseTimestamp(alert.LastSeenUtc)?.time ?? parseTimestamp(alert.LastSeen)?.time ?? null;
}

/** When the alert's record changed last, in milliseconds since the epoch, or null. */
export function changedAt(alert: RawAlert): number | null {
	return parseTimestamp(alert.DateChanged)?.time ?? null;
}
