import { isDeepStrictEqual } from 'node:util';
import type { AlertPage, AlertQuery } from '../../nodes/shared/api/types.ts';
import type { RowTaker } from '../../nodes/shared/api/scan.ts';
import {
	freshCursor,
	isCursorState,
	type CursorSettings,
	type CursorState,
	type PageFailure,
} from '../../nodes/shared/feed/cursor-state.ts';
import { ListCursor } from '../../nodes/shared/feed/list-cursor.ts';
import type { FeedSettings } from '../../nodes/shared/feed/site-poll.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOON = Date.UTC(2026, 5, 1, 12);
export const SITE = { server: 'https://acme.api.cynet.com', clientId: '1001' };

export const SETTINGS: FeedSettings = {
	now: NOON,
	activeFor: 0,
	lookback: HOUR,
	overlap: 10 * MINUTE,
	sweep: 6 * HOUR,
	pageSize: 100,
	maxAlerts: 1000,
	events: ['created'],
	wanted: () => true,
};

export interface Alert {
	ClientDbId: number | string;
	DateIn: string;
	LastSeen: string;
	Severity?: number;
}

export function alert(ClientDbId: number | string, born = NOON, seen = born): Alert {
	const DateIn = new Date(born).toISOString();
	return {
		ClientDbId,
		DateIn,
		LastSeen: seen === born ? DateIn : new Date(seen).toISOString(),
		Severity: 4,
	};
}

const times = new Map<string, number>();

/** When an alert was last seen. A list is asked for the same rows again and again. */
export function seenAt({ LastSeen }: { readonly LastSeen: string }): number {
	const known = times.get(LastSeen);
	if (known !== undefined) return known;
	const time = Date.parse(LastSeen);
	times.set(LastSeen, time);
	return time;
}

/** An answer that is beyond doubt a list, unless the test says otherwise. */
export function page(
	rows: readonly unknown[],
	serverTime: number | null = NOON,
	more: Partial<AlertPage> = {},
): AlertPage {
	return {
		rows,
		clocks: { stated: serverTime, date: null },
		conclusive: true,
		warnings: [],
		...more,
	};
}

/** Why a page was not served. */
export const REFUSED: PageFailure = { status: 500, mayBeThisPage: true, timedOut: false };
export const TIMED_OUT: PageFailure = { status: null, mayBeThisPage: true, timedOut: true };
export const NO_LIST: PageFailure = { status: 404, mayBeThisPage: false, timedOut: false };
export const NO_LOGIN: PageFailure = { status: 403, mayBeThisPage: false, timedOut: false };

/** A server's list of alerts, in the order in which the test keeps them, and the requests that it was sent. */
export class AlertList {
	readonly queries: AlertQuery[] = [];
	rows: Alert[] = [];

	/** @param now the server's clock, null where it does not say; `tick` passes with each request */
	constructor(
		public now: number | null = NOON,
		public tick = 0,
	) {}

	/** Adds so many alerts, numbered on, a second apart up to `newest`. */
	raise(count: number, newest = this.now ?? NOON): this {
		const { length } = this.rows;
		for (let i = 1; i <= count; i++) this.rows.push(alert(length + i, newest - (count - i) * 1000));
		return this;
	}

	readonly answer = (query: AlertQuery): AlertPage => {
		this.queries.push(query);
		const inside = this.rows.filter((row) => seenAt(row) >= query.since);
		const rows =
			query.list === 'unpaged' ? inside : inside.slice(query.offset, query.offset + query.limit);
		const serverTime = this.now;
		if (this.now !== null) this.now += this.tick;
		return page(rows, serverTime);
	};

	/**
	 * What was asked since the last call, in short: list, since as offset from noon in seconds,
	 * Offset, and the rows of a page where they are not 100.
	 */
	asked(): string[] {
		return this.queries
			.splice(0)
			.map(
				({ list, since, offset, limit }) =>
					`${list} ${(since - NOON) / 1000} ${offset}${limit === SETTINGS.pageSize ? '' : ` of ${limit}`}`,
			);
	}
}

