import {
	NodeApiError,
	type ICredentialDataDecryptedObject,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { secretsOf } from './credential';
import { answered, diagnoseTransport, unsent, type Answer, type Diagnosis } from './diagnosis';
import { explain, remedy, sentences, type Reason } from './reasons';

/** What a caller of this module needs to know to go on after an error. */
export interface ApiFailure {
	/** Whether waiting alone can help. */
	readonly transient: boolean;
	/** The HTTP status with which the request itself was answered; null when it was not, as when the login went wrong. */
	readonly status: number | null;
	/** How long the server asks to be left alone, in milliseconds. */
	readonly retryAfterMs: number | null;
	/** Whether the very page that was asked for may be what the server cannot serve, so that a smaller one may help. */
	readonly mayBeThisPage: boolean;
	/** Whether no answer came in time. */
	readonly timedOut: boolean;
	/** Whether it was the login that went wrong, which concerns every site of the account. */
	readonly atLogin: boolean;
	/**
	 * Whether a slip in the credential or a setting may be behind it, such as the address of the
	 * console for Base URL. It says
	 * nothing against `transient`: while it has worked before, waiting may help. Who has never had an
	 * answer should be told at once.
	 */
	readonly maybeMistyped: boolean;
}

const UNKNOWN: ApiFailure = {
	transient: false,
	status: null,
	retryAfterMs: null,
	mayBeThisPage: false,
	timedOut: false,
	atLogin: false,
	maybeMistyped: false,
};

/** Kept beside the errors, not in them, so that nothing of it is stored or shown. */
const diagnoses = new WeakMap<object, Diagnosis>();

/** What an error of this module means for its caller. An error from elsewhere counts as permanent. */
export function failureOf(error: unknown): ApiFailure {
	const diagnosis = diagnosisOf(error);
	if (diagnosis === null) return UNKNOWN;
	return {
		transient: explain(diagnosis.reason).transient,
		status: diagnosis.login ? null : diagnosis.status,
		retryAfterMs: diagnosis.retryAfterMs,
		mayBeThisPage: mayBeThisPage(diagnosis),
		timedOut: diagnosis.reason === 'timedOut',
		atLogin: diagnosis.login,
		maybeMistyped: explain(diagnosis.reason).maybeMistyped,
	};
}

/** Not the account (401, 429), not the address (404), not the way there. */
const NOT_THIS_PAGE: ReadonlySet<number> = new Set([
	401, 404, 405, 407, 419, 425, 429, 440, 498, 511,
]);

function mayBeThisPage({ login, status, reason }: Diagnosis): boolean {
	if (login || reason === 'redirected') return false;
	if (status === null) return reason === 'timedOut';
	return !NOT_THIS_PAGE.has(status);
}

/** The error that leaves this module: built afresh, so that no request, header or body hangs on it. */
export function apiError(node: INode, diagnosis: Diagnosis): NodeApiError {
	const { message, failure } = explain(diagnosis.reason);
	const error = new NodeApiError(node, {} as JsonObject, {
		message,
		description: remedy(diagnosis.reason, detailOf(diagnosis), diagnosis.said),
		httpCode: diagnosis.status === null ? undefined : String(diagnosis.status),
		...(failure && { failure: hint(failure, diagnosis.retryAfterMs) }),
	});
	diagnoses.set(error, diagnosis);
	return error;
}

/** With the seconds that the server asks for. */
function detailOf({ reason, detail, retryAfterMs }: Diagnosis): string | undefined {
	if (retryAfterMs === null) return detail;
	return `${detail ?? explain(reason).description}. Cynet asks to be left alone for ${Math.ceil(retryAfterMs / 1000)} seconds`;
}

/** What the answer itself said, fit to be shown; undefined for nothing of the kind. */
export function saidOf(error: unknown): string | undefined {
	return diagnosisOf(error)?.said;
}

/** A success that holds something else than was asked for. */
export function unexpected(
	node: INode,
	{ status, said }: Pick<Answer, 'status' | 'said'>,
): NodeApiError {
	return apiError(node, { ...answered('notExpected', status), said });
}

/**
 * The same answer told with what the caller knows about it: a 404 for a name that Cynet does not
 * know is no wrong address.
 */
export function retold(node: INode, error: unknown, reason: Reason, said?: string): NodeApiError {
	return apiError(node, {
		...(diagnosisOf(error) ?? unsent(reason)),
		reason,
		detail: undefined,
		said,
	});
}

/** Why there was no usable answer; null for an error from elsewhere. */
export function reasonOf(error: unknown): Reason | null {
	return diagnosisOf(error)?.reason ?? null;
}

/**
 * The error of the credential's token exchange. n8n's credential test shows its message and nothing else, so that holds
 * the remedy too. It carries no status: n8n repeats an exchange whose error does, and a bad secret would cost two.
 *
 * @param credential as n8n gave it. What went wrong is kept beside it, because n8n 1.x loses
 * the error: it throws
 * another one that does not name it as its cause
 */
export function loginError(
	diagnosis: Diagnosis,
	credential: ICredentialDataDecryptedObject,
): Error {
	const error = new Error(sentences(diagnosis.reason, detailOf(diagnosis), diagnosis.said));
	error.name = 'CynetLoginError';
	diagnoses.set(error, diagnosis).set(credential, diagnosis);
	return error;
}

/**
 * Why a credential does not authenticate a request. n8n shows the message and nothing else.
 *
 * @param exchange whether n8n is to exchange the keys and to ask again: it does so after a status of 401
 */
export function credentialError(reason: Reason, exchange = false): Error {
	const error = new Error(sentences(reason));
	error.name = 'CynetCredentialError';
	return exchange ? Object.assign(error, { response: { status: 401 } }) : error;
}

/**
 * What it means that n8n threw this instead of answering a request.
 *
 * @param credential with which it was asked, and no other request before
 */
export function diagnose(
	error: unknown,
	credential: ICredentialDataDecryptedObject,
	login = false,
): Diagnosis {
	const thrown = error instanceof Error ? error : new Error();
	const known = diagnosisOf(thrown) ?? diagnosisOf(credential) ?? diagnoseTransport(thrown, login);
	if (known !== null) return known;
	const masked = secretsOf(credential).reduce(
		(rest, secret) => rest.split(secret).join('***'),
		thrown.message,
	);
	return unsent('notSent', login, masked || undefined);
}

function hint(
	cause: NonNullable<NodeApiError['failure']>['cause'],
	retryAfterMs: number | null,
): NonNullable<NodeApiError['failure']> {
	if (cause === 'rate-limited' || cause === 'temporarily-unavailable') {
		return retryAfterMs === null ? { cause } : { cause, retryAfterMs };
	}
	return { cause } as NonNullable<NodeApiError['failure']>;
}

function diagnosisOf(error: unknown): Diagnosis | null {
	return (typeof error === 'object' && error !== null && diagnoses.get(error)) || null;
}
