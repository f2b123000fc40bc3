/** A path of the API at the end of what was pasted: `/api`, or one of the addresses that hand out tokens. */
const PASTED_PATH = /(?<=[^/:])\/+api(?:\/+(?:account\/token|v2\/login|v3\/token|login))?\/*$/i;

/** Query, fragment and slashes at the end. */
const TRAILING = /\/*[?#].*$|\/+$/;

const WEB_ADDRESS = /^https?:\/\/(?:\[[\da-f:.]+\]|[^\s/:@[\]]+)(?::\d{1,5})?(?:\/\S*)?$/i;

/**
 * The address that the paths of the API are appended to, without a slash at its end: what a user pastes is forgiven
 * for white space, trailing slashes, `/api` and the address of a token. A path in front of `/api` stays (reverse proxy).
 *
 * @returns null for what is no http(s) address, for an empty one, and for one that holds a user name
 */
export function normalizeBaseUrl(input: unknown): string | null {
	if (typeof input !== 'string') return null;
	const url = input.trim().replace(TRAILING, '').replace(PASTED_PATH, '');
	return WEB_ADDRESS.test(url) ? url : null;
}
