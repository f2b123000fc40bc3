import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { childEnvironment } from '../../host/children.mts';
import { installN8n } from '../../host/install.mts';
import { HOSTS } from '../../host/paths.mts';
import { Server } from '../../host/server.mts';
import { DEFAULT_N8N } from '../../host/versions.mts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const shortHash = (text: string): string =>
	createHash('sha256').update(text).digest('hex').slice(0, 8);

/** Of the Docker engine: images, volumes, containers, its log. */
const FOLDER = join(HOSTS, 'docker');
/** Not below it: the path of a socket has to be short. */
const RUNNING = `/run/n8n-cynet-${shortHash(HOSTS)}`;
const SOCKET = `unix://${RUNNING}/docker.sock`;

/** What makes Docker's commands go to the engine of these tests. */
const ENVIRONMENT = { DOCKER_HOST: SOCKET, DOCKER_CONFIG: join(FOLDER, 'config') };

/** Where the images that stand in for PostgreSQL's and Redis' are made. */
export const STAND_INS = here('stand-ins');
/** The image that they are built on. */
export const DEBIAN = 'n8n-cynet-test/debian';
const N8N = `docker.n8n.io/n8nio/n8n:${DEFAULT_N8N}`;

/** Runs lines of shell and returns what they print. Throws with what they said, and the code, if one of them fails. */
export async function sh(script: string, cwd = FOLDER): Promise<string> {
	type Failed = Error & { code: number; stdout: string; stderr: string };
	const { stdout } = await promisify(execFile)('sh', ['-euc', script], {
		cwd,
		env: childEnvironment(ENVIRONMENT),
		maxBuffer: 2 ** 28,
	}).catch(({ message, code, stdout, stderr }: Failed) => {
		throw Object.assign(new Error(`${message}\n${[stdout, stderr].join('\n').slice(-8000)}`), {
			code,
		});
	});
	return stdout;
}

/** Called by vitest once, before both set-ups; what it returns is called after them. */
export async function setup(): Promise<() => Promise<void>> {
	await mkdir(FOLDER, { recursive: true });
	await mkdir(RUNNING, { recursive: true });
	await checkMachine();
	const server = new Server(
		[
			'dockerd',
			...['--data-root', join(FOLDER, 'data')],
			...['--exec-root', RUNNING],
			...['--pidfile', join(RUNNING, 'docker.pid')],
			...['--host', SOCKET],
		],
		FOLDER,
		join(FOLDER, 'engine.log'),
	);
	await server.start(
		async () =>
			await sh('docker version').then(
				() => true,
				async () => await wait(200, false),
			),
	);
	const end = async (): Promise<void> => {
		await clear();
		await server.stop();
	};
	try {
		// Left behind by a run that was killed.
		await clear();
		await makeStandIns();
	} catch (error) {
		await end();
		throw error;
	}
	return end;
}

/** All but images and what builds keep. */
async function clear(): Promise<void> {
	await sh(`
		docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes
		docker volume ls --quiet | xargs --no-run-if-empty docker volume rm
		docker network prune --force
		docker image prune --force`);
}

/** Throws with a remedy. */
async function checkMachine(): Promise<void> {
	if (process.getuid?.() !== 0)
		throw new Error('A Docker engine is started here, which needs root: start this as root.');
	const missing = await sh(
		'for program in dockerd docker debootstrap; do command -v "$program" >/dev/null || echo "$program"; done',
	);
	if (missing !== '')
		throw new Error(
			`These programs cannot be found: ${missing.trim().split('\n').join(', ')}.\nDebian: apt-get install -y docker.io debootstrap\nThen start again.`,
		);
	if (await sh('DOCKER_HOST= docker version').then(Boolean, () => false))
		throw new Error(
			"A Docker engine runs on this machine. These tests start one of their own, whose images stand in for n8n's, and two engines would change each other's rules of the firewall. Stop that one for the time of the tests: systemctl stop docker.socket docker",
		);
	await sh(`docker compose version || sh '${here('get-compose.sh')}'`);
}

/** Images in place of those that come from registries of images. Minutes the first time, later nothing. */
async function makeStandIns(): Promise<void> {
	const { folder, node } = await installN8n(DEFAULT_N8N);
	const parts = ['stand-ins/import.sh', 'stand-ins/docker-entrypoint.sh'].map(here);
	const contents = [...parts, join(folder, 'complete.json'), '/etc/os-release'].map(
		async (file) => await readFile(file, 'utf8'),
	);
	const label = shortHash((await Promise.all(contents)).join('\0'));
	await access(node);
	const labelOf = `docker image inspect --format '{{ index .Config.Labels "made-of" }}'`;
	if ((await sh(`${labelOf} ${N8N} || true`)).trim() === label) return;
	console.log(`An image of n8n ${DEFAULT_N8N} is made of the installed one: some three minutes.`);
	await sh(`sh '${parts[0]}' '${folder}' '${node}' ${DEBIAN} ${N8N} ${label}`);
}
