import type { ServerResponse } from 'node:http';
import type { Fault, FaultKind } from '../faults.mts';
import type { Settings } from '../settings.mts';
import { json, problem, type Answer } from './answers.mts';
import { LIES, type Lie } from './lies.mts';
import { LOGIN_PAGE, PAGES } from './pages.mts';
import { send } from './send.mts';
import { trickle } from './trickle.mts';

interface Scene {
	readonly fault: Fault;
	readonly pace: Settings['pace'];
	readonly response: ServerResponse;
	/** What the server would have answered; made when it is asked for. */
	truth(): Answer;
	/** What the request carried, secrets included. */
	readonly request: { readonly headers: Readonly<Record<string, unknown>>; readonly body: string };
}

/** What is sent in place of the truth; null = nothing, the scene has dealt with the connection itself. */
type Play = (scene: Scene) => Answer | null;

/** An envelope in another shape; an answer that is no envelope becomes an empty one. */
const reshaped =
	(shape: (envelope: { SyncTimeUtc?: unknown; Entities?: unknown }) => unknown): Play =>
	({ truth }) => {
		const parsed: unknown = JSON.parse(truth().text || '{}');
		const shaped = shape(typeof parsed === 'object' && parsed !== null ? parsed : {});
		return { ...json(shaped), rows: Array.isArray(shaped) ? shaped.length : 0 };
	};

const lies = Object.fromEntries(
	Object.entries(LIES).map(([name, lie]) => [name, ({ truth }: Scene) => lie(truth())]),
) as Record<Lie, Play>;

const PLAYS: Record<FaultKind, Play> = {
	...lies,
	status: ({ fault: { status = 500, retryAfter, body, headers } }) => ({
		...(body === undefined
			? problem(status, 'The simulator was asked to fail')
			: typeof body === 'string'
				? { status, text: body }
				: json(body, status)),
		headers: { ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }), ...headers },
	}),
	timeout: () => null,
	slow: ({ fault, response, truth }) => {
		const answer = truth();
		const timer = setTimeout(() => send(response, answer), fault.delayMs ?? 1000);
		response.on('close', () => clearTimeout(timer));
		return null;
	},
	reset: ({ response }) => {
		response.socket?.resetAndDestroy();
		return null;
	},
	half: ({ response, truth }) => {
		const { status, text } = truth();
		const body = Buffer.from(text || ' ');
		response.writeHead(status, {
			'content-type': 'application/json; charset=utf-8',
			'content-length': body.length,
		});
		response.write(body.subarray(0, body.length >> 1), () => response.socket?.destroy());
		return null;
	},
	truncated: ({ truth }) => {
		const answer = truth();
		return { ...answer, text: answer.text.slice(0, answer.text.length >> 1) };
	},
	html: () => LOGIN_PAGE,
	foreign: () => json({ version: '2.0', data: { items: [], total: 0 } }),
	null: () => json(null),
	noEntities: reshaped(({ SyncTimeUtc }) => ({ SyncTimeUtc })),
	nullEntities: reshaped(({ SyncTimeUtc }) => ({ SyncTimeUtc, Entities: null })),
	bareArray: reshaped(({ Entities }) => Entities ?? []),
	noContent: () => ({ status: 204, text: '' }),
	trickle: ({ fault: { everyMs = 1000, wholeAfter }, response, truth, pace }) => {
		trickle(response, truth(), { everyMs, wholeAfter, wait: pace });
		return null;
	},
	page: ({ fault: { page = 'maintenance' } }) => PAGES[page],
	bom: ({ truth }) => {
		const answer = truth();
		return { ...answer, text: `\uFEFF${answer.text}` };
	},
	doubledRows: reshaped((envelope) => ({
		...envelope,
		...(Array.isArray(envelope.Entities) && {
			Entities: envelope.Entities.flatMap((row: unknown) => [row, row]),
		}),
	})),
	redirect: ({ fault }) => ({
		status: 302,
		text: '',
		headers: { location: fault.location ?? '/redirected' },
	}),
	echoSecrets: ({ request }) => ({
		...problem(500, `Unhandled: ${request.body} ${JSON.stringify(request.headers)}`, { request }),
		headers: Object.fromEntries(
			Object.entries({
				'x-echo-token': request.headers.access_token,
				'x-echo-authorization': request.headers.authorization,
				'x-echo-body': request.body,
			}).flatMap(([name, value]) =>
				typeof value === 'string' && /^[\x20-\x7e]+$/.test(value) ? [[name, value]] : [],
			),
		),
	}),
};

/** Plays a fault: sends what it says in place of the truth, or mistreats the connection. */
export function play(scene: Scene): Answer | null {
	const answer = PLAYS[scene.fault.kind](scene);
	return answer && { ...answer, headers: { ...answer.headers, ...scene.fault.headers } };
}
