import type { AlertList, AlertPage, AlertQuery } from '../api/types';
import type { PageOutcome, RowTaker, Scan } from '../api/scan';
import { AGAIN, beginScan, goOnFrom, isRefusal, isScan, isUntouched, isolate, queryOf, takePage } from '../api/scan';
import { fieldsAre, isCount, isTime, orNull } from './shape';
import type { SideScan } from './side-scan';
import { clearSideScan, endSideScan, failSideScan, isReady, isSideScan, noSideScan, openSideScan, owe } from './side-scan';
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
/** Pages of recheck and sweep a poll. */
const SIDE_PAGES = 10;
/** Pages that one poll may see fail: few while the server has answered nothing, enough to find one row among hundreds after that. */
const FAILURES = { timedOut: 1, unanswered: 3, answered: 14 };

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

	/** @param paged the list to read: `bulk` by LastSeen, or `changed` by DateChanged */
	constructor(
		private readonly paged: Exclude<AlertList, 'unpaged'>,
		readonly state: CursorState,
		private readonly settings: CursorSettings,
	) {}

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

	/** Whether the next request decides over one row, which must not be passed over for a moment's failure. */
	get decidesOverRow(): boolean {
		return [this.state.forward, this.state.recheck.scan, this.state.sweep.scan].some((scan) => scan?.probe === AGAIN);
	}

	/** Takes the answer to `next()`'s request. */
	take(query: AlertQuery, page: AlertPage, taker: RowTaker): void {
		const scan = this.scan();
		this.answered = true;
		this.learn(query, page);
		if (this.current === 'forward' && scan.mark === null && scan.pages === 0 && scan.offset === 0) {
			if (!this.startsOnServerTime(scan, page)) return;
		}
		if (this.current !== 'forward') {
			if (scan.pages === 0) scan.mark ??= this.serverTime;
			this.sidePages++;
		}
		this.follow(takePage(scan, query, page, this.state.longest, taker), scan);
	}

	/**
	 * That request was not answered with a page.
	 * @returns whether something else is worth a request in this poll: fewer rows, a later time, another list
	 */
	fail(query: AlertQuery, failure: PageFailure, taker: RowTaker): boolean {
		const lacksList = failure.status === 404 || failure.status === 405;
		if (query.list === 'unpaged') {
			if (lacksList || failure.mayBeThisPage) this.state.unpagedUntil = null;
			return this.giveUp();
		}
		if (lacksList && query.list === 'bulk') {
			this.warn(WARNINGS.noBulk);
			this.useUnpaged();
			return true;
		}
		const most = this.answered ? FAILURES.answered : failure.timedOut ? FAILURES.timedOut : FAILURES.unanswered;
		if (!failure.mayBeThisPage || ++this.failures > most) return this.giveUp();
		if (failure.timedOut) this.learnSlow(query);
		const scan = this.scan();
		if (this.current === 'forward' && scan.pages === 0 && this.beginNarrow(scan)) return true;
		// What is refused is no row that cannot be served, but the time or the Offset that was asked for.
		if (!isRefusal(failure.status) && isolate(scan, query, taker)) {
			// Another request of a side scan that takes as long would hold up the next poll's new alerts.
			return this.current === 'forward' || !failure.timedOut || this.giveUp();
		}
		return scan.offset > 0 && failure.status !== 403 ? this.offsetEnds(scan) : this.giveUp();
	}

	/** To be called before the state is packed: a scan that nothing came of is none. */
	settle(): void {
		const { state } = this;
		if (state.forward !== null && state.leftBehind === null && isUntouched(state.forward)) state.forward = null;
		for (const side of [state.recheck, state.sweep]) if (side.scan !== null && isUntouched(side.scan)) side.scan = null;
		// What was served and what was not says something about one row only within one poll.
		for (const scan of [state.forward, state.recheck.scan, state.sweep.scan]) if (scan !== null) scan.probe = 0;
	}

	/** Everything from this time on counts; for a list of which only what comes from now on matters. */
	beginAt(serverTime: number): void {
		this.state.start ??= wholeSecond(serverTime);
	}

	/** What was raised until then belongs to the count of ids before this one. */
	startAfter(time: number): void {
		this.state.start = Math.max(this.state.start ?? 0, time + 1);
		this.warn(WARNINGS.numberedAgain);
	}

	/** The earliest time that is still to be read again, the sweep aside. */
	openSince(): number {
		const { start, cursor, forward, leftBehind, recheck } = this.state;
		return Math.min((cursor ?? start ?? 0) - this.settings.overlap, ...[forward?.since, leftBehind, recheck.owed, recheck.next, recheck.scan?.since].map((time) => time ?? Infinity));
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
		if (serverTime === null) return;
		this.serverTime = serverTime;
		if (this.state.unpagedUntil === Infinity) this.state.unpagedUntil = serverTime + TRY_BULK_AGAIN_AFTER;
	}

	private learnSlow({ limit }: AlertQuery): void {
		const now = this.serverTime ?? this.state.cursor;
		if (now !== null && limit > 1) this.state.slow = { size: Math.floor(limit / 2), until: now + SLOW_FOR };
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

	private beginAgain(server: number): false {
		const { state, settings } = this;
		state.forward = state.leftBehind === null ? null : beginScan(toInclude(server - settings.overlap));
		return false;
	}

	/**
	 * The server refuses, or is too slow, to go back as far as the forward scan must: new alerts are read at once, and the span
	 * left behind is owed to the recheck.
	 */
	private beginNarrow(scan: Scan): boolean {
		const { state, settings } = this;
		const later = toInclude(settings.now - settings.overlap);
		if (state.leftBehind !== null || later - scan.since < settings.overlap) return false;
		state.leftBehind = scan.since;
		state.forward = beginScan(later);
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
		state[this.current].scan = null;
		state[this.current].failedAt = state.cursor;
		this.over.add(this.current);
	}

	/** Nothing more for the present scan in this poll. @returns false */
	private giveUp(): boolean {
		const { state, current } = this;
		this.over.add(current);
		if (current === 'forward') {
			// The next poll tries as far back as it must.
			if (state.leftBehind !== null && state.forward?.pages === 0) this.drop();
			this.stop();
			return false;
		}
		const narrowed = failSideScan(state[current], state.cursor!, toInclude(state.cursor! - this.settings.overlap));
		this.warn(narrowed && current === 'sweep' ? WARNINGS.sweepNarrowed(this.scan().since) : WARNINGS.sideFailed(current));
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
		const side = state[kind];
		const { owed, owedSince } = side;
		const whole = endSideScan(side, state.cursor!);
		this.over.add(kind);
		if (kind === 'sweep') {
			if (whole) state.sweptTo = scan.mark ?? state.cursor;
			else this.warn(WARNINGS.sweepNarrowed(scan.since));
		} else if (!whole && state.cursor! - owedSince! > DAY) {
			this.warn(WARNINGS.givenUp(owed!, scan.since));
			clearSideScan(side);
		}
	}

	/** Nothing behind this row is served. @returns whether another request can go on */
	private offsetEnds(scan: Scan): boolean {
		const { ascendsTo } = scan;
		if (ascendsTo !== null && toInclude(ascendsTo) > scan.since) {
			this.warn(WARNINGS.offsetEnds);
			goOnFrom(scan, toInclude(ascendsTo));
			return true;
		}
		if (this.paged === 'bulk' && this.list() !== 'unpaged') {
			this.warn(WARNINGS.unreachable);
			this.useUnpaged();
			return true;
		}
		this.warn(WARNINGS.unreachable);
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
		for (const scan of [state.forward, state.recheck.scan, state.sweep.scan]) {
			if (scan === null) continue;
			goOnFrom(scan, scan.since);
			scan.pages = 0;
		}
	}
}
