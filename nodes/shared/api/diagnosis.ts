import { parseRetryAfter } from './retry-after';
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
}

/** The parts of an HTTP answer that a diagnosis needs. Header names are lower case. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: unknown;
}

const BY_STATUS: Readonly<Record<number, Reason>> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'notFound',
	408: 'timedOut',
	429: 'rateLimited',
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
	[/CERT|^UNABLE_TO_VERIFY|^HOSTNAME_MISMATCH|^INVALID_(CA|PURPOSE)$/, 'certificate'],
	[/^(ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT)$/, 'timedOut'],
	[/^(ENOTFOUND|EAI_)/, 'hostUnknown'],
	[/^(EPROTO|ERR_SSL_|ERR_TLS_)/, 'insecure'],
	[/^(HPE_|Z_|ERR_BAD_RESPONSE)/, 'broken'],
];

/** The diagnosis of a request that did not leave. */
export function unsent(reason: Reason, login = false, detail?: string): Diagnosis {
	return { reason, status: null, retryAfterMs: null, login, detail };
}

/** What an answer with that status means, or null when it is a success. */
export function diagnoseAnswer({ status, headers, body }: Answer, login = false): Diagnosis | null {
	const reason = reasonOfStatus(status, login) ?? reasonOfBody(headers, body);
	if (reason === null) return null;
	return {
		reason,
		status,
		retryAfterMs: parseRetryAfter(headers['retry-after'], headers.date),
		login,
	};
}

/** An error of axios: it carries an answer, or the code of what happened on the way. */
interface TransportError {
	readonly code?: unknown;
	readonly response?: unknown;
}

export function isTransportError(error: unknown): error is TransportError {
	return typeof error === 'object' && error !== null && 'isAxiosError' in error;
}

/** What an error that axios threw means. */
export function diagnoseTransport(error: TransportError, login = false): Diagnosis {
	const response = error.response as
		| { status?: unknown; headers?: Readonly<Record<string, unknown>> }
		| undefined;
	if (typeof response?.status === 'number') {
		const answer = { status: response.status, headers: response.headers ?? {}, body: undefined };
		const diagnosis = diagnoseAnswer(answer, login);
		if (diagnosis !== null) return diagnosis;
		return { reason: 'broken', status: response.status, retryAfterMs: null, login };
	}
	const code = typeof error.code === 'string' ? error.code : '';
	const known = BY_CODE.find(([pattern]) => pattern.test(code));
	return unsent(known?.[1] ?? 'unreachable', login);
}

function reasonOfStatus(status: number, login: boolean): Reason | null {
	if (status >= 200 && status < 300) return null;
	const known = (login ? LOGIN_BY_STATUS[status] : undefined) ?? BY_STATUS[status];
	if (known !== undefined) return known;
	if (status >= 500) return 'unavailable';
	if (status >= 300 && status < 400) return 'redirected';
	return login ? 'loginRefused' : 'refused';
}

/**
 * n8n parses JSON and hands over as text what is none: a web page, a JSON text that was cut off (an answer without a
 * length whose connection was closed looks complete), or something else.
 */
function reasonOfBody(headers: Readonly<Record<string, unknown>>, body: unknown): Reason | null {
	if (typeof body !== 'string') return null;
	const text = body.trimStart();
	if (text === '') return null;
	if (text.startsWith('<') || /\bhtml\b/i.test(String(headers['content-type']))) return 'webPage';
	return /^[[{]/.test(text) ? 'broken' : 'unreadable';
}
