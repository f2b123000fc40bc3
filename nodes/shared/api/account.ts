import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { clock } from '../clock';
import { isFresh, RENEW_AHEAD_MS, RENEW_AT_LATEST_MS, textOf } from './credential';
import type { Diagnosis } from './diagnosis';
import { digestOf, fingerprintOf, SALT, saltOf } from './fingerprint';

/** Names as the credential declares them: n8n reads back only declared fields. */
export type Token = {
	accessToken: string;
	/** Milliseconds since the epoch by this machine's clock, as text: n8n 1.x cannot show a secret that is a number. */
	accessTokenExpiresAt: string;
	/** Whose it is: n8n keeps a token with the credential, whatever account that names afterwards. */
	accessTokenFingerprint: string;
};

const MINUTE = 60_000;

/** No tenant can set a shorter life (vendor documentation): what ends earlier was ended by another login. */
const SHORTEST_LIFE_MS = 10 * MINUTE;

/** After a life that was seen, the next token is renewed when this part of it is over. */
const PART_OF_LIFE = 0.8;

/** How much longer the life is taken for after each token that did not end before its time. */
const GROWTH = 1.05;

/** How long a refusal counts as not about the token: longer each time in a row, an hour at most. */
const SETTLED_MS = [MINUTE, 4 * MINUTE, 16 * MINUTE, 60 * MINUTE] as const;

const CONTESTED_MS = 60 * MINUTE;

/** Old ones are forgotten beyond that many: expressions can make one of each item. */
const MOST_REMEMBERED = 5_000;

/** How many processes of n8n, each with a salt of its own, are told apart without computing again. */
const MOST_SALTS = 50;

/** A token and since when this process has it, by `clock.ticks` and by the clock of this machine. */
interface Held {
	readonly token: Token;
	readonly since: number;
	readonly at: number;
}

/** What this process knows of one account: address, kind of login, keys. */
export class Account {
	/** The login that is under way. */
	pending: Promise<Token | Diagnosis> | null = null;

	/** The question whether a token still lives that is under way, by the token. */
	readonly checks = new Map<string, Promise<boolean>>();

	/** What this process obtained last, unless the API refused it. */
	private newest: Held | null = null;

	/** A token that another process obtained, since it was seen here. */
	private foreign: Held | null = null;

	/** The shortest life of a token that was seen. Nobody knows it otherwise: it is a setting of the tenant. */
	private life = Infinity;

	/** By `clock.ticks`: until when another client is known to log in with the same keys. */
	private contestedUntil = 0;

	/** Calls of which a fresh token was refused as well. */
	private readonly settled = new Map<string, { readonly until: number; readonly times: number }>();

	/** Its fingerprint by the salt. */
	private readonly fingerprints = new Map<string, string>();

	constructor(private readonly digest: string) {}

	/** The newest token, unless it is due for renewal. */
	get fresh(): Token | null {
		return this.newest !== null && !this.isDue(this.newest) ? { ...this.newest.token } : null;
	}

	/** Whether another client logs in with the same keys, which ends our token each time. */
	get contested(): boolean {
		return clock.ticks() < this.contestedUntil;
	}

	/**
	 * Whether there is a token, and the fingerprint beside it is this account's. A token without one
	 * may be anybody's.
	 */
	owns({ accessToken, accessTokenFingerprint: stored }: ICredentialDataDecryptedObject): boolean {
		const salt = textOf(accessToken) === '' ? null : saltOf(stored);
		return salt !== null && this.fingerprint(salt) === stored;
	}

	/**
	 * Whether a token is this account's and can be asked with. Its age counts by ticks: a clock that
	 * jumps makes no token older or younger.
	 */
	canUse(credential: ICredentialDataDecryptedObject): boolean {
		const token = textOf(credential.accessToken);
		if (!this.owns(credential)) return false;
		if (this.newest?.token.accessToken === token) return !this.isDue(this.newest);
		if (this.newest !== null && endOf(this.newest.token) > endOf(credential)) return false;
		if (this.foreign?.token.accessToken !== token)
			this.foreign = held(credential, clock.ticks(), clock.now());
		return isFresh(credential.accessTokenExpiresAt) && !this.isDue(this.foreign as Held);
	}

