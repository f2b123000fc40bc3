import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterRestart, iso, MINUTE, stage, trigger, type Trigger } from './trigger-helpers.mts';

export type Row = Record<string, unknown>;

/** One request for a list of alerts. */
interface Asked {
	/** How many of them there were, this one included. */
	readonly count: number;
	readonly path: string;
	readonly offset: number;
	readonly limit: number;
	/** The alerts that it asks for, and all from its time on. */
	readonly page: Row[];
	readonly all: Row[];
	readonly request: IncomingMessage;
	readonly response: ServerResponse;
}

/** What a server does in another way than Cynet's documentation says. */
export interface Oddity {
	/** How it writes an alert that was raised at that time. */
	row?: (row: Row, at: number, number: number) => Row;
	/** What it answers. */
	body?: (asked: Asked) => unknown;
	/** How it sends that; a text as it is. */
	send?: (asked: Asked, text: string) => void;
	/** Its answer to a login. */
	login?: () => unknown;
}

export const sendJson = (response: ServerResponse, text: string, status = 200): void => {
	response.writeHead(status, { 'Content-Type': 'application/json' }).end(text);
};

/** A server of hand-written answers, for what the simulator does not imagine. */
async function startOddServer(oddity: Oddity) {
	const rows: Array<{ at: number; row: Row }> = [];
	let count = 0;
	const server = createServer((request, response) => {
		request.resume();
		response.setHeader('Date', new Date(stage.now).toUTCString());
		const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
		if (pathname === '/api/account/token')
			return sendJson(response, JSON.stringify(oddity.login?.() ?? { access_token: 'token' }));
		const since = Date.parse(`${searchParams.get('LastSeen')!.replace(' ', 'T')}Z`);
		const offset = Number(searchParams.get('Offset') ?? 0);
		const limit = Number(searchParams.get('Limit') ?? Infinity);
		const all = rows.filter(({ at }) => at >= since).map(({ row }) => row);
		const page = all.slice(offset, offset + limit);
		const path = pathname;
		const asked: Asked = { count: ++count, path, offset, limit, page, all, request, response };
		const text = JSON.stringify(oddity.body?.(asked) ?? envelope(page));
		if (oddity.send) oddity.send(asked, text);
		else sendJson(response, text);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const close = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	stage.simulator = { url, close } as never;
	return {
		raise: (at = stage.now) => {
			const number = rows.length + 1;
			const row = alertOf(number, at);
			rows.push({ at, row: oddity.row?.(row, at, number) ?? row });
		},
		/** Names of the alerts that were raised, in their order. */
		names: () => rows.map((_, index) => `Alert ${index + 1}`),
	};
}

export const envelope = (Entities: unknown) => ({ SyncTimeUtc: iso(stage.now), Entities });

function alertOf(number: number, at: number): Row {
	const time = iso(at);
	return {
		ClientDbId: number,
		Uniqueness: `fingerprint ${number}`,
		IncidentName: `Alert ${number}`,
		Severity: 3,
		Status: 0,
		AlertType: 0,
		HostName: 'PC-1',
		DateIn: time,
		FirstSeenUtc: time,
		LastSeen: time,
		LastSeenUtc: time,
		DateChanged: time,
	};
}

/**
 * An hour and more with such a server: alerts one at a time, a restart of n8n, more of them, and some at once.
 * @returns the names of the alerts that arrived, sorted by number, and what n8n's log and failed polls said
 */
export async function liveWith(oddity: Oddity, like: Trigger = {}) {
	const { raise, names } = await startOddServer(oddity);
	const arrived: string[] = [];
	const said: string[] = [];
	let workflow = trigger(like);
	const tick = async () => {
		stage.now += MINUTE;
		const lines = workflow.n8n.log.length;
		try {
			arrived.push(...(await workflow.items()).map(({ name }) => String(name)));
		} catch (error) {
			said.push(String((error as Error).message), String((error as Row).description));
		}
		for (const { level, message } of workflow.n8n.log.slice(lines))
			if (level === 'warn' || level === 'error') said.push(message);
	};
	await tick();
	for (let minute = 0; minute < 10; minute++) {
		raise();
		await tick();
		if (minute === 4) {
			workflow.n8n.save();
			workflow = afterRestart(workflow, like);
		}
	}
	for (let together = 0; together < 5; together++) raise();
	for (let minute = 0; minute < 63; minute++) await tick();
	const number = (name: string) => Number(name.slice('Alert '.length));
	arrived.sort((one, other) => number(one) - number(other));
	return { arrived, raised: names(), said };
}
