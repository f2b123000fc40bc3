import type { AlertList, AlertPage, AlertQuery } from '../api/types';
import type { PageOutcome, RowTaker, Scan } from '../api/scan';
import { beginScan, forgetRefusals, goOnFrom, isScan, isolate, queryOf, takePage, timeToGoOn } from '../api/scan';
import { fieldsAre, isCount, isTime, orNull } from './shape';
import type { SideScan } from './side-scan';
import { clearSideScan, dropSideScan, endSideScan, failSideScan, isHopeless, isReady, isSideScan, noSideScan, openSideScan, owe } from './side-scan';
import { WARNINGS } from './warnings';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clocks that differ by less are taken as equal: a request takes its time. */
const CLOCK_SLACK = MINUTE;
const SWEEP_EVERY = HOUR;
const TRY_BULK_AGAIN_AFTER = HOUR;
/** A page size that was too slow is not tried again for that long. */
const SLOW_FOR = HOUR;
/** How often a poll begins again on another time of the server. */
const BEGIN_AGAIN = 3;
/** No clock is that far behind. */
const FUTURE = 30 * DAY;
/** Pages of recheck and sweep a poll. */
const SIDE_PAGES = 10;
/** Pages that one poll may see fail: few while the server has answered nothing, enough to find one row among hundreds after that. */
const FAILURES = { unanswered: 3, answered: 20 };

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
	/** From the cursor (less the overlap) to the end. */
	forward: Scan | null;
	/** Where the forward scan would have begun if the server did not refuse to go back that far; null where it began there. */
	leftBehind: number | null;
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
	/** Until then the list without pages is used; Infinity when the server's time was not known. */
	unpagedUntil: number | null;
}

export function freshCursor(lookbackAtLeast = 0): CursorState {
	return {
		start: null,
		lookbackAtLeast,
		cursor: null,
		forward: null,
		leftBehind: null,
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
	forward: orNull(isScan),
	leftBehind: orNull(isTime),
	recheck: isSideScan,
	sweep: isSideScan,
	sweptTo: orNull(isTime),
	sweptAt: orNull(isTime),
	longest: isCount,
	slow: orNull(fieldsAre({ size: isCount, until: isTime })),
	unpagedUntil: orNull(isTime),
});

type Kind = 'forward' | 'recheck' | 'sweep';

const wholeSecond = (time: number): number => Math.floor(time / SECOND) * SECOND;
/** Where to read from so that this time is inside, whether the server counts the limit itself in or not, at one-second precision. */
const toInclude = (time: number): number => Math.max(0, wholeSecond(time) - SECOND);

/**
 * The only owner of one list's cursor, start and scans: decides what to ask next, and what an answer or its absence means for
 * them. One instance a poll; it works on `state`, which the caller keeps aside until the poll is over.
 */
export class ListCursor {
	/** The server's clock by the newest answer of this poll. */
	serverTime: number | null = null;
	/** What the log should say. */
	readonly warnings: string[] = [];
	private current: Kind = 'forward';
	private readonly over = new Set<Kind>();
	private sidePages = 0;
	private failures = 0;
	private answered = false;
	/** Rows of a page that was not served in time: that its size is why shows once a smaller one is. */
	private tooMany: number | null = null;
	private begunAgain = 0;
	private askedTime = false;

	/** @param paged the list to read: `bulk` by LastSeen, or `changed` by DateChanged */
	constructor(
		private readonly paged: Exclude<AlertList, 'unpaged'>,
		readonly state: CursorState,
		private readonly settings: CursorSettings,
	) {
		for (const scan of this.scans()) forgetRefusals(scan);
	}

	/** The latest server time that counts; null before the first. */
	get reached(): number | null {
		const { cursor } = this.state;
		return this.serverTime === null || cursor === null ? (this.serverTime ?? cursor) : Math.max(this.serverTime, cursor);
	}

	/** Which scan the last request was for. */
	get scanning(): Kind {
		return this.current;
	}

	/** The next request, or null when there is nothing more to read in this poll. New alerts come first. */
	next(): AlertQuery | null {
		if (!this.over.has('forward')) return this.queryFor('forward', this.openForward());
		const { cursor, recheck, sweep } = this.state;
		if (cursor === null || this.sidePages >= SIDE_PAGES) return null;
		if (!this.over.has('recheck') && isReady(recheck, cursor)) return this.queryFor('recheck', openSideScan(recheck, this.sideSince(recheck), this.pageSize()));
		this.oweSweep(cursor);
		if (!this.over.has('sweep') && isReady(sweep, cursor)) return this.queryFor('sweep', openSideScan(sweep, this.sideSince(sweep), this.pageSize()));
		return null;
	}

