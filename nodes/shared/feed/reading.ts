import { createHash } from 'crypto';
import type { AlertList, AlertPage, AlertQuery } from '../api/types';
import { alertId, isRawAlert } from '../alert/identity';

/** Rows that each page shares with the one before: they must re-appear, or rows have moved between the two. */
const SHARED_ROWS = 5;

/** A page shorter than asked is the last one, unless it is as long as the longest ever seen and at least this long: that may be the server's own cap. */
const SMALLEST_CAP = 50;

/** Longer keys of rows are kept as their hash. */
const LONGEST_KEY = 60;

/** How often one reading steps back after a gap before it goes on regardless; the window is read again then. */
const MOST_STEPS_BACK = 12;

/**
 * One walk through a list, from a time to the list's end. It resumes by row, so it can stop anywhere, in
 * any poll, and go on in a later one. Plain data: it is kept in the state while it is under way.
 */
export interface Reading {
	/** The list's filter: milliseconds since the epoch. */
	readonly since: number;
	/** The server's time at the first page, null before it or when the server does not say. */
	mark: number | null;
	/** The first row that is not taken yet. */
	offset: number;
	/** Pages read. */
	pages: number;
	/** Keys of the last rows taken. */
	tail: string[];
	/** Key of the last page's first row, and the Offset it was asked with: the same row at another one means that Offset is ignored. */
	first: string;
	firstAt: number;
	stepsBack: number;
	/** Rows were seen to move while this reading was under way: its window deserves to be read again. */
	moved: boolean;
	/** Reads a window once more because rows may have slipped past. */
	readonly confirms: boolean;
}

/** Who looks at the rows. */
export interface RowTaker {
	/** Whether the row was taken before, in this reading or an earlier one. */
	knows(row: unknown): boolean;
	/** Takes the row; false refuses it, and all that follow. */
	take(row: unknown): boolean;
}

export function beginReading(since: number, confirms = false): Reading {
	return { since, mark: null, offset: 0, pages: 0, tail: [], first: '', firstAt: 0, stepsBack: 0, moved: false, confirms };
}

function sharedRows(pageSize: number): number {
	return Math.min(SHARED_ROWS, Math.floor(pageSize / 4));
}

/** The request for the reading's next page. */
export function queryFor(reading: Reading, list: AlertList, pageSize: number): AlertQuery {
	const offset = list === 'unpaged' ? 0 : Math.max(0, reading.offset - sharedRows(pageSize));
	return { list, since: reading.since, limit: pageSize, offset };
}

/** The row's id as text, bounded: it is kept in the state. */
function rowKey(row: unknown): string {
	const key = isRawAlert(row) ? String(alertId(row)) : `?${JSON.stringify(row)}`;
	return key.length <= LONGEST_KEY ? key : createHash('sha256').update(key).digest('base64');
}

/** Whether a page of that many rows is the last one, given the longest page this server ever sent (this one included). */
export function isLastPage(rows: number, query: AlertQuery, longest: number): boolean {
	if (query.list === 'unpaged') return true;
	return rows < query.limit && !(rows === longest && rows >= SMALLEST_CAP);
}

/**
 * What became of a page:
 * `more` taken, and there may be more · `ended` taken, and it was the last · `full` a row was refused, the
 * reading goes on with it in a later poll · `gap` not taken: rows moved, the reading has stepped back ·
 * `offsetIgnored` not taken: the server answers every Offset with its first page.
 */
export type PageOutcome = 'more' | 'ended' | 'full' | 'gap' | 'offsetIgnored';

/**
 * Takes a page into the reading, row by row.
 * @param longest the longest page ever seen from this server, this one included
 */
export function takePage(
	reading: Reading,
	query: AlertQuery,
	{ rows }: AlertPage,
	longest: number,
	taker: RowTaker,
): PageOutcome {
	const paged = query.list !== 'unpaged';
	if (paged) {
		const first = rowKey(rows[0]);
		const repeated = first === reading.first && query.offset !== reading.firstAt;
		if (repeated && rows.length > sharedRows(query.limit)) return 'offsetIgnored';
		reading.first = first;
		reading.firstAt = query.offset;
		// Pages of less than four rows share none, so that nothing can be told from them.
		if (sharedRows(query.limit) > 0 && !continues(reading, rows)) {
			reading.moved = true;
			if (!taker.knows(rows[0]) && reading.stepsBack < MOST_STEPS_BACK) {
				stepBack(reading, query);
				return 'gap';
			}
		}
	}
	reading.pages++;
	const refused = rows.findIndex((row) => !taker.take(row));
	const taken = refused === -1 ? rows : rows.slice(0, refused);
	if (paged) {
		reading.offset = query.offset + taken.length;
		reading.tail = [...reading.tail, ...taken.slice(-SHARED_ROWS).map(rowKey)].slice(-SHARED_ROWS);
	}
	if (refused !== -1) return 'full';
	return isLastPage(rows.length, query, longest) ? 'ended' : 'more';
}

/** Whether the page goes on where the reading stopped: a row that was taken last stands in it again. */
function continues(reading: Reading, rows: readonly unknown[]): boolean {
	if (reading.offset === 0 || reading.tail.length === 0) return true;
	return rows.some((row) => reading.tail.includes(rowKey(row)));
}

/**
 * One page back, then two, then four …: the page begins with a row that was never seen and holds none of
 * the rows that were taken last, so rows before it have moved away and unread ones may have slipped past.
 */
function stepBack(reading: Reading, query: AlertQuery): void {
	reading.offset = Math.max(0, query.offset - query.limit * 2 ** reading.stepsBack);
	reading.stepsBack++;
}
