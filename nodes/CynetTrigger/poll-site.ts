import type { INodeExecutionData, IPollFunctions, NodeApiError } from 'n8n-workflow';
import { matches } from '../shared/alert/filters';
import { fetchAlerts } from '../shared/api/alerts';
import { failureOf, type ApiFailure } from '../shared/api/errors';
import type { AlertQuery } from '../shared/api/types';
import { clock } from '../shared/clock';
import { SitePoll } from '../shared/feed/site-poll';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import { Items } from './items';
import type { TriggerMemory } from './memory';
import { PROCESS } from './memory';
import { warnIfQuiet } from './quiet-site';
import type { TriggerSettings } from './settings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What all sites of one poll share. */
export interface Round {
	readonly context: IPollFunctions;
	readonly memory: TriggerMemory;
	readonly settings: TriggerSettings;
	/** When to stop reading, by `clock.ticks`. */
	readonly deadline: number;
}

/** Where the reading of a site begins. */
export interface SiteStart {
	/** What `recall` found. It is used up: the result has the one to go on from. */
	readonly state: SiteState;
	/** How long this process has polled the site, in milliseconds. */
	readonly activeFor: number;
	/** How many alerts the poll may still emit. */
	readonly maxAlerts: number;
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

/** Reads what is new at one site. Touches no memory and no static data. */
export async function pollSite(
	round: Round,
	site: SiteIdentity,
	{ state, activeFor, maxAlerts }: SiteStart,
): Promise<SiteResult> {
	const { settings } = round;
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
		maxAlerts,
	});
	const before = settings.replayAfterRestart && !poll.isFresh ? poll.pack() : null;
	const items = new Items(poll, settings.simple);
	const isFirst = poll.isFresh;
	const clientId = settings.clientIds.length > 0 ? site.clientId : undefined;
	const errors = await readOn(round, poll, items, clientId);
	if (isFirst && !poll.isFresh && poll.found === 0 && errors.error === null)
		await warnIfQuiet(round.context, site, clientId, round.deadline);
	const rest = { ...errors, warnings: poll.warnings };
	if (poll.isFresh) return { ...rest, items: [], packed: null, revision };

	const replays = settings.replayAfterRestart && poll.found > 0;
	const packed = poll.pack(
		replays ? { process: PROCESS, before: before ?? poll.packStart() } : null,
	);
	return { ...rest, items: items.all(), packed, revision: poll.revision };
}

/** Reads until the end, the deadline, or an error that concerns more than one list. What was read before it counts. */
async function readOn(
	{ context, deadline }: Round,
	poll: SitePoll,
	items: Items,
	clientId: string | undefined,
): Promise<Pick<SiteResult, 'error' | 'changesError'>> {
	const errors = { alerts: null as NodeApiError | null, changes: null as NodeApiError | null };
	let hasFailed = false;
	for (let query = poll.next(); query !== null && clock.ticks() < deadline; query = poll.next()) {
		try {
			// What is asked instead of a page that failed is not repeated.
			const tries = hasFailed && !poll.decidesOverRow ? 1 : undefined;
			const [page] = await Promise.all([
				fetchAlerts(context, query, { clientId, deadline, tries }),
				items.makeMeanwhile(),
			]);
			errors[listOf(query)] = null;
			poll.take(query, page);
		} catch (thrown) {
			const error = thrown as NodeApiError;
			const failure = failureOf(error);
			hasFailed = true;
			if (concernsAll(failure)) return { error, changesError: errors.changes };
			// Stands until what is asked instead is answered: the time of the poll may be over before.
			const loss = poll.fail(query, failure);
			if (loss !== 'side') errors[loss] = error;
		}
	}
	return { error: errors.alerts, changesError: errors.changes };
}

const listOf = ({ list }: AlertQuery): 'alerts' | 'changes' =>
	list === 'changed' ? 'changes' : 'alerts';

/** Whether every other request would meet the same: the account, the rate limit, the way there. */
function concernsAll({ atLogin, status, mayBeThisPage }: ApiFailure): boolean {
	return atLogin || (!mayBeThisPage && status !== 404 && status !== 405);
}
