import { clocksAgree } from '../api/clocks';
import type { PageOutcome, RowTaker, Scan } from '../api/scan';
import {
	beginScan,
	goOnFrom,
	isNoList,
	isRefusal,
	isolate,
	takePage,
	timeToGoOn,
} from '../api/scan';
import type { AlertPage, AlertQuery } from '../api/types';
import type { PageFailure } from './cursor-state';
import { ListScans, type Kind } from './list-scans';
import {
	clearSideScan,
	dropSideScan,
	endSideScan,
	failSideScan,
	isHopeless,
	isReady,
	isTooLong,
	openSideScan,
	owe,
} from './side-scan';
import { CLOCK_SLACK, DAY, HOUR, toInclude, wholeSecond } from './time';
import { WARNINGS } from './warnings';

const SWEEP_EVERY = HOUR;
/** How often a poll begins again on another time of the server. */
const BEGIN_AGAIN = 3;
/** No clock is that far behind. */
const FUTURE = 30 * DAY;
/** Pages of recheck and sweep a poll. */
const SIDE_PAGES = 10;
/**
 * Pages that one poll may see fail: few while the server has answered nothing, more where an
 * earlier poll got half-way, enough to find one row among hundreds after an answer.
 */
const FAILURES = { unanswered: 3, halfWay: 10, answered: 20 };

/**
 * The only owner of one list's cursor, start and scans: decides what to ask next, and what an
 * answer or its absence means for
 * them. One instance a poll; it works on `state`, which the caller keeps aside until the poll is over.
 */
export class ListCursor extends ListScans {
	private sidePages = 0;
	private failures = 0;
	private answered = false;
	private begunAgain = 0;
	private askedTime = false;
	/** The end of this poll's narrow forward scan: later than the cursor where the server's clocks disagree. */
	private narrowEnd = 0;

	/** The next request, or null when there is nothing more to read in this poll. New alerts come first. */
	next(): AlertQuery | null {
		if (!this.over.has('forward')) return this.queryFor('forward', this.openForward());
		const { cursor, recheck, sweep } = this.state;
		if (cursor === null || this.sidePages >= SIDE_PAGES) return null;
		if (!this.over.has('recheck') && isReady(recheck, cursor))
			return this.queryFor(
				'recheck',
				openSideScan(recheck, this.sideSince(recheck), this.pageSize()),
			);
		this.oweSweep(cursor);
		if (!this.over.has('sweep') && isReady(sweep, cursor))
			return this.queryFor('sweep', openSideScan(sweep, this.sideSince(sweep), this.pageSize()));
		return null;
	}

	/** Takes the answer to `next()`'s request. */
	take(query: AlertQuery, page: AlertPage, taker: RowTaker): void {
		const scan = this.scan();
		this.answered = true;
		this.learn(query, page);
		this.learnSlow(query);
		if (this.current === 'forward' && scan.mark === null && scan.pages === 0) {
			if (!this.startsOnServerTime(scan, page)) return;
		}
		if (this.current !== 'forward' && scan.pages === 0) scan.mark ??= this.serverTime;
		if (this.current !== 'forward') this.sidePages++;
		const { found } = taker;
		const outcome = takePage(scan, query, page, this.state.longest, taker);
		// Where equal times come in any order, each pass can miss some: the last one finds nothing new.
		if (this.current === 'recheck' && scan.moved && taker.found > found)
			owe(this.state.recheck, scan.from, this.state.cursor!);
		// In the middle of a long scan one such answer is not worth all that was read: the same page is asked for again.
		if (
			outcome === 'doubtful' &&
			page.rows.length === 0 &&
			scan.pages > 0 &&
			++this.failures <= FAILURES.unanswered
		)
			return;
		this.follow(outcome, scan);
	}

