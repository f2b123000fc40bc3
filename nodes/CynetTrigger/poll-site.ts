import type { INodeExecutionData, IPollFunctions, NodeApiError } from 'n8n-workflow';
import type { Gate } from '../shared/api/gate';
import { matches } from '../shared/alert/filters';
import { fetchAlerts } from '../shared/api/alerts';
import { failureOf, type ApiFailure } from '../shared/api/errors';
import { REQUEST_TIMEOUT_MS } from '../shared/api/limits';
import { isNoList } from '../shared/api/scan';
import type { AlertQuery } from '../shared/api/types';
import { clock } from '../shared/clock';
import { SitePoll } from '../shared/feed/site-poll';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import { Items } from './items';
import { PROCESS } from './memory';
import { warnIfQuiet } from './quiet-site';
import type { Share } from './room';
import type { TriggerSettings } from './settings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What all sites of one poll share. */
export interface Round {
	readonly context: IPollFunctions;
	readonly settings: TriggerSettings;
	/** When to stop reading, by `clock.ticks`. */
	readonly deadline: number;
	/** What each request passes. */
	readonly gate: Gate;
}

/** Where the reading of a site begins. */
interface SiteStart {
	/** What `recall` found. It is used up: the result has the one to go on from. */
	readonly state: SiteState;
	/** How long this process has polled the site, in milliseconds. */
	readonly activeFor: number;
	/** What the site may take of the alerts that the poll may emit. */
	readonly share: Share;
	/**
	 * How long its first answer is waited for, in milliseconds, and asked for only once; null for as
	 * long as the poll goes on.
	 */
	readonly patience: number | null;
}

/** What one site brought in one poll. Nothing is remembered of it yet: a poll that is superseded brings nothing. */
export interface SiteResult {
	/** One an alert. */
	readonly items: readonly INodeExecutionData[];
	/** The state that belongs to the items; null when nothing moved. */
	readonly packed: string | null;
	/** Of that state: grows with every poll that emits. */
	readonly revision: number;
	/** What stopped the reading of new alerts, if anything did. */
	readonly error: NodeApiError | null;
	/** What kept the list of changes from being read, while new alerts were read. */
	readonly changesError: NodeApiError | null;
	/** What the log should say. Facts, no secrets; the same text each time for the same fact. */
	readonly warnings: readonly string[];
}

/**
 * Reads what is new at one site. Touches no memory and no static data.
 *
 * @returns null where nothing was asked
 */
export async function pollSite(
	round: Round,
	site: SiteIdentity,
	start: SiteStart,
): Promise<SiteResult | null> {
	const { settings } = round;
	const { state, activeFor, share } = start;
	const { revision } = state;
	const poll = new SitePoll(site, state, {
		now: clock.now(),
		activeFor,
		lookback: settings.lookbackHours * HOUR,
		overlap: settings.overlapMinutes * MINUTE,
		sweep: settings.lateSweepHours * HOUR,
		pageSize: settings.pageSize,
		events: settings.events,
		wanted: (alert) => matches(alert, settings.filters),
		// What other sites take meanwhile is no longer there.
		get maxAlerts() {
			return share.most;
		},
	});
	const before = settings.replayAfterRestart && !poll.isFresh ? poll.pack() : null;
	const items = new Items(poll, settings.simple);
	const isFirst = poll.isFresh;
	const errors = await readOn(round, site, start, poll, items);
	if (errors === null) return null;
	if (isFirst && !poll.isFresh && poll.found === 0 && errors.error === null)
		await warnIfQuiet(round.context, site, clientIdFor(settings, site), round.deadline);
	const rest = { ...errors, warnings: poll.warnings };
	if (poll.isFresh) return { ...rest, items: [], packed: null, revision };

	const replays = settings.replayAfterRestart && poll.found > 0;
	const packed = poll.pack(
		replays ? { process: PROCESS, before: before ?? poll.packStart() } : null,
	);
	return { ...rest, items: items.all(), packed, revision: poll.revision };
}

/**
 * Reads until the end, the deadline, or an error that concerns more than one list. What was read
 * before it counts. Null where nothing was asked.
 */
async function readOn(
	{ context, settings, deadline, gate }: Round,
	site: SiteIdentity,
	{ share, patience }: SiteStart,
	poll: SitePoll,
	items: Items,
): Promise<Pick<SiteResult, 'error' | 'changesError'> | null> {
	const clientId = clientIdFor(settings, site);
	const errors = { alerts: null as NodeApiError | null, changes: null as NodeApiError | null };
	let isAsked = false;
	let hasFailed = false;
	let waitsForFirst = patience !== null;
	let until = Math.min(deadline, clock.ticks() + (patience ?? Infinity));
	while (clock.ticks() < until && (await gate.pass(until))) {
		const query = poll.next();
		if (query === null) break;
		const { decidesOverRow } = poll;
		// That a row cannot be served is not found out in a hurry.
		if (decidesOverRow && waitsForFirst && patience! < REQUEST_TIMEOUT_MS) break;
		isAsked = true;
		// What is asked instead of a page that failed is not repeated.
		const tries = (hasFailed || waitsForFirst) && !decidesOverRow ? 1 : undefined;
		share.hold(poll.found);
		try {
			const [page] = await Promise.all([
				fetchAlerts(context, query, {
					clientId,
					deadline: until,
					tries,
					gate,
				}),
				items.makeMeanwhile(),
			]);
			errors[listOf(query)] = null;
			poll.take(query, page);
			until = deadline;
			waitsForFirst = false;
		} catch (thrown) {
			const error = thrown as NodeApiError;
			const failure = failureOf(error);
			hasFailed = true;
			if (concernsAll(failure)) return { error, changesError: errors.changes };
			// Stands until what is asked instead is answered: the time of the poll may be over before.
			const loss = poll.fail(query, failure);
			if (loss !== 'side') errors[loss] = error;
		} finally {
			share.settle(poll.found);
		}
	}
	return isAsked ? { error: errors.alerts, changesError: errors.changes } : null;
}

/** Which site a request names; none, where the credential alone decides. */
const clientIdFor = ({ clientIds }: TriggerSettings, { clientId }: SiteIdentity) =>
	clientIds.length > 0 ? clientId : undefined;

const listOf = ({ list }: AlertQuery): 'alerts' | 'changes' =>
	list === 'changed' ? 'changes' : 'alerts';

/** Whether every other request would meet the same: the account, the rate limit, the way there. */
function concernsAll({ atLogin, status, mayBeThisPage }: ApiFailure): boolean {
	return atLogin || (!mayBeThisPage && !isNoList(status));
}
