import type { IPollFunctions, NodeApiError } from 'n8n-workflow';
import { fetchAlerts } from '../shared/api/alerts';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { FoundAlert } from '../shared/feed/new-alerts';
import { SitePoll } from '../shared/feed/site-poll';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import { freshState, unpackState } from '../shared/feed/state';
import type { SiteMemory, TriggerMemory } from './memory';
import type { TriggerSettings } from './settings';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** How long n8n may take to commit a hand-over before an older state means that it did not. */
const COMMIT_TIME = 30_000;

/** What one site brought in one poll. */
export interface SiteResult {
	readonly alerts: readonly FoundAlert[];
	/** The state that belongs to the alerts; null when nothing moved. */
	readonly packed: string | null;
	/** Of that state. */
	readonly revision: number;
	/** What stopped the reading, if anything did. */
	readonly error: NodeApiError | null;
}

/** Where the state of a site lives: the top-level key of the static data. */
export function stateKey({ clientId }: SiteIdentity): string {
	return `site ${clientId}`;
}

/**
 * Reads what is new at one site.
 * @param stored what n8n kept of the site
 * @param deadline by this machine's clock, milliseconds since the epoch
 * @returns null when the stored state is older than what was handed over a moment ago: n8n is still writing
 */
export async function pollSite(
	context: IPollFunctions,
	site: SiteIdentity,
	stored: unknown,
	memory: TriggerMemory,
	settings: TriggerSettings,
	deadline: number,
): Promise<SiteResult | null> {
	const state = recall(context, site, stored, memory.sites.get(stateKey(site)));
	if (state === null) return null;
	const poll = new SitePoll(site, state, {
		now: clock.now(),
		activeSince: memory.activeSince,
		lookback: settings.lookbackHours * HOUR,
		overlap: settings.overlapMinutes * MINUTE,
		sweep: settings.lateSweepHours * HOUR,
		maxAlerts: settings.maxAlerts,
		pageSize: settings.pageSize,
	});
	const error = await readOn(context, poll, deadline);
	for (const note of poll.notes) context.logger.warn(`Cynet Trigger: ${note}`, { clientId: site.clientId });
	const moved = error === null || poll.alerts.length > 0;
	return { alerts: poll.alerts, packed: moved ? poll.pack() : null, revision: poll.revision, error };
}

/** Reads until the end, the deadline, or an error, which it returns: what was read before it counts. */
async function readOn(context: IPollFunctions, poll: SitePoll, deadline: number): Promise<NodeApiError | null> {
	for (let query = poll.next(); query !== null && clock.now() < deadline; query = poll.next()) {
		try {
			poll.take(query, await fetchAlerts(context, query, { deadline }));
		} catch (error) {
			const { status } = failureOf(error);
			if (query.list !== 'bulk' || (status !== 404 && status !== 405)) return error as NodeApiError;
			poll.refuseBulk();
		}
	}
	return null;
}

/** The state to go on from: n8n's, or this process's own where n8n's is gone. Null while n8n is still writing. */
function recall(
	context: IPollFunctions,
	site: SiteIdentity,
	stored: unknown,
	remembered: SiteMemory | undefined,
): SiteState | null {
	const found = unpackState(stored, site);
	if (found.kind === 'ok') {
		const stale = remembered !== undefined && found.state.revision < remembered.revision;
		return stale && clock.now() - remembered.handedOverAt < COMMIT_TIME ? null : found.state;
	}
	const own = unpackState(remembered?.packed, site);
	if (own.kind === 'ok') return own.state;
	const reason = UNUSABLE[found.kind];
	if (reason) context.logger.warn(`Cynet Trigger: ${reason}`, { clientId: site.clientId });
	return freshState();
}

const UNUSABLE: Partial<Record<ReturnType<typeof unpackState>['kind'], string>> = {
	foreign: 'The stored state belongs to another server or site. Starting here with the look-back.',
	newer: 'The stored state was written by a later version of this package. Starting with the look-back; alerts may come again. Update the package to go on from the state.',
	corrupt: 'The stored state is not readable. Starting with the look-back; alerts may come again.',
};
