import type { Clocks } from './types';

/** Two clocks in one answer that are further apart than this cannot both be right. */
const APART_MS = 2 * 60_000;
/** What lies further apart is no time zone, and nothing to count on later. */
const MOST_APART_MS = 24 * 3600_000;

/** Of two clocks the earlier counts: a cursor that is too early costs rows, one that is too late costs alerts. */
export function earlierOf({ stated, date }: Clocks): number | null {
	if (stated === null || date === null) return stated ?? date;
	// `Date` is cut to the second.
	return stated < date + 1_000 ? stated : date;
}

/** Whether the two do not contradict each other; one alone does not. */
export function clocksAgree({ stated, date }: Clocks): boolean {
	return stated === null || date === null || Math.abs(stated - date) <= APART_MS;
}

/**
 * How far `Date` is ahead of `SyncTimeUtc`, in milliseconds, if an answer with one of them alone is
 * to be read by it; null where the answer does not say.
 */
export function dateAheadOf(clocks: Clocks): number | null {
	const { stated, date } = clocks;
	if (stated === null || date === null) return null;
	const ahead = date - stated;
	return clocksAgree(clocks) || Math.abs(ahead) > MOST_APART_MS ? 0 : ahead;
}

/**
 * The server's time by an answer with one clock, where earlier answers with both were apart by that
 * much: what the earlier clock would say.
 */
export function asEarlier(clocks: Clocks, dateAhead: number): number | null {
	const time = earlierOf(clocks);
	if (time === null || (clocks.stated !== null && clocks.date !== null)) return time;
	return time - Math.max(0, clocks.stated === null ? dateAhead : -dateAhead);
}
