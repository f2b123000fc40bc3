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
}

/** The smallest thing that answers like the alerts API: no HTTP, no faults, a clock that the test moves. */
export class ModelServer {
	now: number;
	readonly rows: Row[] = [];
	requests = 0;
	rowsSent = 0;

	constructor(
		readonly traits: ServerTraits,
		start: number,
	) {
		this.now = start;
	}

	raise(lateBy = 0, at = this.now): Row {
		const number = this.rows.length + 1;
		const row = {
			id: this.traits.textIds ? `alert-${number}` : number,
			dateIn: at,
			lastSeen: at,
			changed: at,
			visibleAt: at + lateBy,
		};
		this.rows.push(row);
		return row;
	}

	recur(row: Row): void {
		row.lastSeen = this.now;
		row.changed = this.now;
	}

	change(row: Row): void {
		row.changed = this.now;
	}

	visible(): Row[] {
		return this.rows.filter((row) => row.visibleAt <= this.now);
	}

	answer(query: AlertQuery): AlertPage {
		const { order, boundary, ignoresOffset, cap, clock } = this.traits;
		const since = query.since;
		const inside = (row: Row) => {
			const seen = this.stamp(row.lastSeen);
			return boundary === 'inclusive' ? seen >= since : seen > since;
		};
		const index = new Map(this.rows.map((row, i) => [row, i]));
		const keys: Record<ServerTraits['order'], (row: Row) => number> = {
			ascending: (row) => this.stamp(row.lastSeen),
			descending: (row) => -this.stamp(row.lastSeen),
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
			serverTime: clock === 'none' ? null : this.now,
		};
	}

	private stamp(time: number): number {
		return this.traits.precision === 's' ? Math.floor(time / 1000) * 1000 : time;
	}
}
