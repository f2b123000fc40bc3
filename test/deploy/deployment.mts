import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { quietEnvironment } from '../../host/environment.mts';
import { executionsShown } from '../../host/executions.mts';
import { installN8n } from '../../host/install.mts';
import { HOSTS, PROJECT } from '../../host/paths.mts';
import { freePorts } from '../../host/ports.mts';
import { Rest } from '../../host/rest.mts';
import { DEFAULT_N8N } from '../../host/versions.mts';
import { until } from '../../host/wait.mts';
import {
	compose,
	exampleVariables,
	type Compose,
	type Setup,
} from '../repository/compose-file.mts';
import { DEBIAN, STAND_INS, sh } from './engine.mts';
import { commandsOf } from './readme.mts';

/** Of this repository: as it is, or with what a later release could have changed. */
type Release = 'this' | 'later';

/** By what the later release is known, in n8n and among the images. */
const CHANGED = {
	'nodes/CynetTrigger/CynetTrigger.node.ts': [
		'Starts the workflow when',
		'Starts this workflow when',
	],
	'compose.yaml': ['image: n8n-cynet:', 'image: n8n-cynet:later-'],
} as const;

/** What `docker inspect` says of a container, as far as it is used here. */
interface Container {
	readonly Id: string;
	readonly RestartCount: number;
	readonly State: {
		readonly Pid: number;
		readonly ExitCode: number;
		readonly Health: { readonly Status: string };
	};
	readonly Config: { readonly Image: string };
	readonly HostConfig: { readonly Memory: number };
}

/** A user's copy of this repository, with one of its set-ups in the Docker engine of the tests. */
export class Deployment {
	/** The service that polls. */
	readonly main: 'n8n' | 'main';

	private constructor(
		readonly setup: Setup,
		private readonly copy: string,
		/** The compose file as it is read with this copy's `.env`. */
		readonly file: Compose,
		readonly rest: Rest,
	) {
		this.main = setup === 'single' ? 'n8n' : 'main';
	}

	/** As deploy/README.md says under "Start", up to the last line. Nothing runs yet. */
	static async make(setup: Setup): Promise<Deployment> {
		const copy = join(HOSTS, 'deploy', setup);
		await rm(copy, { recursive: true, force: true });
		const [port = 0] = await freePorts(1);
		const variables = Object.fromEntries(
			Object.entries({ ...exampleVariables(setup), N8N_PUBLISHED_PORT: String(port) }).map(
				([name, value]) => [name, value === '' ? randomBytes(32).toString('hex') : value],
			),
		);
		const deployment = new Deployment(
			setup,
			copy,
			compose(setup, variables),
			new Rest({ url: `http://127.0.0.1:${port}` }),
		);
		await deployment.take('this');
		const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
		await writeFile(join(deployment.folder, '.env'), lines.join(''));
		await writeFile(
			join(deployment.folder, 'compose.override.yaml'),
			stringify(await overrideOf(deployment.file)),
		);
		return deployment;
	}

	/** Where the user is, before `docker compose`. */
	private get folder(): string {
		return join(this.copy, 'deploy', this.setup);
	}

	/** Runs commands as the user would, in the folder of the compose file. Returns what they print. */
	async sh(script: string): Promise<string> {
		return await sh(script, this.folder);
	}

	/** The command that starts all, or brings it to what the files now say. */
	async up(): Promise<void> {
		const [start = ''] = commandsOf('Start', this.setup);
		await this.sh(start.split('\n').find((line) => line.startsWith('docker compose'))!);
	}

	async backUp(): Promise<void> {
		await this.sh(commandsOf('Back-up', this.setup)[0]!);
		await this.healthy();
	}

	/** Into empty volumes. */
	async restore(): Promise<void> {
		await this.sh('docker compose down --volumes');
		await this.sh(commandsOf('Back-up', this.setup)[1]!);
	}

