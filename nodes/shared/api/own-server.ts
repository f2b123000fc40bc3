import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { normalizeBaseUrl } from './base-url';
import type { Reason } from './reasons';

/** What n8n hands to a credential: the options of today, or of the older helper that its HTTP Request node uses. */
export type AnyOptions = Omit<IHttpRequestOptions, 'url'> & {
	readonly url?: unknown;
	readonly uri?: unknown;
	readonly simple?: unknown;
	readonly agentOptions?: unknown;
};

/**
 * Scheme, host and port as they stand: no user name, nothing that `URL` would correct, and a host
 * that ends where it seems to.
 */
const PLAIN = /^https?:\/\/[^/?#\\@\s]+(?:[/?#]|$)/i;

/** What axios takes for an address that stands alone. */
const STANDS_ALONE = /^(?:[a-z][a-z\d+.-]*:)?\/\//i;

/** With these a connection goes elsewhere than its address says, or trusts another certificate. */
const LEADS_AWAY = [
	'host',
	'hostname',
	'port',
	'path',
	'socketPath',
	'lookup',
	'createConnection',
	'servername',
	'checkServerIdentity',
];

/**
 * Why the token must not go along with a request, or null when it goes to the server of its
 * credential and nowhere else.
 */
export function strayOf(
	{ baseUrl }: ICredentialDataDecryptedObject,
	options: AnyOptions,
): Reason | null {
	const address = normalizeBaseUrl(baseUrl);
	const own = [address, baseUrl].map(originOf);
	const targets = targetsOf(options);
	if (targets.length === 0 || !targets.every((target) => target !== null && own.includes(target)))
		return 'otherServer';
	if (leadsAway(options.agentOptions)) return 'otherServer';
	if (isNamed(options.proxy)) return 'throughProxy';
	return namesAnotherHost(options.headers, [address, baseUrl]) ? 'otherHost' : null;
}

/** Origins of all that may be taken for the address of a request; null for one that is not beyond doubt. */
function targetsOf({ url, uri, baseURL }: AnyOptions): Array<string | null> {
	const named = [url, uri].filter((one) => one !== undefined && one !== null).map(textOf);
	if (baseURL === undefined || baseURL === null) return named.map(originOf);
	const base = textOf(baseURL);
	return [
		originOf(base),
		...named.flatMap((one) => (one !== null && base !== null ? joined(base, one) : [null])),
	];
}

/** As axios joins them, and as n8n does. */
function joined(base: string, path: string): Array<string | null> {
	if (STANDS_ALONE.test(path)) return [originOf(path)];
	const resolved = URL.canParse(path, base) ? new URL(path, base).href : null;
	return [originOf(`${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`), originOf(resolved)];
}

function originOf(address: unknown): string | null {
	const text = typeof address === 'string' ? address.trim() : null;
	return text !== null && text === address && PLAIN.test(text) && URL.canParse(text)
		? new URL(text).origin
		: null;
}

const textOf = (address: unknown): string | null =>
	typeof address === 'string' ? address : address instanceof URL ? address.href : null;

function isNamed(proxy: unknown): boolean {
	return typeof proxy === 'string' ? proxy.trim() !== '' : Boolean(proxy);
}

function leadsAway(agentOptions: unknown): boolean {
	return (
		typeof agentOptions === 'object' &&
		agentOptions !== null &&
		LEADS_AWAY.some((name) => name in agentOptions)
	);
}

/** A server that many share decides by this header whose it is. */
function namesAnotherHost(headers: unknown, own: readonly unknown[]): boolean {
	const hosts = own.map(originOf).map((origin) => origin?.replace(/^https?:\/\//, ''));
	return Object.entries(Object(headers) as object).some(
		([name, value]) =>
			name.trim().toLowerCase() === 'host' && !hosts.includes(String(value).trim().toLowerCase()),
	);
}
