import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { access, constants, readFile, readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childEnvironment, signalGroup, spawnGroup } from './children.mts';

const KEEPER = fileURLToPath(new URL('keep-server.cjs', import.meta.url));

/** A server that n8n needs; it ends when this process does, however that ends. */
export class Server {
	private child: ChildProcess | null = null;

	constructor(
		private readonly command: readonly string[],
		private readonly folder: string,
		readonly logFile: string,
	) {}

	/** Starts it; `answers` resolves to true once it does. Throws with its last lines if it ends before. */
	async start(answers: () => Promise<boolean>): Promise<void> {
		const log = openSync(this.logFile, 'a');
		const child = spawnGroup(process.execPath, [KEEPER, ...this.command], {
			cwd: this.folder,
			env: childEnvironment({ LC_ALL: 'C' }),
			stdio: ['ignore', log, log],
		});
		closeSync(log);
		this.child = child;
		const ended = new Promise<never>((_, reject) => {
			child
				.once('error', reject)
				.once('exit', (code, signal) =>
					reject(new Error(`${this.command.join(' ')} ended (${signal ?? `code ${code}`})`)),
				);
		});
		ended.catch(() => undefined);
		try {
			while (!(await Promise.race([ended, answers()])));
		} catch (error) {
			throw new Error(`${String(error)}. The end of ${this.logFile}:\n${await this.tail()}`);
		}
	}

	/** Asks it to end and waits until it has. */
	async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
		const { child } = this;
		if (!child) return;
		const exited = new Promise((resolve) => child.once('exit', resolve));
		if (child.exitCode === null && child.signalCode === null && signalGroup(child.pid ?? 0, signal))
			await exited;
		this.child = null;
	}

	private async tail(): Promise<string> {
		const text = await readFile(this.logFile, 'utf8').catch(() => '');
		return text.trimEnd().split('\n').slice(-15).join('\n');
	}
}

/** Where Debian keeps what is not on the path: one folder a version. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql';

interface Programs {
	/** The folder with `initdb` and `postgres`. */
	readonly postgres: string;
	readonly redis: string;
}

/** Finds what queue mode needs on this machine. Throws with the line that installs it. */
export async function findPrograms(): Promise<Programs> {
	const versions = await readdir(POSTGRES_FOLDERS).catch(() => []);
	const newestFirst = versions
		.sort((one, other) => Number(other) - Number(one))
		.map((version) => join(POSTGRES_FOLDERS, version, 'bin'));
	const path = (process.env.PATH ?? '').split(delimiter);
	const postgres = await folderWith('initdb', [...path, ...newestFirst]);
	const redis = await folderWith('redis-server', path);
	const missing = [...(postgres ? [] : ['PostgreSQL']), ...(redis ? [] : ['Redis'])];
	if (!postgres || !redis) {
		throw new Error(
			`Queue mode needs PostgreSQL and Redis; ${missing.join(' and ')} cannot be found.\nDebian, Ubuntu: apt-get install -y postgresql redis-server\nNeither needs to run as a service. Then start again.`,
		);
	}
	return { postgres, redis: join(redis, 'redis-server') };
}

async function folderWith(
	program: string,
	folders: readonly string[],
): Promise<string | undefined> {
	for (const folder of folders) {
		if (
			await access(join(folder, program), constants.X_OK).then(
				() => true,
				() => false,
			)
		)
			return folder;
	}
	return undefined;
}
