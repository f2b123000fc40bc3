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
import { CREDENTIAL_TYPE, flawOf, isFresh } from './credential';
import { diagnoseAnswer, unsent, type Answer } from './diagnosis';
import { apiError, diagnose } from './errors';
import { DEFAULT_PATIENCE_MS, REQUEST_TIMEOUT_MS } from './limits';
import { withRetries, type Outcome } from './retry';
import { forgetRefused } from './token';

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
	/** The site; the credential's own unless given. */
	readonly clientId?: string;
	/** For whose expressions in the credential; the first item unless given. */
	readonly itemIndex?: number;
	/** When to give up, by `clock.ticks`; two minutes from now unless given. */
	readonly deadline?: number;
	/** How often a GET is tried at most; five times unless given. */
	readonly tries?: number;
}

/**
 * One authenticated request, and its answer with the JSON parsed. A GET is repeated while it goes wrong transiently; a
 * POST never is, for what it set off may be under way. Redirects are not followed, so that a token never reaches another
 * host.
 *
 * @throws NodeApiError, to be read with `failureOf`
 */
export async function request(context: ApiContext, wanted: ApiRequest): Promise<Answer> {
	const deadline = wanted.deadline ?? clock.ticks() + DEFAULT_PATIENCE_MS;
	const attempt = async () => await send(context, wanted, deadline);
	if ((wanted.method ?? 'GET') === 'GET') return await withRetries(attempt, deadline, wanted.tries);
	const outcome = await attempt();
	if ('error' in outcome) throw outcome.error;
	return outcome.value;
}

async function send(
	context: ApiContext,
	wanted: ApiRequest,
	deadline: number,
): Promise<Outcome<Answer>> {
	let credential: ICredentialDataDecryptedObject = {};
	try {
		credential = renewedAhead(await credentialOf(context, wanted.itemIndex));
		const flaw = flawOf(credential);
		if (flaw !== null) return { error: apiError(context.getNode(), unsent(flaw)) };

		let answer = await ask(context, wanted, credential, deadline);
		// A token that is remembered here, while n8n had one of another process, may be refused as well: then a new one is the third.
		for (let tries = 1, another = true; answer.status === 401 && another && tries < 3; tries++) {
			another = forgetRefused(credential);
			credential = withoutToken(credential);
			answer = await ask(context, wanted, credential, deadline);
		}
		const diagnosis = diagnoseAnswer(answer);
		if (diagnosis === null || (wanted.takesText && diagnosis.reason === 'unreadable')) {
			return { value: answer };
		}
		return { error: apiError(context.getNode(), diagnosis) };
	} catch (error) {
		return { error: apiError(context.getNode(), diagnose(error, credential)) };
	}
}

/**
 * One request. n8n is told to throw at no status, a 401 included: n8n 1.x keeps nothing of an answer that it throws but the
 * status. n8n writes the token that it used into the credential.
 */
async function ask(
	context: ApiContext,
	wanted: ApiRequest,
	credential: ICredentialDataDecryptedObject,
	deadline: number,
): Promise<Answer> {
	const { statusCode, headers, body } = await context.helpers.httpRequestWithAuthentication.call(
		context,
		CREDENTIAL_TYPE,
		optionsOf(wanted, credential, deadline),
		{ credentialsDecrypted: { ...detailsOf(context), data: credential } },
	);
	return { status: statusCode, headers, body };
}

/** As this item sees it. A poll has no items. */
async function credentialOf(
	context: ApiContext,
	itemIndex?: number,
): Promise<ICredentialDataDecryptedObject> {
	return await (context as IExecuteFunctions).getCredentials(CREDENTIAL_TYPE, itemIndex);
}

/** With the token only while its end is not near, so that a token is renewed ahead of it. */
function renewedAhead(credential: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject {
	return isFresh(credential.accessTokenExpiresAt) ? credential : withoutToken(credential);
}

/** n8n counts a blank token as to be renewed, and stores the new one in the credential. */
function withoutToken(credential: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject {
	return { ...credential, accessToken: '' };
}

function optionsOf(
	{ method = 'GET', path, qs, body, clientId }: ApiRequest,
	credential: ICredentialDataDecryptedObject,
	deadline: number,
): IHttpRequestOptions {
	return {
		method,
		url: `${normalizeBaseUrl(credential.baseUrl)}${path}`,
		headers: clientId ? { client_id: clientId } : {},
		...(qs && { qs }),
		...(body && { body }),
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
		timeout: Math.min(REQUEST_TIMEOUT_MS, Math.max(1_000, deadline - clock.ticks())),
	};
}

function detailsOf(context: ApiContext): { id: string; name: string; type: string } {
	const details = context.getNode().credentials?.[CREDENTIAL_TYPE];
	return { id: details?.id ?? '', name: details?.name ?? '', type: CREDENTIAL_TYPE };
}
