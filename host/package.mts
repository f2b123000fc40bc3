import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from './environment.mts';
import type { Installation } from './install.mts';
import { withLock } from './lock.mts';
import { npm } from './npm.mts';
import { HOSTS, PROJECT } from './paths.mts';
import type { Say } from './progress.mts';

/** All that a build is made from, and what it is made with. */
const SOURCES = [
	'credentials',
	'icons',
	'nodes',
	'package.json',
	'package-lock.json',
	'tsconfig.json',
	'gulpfile.js',
	'README.md',
	'LICENSE',
];

/**
 * Builds this package and packs it as for the npm registry, unless these sources were packed
 * before. Returns the tarball's path.
 */
export async function packPackage(say: Say = console.log): Promise<string> {
	const folder = join(HOSTS, 'packed', await hashOf(SOURCES));
	return await withLock(join(HOSTS, 'packed.lock'), say, async () => {
		const packed = await tarballIn(folder);
		if (packed) return packed;
		// Complete or not there: a folder of another name until all is in it.
		const making = `${folder}.making`;
		await rm(making, { recursive: true, force: true });
		await mkdir(making, { recursive: true });
		await npm(['run', 'build'], { cwd: PROJECT });
		await npm(['pack', '--ignore-scripts', '--pack-destination', making], { cwd: PROJECT });
		await rename(making, folder);
		const tarball = await tarballIn(folder);
		if (!tarball) throw new Error(`npm pack left no tarball in ${folder}`);
		return tarball;
	});
}

async function tarballIn(folder: string): Promise<string | undefined> {
	const file = (await readdir(folder).catch(() => [])).find((name) => name.endsWith('.tgz'));
	return file && join(folder, file);
}

/** Of names and contents of files, and of folders with all that is in them, both relative to the project. */
async function hashOf(paths: readonly string[]): Promise<string> {
	const hash = createHash('sha256');
	const add = async (path: string): Promise<void> => {
		const full = join(PROJECT, path);
		if ((await stat(full)).isDirectory())
			for (const name of (await readdir(full)).sort()) await add(`${path}/${name}`);
		else
			hash.update(`${path}\0`).update(
				createHash('sha256')
					.update(await readFile(full))
					.digest(),
			);
	};
	for (const path of paths) await add(path);
	return hash.digest('hex').slice(0, 16);
}

/**
 * Installs a packed package into a user folder just as n8n installs a community package: without
 * its development and peer
 * dependencies, without scripts. Returns the installed package's name. n8n finds it when it starts.
 */
export async function installPackage(
	{ nodeFolder }: Installation,
	tarball: string,
	userFolder: string,
): Promise<string> {
	const folder = join(dataFolder(userFolder), 'nodes');
	await mkdir(folder, { recursive: true });
	await writeFile(
		join(folder, 'package.json'),
		JSON.stringify({ name: 'installed-nodes', private: true, dependencies: {} }),
	);
	await npm(
		[
			'install',
			tarball,
			'--omit=dev',
			'--omit=peer',
			'--legacy-peer-deps',
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
		],
		{ cwd: folder, path: [nodeFolder] },
	);
	const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
		dependencies: Record<string, string>;
	};
	return Object.keys(dependencies)[0] ?? '';
}
