import type { ICredentialDataDecryptedObject, IHttpRequestOptions, INode } from 'n8n-workflow';
import { afterEach, beforeEach, expect } from 'vitest';

import { CREDENTIAL_TYPE } from '../../nodes/shared/api/credential.ts';
import { digestOf, fingerprintOf } from '../../nodes/shared/api/fingerprint.ts';
import { clock } from '../../nodes/shared/clock.ts';
import type { ApiContext } from '../../nodes/shared/api/request.ts';

/** Pauses and limits have tests of their own. */
const WITHOUT_WAITS = {
	wait: async () => await Promise.resolve(),
	limit: async () => await new Promise<never>(() => {}),
};

/**
 * In the tests of a file that calls this, nothing waits unless the test says so, and what a test
 * makes of the clock ends with it.
 */
export function withoutWaits(): void {
	const real = { ...clock };
	beforeEach(() => void Object.assign(clock, WITHOUT_WAITS));
	afterEach(() => void Object.assign(clock, real));
}

export const NODE = {
	id: '1',
	name: 'Node',
	type: 'test',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
	credentials: { [CREDENTIAL_TYPE]: { id: 'c1', name: 'Cynet' } },
} as INode;

export const CREDENTIAL = {
	baseUrl: 'https://acme.api.cynet.com',
	authentication: 'accountToken',
	username: 'user',
	password: 'S3CRET',
	clientId: '1001',
	accessToken: 'token',
	accessTokenExpiresAt: '0',
};

/** By the account: each takes some ten milliseconds. */
const fingerprints = new Map<string, string>();

function foreignFingerprint(credential: ICredentialDataDecryptedObject): string {
	const digest = digestOf(credential);
	const known = fingerprints.get(digest) ?? fingerprintOf(digest, 'salt-of-another-proces');
	fingerprints.set(digest, known);
	return known;
}

/** A token that another process of n8n obtained for the account of that credential and stored. */
export const storedBy = (
	credential: ICredentialDataDecryptedObject,
	accessToken: string,
	expiresAt: number,
) => ({
	accessToken,
	accessTokenExpiresAt: String(expiresAt),
	accessTokenFingerprint: foreignFingerprint(credential),
});

interface Asked {
	readonly options: IHttpRequestOptions;
	/** Who asks, as n8n is told. */
	readonly details: { readonly data: ICredentialDataDecryptedObject };
}

/** What n8n's HTTP client throws where no answer comes. */
export const axiosError = (code: string) =>
	Object.assign(new Error(code), { isAxiosError: true, code });

/**
 * A node that runs, in an n8n whose HTTP client answers, or throws, what it is told: a status of
 * 200 and no body unless given.
 */
export function runningNode(
	answer: (asked: Asked, count: number) => object,
	{ node = NODE, ...changes }: { readonly node?: INode; readonly [field: string]: unknown } = {},
) {
	const asked: Asked[] = [];
	const httpRequestWithAuthentication = async (
		_: string,
		options: IHttpRequestOptions,
		more: { credentialsDecrypted: Asked['details'] },
	) => {
		const now = { options, details: more.credentialsDecrypted };
		asked.push(now);
		const given = answer(now, asked.length);
		if (given instanceof Error) throw given;
		return { statusCode: 200, headers: {}, body: '', ...given };
	};
	const context = {
		getNode: () => node,
		getCredentials: async () => await Promise.resolve({ ...CREDENTIAL, ...changes }),
		helpers: { httpRequestWithAuthentication },
	};
	return { asked, context: context as unknown as ApiContext };
}

/** The error that comes of it. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
	await promise.then(
		() => expect.unreachable(),
		(error: unknown) => error,
	);
