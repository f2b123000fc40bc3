import type { IPollFunctions } from 'n8n-workflow';
import { fetchInventory } from '../shared/api/inventory';
import { clock } from '../shared/clock';

const SEARCHED_MS = 30 * 24 * 3600_000;

/**
 * Whether a site that shows no alerts shows no hosts either: what a wrong Client ID may look like, for nobody has
 * published how Cynet answers one. False where the list of hosts cannot be had.
 */
export async function hasNoHosts(
	context: IPollFunctions,
	clientId: string | undefined,
	deadline?: number,
): Promise<boolean> {
	try {
		const since = clock.now() - SEARCHED_MS;
		return (
			(await fetchInventory(context, 'hosts', since, { clientId, deadline, tries: 1 })).length === 0
		);
	} catch {
		return false;
	}
}

/** What the log says of a site whose first poll found nothing, if it has no hosts either. */
export async function warnIfQuiet(
	context: IPollFunctions,
	site: { readonly clientId: string },
	clientId: string | undefined,
	deadline: number,
): Promise<void> {
	if (!(await hasNoHosts(context, clientId, deadline))) return;
	context.logger.warn(
		'Cynet Trigger: This site shows neither alerts nor hosts. If it is not new, check Client ID: Cynet may answer a wrong one with empty lists.',
		{ clientId: site.clientId },
	);
}
