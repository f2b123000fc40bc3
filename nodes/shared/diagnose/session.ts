import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { accountOf } from '../api/account';
import { headersOf } from '../api/authenticate';
import { normalizeBaseUrl } from '../api/base-url';
import { textOf } from '../api/credential';
import { diagnoseAnswer, isDiagnosis, type Answer } from '../api/diagnosis';
import { exchange } from '../api/exchange';
import { strayOf } from '../api/own-server';
import type { Reason } from '../api/reasons';
import { refusalOf } from '../api/refusal';
import { parseRetryAfter } from '../api/retry-after';
import { issuedToken, loginRequest, schemeOf, type SchemeName } from '../api/token';
import { clock } from '../clock';
import { Met } from './met';
import { isRefusal } from './step';

/** Logins included. */
export const MOST_REQUESTS = 60;
const SECOND = 1000;
/** Whoever gives no answer so often in a row is not asked again. */
const MOST_SILENCE = 8;
/** How often what proves nothing is asked for once more: a server that is away would use up all requests. */
const MOST_REPEATS = 6;
/** How often a token that has worked and is refused is replaced: another client may log in with the same keys. */
const MOST_RENEWALS = 2;

/** The way to the server and to who looks on: n8n's, or that of a terminal. */
export interface Line {
	/** An HTTP client with n8n's options, which adds no credential. */
	send(options: IHttpRequestOptions): Promise<unknown>;
	/** Waits that many milliseconds; false where someone stopped the diagnosis. */
	pause(milliseconds: number): Promise<boolean>;
}

export interface Wanted {
	readonly method?: 'GET' | 'POST';
	/** From the root of the API, with its leading slash. */
	readonly path: string;
	readonly qs?: IDataObject;
	readonly body?: IDataObject;
	/** Another site than the credential's; null sends none. */
	readonly clientId?: string | null;
	/** Another token than the one in use, and in which header it travels. */
	readonly token?: HeldToken;
}

export interface HeldToken {
	readonly value: string;
	readonly header: SchemeName;
}

/** What came of one request. */
export interface Reply {
	/** Null where no answer came. */
	readonly status: number | null;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: unknown;
	/** Why it is no success; null for one. `notAsked` where the diagnosis had ended before. */
	readonly reason: Reason | 'notAsked' | null;
	readonly answer: Answer | null;
	/** When it was asked, by this machine's clock. */
	readonly at: number;
}

/** Why nothing more is asked. */
type End = 'rateLimited' | 'cancelled' | 'budget' | 'silent';

/** Whether an answer says something of the server for certain: yes, no, or another place. */
function isTelling(reply: Reply): boolean {
	const { answer, reason, body } = reply;
	if (answer === null) return false;
	if (reason !== null) return reason === 'redirected' || isRefusal(reply);
	return body !== undefined && body !== null && body !== '';
}

/** All requests of one diagnosis: counted, one a second, to the server of the credential alone. */
export class Session {
	readonly met = new Met();
	asked = 0;
	end: End | null = null;
	/** Seconds that the server asked to wait, where it said so. */
	retryAfter: number | null = null;
	token: HeldToken | null = null;
	renewals = 0;
	private lastAt = -Infinity;
	private silence = 0;
	private repeats = 0;

	constructor(
		private readonly line: Line,
		readonly credential: ICredentialDataDecryptedObject,
		input: unknown,
	) {
		const entered = { ...credential, authentication: undefined, asEntered: undefined };
		this.met.note(Object.values(entered));
		this.met.note(normalizeBaseUrl(credential.baseUrl));
		this.met.note(input);
	}

	get left(): number {
		return this.end === null ? MOST_REQUESTS - this.asked : 0;
	}

	/** Logs in once, with the keys as they are. */
	async logIn(scheme: SchemeName): Promise<Reply & { readonly issued: string | null }> {
		const at = clock.now();
		const since = clock.ticks();
		const reply = await this.send(loginRequest(this.credential, scheme), true);
		const issued = reply.reason === null ? (issuedToken(reply.body) ?? null) : null;
		// Whoever else in this process asks with these keys goes on with the new token.
		if (issued !== null && scheme === schemeOf(this.credential))
			accountOf(this.credential).hold(issued, since, at);
		return { ...reply, issued };
	}

