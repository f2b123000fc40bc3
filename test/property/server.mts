import type { AlertPage, AlertQuery } from '../../nodes/shared/api/types.ts';

/** A row of the model server. Times in milliseconds. */
export interface Row {
	id: number | string;
	dateIn: number;
	lastSeen: number;
	changed: number;
	visibleAt: number;
}

export interface ServerTraits {
	order: 'ascending' | 'descending' | 'byId' | 'byDateChanged';
	boundary: 'inclusive' | 'exclusive';
	precision: 's' | 'ms';
	/** The server's own cap on rows a page; 0 = none. */
	cap: number;
	ignoresOffset: boolean;
	textIds: boolean;
	clock: 'SyncTimeUtc' | 'none';
	/** Whether a recurrence moves `DateChanged` too; it does unless this is false. */
	recurrenceIsChange?: boolean;
}

/** The smallest thing that answers like the alerts API: no HTTP, no faults, a clock that the test moves. */
export class ModelServer {
	/** True time. */
	now: number;
	/** How far the server's clock is ahead of true time. */
	ahead = 0;
	/** All rows ever raised, also those of an id space that is gone. */
	readonly rows: Row[] = [];
	requests = 0;
	rowsSent = 0;
	/** Where the present id space begins in `rows`. */
	private spaceStart = 0;

	constructor(
		readonly traits: ServerTraits,
		start: number,
		private firstNumber = 1,
	) {
		this.now = start;
	}

	/** The server's clock. */
	get time(): number {
		return this.now + this.ahead;
	}

	/** Numbers that no alert gets. */
	skip(count: number): void {
		this.firstNumber += count;
	}

	/** The server forgets its alerts and numbers the next ones from 1. */
	startOver(): void {
		this.spaceStart = this.rows.length;
		this.firstNumber = 1;
	}

	/** @param at the stamps, by the server's clock */
	raise(lateBy = 0, at = this.time): Row {
		const number = this.rows.length - this.spaceStart + this.firstNumber;
		const row = {
			id: this.traits.textIds ? `alert-${number}` : number,
			dateIn: at,
			lastSeen: at,
			changed: at,
			visibleAt: at - this.ahead + lateBy,
		};
		this.rows.push(row);
		return row;
	}

	recur(row: Row): void {
		row.lastSeen = this.time;
		if (this.traits.recurrenceIsChange !== false) row.changed = this.time;
	}

	change(row: Row): void {
		row.changed = this.time;
	}

	visible(): Row[] {
		return this.rows.slice(this.spaceStart).filter((row) => row.visibleAt <= this.now);
	}

	answer(query: AlertQuery): AlertPage {
		const { order, boundary, ignoresOffset, cap, clock } = this.traits;
		const since = query.since;
		const by = query.list === 'changed' ? 'changed' : 'lastSeen';
		const inside = (row: Row) => {
			const at = this.stamp(row[by]);
			return boundary === 'inclusive' ? at >= since : at > since;
		};
		const index = new Map(this.rows.map((row, i) => [row, i]));
		const keys: Record<ServerTraits['order'], (row: Row) => number> = {
			ascending: (row) => this.stamp(row[by]),
			descending: (row) => -this.stamp(row[by]),
			byId: (row) => index.get(row)!,
			byDateChanged: (row) => this.stamp(row.changed),
		};
		const key = keys[order];
		const list = this.visible()
			.filter(inside)
			.sort((a, b) => key(a) - key(b) || index.get(a)! - index.get(b)!);
		const limit = cap > 0 ? Math.min(cap, query.limit) : query.limit;
		const offset = ignoresOffset ? 0 : query.offset;
		const page = query.list === 'unpaged' ? list : list.slice(offset, offset + limit);
		this.requests++;
		this.rowsSent += page.length;
		return {
			rows: page.map((row) => ({
				ClientDbId: row.id,
				DateIn: new Date(this.stamp(row.dateIn)).toISOString(),
				LastSeen: new Date(this.stamp(row.lastSeen)).toISOString(),
				DateChanged: new Date(this.stamp(row.changed)).toISOString(),
			})),
			clocks: { stated: clock === 'none' ? null : this.time, date: null },
			conclusive: true,
			warnings: [],
		};
	}

	/** A time as finely as the server keeps it. */
	stamp(time: number): number {
		return this.traits.precision === 's' ? Math.floor(time / 1000) * 1000 : time;
	}
}
