const TIMESTAMP =
	/^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/** .NET writes "no date" as year 1; nothing in an alert is older than this. */
const FIRST_YEAR = 1970;

export interface Timestamp {
	/** Milliseconds since the epoch. */
	readonly time: number;
	/** False where the text named no zone, so that reading it as UTC is a guess. */
	readonly zoned: boolean;
}

function offsetMinutes(zone: string | undefined): number {
	if (!zone || zone.toUpperCase() === 'Z') return 0;
	const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
	return zone.startsWith('-') ? -minutes : minutes;
}

/**
 * Reads a date as the vendor writes them: `Z`, `+00:00`, fractions of any length (cut to milliseconds),
 * no zone (read as UTC). Anything else, and .NET's empty date `0001-01-01T00:00:00`, is null.
 */
export function parseTimestamp(value: unknown): Timestamp | null {
	if (typeof value !== 'string') return null;
	const match = TIMESTAMP.exec(value.trim());
	if (!match) return null;
	const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0)) as [
		number, number, number, number, number, number,
	];
	if (year < FIRST_YEAR) return null;
	const milliseconds = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
	const local = Date.UTC(year, month - 1, day, hour, minute, second, milliseconds);
	const back = new Date(local);
	const exists =
		back.getUTCMonth() === month - 1 && back.getUTCDate() === day && back.getUTCHours() === hour && second < 60;
	const time = local - offsetMinutes(match[8]) * 60_000;
	return exists && time >= 0 ? { time, zoned: match[8] !== undefined } : null;
}

/** The same as milliseconds since the epoch, or null. */
export function parseTime(value: unknown): number | null {
	return parseTimestamp(value)?.time ?? null;
}

/** The first of the values that is a date, as ISO 8601 in UTC with milliseconds, or null. */
export function isoTime(...values: unknown[]): string | null {
	for (const value of values) {
		const time = parseTime(value);
		if (time !== null) return new Date(time).toISOString();
	}
	return null;
}
