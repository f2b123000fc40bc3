/**
 * `YYYY-MM-DD hh:mm:ss` in UTC, the form of a time that the API takes (integrators agree on it).
 *
 * @param milliseconds since the epoch; cut to the second, and never before 1970
 */
export function formatTime(milliseconds: number): string {
	return new Date(Math.max(0, milliseconds)).toISOString().slice(0, 19).replace('T', ' ');
}

/** Milliseconds since the epoch of a `Date` header, or null for none. */
export function parseHttpDate(header: unknown): number | null {
	const milliseconds = typeof header === 'string' ? Date.parse(header) : Number.NaN;
	return milliseconds > 0 ? milliseconds : null;
}
