import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { Installation } from './install.mts';
import { HOSTS } from './paths.mts';
import type { Postgres } from './postgres.mts';
import type { Redis } from './redis.mts';

/** What n8n may see of this process's environment: nothing that changes how it behaves. */
const PASSED_ON = ['LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'USER', 'LOGNAME'];

/** No calls home, no telemetry, no banners: nothing but loopback. */
const QUIET = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
};

/** Parts of n8n that call home when it starts. */
const CALLING_HOME = ['mcp-registry', 'instance-ai', 'agents', 'chat-hub', 'mcp'];

/** Cursor and execution in one transaction: a poll survives kill -9. n8n 2.37 and later; older ones ignore all four. */
export const DURABLE = {
	N8N_SCHEDULER_ENABLED: 'true',
	N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
	N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'true',
	N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
};

/** What an n8n is told so that it asks nothing but loopback. */
export const quietEnvironment = (installation: Installation): Record<string, string> => ({
	...QUIET,
	N8N_DISABLED_MODULES: modulesOf(installation, CALLING_HOME).join(','),
});

/** What the processes of n8n's queue mode share. */
interface Queue {
	readonly postgres: Postgres;
	readonly redis: Redis;
}

export interface EnvironmentOptions {
	readonly userFolder: string;
	readonly installation: Installation;
	readonly port: number;
	/** For n8n's task runner, which listens too. */
	readonly brokerPort: number;
	/** n8n's durable scheduler and cursors. */
	readonly durable?: boolean;
	/** For queue mode. */
	readonly queue?: Queue;
	/** More of n8n's variables; they win. */
	readonly more?: Readonly<Record<string, string>>;
}

/** The environment of an n8n on loopback that shares nothing with any other one on this machine. */
export function n8nEnvironment({
	userFolder,
	installation,
	port,
	brokerPort,
	durable = false,
	queue,
	more = {},
}: EnvironmentOptions): Record<string, string> {
	const passedOn = PASSED_ON.flatMap((name) =>
		process.env[name] === undefined ? [] : [[name, process.env[name]]],
	);
	return {
		...(Object.fromEntries(passedOn) as Record<string, string>),
		...quietEnvironment(installation),
		...(durable ? DURABLE : {}),
		// n8n starts its task runner with the `node` that it finds.
		PATH: [installation.nodeFolder, process.env.PATH ?? ''].join(delimiter),
		HOME: userFolder,
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: 'not-a-secret-this-host-is-thrown-away',
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}/`,
		N8N_SECURE_COOKIE: 'false',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_LOG_LEVEL: 'info',
		NODE_ENV: 'production',
		// n8n refuses all requests once its database has not answered for five seconds, which on a busy
		// machine says nothing.
		DB_PING_TIMEOUT_MS: '60000',
		// A quarter of what a start costs is compiling the same sources: Node keeps what came of it.
		NODE_COMPILE_CACHE: join(HOSTS, 'compiled'),
		...queue?.postgres.environment,
		...queue?.redis.environment,
		...more,
	};
}

/** Those modules that this n8n has: it refuses to start if it is to turn off one that it does not know. */
function modulesOf({ bin }: Installation, names: readonly string[]): string[] {
	return names.filter((name) => existsSync(join(dirname(bin), '..', 'dist', 'modules', name)));
}

/** n8n's folder in a user folder: database, event log, community packages. */
export const dataFolder = (userFolder: string): string => join(userFolder, '.n8n');
