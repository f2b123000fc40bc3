/** Which list of alerts to read. `bulk` and `changed` are paged, `unpaged` answers with all rows at once. */
export type AlertList = 'bulk' | 'unpaged' | 'changed';

/** One request for alerts of one site. */
export interface AlertQuery {
	readonly list: AlertList;
	/** Milliseconds since the epoch, UTC; sent with one-second precision, floored. */
	readonly since: number;
	/** Rows a page; not sent for `unpaged`. */
	readonly limit: number;
	/** Rows to skip; not sent for `unpaged`. */
	readonly offset: number;
}

/** One answer. */
export interface AlertPage {
	/** The rows as the API sent them, unchecked: an element may be anything that JSON holds. */
	readonly rows: readonly unknown[];
	/** The server's clock: `SyncTimeUtc`, else the response's `Date` header, else null. Milliseconds since the epoch. */
	readonly serverTime: number | null;
}
