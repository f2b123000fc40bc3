import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { BatchSite } from './batch';
import { resultOf, settleBatch } from './batch';
import type { SiteMemory } from './memory';
import { notBefore } from './memory';
import type { SiteResult } from './poll-site';
import { pollSite } from './poll-site';
import type { Recalled } from './recall';
import { recall } from './recall';
import type { Run } from './run';
import { isCurrent } from './run';
import { sharedState, shareStates } from './siblings';
import { accountOf, type Account } from './site';
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

/** A site, and where its reading goes on. */
interface RecalledSite extends PolledSite, Recalled {}

interface ReadSite extends RecalledSite {
	readonly result: SiteResult;
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
	if (clock.ticks() < (notBefore.get(account.key) ?? 0)) {
		troubles.report();
		return null;
	}

	if (!(await settleBatch(run, staticData)) || !isCurrent(run)) return null;
	const recalled = recallAll(run, settings, sites, staticData);
	const read = await readInTurn(run, settings, deadline, recalled);
	if (!isCurrent(run)) return null;

	// Also of the sites whose turn did not come.
	for (const { memory: remembered, packed } of recalled) remembered.packed = packed;
	rememberAll(context, account, read, troubles);
	keepStates(staticData, sites);
	memory.turn += read.length;
	const items = read.flatMap(({ result }) => result.items);
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

/** Reads site after site until there are enough items or no time. */
async function readInTurn(
	run: Run,
	settings: TriggerSettings,
	deadline: number,
	sites: readonly RecalledSite[],
): Promise<ReadSite[]> {
	const { context, memory } = run;
	const round = { context, memory, settings, deadline };
	const read: ReadSite[] = [];
	let room = settings.maxAlerts;
	for (const one of inTurn(sites, memory.turn)) {
		if (room <= 0 || clock.ticks() >= deadline) break;
		const activeFor = clock.ticks() - one.memory.activeSince;
		const result = await pollSite(round, one.site, {
			state: one.state,
			activeFor,
			maxAlerts: room,
		});
		read.push({ ...one, result });
		room -= result.items.length;
		if (!isCurrent(run) || failureOf(result.error).atLogin) break;
	}
	return read;
}

/**
 * Each poll begins where the one before stopped, so that none waits for ever behind a busy one or
 * at the end of a long list.
 */
function inTurn<Site>(sites: readonly Site[], turn: number): Site[] {
	const first = turn % sites.length;
	return [...sites.slice(first), ...sites.slice(0, first)];
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
	context: IPollFunctions,
	account: Account,
	read: readonly ReadSite[],
	troubles: SiteTroubles,
): void {
	for (const { site, memory, result } of read) {
		if (result.packed !== null) memory.packed = result.packed;
		logWarnings(context, memory, site, result.warnings);
		const { retryAfterMs, atLogin } = failureOf(result.error);
		if (retryAfterMs !== null) notBefore.set(account.key, clock.ticks() + retryAfterMs);
		if (atLogin) troubles.noteAll(result);
		else troubles.note({ site, memory }, result);
	}
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
