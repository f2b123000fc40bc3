import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Access } from '../api/access.mts';
import { tokenOf } from '../api/access.mts';
import { BadInput } from '../control/checks.mts';
import type { Faults } from '../faults.mts';
import type { Ledger, RequestRecord } from '../ledger.mts';
import type { Settings } from '../settings.mts';
import { problem, type Answer, type Call } from './answers.mts';
import { play } from './mischief.mts';
import { refusalOfOrigin } from './origin.mts';
import { routeFinder, type Routes } from './routes.mts';
import { send } from './send.mts';

interface Parts {
	readonly settings: Settings;
	readonly access: Access;
	readonly faults: Faults;
	readonly ledger: Ledger;
	/** True time. */
	now(): number;
	serverNow(): number;
	/** Whether it listens on this machine only. */
	readonly onLoopback: boolean;
	/** Answered without a token. */
	readonly logins: Routes;
	/** The API proper: only with a token and a site. */
	readonly api: Routes;
	/** Control, ledger and page: for tests and people, not part of the simulated product. */
	readonly control: Routes;
}

/** The most that a request may carry: a large batch of delivered items. */
const BODY_LIMIT = 256 * 1024 * 1024;
const isControl = (path: string): boolean => /^\/($|control|ledger|page)/.test(path);
const SECRET_NAMES = /token|password|secret|key|authorization/i;

/** The server: from the socket to a route and back, with the faults in between. */
export function makeServer(parts: Parts): Server {
	const { settings, access, faults, ledger, now, serverNow, onLoopback } = parts;
	const find = {
		logins: routeFinder(parts.logins),
		api: routeFinder(parts.api),
		control: routeFinder(parts.control),
	};

	const answerApi = (call: Call): Answer => {
		const login = find.logins(call.method, call.path);
		if (login !== null)
			return login === 'otherMethod' ? problem(405, 'Use POST') : login.handler(call);
		const found = find.api(call.method, call.path);
		if (found === null) return problem(404, 'There is no such path');
		if (found === 'otherMethod') return problem(405, 'There is no such method on this path');
		return access.refusal(call) ?? found.handler({ ...call, params: found.params });
	};

	const answerControl = (call: Call): Answer => {
		const refusal = refusalOfOrigin(call, onLoopback);
		if (refusal) return refusal;
		const found = find.control(call.method, call.path);
		if (found === null || found === 'otherMethod')
			return problem(
				404,
				`There is no ${call.method} ${call.path} here: see GET / for what there is`,
			);
		return found.handler({ ...call, params: found.params });
	};

	const serve = (request: IncomingMessage, response: ServerResponse, body: string): void => {
		const call = callOf(request, body);
		const ofControl = isControl(call.path);
		const record = ofControl ? null : recordOf(call, request, now());
		if (record) {
			ledger.record(record, find.logins(call.method, call.path) !== null);
			settings.onRequest?.(record);
		}
		if (settings.dateHeader)
			response.setHeader('date', new Date(serverNow() + settings.dateOffsetMs).toUTCString());

		let told: Answer | null = null;
		const truth = (): Answer =>
			(told = guarded(() => (ofControl ? answerControl(call) : answerApi(call))));
		const fault = faults.take({
			method: call.method,
			path: call.path,
			clientId: call.header('client_id') ?? null,
		});
		if (record && fault) record.fault = fault.kind;
		const answer = fault
			? play({
					fault,
					response,
					truth,
					pace: settings.pace,
					request: { headers: request.headers, body },
				})
			: truth();
		const noted = answer ?? told;
		if (record && noted) ledger.answered(record, noted.status, noted.rows ?? 0);
		if (answer) send(response, answer);
	};

	const arrive = async ({ url = '/', headers, socket }: IncomingMessage): Promise<void> => {
		const [path = '/'] = url.split('?');
		if (settings.onArrival === undefined || isControl(path)) return;
		const clientId = headers.client_id;
		await settings.onArrival({
			path,
			clientId: typeof clientId === 'string' ? clientId : null,
			port: socket.remotePort ?? 0,
		});
	};

	const server = createServer((request, response) => {
		response.sendDate = false;
		const chunks: Buffer[] = [];
		let length = 0;
		request.on('data', (chunk: Buffer) => {
			length += chunk.length;
			if (length <= BODY_LIMIT) chunks.push(chunk);
		});
		request.on('error', () => response.destroy());
		request.on('end', () => {
			if (length > BODY_LIMIT)
				return send(response, problem(413, 'body: send fewer items at once'));
			void arrive(request).then(() => {
				if (response.destroyed) return;
				try {
					serve(request, response, Buffer.concat(chunks).toString());
				} catch (error) {
					send(response, failure(error));
				}
			});
		});
	});
	// As long as a usual proxy keeps a quiet connection: a poll a minute finds its connection alive.
	server.keepAliveTimeout = 75_000;
	return server;
}

/** A refusal to take some input becomes a 400; an error of the simulator itself a 500 that says so. */
function guarded(answer: () => Answer): Answer {
	try {
		return answer();
	} catch (error) {
		if (error instanceof BadInput) return problem(400, error.message, { field: error.field });
		return failure(error);
	}
}

const failure = (error: unknown): Answer =>
	problem(500, `The simulator failed: ${error instanceof Error ? error.message : String(error)}`);

function callOf(request: IncomingMessage, body: string): Call {
	const url = new URL(request.url ?? '/', 'http://simulator.invalid');
	const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
	return {
		method: request.method ?? 'GET',
		path: url.pathname,
		params: {},
		query: (name) => query.get(name.toLowerCase()) ?? null,
		header: (name) => {
			const value = request.headers[name];
			return Array.isArray(value) ? value.join(', ') : value;
		},
		body: () => {
			if (body === '') return undefined;
			try {
				return JSON.parse(body) as unknown;
			} catch {
				throw new BadInput('body', 'send JSON');
			}
		},
	};
}

/** What the ledger notes of a request: everything but secrets. */
function recordOf(call: Call, request: IncomingMessage, at: number): RequestRecord {
	const { searchParams } = new URL(request.url ?? '/', 'http://simulator.invalid');
	const query = Object.fromEntries(
		[...searchParams].map(([name, value]) => [name, SECRET_NAMES.test(name) ? '(hidden)' : value]),
	);
	return {
		at,
		method: call.method,
		path: call.path,
		query,
		clientId: call.header('client_id') ?? null,
		token: tokenOf(call)?.scheme ?? 'none',
		status: null,
		rows: 0,
	};
}
