import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RaiseInput, RequestRecord } from '../simulator/simulator.mts';

/** The simulator in a process of its own, so that its work and its heap are not taken for the package's. */
export interface Server {
	readonly url: string;
	fill(count: number, alert?: RaiseInput): Promise<void>;
	/** From now on the site has so many hosts. */
	setHosts(count: number): Promise<void>;
	/** The requests since the last time this was asked. */
	newRequests(): Promise<readonly RequestRecord[]>;
	close(): void;
}

export type Call =
	| { readonly name: 'fill'; readonly count: number; readonly alert: RaiseInput }
	| { readonly name: 'setHosts'; readonly count: number }
	| { readonly name: 'newRequests' };

export interface ServerOptions {
	/** The simulator's own unless given. */
	readonly sites?: readonly string[];
	/** How long it takes to begin an answer, in milliseconds. */
	readonly latencyMs?: number;
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
	const file = fileURLToPath(new URL('./server-process.mts', import.meta.url));
	const child = fork(file, [JSON.stringify(options)], {
		execArgv: ['--import', 'tsx'],
	});
	const answer = async (): Promise<unknown> => {
		const ended = new AbortController();
		const end = once(child, 'exit', { signal: ended.signal }).then(
			() => {
				throw new Error('The simulator ended');
			},
			() => [],
		);
		try {
			const [message] = (await Promise.race([once(child, 'message'), end])) as unknown[];
			return message;
		} finally {
			ended.abort();
		}
	};
	const call = async (what: Call): Promise<unknown> => {
		child.send(what);
		return await answer();
	};
	const url = (await answer()) as string;
	return {
		url,
		fill: async (count, alert = {}) => void (await call({ name: 'fill', count, alert })),
		setHosts: async (count) => void (await call({ name: 'setHosts', count })),
		newRequests: async () => (await call({ name: 'newRequests' })) as RequestRecord[],
		// It ends by itself when this process does.
		close: () => child.disconnect(),
	};
}
