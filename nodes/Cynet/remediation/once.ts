import { createHash } from 'crypto';
import { NodeApiError, type JsonObject } from 'n8n-workflow';
import { mayHaveBegun, type Acceptance, type Remediation } from '../../shared/api/remediation';
import type { Call } from '../call';
import { runsAsTool } from './tool';

/** What became of what was sent, by a key of what and for which item. n8n keeps it with the execution. */
type Book = Record<string, { acceptance: Acceptance | null }>;

export interface Sent extends Acceptance {
	/** Whether an earlier run of this node in the same execution sent it. */
	readonly sentBefore: boolean;
}

/**
 * Sends a remediation for an item at most once in an execution. n8n's Retry On Fail runs the whole node again, also for
 * the items that went well: those get the answer of the first time, and one whose fate is not known is not sent again.
 */
export async function once(call: Call, remediation: Remediation, site: string, send: () => Promise<Acceptance>): Promise<Sent> {
	const book = bookOf(call);
	const key = keyOf(call, remediation, site);
	const known = book[key];
	if (known?.acceptance) return { ...known.acceptance, sentBefore: true };
	if (known) {
		throw call.refuse(
			'This action was sent before and may have begun, so it is not sent again',
			'n8n ran this node once more, and Cynet had not said what became of the first request. Look in the Cynet console; if nothing happened there, run the workflow anew.',
		);
	}
	book[key] = { acceptance: null };
	try {
		const acceptance = await send();
		// An agent decides anew each time, and n8n does not repeat a tool that went well.
		if (runsAsTool(call.context)) delete book[key];
		else book[key] = { acceptance };
		return { ...acceptance, sentBefore: false };
	} catch (error) {
		if (!mayHaveBegun(error)) delete book[key];
		throw new NodeApiError(call.context.getNode(), error as JsonObject);
	}
}

function keyOf(call: Call, { path, body }: Remediation, site: string): string {
	const run: unknown[] = runsAsTool(call.context) ? [] : [runIndexOf(call), call.itemIndex];
	return createHash('sha256').update(JSON.stringify([...run, site, path, body])).digest('base64');
}

/** Which run of the node this is, as in a loop; the same when n8n repeats it. */
function runIndexOf({ context, itemIndex }: Call): number {
	return Number(context.getWorkflowDataProxy(itemIndex).$runIndex ?? 0);
}

function bookOf({ context }: Call): Book {
	try {
		const kept = context.getContext('node') as { sentToCynet?: Book };
		return (kept.sentToCynet ??= {});
	} catch {
		// n8n runs a single node without a workflow: nothing is repeated there.
		return {};
	}
}
