import type { ICredentialDataDecryptedObject, IDataObject } from 'n8n-workflow';

import { clock } from '../clock';
import { accountOf, tokenIn, type Token } from './account';
import { errandOf, headersOf } from './authenticate';
import { normalizeBaseUrl } from './base-url';
import { YOUNG_MS } from './credential';
import { isDiagnosis } from './diagnosis';
import { handBack, whole } from './entered';
import { exchange } from './exchange';
import { refusalOf } from './refusal';
import { formatTime } from './time';
import { obtainToken, type Send } from './token';

type Credential = ICredentialDataDecryptedObject;

/**
 * What n8n stores and goes on with when it wants a token: where there is none, and after an error.
 * n8n's HTTP Request node
 * takes any error for an ended token and sends the request again once it has a new one. So the
 * server is asked about the
 * token first: while that lives, nothing is returned, and n8n reports the error as it was.
 *
 * @param handed the very object that n8n works with
 * @throws an error of `obtainToken`
 */
export async function renew(send: Send, handed: Credential): Promise<IDataObject> {
	const { errand, safe } = errandOf(handed) ?? { errand: null, safe: true };
	if (errand === 'refused') return {};
	const credential = whole(handed);
	if (errand === 'check' || errand === 'sent') {
		const held = heldFor(credential);
		Object.assign(credential, held);
		if (held !== null && (await lives(send, credential, safe)))
			return errand === 'check' ? returned(handed, held) : {};
	}
	return returned(handed, await obtainToken(send, credential, { handed }));
}

function returned(handed: Credential, token: Token): IDataObject {
	return { ...handBack(handed), ...token };
}

/** The token to ask about: the stored one, or the one that this process has. */
function heldFor(credential: Credential): Token | null {
	const account = accountOf(credential);
	return account.canUse(credential) ? tokenIn(credential) : account.fresh;
}

/** Older on-premises servers lack the first. */
const SMALL_LISTS = ['/api/alerts/bulk', '/api/alerts'];

/**
 * Whether the server takes a token, asked once however many want to know. One that does not say is
 * no reason for a login.
 */
async function lives(send: Send, credential: Credential, safe: boolean): Promise<boolean> {
	const { checks } = accountOf(credential);
	const key = `${safe} ${String(credential.accessToken)}`;
	const known = checks.get(key);
	if (known !== undefined) return await known;
	const asking = ask(send, credential, safe).finally(() => checks.delete(key));
	checks.set(key, asking);
	return await asking;
}

async function ask(send: Send, credential: Credential, safe: boolean): Promise<boolean> {
	for (const path of SMALL_LISTS) {
		const answer = await exchange(
			send,
			{
				method: 'GET',
				url: `${normalizeBaseUrl(credential.baseUrl)}${path}`,
				headers: headersOf(credential),
				qs: { LastSeen: formatTime(clock.now()), Limit: 1, Offset: 0 },
				skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
			},
			{ credential, login: false, deadline: Infinity },
		);
		if (isDiagnosis(answer)) return true;
		if (answer.status === 404 || answer.status === 405) continue;
		const refusal = refusalOf(answer, true);
		// Of a change that may have begun, only a sure word counts: it would be sent again.
		return (
			refusal === null ||
			(refusal === 'perhaps' && (!safe || accountOf(credential).ageOf(credential) <= YOUNG_MS))
		);
	}
	return true;
}
