import { createHash } from 'crypto';
import { alertId, changedAt, isRawAlert, lastSeenAt } from '../alert/identity';
import type { AlertList, AlertPage, AlertQuery } from './types';

/** Rows that each page shares with the one before: they must appear again, or rows have moved between the two. */
const SHARED_ROWS = 5;

/**
 * A page shorter than asked is the last one, unless it is as long as the longest ever seen and at
 * least this long: that may be the server's own cap.
 */
const SMALLEST_CAP = 10;

/** Rows that a page can be set to have at most. */
const LARGEST_PAGE = 1000;

/** Longer keys of rows are kept as their hash. */
const LONGEST_KEY = 60;

/**
 * How far behind a row that cannot be served another one is looked for. Beyond that the server's
 * Offset has ended, or the server is down.
 */
const FARTHEST_PROBE = 64;

/** So many new alerts do not push a row along between two small pages, as few of them do. */
const FAR_APART = 10;

/**
 * One pass through a list, from a time to the list's end. It goes on by row, so it can stop
 * anywhere, in any poll, and go on
 * in a later one. Plain data: it is kept in the state while it is under way.
 */
export interface Scan {
	/** Where it began: milliseconds since the epoch. */
	readonly from: number;
	/**
	 * The time in its requests. Later than `from` once the server's Offset has ended, or the server
	 * refused to go back that far.
	 */
	since: number;
	/** The server's time at the first page, null before it or when the server does not say. */
	mark: number | null;
	/** The first row that is not taken yet, counted from `since`. */
	offset: number;
	/** Pages read. */
	pages: number;
	/** Keys of the last rows taken. */
	tail: string[];
	/**
	 * Key of the last page's first row, and the Offset it was first seen at: the same row far from it
	 * means that Offset is ignored.
	 */
	first: string;
	firstAt: number;
	/**
	 * The time of the first row, and that of the last while none has an earlier one than the row
	 * before; null as soon as one has.
	 */
	ascendsFrom: number;
	ascendsTo: number | null;
	/** Rows were seen to move while this scan was under way. */
	moved: boolean;
	/** Rows a request: fewer than are set after a page that could not be served. 0 = as many as are set. */
	size: number;
	/** How far behind the row at `offset`, which was refused alone, another one is tried; 0 = not. */
	probe: number;
	/** Where one was served. */
	reach: number;
	/** What is not certain about the row at `offset`. */
	doubt: Doubt;
}

const NONE = 0;
/** It was refused alone. */
const REFUSED = 1;
/** And a row behind it was served since: refused once more, it is passed over. */
const REFUSED_ALONE = 2;
/**
 * There is none. The page shared no row with the one before, so the row before is asked for with
 * the next: where both come, or none, the list was cut.
 */
const MAY_BE_CUT = 3;
/** There is none, and the row before is refused, so it is there: the list has ended. */
const IS_END = 4;
type Doubt = 0 | 1 | 2 | 3 | 4;

/** Who looks at the rows. */
export interface RowTaker {
	/** Rows so far that were new to it. */
	readonly found: number;
	/** Takes the row; false refuses it, and all that follow. */
	take(row: unknown): boolean;
	/** A row that the server cannot serve is passed over. */
	skip(): void;
}

export function beginScan(since: number, size = 0): Scan {
	return {
		from: since,
		since,
		mark: null,
		offset: 0,
		pages: 0,
		tail: [],
		first: '',
		firstAt: 0,
		ascendsFrom: 0,
		ascendsTo: 0,
		moved: false,
		size,
		probe: 0,
		reach: 0,
		doubt: 0,
	};
}

/** The year 2200: a later time tells nothing about a list. */
const LATEST = Date.UTC(2200, 0, 1);

const isNumber = (value: unknown): value is number =>
	Number.isSafeInteger(value) && (value as number) >= 0;
const isTime = (value: unknown): boolean => isNumber(value) && value <= LATEST;

/** Whether a stored value is one. */
export function isScan(value: unknown): value is Scan {
	const scan = value as Scan | null;
	return (
		typeof scan === 'object' &&
		scan !== null &&
		[scan.from, scan.since, scan.ascendsFrom].every(isTime) &&
		[scan.mark, scan.ascendsTo].every((time) => time === null || isTime(time)) &&
		[scan.offset, scan.pages, scan.firstAt, scan.size, scan.probe, scan.reach, scan.doubt].every(
			isNumber,
		) &&
		Array.isArray(scan.tail) &&
		[...scan.tail, scan.first].every((key) => typeof key === 'string') &&
		typeof scan.moved === 'boolean'
	);
}

