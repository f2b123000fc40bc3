import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { SiteIdentity } from '../shared/feed/state';
import { settledState } from './batch';
import { memoriesOf, siteKey } from './memory';
import type { Run } from './run';

/**
 * Several Cynet Triggers in one workflow: n8n saves the static data as a whole, and a trigger that
 * was registered anew has a copy of its own,
 * so that the save of one brings back the old state of the other. So each poll puts the newest
 * states of all into the part that they share.
 */
export function shareStates({ context, durable }: Run): void {
	if (durable) return;
	const all = memoriesOf(context);
	if (all.length < 2) return;
	const shared = context.getWorkflowStaticData('global');
	for (const { node, memory } of all) {
		for (const [site, siteMemory] of memory.sites) {
			const packed = settledState(memory.batch, siteMemory);
			const key = `${PREFIX}${node} ${site}`;
			if (packed !== null && shared[key] !== packed) shared[key] = packed;
		}
	}
}

/** What was put there for a site of this trigger. Durable cursors have no part that is shared. */
export function sharedState({ context, durable }: Run, site: SiteIdentity): unknown {
	if (durable) return undefined;
	return sharedBy(context)[`${PREFIX}${nodeOf(context)} ${siteKey(site)}`];
}

const PREFIX = 'Cynet Trigger ';
const nodeOf = (context: IPollFunctions): string =>
	[context.getNode().id, context.getNode().name].join(' ');
const sharedBy = (context: IPollFunctions): IDataObject => context.getWorkflowStaticData('global');
