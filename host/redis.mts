import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from './ports.mts';
import { findPrograms, Server } from './server.mts';

/** A Redis on loopback that keeps its data over restarts (append-only file), in a temporary folder. */
export class Redis {
	private constructor(
		private readonly folder: string,
		private readonly server: Server,
		readonly port: number,
	) {}

	static async start(): Promise<Redis> {
		const { redis } = await findPrograms();
		const [port = 0] = await freePorts(1);
		const folder = await mkdtemp(join(tmpdir(), 'n8n-redis-'));
		const command = [
			redis,
			'--port',
			String(port),
			'--bind',
			'127.0.0.1',
			'--dir',
			folder,
			'--appendonly',
			'yes',
			'--save',
			'',
		];
		const started = new Redis(folder, new Server(command, folder, join(folder, 'redis.log')), port);
		await started.launch();
		return started;
	}

	/** What n8n is told about it. */
	get environment(): Record<string, string> {
		return {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(this.port),
		};
	}

	/** Ends it as an administrator would and starts it again with what it had. */
	async restart(): Promise<void> {
		await this.server.stop();
		await this.launch();
	}

	async close(): Promise<void> {
		await this.server.stop();
		await rm(this.folder, { recursive: true, force: true });
	}

	private async launch(): Promise<void> {
		await this.server.start(async () => (await ping(this.port)) || (await wait(50, false)));
	}
}

/** Whether it answers, and has loaded its data. */
async function ping(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
		socket
			.once('data', (answer: Buffer) => {
				resolve(answer.toString().startsWith('+PONG'));
				socket.destroy();
			})
			.once('error', () => resolve(false))
			.once('close', () => resolve(false));
	});
}
