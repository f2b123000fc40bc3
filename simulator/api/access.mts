import { randomBytes } from 'node:crypto';
import { json, problem, type Answer, type Call } from '../http/answers.mts';
import type { Settings } from '../settings.mts';
import { tokenEnded } from './token-end.mts';

/**
 * `access_token` header or `Authorization: Bearer`. A token is good for the header of its own login
 * (our assumption).
 */
export type Scheme = 'access_token' | 'bearer';

const MINUTE = 60_000;
/** As for a site where nothing has happened (our assumption). */
const EMPTY_LIST: Answer = json({ SyncTimeUtc: null, Entities: [] });
/** Secrets kept for tests that look for leaks. */
const TOKENS_KEPT = 10_000;

/** Who may ask: tokens, their life, and the sites. */
export class Access {
	private readonly issued: string[] = [];
	private live = new Map<string, { scheme: Scheme; since: number }>();

	constructor(
		private readonly settings: Settings,
		private readonly now: () => number,
		private readonly issuedOne: () => void = () => undefined,
	) {}

	issue(scheme: Scheme): string {
		const token = `simulated-token-${randomBytes(24).toString('base64url')}`;
		if (this.settings.singleToken) this.live.clear();
		this.live.set(token, { scheme, since: this.now() });
		this.issued.push(token);
		this.issuedOne();
		if (this.issued.length > TOKENS_KEPT) this.issued.shift();
		return token;
	}

	expireTokens(): void {
		this.live.clear();
	}

	/** The password and every token issued: what must never show up in a log, an error or an item. */
	secrets(): string[] {
		return [this.settings.password, ...this.issued];
	}

	/**
	 * Null if the call may pass. No source shows what the vendor answers to a wrong token or
	 * client_id: bodies and the 403 are our own.
	 */
	refusal(call: Call): Answer | null {
		const sent = tokenOf(call);
		if (!sent)
			return problem(
				401,
				'The access token is missing: send the header access_token, or Authorization: Bearer',
			);
		const token = this.live.get(sent.token);
		const valid =
			token !== undefined &&
			(this.settings.tokenHeader === 'any' || token.scheme === sent.scheme) &&
			this.now() - token.since < this.settings.tokenLifeMinutes * MINUTE;
		if (!valid || !token) return tokenEnded(this.settings.tokenEnd);
		if (this.settings.tokenLife === 'sliding') token.since = this.now();
		const site = call.header('client_id');
		if (!site) return problem(403, 'The header client_id is missing');
		if (!this.settings.sites.includes(site))
			return this.settings.foreignSite === 'empty'
				? EMPTY_LIST
				: problem(403, 'This user has no access to this client_id');
		return null;
	}
}

/** The token of a call and the scheme that it came by. */
export function tokenOf(call: Pick<Call, 'header'>): { scheme: Scheme; token: string } | null {
	const plain = call.header('access_token');
	if (plain) return { scheme: 'access_token', token: plain };
	const bearer = /^Bearer (.+)$/i.exec(call.header('authorization') ?? '')?.[1];
	return bearer ? { scheme: 'bearer', token: bearer } : null;
}
