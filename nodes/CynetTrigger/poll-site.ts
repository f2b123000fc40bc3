import type { INodeExecutionData, IPollFunctions, NodeApiError } from 'n8n-workflow';
import { matches } from '../shared/alert/filters';
import { fetchAlerts } from '../shared/api/alerts';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import { UNUSABLE_STATES } from '../shared/feed/notes';
import { SitePoll } from '../shared/feed/site-poll';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import { freshState, unpackState } from '../shared/feed/state';
import { Items } from './items';
import type { TriggerMemory } from './memory';
import { PROCESS, siteMemory } from './memory';
import type { TriggerSettings } from './settings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long n8n may take to commit a hand-over before an older state means that it did not: as long as its scheduler lets a poll hold its task. */
const COMMIT_TIME = 60_000;

/** What all sites of one poll share. */
export interface Round {
	readonly context: IPollFunctions;
	readonly memory: TriggerMemory;
	readonly settings: TriggerSettings;
	/** When to stop reading, by this machine's clock, milliseconds since the epoch. */
	readonly deadline: number;
}

/** What one site brought in one poll. */
export interface SiteResult {
	/** One an alert. */
	readonly items: readonly INodeExecutionData[];
	/** The state that belongs to the items; null when nothing moved. */
	readonly packed: string | null;
	/** What stopped the reading, if anything did. */
	readonly error: NodeApiError | null;
}

/**
 * Reads what is new at one site.
 * @param state what `recall` found
 * @param maxAlerts how many alerts the poll may still hand over
 */
export async function pollSite(round: Round, site: SiteIdentity, state: SiteState, maxAlerts: number): Promise<SiteResult> {
	const { context, memory, settings } = round;
	const remembered = siteMemory(memory, site.clientId);
	const isFirst = state.window.start === null;
	const poll = new SitePoll(site, state, {
		now: clock.now(),
		activeSince: memory.activeSince,
		lookback: settings.lookbackHours * HOUR,
		overlap: settings.overlapMinutes * MINUTE,
		sweep: settings.lateSweepHours * HOUR,
		pageSize: settings.pageSize,
		events: settings.events,
		wanted: (alert) => matches(alert, settings.filters),
		maxAlerts,
	});
	const before = settings.replayAfterRestart && !isFirst ? poll.pack() : null;
	const items = new Items(poll, settings.simple);
	const error = await readOn(round, poll, items, settings.clientIds.length > 0 ? site.clientId : undefined);
	for (const note of poll.notes) context.logger.warn(`Cynet Trigger: ${note}`, { clientId: site.clientId });
	if (error !== null && poll.found === 0) return { items: [], packed: null, error };

	const handsOver = poll.found > 0;
	const replays = settings.replayAfterRestart && handsOver;
	const packed = poll.pack(replays ? { process: PROCESS, before: before ?? poll.packStart() } : null);
	remembered.packed = packed;
	if (handsOver) remembered.revision = poll.revision;
	remembered.base = handsOver ? undefined : remembered.read;
	return { items: items.all(), packed, error };
}

/** Reads until the end, the deadline, or an error, which it returns: what was read before it counts. */
async function readOn({ context, deadline }: Round, poll: SitePoll, items: Items, clientId: string | undefined): Promise<NodeApiError | null> {
	for (let query = poll.next(); query !== null && clock.now() < deadline; query = poll.next()) {
		try {
			const [page] = await Promise.all([fetchAlerts(context, query, { clientId, deadline }), items.makeMeanwhile()]);
			poll.take(query, page);
		} catch (error) {
			const { status } = failureOf(error);
			if (query.list !== 'bulk' || (status !== 404 && status !== 405)) return error as NodeApiError;
			poll.refuseBulk();
		}
	}
	return null;
}

/** Where a site's reading goes on. */
export interface Recalled {
	readonly state: SiteState;
	/** The state as text where this process goes on from its own: n8n is to keep it again, even if the site's turn does not come. */
	readonly regained: string | null;
}

/**
 * The state to go on from: n8n's, or this process's own where n8n's is gone, or is the one from before polls that found nothing.
 * @param stored what n8n kept of the site
 * @returns null when that is older than what was handed over a moment ago: n8n is still writing
 */
export function recall({ context, memory, settings }: Round, site: SiteIdentity, stored: unknown): Recalled | null {
	const remembered = siteMemory(memory, site.clientId);
	const found = unpackState(stored, site);
	remembered.read = stored;
	const own = found.kind === 'ok' && stored !== remembered.base ? null : unpackState(remembered.packed, site);
	if (own?.kind === 'ok') return { state: own.state, regained: remembered.packed! };
	if (found.kind === 'ok') {
		const { state } = found;
		const stale = state.revision < remembered.revision;
		if (stale && clock.now() - memory.handedOverAt < COMMIT_TIME) return null;
		if (!settings.replayAfterRestart || state.replay === null || state.replay.process === PROCESS) return { state, regained: null };
		context.logger.info('Cynet Trigger: n8n was restarted. Handing the last batch over again.', { clientId: site.clientId });
		const before = unpackState(state.replay.before, site);
		return { state: before.kind === 'ok' ? before.state : state, regained: null };
	}
	if (found.kind !== 'none') context.logger.warn(`Cynet Trigger: ${UNUSABLE_STATES[found.kind]}`, { clientId: site.clientId });
	return { state: freshState(), regained: null };
}
