import type { Scan } from '../api/scan';
import { beginScan, goOnFrom, isScan } from '../api/scan';
import { fieldsAre, isCount, isTime, orNull } from './shape';
import { DAY, MINUTE } from './time';

/** After a failure, a side scan leaves the server alone for that long. */
const TRY_AGAIN_AFTER = 10 * MINUTE;
/** Refusals of a scan's first page before it begins later: from then on with each of them. */
const TRIES_BEFORE_NARROWING = 2;
const NARROWING = 4;
/** How many rows side by side may fail before the length of the span counts as the reason; and once it did. */
const ROWS_SIDE_BY_SIDE = 8;
const ROWS_OF_NARROWED = 2;
/** What has failed so often, and for so long, is given up. */
const GIVE_UP = { failures: 20, after: DAY };

/**
 * A scan beside the forward one: the recheck or the sweep. What it costs when it fails is itself:
 * it waits, goes on where it
 * stopped, and where the server refuses to go back that far it begins later, while the whole span stays owed.
 */
export interface SideScan {
	/** From when on a span is still to be read; null where nothing is owed. */
	owed: number | null;
	/** Since when, by the cursor. */
	owedSince: number | null;
	/** What became owed while a scan was under way: that scan may have passed it already. */
	next: number | null;
	scan: Scan | null;
	/** By the cursor. */
	failedAt: number | null;
	/** Of the first page, one after the other. */
	refusals: number;
	/** All, while something is owed. */
	failures: number;
}

export const noSideScan = (): SideScan => ({
	owed: null,
	owedSince: null,
	next: null,
	scan: null,
	failedAt: null,
	refusals: 0,
	failures: 0,
});

export const isSideScan = fieldsAre({
	owed: orNull(isTime),
	owedSince: orNull(isTime),
	next: orNull(isTime),
	scan: orNull(isScan),
	failedAt: orNull(isTime),
	refusals: isCount,
	failures: isCount,
});

/** From then on it is to be read (once more). */
export function owe(side: SideScan, since: number, cursor: number): void {
	side.owedSince ??= cursor;
	if (side.scan === null) side.owed = Math.min(side.owed ?? since, since);
	else side.next = Math.min(side.next ?? since, since);
}

/** Nothing is owed any more, and nothing under way. */
export function clearSideScan(side: SideScan): void {
	Object.assign(side, noSideScan());
}

/** Whether it may be read now. */
export function isReady({ owed, scan, failedAt }: SideScan, cursor: number): boolean {
	const waits = failedAt !== null && Math.abs(cursor - failedAt) < TRY_AGAIN_AFTER;
	return (owed !== null || scan !== null) && !waits;
}

/** The scan under way, or a new one of all that is owed, less what the server has refused so far. */
export function openSideScan(side: SideScan, since: number, size: number): Scan {
	side.failedAt = null;
	return (side.scan ??= beginScan(since, size));
}

/**
 * It failed. Where that was its first page, often enough, it begins later next time: a quarter as far back. Where the
 * server has served a part of the span, the next poll asks for less at once.
 * @param isolates whether the next request shows more about the reason
 * @param end of what can be read
 * @param latest the least that it must read: beyond that nothing is narrowed
 * @returns whether the next try begins later than the last
 */
export function failSideScan(
	side: SideScan,
	cursor: number,
	isolates: boolean,
	end: number,
	latest: number,
): boolean {
	side.failures++;
	const scan = side.scan!;
	const served = scan.pages + scan.offset > 0;
	side.failedAt = served && isolates && scan.probe === 0 ? null : cursor;
	if (served || (scan.probe > 0 && scan.probe <= ROWS_SIDE_BY_SIDE && !isTooLong(side)))
		return false;
	side.refusals++;
	if (side.refusals < TRIES_BEFORE_NARROWING || scan.since >= latest) return false;
	goOnFrom(scan, Math.min(latest, end - Math.floor((end - scan.since) / NARROWING)));
	side.failedAt = null;
	return true;
}

/** Whether a span that begins later already is not served either. */
export function isTooLong({ scan, refusals }: SideScan): boolean {
	return (
		refusals >= TRIES_BEFORE_NARROWING &&
		scan!.pages + scan!.offset === 0 &&
		scan!.probe > ROWS_OF_NARROWED
	);
}

/** What it has read is of no use: the next try begins anew. */
export function dropSideScan(side: SideScan, cursor: number): void {
	Object.assign(side, { scan: null, failedAt: cursor, failures: side.failures + 1 });
}

/** Whether what is owed was tried long enough. A pause is no try. */
export function isHopeless({ owedSince, failures }: SideScan, cursor: number): boolean {
	return failures >= GIVE_UP.failures && cursor - (owedSince ?? cursor) > GIVE_UP.after;
}

/**
 * It ended.
 * @returns whether all that is owed was read
 */
export function endSideScan(side: SideScan, cursor: number): boolean {
	const whole = side.refusals < TRIES_BEFORE_NARROWING;
	const { next } = side;
	if (whole) clearSideScan(side);
	else Object.assign(side, { scan: null, refusals: 0, failedAt: cursor, next: null });
	if (next !== null) owe(side, next, cursor);
	return whole;
}
