import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { clock } from '../clock';
import { isReadByOthers, normalizeBaseUrl } from './base-url';
import { whole } from './entered';
import type { Reason } from './reasons';

/** The name under which nodes ask for the credential. */
export const CREDENTIAL_TYPE = 'cynetApi';

/**
 * When a token is renewed at the latest, in milliseconds (integrators: at 55 minutes). A tenant may
 * set a shorter life.
 */
export const RENEW_AT_LATEST_MS = 55 * 60_000;

/** How long before its stated end a token is renewed, in milliseconds. */
export const RENEW_AHEAD_MS = 5 * 60_000;

/** A fresher token than this was not ended by its age, in milliseconds. */
export const YOUNG_MS = 60_000;

/** A field of the credential as text without white space around it; an expression may have made it a number. */
export function textOf(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

/** What no text may show: the longer ones first, should one hold another. */
export function secretsOf(credential: ICredentialDataDecryptedObject): string[] {
	const { password } = whole(credential);
	return [password, credential.accessToken]
		.map(textOf)
		.filter((secret) => secret !== '')
		.sort((one, other) => other.length - one.length);
}

/** What `flawOf` finds. Nothing is sent with any of them. */
export const FLAWS = [
	'baseUrlInvalid',
	'baseUrlPlain',
	'usernameMissing',
	'passwordMissing',
	'clientIdMissing',
] as const satisfies readonly Reason[];

/** What makes a request pointless before it is sent, or null when every field is filled in. */
export function flawOf(credential: ICredentialDataDecryptedObject): (typeof FLAWS)[number] | null {
	const address = normalizeBaseUrl(credential.baseUrl);
	if (address === null) return 'baseUrlInvalid';
	if (isReadByOthers(address) && credential.allowUnauthorizedCerts !== true) return 'baseUrlPlain';
	if (textOf(credential.username) === '') return 'usernameMissing';
	if (textOf(credential.password) === '') return 'passwordMissing';
	if (textOf(credential.clientId) === '') return 'clientIdMissing';
	return null;
}

/**
 * Whether a token of which only the stated end is known is not due for renewal. One that seems to live longer
 * than any token does was dated by a clock that has been set back since, and counts as stale.
 *
 * @param expiresAt milliseconds since the epoch by this machine's clock; anything else counts as stale
 */
export function isFresh(expiresAt: unknown): boolean {
	const left = Number(expiresAt) - clock.now();
	return left > RENEW_AHEAD_MS && left <= RENEW_AT_LATEST_MS + RENEW_AHEAD_MS;
}
