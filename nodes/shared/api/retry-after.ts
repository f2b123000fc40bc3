import { clock } from '../clock';

/** Longer is not waited for, as in n8n itself: no header may silence an account for a day. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

/** Whether an answer with this status may ask to be left alone. A 403 or a page of a proxy may not. */
export function mayAskToWait(status: number): boolean {
	return status === 425 || status === 429 || status >= 500;
}

/**
 * How long a server asks to be left alone, in milliseconds, one hour at most, or null when it does not say so.
 *
 * @param header `Retry-After`: seconds, or an HTTP date
 * @param date the `Date` header of the same answer, so that a date is measured on one clock, the server's
 */
export function parseRetryAfter(header: unknown, date?: unknown): number | null {
	const text =
		typeof header === 'string' || typeof header === 'number' ? String(header).trim() : '';
	if (/^\d+$/.test(text)) return bounded(Number(text) * 1000);
	if (!/[a-z]{3}/i.test(text)) return null;
	const serverNow = typeof date === 'string' ? Date.parse(date) : NaN;
	return bounded(Date.parse(text) - (Number.isNaN(serverNow) ? clock.now() : serverNow));
}

function bounded(milliseconds: number): number | null {
	return milliseconds > 0 ? Math.min(milliseconds, LONGEST_RETRY_AFTER_MS) : null;
}
