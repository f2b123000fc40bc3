/** No address is longer; what is pasted beyond is none. */
const LONGEST = 2_048;

/** What is forgiven at the end of a path: the API itself, and the addresses that hand out tokens. */
const PASTED_ENDS = [
	['api', 'account', 'token'],
	['api', 'v2', 'login'],
	['api', 'v3', 'token'],
	['api', 'login'],
	['api'],
];

/**
 * The address that the paths of the API are appended to, without a slash at its end: what a user pastes is forgiven
 * for white space, trailing slashes, `/api` and the address of a token. A path in front of `/api`
 * stays (reverse proxy).
 * The same address is the same text: scheme and host in lower case, without a default port and a dot after the host.
 *
 * @returns null for what is no http(s) address, for an empty one, and for one that holds a user name
 */
export function normalizeBaseUrl(input: unknown): string | null {
	const url = typeof input === 'string' ? parse(input.trim()) : null;
	if (url === null || url.username !== '' || url.password !== '') return null;
	const host = url.hostname.endsWith('.') ? url.hostname.slice(0, -1) : url.hostname;
	const port = url.port === '' ? '' : `:${url.port}`;
	return host === '' ? null : `${url.protocol}//${host}${port}${pathOf(url.pathname)}`;
}

/** This machine itself: nothing travels. */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether what is sent there travels unencrypted over a network. Takes an address from {@link normalizeBaseUrl}. */
export function isReadByOthers(address: string): boolean {
	const { protocol, hostname } = new URL(address);
	return protocol === 'http:' && !LOOPBACK.test(hostname);
}

/** `URL` forgives more than is meant here: a missing host, white space, backslashes. */
function parse(text: string): URL | null {
	if (text.length > LONGEST || !/^https?:\/\/[^/]/i.test(text) || /[\s\\]/.test(text)) return null;
	try {
		return new URL(text);
	} catch {
		return null;
	}
}

function pathOf(path: string): string {
	const parts = path.split('/');
	const end =
		PASTED_ENDS.map((wanted) => lengthOfEnd(parts, wanted)).find((length) => length > 0) ?? 0;
	parts.length -= end;
	dropEmptyEnd(parts);
	return parts.join('/');
}

function dropEmptyEnd(parts: string[]): void {
	while (parts[parts.length - 1] === '') parts.pop();
}

/** How many parts such an end takes, empty ones between its words included; 0 where the path has another end. */
function lengthOfEnd(parts: readonly string[], wanted: readonly string[]): number {
	let at = parts.length;
	for (let left = wanted.length; left > 0; left--) {
		do at--;
		while (parts[at] === '');
		if (parts[at]?.toLowerCase() !== wanted[left - 1]) return 0;
	}
	return parts.length - at;
}
