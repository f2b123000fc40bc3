import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { textOf } from './credential';

/**
 * The request with the headers that the API wants: the token by the credential's scheme, and `client_id`, the site. A
 * `client_id` that the request brings along stays, so that one credential can serve many sites. A function and not n8n's
 * declarative form, which would overwrite it.
 */
export async function authenticate(
	credential: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
): Promise<IHttpRequestOptions> {
	const given = options.headers ?? {};
	const token = textOf(credential.accessToken);
	return {
		...options,
		headers: {
			...given,
			...(!has(given, 'accept') && { Accept: 'application/json' }),
			...(!has(given, 'client_id') && { client_id: textOf(credential.clientId) }),
			...(credential.authentication === 'v2Login'
				? { Authorization: `Bearer ${token}` }
				: { access_token: token }),
		},
	};
}

/** Whether there is such a header, in any case, that says something. */
function has(headers: IHttpRequestOptions['headers'] & object, wanted: string): boolean {
	return Object.entries(headers).some(
		([name, value]) => name.toLowerCase() === wanted && textOf(value) !== '',
	);
}
