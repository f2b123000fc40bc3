import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { clock } from '../clock';
import { accountOf, type Account, type Token } from './account';
import { normalizeBaseUrl } from './base-url';
import { flawOf, textOf } from './credential';
import { answered, diagnoseAnswer, isDiagnosis, unsent, type Diagnosis } from './diagnosis';
import { loginError } from './errors';
import { exchange } from './exchange';
import { keyOf } from './words';

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

/**
 * Where the token has been seen in the answer, as `keyOf` writes it, for letter case changes with a release; the
 * first that is text counts.
 */
const TOKEN_KEYS = ['accesstoken', 'access', 'token'];

export type SchemeName = keyof typeof SCHEMES;

/** The kind of login that a credential names. */
export const schemeOf = ({ authentication }: ICredentialDataDecryptedObject): SchemeName =>
	authentication === 'v2Login' ? 'v2Login' : 'accountToken';

/** The request that logs in, to the server of the credential. */
export function loginRequest(
	credential: ICredentialDataDecryptedObject,
	schemeName: SchemeName,
): IHttpRequestOptions {
	const scheme = SCHEMES[schemeName];
	return {
		method: 'POST',
		url: `${normalizeBaseUrl(credential.baseUrl)}${scheme.path}`,
		headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
		body: {
			[scheme.userField]: textOf(credential.username),
			[scheme.passwordField]: String(credential.password),
		},
		skipSslCertificateValidation: credential.allowUnauthorizedCerts === true,
	};
}

/** The token in the answer to a login; undefined where it holds none. */
export function issuedToken(body: unknown): string | undefined {
	const fields = Object.entries((body ?? {}) as Readonly<Record<string, unknown>>);
	return TOKEN_KEYS.flatMap((name) => fields.filter(([key]) => keyOf(key) === name))
		.map(([, value]) => value)
		.find((value): value is string => typeof value === 'string' && value !== '');
}

/**
 * A token for the account of the credential. At most one exchange for an account is under way in the process; a caller
 * whose token is older than the newest one, or who has none, is handed the newest. A caller whose token is the newest
 * one says by that that the API refused it.
 *
 * @param anew whether the keys themselves are in question, so that no token will do that is there already
 * @param handed what n8n works with, where that is another object
 * @throws an error whose message names the field to check, and which holds neither key nor token
 */
export async function obtainToken(
	send: Send,
	credential: ICredentialDataDecryptedObject,
	{
		anew = false,
		handed = credential,
	}: { readonly anew?: boolean; readonly handed?: ICredentialDataDecryptedObject } = {},
): Promise<Token> {
	const flaw = flawOf(credential);
	if (flaw !== null) throw loginError(unsent(flaw, true), handed);
	const account = accountOf(credential);
	if (anew) account.forget();
	else account.refuse(credential);
	const outcome = account.fresh ?? (await (account.pending ??= logIn(send, credential, account)));
	if (isDiagnosis(outcome)) throw loginError(outcome, handed);
	return { ...outcome };
}

/** Ends after a minute, whatever the server does, so that nobody waits for a login for ever. */
async function logIn(
	send: Send,
	credential: ICredentialDataDecryptedObject,
	account: Account,
): Promise<Token | Diagnosis> {
	const since = clock.ticks();
	const at = clock.now();
	try {
		const result = await askForToken(send, credential);
		return typeof result === 'string' ? account.hold(result, since, at) : result;
	} finally {
		account.pending = null;
	}
}

async function askForToken(
	send: Send,
	credential: ICredentialDataDecryptedObject,
): Promise<string | Diagnosis> {
	const answer = await exchange(send, loginRequest(credential, schemeOf(credential)), {
		credential,
		login: true,
		deadline: Infinity,
	});
	if (isDiagnosis(answer)) return answer;
	const diagnosis = diagnoseAnswer(answer, true);
	if (diagnosis !== null) return diagnosis;
	return (
		issuedToken(answer.body) ?? {
			...answered('tokenMissing', answer.status, true),
			said: answer.said,
		}
	);
}