	/** Takes the answer to `next()`'s request. */
	take(query: AlertQuery, page: AlertPage, taker: RowTaker): void {
		const scan = this.scan();
		this.answered = true;
		this.learn(query, page);
		this.learnSlow(query);
		if (this.current === 'forward' && scan.mark === null && scan.pages === 0 && scan.offset === 0) {
			if (!this.startsOnServerTime(scan, page)) return;
		}
		if (this.current !== 'forward') {
			if (scan.pages === 0) scan.mark ??= this.serverTime;
			this.sidePages++;
		}
		const outcome = takePage(scan, query, page, this.state.longest, taker);
		// In the middle of a long scan one such answer is not worth all that was read: the same page is asked for again.
		if (outcome === 'doubtful' && page.rows.length === 0 && scan.pages > 0 && ++this.failures <= FAILURES.unanswered) return;
		this.follow(outcome, scan);
	}

	/**
	 * That request was not answered with a page.
	 * @returns whether something else is worth a request in this poll: fewer rows, a later time, another list
	 */
	fail(query: AlertQuery, failure: PageFailure, taker: RowTaker): boolean {
		const lacksList = failure.status === 404 || failure.status === 405;
		if (query.list === 'unpaged') {
			if (lacksList || failure.mayBeThisPage) this.state.unpagedUntil = null;
			return (failure.mayBeThisPage && this.beginNarrow(this.scan())) || this.giveUp();
		}
		if (lacksList && query.list === 'bulk') {
			this.warn(WARNINGS.noBulk);
			this.useUnpaged();
			return true;
		}
		const most = this.answered ? FAILURES.answered : FAILURES.unanswered;
		if (!failure.mayBeThisPage || ++this.failures > most) return this.giveUp();
		if (failure.timedOut && query.limit > 1) this.tooMany = query.limit;
		const scan = this.scan();
		if (scan.pages === 0 && this.beginNarrow(scan)) return true;
		const { offset } = scan;
		const goesOn = isolate(scan, query, taker);
		// It was that row alone, not the size of the pages.
		if (scan.offset > offset) this.state.slow = null;
		if (goesOn) return true;
		return scan.offset > 0 ? this.offsetEnds(scan) : this.beginNarrow(scan) || this.giveUp();
	}

	/** Everything from this time on counts; for a list of which only what comes from now on matters, unless an unreadable state was there before. */
	beginAt(serverTime: number): void {
		this.state.start ??= Math.max(0, wholeSecond(serverTime - this.state.lookbackAtLeast));
	}

	/** What was raised until then belongs to the count of ids before this one. */
	startAfter(time: number): void {
		this.state.start = Math.max(this.state.start ?? 0, time + 1);
		this.warn(WARNINGS.numberedAgain);
	}

	/** The earliest time that is still to be read again, the sweep aside. */
	openSince(): number {
		const { start, cursor, forward, leftBehind, recheck } = this.state;
		return Math.min((cursor ?? start ?? 0) - this.settings.overlap, ...[forward?.since, leftBehind, recheck.owed, recheck.scan?.since].map((time) => time ?? Infinity));
	}

	/** The earliest time that the present or the next sweep can show. */
	sweepSince(): number {
		return Math.min(this.state.sweep.owed ?? Infinity, (this.state.sweptTo ?? this.state.cursor ?? 0) - this.sweepDepth());
	}

	private warn(text: string): void {
		if (!this.warnings.includes(text)) this.warnings.push(text);
	}

	private queryFor(kind: Kind, scan: Scan): AlertQuery {
		this.current = kind;
		return queryOf(scan, this.list(), this.pageSize());
	}

	private scan(): Scan {
		const { forward, recheck, sweep } = this.state;
		return { forward, recheck: recheck.scan, sweep: sweep.scan }[this.current]!;
	}

	/** All that are under way. */
	private scans(): Scan[] {
		const { forward, recheck, sweep } = this.state;
		return [forward, recheck.scan, sweep.scan].filter((scan) => scan !== null);
	}

	private openForward(): Scan {
		return (this.state.forward ??= beginScan(this.forwardSince()));
	}

	/** It begins an overlap before the cursor, but never before the start. */
	private forwardSince(): number {
		const { start, cursor } = this.state;
		const { now, activeFor, overlap } = this.settings;
		if (start === null) return toInclude(now - activeFor - this.lookback() - CLOCK_SLACK);
		return toInclude(cursor === null ? start : Math.max(start, cursor - overlap));
	}

	private lookback(): number {
		return Math.max(this.settings.lookback, this.state.lookbackAtLeast);
	}

	private sideSince({ owed }: SideScan): number {
		return toInclude(Math.max(this.state.start ?? 0, owed ?? 0));
	}

	private pageSize(): number {
		const { slow, cursor } = this.state;
		const { pageSize } = this.settings;
		return slow !== null && (this.serverTime ?? cursor ?? 0) < slow.until ? Math.min(slow.size, pageSize) : pageSize;
	}

