import { mayAskToWait, parseRetryAfter } from './retry-after';
import type { Reason } from './reasons';

/** Why there is no usable answer. */
export interface Diagnosis {
	readonly reason: Reason;
	/** The HTTP status, or null when no answer came. */
	readonly status: number | null;
	/** How long the server asks to be left alone, in milliseconds. */
	readonly retryAfterMs: number | null;
	/** Whether it was the login, not the request itself, that went wrong. */
	readonly login: boolean;
	/** n8n's own words, where they say better what to do next. Holds no secret. */
	readonly detail?: string;
	/** What the answer itself said of it, fit to be shown. */
	readonly said?: string;
}

/** The parts of an HTTP answer that a diagnosis needs. Header names are lower case. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: unknown;
	/** What it says of something that went wrong, fit to be shown; undefined for nothing of the kind. */
	readonly said?: string;
	/** How many rows of it had to be repaired; undefined where it was JSON as a whole. */
	readonly repaired?: number;
}

const BY_STATUS: Readonly<Record<number, Reason>> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'notFound',
	407: 'inBetween',
	408: 'timedOut',
	425: 'unavailable',
	429: 'rateLimited',
	511: 'inBetween',
};

const LOGIN_BY_STATUS: Readonly<Record<number, Reason>> = {
	400: 'loginRefused',
	401: 'keysRejected',
	403: 'keysRejected',
	404: 'loginNotFound',
	405: 'loginNotFound',
	415: 'loginRefused',
	422: 'loginRefused',
};

