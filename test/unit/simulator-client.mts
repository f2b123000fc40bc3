import { onTestFinished } from 'vitest';
import {
	startSimulator,
	type Alert,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator/simulator.mts';

/** When the virtual clock of each test starts. */
export const START = Date.UTC(2026, 4, 29, 13, 0, 0);
export const clock = { now: START };

/** A simulator on the virtual clock. When the test ends it is closed, and the clock is set back. */
export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
	const simulator = await startSimulator({ now: () => clock.now, ...options });
	onTestFinished(async () => {
		clock.now = START;
		await simulator.close();
	});
	return simulator;
}

export const send = (
	method: string,
	url: string,
	body: unknown,
	headers: Record<string, string> = {},
): Promise<Response> =>
	fetch(url, {
		method,
		body: JSON.stringify(body),
		headers: { 'content-type': 'application/json', ...headers },
	});

export const post = (
	url: string,
	body: unknown,
	headers?: Record<string, string>,
): Promise<Response> => send('POST', url, body, headers);

export async function tokenOf({ url, settings }: Simulator): Promise<string> {
	const response = await post(`${url}/api/account/token`, {
		user_name: settings.username,
		password: settings.password,
	});
	return ((await response.json()) as { access_token: string }).access_token;
}

/** A function that reads paths of the API with a token of its own. */
export async function client(simulator: Simulator, site = '1001') {
	const token = await tokenOf(simulator);
	const headers = { access_token: token, client_id: site };
	return Object.assign(
		(path: string) => fetch(simulator.url + path, { headers, redirect: 'manual' }),
		{
			token,
			post: (path: string, body: unknown) => post(simulator.url + path, body, headers),
		},
	);
}

export interface Envelope {
	SyncTimeUtc: string;
	Entities: Alert[];
}

/** The path of the paged list, from long ago unless the query says so. */
export function bulk(query: Record<string, string | number> = {}): string {
	const texts = Object.entries(query).map(([name, value]) => [name, String(value)]);
	return `/api/alerts/bulk?${new URLSearchParams({ LastSeen: '2020-01-01 00:00:00', ...Object.fromEntries(texts) })}`;
}

export const envelopeOf = async (response: Promise<Response>): Promise<Envelope> =>
	(await (await response).json()) as Envelope;
export const idsOf = async (response: Promise<Response>): Promise<number[]> =>
	(await envelopeOf(response)).Entities.map(({ ClientDbId }) => ClientDbId);
