import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signalGroup, spawnGroup } from './children.mts';
import { n8nEnvironment, type EnvironmentOptions } from './environment.mts';
import type { Installation } from './install.mts';
import { freePorts } from './ports.mts';
import type { Postgres } from './postgres.mts';
import { until } from './wait.mts';

const KEEP_WITH_PARENT = fileURLToPath(new URL('keep-with-parent.cjs', import.meta.url));
const START_LIMIT_MS = 300_000;

/** What a process of n8n does: all of it, or in queue mode executions alone. */
export type Role = 'main' | 'worker';

/** The executions that a worker runs at the same time; n8n warns of less. */
export const CONCURRENCY = 5;
const COMMANDS: Readonly<Record<Role, readonly string[]>> = {
	main: ['start'],
	worker: ['worker', `--concurrency=${CONCURRENCY}`],
};

interface N8nOptions extends Omit<EnvironmentOptions, 'port' | 'brokerPort'> {
	/** `main` unless given. */
	readonly role?: Role;
	/** Any free one unless given. */
	readonly port?: number;
}

interface Exit {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
}

interface Running {
	readonly child: ChildProcess;
	readonly pid: number;
	readonly exited: Promise<Exit>;
	/** Whether it has answered. */
	answers: boolean;
}

/** An n8n on loopback with a user folder, ports and a log file that stay the same over any number of starts. */
export class N8n {
	private running: Running | null = null;

	private constructor(
		private readonly options: N8nOptions,
		readonly port: number,
		private readonly brokerPort: number,
	) {}

	static async make(options: N8nOptions): Promise<N8n> {
		const [free = 0, brokerPort = 0] = await freePorts(2);
		await mkdir(options.userFolder, { recursive: true });
		return new N8n(options, options.port ?? free, brokerPort);
	}

	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	get installation(): Installation {
		return this.options.installation;
	}

	/** Null while its database is SQLite. */
	get postgres(): Postgres | null {
		return this.options.queue?.postgres ?? null;
	}

	get userFolder(): string {
		return this.options.userFolder;
	}

	/** All that n8n ever printed, over all starts. */
	get logFile(): string {
		return join(this.options.userFolder, 'n8n.log');
	}

	/** Null while it does not run. */
	get pid(): number | null {
		return this.running?.pid ?? null;
	}

	/** `starting` until it answers. */
	get phase(): 'down' | 'starting' | 'running' {
		if (!this.running) return 'down';
		return this.running.answers ? 'running' : 'starting';
	}

	/** Starts it and returns once it answers. Throws with the end of its log if it does not. */
	async start(): Promise<void> {
		if (this.running) throw new Error('This n8n runs already');
		const running = this.launch();
		this.running = running;
		void running.exited.then(() => {
			// Whoever killed n8n alone left its task runner behind.
			signalGroup(running.pid, 'SIGKILL');
			if (this.running === running) this.running = null;
		});
		const gone = running.exited.then(async ({ code, signal }) => {
			throw new Error(
				`n8n ended while starting (${signal ?? `code ${code}`}). The end of ${this.logFile}:\n${await this.logTail()}`,
			);
		});
		gone.catch(() => undefined);
		await Promise.race([
			gone,
			this.ready()
				.then(() => (running.answers = true))
				.catch(async (error: unknown) => {
					await this.kill();
					throw new Error(`${String(error)}\nThe end of ${this.logFile}:\n${await this.logTail()}`);
				}),
		]);
	}

	/**
	 * After a kill, as a service manager does it: n8n 2.41 can end while it recovers an execution that
	 * had not begun, and leaves the recovery out the next time.
	 */
	async startAgain(): Promise<void> {
		try {
			await this.start();
		} catch (error) {
			if (!String(error).includes('recoverFromLogs')) throw error;
			await this.start();
		}
	}

	/** Asks it to end and waits for it; kills it if it takes longer than `limitMs`. */
	async stop(limitMs = 30_000): Promise<void> {
		const { running } = this;
		if (!running) return;
		running.child.kill('SIGTERM');
		const limit = setTimeout(() => signalGroup(running.pid, 'SIGKILL'), limitMs);
		await running.exited;
		clearTimeout(limit);
		await this.gone(running);
	}

	/** kill -9, as a crash would: no chance to save anything. Returns when nothing of it is left. */
	async kill(): Promise<void> {
		const { running } = this;
		if (!running) return;
		signalGroup(running.pid, 'SIGKILL');
		await running.exited;
		await this.gone(running);
	}

	/** Settles when the n8n that runs now has ended, for whatever reason. */
	async exited(): Promise<Exit> {
		return this.running ? await this.running.exited : { code: null, signal: null };
	}

	private get role(): Role {
		return this.options.role ?? 'main';
	}

	private launch(): Running {
		const { installation, userFolder } = this.options;
		const log = openSync(this.logFile, 'a');
		const child = spawnGroup(
			installation.node,
			['--require', KEEP_WITH_PARENT, installation.bin, ...COMMANDS[this.role]],
			{
				cwd: userFolder,
				env: n8nEnvironment({
					...this.options,
					port: this.port,
					brokerPort: this.brokerPort,
					more: { ...healthOf(this.role, this.port), ...this.options.more },
				}),
				stdio: ['ignore', log, log],
			},
		);
		closeSync(log);
		const exited = new Promise<Exit>((resolve) => {
			child
				.once('exit', (code, signal) => resolve({ code, signal }))
				.once('error', () => resolve({ code: null, signal: null }));
		});
		return { child, pid: child.pid ?? 0, exited, answers: false };
	}

	/** `/healthz` answers before the database is ready, and readiness a moment before the REST routes are there. */
	private async ready(): Promise<void> {
		const answers = async (path: string): Promise<boolean> => {
			const response = await fetch(`${this.url}${path}`).catch(() => null);
			const text = await response?.text().catch(() => '');
			return response?.status === 200 && (text ?? '').startsWith('{');
		};
		const paths =
			this.role === 'worker' ? ['/healthz/readiness'] : ['/healthz/readiness', '/rest/settings'];
		await until(
			'n8n answers',
			async () => {
				for (const path of paths) if (!(await answers(path))) return false;
				return true;
			},
			{ limitMs: START_LIMIT_MS },
		);
	}

	private async gone(running: Running): Promise<void> {
		await until('all processes of n8n are gone', () => !signalGroup(running.pid, 'SIGKILL'), {
			limitMs: 10_000,
			everyMs: 20,
		});
		// By now someone may have started it again.
		if (this.running === running) this.running = null;
	}

	private async logTail(): Promise<string> {
		const text = await readFile(this.logFile, 'utf8').catch(() => '');
		return text.trimEnd().split('\n').slice(-25).join('\n');
	}
}

/** A worker has no port of its own but for this. */
function healthOf(role: Role, port: number): Record<string, string> {
	return role === 'worker'
		? {
				QUEUE_HEALTH_CHECK_ACTIVE: 'true',
				QUEUE_HEALTH_CHECK_PORT: String(port),
				N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			}
		: {};
}
