import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { SiteIdentity, SiteState } from '../shared/feed/state';
import type { TriggerMemory } from './memory';
import { notBefore, pollBudget, siteMemory } from './memory';
import type { Round, SiteResult } from './poll-site';
import { pollSite } from './poll-site';
import { recall } from './recall';
import { accountOf, type Account } from './site';
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
	const deadline = clock.ticks() + Math.min(budget * BUDGET_SHARE, decidesActivation ? ACTIVATION_BUDGET_MS : Infinity);
	const account = await accountOf(context, settings.clientIds);
	const troubles = new SiteTroubles(context, memory, account.sites, settings.toleranceMinutes * MINUTE, decidesActivation);
	troubles.tellWhatIsOwed();
	if (clock.now() < (notBefore.get(account.key) ?? 0)) {
		troubles.tell();
		return [];
	}

	const staticData = context.getWorkflowStaticData('node');
	const round = { context, memory, settings, deadline };
	const recalled = recallAll(round, account.sites, staticData);
	if (recalled === null) return [];
	const items = await readInTurn(round, account, recalled, troubles);
	Object.assign(staticData, recalled.states);
	if (items.length === 0) troubles.tell();
	else {
		troubles.log();
		// Only now n8n can begin to commit: the sites of one poll may have taken half a minute.
		memory.handedOverAt = clock.now();
	}
	return items;
}

/** Where each site's reading goes on, and what n8n is to keep after the poll. */
interface AllRecalled {
	readonly sites: ReadonlyArray<readonly [SiteIdentity, SiteState]>;
	/** By `stateKey`. */
	readonly states: IDataObject;
}

/**
 * @returns null while n8n still writes the last hand-over of a site: it keeps the static data as a whole, so what another
 * site read now would bring the old state of that one back
 */
function recallAll(round: Round, sites: readonly SiteIdentity[], staticData: IDataObject): AllRecalled | null {
	const recalled: Array<readonly [SiteIdentity, SiteState]> = [];
	const states: IDataObject = {};
	for (const site of sites) {
		const found = recall(round, site, staticData[stateKey(site)]);
		if (found === null) return null;
		recalled.push([site, found.state]);
		if (found.regained !== null) states[stateKey(site)] = found.regained;
	}
	return { sites: recalled, states };
}

/** Reads site after site until there are enough items or no time; puts the new states in with the recalled ones. */
async function readInTurn(round: Round, account: Account, { sites, states }: AllRecalled, troubles: SiteTroubles): Promise<INodeExecutionData[]> {
	const { memory, settings, deadline } = round;
	const items: INodeExecutionData[] = [];
	for (const [site, state] of inTurn(sites, memory.turn)) {
		if (items.length >= settings.maxAlerts || clock.ticks() >= deadline) break;
		memory.turn++;
		const most = settings.maxAlerts - items.length;
		const result = await pollSite(round, site, { state, activeFor: clock.now() - memory.activeSince, maxAlerts: most });
		for (const warning of result.warnings) round.context.logger.warn(`Cynet Trigger: ${warning}`, { clientId: site.clientId });
		remember(memory, site, result);
		for (const item of result.items) items.push(item);
		if (result.packed !== null) states[stateKey(site)] = result.packed;
		obeyRetryAfter(account.key, result);
		troubles.note(site, result.error);
		if (failureOf(result.error).atLogin) {
			troubles.noteAll(result.error);
			break;
		}
	}
	return items;
}

function remember(memory: TriggerMemory, { clientId }: SiteIdentity, { packed, items, revision }: SiteResult): void {
	if (packed === null) return;
	const site = siteMemory(memory, clientId);
	site.packed = packed;
	if (items.length > 0) site.revision = revision;
	site.base = items.length > 0 ? undefined : site.read;
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
