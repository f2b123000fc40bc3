import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { expect, onTestFinished, test, vi } from 'vitest';

import { digestOf, fingerprintOf, SALT, saltOf } from '../../nodes/shared/api/fingerprint.ts';
import { CREDENTIAL } from './api-kit.mts';

const digest = (changes: object = {}) =>
	digestOf({ ...CREDENTIAL, ...changes } as ICredentialDataDecryptedObject);

test.each([
	{ baseUrl: 'https://other.api.cynet.com' },
	{ baseUrl: 'http://acme.api.cynet.com' },
	{ baseUrl: 'https://acme.api.cynet.com:6443' },
	{ baseUrl: 'https://acme.api.cynet.com/Tenant' },
	{ baseUrl: '' },
	{ authentication: 'v2Login' },
	{ username: 'USER' },
	{ username: 'user-' },
	{ username: '' },
	{ password: 's3cret' },
	{ password: 'S3CRET ' },
	{ password: '' },
	{ password: null },
	{ password: undefined },
	{ password: 0 },
	{ username: 'user","S3CRET', password: '' },
	{ username: 'userS3', password: 'CRET' },
])('%j is another account', (changes) => expect(digest(changes)).not.toBe(digest()));

test.each([
	{ baseUrl: ' HTTPS://ACME.api.cynet.com:443/api/ ' },
	{ baseUrl: 'https://acme.api.cynet.com./' },
	{ username: ' user\t' },
	{ authentication: '' },
	{ authentication: undefined },
	{ authentication: 'something else' },
	{ clientId: '2' },
	{
		accessToken: 'x',
		accessTokenFingerprint: 'x',
		accessTokenExpiresAt: 'x',
		allowUnauthorizedCerts: true,
	},
])('%j is the same account', (changes) => expect(digest(changes)).toBe(digest()));

test('a key that an expression made a number is the one that was typed', () => {
	expect(digest({ username: 7, password: 8 })).toBe(digest({ username: '7', password: '8' }));
});

test('upper and lower case of a path may be two servers', () => {
	expect(digest({ baseUrl: 'https://acme.api.cynet.com/a' })).not.toBe(
		digest({ baseUrl: 'https://acme.api.cynet.com/A' }),
	);
});

test('a fingerprint is salt and slow hash: the same each time, another with another salt or account', () => {
	const fingerprint = fingerprintOf(digest(), SALT);
	expect(fingerprintOf(digest(), SALT)).toBe(fingerprint);
	expect(fingerprint).toMatch(/^[\w-]{22}\.[\w-]{32}$/);
	expect(saltOf(fingerprint)).toBe(SALT);
	const others = [
		fingerprintOf(digest(), 'another-salt-of-22-chr'),
		fingerprintOf(digest({ username: 'x' }), SALT),
	];
	for (const other of others) expect(other.split('.')[1]).not.toBe(fingerprint.split('.')[1]);
});

test('a guess takes 4 MB and some ten milliseconds', () => {
	const scrypt = vi.spyOn(crypto, 'scryptSync');
	syncBuiltinESMExports();
	onTestFinished(() => {
		scrypt.mockRestore();
		syncBuiltinESMExports();
	});
	fingerprintOf(digest(), SALT);
	expect(scrypt.mock.lastCall).toEqual([digest(), SALT, 24, { N: 4_096, r: 8, p: 1 }]);
});

test.each([
	'',
	'.',
	'a.b',
	`${SALT}.`,
	`${SALT}.${'x'.repeat(31)}`,
	`${SALT}.${'x'.repeat(33)}`,
	` ${SALT}.${'x'.repeat(32)}`,
	`${SALT}.${'x'.repeat(32)}\n`,
	`x${SALT}.${'x'.repeat(32)}`,
	null,
	undefined,
	7,
	{},
	[],
])('%j is no fingerprint', (value) => {
	expect(saltOf(value)).toBeNull();
});
