import type { AlertList, AlertPage, AlertQuery } from '../api/types';
import { NOTES } from './notes';
import type { Reading, RowTaker } from './reading';
import { beginReading, queryFor, takePage } from './reading';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Clocks that differ by less are taken as equal: a request takes its time. */
const CLOCK_SLACK = MINUTE;
const SWEEP_EVERY = HOUR;
const TRY_BULK_AGAIN_AFTER = HOUR;
/** Pages of background reading a poll, so that a sweep never delays new alerts for long. */
const BACKGROUND_PAGES = 10;

export interface WindowSettings {
	/** This machine's clock now, and when the trigger was first polled. Milliseconds since the epoch. */
	readonly now: number;
	readonly activeSince: number;
	/** Milliseconds. */
	readonly lookback: number;
	readonly overlap: number;
	/** 0 = never. */
	readonly sweep: number;
	/** Rows a request. */
	readonly pageSize: number;
}

/** How far one list of one site has been read. Times are the server's, in milliseconds since the epoch. */
export interface WindowState {
	/** The start of it all (activation − look-back): nothing is read behind it. Null before the first answer. */
	start: number | null;
	/** Everything that was visible until then has been read. */
	cursor: number | null;
	/** The walk from the cursor (less the overlap) to the end, while it is under way. */
	main: Reading | null;
	/** The re-reading of an older window, a few pages a poll. */
	background: Reading | null;
	/** From when on a window still has to be read once more. */
	confirm: number | null;
	/** When the last late sweep began. */
	sweptAt: number | null;
	/** Rows of the longest page this server ever sent. */
	longest: number;
	/** Until then the list without pages is used; Infinity when the server's time was not known. */
	unpagedUntil: number | null;
}

export function freshWindow(): WindowState {
	return {
		start: null,
		cursor: null,
		main: null,
		background: null,
		confirm: null,
		sweptAt: null,
		longest: 0,
		unpagedUntil: null,
	};
}

const wholeSecond = (time: number): number => Math.floor(time / SECOND) * SECOND;
/** Where to read from so that this time is inside, whether the server counts the limit itself in or not, at one-second precision. */
const toInclude = (time: number): number => wholeSecond(time) - SECOND;
const earliest = (a: number | null, b: number): number => (a === null ? b : Math.min(a, b));

/**
 * Decides what to read next and how far the cursor may move. One instance a poll; it works on `state`,
 * which the caller keeps aside until the poll is over.
 */
export class Window {
	/** The server's clock by the newest answer of this poll. */
	serverTime: number | null = null;
	/** What the log should say. */
	readonly notes: string[] = [];
	private current: 'main' | 'background' | null;
	/** The hourly sweep of a quiet site is one page: it is read first then, and is the poll at the same time. */
	private sweepFirst = false;
	private backgroundPages = 0;

	/** @param paged the list to read: `bulk` by LastSeen, or `changed` by DateChanged */
	constructor(
		private readonly paged: Exclude<AlertList, 'unpaged'>,
		readonly state: WindowState,
		private readonly settings: WindowSettings,
	) {
		this.current = 'main';
		if (!state.main && !state.background && this.sweepIsDue()) {
			this.beginBackground();
			this.current = 'background';
			this.sweepFirst = true;
		}
	}

	/** The next request, or null when there is nothing more to read in this poll. */
	next(): AlertQuery | null {
		const reading = this.reading();
		return reading && queryFor(reading, this.list(), this.settings.pageSize);
	}

	/** Takes the answer to `next()`'s request. */
	take(query: AlertQuery, page: AlertPage, taker: RowTaker): void {
		const reading = this.reading();
		if (!reading) return;
		this.learnClock(page);
		if (reading.mark === null && reading.pages === 0 && !this.startsOnServerTime(reading)) return;
		if (query.list !== 'unpaged') this.state.longest = Math.max(this.state.longest, page.rows.length);
		const outcome = takePage(reading, query, page, this.state.longest, taker);
		if (this.current === 'background') this.backgroundPages++;
		this[outcome](reading);
	}

	/** The server has no paged list (404 or 405): use the one without pages for an hour. */
	refuseBulk(): void {
		this.notes.push(NOTES.noBulk);
		this.useUnpaged();
	}

	/** The earliest time that is still to be read again, the late sweep aside. */
	openSince(): number {
		const { start, cursor, main, background, confirm } = this.state;
		const confirming = background?.confirms ? background.since : Infinity;
		return Math.min((cursor ?? start ?? 0) - this.settings.overlap, main?.since ?? Infinity, confirming, confirm ?? Infinity);
	}

	private stop(): void {
		this.current = null;
	}

	private reading(): Reading | null {
		if (this.current === 'main') return (this.state.main ??= beginReading(this.mainSince()));
		return this.current === 'background' ? this.state.background : null;
	}

	private list(): AlertList {
		const { unpagedUntil, cursor } = this.state;
		return unpagedUntil !== null && (this.serverTime ?? cursor ?? 0) < unpagedUntil ? 'unpaged' : this.paged;
	}

