const TIME =
	/^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d*)?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * `YYYY-MM-DD hh:mm:ss` in UTC, the form of a time that the API takes (integrators agree on it).
 *
 * @param milliseconds since the epoch; cut to the second, and never before 1970
 */
export function formatTime(milliseconds: number): string {
	return new Date(Math.max(0, milliseconds)).toISOString().slice(0, 19).replace('T', ' ');
}

/**
 * Milliseconds since the epoch of a time that the API stated, or null for none: a zone may be absent (then UTC), the
 * fraction may have seven digits, and a year before 1970 is .NET's way to say nothing.
 */
export function parseTime(text: unknown): number | null {
	const match = typeof text === 'string' ? TIME.exec(text.trim()) : null;
	if (match === null) return null;
	const [, date, time, fraction = '0', zone = 'Z'] = match;
	return sinceEpoch(Date.parse(`${date}T${time}.${fraction}${zone.toUpperCase()}`));
}

/** Milliseconds since the epoch of a `Date` header, or null for none. */
export function parseHttpDate(header: unknown): number | null {
	return typeof header === 'string' ? sinceEpoch(Date.parse(header)) : null;
}

function sinceEpoch(milliseconds: number): number | null {
	return milliseconds > 0 ? milliseconds : null;
}