	private list(): AlertList {
		const { unpagedUntil, cursor } = this.state;
		return unpagedUntil !== null && (this.serverTime ?? cursor ?? 0) < unpagedUntil ? 'unpaged' : this.paged;
	}

	private learn(query: AlertQuery, { rows, serverTime, warnings }: AlertPage): void {
		warnings.forEach((text) => this.warn(text));
		if (query.list !== 'unpaged') this.state.longest = Math.max(this.state.longest, rows.length);
		// A server that says 9999 does not know the time.
		if (serverTime === null || !isTime(serverTime)) return;
		this.serverTime = serverTime;
		if (this.state.unpagedUntil === Infinity) this.state.unpagedUntil = serverTime + TRY_BULK_AGAIN_AFTER;
	}

	private learnSlow({ list, limit }: AlertQuery): void {
		const { tooMany } = this;
		this.tooMany = null;
		const now = this.serverTime ?? this.state.cursor;
		if (tooMany === null || now === null || list === 'unpaged' || limit >= tooMany) return;
		this.state.slow = { size: Math.floor(tooMany / 2), until: now + SLOW_FOR };
	}

	/**
	 * Whether the forward scan's first page was asked for with a time that agrees with the server's clock. Where it was not,
	 * the page is dropped and the scan begins again on the server's time.
	 */
	private startsOnServerTime(scan: Scan, { clocksAgree }: AlertPage): boolean {
		const { state, settings } = this;
		const server = this.serverTime;
		scan.mark = server;
		if (server === null) {
			state.start ??= Math.max(0, wholeSecond(settings.now - settings.activeFor - this.lookback()));
			this.warn(WARNINGS.noServerTime);
			return true;
		}
		const isFirst = state.start === null;
		state.start ??= Math.max(0, wholeSecond(server - settings.activeFor - this.lookback()));
		if (state.leftBehind !== null) {
			if (isFirst) state.leftBehind = Math.min(state.leftBehind, state.start);
			return Math.abs(scan.since - toInclude(server - settings.overlap)) <= CLOCK_SLACK || this.beginAgain(server);
		}
		if (isFirst) return Math.abs(server - settings.now) <= CLOCK_SLACK || this.beginAgain(server);
		if (!clocksAgree) return true;
		state.start = Math.min(state.start, wholeSecond(server));
		if (scan.since > state.start && scan.since > server - settings.overlap + CLOCK_SLACK) {
			this.warn(WARNINGS.clockWentBack);
			state.cursor = server;
			state.sweptAt = server;
			state.sweptTo = Math.min(state.sweptTo ?? server, server);
			// What was raised since the clock went back is new, even where that is before the activation by the old clock.
			state.start = Math.min(state.start, wholeSecond(server - settings.overlap));
			return this.beginAgain(server);
		}
		return true;
	}

	/** Not for ever: each answer may come from another clock. */
	private beginAgain(server: number): boolean {
		const { state, settings } = this;
		if (++this.begunAgain > BEGIN_AGAIN) return true;
		state.forward = state.leftBehind === null ? null : beginScan(toInclude(server - settings.overlap));
		return false;
	}

	/**
	 * The server refuses, or is too slow, to go back as far as the forward scan must: new alerts are read at once, and the span
	 * left behind is owed to the recheck.
	 */
	private beginNarrow(scan: Scan): boolean {
		const { state, settings } = this;
		if (this.current !== 'forward') return false;
		const later = toInclude(settings.now - settings.overlap);
		const wide = later - scan.since >= settings.overlap;
		const isBehind = settings.now < (state.cursor ?? 0) - CLOCK_SLACK;
		if (state.leftBehind === null && wide) {
			state.leftBehind = scan.since;
			state.forward = beginScan(later);
		} else if (this.serverTime === null && !this.askedTime && (state.leftBehind !== null || isBehind)) {
			// This machine's clock is of no use. What is surely in the future is an empty list, and tells the server's time.
			this.askedTime = true;
			state.leftBehind ??= scan.since;
			state.forward = beginScan(toInclude(Math.max(settings.now, scan.since) + FUTURE));
		} else return false;
		this.tooMany = null;
		return true;
	}

	private oweSweep(cursor: number): void {
		const { state, settings } = this;
		if (settings.sweep === 0 || state.sweep.owed !== null || cursor - (state.sweptAt ?? 0) < SWEEP_EVERY) return;
		state.sweptAt = cursor;
		owe(state.sweep, Math.max(0, (state.sweptTo ?? cursor) - this.sweepDepth()), cursor);
	}

	private sweepDepth(): number {
		return Math.max(this.settings.sweep, this.settings.overlap);
	}