/** Whether nothing has come of it yet, not even that it must ask for less. */
export function isUntouched({ from, since, pages, offset, mark, size, probe }: Scan): boolean {
	return (
		from === since && pages === 0 && offset === 0 && mark === null && size === 0 && probe === 0
	);
}

/** Whether the next request decides over one row: it must not be passed over for a moment's failure. */
export const decidesOverRow = ({ doubt }: Scan): boolean => doubt === 2;

/** The same pass, from a later time on: what is before it was read, or cannot be. */
export function goOnFrom(scan: Scan, since: number): void {
	Object.assign(scan, {
		since,
		offset: 0,
		tail: [],
		first: '',
		firstAt: 0,
		ascendsFrom: 0,
		ascendsTo: 0,
		probe: 0,
		reach: 0,
		doubt: 0,
	});
}

function sharedRows(limit: number): number {
	return Math.min(SHARED_ROWS, Math.floor(limit / 4));
}

/** The request for the scan's next page. */
export function queryOf(
	{ since, offset, size, probe, doubt }: Scan,
	list: AlertList,
	pageSize: number,
): AlertQuery {
	if (list === 'unpaged') return { list, since, limit: pageSize, offset: 0 };
	if (probe > 0) return { list, since, limit: 1, offset: offset + probe };
	if (doubt === MAY_BE_CUT) return { list, since, limit: 2, offset: offset - 1 };
	const limit = size > 0 ? Math.min(size, pageSize) : pageSize;
	return { list, since, limit, offset: Math.max(0, offset - sharedRows(limit)) };
}

/**
 * Whether a page of that many rows is the last one, given the longest page this server ever sent
 * (this one included).
 */
export function isLastPage(rows: number, query: AlertQuery, longest: number): boolean {
	if (query.list === 'unpaged') return true;
	return rows < query.limit && !(rows === longest && rows >= SMALLEST_CAP);
}

/**
 * What became of a page:
 * `more` taken, and there may be more · `ended` taken, and it was the last · `full` a row was
 * refused, the scan goes on with
 * it in a later poll · `doubtful` taken, but it does not show that the list has ended · `cut` not
 * taken: rows that were there
 * before are gone, as where the server's Offset ends · `offsetIgnored` not taken: the server
 * answers every Offset with its
 * first page.
 */
export type PageOutcome = 'more' | 'ended' | 'full' | 'doubtful' | 'cut' | 'offsetIgnored';

/**
 * Takes a page into the scan, row by row.
 * @param longest the longest page ever seen from this server, this one included
 */
export function takePage(
	scan: Scan,
	query: AlertQuery,
	{ rows, conclusive }: AlertPage,
	longest: number,
	taker: RowTaker,
): PageOutcome {
	if (scan.probe > 0) {
		Object.assign(scan, { probe: 0, reach: query.offset, doubt: REFUSED_ALONE });
		return 'more';
	}
	if (rows.length === 0 && !conclusive) return 'doubtful';
	const paged = query.list !== 'unpaged';
	if (paged && scan.doubt === MAY_BE_CUT) {
		scan.doubt = NONE;
		return rows.length === 1 ? 'ended' : 'cut';
	}
	if (
		paged &&
		rows.length === 0 &&
		query.offset > 0 &&
		query.offset === scan.offset &&
		scan.doubt !== IS_END
	) {
		scan.doubt = MAY_BE_CUT;
		return 'more';
	}
	if (paged) {
		if (rows.length === 0 && query.offset < scan.offset) return 'cut';
		const first = rowKey(rows[0]);
		const repeated = first === scan.first && query.offset !== scan.firstAt;
		if (repeated && rows.length > sharedRows(query.limit)) {
			if (query.offset - scan.firstAt >= FAR_APART) return 'offsetIgnored';
			scan.moved = true;
		} else Object.assign(scan, { first, firstAt: query.offset });
		// Pages of less than four rows share none, so that nothing can be told from them.
		if (query.offset < scan.offset && !continues(scan, rows)) scan.moved = true;
	}
	scan.pages++;
	scan.doubt = NONE;
	scan.size = scan.size * 2 > LARGEST_PAGE ? 0 : scan.size * 2;
	const refused = rows.findIndex((row) => !taker.take(row));
	const taken = refused === -1 ? rows : rows.slice(0, refused);
	noteOrder(scan, query.list, taken.slice(paged ? scan.offset - query.offset : 0));
	if (paged) {
		scan.offset = query.offset + taken.length;
		scan.tail = [...scan.tail, ...taken.slice(-SHARED_ROWS).map(rowKey)].slice(-SHARED_ROWS);
	}
	if (refused !== -1) return 'full';
	if (!isLastPage(rows.length, query, longest)) return 'more';
	return conclusive ? 'ended' : 'doubtful';
}

