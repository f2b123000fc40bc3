import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import { AccountGate } from './account-gate';
import type { BatchSite } from './batch';
import { resultOf, settleBatch } from './batch';
import type { SiteMemory } from './memory';
import { recall } from './recall';
import type { ReadSite, RecalledSite } from './side-by-side';
import { readSideBySide } from './side-by-side';
import type { Run } from './run';
import { isCurrent } from './run';
import { sharedState, shareStates } from './siblings';
import { accountOf } from './site';
import type { TriggerSettings } from './settings';
import { SiteTroubles } from './troubles';
import { keepWaiting, polledSite, waitingKey } from './waiting';
import { logWarnings } from './warnings';

const MINUTE = 60_000;

/** Share of n8n's budget for a poll that is used: what is read must still be emitted. */
const BUDGET_SHARE = 0.8;

/** An activation waits for its first poll, and a start of n8n for all of them. */
const ACTIVATION_BUDGET_MS = 60_000;

/** Where the state of a site lives: a top-level key of the static data, for n8n does not notice changes below. */
const PREFIX = 'site ';
const stateKey = ({ clientId }: SiteIdentity): string => `${PREFIX}${clientId}`;

interface PolledSite {
	readonly site: SiteIdentity;
	readonly memory: SiteMemory;
}

/** Whether a site of the trigger was ever read. */
export function hasWorked({ context, memory }: Run): boolean {
	const isRead = [...memory.sites.values()].some(({ packed }) => packed !== null);
	return (
		isRead ||
		Object.keys(context.getWorkflowStaticData('node')).some((key) => key.startsWith(PREFIX))
	);
}

/**
 * One poll of all sites: what is new as n8n is given it, or null. A site's state does not move on
 * an error. Until all sites are
 * read, nothing is remembered and nothing written: a poll that does not count any more changes nothing.
 * @throws NodeApiError for what is permanent, and for what has lasted longer than the tolerance
 */
export async function poll(
	run: Run,
	settings: TriggerSettings,
): Promise<INodeExecutionData[][] | null> {
	const { context, memory, budget, decidesActivation } = run;
	const deadline =
		clock.ticks() +
		Math.min(budget * BUDGET_SHARE, decidesActivation ? ACTIVATION_BUDGET_MS : Infinity);
	const account = await accountOf(context, settings.clientIds);
	if (!isCurrent(run)) return null;
	const staticData = context.getWorkflowStaticData('node');
	const sites = account.sites.map((site) => ({
		site,
		memory: polledSite(memory, site, staticData),
	}));
	const role = !decidesActivation ? 'tick' : hasWorked(run) ? 'restart' : 'publication';
	const troubles = new SiteTroubles(context, sites, settings.toleranceMinutes * MINUTE, role);
	const waits = sites.filter(
		({ site, memory: { packed } }) => packed === null && staticData[stateKey(site)] === undefined,
	);
	for (const { site, memory: waiting } of waits) keepWaiting(site, waiting, staticData);
	troubles.reportPending();
	const gate = new AccountGate(account.key, () => isCurrent(run));
	if (gate.isClosed) {
		troubles.report();
		return null;
	}

	if (!(await settleBatch(run, staticData)) || !isCurrent(run)) return null;
	const recalled = recallAll(run, settings, sites, staticData);
	const read = await readSideBySide(run, { context, settings, deadline, gate }, recalled);
	if (!isCurrent(run)) return null;

	// Also of the sites whose turn did not come.
	for (const { memory: remembered, packed } of recalled) remembered.packed = packed;
	rememberAll(run, read, troubles);
	keepStates(staticData, sites);
	const items = inOrder(read, sites).flatMap(({ result }) => result.items);
	const batch =
		items.length === 0
			? null
			: {
					run,
					alerts: items.length,
					emittedAt: clock.ticks(),
					sites: read.flatMap(batchSite),
					taken: false,
				};
	memory.batch = batch;
	shareStates(run);
	// Nothing new is null: n8n would start an empty execution for an empty list.
	if (batch === null) troubles.report();
	else troubles.postpone();
	return batch && resultOf(items, batch);
}

function recallAll(
	run: Run,
	settings: TriggerSettings,
	sites: readonly PolledSite[],
	staticData: IDataObject,
): RecalledSite[] {
	return sites.map(({ site, memory }) => {
		const copies =
			memory.packed === null
				? [staticData[stateKey(site)], sharedState(run, site)]
				: [staticData[stateKey(site)]];
		return { site, memory, ...recall(run.context, settings, site, memory, copies) };
	});
}

/**
 * What n8n is to keep: the state of each site of this trigger, read now or not. Of others, and of
 * waiting for a state that is there, nothing.
 */
function keepStates(staticData: IDataObject, sites: readonly PolledSite[]): void {
	const ours = new Set(
		sites.flatMap(({ site, memory }) =>
			memory.packed === null ? [stateKey(site), waitingKey(site)] : [stateKey(site)],
		),
	);
	// A credential without a Client ID names no site that the others could have been left for.
	const isLeft = (key: string) => /^(site|waiting) /.test(key) && !ours.has(key);
	if (sites.every(({ site }) => site.clientId !== ''))
		for (const key of Object.keys(staticData).filter(isLeft)) delete staticData[key];
	for (const { site, memory } of sites) {
		const key = stateKey(site);
		if (memory.packed !== null && staticData[key] !== memory.packed)
			staticData[key] = memory.packed;
	}
}

function rememberAll(
	{ context, memory: trigger }: Run,
	read: readonly ReadSite[],
	troubles: SiteTroubles,
): void {
	for (const { site, memory, result, hadFullPatience } of read) {
		memory.turn = ++trigger.turn;
		if (result.packed !== null) memory.packed = result.packed;
		logWarnings(context, memory, site, result.warnings);
		if (!failureOf(result.error).atLogin) troubles.note({ site, memory }, result);
		if (hadFullPatience && result.error !== null) trigger.waitedInVainAt = clock.ticks();
	}
	const atLogin = read.find(({ result }) => failureOf(result.error).atLogin);
	if (atLogin) troubles.noteAll(atLogin.result);
}

/** By site as entered, whichever answered first. */
function inOrder(read: readonly ReadSite[], sites: readonly PolledSite[]): ReadSite[] {
	const found = new Map(read.map((one) => [one.memory, one]));
	return sites.flatMap(({ memory }) => found.get(memory) ?? []);
}

function batchSite({ site, memory, packed, result }: ReadSite): BatchSite[] {
	if (result.items.length === 0 || result.packed === null) return [];
	return [
		{
			site,
			memory,
			key: stateKey(site),
			before: packed,
			packed: result.packed,
			revision: result.revision,
		},
	];
}
