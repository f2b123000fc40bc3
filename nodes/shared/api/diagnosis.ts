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
	[/^(E[A-Z]+|ERR_NETWORK)$/, 'unreachable'],
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

/** An error of axios, or n8n's `NodeApiError` around one, of which n8n 1.x keeps `httpCode` alone. */
interface TransportError {
	readonly isAxiosError?: boolean;
	readonly code?: string;
	readonly response?: Partial<Pick<Answer, 'status' | 'headers'>>;
	/** The status of an answer, whole or broken off; the code where there was none. */
	readonly httpCode?: string | null;
}

/** Why no whole answer came, or null for an error that does not say. */
export function diagnoseTransport(error: object, login = false): Diagnosis | null {
	const { isAxiosError, response, code, httpCode } = error as TransportError;
	const sign = String((isAxiosError ? (response?.status ?? code) : httpCode) ?? '');
	if (/^\d{3}$/.test(sign)) {
		const answer = { status: Number(sign), headers: response?.headers ?? {}, body: undefined };
		const broken = { reason: 'broken', status: answer.status, retryAfterMs: null, login } as const;
		return diagnoseAnswer(answer, login) ?? broken;
	}
	const known = BY_CODE.find(([pattern]) => pattern.test(sign));
	if (known !== undefined) return unsent(known[1], login);
	return isAxiosError ? unsent('unreachable', login) : null;
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
