import type { IDataObject } from 'n8n-workflow';

import type { FetchOptions } from './alerts';
import { failureOf, reasonOf, unexpected } from './errors';
import { objectOf, orNone } from './inventory';
import type { Reason } from './reasons';
import { request, type ApiContext } from './request';

/** Each in use by an integrator. `path/quarantine` is the other of the two addresses that are in use for a quarantine. */
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

export interface Acceptance {
	/** What to ask for the outcome with; empty where Cynet named none. */
	readonly remediationIds: readonly number[];
	/** As Cynet wrote it; null for an empty one. No source shows what it holds for a host. */
	readonly response: IDataObject | string | number | boolean | null;
}

/**
 * @param sha256 64 hexadecimal digits
 * @param host null for every host that has the file
 */
export function fileRemediation(action: FileAction, sha256: string, host: string | null): Remediation {
	return { method: 'POST', path: `/api/file/remediation/${action}`, body: { sha256, host } };
}

/** @param host its name: Cynet does not take an IP address */
export function hostRemediation(action: HostAction, host: string): Remediation {
	return { method: 'POST', path: `/api/host/remediation/${action}`, body: { host } };
}

/**
 * Sends it once. A success means that Cynet has taken it on, not that anything has happened: Cynet answers with success for
 * hosts that are off or out of reach as well (documentation of an integrator).
 *
 * @throws NodeApiError; `mayHaveBegun` tells whether the action may be under way all the same
 */
export async function remediate(
	context: ApiContext,
	{ method, path, body }: Remediation,
	options: FetchOptions = {},
): Promise<Acceptance> {
	const sent = { ...options, method, path, body: { ...body }, takesText: true };
	const answer = await request(context, sent);
	const response = (answer.body ?? '') === '' ? null : (answer.body as Acceptance['response']);
	const ids = (response as { remediation_items?: unknown } | null)?.remediation_items;
	const remediationIds = (Array.isArray(ids) ? ids : []).filter((id) => /^\d{1,15}$/.test(String(id))).map(Number);
	return { remediationIds, response };
}

/** Where the request is known not to have left. */
const UNSENT: readonly Reason[] = [
	'baseUrlInvalid',
	'usernameMissing',
	'passwordMissing',
	'clientIdMissing',
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
	const refused = status !== null && status >= 300 && status < 500 && status !== 303 && status !== 408;
	return !refused;
}

/**
 * What Cynet says of a file remediation: `status`, a code of which only 24 is known ("File does not exist"), and
 * `statusInfo`, its text.
 *
 * @throws NodeApiError, `remediationMissing` where there is no such id
 */
export async function fetchRemediation(
	context: ApiContext,
	id: number,
	options: FetchOptions = {},
): Promise<IDataObject> {
	return await orNone(context, 'remediationMissing', async () => {
		const answer = await request(context, { ...options, path: `/api/file/remediation/${id}` });
		const found = objectOf(context, answer);
		if (found === null) throw unexpected(context.getNode(), answer);
		return found;
	});
}