	/** One request, and one more where the answer proves nothing: it may be of a moment. */
	async ask(wanted: Wanted): Promise<Reply> {
		const reply = await this.askOnce(wanted);
		if (isTelling(reply) || this.end !== null || this.repeats >= MOST_REPEATS) return reply;
		this.repeats++;
		// Both count as one that was not answered.
		this.silence = Math.max(0, this.silence - 1);
		return await this.askOnce(wanted);
	}

	/** Where a token that has worked is refused, with a fresh one. */
	private async askOnce(wanted: Wanted): Promise<Reply> {
		const { token } = this;
		const reply = await this.send(this.optionsOf(wanted, wanted.token ?? token), false);
		const mayRenew = wanted.token === undefined && wanted.clientId === undefined;
		if (!mayRenew || token === null || this.renewals >= MOST_RENEWALS) return reply;
		if (reply.answer === null || refusalOf(reply.answer, true) !== 'token') return reply;
		this.renewals++;
		const { issued } = await this.logIn(token.header);
		if (issued === null) return reply;
		this.token = { ...token, value: issued };
		return await this.send(this.optionsOf(wanted, this.token), false);
	}

	/** Waits; false where the diagnosis has ended. */
	async wait(milliseconds: number): Promise<boolean> {
		if (this.end !== null) return false;
		if (milliseconds > 0 && !(await this.line.pause(milliseconds))) this.end = 'cancelled';
		return this.end === null;
	}

	private optionsOf(wanted: Wanted, token: HeldToken | null): IHttpRequestOptions {
		const { method = 'GET', path, qs, body, clientId } = wanted;
		const bearer = {
			...this.credential,
			authentication: token?.header ?? schemeOf(this.credential),
			accessToken: token?.value ?? '',
			clientId: clientId ?? textOf(this.credential.clientId),
		};
		const { client_id, ...headers } = headersOf(bearer);
		return {
			method,
			url: `${normalizeBaseUrl(this.credential.baseUrl)}${path}`,
			headers: clientId === null ? headers : { ...headers, client_id },
			...(qs && { qs }),
			...(body && { body }),
			json: true,
			skipSslCertificateValidation: this.credential.allowUnauthorizedCerts === true,
		};
	}

	private async send(options: IHttpRequestOptions, login: boolean): Promise<Reply> {
		const nothing = { status: null, headers: {}, body: undefined, answer: null, at: clock.now() };
		if (this.end === null && this.asked >= MOST_REQUESTS) this.end = 'budget';
		if (!(await this.wait(this.lastAt + SECOND - clock.ticks())))
			return { ...nothing, reason: 'notAsked' };
		const stray = strayOf(this.credential, options);
		if (stray !== null) return { ...nothing, reason: stray };
		this.asked++;
		this.lastAt = clock.ticks();
		const at = clock.now();
		const outcome = await exchange(this.line.send, options, {
			credential: { ...this.credential, accessToken: this.token?.value ?? '' },
			login,
			deadline: Infinity,
			exact: true,
		});
		if (isDiagnosis(outcome)) {
			if (outcome.reason === 'cancelled') this.end = 'cancelled';
			this.silence++;
			if (this.silence >= MOST_SILENCE) this.end = 'silent';
			return { ...nothing, status: outcome.status, reason: outcome.reason, at };
		}
		this.silence = 0;
		const { status, headers, body } = outcome;
		this.met.note(body);
		this.met.note(headers);
		if (status === 429) {
			this.end = 'rateLimited';
			const waitMs = parseRetryAfter(headers['retry-after'], headers.date);
			this.retryAfter = waitMs === null ? null : Math.ceil(waitMs / SECOND);
		}
		const reason = diagnoseAnswer(outcome, login)?.reason ?? null;
		return { status, headers, body, reason, answer: outcome, at };
	}
}
