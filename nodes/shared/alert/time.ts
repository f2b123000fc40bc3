/** Up to the minutes every part has its place; seconds, their fraction and a zone may follow. */
const TIMESTAMP = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s*(?:Z|[+-]\d\d:?\d\d)?$/i;

/** .NET writes "no date" as year 1; nothing in an alert is older than this. */
const FIRST_YEAR = 1970;

const ZERO = '0'.charCodeAt(0);

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The farthest zone east of Greenwich. What names a farther one is no date. */
const FARTHEST_ZONE = 14 * 60;

export interface Timestamp {
	/** Milliseconds since the epoch. */
	readonly time: number;
	/** False where the text named no zone, so that reading it as UTC is a guess. */
	readonly zoned: boolean;
}

/**
 * Reads a date as the vendor writes them: `Z`, `+00:00`, fractions of any length (cut to milliseconds),
 * no zone (read as UTC). Anything else, and .NET's empty date `0001-01-01T00:00:00`, is null.
 *
 * A poll reads seven dates an alert: digits are read where they stand, for cutting them out took
 * most of a poll's own time.
 */
export function parseTimestamp(value: unknown): Timestamp | null {
	if (typeof value !== 'string') return null;
	const text = value.trim();
	if (!TIMESTAMP.test(text)) return null;
	const year = twoDigits(text, 0) * 100 + twoDigits(text, 2);
	const month = twoDigits(text, 5);
	const day = twoDigits(text, 8);
	const hour = twoDigits(text, 11);
	const minute = twoDigits(text, 14);
	const second = text[16] === ':' ? twoDigits(text, 17) : 0;
	const exists = day > 0 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second < 60;
	if (year < FIRST_YEAR || !exists) return null;
	const zone = zoneMinutes(text);
	if (zone !== null && Math.abs(zone) > FARTHEST_ZONE) return null;
	const time = Date.UTC(
		year,
		month - 1,
		day,
		hour,
		minute - (zone ?? 0),
		second,
		milliseconds(text),
	);
	return time >= 0 ? { time, zoned: zone !== null } : null;
}

function twoDigits(text: string, at: number): number {
	return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}

/** 0 for a month that there is not. */
function daysOf(year: number, month: number): number {
	if (month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)) return 29;
	return DAYS[month - 1] ?? 0;
}

function milliseconds(text: string): number {
	if (text[19] !== '.' && text[19] !== ',') return 0;
	return Math.round(Number.parseFloat(`0.${text.slice(20, 23)}`) * 1000);
}

/** How far east of Greenwich, null where the text names no zone. After the minutes, a sign is the zone's. */
function zoneMinutes(text: string): number | null {
	const sign = Math.max(text.indexOf('+', 16), text.indexOf('-', 16));
	if (sign === -1) return text.endsWith('Z') || text.endsWith('z') ? 0 : null;
	const minutes = twoDigits(text, sign + 1) * 60 + twoDigits(text, text.length - 2);
	return text[sign] === '-' ? -minutes : minutes;
}

/** The same as milliseconds since the epoch, or null. */
export function parseTime(value: unknown): number | null {
	return parseTimestamp(value)?.time ?? null;
}

/** Nothing in an alert is of a later millennium. */
const LAST_TIME = Date.UTC(9000, 0);

/**
 * UTC to the second or finer, and a day that every month has: all but the length of the fraction is
 * ISO 8601 already.
 */
const UTC =
	/^(?:19[7-9]|[2-8]\d\d)\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3,})?(?:Z|\+00:00)$/;

/**
 * The first of the values that is a date, as ISO 8601 in UTC with milliseconds, or null. The year
 * 9999, which .NET and databases write for
 * "never", is none.
 *
 * Takes the date's own text where it can: a poll writes four dates an alert, and reading them and
 * writing them anew takes ten times as long.
 */
export function isoTime(...values: unknown[]): string | null {
	for (const value of values) {
		if (typeof value === 'string' && UTC.test(value)) {
			return value[19] === '.' ? `${value.slice(0, 23)}Z` : `${value.slice(0, 19)}.000Z`;
		}
		const time = parseTime(value);
		if (time !== null && time < LAST_TIME) return new Date(time).toISOString();
	}
	return null;
}
