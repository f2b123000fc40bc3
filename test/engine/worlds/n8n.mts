import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { CynetTrigger } from '../../../nodes/CynetTrigger/CynetTrigger.node.ts';
import type { Host, LogLine } from '../harness.mts';

type Result = Promise<INodeExecutionData[][] | null>;

/** n8n as the world sees it: what it emits, what it logs, and the node's static data that counts at this moment. */
export interface Engine {
	activate(): Result;
	poll(): Result;
	/** A poll whose snapshot was read before the last one was committed. */
	race(): Result;
	/** Lines since the last call. */
	takeLog(): LogLine[];
	readonly state: IDataObject;
}

type EngineKind = 'legacy' | 'durable';
export type MakeHost = (staticData: IDataObject | undefined, pollBudgetMs?: number) => Host;

/** As n8n's database keeps it; the live one is a proxy. */
export const clone = (value: IDataObject): IDataObject =>
	JSON.parse(JSON.stringify(value)) as IDataObject;

export const engineOf = (
	kind: EngineKind,
	makeHost: MakeHost,
	saved: IDataObject | undefined,
): Engine => (kind === 'legacy' ? legacy(makeHost, saved) : durable(makeHost, saved ?? {}));

/** n8n's default: one context a registration; saved with an emission and at the end of an activation. */
function legacy(makeHost: MakeHost, saved: IDataObject | undefined): Engine {
	const host = makeHost(saved);
	const nodeType = new CynetTrigger();
	return {
		activate: async () => await host.activate(nodeType),
		poll: async () => await host.poll(nodeType),
		race: async () => await host.poll(nodeType),
		takeLog: () => host.log.splice(0),
		get state() {
			return host.staticData;
		},
	};
}

/**
 * n8n's durable cursors: each poll works on a copy of what was committed; a throw, and nothing at
 * activation, commits nothing.
 */
function durable(makeHost: MakeHost, committed: IDataObject): Engine {
	let previous = clone(committed);
	const log: LogLine[] = [];
	const run = async (seed: IDataObject, budget: number | undefined, commitsNull: boolean) => {
		previous = clone(committed);
		const host = makeHost(clone(seed), budget);
		const nodeType = new CynetTrigger();
		host.context(nodeType);
		const result = await host.poll(nodeType).finally(() => log.push(...host.log));
		const after = clone(host.staticData);
		if ((result !== null || commitsNull) && JSON.stringify(after) !== JSON.stringify(seed)) {
			for (const key of Object.keys(committed)) delete committed[key];
			Object.assign(committed, after);
		}
		return result;
	};
	return {
		activate: async () => await run(committed, undefined, false),
		poll: async () => await run(clone(committed), 36_000, true),
		race: async () => await run(previous, 36_000, true),
		takeLog: () => log.splice(0),
		state: committed,
	};
}
