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
import { CREDENTIAL_TYPE, flawOf, isFresh, secretsOf } from './credential';
import { diagnoseAnswer, unsent, type Answer } from './diagnosis';
import { apiError, diagnose } from './errors';
import { DEFAULT_PATIENCE_MS, REQUEST_TIMEOUT_MS } from './limits';
import { withRetries, type Outcome } from './retry';

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
	/** When to give up, in milliseconds since the epoch by this machine's clock; two minutes from now unless given. */
	readonly deadline?: number;
}

/**
 * One authenticated request, and its answer with the JSON parsed. A GET is repeated while it goes wrong transiently; a
 * POST never is, for what it set off may be under way. Redirects are not followed, so that a token never reaches another
 * host.
 *
 * @throws NodeApiError, to be read with `failureOf`
 */
export async function request(context: ApiContext, wanted: ApiRequest): Promise<Answer> {
	const deadline = wanted.deadline ?? clock.now() + DEFAULT_PATIENCE_MS;
	const attempt = async () => await send(context, wanted, deadline);
	if ((wanted.method ?? 'GET') === 'GET') return await withRetries(attempt, deadline);
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

		const { statusCode, headers, body } =
			await context.helpers.httpRequestWithAuthentication.call(
				context,
				CREDENTIAL_TYPE,
				optionsOf(wanted, credential, deadline),
				{ credentialsDecrypted: { ...detailsOf(context), data: credential } },
			);
		const answer = { status: statusCode, headers, body };
		const diagnosis = diagnoseAnswer(answer);
		if (diagnosis === null || (wanted.takesText && diagnosis.reason === 'unreadable')) {
			return { value: answer };
		}
		return { error: apiError(context.getNode(), diagnosis) };
	} catch (error) {
		return { error: apiError(context.getNode(), diagnose(error, secretsOf(credential))) };
	}
}

/** As this item sees it. A poll has no items. */
async function credentialOf(
	context: ApiContext,
	itemIndex?: number,
): Promise<ICredentialDataDecryptedObject> {
	return await (context as IExecuteFunctions).getCredentials(CREDENTIAL_TYPE, itemIndex);
}

/**
 * n8n renews a token only after a 401, and counts a blank one as to be renewed: the credential is handed over with a
 * blank token once the token's end is near. n8n stores the new one in the credential.
 */
function renewedAhead(credential: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject {
	return isFresh(credential.accessTokenExpiresAt) ? credential : { ...credential, accessToken: '' };
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
		disableFollowRedirect: true,
		skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
		timeout: Math.min(REQUEST_TIMEOUT_MS, Math.max(1_000, deadline - clock.now())),
	};
}

function detailsOf(context: ApiContext): { id: string; name: string; type: string } {
	const details = context.getNode().credentials?.[CREDENTIAL_TYPE];
	return { id: details?.id ?? '', name: details?.name ?? '', type: CREDENTIAL_TYPE };
}
