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

/**
 * The clocks of one answer: `SyncTimeUtc` and the header `Date`. Milliseconds since the epoch; null
 * where one is not there.
 */
export interface Clocks {
	readonly stated: number | null;
	readonly date: number | null;
}

/** One answer. */
export interface AlertPage {
	/**
	 * The rows as the API sent them, unchecked: an element may be anything that JSON holds. A row
	 * that cannot be parsed is its text, so that rows keep their places.
	 */
	readonly rows: readonly unknown[];
	/**
	 * Whether the answer is beyond doubt a whole list: status 200, an envelope with `Entities` and a
	 * time, or a bare array with
	 * rows, and nothing in it that speaks of an error. A page without rows moves the cursor only if
	 * it is; of one with rows it
	 * tells whether the page may be taken as the last one.
	 */
	readonly conclusive: boolean;
	readonly clocks: Clocks;
	/**
	 * What the log should say about the answer, such as two clocks that disagree. Facts, no secrets;
	 * up to its first colon a warning of one kind is the same each time.
	 */
	readonly warnings: readonly string[];
}
