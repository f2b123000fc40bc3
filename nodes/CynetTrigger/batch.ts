import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { clock } from '../shared/clock';
import type { SiteIdentity } from '../shared/feed/state';
import { unpackState } from '../shared/feed/state';
import type { SiteMemory } from './memory';
import type { Run } from './run';
import { isCurrent } from './run';

/**
 * How long n8n may take to begin an execution of a batch, or to commit it with its cursor: as long
 * as its scheduler lets a poll hold its task.
 */
const COMMIT_TIME = 60_000;
/** The same where the trigger was registered anew since: it may be that n8n dropped the batch, and new alerts wait. */
const DROP_TIME = 10_000;
const LOOK_EVERY = 100;

/** What a poll emitted. */
export interface Batch {
	readonly run: Run;
	readonly alerts: number;
	/** By `clock.ticks`. */
	readonly emittedAt: number;
	readonly sites: readonly BatchSite[];
	/** Whether n8n has looked into it. n8n does so only to run it: what it drops it does not look at. */
	taken: boolean;
}

/** The part of one site. */
export interface BatchSite {
	readonly site: SiteIdentity;
	readonly memory: SiteMemory;
	/** Of the static data. */
	readonly key: string;
	/** The states before and with the batch; null where there was none. */
	readonly before: string | null;
	readonly packed: string;
	/** Of the state with the batch. */
	readonly revision: number;
}

/** The batch as n8n is given it. */
export function resultOf(items: INodeExecutionData[], batch: Batch): INodeExecutionData[][] {
	const result: INodeExecutionData[][] = [];
	const get = () => {
		batch.taken = true;
		Object.defineProperty(result, 0, {
			value: items,
			writable: true,
			enumerable: true,
			configurable: true,
		});
		return items;
	};
	Object.defineProperty(result, 0, { get, enumerable: true, configurable: true });
	return result;
}

/** The state of a site that surely belongs to what n8n took. */
export function settledState(batch: Batch | null, site: SiteMemory): string | null {
	const part =
		batch?.taken === false ? batch.sites.find(({ memory }) => memory === site) : undefined;
	return part ? part.before : site.packed;
}

/**
 * Finds out whether n8n took the last batch. One that it dropped is emitted again: the sites go back to before it.
 *
 * n8n drops a batch if the trigger was registered anew, unpublished or (durable scheduler) timed
 * out while it was polled, and says
 * so to no one. By default it takes the batch a moment after the poll's end, and memory is right
 * from then on. With durable cursors
 * it can also take a batch and then not commit it; there the cursor that it shows to a later poll decides.
 * @returns false when that is not known yet and this poll must be skipped
 */
export async function settleBatch(run: Run, staticData: IDataObject): Promise<boolean> {
	const { context, memory, durable } = run;
	const { batch } = memory;
	if (!batch) return true;
	const age = () => clock.ticks() - batch.emittedAt;
	const isSame = batch.run.context === context;
	if (durable || batch.run.durable) {
		if (!isCommitted(batch, staticData)) {
			if (age() < (batch.taken ? COMMIT_TIME : DROP_TIME)) {
				context.logger.info(
					'Cynet Trigger: This poll was skipped, because n8n is still writing the last batch.',
				);
				return false;
			}
			drop(batch);
		}
	} else {
		while (!batch.taken && age() < (isSame ? COMMIT_TIME : DROP_TIME)) await clock.wait(LOOK_EVERY);
		if (!isCurrent(run)) return false;
		if (!batch.taken) drop(batch);
	}
	memory.batch = null;
	return true;
}

function drop({ run, alerts, sites }: Batch): void {
	for (const { memory, before, packed } of sites)
		Object.assign(memory, { packed: before, dropped: packed });
	run.context.logger.warn(
		`Cynet Trigger: n8n dropped the last batch, so its alerts (${alerts}) are emitted again. If an execution did get them, they come twice.`,
	);
}

/** The sites of a batch are committed together. */
function isCommitted({ sites }: Batch, staticData: IDataObject): boolean {
	return sites.some(({ site, key, revision }) => {
		const found = unpackState(staticData[key], site);
		return found.kind === 'ok' && found.state.revision >= revision;
	});
}