/** What stands in the way of an answer, if anything; else the page to send, as it is or changed. */
export type Trouble = (query: AlertQuery, answer: () => AlertPage) => AlertPage | PageFailure;

type PollOptions = Partial<CursorSettings> & { readonly pages?: number };

/** The polls of one list. Each may be cut after so many pages, as a budget does. */
export class Polls {
	state: CursorState = freshCursor();
	readonly taker = new Taker();
	warnings: readonly string[] = [];
	trouble: Trouble = (_, answer) => answer();

	constructor(
		readonly list: AlertList,
		readonly settings: Partial<CursorSettings> = {},
		private readonly name: 'bulk' | 'changed' = 'bulk',
	) {}

	cursor(settings: Partial<CursorSettings> = {}): ListCursor {
		return new ListCursor(this.name, structuredClone(this.state), {
			...SETTINGS,
			now: this.list.now ?? NOON,
			...this.settings,
			...settings,
		});
	}

	/** One poll; what it asked for. The state goes through JSON, as between two polls. */
	poll({ pages = Infinity, ...settings }: PollOptions = {}): string[] {
		const cursor = this.cursor(settings);
		for (
			let query = cursor.next(), count = 0;
			query !== null && count < pages;
			query = cursor.next()
		) {
			const answer = this.trouble(query, () => this.list.answer(query!));
			if (this.list.queries.at(-1) !== query) this.list.queries.push(query);
			if ('rows' in answer) cursor.take(query, answer, this.taker);
			else cursor.fail(query, answer, this.taker);
			if (++count > 1000) throw new Error('The poll does not end');
		}
		this.state = JSON.parse(JSON.stringify(cursor.state)) as CursorState;
		if (!isCursorState(this.state) || !isDeepStrictEqual(this.state, cursor.state))
			throw new Error(`Not what JSON can keep: ${JSON.stringify(this.state)}`);
		this.warnings = cursor.warnings;
		return this.list.asked();
	}

	/** Time passes on both sides, and a poll. */
	after(ms: number, options: PollOptions = {}): string[] {
		this.list.now! += ms;
		return this.poll(options);
	}

	/** Polls a minute apart; all that they asked for, and all that they warned of. */
	minutes(count: number, options: PollOptions = {}): { asked: string[]; warnings: string[] } {
		const asked: string[] = [];
		const warnings: string[] = [];
		for (let minute = 0; minute < count; minute++) {
			asked.push(...this.after(MINUTE, options));
			warnings.push(...this.warnings);
		}
		return { asked, warnings };
	}

	/** The numbers of the alerts that were taken, each once, in order. */
	get ids(): Array<number | string> {
		return this.taker.taken.map((row) => (row as Alert).ClientDbId);
	}
}

/** Refuses to go back further. */
export const refuseBefore =
	(ms: number, list: AlertList, how = REFUSED): Trouble =>
	(query, answer) =>
		list.now! - query.since > ms ? how : answer();

/** Takes every row, and remembers it. */
export class Taker implements RowTaker {
	readonly taken: unknown[] = [];
	private readonly keys = new Set<string>();
	/** Rows that it takes before it refuses. */
	room = Infinity;
	skipped = 0;

	get found(): number {
		return this.taken.length;
	}

	skip(): void {
		this.skipped++;
	}

	take(row: unknown): boolean {
		const key = JSON.stringify(row) ?? '';
		if (this.keys.has(key)) return true;
		if (this.taken.length >= this.room) return false;
		this.keys.add(key);
		this.taken.push(row);
		return true;
	}
}

/** A first poll, and so many minutes of them. */
export function polled(minutes: number, settings: PollOptions = {}): Polls {
	const polls = new Polls(new AlertList(), { lookback: DAY, ...settings });
	polls.poll();
	polls.minutes(minutes);
	return polls;
}
