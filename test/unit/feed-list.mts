import type { AlertPage, AlertQuery } from '../../nodes/shared/api/types.ts';
import type { RowTaker } from '../../nodes/shared/feed/reading.ts';
import type { FeedSettings } from '../../nodes/shared/feed/site-poll.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOON = Date.UTC(2026, 5, 1, 12);
export const SITE = { server: 'https://acme.api.cynet.com', clientId: '1001' };

export const SETTINGS: FeedSettings = {
	now: NOON,
	activeSince: NOON,
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
}

export function alert(ClientDbId: number | string, born = NOON, seen = born): Alert {
	return { ClientDbId, DateIn: new Date(born).toISOString(), LastSeen: new Date(seen).toISOString() };
}

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
		const inside = this.rows.filter((row) => Date.parse(row.LastSeen) >= query.since);
		const rows = query.list === 'unpaged' ? inside : inside.slice(query.offset, query.offset + query.limit);
		const serverTime = this.now;
		if (this.now !== null) this.now += this.tick;
		return { rows, serverTime };
	};

	/** What was asked since the last call, in short: list, since as offset from noon in seconds, Offset. */
	asked(): string[] {
		return this.queries.splice(0).map(({ list, since, offset }) => `${list} ${(since - NOON) / 1000} ${offset}`);
	}
}

/** Takes every row, and remembers it. */
export class Taker implements RowTaker {
	readonly taken: unknown[] = [];
	private readonly keys = new Set<string>();
	/** Rows that it takes before it refuses. */
	room = Infinity;

	knows(row: unknown): boolean {
		return this.keys.has(JSON.stringify(row) ?? '');
	}

	take(row: unknown): boolean {
		if (this.knows(row)) return true;
		if (this.taken.length >= this.room) return false;
		this.keys.add(JSON.stringify(row));
		this.taken.push(row);
		return true;
	}
}