	/** The walk begins an overlap behind the cursor, but never behind the start. */
	private mainSince(): number {
		const { start, cursor } = this.state;
		if (start === null) return toInclude(this.settings.activeSince - this.settings.lookback - CLOCK_SLACK);
		return toInclude(cursor === null ? start : Math.max(start, cursor - this.settings.overlap));
	}

	private learnClock({ serverTime }: AlertPage): void {
		if (serverTime === null) return;
		this.serverTime = serverTime;
		if (this.state.unpagedUntil === Infinity) this.state.unpagedUntil = serverTime + TRY_BULK_AGAIN_AFTER;
	}

	/**
	 * Whether a reading's first page was asked for with a time that agrees with the server's clock. Where it
	 * was not, the page is dropped and the reading begins again on the server's time.
	 */
	private startsOnServerTime(reading: Reading): boolean {
		const { state, settings } = this;
		const server = this.serverTime;
		reading.mark = server;
		if (server === null) {
			state.start ??= this.startAt(settings.activeSince);
			this.notes.push(NOTES.noServerTime);
			return true;
		}
		if (state.start === null) {
			// A clock that was set back since the activation says nothing about how long that is ago.
			state.start = this.startAt(server - Math.max(0, settings.now - settings.activeSince));
			return Math.abs(server - settings.now) <= CLOCK_SLACK || this.beginAgain();
		}
		state.start = Math.min(state.start, wholeSecond(server));
		if (this.current === 'main' && reading.since > state.start && reading.since > server - settings.overlap + CLOCK_SLACK) {
			this.notes.push(NOTES.clockWentBack);
			state.cursor = server;
			state.sweptAt = server;
			// What was raised since the clock went back is new, even where that is before the activation by the old clock.
			state.start = Math.min(state.start, wholeSecond(server - settings.overlap));
			return this.beginAgain();
		}
		return true;
	}

	/** The look-back begins in 1970 at the earliest: a clock may have been wrong by decades. */
	private startAt(activation: number): number {
		return Math.max(0, wholeSecond(activation - this.settings.lookback));
	}

	private beginAgain(): false {
		this.state.main = null;
		return false;
	}

	private sweepIsDue(): boolean {
		const { cursor, sweptAt } = this.state;
		return this.settings.sweep > 0 && cursor !== null && cursor - (sweptAt ?? 0) >= SWEEP_EVERY;
	}

	private beginBackground(): void {
		const { state, settings } = this;
		let since = state.confirm;
		const confirms = since !== null;
		if (this.sweepIsDue()) {
			// A sweep can be the poll at the same time, so it never reads less than the overlap.
			since = earliest(since, state.cursor! - Math.max(settings.sweep, settings.overlap));
			state.sweptAt = state.cursor;
		}
		state.confirm = null;
		if (since !== null) state.background = beginReading(toInclude(Math.max(state.start ?? 0, since)), confirms);
	}

	// What follows a page, by its outcome.

	private more(reading: Reading): void {
		if (this.current === 'main') return;
		if (reading.pages === 1 && this.sweepFirst) this.current = 'main';
		else if (this.backgroundPages >= BACKGROUND_PAGES) this.stop();
	}

	private ended(reading: Reading): void {
		if (this.current === 'main') return this.endMain(reading);
		this.state.background = null;
		if (this.sweepFirst && reading.pages === 1) this.moveCursor(reading.mark);
		this.stop();
	}

	private full(): void {
		this.stop();
	}

	private gap(): void {
		this.notes.push(NOTES.rowsMoved);
	}

	private offsetIgnored(reading: Reading): void {
		if (this.paged === 'changed') {
			this.notes.push(NOTES.changesCutOff);
			return this.ended(reading);
		}
		this.notes.push(NOTES.offsetIgnored);
		this.useUnpaged();
	}

	private endMain(reading: Reading): void {
		const { state, settings } = this;
		this.moveCursor(reading.mark);
		state.main = null;
		const long = reading.pages > 1 && reading.mark !== null && reading.mark - reading.since > 2 * settings.overlap;
		if (long || reading.moved) state.confirm = earliest(state.confirm, reading.since);
		// A sweep waits for the next poll: on a quiet site it is that poll, so that an idle poll stays one request.
		if (!state.background && state.confirm !== null) this.beginBackground();
		this.current = state.background ? 'background' : null;
	}

	/** Never backwards, unless the server's own clock went back. */
	private moveCursor(mark: number | null): void {
		const { state } = this;
		if (mark === null) return;
		if (state.cursor === null) state.sweptAt ??= mark;
		state.cursor = Math.max(state.cursor ?? mark, mark);
	}

	private useUnpaged(): void {
		this.state.unpagedUntil = this.serverTime === null ? Infinity : this.serverTime + TRY_BULK_AGAIN_AFTER;
		const { main, background } = this.state;
		if (main) this.state.main = beginReading(main.since);
		if (background) this.state.background = beginReading(background.since, background.confirms);
	}
}
