import { createHash, randomBytes, scryptSync } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { normalizeBaseUrl } from './base-url';
import { textOf } from './credential';

/**
 * Some ten milliseconds and 4 MB a guess. Who can read a fingerprint usually reads the password beside it; not so where
 * the password comes from a store of secrets, and there it must not be guessed by the million.
 */
const COST = { N: 4_096, r: 8, p: 1 } as const;
const HASH_BYTES = 24;
const SALT_BYTES = 16;

/** 16 and 24 bytes as base64url. */
const FINGERPRINT = /^([\w-]{22})\.[\w-]{32}$/;

/** One for a process, so that each account costs one computation. */
export const SALT = randomBytes(SALT_BYTES).toString('base64url');

/**
 * Names the account of a credential in this process: the address in one spelling, the kind of
 * login, and the keys as the
 * login sends them. Quick, and never stored.
 */
export function digestOf({
	baseUrl,
	authentication,
	username,
	password,
}: ICredentialDataDecryptedObject): string {
	const scheme = authentication === 'v2Login' ? 'v2Login' : 'accountToken';
	return createHash('sha256')
		.update(JSON.stringify([normalizeBaseUrl(baseUrl), scheme, textOf(username), String(password)]))
		.digest('hex');
}

/** What is stored beside a token to say whose it is: the salt, and a slow hash of the account. */
export function fingerprintOf(digest: string, salt: string): string {
	return `${salt}.${scryptSync(digest, salt, HASH_BYTES, COST).toString('base64url')}`;
}

/** The salt of a fingerprint; null for what is none. */
export function saltOf(fingerprint: unknown): string | null {
	return typeof fingerprint === 'string' ? (FINGERPRINT.exec(fingerprint)?.[1] ?? null) : null;
}
