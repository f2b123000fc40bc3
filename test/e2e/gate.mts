import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/**
 * An address before a server that can be shut: then connections to it are refused, while the server
 * goes on counting.
 */
export interface Gate {
	readonly url: string;
	shut(): Promise<void>;
	open(): Promise<void>;
}

/** Opens a gate to a server on loopback. */
export async function openGate(target: string): Promise<Gate> {
	const { port: targetPort } = new URL(target);
	let port = 0;
	let sockets = new Set<Socket>();
	let server = makeServer();

	function makeServer() {
		return createServer((inner) => {
			const outer = connect(Number(targetPort), '127.0.0.1');
			for (const [from, to] of [
				[inner, outer],
				[outer, inner],
			] as const) {
				sockets.add(from);
				from.pipe(to);
				from
					.on('error', () => to.destroy())
					.on('close', () => {
						sockets.delete(from);
						to.destroy();
					});
			}
		});
	}

	const open = async (): Promise<void> => {
		server = makeServer();
		await new Promise<void>((resolve, reject) =>
			server.once('error', reject).listen(port, '127.0.0.1', resolve),
		);
		port = (server.address() as AddressInfo).port;
	};
	const shut = async (): Promise<void> => {
		const closed = new Promise<void>((resolve) => server.close(() => resolve()));
		for (const socket of sockets) socket.destroy();
		sockets = new Set();
		await closed;
	};
	await open();
	return { url: `http://127.0.0.1:${port}`, shut, open };
}
