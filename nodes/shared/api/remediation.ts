import type { IDataObject, NodeApiError } from 'n8n-workflow';

import { clock } from '../clock';
import type { FetchOptions } from './alerts';
import { FLAWS } from './credential';
import { answered, type Answer } from './diagnosis';
import { apiError, failureOf, reasonOf, unexpected } from './errors';
import { objectOf, orNone } from './inventory';
import { ACTION_PATIENCE_MS } from './limits';
import { pause } from './pause';
import type { Reason } from './reasons';
import { request, type ApiContext } from './request';
import type { Outcome } from './retry';

/**
 * Each in use by an integrator. `path/quarantine` is the other of the two addresses that are in use
 * for a quarantine.
 */
export type FileAction =
	| 'delete'
	| 'kill'
	| 'path/quarantine'
	| 'quarantine'
	| 'unquarantine'
	| 'verify';
export type HostAction = 'disableNetwork' | 'isolate' | 'shutdown' | 'unisolate';

/** What is sent, once. */
export interface Remediation {
	readonly method: 'POST';
	readonly path: string;
	readonly body: { readonly host: string | null; readonly sha256?: string };
}

/** A whole number of 64 bits: as text where a number of JavaScript would round it. */
export type RemediationId = number | string;

export interface Acceptance {
	/** What to ask for the outcome with; empty only where silence was taken for a yes. */
	readonly remediationIds: readonly RemediationId[];
	/** As Cynet wrote it; null for an empty one. */
	readonly response: IDataObject | null;
}

interface ActionOptions extends FetchOptions {
	/** Whether a success that says nothing at all counts as accepted: no source shows what is answered for a host. */
	readonly silenceIsConsent?: boolean;
}

/**
 * @param sha256 64 hexadecimal digits
 * @param host null for every host that has the file
 */
export function fileRemediation(
	action: FileAction,
	sha256: string,
	host: string | null,
): Remediation {
	return { method: 'POST', path: `/api/file/remediation/${action}`, body: { sha256, host } };
}

/** @param host its name: Cynet does not take an IP address */
export function hostRemediation(action: HostAction, host: string): Remediation {
	return { method: 'POST', path: `/api/host/remediation/${action}`, body: { host } };
}

/**
 * Sends it once. A success means that Cynet has taken it on, not that anything has happened: Cynet
 * answers with success for
 * hosts that are off or out of reach as well (documentation of an integrator). It has the
 * documented shape, a list of remediation
 * ids, and nothing in it speaks of an error.
 *
 * What is known not to have begun is asked again for ten minutes: after status 429 or 425, or where
 * the login was not answered.
 *
 * @throws NodeApiError; `mayHaveBegun` tells whether the action may be under way all the same
 */
export async function remediate(
	context: ApiContext,
	remediation: Remediation,
	options: ActionOptions = {},
): Promise<Acceptance> {
	const deadline = options.deadline ?? clock.ticks() + ACTION_PATIENCE_MS;
	let waited = 0;
	for (let tries = 1; ; tries++) {
		const outcome = await send(context, remediation, { ...options, deadline });
		if ('value' in outcome) return outcome.value;
		const wait = waitBefore(outcome.error, tries);
		if (wait === null || clock.ticks() + wait >= deadline || waited + wait >= ACTION_PATIENCE_MS)
			throw outcome.error;
		if (!(await pause(context, wait))) throw outcome.error;
		waited += wait;
	}
}

async function send(
	context: ApiContext,
	{ method, path, body }: Remediation,
	{ silenceIsConsent, ...options }: ActionOptions,
): Promise<Outcome<Acceptance>> {
	try {
		const answer = await request(context, {
			...options,
			method,
			path,
			body: { ...body },
			takesText: true,
			exact: true,
		});
		const value = acceptanceOf(answer, silenceIsConsent === true);
		return value === null
			? {
					error: apiError(context.getNode(), {
						...answered('notAccepted', answer.status),
						said: answer.said,
					}),
				}
			: { value };
	} catch (error) {
		return { error: error as NodeApiError };
	}
}

/** What was accepted; null for an answer that does not say so. */
function acceptanceOf({ body, said }: Answer, silenceIsConsent: boolean): Acceptance | null {
	if (said !== undefined) return null;
	if (isSilent(body))
		return silenceIsConsent
			? { remediationIds: [], response: (body ?? '') === '' ? null : (body as IDataObject) }
			: null;
	const items = (body as { remediation_items?: unknown }).remediation_items;
	const remediationIds = (Array.isArray(items) ? items : [])
		.map(remediationId)
		.filter((id) => id !== null);
	return remediationIds.length > 0 ? { remediationIds, response: body as IDataObject } : null;
}

function isSilent(body: unknown): boolean {
	if (body === undefined || body === null) return true;
	if (typeof body === 'string') return body.trim() === '';
	return typeof body === 'object' && !Array.isArray(body) && Object.keys(body).length === 0;
}

/**
 * A remediation id as it can be asked for; null for what is none, or has been rounded. 0 and -1 are
 * what programs write for none.
 */
export function remediationId(value: unknown): RemediationId | null {
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	const text = String(value).trim();
	if (!/^-?[1-9]\d{0,18}$/.test(text) || text === '-1') return null;
	if (Number.isSafeInteger(Number(text))) return Number(text);
	return typeof value === 'string' ? text : null;
}

const MOST_TRIES = 5;
const SHORTEST_WAIT_MS = 1_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait before the action is asked for again, in milliseconds; null where it is not
 * known that nothing was begun, or where waiting does not help.
 */
function waitBefore(error: unknown, tries: number): number | null {
	const { transient, status, retryAfterMs, atLogin } = failureOf(error);
	const isHeldBack = status === 429 || status === 425;
	if (!isHeldBack && !(atLogin && transient && tries < MOST_TRIES)) return null;
	const wait = retryAfterMs ?? Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
	return Math.max(SHORTEST_WAIT_MS, wait);
}

/** Where the request is known not to have left. */
const UNSENT: readonly Reason[] = [
	...FLAWS,
	'credentialUnread',
	'hostUnknown',
	'addressBlocked',
	'certificate',
	'certificateEarly',
];

/** Whether Cynet may have begun the action although it did not say so: no answer, or one that says nothing about it. */
export function mayHaveBegun(error: unknown): boolean {
	const reason = reasonOf(error);
	const { status, atLogin } = failureOf(error);
	if (atLogin || (reason !== null && UNSENT.includes(reason))) return false;
	// 303 is how a server may answer a POST that it has carried out.
	const refused =
		status !== null && status >= 300 && status < 500 && status !== 303 && status !== 408;
	return !refused;
}

/**
 * What Cynet says of a remediation: `status`, a code of which only 24 is known ("File does not
 * exist") and which may name the
 * kind of the action rather than its outcome, and `statusInfo`, its text.
 *
 * @throws NodeApiError, `remediationMissing` where there is no such id
 */
export async function fetchRemediation(
	context: ApiContext,
	id: RemediationId,
	options: FetchOptions = {},
): Promise<IDataObject> {
	return await orNone(context, 'remediationMissing', async () => {
		const answer = await request(context, {
			...options,
			path: `/api/file/remediation/${id}`,
			exact: true,
		});
		const found = objectOf(context, answer);
		if (found === null || !('status' in found || 'statusInfo' in found))
			throw unexpected(context.getNode(), answer);
		return found;
	});
}