	private follow(outcome: PageOutcome, scan: Scan): void {
		switch (outcome) {
			case 'more':
				return;
			case 'full':
				return this.stop();
			case 'ended':
				return this.current === 'forward' ? this.endForward(scan) : this.endSide(this.current, scan);
			case 'doubtful':
				this.warn(WARNINGS.doubtful);
				this.drop();
				return;
			case 'cut':
				this.offsetEnds(scan);
				return;
			case 'offsetIgnored':
				return this.offsetIgnored(scan);
		}
	}

	private stop(): void {
		for (const kind of ['forward', 'recheck', 'sweep'] as const) this.over.add(kind);
	}

	/** The present scan is of no use; the next poll begins it anew. */
	private drop(): void {
		const { state } = this;
		if (this.current === 'forward') {
			state.forward = null;
			state.leftBehind = null;
			return this.stop();
		}
		dropSideScan(state[this.current], state.cursor!);
		this.over.add(this.current);
		this.giveUpSide(this.current);
	}

	/** What was tried for a day is given up: it must not stand in the way for ever. */
	private giveUpSide(kind: Exclude<Kind, 'forward'>, to?: number): void {
		const { state } = this;
		const { owed, owedSince } = state[kind];
		if (owed === null || !isHopeless(state[kind], state.cursor!)) return;
		this.warn(WARNINGS.givenUp(owed, to ?? owedSince!));
		clearSideScan(state[kind]);
		if (kind === 'sweep') state.sweptTo = state.cursor;
	}

	/** Nothing more for the present scan in this poll. @returns false */
	private giveUp(): boolean {
		const { state, current } = this;
		this.over.add(current);
		this.tooMany = null;
		if (current === 'forward') {
			// The next poll tries as far back as it must.
			if (state.leftBehind !== null && state.forward?.pages === 0) this.drop();
			this.stop();
			return false;
		}
		const narrowed = failSideScan(state[current], state.cursor!, toInclude(state.cursor! - this.settings.overlap));
		this.warn(narrowed && current === 'sweep' ? WARNINGS.sweepNarrowed(this.scan().since) : WARNINGS.sideFailed(current));
		if (this.scan().pages > 0) this.giveUpSide(current);
		return false;
	}

	private endForward(scan: Scan): void {
		const { state, settings } = this;
		this.moveCursor(scan.mark);
		state.forward = null;
		this.over.add('forward');
		if (state.cursor === null) return;
		if (state.leftBehind !== null) {
			this.warn(WARNINGS.wideRefused(state.leftBehind, scan.from));
			owe(state.recheck, state.leftBehind, state.cursor);
			state.leftBehind = null;
		}
		const long = scan.pages > 1 && scan.mark !== null && scan.mark - scan.from > 2 * settings.overlap;
		if (long || scan.moved) owe(state.recheck, scan.from, state.cursor);
	}

	/** Never backwards, unless the server's own clock went back. */
	private moveCursor(mark: number | null): void {
		const { state } = this;
		if (mark === null) return;
		if (state.cursor === null) {
			state.sweptAt ??= mark;
			state.sweptTo ??= mark;
		}
		state.cursor = Math.max(state.cursor ?? mark, mark);
	}

	private endSide(kind: Exclude<Kind, 'forward'>, scan: Scan): void {
		const { state } = this;
		const whole = endSideScan(state[kind], state.cursor!);
		this.over.add(kind);
		if (kind === 'sweep') {
			if (whole) state.sweptTo = scan.mark ?? state.cursor;
			else this.warn(WARNINGS.sweepNarrowed(scan.since));
		} else if (!whole) this.giveUpSide(kind, scan.since);
	}

	/** Nothing behind this row is served. @returns whether another request can go on */
	private offsetEnds(scan: Scan): boolean {
		const later = timeToGoOn(scan);
		if (later !== null) {
			this.warn(WARNINGS.offsetEnds);
			goOnFrom(scan, later);
			return true;
		}
		if (this.paged === 'bulk' && this.list() !== 'unpaged') {
			this.warn(WARNINGS.unreachable);
			this.useUnpaged();
			return true;
		}
		this.warn(WARNINGS.unreachable);
		if (this.beginNarrow(scan)) return true;
		this.drop();
		return false;
	}

	private offsetIgnored(scan: Scan): void {
		if (this.paged === 'changed') {
			this.warn(WARNINGS.changesCutOff);
			return this.current === 'forward' ? this.endForward(scan) : this.endSide(this.current, scan);
		}
		this.warn(WARNINGS.offsetIgnored);
		this.useUnpaged();
	}

	private useUnpaged(): void {
		const { state } = this;
		state.unpagedUntil = this.serverTime === null ? Infinity : this.serverTime + TRY_BULK_AGAIN_AFTER;
		for (const scan of this.scans()) goOnFrom(scan, scan.since);
	}
}
