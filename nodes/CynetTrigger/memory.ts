import { randomUUID } from 'crypto';
import type { IPollFunctions, NodeApiError } from 'n8n-workflow';
import { clock } from '../shared/clock';

/** What this process remembers of a trigger node: n8n's static data can be stale, wiped or under another name. */
export interface TriggerMemory {
	/** One poll at a time. */
	polling: boolean;
	/** When this process first polled the node, by this machine's clock. */
	readonly activeSince: number;
	/** When a poll last ended with alerts, by this machine's clock. */
	handedOverAt: number;
	/** Sites read so far, in turn: a poll that cannot read all of them leaves the others to the next one. */
	turn: number;
	/** By client id. */
	readonly sites: Map<string, SiteMemory>;
}

export interface SiteMemory {
	/** The newest state. */
	packed?: string;
	/** What n8n had kept when it was read last. */
	read?: unknown;
	/** What n8n had kept before the polls that led to `packed` and found nothing: n8n can hand it over again, for no execution came of them. */
	base?: unknown;
	/** Of the newest hand-over. */
	revision: number;
	/** What keeps the site from being read, since when, and when it was last told; null when the last reading went well. */
	trouble: { readonly error: NodeApiError; readonly since: number; toldAt: number } | null;
}

/** Tells the hand-overs of this process from those before a restart. */
export const PROCESS = randomUUID();

const memories = new Map<string, TriggerMemory>();

/** The memory of the node that polls: by workflow and node id, which renaming does not change. */
export function memoryOf(context: IPollFunctions): TriggerMemory {
	const key = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	let memory = memories.get(key);
	if (!memory) {
		memory = { polling: false, activeSince: clock.now(), handedOverAt: 0, turn: 0, sites: new Map() };
		memories.set(key, memory);
	}
	return memory;
}

export function siteMemory(memory: TriggerMemory, clientId: string): SiteMemory {
	let site = memory.sites.get(clientId);
	if (!site) memory.sites.set(clientId, (site = { revision: 0, trouble: null }));
	return site;
}

/** By account: until when the server asked to be left alone, by this machine's clock. */
export const notBefore = new Map<string, number>();

/** n8n's budget for a poll where nothing shortens it, and what is assumed where n8n does not tell. */
const FULL_BUDGET_MS = 300_000;

/** n8n makes one context for all polls of a registration; its durable scheduler makes one a poll, and gives that less time. */
const contexts = new WeakSet<IPollFunctions>();

/** How long this poll may take, in milliseconds, and whether n8n decides by it over the trigger's life. */
export function pollBudget(context: IPollFunctions): { budget: number; decidesActivation: boolean } {
	const budget = typeof context.getPollBudgetMs === 'function' ? context.getPollBudgetMs() : FULL_BUDGET_MS;
	const decidesActivation = !contexts.has(context) && budget >= FULL_BUDGET_MS;
	contexts.add(context);
	return { budget, decidesActivation };
}
