import { access, cp, mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Installation } from './install.mts';
import { withLock } from './lock.mts';
import { N8n } from './n8n.mts';
import { installPackage, packPackage } from './package.mts';
import { HOSTS } from './paths.mts';
import { Rest, type Owner } from './rest.mts';

/** In the clear in n8n's database, as it should be: by it the search for secrets shows that it finds what is there. */
export const OWNER: Owner = { email: 'owner@example.com', password: 'Passw0rd-of-the-owner' };

/**
 * Makes a user folder as it is after the first evening with n8n: the packed package installed as
 * n8n does it, the database made,
 * an owner, and no more. n8n makes one once for each of its versions and each state of this
 * package; all others are copies.
 */
export async function makeHome(installation: Installation, userFolder: string): Promise<void> {
	const tarball = await packPackage();
	const home = join(HOSTS, 'homes', `${installation.version}-${basename(dirname(tarball))}`);
	await withLock(`${home}.lock`, console.log, async () => {
		if (
			await access(home).then(
				() => true,
				() => false,
			)
		)
			return;
		// Complete or not there: a folder of another name until n8n has ended.
		const making = `${home}.making`;
		await rm(making, { recursive: true, force: true });
		await installPackage(installation, tarball, making);
		const n8n = await N8n.make({ installation, userFolder: making });
		await n8n.start();
		try {
			await new Rest(n8n).setUpOwner(OWNER);
		} finally {
			await n8n.stop();
		}
		await rm(n8n.logFile);
		await rename(making, home);
	});
	await rm(userFolder, { recursive: true, force: true });
	await mkdir(dirname(userFolder), { recursive: true });
	await cp(home, userFolder, { recursive: true });
}
