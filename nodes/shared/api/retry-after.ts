import { clock } from '../clock';

/**
 * How long a server asks to be left alone, in milliseconds, or null when it does not say so.
 *
 * @param header `Retry-After`: seconds, or an HTTP date
 * @param date the `Date` header of the same answer, so that a date is measured on one clock, the server's
 */
export function parseRetryAfter(header: unknown, date?: unknown): number | null {
	const text = typeof header === 'string' || typeof header === 'number' ? String(header).trim() : '';
	if (/^\d+$/.test(text)) return positive(Number(text) * 1000);
	if (!/[a-z]{3}/i.test(text)) return null;
	const serverNow = typeof date === 'string' ? Date.parse(date) : NaN;
	return positive(Date.parse(text) - (Number.isNaN(serverNow) ? clock.now() : serverNow));
}

function positive(milliseconds: number): number | null {
	return milliseconds > 0 && Number.isFinite(milliseconds) ? milliseconds : null;
}
