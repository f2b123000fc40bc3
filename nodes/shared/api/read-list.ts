import { NodeApiError, type JsonObject } from 'n8n-workflow';
import { alertId, isRawAlert, type RawAlert } from '../alert/identity';
import { mapInTurns } from '../in-turns';
import { fetchAlerts, type FetchOptions } from './alerts';
import { apiError, failureOf } from './errors';
import { isStopped } from './pause';
import type { ApiContext } from './request';
import type { PageOutcome, RowTaker } from './scan';
import {
	beginScan,
	decidesOverRow,
	goOnFrom,
	isNoList,
	isRefusal,
	isolate,
	queryOf,
	takePage,
	timeToGoOn,
} from './scan';
import type { AlertList, AlertPage, AlertQuery } from './types';

const PAGE_SIZE = 100;
/** Pages that may fail before reading ends. */
const MOST_FAILURES = 20;
/** Pages after which the log says how far reading has come. */
const PAGES_BETWEEN_NEWS = 50;

export type PagedList = Exclude<AlertList, 'unpaged'>;

export interface WantedAlerts<Made> {
	readonly list: PagedList;
	/** Milliseconds since the epoch; the API takes whole seconds. */
	readonly since: number;
	/** How many alerts to return, and how many pages to read, at most. */
	readonly most: number;
	readonly mostPages?: number;
	/** Asked once for each alert, and once more for one that moved to a later page and was not wanted. */
	readonly wanted: (alert: RawAlert) => boolean;
	/** What is returned for an alert, made page by page: the rows of a page are let go before the next. */
	readonly make: (alert: RawAlert) => Made;
}

/**
 * The alerts of a list, each once, in the order of the list: read with the same scan as the
 * trigger's, which goes on by row,
 * so that rows that move between two pages are neither missed nor taken twice, and which knows
 * servers without `/bulk`, that
 * ignore or end Offset, or cannot serve one row. What is kept grows with what is returned, not
 * with what is read.
 *
 * @throws NodeApiError, and then none are returned: a part would look like the whole
 */
export async function readList<Made>(
	context: ApiContext,
	wanted: WantedAlerts<Made>,
	options: FetchOptions = {},
): Promise<Made[]> {
	const made: Made[] = [];
	const left = { unserved: 0, unreadable: 0 };
	const taker = new Taker(wanted, left);
	const scan = beginScan(wanted.since);
	let list: AlertList = wanted.list;
	let longest = 0;
	let failures = 0;
	for (let pages = 0; pages < (wanted.mostPages ?? Infinity); pages++) {
		stopIfCancelled(context);
		if (pages > 0 && pages % PAGES_BETWEEN_NEWS === 0)
			context.logger.info(`Cynet: ${pages} pages read, ${made.length} alerts found so far.`);
		const query = queryOf(scan, list, PAGE_SIZE);
		const page = await fetchPage(
			context,
			query,
			{ ...options, ...(failures > 0 && !decidesOverRow(scan) && { tries: 1 }) },
			() => ++failures <= MOST_FAILURES && isolate(scan, query, taker),
		);
		if (page === 'again') continue;
		let outcome: PageOutcome | 'noList';
		if (typeof page === 'string') outcome = page;
		else {
			longest = Math.max(longest, page.rows.length);
			for (const warning of page.warnings) context.logger.warn(`Cynet: ${warning}`);
			outcome = takePage(scan, query, page, longest, taker);
			for (const one of await mapInTurns(taker.endPage(), wanted.make)) made.push(one);
		}
		if (outcome === 'doubtful')
			context.logger.warn(
				'Cynet: An answer did not say for certain that there are no more alerts. The list may not be whole.',
			);
		if (
			outcome === 'ended' ||
			outcome === 'full' ||
			outcome === 'doubtful' ||
			taker.found >= wanted.most
		)
			break;
		if (outcome === 'more') continue;
		const later = outcome === 'cut' ? timeToGoOn(scan) : null;
		if (later !== null) {
			goOnFrom(scan, later);
			continue;
		}
		if (list !== 'bulk')
			throw apiError(context.getNode(), {
				reason: 'pagesIgnored',
				status: null,
				retryAfterMs: null,
				login: false,
			});
		list = 'unpaged';
		goOnFrom(scan, scan.since);
	}
	if (left.unserved + left.unreadable > 0) {
		context.logger.warn(
			`Cynet: ${left.unserved} rows of the list could not be served and ${left.unreadable} could not be read. They are left out; Cynet's console has them.`,
		);
	}
	return made;
}

/**
 * The page, or what its absence means: `noList` older servers have only the list without pages ·
 * `cut` the server's Offset
 * ends there · `again` another request may be served.
 */
async function fetchPage(
	context: ApiContext,
	query: AlertQuery,
	options: FetchOptions,
	again: () => boolean,
): Promise<AlertPage | 'noList' | 'cut' | 'again'> {
	try {
		return await fetchAlerts(context, query, options);
	} catch (error) {
		const { status, mayBeThisPage } = failureOf(error);
		if (query.list === 'bulk' && isNoList(status)) return 'noList';
		if (query.list !== 'unpaged' && mayBeThisPage) {
			if (!isRefusal(status) && again()) return 'again';
			if (query.offset > 0 && status !== 403) return 'cut';
		}
		throw new NodeApiError(context.getNode(), error as JsonObject);
	}
}

/** @throws NodeApiError where someone stopped the execution */
export function stopIfCancelled(context: ApiContext): void {
	if (isStopped(context))
		throw apiError(context.getNode(), {
			reason: 'cancelled',
			status: null,
			retryAfterMs: null,
			login: false,
		});
}

/** Takes each alert once that is wanted, and refuses the row after the last. */
class Taker implements RowTaker {
	/** Of all that are returned: a row may come again on any later page. */
	private readonly taken = new Set<number | string>();
	/** Of this page and the one before, which share rows. */
	private ids = new Set<number | string>();
	private idsBefore = new Set<number | string>();
	private alerts: RawAlert[] = [];

	constructor(
		private readonly list: Pick<WantedAlerts<unknown>, 'most' | 'wanted'>,
		private readonly left: { unserved: number; unreadable: number },
	) {}

	get found(): number {
		return this.taken.size;
	}

	skip(): void {
		this.left.unserved++;
	}

	take(row: unknown): boolean {
		if (this.taken.size >= this.list.most) return false;
		if (!isRawAlert(row)) return ++this.left.unreadable > 0;
		const id = alertId(row);
		if (this.taken.has(id) || this.idsBefore.has(id) || this.ids.has(id)) return true;
		this.ids.add(id);
		if (!this.list.wanted(row)) return true;
		this.taken.add(id);
		this.alerts.push(row);
		return true;
	}

	/** The alerts of the page. */
	endPage(): RawAlert[] {
		const { alerts } = this;
		this.alerts = [];
		if (this.ids.size > 0) [this.idsBefore, this.ids] = [this.ids, new Set()];
		return alerts;
	}
}