	/**
	 * How long this process has had the token of the credential, in milliseconds; Infinity for
	 * another's. In doubt, older.
	 */
	ageOf(credential: ICredentialDataDecryptedObject): number {
		const { newest } = this;
		if (newest === null || newest.token.accessToken !== credential.accessToken) return Infinity;
		return Math.max(clock.ticks() - newest.since, clock.now() - newest.at);
	}

	/** A token was issued. `since` and `at` are when it was asked for. */
	hold(accessToken: string, since: number, at: number): Token {
		// The one before came to its renewal without being refused.
		if (this.newest !== null) this.life *= GROWTH;
		const accessTokenExpiresAt = String(at + this.renewAfter + RENEW_AHEAD_MS);
		const token = {
			accessToken,
			accessTokenExpiresAt,
			accessTokenFingerprint: this.fingerprint(SALT),
		};
		this.newest = held(token, since, at);
		return { ...token };
	}

	forget(): void {
		this.newest = null;
	}

	/**
	 * The API refused the token of this credential, or its holder says so: nobody is handed it any
	 * more, nor one that is older.
	 */
	refuse(credential: ICredentialDataDecryptedObject): void {
		if (this.newest === null || !this.owns(credential)) return;
		const { token } = this.newest;
		if (token.accessToken === credential.accessToken || endOf(token) < endOf(credential))
			this.newest = null;
	}

	/** A token ended at that age, and a fresh one was taken in its place. */
	sawEnd(age: number): void {
		if (age >= SHORTEST_LIFE_MS && age < this.life) this.life = age;
	}

	/** A fresh token was refused, and a still fresher one was taken. */
	sawContest(): void {
		this.contestedUntil = clock.ticks() + CONTESTED_MS;
	}

	/** Whether a refusal of this call is known not to be about the token. */
	isSettled(call: string): boolean {
		return clock.ticks() < (this.settled.get(call)?.until ?? 0);
	}

	/**
	 * A fresh token was refused as well: it is not the token, for a while. Longer each time, for the
	 * API user may be contested.
	 */
	settle(call: string): void {
		const times = this.settled.get(call)?.times ?? 0;
		const forMs = SETTLED_MS[Math.min(times, SETTLED_MS.length - 1)] as number;
		remember(this.settled, call, { until: clock.ticks() + forMs, times: times + 1 });
	}

	accepted(call: string): void {
		this.settled.delete(call);
	}

	private fingerprint(salt: string): string {
		const known = this.fingerprints.get(salt);
		if (known !== undefined) return known;
		const fingerprint = fingerprintOf(this.digest, salt);
		remember(this.fingerprints, salt, fingerprint, MOST_SALTS);
		return fingerprint;
	}

	private get renewAfter(): number {
		return Math.min(RENEW_AT_LATEST_MS, PART_OF_LIFE * this.life);
	}

	private isDue({ since }: Held): boolean {
		return clock.ticks() - since >= this.renewAfter;
	}
}

const accounts = new Map<string, Account>();

/**
 * Found by a digest of address, scheme and keys: a changed secret is another account, and no secret
 * is kept as a key.
 */
export function accountOf(credential: ICredentialDataDecryptedObject): Account {
	const digest = digestOf(credential);
	const known = accounts.get(digest);
	if (known !== undefined) return known;
	const account = new Account(digest);
	remember(accounts, digest, account);
	return account;
}

/** The token that a credential holds. */
export function tokenIn(credential: ICredentialDataDecryptedObject): Token {
	const { accessToken, accessTokenExpiresAt, accessTokenFingerprint } = credential as Token;
	return { accessToken, accessTokenExpiresAt, accessTokenFingerprint };
}

function held(credential: ICredentialDataDecryptedObject, since: number, at: number): Held {
	return { token: tokenIn(credential), since, at };
}

function endOf({ accessTokenExpiresAt }: Partial<Token> | ICredentialDataDecryptedObject): number {
	return Number(accessTokenExpiresAt) || 0;
}

function remember<T>(memory: Map<string, T>, key: string, value: T, most = MOST_REMEMBERED): void {
	memory.delete(key);
	memory.set(key, value);
	const oldest = memory.keys().next();
	if (memory.size > most && !oldest.done) memory.delete(oldest.value);
}
