import type { Scan } from '../api/scan';
import { isScan } from '../api/scan';
import { fieldsAre, isCount, isSpan, isTime, orNull } from './shape';
import type { SideScan } from './side-scan';
import { isSideScan, noSideScan } from './side-scan';

export interface CursorSettings {
	/** This machine's clock now, milliseconds since the epoch. */
	readonly now: number;
	/** How long the site has been polled, in milliseconds. */
	readonly activeFor: number;
	/** Milliseconds. */
	readonly lookback: number;
	readonly overlap: number;
	/** 0 = never. */
	readonly sweep: number;
	/** Rows a request. */
	readonly pageSize: number;
}

/** Why a page was not served, as far as it matters for what to ask next. */
export interface PageFailure {
	/** The status with which it was answered; null where it was not. */
	readonly status: number | null;
	/** Whether a smaller page may be served. */
	readonly mayBeThisPage: boolean;
	readonly timedOut: boolean;
}

/** How far one list of one site has been read. Times are the server's, in milliseconds since the epoch. */
export interface CursorState {
	/** The beginning (activation − look-back): nothing before it is read. Null before the first answer. */
	start: number | null;
	/** A look-back of that long at least, in milliseconds: an unreadable state was there before. */
	lookbackAtLeast: number;
	/** Everything that was visible until then has been read. */
	cursor: number | null;
	/**
	 * How far the header `Date` was ahead of `SyncTimeUtc`, in milliseconds, in the last answer that
	 * had both; 0 where they agreed.
	 */
	dateAhead: number;
	/** From the cursor (less the overlap) to the end. */
	forward: Scan | null;
	/**
	 * Where the forward scan would have begun if the server did not refuse to go back that far; null
	 * where it began there.
	 */
	leftBehind: number | null;
	/**
	 * Where a forward scan that must begin later than `leftBehind` joins the last such scan; null
	 * where the last one need not.
	 */
	narrowFrom: number | null;
	/** Of a long span, or one in which rows moved: once more. */
	recheck: SideScan;
	/** Hourly, for alerts that appear late. */
	sweep: SideScan;
	/** When the last whole sweep began: the next one joins it. */
	sweptTo: number | null;
	/** When the last sweep became due. */
	sweptAt: number | null;
	/** Rows of the longest page this server ever sent. */
	longest: number;
	/** Rows a page that the server serves in time, and until when that counts; null where as many as are set. */
	slow: { readonly size: number; readonly until: number } | null;
	/** Scans that begin before then read the list without pages. */
	unpagedUntil: number | null;
}

export function freshCursor(lookbackAtLeast = 0): CursorState {
	return {
		start: null,
		lookbackAtLeast,
		cursor: null,
		dateAhead: 0,
		forward: null,
		leftBehind: null,
		narrowFrom: null,
		recheck: noSideScan(),
		sweep: noSideScan(),
		sweptTo: null,
		sweptAt: null,
		longest: 0,
		slow: null,
		unpagedUntil: null,
	};
}

/** Whether a stored value is one. */
export const isCursorState = fieldsAre({
	start: orNull(isTime),
	lookbackAtLeast: isCount,
	cursor: orNull(isTime),
	dateAhead: isSpan,
	forward: orNull(isScan),
	leftBehind: orNull(isTime),
	narrowFrom: orNull(isTime),
	recheck: isSideScan,
	sweep: isSideScan,
	sweptTo: orNull(isTime),
	sweptAt: orNull(isTime),
	longest: isCount,
	slow: orNull(fieldsAre({ size: isCount, until: isTime })),
	unpagedUntil: orNull(isTime),
});
