import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { accountOf } from './account';
import { flawOf, textOf } from './credential';
import { whole } from './entered';
import { credentialError } from './errors';
import { strayOf, type AnyOptions } from './own-server';

type Credential = ICredentialDataDecryptedObject;

/**
 * What a credential was last asked to do, which n8n does not tell when it wants a new token:
 * `refused` the request may not be sent · `exchange` it needs a token of this account first ·
 * `check` first a token that is
 * known to live · `sent` it was sent and something went wrong · `rejected` it was sent and answered with 401.
 */
type Errand = 'refused' | 'exchange' | 'check' | 'sent' | 'rejected';

const errands = new WeakMap<Credential, { readonly errand: Errand; readonly safe: boolean }>();

/** Requests whose token is known to live, or to be asked about before they come again. */
const checked = new WeakSet<object>();

/** What n8n wants a new token for; undefined where there was none. */
export const errandOf = (handed: Credential) => errands.get(handed);

/**
 * The request with the headers that the API wants: the token by the credential's scheme, and `client_id`, the site. A
 * `client_id` that the request brings along stays, so that one credential can serve many sites. A
 * function and not n8n's
 * declarative form, which would overwrite it.
 *
 * Only a request to the server of the credential gets the token, no redirect is followed, and the
 * credential alone decides
 * about certificates. Where the token is another account's or due, the error that is thrown makes n8n exchange the keys
 * before anything is sent. The older helper, which n8n's HTTP Request node uses, sends a request
 * again after any error: there
 * a change is sent only with a token that was seen to live, in the one attempt after which n8n does not try again.
 *
 * @throws an error whose message says what to do
 */
export async function authenticate(
	handed: Credential,
	options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const credential = whole(handed);
	const older = 'uri' in options || 'simple' in options || 'resolveWithFullResponse' in options;
	const safe = ['GET', 'HEAD', 'OPTIONS'].includes(String(options.method ?? 'GET').toUpperCase());
	const note = (errand: Errand) => void errands.set(handed, { errand, safe });

	const flaw = flawOf(credential) ?? strayOf(credential, options);
	if (flaw !== null) {
		note('refused');
		throw credentialError(flaw);
	}
	// In its own pagination n8n is told of no status, so nothing would renew a token there.
	const mustCheck =
		older && (!safe || (options as AnyOptions).simple === false) && !checked.has(options);
	const account = accountOf(credential);
	// What n8n was given a moment ago may already be older than the newest; n8n asks no third time.
	const ready = wasPrepared(handed) ? account.owns(credential) : account.canUse(credential);
	if (mustCheck || !ready) {
		if (mustCheck) checked.add(options);
		note(mustCheck ? 'check' : 'exchange');
		throw credentialError('tokenNotReady', true);
	}
	note(older ? 'sent' : 'rejected');
	const allowed = credential.allowUnauthorizedCerts === true;
	return {
		...options,
		headers: headersOf(credential, options.headers),
		...{
			followRedirect: false,
			followAllRedirects: false,
			disableFollowRedirect: true,
			maxRedirects: 0,
		},
		...{ rejectUnauthorized: !allowed, skipSslCertificateValidation: allowed },
	};
}

function wasPrepared(handed: Credential): boolean {
	const errand = errandOf(handed)?.errand;
	return errand === 'exchange' || errand === 'check';
}

/** Those of a request, with token and site. A header of the same meaning does not stay beside ours. */
export function headersOf(
	credential: Credential,
	given: IHttpRequestOptions['headers'] = {},
): NonNullable<IHttpRequestOptions['headers']> {
	const token = textOf(credential.accessToken);
	const [name, value] =
		credential.authentication === 'v2Login'
			? ['Authorization', `Bearer ${token}`]
			: ['access_token', token];
	const others = Object.entries(given ?? {}).filter(
		([other]) => other.toLowerCase() !== name.toLowerCase(),
	);
	const has = (wanted: string) =>
		others.some(([other, said]) => other.toLowerCase() === wanted && textOf(said) !== '');
	return {
		...Object.fromEntries(others),
		...(!has('accept') && { Accept: 'application/json' }),
		...(!has('client_id') && { client_id: textOf(credential.clientId) }),
		[name]: value,
	};
}
