import type { IPollFunctions } from 'n8n-workflow';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { SiteMemory } from './memory';

const HOUR = 3600_000;

/** What stays the same of a warning: the facts come after a colon, or are numbers. */
const kindOf = (warning: string): string => warning.replace(/:.*/s, '').replace(/\d+/g, '#');

/** Each kind once an hour. */
export function logWarnings(
	{ logger }: IPollFunctions,
	{ warned }: SiteMemory,
	{ clientId }: SiteIdentity,
	warnings: readonly string[],
): void {
	for (const [kind, at] of warned) if (clock.ticks() - at >= HOUR) warned.delete(kind);
	for (const warning of warnings) {
		if (warned.has(kindOf(warning))) continue;
		warned.set(kindOf(warning), clock.ticks());
		logger.warn(`Cynet Trigger: ${warning}`, { clientId });
	}
}
