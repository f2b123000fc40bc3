import { createHash } from 'crypto';
import type { Call } from './call';
import { runsAsTool } from './remediation/tool';

/**
 * What is kept under a name with the execution, so that a node that n8n runs again finds it: Retry
 * On Fail keeps all of it, and so
 * does the retry of an execution that failed.
 */
export function bookOf<Entry>({ context }: Call, name: string): Record<string, Entry> {
	try {
		const kept = context.getContext('node') as Record<string, Record<string, Entry> | undefined>;
		return (kept[name] ??= {});
	} catch {
		// n8n runs a single node without a workflow: nothing is repeated there.
		return {};
	}
}

/**
 * Where in the execution an item is: which run of the node, as in a loop, and which item of it. An
 * agent's calls have no such place.
 */
export function placeOf({ context, itemIndex }: Call): number[] {
	return runsAsTool(context)
		? []
		: [Number(context.getWorkflowDataProxy(itemIndex).$runIndex ?? 0), itemIndex];
}

/** A key of a book: bounded, and without what it stands for. */
export const keyOf = (...parts: readonly unknown[]): string =>
	createHash('sha256').update(JSON.stringify(parts)).digest('base64');
