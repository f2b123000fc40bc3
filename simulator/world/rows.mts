import type { Poison } from '../data/poison.mts';
import type { Settings } from '../settings.mts';

/** One alert as the simulator keeps it: what can change, and what a test fixed. The rest is drawn when it is shown. */
export interface Row {
	/** The number that it was drawn with; also its `ClientDbId`, unless a test overrode that. */
	readonly number: number;
	/** True time (not the server's clock) from which the API shows it. */
	readonly visibleAt: number;
	readonly createdAt: number;
	lastSeen: number;
	dateChanged: number;
	status: number | null;
	/** Fields that take the place of the drawn ones. */
	readonly fixed: Readonly<Record<string, unknown>> | null;
	/** The row's text verbatim, for rows that no JSON value describes. */
	readonly json: string | null;
	/** Its id as JSON, where no JavaScript value describes it. */
	readonly idText: string | null;
	/** What is wrong with it. */
	readonly poison: Poison | null;
	/** Its JSON, kept until it changes. */
	text: string | null;
	/** Whether it is in the lists. Once true it stays true, even if a virtual clock goes back. */
	shown: boolean;
}

export type StampName = 'lastSeen' | 'dateChanged';

export interface ListQuery {
	/** The stamp that the list filters by. */
	readonly by: StampName;
	/** Null = from the beginning. */
	readonly since: number | null;
	readonly offset: number;
	readonly limit: number;
	readonly order: Settings['order'];
	readonly boundary: Settings['boundary'];
}

type Key = (row: Row) => number;
const KEYS = {
	lastSeen: (row) => row.lastSeen,
	dateChanged: (row) => row.dateChanged,
	number: (row) => row.number,
} satisfies Record<string, Key>;

/** Rows sorted by a key, ties by number; a row is found, put in and taken out by binary search. */
class Sorted {
	constructor(
		private readonly key: Key,
		readonly rows: Row[],
	) {
		rows.sort((a, b) => key(a) - key(b) || a.number - b.number);
	}

	/** The first place whose row is not before (stamp, number). */
	place(stamp: number, number = -1): number {
		let low = 0;
		let high = this.rows.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const row = this.rows[middle] as Row;
			const difference = this.key(row) - stamp || row.number - number;
			if (difference < 0) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	add(row: Row): void {
		this.rows.splice(this.place(this.key(row), row.number), 0, row);
	}

	remove(row: Row): void {
		this.rows.splice(this.place(this.key(row), row.number), 1);
	}
}

/** More rows than this at once are cheaper to sort anew than to put in one by one. */
const MANY = 256;

/** The alerts of one site, in every order that a list can have. A page costs a binary search, not a sort. */
export class Rows {
	private readonly visible: Row[] = [];
	/** Not yet visible; latest first, so that the next one to show is the last. */
	private late: Row[] = [];
	private readonly orders = new Map<keyof typeof KEYS, Sorted>();

	add(rows: readonly Row[], now: number): void {
		const shown = rows.filter((row) => row.visibleAt <= now);
		const late = rows.filter((row) => row.visibleAt > now);
		if (late.length > 0)
			this.late = this.late.concat(late).sort((a, b) => b.visibleAt - a.visibleAt);
		this.show(shown);
	}

	/** Changes stamps of a row without losing its place in the orders. */
	move(
		row: Row,
		change: Partial<Pick<Row, 'lastSeen' | 'dateChanged' | 'status'>>,
		now: number,
	): void {
		this.settle(now);
		if (row.shown) for (const order of this.orders.values()) order.remove(row);
		Object.assign(row, change, { text: null });
		if (row.shown) for (const order of this.orders.values()) order.add(row);
	}

	/** A page of a list, or all of it with an infinite limit. */
	list({ by, since, offset, limit, order, boundary }: ListQuery, now: number): Row[] {
		this.settle(now);
		const from = since === null ? -Infinity : boundary === 'inclusive' ? since : since + 1;
		const byTime = this.order(by);
		const first = byTime.place(from);
		if (order === 'ascending') return byTime.rows.slice(first + offset, first + offset + limit);
		if (order === 'descending') {
			const end = byTime.rows.length - offset;
			return byTime.rows.slice(Math.max(first, end - limit), Math.max(first, end)).reverse();
		}
		const key = KEYS[by];
		const { rows } = this.order(order === 'byId' ? 'number' : 'dateChanged');
		const page: Row[] = [];
		let skip = offset;
		for (const row of rows) {
			if (page.length >= limit) break;
			if (key(row) >= from && skip-- <= 0) page.push(row);
		}
		return page;
	}

	count(by: StampName, since: number | null, boundary: Settings['boundary'], now: number): number {
		this.settle(now);
		const order = this.order(by);
		return (
			order.rows.length -
			order.place(since === null ? -Infinity : boundary === 'inclusive' ? since : since + 1)
		);
	}

	/** Shows the late rows whose time has come. */
	private settle(now: number): void {
		const shown: Row[] = [];
		while (this.late.length > 0 && (this.late.at(-1) as Row).visibleAt <= now)
			shown.push(this.late.pop() as Row);
		this.show(shown);
	}

	private show(rows: readonly Row[]): void {
		if (rows.length === 0) return;
		if (rows.length > MANY) this.orders.clear();
		for (const row of rows) {
			row.shown = true;
			this.visible.push(row);
			for (const order of this.orders.values()) order.add(row);
		}
	}

	private order(name: keyof typeof KEYS): Sorted {
		let order = this.orders.get(name);
		if (!order) this.orders.set(name, (order = new Sorted(KEYS[name], [...this.visible])));
		return order;
	}
}
