import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { clock } from '../clock';
import { normalizeBaseUrl } from './base-url';
import { flawOf, isFresh, textOf, TOKEN_LIFE_MS } from './credential';
import { diagnoseAnswer, unsent, type Diagnosis } from './diagnosis';
import { diagnose, loginError } from './errors';
import { REQUEST_TIMEOUT_MS } from './limits';

/** Names as the credential declares them: n8n reads back only declared fields. */
export type Token = {
	accessToken: string;
	/** Milliseconds since the epoch by this machine's clock, as text: n8n 1.x cannot show a secret that is a number. */
	accessTokenExpiresAt: string;
};

/** n8n's HTTP client, which no credential is added to. */
export type Send = IHttpRequestHelper['helpers']['httpRequest'];

interface Scheme {
	readonly path: string;
	readonly userField: string;
	readonly passwordField: string;
}

/** The two ways to log in. `accountToken`: vendor documentation and most integrators. `v2Login`: integrators. */
const SCHEMES: Readonly<Record<'accountToken' | 'v2Login', Scheme>> = {
	accountToken: { path: '/api/account/token', userField: 'user_name', passwordField: 'password' },
	v2Login: { path: '/api/v2/login', userField: 'accessKey', passwordField: 'secretKey' },
};

/** Where the token has been seen in the answer; the first that is text counts. */
const TOKEN_FIELDS = ['access_token', 'access', 'token'] as const;

const pending = new Map<string, Promise<Token | Diagnosis>>();
const newest = new Map<string, Token>();

/**
 * A token for the account of the credential. At most one exchange for an account is under way in the process; a caller
 * whose token is older than the newest one, or who has none, is handed the newest. A caller whose token is the newest
 * one says by that that the API refused it.
 *
 * @param anew whether the keys themselves are in question, so that no token will do that is there already
 * @throws an error whose message names the field to check, and which holds neither key nor token
 */
export async function obtainToken(
	send: Send,
	credential: ICredentialDataDecryptedObject,
	anew = false,
): Promise<Token> {
	const flaw = flawOf(credential);
	if (flaw !== null) throw loginError(unsent(flaw, true), credential);
	const account = accountOf(credential);
	if (anew) newest.delete(account);
	else forgetRefused(credential);
	const known = newest.get(account);
	if (known !== undefined) return { ...known };

	const exchange = pending.get(account) ?? exchangeKeys(send, credential);
	pending.set(account, exchange);
	const outcome = await exchange.finally(() => pending.delete(account));
	if ('reason' in outcome) throw loginError(outcome, credential);
	newest.set(account, outcome);
	return { ...outcome };
}

/**
 * The API refused the token of this credential: it is handed to nobody any more.
 *
 * @returns whether another token is known that will be handed out instead, of which nobody knows whether it is refused too
 */
export function forgetRefused(credential: ICredentialDataDecryptedObject): boolean {
	const account = accountOf(credential);
	const known = newest.get(account);
	if (known === undefined) return false;
	if (supersedes(known, credential)) return true;
	newest.delete(account);
	return false;
}

/** A fingerprint of address, scheme and keys: a changed secret is another account, and no secret is kept as a key. */
function accountOf({ baseUrl, authentication, username, password }: ICredentialDataDecryptedObject) {
	return createHash('sha256')
		.update(JSON.stringify([normalizeBaseUrl(baseUrl), authentication, username, password]))
		.digest('hex');
}

function supersedes(known: Token, credential: ICredentialDataDecryptedObject): boolean {
	const end = Number(known.accessTokenExpiresAt);
	if (textOf(credential.accessToken) === '') return isFresh(end);
	return (
		known.accessToken !== credential.accessToken &&
		end > clock.now() &&
		end >= (Number(credential.accessTokenExpiresAt) || 0)
	);
}

async function exchangeKeys(
	send: Send,
	credential: ICredentialDataDecryptedObject,
): Promise<Token | Diagnosis> {
	const issuedAt = clock.now();
	const result = await askForToken(send, credential);
	if (typeof result !== 'string') return result;
	return { accessToken: result, accessTokenExpiresAt: String(issuedAt + TOKEN_LIFE_MS) };
}

async function askForToken(
	send: Send,
	credential: ICredentialDataDecryptedObject,
): Promise<string | Diagnosis> {
	const scheme = SCHEMES[credential.authentication === 'v2Login' ? 'v2Login' : 'accountToken'];
	let response;
	try {
		response = await send({
			method: 'POST',
			url: `${normalizeBaseUrl(credential.baseUrl)}${scheme.path}`,
			headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
			body: {
				[scheme.userField]: textOf(credential.username),
				[scheme.passwordField]: String(credential.password),
			},
			timeout: REQUEST_TIMEOUT_MS,
			disableFollowRedirect: true,
			skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
			ignoreHttpStatusErrors: true,
			returnFullResponse: true,
		});
	} catch (error) {
		return diagnose(error, credential, true);
	}
	const { statusCode: status, headers, body } = response;
	const diagnosis = diagnoseAnswer({ status, headers, body }, true);
	if (diagnosis !== null) return diagnosis;
	const token = TOKEN_FIELDS.map((field) => body?.[field]).find(
		(value) => typeof value === 'string' && value !== '',
	);
	return token ?? { reason: 'tokenMissing', status, retryAfterMs: null, login: true };
}