/** Codes of Node.js, OpenSSL, zlib and axios. The first pattern that fits decides. */
const BY_CODE: ReadonlyArray<readonly [RegExp, Reason]> = [
	[/^ERR_CANCELED$/, 'cancelled'],
	[/^ERR_INVALID_URL$/, 'baseUrlInvalid'],
	[/^ERR_(FR_TOO_MANY_REDIRECTS|BAD_OPTION|BAD_OPTION_VALUE|INVALID_CHAR)$/, 'notSent'],
	[/^CERT_NOT_YET_VALID$/, 'certificateEarly'],
	[/CERT|^UNABLE_TO_VERIFY|^HOSTNAME_MISMATCH|^INVALID_(CA|PURPOSE)$/, 'certificate'],
	[/^(ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timedOut'],
	[/^(ENOTFOUND|EAI_)/, 'hostUnknown'],
	[/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'insecure'],
	[/^(HPE_|Z_|ERR_BAD_RESPONSE)/, 'broken'],
	[/^(E[A-Z]+|ERR_NETWORK)$/, 'unreachable'],
];

/** What n8n's guard of outgoing requests (SSRF) throws, which has no code, or lost it. */
const BY_TEXT: ReadonlyArray<readonly [RegExp, Reason]> = [
	[/request was blocked because/i, 'addressBlocked'],
	[/\b(?:ENOTFOUND|EAI_[A-Z]+|getaddrinfo)\b/, 'hostUnknown'],
];

/** The diagnosis of a request that did not leave. */
export function unsent(reason: Reason, login = false, detail?: string): Diagnosis {
	return { reason, status: null, retryAfterMs: null, login, detail };
}

/** The diagnosis of an answer that asks for no wait. */
export function answered(reason: Reason, status: number, login = false): Diagnosis {
	return { reason, status, retryAfterMs: null, login };
}

/** Whether there is no usable answer. */
export function isDiagnosis(outcome: unknown): outcome is Diagnosis {
	return (
		typeof outcome === 'object' && outcome !== null && 'reason' in outcome && 'login' in outcome
	);
}

/**
 * What an answer means, or null when it is a success. The body counts before the status: a page
 * comes from something in between.
 */
export function diagnoseAnswer(
	{ status, headers, body, said }: Answer,
	login = false,
): Diagnosis | null {
	const page = isPage({ headers, body });
	const reason = reasonOf(status, body, page, login);
	if (reason === null) return null;
	const mayAsk = !page && mayAskToWait(status);
	const retryAfterMs = mayAsk ? parseRetryAfter(headers['retry-after'], headers.date) : null;
	return { reason, status, retryAfterMs, login, ...(said && { said }) };
}

/** What a site that does not exist may be answered with. The vendor does not say. */
const OF_SITE: readonly Reason[] = ['unauthorized', 'forbidden', 'refused'];

/** Whether the site that was asked may be why. */
export const concernsSite = ({ login, reason }: Diagnosis): boolean =>
	!login && OF_SITE.includes(reason);

/** A refusal at a Client ID that is no number is put down to that. One that works counts, whatever it looks like. */
export const atSite = (diagnosis: Diagnosis, clientId: string): Diagnosis =>
	concernsSite(diagnosis) && !/^\d+$/.test(clientId)
		? { ...diagnosis, reason: 'clientIdWrong' }
		: diagnosis;

/** Whether that is a web page. */
export function isPage({ headers, body }: Pick<Answer, 'headers' | 'body'>): boolean {
	if (typeof body !== 'string' || body.trim() === '') return false;
	return body.trimStart().startsWith('<') || /\bhtml\b/i.test(String(headers['content-type']));
}

/** An error of axios, or n8n's `NodeApiError` around one, of which n8n 1.x keeps `httpCode` alone. */
interface TransportError {
	readonly isAxiosError?: boolean;
	readonly code?: string;
	readonly message?: string;
	/** Where n8n keeps the message when it puts one of its own in its place. */
	readonly messages?: readonly unknown[];
	readonly response?: Partial<Pick<Answer, 'status' | 'headers'>>;
	/** The status of an answer, whole or broken off; the code where there was none. */
	readonly httpCode?: string | null;
}

/** Why no whole answer came, or null for an error that does not say. */
export function diagnoseTransport(error: object, login = false): Diagnosis | null {
	const { isAxiosError, response, code, message, messages, httpCode } = error as TransportError;
	const texts = [message, ...(Array.isArray(messages) ? messages : [])];
	const told = BY_TEXT.find(([pattern]) => texts.some((text) => pattern.test(String(text))));
	if (told !== undefined) return unsent(told[1], login);
	const sign = String((isAxiosError ? (response?.status ?? code) : httpCode) ?? '');
	if (/^\d{3}$/.test(sign)) {
		const answer = { status: Number(sign), headers: response?.headers ?? {}, body: undefined };
		return diagnoseAnswer(answer, login) ?? answered('broken', answer.status, login);
	}
	const known = BY_CODE.find(([pattern]) => pattern.test(sign));
	if (known !== undefined) return unsent(known[1], login);
	return isAxiosError ? unsent('unreachable', login) : null;
}

function reasonOf(status: number, body: unknown, page: boolean, login: boolean): Reason | null {
	if (status >= 300 && status < 400) return 'redirected';
	// What is busy or away says so by its status, and often in a page.
	if (status >= 500 || [407, 408, 425, 429].includes(status))
		return BY_STATUS[status] ?? 'unavailable';
	if (page) return 'webPage';
	if (status === 403 && isEmpty(body)) return 'forbiddenSilently';
	if (status < 200 || status >= 400) {
		return (
			(login ? LOGIN_BY_STATUS[status] : undefined) ??
			BY_STATUS[status] ??
			(login ? 'loginRefused' : 'refused')
		);
	}
	// A JSON text that was cut off (an answer without a length whose connection was closed looks
	// complete), or something else.
	if (typeof body !== 'string' || isEmpty(body)) return null;
	return /^\s*[[{]/.test(body) ? 'broken' : 'unreadable';
}

/** Known to hold nothing: of an answer that was thrown nobody knows what it held. */
function isEmpty(body: unknown): boolean {
	return typeof body === 'string' && body.trim() === '';
}
