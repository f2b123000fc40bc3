import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { findSecrets } from '../../host/database.mts';
import { OWNER, type Instance } from './instance.mts';

/**
 * Searches n8n's whole database, its files and its log for the password, for every token ever
 * issued, and for what else is
 * given; and for something that must be there, so that a search which finds nothing is known to search.
 */
export async function expectNoSecrets(
	instance: Instance,
	more: Readonly<Record<string, string>> = {},
): Promise<void> {
	const { n8n, simulator } = instance;
	const issued = simulator.secrets();
	expect(issued.length, 'the password and at least one token').toBeGreaterThan(1);
	const secrets = {
		...Object.fromEntries(
			issued.map((secret, index) => [`secret ${index} of the simulator`, secret]),
		),
		...more,
	};
	const control = await findSecrets(n8n, { owner: OWNER.email });
	expect(control.map(({ where }) => where)).toContain('user.email');
	expect((await readFile(n8n.logFile, 'utf8')).length).toBeGreaterThan(1000);
	expect(await findSecrets(n8n, secrets)).toEqual([]);
}
