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
 * The time in Since, in milliseconds since the epoch. Text without a zone is in the time zone of
 * the workflow, as the date
 * picker writes it.
 * @throws NodeOperationError for what is no date
 */
export function sinceOf(call: Call): number {
	const time = timeOf(call.parameter('since'), call.context.getTimezone());
	if (time !== null) return time;
	throw call.refuse(
		'"Since" is not a date and time',
		'Choose a date, or write it like 2026-06-01T12:00:00Z, or use an expression such as {{ $now.minus({ days: 1 }) }}.',
	);
}

/**
 * Milliseconds since the epoch of an ISO 8601 text, a DateTime or a Date; null for anything else,
 * and for what lies before 1970.
 * A time that the clock shows twice is the earlier: reading too far back shows an alert too many, too late hides some.
 */
export function timeOf(value: unknown, zone: string): number | null {
	const text = textOf(value);
	if (text === null || !DATE.test(text)) return null;
	const [, offset] = OFFSET.exec(text.slice(DAY_LENGTH)) ?? [];
	if (offset !== undefined && Number(offset.slice(1, 3)) > FARTHEST_HOURS) return null;
	const fromIso = DateTime.fromISO(text, { zone });
	const parsed = fromIso.isValid ? fromIso : DateTime.fromSQL(text, { zone });
	if (!parsed.isValid) return null;
	const time =
		offset === undefined
			? Math.min(...parsed.getPossibleOffsets().map((possible) => possible.toMillis()))
			: parsed.toMillis();
	return time >= 0 ? time : null;
}

const DATE = /^\d{4}-\d\d-\d\d/;
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const OFFSET = /(z|[+-]\d\d(?::?\d\d)?)$/i;
/** No zone is farther from Greenwich. */
const FARTHEST_HOURS = 14;

/** What it says of itself. The classes tell nothing: those of an expression may be other copies than ours. */
function textOf(value: unknown): string | null {
	const { toISO, toISOString } = Object(value) as { toISO?: unknown; toISOString?: unknown };
	const tell = typeof toISO === 'function' ? toISO : toISOString;
	try {
		const text: unknown = typeof tell === 'function' ? tell.call(value) : value;
		return typeof text === 'string' ? text.trim() : null;
	} catch {
		// An invalid Date throws.
		return null;
	}
}
