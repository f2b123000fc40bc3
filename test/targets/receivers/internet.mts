import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * An HTTPS proxy that leads some hosts to loopback and all others nowhere, as a company's proxy
 * might: n8n is told of it by its own
 * variables, and the templates keep the addresses that users have.
 */
export interface Internet {
	readonly environment: Readonly<Record<string, string>>;
	/** The port on loopback of a host, or of several. */
	lead(host: string | readonly string[], port: number): void;
	close(): Promise<void>;
}

export async function startInternet(certificate: Certificate): Promise<Internet> {
	const ports = new Map<string, number>();
	const sockets = new Set<Socket>();
	const server = createServer((_, response) => response.writeHead(501).end());
	server.on('connect', (request: IncomingMessage, inner: Socket) => {
		const port = ports.get(request.url?.replace(/:443$/, '') ?? '');
		if (port === undefined) return void inner.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
		const outer = connect(port, '127.0.0.1', () => {
			inner.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			inner.pipe(outer).pipe(inner);
		});
		for (const [one, other] of [
			[inner, outer],
			[outer, inner],
		] as const) {
			sockets.add(one);
			one
				.on('error', () => other.destroy())
				.on('close', () => {
					sockets.delete(one);
					other.destroy();
				});
		}
	});
	await new Promise<void>((resolve, reject) =>
		server.once('error', reject).listen(0, '127.0.0.1', resolve),
	);
	return {
		environment: {
			HTTPS_PROXY: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
			NO_PROXY: '127.0.0.1,localhost',
			NODE_EXTRA_CA_CERTS: certificate.file,
		},
		lead: (host, port) => [host].flat().forEach((one) => ports.set(one, port)),
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
}

export interface Certificate {
	readonly key: string;
	readonly cert: string;
	/** The certificate's file, for `NODE_EXTRA_CA_CERTS`. */
	readonly file: string;
}

/** A certificate for these hosts that vouches for itself, made with openssl into a folder. */
export async function makeCertificate(
	folder: string,
	hosts: readonly string[],
): Promise<Certificate> {
	const [keyFile, file] = [join(folder, 'receivers.key'), join(folder, 'receivers.crt')];
	await promisify(execFile)('openssl', [
		'req',
		'-x509',
		'-newkey',
		'rsa:2048',
		'-nodes',
		'-days',
		'2',
		'-subj',
		'/CN=receivers of a test',
		'-keyout',
		keyFile,
		'-out',
		file,
		'-addext',
		`subjectAltName=${hosts.map((host) => `DNS:${host}`).join(',')}`,
	]);
	return { key: await readFile(keyFile, 'utf8'), cert: await readFile(file, 'utf8'), file };
}
