import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An address at which executions report on their way: it lets them go on at once, or holds them as
 * long as it is told to.
 */
export interface Hold {
	/** An execution adds its id. */
	readonly url: string;
	/** The executions that are held and whose worker lives. */
	held(): Set<number>;
	/** From now on all are held. */
	begin(): void;
	/** Lets go of those that are held, and of all later ones. */
	end(): void;
	close(): Promise<void>;
}

/** Opens one on loopback. */
export async function openHold(): Promise<Hold> {
	const waiting = new Map<ServerResponse, number>();
	let holds = false;
	const release = (response: ServerResponse): void =>
		void response.setHeader('content-type', 'application/json').end('{}');
	const server = createServer((request, response) => {
		request.resume();
		if (!holds) return release(response);
		waiting.set(response, Number(request.url?.split('/').pop()));
		response.once('close', () => waiting.delete(response));
	});
	// A request may be held for longer than a server usually bears.
	server.requestTimeout = 0;
	await new Promise<void>((resolve, reject) =>
		server.once('error', reject).listen(0, '127.0.0.1', resolve),
	);
	const end = (): void => {
		holds = false;
		for (const response of waiting.keys()) release(response);
	};
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
		held: () => new Set(waiting.values()),
		begin: () => void (holds = true),
		end,
		close: async () => {
			end();
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}