	/**
	 * That request was not answered with a page. What is asked instead may be fewer rows, a later time, another list, or
	 * nothing more in this poll.
	 */
	fail(query: AlertQuery, failure: PageFailure, taker: RowTaker): void {
		const lacksList = isNoList(failure.status);
		if (query.list === 'unpaged') {
			if (lacksList || failure.mayBeThisPage) this.state.unpagedUntil = null;
			if (!failure.mayBeThisPage || !this.beginNarrow(this.scan())) this.giveUp();
			return;
		}
		if (lacksList && query.list === 'bulk') {
			this.warn(WARNINGS.noBulk);
			return this.useUnpaged();
		}
		const most = this.answered
			? FAILURES.answered
			: this.scan().pages > 0
				? FAILURES.halfWay
				: FAILURES.unanswered;
		// Where a narrow scan first tries to join the last one, that is one more.
		if (!failure.mayBeThisPage || ++this.failures > most + (this.state.narrowFrom === null ? 0 : 1))
			return void this.giveUp();
		if (failure.timedOut && query.limit > 1) this.tooMany = query.limit;
		const scan = this.scan();
		if (scan.pages === 0 && this.beginNarrow(scan, failure.timedOut)) return;
		// What is refused is no row that cannot be served, but the time or the Offset that was asked for:
		// a scan may have gone on for so long that the server does not go back to its beginning any more.
		if (!isRefusal(failure.status)) {
			const { offset } = scan;
			const goesOn = isolate(scan, query, taker);
			// It was that row alone, not the size of the pages.
			if (scan.offset > offset) this.state.slow = null;
			// Another request of a side scan that takes as long would hold up the next poll's new alerts.
			if (failure.timedOut && this.current !== 'forward') return void this.giveUp(goesOn);
			if (goesOn && (this.current === 'forward' || !isTooLong(this.state[this.current]))) return;
		}
		if (scan.offset > 0 && failure.status !== 403) this.offsetEnds(scan);
		// What the server goes back to moves on while a narrower span waits: it is asked for at once.
		else if (!this.beginNarrow(scan) && this.giveUp()) this.over.delete(this.current);
	}

	/**
	 * Whether the forward scan's first page was asked for with a time that agrees with the server's
	 * clock. Where it was not,
	 * the page is dropped and the scan begins again on the server's time.
	 */
	private startsOnServerTime(scan: Scan, { clocks }: AlertPage): boolean {
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
			// Where two clocks disagree, the server may refuse to go back to the earlier one.
			const latest = Math.max(server, clocks.stated ?? server, clocks.date ?? server);
			return (
				scan.since <= toInclude(latest - settings.overlap) + CLOCK_SLACK || this.beginAgain(latest)
			);
		}
		if (isFirst) return Math.abs(server - settings.now) <= CLOCK_SLACK || this.beginAgain(server);
		if (!clocksAgree(clocks)) return true;
		state.start = Math.min(state.start, wholeSecond(server));
		if (scan.since > state.start && scan.since > server - settings.overlap + CLOCK_SLACK) {
			this.warn(WARNINGS.clockWentBack);
			state.cursor = server;
			state.sweptAt = server;
			state.sweptTo = Math.min(state.sweptTo ?? server, server);
			state.slow = null;
			state.unpagedUntil = null;
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
		state.forward =
			state.leftBehind === null ? null : beginScan(toInclude(server - settings.overlap));
		return false;
	}

	/**
	 * The server refuses, or is too slow, to go back as far as the forward scan must: new alerts are
	 * read at once, and the span
	 * left behind is owed to the recheck.
	 */
	private beginNarrow(scan: Scan, timedOut = false): boolean {
		const { state, settings } = this;
		if (this.current !== 'forward') return false;
		const later = this.overlapAgo();
		const wide = later - scan.since >= settings.overlap;
		const joined =
			state.narrowFrom !== null && state.narrowFrom > scan.since && state.narrowFrom < later
				? state.narrowFrom
				: later;
		const isBehind = settings.now < (state.cursor ?? 0) - CLOCK_SLACK;
		if (state.leftBehind === null && wide) {
			state.leftBehind = scan.since;
			state.narrowFrom = joined;
			// One row shows soonest whether the span was too long or the page too large.
			state.forward = beginScan(joined, timedOut ? 1 : 0);
		} else if (state.leftBehind !== null && scan.since === state.narrowFrom && scan.since < later) {
			state.narrowFrom = later;
			state.forward = beginScan(later, timedOut ? 1 : 0);
		} else if (
			this.serverTime === null &&
			!this.askedTime &&
			(state.leftBehind !== null || isBehind)
		) {
			// This machine's clock is of no use. What is surely in the future is an empty list, and tells the server's time.
			this.askedTime = true;
			state.leftBehind ??= scan.since;
			state.forward = beginScan(toInclude(Math.max(settings.now, scan.since) + FUTURE));
		} else return false;
		this.tooMany = null;
		return true;
	}

