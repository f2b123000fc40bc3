import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dataFolder } from './environment.mts';
import type { Installation } from './install.mts';
import { withLock } from './lock.mts';
import { npm } from './npm.mts';
import { HOSTS, PROJECT } from './paths.mts';
import type { Say } from './progress.mts';

/** Builds this package and packs it as for the npm registry. Returns the tarball's path. */
export async function packPackage(name: string, say: Say = console.log): Promise<string> {
	const folder = join(HOSTS, 'packed', name);
	return await withLock(join(HOSTS, 'packed.lock'), say, async () => {
		await rm(folder, { recursive: true, force: true });
		await mkdir(folder, { recursive: true });
		await npm(['run', 'build'], { cwd: PROJECT });
		await npm(['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: PROJECT });
		const [tarball] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
		if (!tarball) throw new Error(`npm pack left no tarball in ${folder}`);
		return join(folder, tarball);
	});
}

/**
 * Installs a packed package into a user folder just as n8n installs a community package: without its development and peer
 * dependencies, without scripts. Returns the installed package's name. n8n finds it when it starts.
 */
export async function installPackage({ nodeFolder }: Installation, tarball: string, userFolder: string): Promise<string> {
	const folder = join(dataFolder(userFolder), 'nodes');
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'installed-nodes', private: true, dependencies: {} }));
	await npm(['install', tarball, '--omit=dev', '--omit=peer', '--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, path: [nodeFolder] });
	const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
	return Object.keys(dependencies)[0] ?? '';
}
