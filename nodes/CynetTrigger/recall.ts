import type { IPollFunctions } from 'n8n-workflow';
import type { SiteIdentity, SiteState, StoredState } from '../shared/feed/state';
import { freshState, safeState, unpackState } from '../shared/feed/state';
import { UNUSABLE_STATES } from '../shared/feed/warnings';
import type { SiteMemory } from './memory';
import { PROCESS } from './memory';
import type { TriggerSettings } from './settings';

/** Where a site's reading goes on. */
export interface Recalled {
	readonly state: SiteState;
	/** The state as text; null when the site was never read. */
	readonly packed: string | null;
}

/**
 * The state to go on from. Once the fate of the last batch is known (`settleBatch`), this process's
 * own state is the truth:
 * n8n's copy can be older (another registration's, one overwritten by an execution), wiped, or
 * under another name. It counts only
 * where this process has none, or where its revision is higher, so that another process of n8n has polled since.
 * @param copies what n8n kept of the site, in several places perhaps
 */
export function recall(
	context: IPollFunctions,
	settings: TriggerSettings,
	site: SiteIdentity,
	{ packed: own, dropped }: SiteMemory,
	copies: readonly unknown[],
): Recalled {
	const others = copies.filter((copy) => copy !== own && copy !== dropped);
	const remembered = found(own, site);
	const stored = others.map((copy) => found(copy, site));
	const best = newest([remembered, ...stored]);
	if (best === null) {
		const unusable = stored.find(({ kind }) => kind !== 'none');
		if (unusable)
			context.logger.warn(
				`Cynet Trigger: ${UNUSABLE_STATES[unusable.kind as keyof typeof UNUSABLE_STATES]}`,
				{ clientId: site.clientId },
			);
		const isLost = unusable !== undefined && unusable.kind !== 'foreign';
		return { state: isLost ? safeState() : freshState(), packed: null };
	}
	const { state, packed } = best;
	if (
		best === remembered ||
		!settings.replayAfterRestart ||
		state.replay === null ||
		state.replay.process === PROCESS
	)
		return { state, packed };
	context.logger.info('Cynet Trigger: n8n was restarted. Emitting the last batch again.', {
		clientId: site.clientId,
	});
	const before = found(state.replay.before, site);
	return before.kind === 'ok' ? before : { state, packed };
}

type Found = StoredState & { readonly packed: string };
type Usable = Extract<Found, { kind: 'ok' }>;

const found = (packed: unknown, site: SiteIdentity): Found => ({
	...unpackState(packed, site),
	packed: packed as string,
});

/** The one with the highest revision, the first of several. */
function newest(all: readonly Found[]): Usable | null {
	let best: Usable | null = null;
	for (const one of all)
		if (one.kind === 'ok' && (best === null || one.state.revision > best.state.revision))
			best = one;
	return best;
}
