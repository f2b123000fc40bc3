import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import type { TriggerMemory } from './memory';
import { notBefore, pollBudget } from './memory';
import type { SiteResult } from './poll-site';
import { pollSite, recall } from './poll-site';
import { accountOf } from './site';
import type { TriggerSettings } from './settings';
import { SiteTroubles } from './troubles';

const MINUTE = 60_000;

/** Share of n8n's budget for a poll that is used: what is read must still be handed over. */
const BUDGET_SHARE = 0.8;

/** An activation waits for its first poll, and a start of n8n for all of them. */
const ACTIVATION_BUDGET_MS = 60_000;

/** Where the state of a site lives: a top-level key of the static data, for n8n does not notice changes below. */
export const stateKey = ({ clientId }: SiteIdentity): string => `site ${clientId}`;

/**
 * One poll of all sites: what is new, and the states that belong to it. A site's state does not move on an error.
 * @throws NodeApiError for what waiting cannot mend, and for what has lasted longer than the tolerance
 */
export async function poll(
	context: IPollFunctions,
	memory: TriggerMemory,
	settings: TriggerSettings,
): Promise<INodeExecutionData[]> {
	const { budget, decidesActivation } = pollBudget(context);
	const deadline = clock.now() + Math.min(budget * BUDGET_SHARE, decidesActivation ? ACTIVATION_BUDGET_MS : Infinity);
	const account = await accountOf(context, settings.clientIds);
	const troubles = new SiteTroubles(context, memory, account.sites, settings.toleranceMinutes * MINUTE, decidesActivation);
	troubles.tellWhatIsOwed();
	if (clock.now() < (notBefore.get(account.key) ?? 0)) {
		troubles.tell();
		return [];
	}

	const staticData = context.getWorkflowStaticData('node');
	const recalled: Array<readonly [SiteIdentity, SiteState]> = [];
	const states: IDataObject = {};
	for (const site of account.sites) {
		const found = recall(context, site, staticData[stateKey(site)], memory, settings);
		// n8n keeps the static data as a whole: what another site read now would bring the old state of this one back.
		if (found === null) return [];
		recalled.push([site, found.state]);
		if (found.regained !== null) states[stateKey(site)] = found.regained;
	}
	const items: INodeExecutionData[] = [];
	for (const [site, state] of inTurn(recalled, memory.turn)) {
		if (items.length >= settings.maxAlerts || clock.now() >= deadline) break;
		memory.turn++;
		const most = settings.maxAlerts - items.length;
		const result = await pollSite(context, site, state, memory, settings, most, deadline);
		for (const item of result.items) items.push(item);
		if (result.packed !== null) states[stateKey(site)] = result.packed;
		obeyRetryAfter(account.key, result);
		troubles.note(site, result.error);
		if (failureOf(result.error).atLogin) {
			troubles.noteAll(result.error);
			break;
		}
	}
	Object.assign(staticData, states);
	if (items.length === 0) troubles.tell();
	else {
		troubles.log();
		// Only now n8n can begin to commit: the sites of one poll may have taken half a minute.
		memory.handedOverAt = clock.now();
	}
	return items;
}

/** Each poll begins where the one before stopped, so that none waits for ever behind a busy one or at the end of a long list. */
function inTurn<Site>(sites: readonly Site[], turn: number): Site[] {
	const first = turn % sites.length;
	return [...sites.slice(first), ...sites.slice(0, first)];
}

function obeyRetryAfter(account: string, { error }: SiteResult): void {
	const { retryAfterMs } = failureOf(error);
	if (retryAfterMs !== null) notBefore.set(account, clock.now() + retryAfterMs);
}
