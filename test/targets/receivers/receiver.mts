import {
	createServer as createHttpServer,
	type IncomingMessage,
	type RequestListener,
	type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Refused, type Answer, type Call, type Contract, type Kept } from './contract.mts';

export interface Receiver {
	readonly contract: Contract;
	readonly url: string;
	readonly port: number;
	readonly kept: Kept;
	/** Every answer given, by status. */
	readonly answers: Record<number, number>;
	/** Requests that the contract refused, with what it said: a template that gets any is wrong. */
	readonly complaints: string[];
	/**
	 * Every nth call fails, in turn with 429, with 500, with 500 after the work was done (an answer
	 * that got lost), and with a web page that says 200; 0 = none.
	 */
	failEvery: number;
	/** Every call whose body has this text is refused for good. */
	dislikes: string;
	/** While true, a captive portal stands before it: every call gets a web page with status 200. */
	portal: boolean;
	/** While true, connections are reset. */
	away: boolean;
	close(): Promise<void>;
}

interface ReceiverOptions {
	/** Key and certificate in PEM; without it the receiver speaks plain HTTP. */
	readonly tls?: { readonly key: string; readonly cert: string };
}

const PAGE: Answer = {
	status: 200,
	body: '<!doctype html><html><title>Sign in</title><body>Please accept the terms of this network.</body></html>',
	headers: { 'content-type': 'text/html' },
};

/** Starts a receiver on loopback that holds to a contract. */
export async function startReceiver(
	contract: Contract,
	{ tls }: ReceiverOptions = {},
): Promise<Receiver> {
	const kept = makeKept();
	const routes = Object.entries(contract.routes).map(([name, handler]) => {
		const [method = '', path = ''] = name.split(' ');
		return {
			method,
			pattern: new RegExp(
				`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)').replaceAll('.', '\\.')}$`,
			),
			handler,
		};
	});
	const state = {
		failEvery: 0,
		dislikes: '',
		portal: false,
		away: false,
		calls: 0,
		failed: 0,
		answers: {} as Record<number, number>,
		complaints: [] as string[],
	};

	const answer = (call: Call): Answer => {
		const kind = ++state.calls % state.failEvery === 0 ? state.failed++ % 4 : null;
		if (state.portal || kind === 3) return PAGE;
		if (kind === 0 || kind === 1) return contract.failure(kind === 0 ? 429 : 500);
		const done = work(call);
		return kind === 2 ? contract.failure(500) : done;
	};
	const work = (call: Call): Answer => {
		const route = routes.find(
			({ method, pattern }) => method === call.method && pattern.test(call.path),
		);
		if (!route) return complain(call, { status: 404, body: { error: 'not found' } });
		if (!contract.isAllowed(call))
			return contract.lacksToken?.(call) ? contract.refusal : complain(call, contract.refusal);
		const params = Object.fromEntries(
			Object.entries(route.pattern.exec(call.path)?.groups ?? {}).map(([name, value]) => [
				name,
				decodeURIComponent(value),
			]),
		);
		if (state.dislikes && call.text.includes(state.dislikes))
			return contract.dislike ?? { status: 400, body: { error: 'refused' } };
		try {
			return route.handler({ ...call, params }, kept);
		} catch (error) {
			if (error instanceof Refused) return complain(call, error.answer);
			throw error;
		}
	};
	const complain = (call: Call, refusal: Answer): Answer => {
		state.complaints.push(
			`${call.method} ${call.path} → ${refusal.status} ${JSON.stringify(refusal.body)} for ${call.text.slice(0, 500)}`,
		);
		return refusal;
	};

	const listener: RequestListener = (request, response) => {
		if (state.away) return void request.socket.destroy();
		const chunks: Buffer[] = [];
		request
			.on('data', (chunk: Buffer) => chunks.push(chunk))
			.on('end', () => {
				const given = answer(callOf(request, Buffer.concat(chunks).toString()));
				state.answers[given.status] = (state.answers[given.status] ?? 0) + 1;
				send(response, given);
			});
	};
	const server = tls ? createHttpsServer(tls, listener) : createHttpServer(listener);
	await new Promise<void>((resolve, reject) =>
		server.once('error', reject).listen(0, '127.0.0.1', resolve),
	);
	const { port } = server.address() as AddressInfo;

	return Object.assign(state, {
		contract,
		kept,
		port,
		url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
		close: async () => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	});
}

export function makeKept(): Kept {
	const keys: string[] = [];
	const known = new Map<string, unknown>();
	return {
		keys,
		more: new Map(),
		take: (key, what = true) => {
			keys.push(key);
			known.set(key, what);
		},
		has: (key) => known.has(key),
	};
}

function callOf(request: IncomingMessage, text: string): Call {
	const url = new URL(request.url ?? '/', 'http://receiver.invalid');
	return {
		method: request.method ?? 'GET',
		path: url.pathname,
		params: {},
		query: url.searchParams,
		text,
		headers: request.headers as Record<string, string | undefined>,
		json: <T,>(): T => {
			try {
				return JSON.parse(text) as T;
			} catch {
				throw new Refused({ status: 400, body: { error: 'invalid JSON' } });
			}
		},
	};
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
	const isText = typeof body === 'string';
	const bytes = body === undefined ? '' : isText ? body : JSON.stringify(body);
	response.writeHead(status, {
		// The next receiver may get this port: a client that kept the connection would meet its end.
		connection: 'close',
		...(body !== undefined && { 'content-type': isText ? 'text/plain' : 'application/json' }),
		...headers,
	});
	response.end(bytes);
}
