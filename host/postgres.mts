import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from './children.mts';
import type { Installation } from './install.mts';
import { freePorts } from './ports.mts';
import { findPrograms, Server } from './server.mts';

/** What is used of `pg`, the client that n8n itself brings along. */
interface Pool {
	query(sql: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
	end(): Promise<void>;
	on(event: 'error', listener: () => void): void;
}

const USER = 'n8n';
const DATABASE = 'postgres';

/** A PostgreSQL on loopback with a cluster of its own in a temporary folder. */
export class Postgres {
	private constructor(
		private readonly folder: string,
		private readonly server: Server,
		private readonly pool: Pool,
		readonly port: number,
	) {}

	/** A new cluster. `initdb` refuses root: then all of it belongs to the user `postgres` of the Debian package. */
	static async start({ bin }: Pick<Installation, 'bin'>): Promise<Postgres> {
		const { postgres } = await findPrograms();
		const [port = 0] = await freePorts(1);
		const folder = await mkdtemp(join(tmpdir(), 'n8n-postgres-'));
		const owner = process.getuid?.() === 0 ? await idsOf('postgres') : null;
		if (owner) await chown(folder, owner.uid, owner.gid);
		const as = owner
			? ['setpriv', `--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups']
			: [];
		const [program = '', ...args] = [
			...as,
			join(postgres, 'initdb'),
			'-D',
			join(folder, 'data'),
			'-U',
			USER,
			'-A',
			'trust',
			'-E',
			'UTF8',
			'--locale=C',
			'--no-sync',
		];
		const { code, tail } = await run(program, args, { cwd: folder });
		if (code !== 0) throw new Error(`initdb did not succeed:\n${tail}`);

		// It is ended, never killed: nothing has to reach the disk, and n8n's tables are made in a fraction of the time.
		const settings = ['listen_addresses=127.0.0.1', 'max_connections=200', 'fsync=off'].flatMap(
			(setting) => ['-c', setting],
		);
		const server = new Server(
			[
				...as,
				join(postgres, 'postgres'),
				'-D',
				join(folder, 'data'),
				'-k',
				folder,
				'-p',
				String(port),
				...settings,
			],
			folder,
			join(tmpdir(), `n8n-postgres-${port}.log`),
		);
		const { Pool } = createRequire(bin)('pg') as {
			Pool: new (options: Record<string, unknown>) => Pool;
		};
		const pool = new Pool({ host: '127.0.0.1', port, user: USER, database: DATABASE, max: 2 });
		pool.on('error', () => undefined);
		const started = new Postgres(folder, server, pool, port);
		await server.start(
			async () =>
				await pool.query('SELECT 1').then(
					() => true,
					async () => await wait(50, false),
				),
		);
		return started;
	}

	/** What n8n is told about it. */
	get environment(): Record<string, string> {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_USER: USER,
			DB_POSTGRESDB_PASSWORD: 'trusted',
			DB_POSTGRESDB_DATABASE: DATABASE,
			// Two and twenty seconds by n8n's choice: on a busy machine a poll then waits in vain for a connection.
			DB_POSTGRESDB_POOL_SIZE: '10',
			DB_POSTGRESDB_CONNECTION_TIMEOUT: '60000',
		};
	}

	/** The rows of a query; its values stand as `?`. */
	async query<Row>(
		sql: string,
		values: ReadonlyArray<string | number | null> = [],
	): Promise<Row[]> {
		let count = 0;
		const { rows } = await this.pool.query(
			sql.replaceAll('?', () => `$${++count}`),
			values,
		);
		return rows as Row[];
	}

	/** Ends it; nothing of it is left. */
	async close(): Promise<void> {
		await this.pool.end();
		// Fast shutdown: it does not wait for connections.
		await this.server.stop('SIGINT');
		await rm(this.folder, { recursive: true, force: true });
		await rm(this.server.logFile, { force: true });
	}
}

async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
	const [uid, gid] = await Promise.all(
		['-u', '-g'].map(async (option) => await run('id', [option, user])),
	);
	if (uid?.code !== 0 || gid?.code !== 0)
		throw new Error(
			`PostgreSQL refuses to run as root, and there is no user "${user}". Start this as another user, or install the Debian package: apt-get install -y postgresql`,
		);
	return { uid: Number(uid.tail), gid: Number(gid.tail) };
}
