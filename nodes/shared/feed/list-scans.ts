import { asEarlier, dateAheadOf } from '../api/clocks';
import {
	beginScan,
	decidesOverRow,
	forgetRefusals,
	goOnFrom,
	isUntouched,
	queryOf,
	type Scan,
} from '../api/scan';
import type { AlertList, AlertPage, AlertQuery } from '../api/types';
import type { CursorSettings, CursorState } from './cursor-state';
import { isTime } from './shape';
import type { SideScan } from './side-scan';
import { CLOCK_SLACK, HOUR, toInclude, wholeSecond } from './time';
import { WARNINGS } from './warnings';

const TRY_BULK_AGAIN_AFTER = HOUR;
/** A page size that was too slow is not tried again for that long. */
const SLOW_FOR = HOUR;

export type Kind = 'forward' | 'recheck' | 'sweep';

/**
 * The scans of one list, where each begins, and what a poll learns about the list's server.
 * `ListCursor` decides over them.
 */
export class ListScans {
	/** The server's clock by the newest answer of this poll. */
	serverTime: number | null = null;
	/** What the log should say. */
	readonly warnings: string[] = [];
	protected current: Kind = 'forward';
	/** Of which nothing more is read in this poll. */
	protected readonly over = new Set<Kind>();
	/**
	 * Whether the forward scan began in an earlier poll: what has come since is behind its end, and
	 * is read in the same poll.
	 */
	protected goesOn: boolean;
	/** Rows of a page that was not served in time: that its size is why shows once a smaller one is. */
	protected tooMany: number | null = null;

	/** @param paged the list to read: `bulk` by LastSeen, or `changed` by DateChanged */
	constructor(
		protected readonly paged: Exclude<AlertList, 'unpaged'>,
		readonly state: CursorState,
		protected readonly settings: CursorSettings,
	) {
		for (const scan of this.scans()) forgetRefusals(scan);
		this.goesOn = state.forward !== null;
	}

	/** The latest server time that counts; this machine's where the server never told one. */
	get reached(): number {
		return Math.max(this.serverTime ?? 0, this.state.cursor ?? 0) || this.settings.now;
	}

	/** Which scan the last request was for. */
	get scanning(): Kind {
		return this.current;
	}

	/** To be called before the state is packed: a scan that nothing came of is none. */
	settle(): void {
		const { state } = this;
		if (state.forward !== null && state.leftBehind === null && isUntouched(state.forward))
			state.forward = null;
	}

	/** Whether the next request decides over one row. */
	get decidesOverRow(): boolean {
		return this.scans().some(decidesOverRow);
	}

	/**
	 * Everything from this time on counts; for a list of which only what comes from now on matters,
	 * unless an unreadable state was there before.
	 */
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
		return Math.min(
			(cursor ?? start ?? 0) - this.settings.overlap,
			...[forward?.since, leftBehind, recheck.owed, recheck.next, recheck.scan?.since].map(
				(time) => time ?? Infinity,
			),
		);
	}

	/** The earliest time that the present or the next sweep can show. */
	sweepSince(): number {
		return Math.min(
			this.state.sweep.owed ?? Infinity,
			(this.state.sweptTo ?? this.state.cursor ?? 0) - this.sweepDepth(),
		);
	}

	protected warn(text: string): void {
		if (!this.warnings.includes(text)) this.warnings.push(text);
	}

	protected queryFor(kind: Kind, scan: Scan): AlertQuery {
		this.current = kind;
		return queryOf(scan, this.list(), this.pageSize());
	}

	protected scan(): Scan {
		const { forward, recheck, sweep } = this.state;
		return { forward, recheck: recheck.scan, sweep: sweep.scan }[this.current]!;
	}

	/** All that are under way. */
	protected scans(): Scan[] {
		const { forward, recheck, sweep } = this.state;
		return [forward, recheck.scan, sweep.scan].filter((scan) => scan !== null);
	}

	protected openForward(): Scan {
		const { state } = this;
		// Not in the middle of a scan without pages: polls may be further apart than that.
		const isBetween = state.forward === null || state.forward.offset > 0;
		if (isBetween && this.now() >= (state.unpagedUntil ?? Infinity)) state.unpagedUntil = null;
		return (state.forward ??= beginScan(this.forwardSince()));
	}

	/** It begins an overlap before the cursor, but never before the start. */
	protected forwardSince(): number {
		const { start, cursor } = this.state;
		const { now, activeFor, overlap } = this.settings;
		if (start === null) return toInclude(now - activeFor - this.lookback() - CLOCK_SLACK);
		return toInclude(cursor === null ? start : Math.max(start, cursor - overlap));
	}

	protected lookback(): number {
		return Math.max(this.settings.lookback, this.state.lookbackAtLeast);
	}

	protected sideSince({ owed }: SideScan): number {
		return toInclude(Math.max(this.state.start ?? 0, owed ?? 0));
	}

	protected pageSize(): number {
		const { slow } = this.state;
		const { pageSize } = this.settings;
		return slow !== null && this.now() < slow.until ? Math.min(slow.size, pageSize) : pageSize;
	}

	/** As far as this poll knows, by the server's clock. */
	private now(): number {
		return this.serverTime ?? this.state.cursor ?? 0;
	}

	protected list(): AlertList {
		return this.state.unpagedUntil === null ? this.paged : 'unpaged';
	}

	protected learn(query: AlertQuery, { rows, clocks, warnings }: AlertPage): void {
		warnings.forEach((text) => this.warn(text));
		this.state.dateAhead = dateAheadOf(clocks) ?? this.state.dateAhead;
		const serverTime = asEarlier(clocks, this.state.dateAhead);
		if (query.list !== 'unpaged') this.state.longest = Math.max(this.state.longest, rows.length);
		// A server that says 9999 does not know the time.
		if (serverTime === null || !isTime(serverTime)) return;
		this.serverTime = serverTime;
		// Where nothing was read before, only now there is a clock.
		if (this.state.cursor === null && this.state.unpagedUntil !== null)
			this.state.unpagedUntil = serverTime + TRY_BULK_AGAIN_AFTER;
	}

	protected learnSlow({ list, limit }: AlertQuery): void {
		const { tooMany } = this;
		this.tooMany = null;
		const now = this.serverTime ?? this.state.cursor;
		if (tooMany === null || now === null || list === 'unpaged' || limit >= tooMany) return;
		this.state.slow = { size: Math.floor(tooMany / 2), until: now + SLOW_FOR };
	}

	protected sweepDepth(): number {
		return Math.max(this.settings.sweep, this.settings.overlap);
	}

	protected stop(): void {
		for (const kind of ['forward', 'recheck', 'sweep'] as const) this.over.add(kind);
	}

	/** Never backwards, unless the server's own clock went back. */
	protected moveCursor(to: number | null): void {
		const { state } = this;
		if (to === null) return;
		if (state.cursor === null) {
			state.sweptAt ??= to;
			state.sweptTo ??= to;
		}
		state.cursor = Math.max(state.cursor ?? to, to);
	}

	protected useUnpaged(): void {
		const { state } = this;
		state.unpagedUntil = this.now() + TRY_BULK_AGAIN_AFTER;
		for (const scan of this.scans()) {
			goOnFrom(scan, scan.since);
			scan.pages = 0;
		}
	}
}
