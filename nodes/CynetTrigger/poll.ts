import type { IPollFunctions } from 'n8n-workflow';
import { failureOf } from '../shared/api/errors';
import { clock } from '../shared/clock';
import type { FoundAlert } from '../shared/feed/new-alerts';
import type { TriggerMemory } from './memory';
import { notBefore, pollBudget } from './memory';
import type { SiteResult } from './poll-site';
import { pollSite, stateKey } from './poll-site';
import type { Site } from './site';
import { siteOf } from './site';
import type { TriggerSettings } from './settings';

const MINUTE = 60_000;

/** Share of n8n's budget for a poll that is used: what is read must still be handed over. */
const BUDGET_SHARE = 0.8;

/** An activation waits for its first poll, and a start of n8n for all of them. */
const ACTIVATION_BUDGET_MS = 60_000;

/**
 * One poll: what is new, and the state that belongs to it. No state moves on an error.
 * @throws NodeApiError for what waiting cannot mend, and for what has lasted longer than the tolerance
 */
export async function poll(
	context: IPollFunctions,
	memory: TriggerMemory,
	settings: TriggerSettings,
): Promise<readonly FoundAlert[]> {
	const { budget, decidesActivation } = pollBudget(context);
	const deadline = clock.now() + Math.min(budget * BUDGET_SHARE, decidesActivation ? ACTIVATION_BUDGET_MS : Infinity);
	const tolerance = decidesActivation ? Infinity : settings.toleranceMinutes * MINUTE;
	const site = await siteOf(context);
	if (clock.now() < (notBefore.get(site.account) ?? 0)) return waitAsTold(memory, tolerance);

	const staticData = context.getWorkflowStaticData('node');
	const result = await pollSite(context, site, staticData[stateKey(site)], memory, settings, deadline);
	if (result === null) return [];
	if (result.packed !== null) {
		remember(memory, stateKey(site), result.packed, result);
		staticData[stateKey(site)] = result.packed;
	}
	report(context, site, memory, result, tolerance);
	return result.alerts;
}

function remember(memory: TriggerMemory, key: string, packed: string, { alerts, revision }: SiteResult): void {
	const handedOver = alerts.length > 0;
	const before = memory.sites.get(key);
	memory.sites.set(key, {
		packed,
		revision: handedOver ? revision : (before?.revision ?? 0),
		handedOverAt: handedOver ? clock.now() : (before?.handedOverAt ?? 0),
	});
}

/** Decides what an error costs: a line in the log, or the poll. Alerts in hand go out first; the error comes back with the next poll. */
function report(
	context: IPollFunctions,
	site: Site,
	memory: TriggerMemory,
	{ alerts, error }: SiteResult,
	tolerance: number,
): void {
	if (error === null) {
		memory.trouble = null;
		return;
	}
	const { transient, retryAfterMs } = failureOf(error);
	const since = memory.trouble?.since ?? clock.now();
	memory.trouble = { since, error };
	if (retryAfterMs !== null) notBefore.set(site.account, clock.now() + retryAfterMs);
	if (alerts.length === 0 && !(transient && clock.now() - since < tolerance)) throw error;
	context.logger.warn(`Cynet Trigger: ${error.message}. Trying again at the next poll.`, { clientId: site.clientId });
}

/** While the server wants to be left alone nothing is asked; whether that has lasted too long is told all the same. */
function waitAsTold({ trouble }: TriggerMemory, tolerance: number): [] {
	if (trouble !== null && clock.now() - trouble.since >= tolerance) throw trouble.error;
	return [];
}

