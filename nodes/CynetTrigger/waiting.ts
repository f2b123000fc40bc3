import type { IDataObject } from 'n8n-workflow';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { SiteMemory, TriggerMemory } from './memory';
import { siteMemory } from './memory';

const LONGEST = 30 * 24 * 3600_000;

/**
 * Where n8n keeps since when a site waits to be read for the first time: that is when it starts,
 * even if n8n restarts before.
 */
const PREFIX = 'waiting ';
export const waitingKey = ({ clientId }: SiteIdentity): string => `${PREFIX}${clientId}`;

/**
 * The memory of a site that is to be polled. Of one that this process does not know, n8n may know
 * since when it waits.
 */
export function polledSite(
	memory: TriggerMemory,
	site: SiteIdentity,
	staticData: IDataObject,
): SiteMemory {
	return siteMemory(memory, site, waitedFor(site, staticData[waitingKey(site)]));
}

/** To be called for a site without a state. */
export function keepWaiting(
	site: SiteIdentity,
	{ activeSince }: SiteMemory,
	staticData: IDataObject,
): void {
	if (waitedFor(site, staticData[waitingKey(site)]) > 0) return;
	staticData[waitingKey(site)] = {
		server: site.server,
		since: clock.now() - (clock.ticks() - activeSince),
	};
}

/** A publication failed: no site waits from then on. */
export function stopWaiting(staticData: IDataObject): void {
	for (const key of Object.keys(staticData)) if (key.startsWith(PREFIX)) delete staticData[key];
}

/** In milliseconds: none in doubt, and no more than 30 days. */
function waitedFor({ server }: SiteIdentity, kept: unknown): number {
	const { server: keptServer, since } = (kept ?? {}) as {
		readonly server?: unknown;
		readonly since?: unknown;
	};
	if (keptServer !== server || typeof since !== 'number') return 0;
	const time = clock.now() - since;
	return time > 0 ? Math.min(time, LONGEST) : 0;
}