/** Whether the server says that it has no such list: Not Found, Method Not Allowed, Gone, Not Implemented. */
export function isNoList(status: number | null): boolean {
	return status !== null && [404, 405, 410, 501].includes(status);
}

/**
 * Whether the server refuses what was asked for (Bad Request, Forbidden, Range Not Satisfiable …),
 * as opposed to failing at it.
 */
export function isRefusal(status: number | null): boolean {
	return status !== null && status >= 400 && status < 500 && ![408, 413, 425].includes(status);
}

/**
 * The page could not be served: asks for half as many rows, and at last for a row behind the one
 * that was refused alone. Of a
 * first page it asks for one row at once, which tells soonest whether the size is what matters.
 * @returns false where nothing behind that row can be served either
 */
export function isolate(scan: Scan, query: AlertQuery, taker: RowTaker): boolean {
	if (scan.probe > 0) {
		scan.probe = scan.probe < FARTHEST_PROBE ? scan.probe * 2 : 0;
		return scan.probe > 0;
	}
	if (scan.doubt === MAY_BE_CUT) scan.doubt = IS_END;
	else if (query.limit > 1) scan.size = scan.pages === 0 ? 1 : Math.floor(query.limit / 2);
	else if (scan.doubt === REFUSED_ALONE) passOver(scan, taker);
	else Object.assign(scan, { doubt: REFUSED, probe: Math.max(1, scan.reach - scan.offset) });
	return true;
}

/**
 * What was refused before may have been an outage: only what is refused before and after a row
 * behind it was served is passed over.
 */
export function forgetRefusals(scan: Scan): void {
	scan.doubt = NONE;
}

/** Without the row. The span counts as one in which rows moved, and is read once more: the server may serve it then. */
function passOver(scan: Scan, taker: RowTaker): void {
	scan.offset++;
	scan.doubt = NONE;
	scan.moved = true;
	taker.skip();
}

/**
 * Whether the page goes on where the scan stopped: the rows that were taken last stand in it again,
 * as they stood. One of several is chance, unless it is the last and comes first.
 */
function continues({ tail }: Scan, rows: readonly unknown[]): boolean {
	const keys = rows.map(rowKey);
	const places = tail.map((key) => keys.indexOf(key)).filter((place) => place >= 0);
	const sure = places.length >= Math.min(2, tail.length) || keys[0] === tail.at(-1);
	return sure && places.every((place, index) => place === places[0]! + index);
}

function noteOrder(scan: Scan, list: AlertList, rows: readonly unknown[]): void {
	for (const row of rows) {
		if (scan.ascendsTo === null) return;
		const at = isRawAlert(row) ? (list === 'changed' ? changedAt(row) : lastSeenAt(row)) : null;
		if (scan.ascendsTo === 0) scan.ascendsFrom = at ?? 0;
		scan.ascendsTo = isTime(at) && at! >= scan.ascendsTo ? at : null;
	}
}

/**
 * From when on the list is to be asked for what is behind the last row, at one-second precision and
 * whether the server counts
 * the limit in or not.
 * @returns null where the list is not in order of time, as far as it was seen: equal times tell
 * nothing, newest first may begin with them
 */
export function timeToGoOn({ since, ascendsFrom, ascendsTo }: Scan): number | null {
	if (ascendsTo === null || ascendsTo <= ascendsFrom) return null;
	const time = Math.floor(ascendsTo / 1000) * 1000 - 1000;
	return time > since ? time : null;
}

/** The row's id as text, bounded: it is kept in the state. */
function rowKey(row: unknown): string {
	const key = isRawAlert(row) ? String(alertId(row)) : `?${String(row).slice(0, LONGEST_KEY * 2)}`;
	return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('base64');
}
