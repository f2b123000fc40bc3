import { clock } from '../shared/clock';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import { freshState, safeState, unpackState } from '../shared/feed/state';
import { UNUSABLE_STATES } from '../shared/feed/warnings';
import { PROCESS, siteMemory } from './memory';
import type { Round } from './poll-site';

/** How long n8n may take to commit a hand-over before an older state means that it did not: as long as its scheduler lets a poll hold its task. */
const COMMIT_TIME = 60_000;

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
	const lost = found.kind === 'corrupt' || found.kind === 'newer';
	return { state: lost ? safeState() : freshState(), regained: null };
}
