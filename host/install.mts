import {
	access,
	constants,
	copyFile,
	mkdir,
	readFile,
	rename,
	rm,
	statfs,
	writeFile,
} from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { childEnvironment, run } from './children.mts';
import { withLock } from './lock.mts';
import { npm } from './npm.mts';
import { HOSTS } from './paths.mts';
import { seconds, withProgress, type Say } from './progress.mts';
import { nodePackage, overridesFor } from './versions.mts';

/** An n8n that is ready to run. */
export interface Installation {
	readonly version: string;
	readonly folder: string;
	/** The Node that runs it: the program, and the folder that holds it. */
	readonly node: string;
	readonly nodeFolder: string;
	/** n8n's own start script. */
	readonly bin: string;
}

/** Written last: without it an installation was interrupted. */
const MARKER = 'complete.json';
const NEEDED_GB = 4;
/**
 * Two thousand packages are asked for one by one, and each answer is mostly waited for: npm asks
 * for fifteen at a time unless told otherwise.
 */
const SOCKETS = 48;

/**
 * An n8n of exactly this version with a Node of its own, below `.hosts`. The first time takes
 * minutes, later times nothing;
 * an interrupted installation is done anew. Throws with a remedy if network, disk space or compiler are missing.
 */
export async function installN8n(version: string, say: Say = console.log): Promise<Installation> {
	const installation = locate(version);
	if (await isComplete(installation)) return installation;
	const { folder } = installation;
	await withLock(`${folder}.lock`, say, async () => {
		if (await isComplete(installation)) return;
		const start = performance.now();
		await checkMachine();
		say(
			`n8n ${version} is not installed here yet. It goes into ${folder}: about 3 GB, usually three to five minutes.`,
		);
		await install(installation, say);
		say(`n8n ${version} is installed (${seconds(start)}); the next start uses it as it is.`);
	});
	return installation;
}

function locate(version: string): Installation {
	const folder = join(HOSTS, `n8n-${version}`);
	const modules = join(folder, 'node_modules');
	const nodeFolder = join(modules, nodePackage().name, 'bin');
	return {
		version,
		folder,
		nodeFolder,
		node: join(nodeFolder, 'node'),
		bin: join(modules, 'n8n', 'bin', 'n8n'),
	};
}

/** What an installation is made of; a marker of another content asks for a new one. */
function contents(version: string): Record<string, unknown> {
	const { name, version: nodeVersion } = nodePackage();
	return {
		name: 'n8n-host',
		private: true,
		dependencies: { n8n: version, [name]: nodeVersion },
		overrides: overridesFor(version),
	};
}

async function isComplete({ version, folder }: Installation): Promise<boolean> {
	const marker = await readFile(join(folder, MARKER), 'utf8').catch(() => '');
	return marker === JSON.stringify(contents(version));
}

async function install(
	{ version, folder, node, nodeFolder, bin }: Installation,
	say: Say,
): Promise<void> {
	await rm(folder, { recursive: true, force: true });
	await mkdir(folder, { recursive: true });
	const manifest = JSON.stringify(contents(version));
	await writeFile(join(folder, 'package.json'), manifest);

	// Not with scripts: one dependency would download sources from elsewhere, for a node that is not used here.
	await withProgress(`Downloading n8n ${version} and Node`, folder, say, async (tell) => {
		let fetched = 0;
		await npm(
			['install', '--ignore-scripts', '--no-audit', '--no-fund', `--maxsockets=${SOCKETS}`],
			{ cwd: folder, onFetch: () => tell(`${++fetched} answers from the registry`) },
		);
	});
	// Only n8n's database needs a compiled module.
	await compileSqlite(folder, nodeFolder, say);
	const check = await run(node, ['-e', 'require("sqlite3"); require("isolated-vm")'], {
		cwd: folder,
		env: childEnvironment(),
	});
	if (check.code !== 0)
		throw new Error(
			`The installed n8n lacks a native module:\n${check.tail}\nDelete ${folder} and start again.`,
		);
	await access(bin);
	await writeFile(join(folder, MARKER), manifest);
}

/** Compiles the database module, a minute and a half of one core, unless the same was compiled here for another n8n. */
async function compileSqlite(folder: string, nodeFolder: string, say: Say): Promise<void> {
	const module = join(folder, 'node_modules', 'sqlite3');
	const { version } = JSON.parse(await readFile(join(module, 'package.json'), 'utf8')) as {
		version: string;
	};
	const { name, version: nodeVersion } = nodePackage();
	const kept = join(HOSTS, 'built', `sqlite3-${version}-${name}-${nodeVersion}.node`);
	const compiled = join(module, 'build', 'Release', 'node_sqlite3.node');
	await withLock(`${kept}.lock`, say, async () => {
		if (
			await access(kept).then(
				() => true,
				() => false,
			)
		) {
			await mkdir(dirname(compiled), { recursive: true });
			await copyFile(kept, compiled);
			return;
		}
		const env = { npm_config_nodedir: join(nodeFolder, '..') };
		await withProgress(
			'Compiling the database module',
			module,
			say,
			async () =>
				await npm(['rebuild', 'sqlite3', '--ignore-scripts=false'], {
					cwd: folder,
					path: [nodeFolder],
					env,
				}),
		);
		// Whole or not there, whatever ends this process.
		await copyFile(compiled, `${kept}.making`);
		await rename(`${kept}.making`, kept);
	});
}

/** Finds out in a second what would otherwise fail after minutes. */
async function checkMachine(): Promise<void> {
	await mkdir(HOSTS, { recursive: true });
	const { bavail, bsize } = await statfs(HOSTS);
	const free = (bavail * bsize) / 2 ** 30;
	if (free < NEEDED_GB)
		throw new Error(
			`n8n needs about ${NEEDED_GB} GB, and only ${free.toFixed(1)} GB are free at ${HOSTS}. Make room and start again.`,
		);
	const missing = [];
	for (const [tool, names] of [
		['a C++ compiler', ['c++', 'g++', 'clang++']],
		['make', ['make', 'gmake']],
		['Python 3', ['python3', 'python']],
	] as const) {
		if (!(await onPath(names))) missing.push(tool);
	}
	if (missing.length > 0) {
		throw new Error(
			`n8n's database module is compiled here, which needs ${missing.join(', ')}.\nDebian, Ubuntu: apt-get install -y g++ make python3\nFedora: dnf install -y gcc-c++ make python3\nAlpine: apk add g++ make python3\nmacOS: xcode-select --install\nThen start again.`,
		);
	}
}

async function onPath(names: readonly string[]): Promise<boolean> {
	const folders = (process.env.PATH ?? '').split(delimiter);
	const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
	const found = await Promise.allSettled(
		candidates.map(async (file) => await access(file, constants.X_OK)),
	);
	return found.some(({ status }) => status === 'fulfilled');
}
