import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { clock } from '../clock';
import { secretsOf } from './credential';
import {
	answered,
	diagnoseTransport,
	isDiagnosis,
	unsent,
	type Answer,
	type Diagnosis,
} from './diagnosis';
import { diagnose } from './errors';
import { withExactIntegers } from './exact';
import {
	EXCHANGE_LIMIT_MS,
	LARGEST_ANSWER,
	LOGIN_LIMIT_MS,
	REQUEST_TIMEOUT_MS,
	SHORTEST_EXCHANGE_MS,
} from './limits';
import { salvage } from './salvage';
import { complaintOf, reasonIn } from './words';

/** What n8n's HTTP client answers with when it is asked for the whole response. */
interface FullResponse {
	readonly statusCode: number;
	readonly headers?: Readonly<Record<string, unknown>>;
	readonly body: unknown;
}

/** The body while it arrives. No type of Node.js, which the package does not import. */
interface ByteStream extends AsyncIterable<Uint8Array | string> {
	destroy(): void;
}

/** Whose request it is: n8n writes the token that it used into the credential. */
export interface Asking {
	readonly credential: ICredentialDataDecryptedObject;
	readonly login: boolean;
	/** When to give up, by `clock.ticks`. */
	readonly deadline: number;
	/** Whether long whole numbers come as text. */
	readonly exact?: boolean;
}

/**
 * One exchange, from asking to the last byte of the answer. It ends after a minute or at the
 * deadline, whatever the server
 * does: n8n's `timeout` counts from the last byte, so an answer that trickles would never end. Never throws.
 *
 * The body comes as a stream, for n8n's HTTP client takes answers of any size: what unpacks to more
 * than 32 MB is given up.
 *
 * @param send n8n's HTTP client. An n8n that ignores `abortSignal` goes on with a request that
 * nobody waits for any more
 */
export async function exchange(
	send: (options: IHttpRequestOptions) => Promise<unknown>,
	options: IHttpRequestOptions,
	asking: Asking,
): Promise<Answer | Diagnosis> {
	const { credential, login, deadline } = asking;
	const left = Math.max(SHORTEST_EXCHANGE_MS, deadline - clock.ticks());
	const stop = new AbortController();
	const work = async (): Promise<Answer | Diagnosis> => {
		try {
			const response = (await send({
				...options,
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				timeout: Math.min(REQUEST_TIMEOUT_MS, left),
				abortSignal: stop.signal,
			})) as FullResponse;
			return await read(response, asking, stop.signal);
		} catch (error) {
			return diagnose(error, credential, login);
		}
	};
	return await new Promise((resolve) => {
		const giveUp = () => resolve(unsent('timedOut', login));
		stop.signal.addEventListener('abort', giveUp);
		void work().then((outcome) => {
			// Nothing that lives as long as the limit may hold the answer.
			stop.signal.removeEventListener('abort', giveUp);
			resolve(outcome);
		});
		abortAfter(Math.min(login ? LOGIN_LIMIT_MS : EXCHANGE_LIMIT_MS, left), stop);
	});
}

/** A function of its own: what waits here for the limit would hold the answer with the variables around it. */
function abortAfter(milliseconds: number, stop: AbortController): void {
	void clock.limit(milliseconds).then(() => stop.abort());
}

async function read(
	{ statusCode: status, headers = {}, body }: FullResponse,
	{ credential, login, exact }: Asking,
	stop: AbortSignal,
): Promise<Answer | Diagnosis> {
	const whole = isStream(body) ? await collect(body, status, login, stop) : body;
	if (isDiagnosis(whole)) return whole;
	const parsed = parse(whole, exact);
	const tell = status >= 400 ? reasonIn : complaintOf;
	return { status, headers, ...parsed, said: tell(parsed.body, secretsOf(credential)) };
}

async function collect(
	stream: ByteStream,
	status: number,
	login: boolean,
	stop: AbortSignal,
): Promise<Uint8Array | Diagnosis> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	const end = () => stream.destroy();
	stop.addEventListener('abort', end);
	try {
		for await (const chunk of stream) {
			// A stream that is ended before it is read leaves the connection of newer axios open.
			if (stop.aborted) break;
			const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
			size += bytes.length;
			if (size > LARGEST_ANSWER) return answered('tooLarge', status, login);
			chunks.push(bytes);
		}
		return Buffer.concat(chunks);
	} catch (error) {
		// Of what ends a body, only these say more than that it ended.
		const cut = answered('broken', status, login);
		const known = diagnoseTransport(error as object, login);
		return known?.reason === 'timedOut' || known?.reason === 'cancelled' ? known : cut;
	} finally {
		stop.removeEventListener('abort', end);
	}
}

function parse(body: unknown, exact = false): Pick<Answer, 'body' | 'repaired'> {
	if (typeof body !== 'string' && !(body instanceof Uint8Array)) return { body };
	const text =
		typeof body === 'string'
			? body
			: Buffer.from(body.buffer, body.byteOffset, body.length)
					.toString('utf8')
					.replace(/^\ufeff/, '');
	try {
		return { body: JSON.parse(exact ? withExactIntegers(text) : text) as unknown };
	} catch {
		return salvage(text) ?? { body: text };
	}
}

function isStream(body: unknown): body is ByteStream {
	return (
		typeof body === 'object' && body !== null && Symbol.asyncIterator in body && 'destroy' in body
	);
}
