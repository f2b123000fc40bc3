import { NodeApiError, type JsonObject } from 'n8n-workflow';
import { mayHaveBegun, type Acceptance, type Remediation } from '../../shared/api/remediation';
import { bookOf, keyOf, placeOf } from '../book';
import type { Call } from '../call';
import { runsAsTool } from './tool';

/** What became of what was sent for an item. */
interface Entry {
	/** A fingerprint of site and request. */
	readonly what: string;
	/** Null where nobody knows what became of it. */
	readonly acceptance: Acceptance | null;
}

interface Sent extends Acceptance {
	/** Whether an earlier run of this node in the same execution, or in the one that is run again, sent it. */
	readonly sentBefore: boolean;
}

/**
 * Sends a remediation for an item at most once in an execution. n8n's Retry On Fail runs the whole node again, also for
 * the items that went well: those get the answer of the first time, and one whose fate is not known is not sent again.
 *
 * An execution that n8n runs again brings along what n8n kept: all of it when the execution failed,
 * nothing when n8n was killed.
 * There an item without a record may have been acted on, so nothing is sent unless the owner of the node allows it.
 */
export async function once(
	call: Call,
	remediation: Remediation,
	site: string,
	send: () => Promise<Acceptance>,
): Promise<Sent> {
	const book = bookOf<Entry>(call, 'sentToCynet');
	const what = keyOf(site, remediation.path, remediation.body);
	// Of a tool there is no such thing as an item: what it was asked for counts.
	const key = runsAsTool(call.context) ? what : keyOf(...placeOf(call));
	const known = book[key];
	if (known?.what === what && known.acceptance) return { ...known.acceptance, sentBefore: true };
	if (known?.what === what) {
		throw call.refuse(
			'This action was sent before and may have begun, so it is not sent again',
			'n8n ran this node once more, and Cynet had not said what became of the first request. Look in the Cynet console; if nothing happened there, run the workflow anew.',
		);
	}
	if (known) {
		throw call.refuse(
			'This item was acted on before in another way, so nothing is sent for it again',
			'n8n ran this node once more, and its fields came to another host, file or site than the first time. Look in the Cynet console what was done, and run the workflow anew for what is left.',
		);
	}
	if (call.context.getMode() === 'retry' && !call.allows('actAgainOnRetry')) {
		throw call.refuse(
			'n8n runs this execution again, and kept no record of this action',
			'Cynet may have been asked for it the first time, so nothing was sent. Look in the Cynet console; if nothing happened there, run the workflow anew, or turn on the option Act Again on Retry in this node.',
		);
	}
	book[key] = { what, acceptance: null };
	try {
		const acceptance = await send();
		// An agent decides anew each time, and n8n does not repeat a tool that went well.
		if (runsAsTool(call.context)) delete book[key];
		else book[key] = { what, acceptance };
		return { ...acceptance, sentBefore: false };
	} catch (error) {
		if (!mayHaveBegun(error)) delete book[key];
		throw new NodeApiError(call.context.getNode(), error as JsonObject);
	}
}