	/** Of this machine's clock and the server's the later one: a clock that is behind would make a span look short. */
	private overlapAgo(): number {
		const { now, overlap } = this.settings;
		return toInclude(Math.max(now, this.serverTime ?? 0) - overlap);
	}

	private oweSweep(cursor: number): void {
		const { state, settings } = this;
		if (
			settings.sweep === 0 ||
			state.sweep.owed !== null ||
			cursor - (state.sweptAt ?? 0) < SWEEP_EVERY
		)
			return;
		state.sweptAt = cursor;
		// The server's cap may have become smaller.
		state.longest = 0;
		owe(state.sweep, Math.max(0, (state.sweptTo ?? cursor) - this.sweepDepth()), cursor);
	}

	private follow(outcome: PageOutcome, scan: Scan): void {
		switch (outcome) {
			case 'more':
				return;
			case 'full':
				return this.stop();
			case 'ended':
				return this.current === 'forward'
					? this.endForward(scan)
					: this.endSide(this.current, scan);
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

	/** The present scan is of no use; the next poll begins it anew. */
	private drop(): void {
		const { state } = this;
		if (this.current === 'forward') {
			state.forward = null;
			state.leftBehind = null;
			// What came since an earlier poll began it is read at once.
			if (!this.goesOn) this.stop();
			this.goesOn = false;
			return;
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

	/**
	 * Nothing more for the present scan in this poll.
	 * @param isolates whether its next request shows more about the reason
	 * @returns whether the next one is for a narrower span
	 */
	private giveUp(isolates = false): boolean {
		const { state, current } = this;
		this.over.add(current);
		this.tooMany = null;
		if (current === 'forward') {
			// The next poll tries as far back as it must.
			if (state.leftBehind !== null && state.forward?.pages === 0) this.drop();
			this.stop();
			return false;
		}
		const end = Math.max(state.cursor!, this.narrowEnd);
		const narrowed = failSideScan(
			state[current],
			state.cursor!,
			isolates,
			end,
			toInclude(end - this.settings.overlap),
		);
		this.warn(
			narrowed && current === 'sweep'
				? WARNINGS.sweepNarrowed(this.scan().since)
				: WARNINGS.sideFailed(current),
		);
		if (this.scan().pages > 0) this.giveUpSide(current);
		return narrowed;
	}

	private endForward(scan: Scan): void {
		const { state, settings } = this;
		this.moveCursor(scan.mark);
		state.forward = null;
		state.narrowFrom = state.leftBehind === null ? null : this.overlapAgo();
		if (!this.goesOn) this.over.add('forward');
		this.goesOn = false;
		if (state.leftBehind !== null) {
			this.warn(WARNINGS.wideRefused(state.leftBehind, scan.from));
			this.narrowEnd = scan.from + settings.overlap;
			// Without a cursor there is no recheck, and the next poll tries the whole span again.
			if (state.cursor !== null) owe(state.recheck, state.leftBehind, state.cursor);
			state.leftBehind = null;
		}
		if (state.cursor === null) return;
		const long =
			scan.pages > 1 && scan.mark !== null && scan.mark - scan.from > 2 * settings.overlap;
		if (long || scan.moved) owe(state.recheck, scan.from, state.cursor);
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

	/** Nothing behind this row is served. */
	private offsetEnds(scan: Scan): void {
		const later = timeToGoOn(scan);
		if (later !== null) {
			this.warn(WARNINGS.offsetEnds);
			return goOnFrom(scan, later);
		}
		this.warn(WARNINGS.unreachable);
		if (this.paged === 'bulk' && this.list() !== 'unpaged') this.useUnpaged();
		else if (!this.beginNarrow(scan)) this.drop();
	}

	private offsetIgnored(scan: Scan): void {
		if (this.paged === 'changed') {
			this.warn(WARNINGS.changesCutOff);
			return this.current === 'forward' ? this.endForward(scan) : this.endSide(this.current, scan);
		}
		this.warn(WARNINGS.offsetIgnored);
		this.useUnpaged();
	}
}
