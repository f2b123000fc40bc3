/** Times as the API reads and writes them. Everywhere else a time is a number: milliseconds since the epoch, UTC. */

const QUERY = /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?$/;

/**
 * An alert's time: `+00:00` as in the only real alert known (D), a fraction only where there is one
 * (our assumption).
 */
export function isoTime(at: number, zone: '+00:00' | 'Z' | 'none' = '+00:00'): string {
	const text = new Date(at).toISOString();
	return `${at % 1000 === 0 ? text.slice(0, 19) : text.slice(0, 23)}${zone === 'none' ? '' : zone}`;
}

/**
 * The time in a `LastSeen` or `DateChanged` parameter, or null if it is none. Both forms in use are read:
 * `YYYY-MM-DD hh:mm:ss` (W) and ISO 8601 (D); without a zone it is that many minutes ahead of UTC.
 */
export function parseTime(text: string, zoneMinutes = 0): number | null {
	// In a query a `+` that was not escaped arrives as a space.
	const match = QUERY.exec(
		text
			.trim()
			.replace(/ (\d\d:\d\d)$/, (whole, zone: string) => (text.includes('T') ? `+${zone}` : whole)),
	);
	if (!match) return null;
	const [, year, month, day, hour, minute, second, fraction = '', zone] = match;
	const at = Date.parse(
		`${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone ?? 'Z'}`,
	);
	if (Number.isNaN(at)) return null;
	return zone === undefined ? at - zoneMinutes * 60_000 : at;
}
