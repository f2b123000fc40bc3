import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHttpRequestOptions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { clock } from '../clock';
import { authenticate } from './authenticate';
import { isReadByOthers, normalizeBaseUrl } from './base-url';
import { textOf } from './credential';
import { atSite, diagnoseAnswer, isDiagnosis, type Diagnosis } from './diagnosis';
import { diagnose } from './errors';
import { exchange } from './exchange';
import { sentences, type Reason } from './reasons';
import { rowsOf } from './rows';
import { formatTime } from './time';
import { obtainToken, type Send } from './token';

/** What a status says once a token was issued. */
const BY_STATUS: Readonly<Record<number, Reason>> = {
	401: 'siteRejected',
	404: 'listMissing',
	405: 'listMissing',
};

const BY_REASON: Readonly<Partial<Record<Reason, Reason>>> = { forbidden: 'siteForbidden' };

const HOUR_MS = 3600_000;

const ACCEPTED = 'Cynet accepts the keys and the Client ID.';
const IN_CLEAR =
	'Base URL starts with http://, so keys, token and alerts travel in the clear: anyone on the way can read and use them.';

/**
 * n8n's credential test: logs in and reads one alert, for a login alone does not notice a wrong
 * Client ID. A function and not
 * n8n's declarative form, because n8n 1.x says of a status that it throws no more than "Forbidden".
 */
export async function testCredential(
	this: ICredentialTestFunctions,
	{ data = {} }: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const send = senderOf(this);
	const credential = { ...data };
	try {
		Object.assign(credential, await obtainToken(send, credential, { anew: true }));
		const request = await authenticate(credential, alertRequest(credential));
		const answer = await exchange(send, request, { credential, login: false, deadline: Infinity });
		if (isDiagnosis(answer)) return failed(answer);
		const diagnosis = diagnoseAnswer(answer);
		if (diagnosis !== null) return failed(atSite(diagnosis, textOf(credential.clientId)));
		if (rowsOf(answer.body, 'Entities') === null)
			return failed({ reason: 'noList', said: answer.said });
		return {
			status: 'OK',
			message: isReadByOthers(normalizeBaseUrl(credential.baseUrl) ?? '')
				? `${ACCEPTED} ${IN_CLEAR}`
				: ACCEPTED,
		};
	} catch (error) {
		return failed(diagnose(error, credential));
	}
}

function alertRequest(credential: ICredentialDataDecryptedObject): IHttpRequestOptions {
	return {
		method: 'GET',
		url: `${normalizeBaseUrl(credential.baseUrl)}/api/alerts/bulk`,
		qs: { LastSeen: formatTime(clock.now() - HOUR_MS), Limit: 1, Offset: 0 },
		skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
	};
}

function failed({
	reason,
	status,
	login,
	detail,
	said,
}: Partial<Diagnosis> & Pick<Diagnosis, 'reason'>): INodeCredentialTestResult {
	const atList =
		login || reason === 'clientIdWrong' ? undefined : (BY_REASON[reason] ?? BY_STATUS[status ?? 0]);
	return { status: 'Error', message: sentences(atList ?? reason, detail, said) };
}

/** The one helper that n8n gives to a credential test takes the options of an older one. */
function senderOf({ helpers }: ICredentialTestFunctions): Send {
	return async ({ url, method, headers, qs, body, timeout, skipSslCertificateValidation }) =>
		(await helpers.request({
			method,
			uri: url,
			headers,
			qs,
			body,
			timeout,
			json: true,
			useStream: true,
			simple: false,
			followRedirect: false,
			resolveWithFullResponse: true,
			...(skipSslCertificateValidation && { rejectUnauthorized: false }),
		})) as unknown;
}
