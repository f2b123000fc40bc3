import { randomUUID } from 'crypto';
import type { IPollFunctions, NodeApiError } from 'n8n-workflow';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import type { Batch } from './batch';
import type { Run } from './run';

/** What this process remembers of a trigger node: n8n's static data can be stale, wiped or under another name. */
export interface TriggerMemory {
	/** One poll at a time. */
	running: Run | null;
	/** The last one that was emitted, until it is known whether n8n took it. */
	batch: Batch | null;
	/** How many readings of sites were begun so far: counts their turns. */
	turn: number;
	/** When a site that does not answer in time was last waited for in vain as long as any other, by `clock.ticks`. */
	waitedInVainAt: number;
	/** By server and client id. */
	readonly sites: Map<string, SiteMemory>;
}

/** Moments are by `clock.ticks`. */
export interface SiteMemory {
	/** When the site was first to be polled. */
	readonly activeSince: number;
	/** The turn in which it was last read; 0 where it never was. Who was read longest ago comes first. */
	turn: number;
	/** The newest state; null until the site was read. */
	packed: string | null;
	/** The state with a batch that n8n dropped: no copy of it may be believed. */
	dropped: string | null;
	/** What keeps the site from being read; null when the last reading went well. */
	trouble: Trouble | null;
	/** The same for its list of changes, while new alerts are read. */
	changesTrouble: Trouble | null;
	/** Warnings in the log, and when each was written last. */
	readonly warned: Map<string, number>;
}

export interface Trouble {
	readonly error: NodeApiError;
	readonly since: number;
	/** When it last failed a poll. */
	reportedAt: number;
	/** A poll with alerts in hand could not report it. */
	pending: boolean;
}

/** Tells the batches of this process from those before a restart. */
export const PROCESS = randomUUID();

/** By workflow, node id and node name: one without the other is not unique. */
const memories = new Map<string, TriggerMemory>();
/** By workflow: the keys of its triggers' memories. */
const triggers = new Map<string, Set<string>>();

type Key = readonly [id: string, name: string];

/** The memory of the node that polls. A node that was renamed goes on from the one under its old name. */
export function memoryOf(context: IPollFunctions): TriggerMemory {
	const { id, name } = context.getNode();
	const key = keyOf(context, [id, name]);
	const known = memories.get(key);
	if (known) return known;
	const workflow = triggersOf(context);
	const oldKey = [...workflow].find((other) => isOldNameOf(context, other, id));
	const memory: TriggerMemory = memories.get(oldKey ?? '') ?? {
		running: null,
		batch: null,
		turn: 0,
		waitedInVainAt: -Infinity,
		sites: new Map(),
	};
	if (oldKey !== undefined) forgetKey(workflow, oldKey);
	memories.set(key, memory);
	workflow.add(key);
	return memory;
}

/** A publication failed: the trigger starts with the one that succeeds. */
export function forget(context: IPollFunctions): void {
	const { id, name } = context.getNode();
	forgetKey(triggersOf(context), keyOf(context, [id, name]));
}

/** The memories of all Cynet Triggers of the workflow that this process has polled, by node id and name. */
export function memoriesOf(
	context: IPollFunctions,
): Array<{ readonly node: string; readonly memory: TriggerMemory }> {
	return [...triggersOf(context)].map((key) => ({
		node: nodeOf(key).join(' '),
		memory: memories.get(key)!,
	}));
}

/**
 * The site's memory. @param activeFor how long the site has been waiting to be read for the first
 * time, by n8n's copy
 */
export function siteMemory(memory: TriggerMemory, site: SiteIdentity, activeFor = 0): SiteMemory {
	const key = siteKey(site);
	let known = memory.sites.get(key);
	if (!known) {
		known = {
			activeSince: clock.ticks() - activeFor,
			turn: 0,
			packed: null,
			dropped: null,
			trouble: null,
			changesTrouble: null,
			warned: new Map(),
		};
		memory.sites.set(key, known);
	}
	return known;
}

/** Of a site in this process: a server's name holds no space. */
export const siteKey = ({ server, clientId }: SiteIdentity): string => `${server} ${clientId}`;

/** n8n finds a node's followers by its name: a name without any is one that the workflow no longer has. */
function isOldNameOf(context: IPollFunctions, key: string, id: string): boolean {
	const [otherId, otherName] = nodeOf(key);
	return otherId === id && context.getChildNodes(otherName).length === 0;
}

function forgetKey(workflow: Set<string>, key: string): void {
	workflow.delete(key);
	memories.delete(key);
}

function triggersOf(context: IPollFunctions): Set<string> {
	const id = String(context.getWorkflow().id);
	let known = triggers.get(id);
	if (!known) triggers.set(id, (known = new Set()));
	return known;
}

const keyOf = (context: IPollFunctions, node: Key): string =>
	JSON.stringify([context.getWorkflow().id, ...node]);
const nodeOf = (key: string): Key => {
	const [, id, name] = JSON.parse(key) as [unknown, string, string];
	return [id, name];
};
