import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { normalizeBaseUrl } from '../shared/api/base-url';
import { CREDENTIAL_TYPE, textOf } from '../shared/api/credential';
import type { SiteIdentity } from '../shared/feed/state';

/** A server, and who asks it: the server limits the rate by account. */
export interface Account {
	readonly key: string;
	readonly sites: readonly SiteIdentity[];
}

/**
 * The sites to poll: the given ones, or the one that the credential names.
 * @throws NodeOperationError when the node has no credential
 */
export async function accountOf(
	context: IPollFunctions,
	clientIds: readonly string[],
): Promise<Account> {
	try {
		const { baseUrl, username, clientId } = await context.getCredentials(CREDENTIAL_TYPE);
		const server = normalizeBaseUrl(baseUrl) ?? '';
		const chosen = clientIds.length > 0 ? clientIds : [textOf(clientId)];
		return {
			key: `${textOf(username)} ${server}`,
			sites: chosen.map((id) => ({ server, clientId: id })),
		};
	} catch (error) {
		throw new NodeOperationError(context.getNode(), (error as Error).message, {
			description: 'Choose a Cynet API credential in this node, or make a new one',
		});
	}
}
