import type { IPollFunctions } from 'n8n-workflow';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { SiteMemory } from './memory';

const HOUR = 3600_000;

/** Each text once an hour. */
export function logWarnings({ logger }: IPollFunctions, { warned }: SiteMemory, { clientId }: SiteIdentity, warnings: readonly string[]): void {
	for (const [warning, at] of warned) if (clock.ticks() - at >= HOUR) warned.delete(warning);
	for (const warning of warnings) {
		if (warned.has(warning)) continue;
		warned.set(warning, clock.ticks());
		logger.warn(`Cynet Trigger: ${warning}`, { clientId });
	}
}