	/** The user takes another release of the repository; nothing is built or started yet. */
	async take(release: Release): Promise<void> {
		const ignore = await readFile(join(PROJECT, 'deploy/Dockerfile.dockerignore'), 'utf8');
		const paths = [...ignore.matchAll(/^!(.+)$/gm)].map(([, path]) => path!);
		await mkdir(this.copy, { recursive: true });
		for (const path of [...paths, 'deploy'])
			await cp(join(PROJECT, path), join(this.copy, path), { recursive: true });
		if (release === 'this') return;
		for (const [path, [before, after]] of Object.entries(CHANGED)) {
			const file = join(path === 'compose.yaml' ? this.folder : this.copy, path);
			const text = await readFile(file, 'utf8');
			if (!text.includes(before)) throw new Error(`${file} has no "${before}"`);
			await writeFile(file, text.replaceAll(before, after));
		}
	}

	/** Of which release the images are that run n8n, and the nodes that n8n shows. */
	async release(): Promise<{ images: Release[]; nodes: Release }> {
		const images = (await this.containers(...this.ownServices)).map(
			({ Config }): Release => (Config.Image.startsWith('n8n-cynet:later-') ? 'later' : 'this'),
		);
		const trigger = (await this.nodeTypes()).find(({ name }) => name.endsWith('.cynetTrigger'));
		const later = CHANGED['nodes/CynetTrigger/CynetTrigger.node.ts'][1];
		return { images, nodes: trigger?.description.startsWith(later) ? 'later' : 'this' };
	}

	/** The nodes of this package that n8n shows. */
	async nodeTypes(): Promise<Array<{ name: string; description: string }>> {
		const response = await fetch(`${this.rest.url}/types/nodes.json`, {
			headers: { cookie: this.rest.session },
		});
		const types = (await response.json()) as Array<{ name: string; description: string }>;
		return types.filter(({ name }) => /cynet/i.test(name));
	}

	/** The services that run n8n. */
	get ownServices(): string[] {
		return Object.keys(this.file.services).filter((name) => this.file.services[name]!.build);
	}

	/** All containers of these services, stopped ones too; of all services if none is named. */
	async containers(...services: string[]): Promise<Container[]> {
		const ids = await this.sh(`docker compose ps --all --quiet ${services.join(' ')}`);
		return JSON.parse(await this.sh(`docker inspect ${ids.trim().split('\n').join(' ')}`)) as [];
	}

	/** Waits until every container is well, as its health check says. */
	async healthy(): Promise<void> {
		const states = async (): Promise<string[]> =>
			(await this.containers()).map(({ State }) => State.Health.Status);
		await until(
			'all containers are healthy',
			async () => (await states()).every((state) => state === 'healthy'),
			{ limitMs: 300_000, everyMs: 500, seen: states },
		);
	}

	/** kill -9 of all that runs in the containers of these services; returns once all are well again. */
	async kill(...services: string[]): Promise<void> {
		for (const { Id, State, RestartCount } of await this.containers(...services)) {
			process.kill(State.Pid, 'SIGKILL');
			await until(`Docker starts ${Id} again`, async () =>
				(await this.containers(...services)).some(
					(now) => now.Id === Id && now.RestartCount > RestartCount,
				),
			);
		}
		await this.healthy();
	}

	/** The dedup keys of all that the trigger emitted, as n8n shows its executions. */
	async emitted(): Promise<string[]> {
		return (await executionsShown(this.rest))
			.filter(({ mode }) => mode === 'trigger')
			.flatMap(({ items }) => items.map(({ dedupKey }) => String(dedupKey)));
	}

	/** Nothing of it is left but images. */
	async close(): Promise<void> {
		await this.sh('docker compose down --volumes');
		await rm(this.copy, { recursive: true, force: true });
	}
}

/**
 * What these tests add to a compose file, in the file that a user has for it: images that stand in
 * for PostgreSQL's and Redis', the registry for `npm ci`, and no way out of the containers.
 */
async function overrideOf({ services }: Compose): Promise<unknown> {
	const quiet = quietEnvironment(await installN8n(DEFAULT_N8N));
	const added = Object.entries(services).map(([name, { build }]) => [
		name,
		build
			? { build: { network: 'host' }, environment: quiet }
			: {
					image: `n8n-cynet-test/${name}`,
					build: {
						context: STAND_INS,
						dockerfile: `${name}.Dockerfile`,
						args: { DEBIAN },
						network: 'host',
					},
				},
	]);
	const noWayOut = { 'com.docker.network.bridge.enable_ip_masquerade': 'false' };
	return {
		services: Object.fromEntries(added) as unknown,
		networks: { default: { driver_opts: noWayOut } },
	};
}
