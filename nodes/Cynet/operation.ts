import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call } from './call';

/** One thing to do: what the editor shows of it, and what it does for one item. */
export interface Operation {
	readonly name: string;
	/** As the list of all actions shows it. */
	readonly action: string;
	readonly description: string;
	/** Its fields. When they are shown follows from the operation; `displayOptions` only adds to that. */
	readonly properties: readonly INodeProperties[];
	/**
	 * @returns the JSON of the items that come out for this one
	 * @throws NodeOperationError for input that cannot be right, before any request; NodeApiError
	 */
	run(call: Call): Promise<IDataObject[]>;
}

/** What the operations are about. The keys of both tables are stored in workflows: they never change. */
export interface Resource {
	readonly name: string;
	readonly operations: Readonly<Record<string, Operation>>;
	/** The key of the operation that is chosen at first; it changes nothing in Cynet. */
	readonly default: string;
}

/** An own key of a table: what an expression brings along may be anything. */
export function lookUp<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
	return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
