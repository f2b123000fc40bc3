import { createServer } from 'node:net';

/** So many different ports of 127.0.0.1 that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, async () => await listen(0)));
	const ports = servers.map((server) => server.port);
	await Promise.all(servers.map(async (server) => await server.close()));
	return ports;
}

/** The port asked for, after a look whether it is free. Throws with a remedy if it is not. */
export async function freePort(port: number, option: string): Promise<number> {
	try {
		const server = await listen(port);
		await server.close();
		return server.port;
	} catch (error) {
		const reason =
			(error as NodeJS.ErrnoException).code === 'EADDRINUSE'
				? 'is in use'
				: `cannot be used (${String((error as Error).message)})`;
		throw new Error(`Port ${port} ${reason}: name another one with ${option} <number>.`);
	}
}

async function listen(port: number): Promise<{ port: number; close: () => Promise<void> }> {
	const server = createServer();
	await new Promise<void>((resolve, reject) =>
		server.once('error', reject).listen(port, '127.0.0.1', resolve),
	);
	const address = server.address();
	return {
		port: typeof address === 'object' && address ? address.port : port,
		close: async () => await new Promise((resolve) => server.close(() => resolve())),
	};
}
