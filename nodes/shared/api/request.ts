import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestMethods,
	IHttpRequestOptions,
	IPollFunctions,
} from 'n8n-workflow';

import { clock } from '../clock';
import { normalizeBaseUrl } from './base-url';
import { tokenIn } from './account';
import { CREDENTIAL_TYPE, flawOf, textOf } from './credential';
import {
	atSite,
	concernsSite,
	diagnoseAnswer,
	isDiagnosis,
	unsent,
	type Answer,
	type Diagnosis,
} from './diagnosis';
import { apiError } from './errors';
import { exchange } from './exchange';
import type { Gate } from './gate';
import { DEFAULT_PATIENCE_MS } from './limits';
import { explain } from './reasons';
import { withRetries, type Outcome } from './retry';
import { withToken } from './with-token';
import { presentable } from './words';

/** A node that runs: where its credential and n8n's HTTP client come from. */
export type ApiContext = IPollFunctions | IExecuteFunctions;

export interface ApiRequest {
	/** GET unless said otherwise. */
	readonly method?: Extract<IHttpRequestMethods, 'GET' | 'POST'>;
	/** From the root of the API, with its leading slash. */
	readonly path: string;
	readonly qs?: IDataObject;
	/** Sent as JSON. */
	readonly body?: IDataObject;
	/** Whether a success may say something other than JSON; a web page never counts as one. */
	readonly takesText?: boolean;
	/** Whether whole numbers too long for a number of JavaScript come as text. */
	readonly exact?: boolean;
	/** What is amiss with an answer that is a success by its status; null for nothing. */
	readonly judge?: (answer: Answer) => Diagnosis | null;
	/** The site; the credential's own unless given. */
	readonly clientId?: string;
	/** For whose expressions in the credential; the first item unless given. */
	readonly itemIndex?: number;
	/** When to give up, by `clock.ticks`; two minutes from now unless given. */
	readonly deadline?: number;
	/** How often a GET is tried at most; five times unless given. */
	readonly tries?: number;
	/** What a GET passes before it is repeated; its first try is the caller's. */
	readonly gate?: Gate;
}

/**
 * One authenticated request, and its answer with the JSON parsed. A GET is repeated while it goes wrong transiently; a
 * POST never is, for what it set off may be under way. Redirects are not followed, so that a token
 * never reaches another
 * host.
 *
 * @throws NodeApiError, to be read with `failureOf`
 */
export async function request(context: ApiContext, wanted: ApiRequest): Promise<Answer> {
	const deadline = wanted.deadline ?? clock.ticks() + DEFAULT_PATIENCE_MS;
	const attempt = async () => await send(context, wanted, deadline);
	if ((wanted.method ?? 'GET') === 'GET')
		return await withRetries(attempt, deadline, wanted.tries, wanted.gate);
	const outcome = await attempt();
	if ('error' in outcome) throw outcome.error;
	return outcome.value;
}

async function send(
	context: ApiContext,
	wanted: ApiRequest,
	deadline: number,
): Promise<Outcome<Answer>> {
	const outcome = await read(context, wanted, deadline);
	const diagnosis = isDiagnosis(outcome)
		? outcome
		: (diagnoseAnswer(outcome) ?? wanted.judge?.(outcome) ?? null);
	if (diagnosis === null || (wanted.takesText && diagnosis.reason === 'unreadable'))
		return { value: outcome as Answer };
	return { error: apiError(context.getNode(), await withSite(context, wanted, diagnosis)) };
}

/** The diagnosis, put down to the site where that may be why: only then is the credential read again. */
async function withSite(
	context: ApiContext,
	{ clientId, itemIndex }: ApiRequest,
	diagnosis: Diagnosis,
): Promise<Diagnosis> {
	if (!concernsSite(diagnosis)) return diagnosis;
	if (clientId !== undefined) return atSite(diagnosis, clientId);
	const credential = await credentialOf(context, itemIndex);
	return isDiagnosis(credential) ? diagnosis : atSite(diagnosis, textOf(credential.clientId));
}

async function read(
	context: ApiContext,
	wanted: ApiRequest,
	deadline: number,
): Promise<Answer | Diagnosis> {
	const credential = await credentialOf(context, wanted.itemIndex);
	if (isDiagnosis(credential)) return credential;
	const flaw = flawOf(credential);
	if (flaw !== null) return unsent(flaw);
	const call = `${wanted.path} ${wanted.clientId ?? textOf(credential.clientId)}`;
	return await withToken({
		credential,
		call,
		deadline,
		repeatable: (wanted.method ?? 'GET') === 'GET',
		ask: async (asking) => await ask(context, wanted, asking, deadline),
		readAgain: async () => await credentialOf(context, wanted.itemIndex),
	});
}

/** One request. The token that was used is in the credential afterwards. */
async function ask(
	context: ApiContext,
	wanted: ApiRequest,
	credential: ICredentialDataDecryptedObject,
	deadline: number,
): Promise<Answer | Diagnosis> {
	// An older n8n puts more into it than the token.
	const data = { ...credential };
	const details = { credentialsDecrypted: { ...detailsOf(context), data } };
	const outcome = await exchange(
		async (options) =>
			(await context.helpers.httpRequestWithAuthentication.call(
				context,
				CREDENTIAL_TYPE,
				options,
				details,
			)) as unknown,
		optionsOf(wanted, credential),
		{ credential: data, login: false, deadline, exact: wanted.exact },
	);
	Object.assign(credential, tokenIn(data));
	return outcome;
}

/** What n8n says of a credential that is not there, or not for this node. Anything else may pass. */
const NO_CREDENTIAL = /\bcredentials?\b(?!.*\bsecrets?\b)/i;

/** As this item sees it, a poll has no items; or why it cannot be had. */
async function credentialOf(
	context: ApiContext,
	itemIndex?: number,
): Promise<ICredentialDataDecryptedObject | Diagnosis> {
	try {
		return await (context as IExecuteFunctions).getCredentials(CREDENTIAL_TYPE, itemIndex);
	} catch (error) {
		const words = error instanceof Error ? error.message : '';
		if (NO_CREDENTIAL.test(words)) return unsent('notSent', false, words);
		const { description } = explain('credentialUnread');
		return unsent(
			'credentialUnread',
			false,
			words === '' ? undefined : `${description}. n8n says: ${presentable(words, [])}`,
		);
	}
}

function optionsOf(
	{ method = 'GET', path, qs, body, clientId }: ApiRequest,
	credential: ICredentialDataDecryptedObject,
): IHttpRequestOptions {
	return {
		method,
		url: `${normalizeBaseUrl(credential.baseUrl)}${path}`,
		headers: clientId ? { client_id: clientId } : {},
		...(qs && { qs }),
		...(body && { body }),
		json: true,
		skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
	};
}

function detailsOf(context: ApiContext): { id: string; name: string; type: string } {
	const details = context.getNode().credentials?.[CREDENTIAL_TYPE];
	return { id: details?.id ?? '', name: details?.name ?? '', type: CREDENTIAL_TYPE };
}
