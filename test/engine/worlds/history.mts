import {
	EMPTY_ANSWERS,
	PAGES,
	type Fault,
	type RequestRecord,
} from '../../../simulator/simulator.mts';
import type { Row } from './alerts.mts';
import type { PollRecord } from './judge.mts';
import { HOUR, MINUTE, SECOND, START } from './time.mts';

const CHANGED = '/api/alerts/bulkByDateChanged';
/** More requests in one poll than this, and the rest may wait for the next. */
const MANY_REQUESTS = 100;

const isList = ({ path }: RequestRecord) => path.startsWith('/api/alerts');
/** Whether a fault may have kept rows from the trigger without an error. */
const hidRows = (request: RequestRecord) =>
	isList(request) && request.rows === 0 && EMPTY_ANSWERS.some((kind) => kind === request.fault);

interface Reach {
	readonly sites: readonly string[];
	/** How far the first poll reads back, in milliseconds. */
	readonly lookback: number;
	/** How much later than it was seen an alert may be shown, in milliseconds. */
	readonly lateSweep: number;
	/** How far clocks of one answer may be apart. */
	readonly slack: number;
	/** The widest window that the server grants; Infinity = any. */
	readonly widest: number;
	/** How late an answer of the server may be behind what it has, in milliseconds. */
	readonly delay: number;
	/** So many alerts in one poll, and the rest may wait for the next. */
	readonly fullFrom: number;
	/** Whether an answer without rows and without an error is one of the world's lies: then it excuses nothing. */
	readonly lies: boolean;
}

interface Polled {
	readonly start: number;
	readonly end: number;
	readonly requests: readonly RequestRecord[];
	readonly emitted: number;
	readonly said: boolean;
	readonly threw: boolean;
	readonly moved: boolean;
	/** Whether n8n gave it the newest state. */
	readonly counts: boolean;
}

/** What the world knows of its polls: when the server answered properly, and what the trigger can know from that. */
export class History {
	/** When a poll of the site first went well, as far as n8n has kept it; true time. */
	readonly firstGood = new Map<string, number>();
	/** The same for its list of changes. */
	readonly firstChanges = new Map<string, number>();
	/** Answers have hidden rows without an error, where that is no broken promise. */
	missed = false;
	private readonly properAt: Array<{ readonly at: number; readonly site: string }> = [];
	/** The longest that a fault has asked to wait, an hour at most. */
	private askedToWait = 0;
	private quietUntil = 0;
	private lastSpoilt = -Infinity;

	constructor(private readonly reach: Reach) {}

	get hasWorked(): boolean {
		return this.reach.sites.every((site) => this.firstGood.has(site));
	}

	/** Whether there has been no fault for so long that no error is to be reported any more. */
	isCalmAt(time: number): boolean {
		return time >= this.quietUntil && time - this.lastSpoilt > HOUR;
	}

	/** A fault that may ask for a wait. */
	armed({ retryAfter, kind, page = 'maintenance' }: Fault): void {
		const headers: Readonly<Record<string, string>> =
			(kind === 'page' ? PAGES[page].headers : null) ?? {};
		const asked = retryAfter ?? headers['retry-after'];
		if (asked !== undefined)
			this.askedToWait = Math.max(
				this.askedToWait,
				Math.min(HOUR, (Number(asked) || 3600) * SECOND),
			);
	}

	note({ start, end, requests, emitted, said, threw, moved, counts }: Polled): PollRecord {
		const isSpoilt = requests.some(({ fault }) => fault !== undefined);
		if (isSpoilt) this.lastSpoilt = end;
		if (isSpoilt) this.quietUntil = Math.max(this.quietUntil, end + this.askedToWait);
		const { sites, fullFrom, lies } = this.reach;
		const proper = counts && !isSpoilt && start >= this.quietUntil;
		const good = proper && !threw;
		const full = emitted >= fullFrom || requests.length > MANY_REQUESTS;
		for (const site of sites) {
			const answered = requests.filter(
				(request) =>
					isList(request) && request.status === 200 && (request.clientId ?? sites[0]) === site,
			);
			if (proper && !full && answered.length > 0) this.properAt.push({ at: start, site });
			if (good && answered.length > 0) this.noteGood(site, end, answered);
		}
		// An empty list in words that Cynet may use itself can be told from no other, in no world.
		const hid = requests.some(
			(request) => hidRows(request) && (!lies || request.fault === 'nullEntities'),
		);
		this.missed ||= hid;
		return { start, end, proper, good, said, moved, hid, full };
	}

	/** n8n has kept nothing that came after that time. */
	forget(since: number): void {
		for (const first of [this.firstGood, this.firstChanges])
			for (const [site, at] of first) if (at > since) first.delete(site);
	}

	/**
	 * Whether the alert is from after the start; null where the world cannot know, and where an answer
	 * hid it until it was later than the late sweep reads.
	 */
	isFromStart(row: Row): boolean | null {
		const { lookback, slack, lateSweep } = this.reach;
		if (row.late && row.showedAt - row.lastSeen > lateSweep - 5 * MINUTE) return null;
		const first = this.firstGood.get(row.site);
		if (first === undefined) return row.dateIn >= START ? true : null;
		if (row.dateIn >= first - lookback) return true;
		return row.dateIn < START - lookback - slack - 5 * MINUTE ? false : null;
	}

	/**
	 * Whether no poll surely asked for a time before the alert. A scan that is refused begins later, by
	 * quarters: so a quarter of what the server grants is read, and maybe all.
	 */
	isOutOfReach(row: Row, stamp = row.dateIn, shownAt = row.visibleAt): boolean {
		const { widest, delay } = this.reach;
		if (widest === Infinity) return false;
		return (
			row.late ||
			!this.properAt.some(
				({ at, site }) =>
					site === row.site && at >= shownAt + delay && at - stamp < widest / 4 - 15 * MINUTE,
			)
		);
	}

	private noteGood(site: string, end: number, answered: readonly RequestRecord[]): void {
		if (!this.firstGood.has(site)) this.firstGood.set(site, end);
		if (answered.some(({ path }) => path === CHANGED) && !this.firstChanges.has(site))
			this.firstChanges.set(site, end);
	}
}
