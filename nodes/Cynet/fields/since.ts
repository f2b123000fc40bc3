import { DateTime } from 'luxon';
import type { INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';

/** @param description what lies after that time */
export function sinceProperty(description: string): INodeProperties {
	return {
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		default: '={{ $now.minus({ days: 1 }).toISO() }}',
		required: true,
		description,
	};
}

/**
 * The time in Since, in milliseconds since the epoch. Text without a zone is in the time zone of the workflow, as the date
 * picker writes it.
 * @throws NodeOperationError for what is no date
 */
export function sinceOf(call: Call): number {
	const time = timeOf(call.parameter('since'), call.context.getTimezone());
	if (time !== null) return time;
	throw call.refuse('"Since" is not a date and time', 'Choose a date, or write it like 2026-06-01T12:00:00Z, or use an expression such as {{ $now.minus({ days: 1 }) }}.');
}

/** Milliseconds since the epoch of an ISO 8601 text, a DateTime or a Date; null for anything else, and for what lies before 1970. */
export function timeOf(value: unknown, zone: string): number | null {
	const parsed = parse(value, zone);
	return parsed?.isValid && parsed.toMillis() >= 0 ? parsed.toMillis() : null;
}

function parse(value: unknown, zone: string): DateTime | null {
	if (value instanceof Date) return DateTime.fromJSDate(value);
	// n8n's own luxon may be another copy than ours, so that its class tells nothing.
	const { toISO } = Object(value) as { toISO?: unknown };
	const iso = typeof toISO === 'function' ? (value as DateTime).toISO() : value;
	if (typeof iso !== 'string' || !/^\s*\d{4}-\d\d-\d\d/.test(iso)) return null;
	const text = iso.trim();
	const fromIso = DateTime.fromISO(text, { zone });
	return fromIso.isValid ? fromIso : DateTime.fromSQL(text, { zone });
}
