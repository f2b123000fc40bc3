import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { normalizeBaseUrl } from '../shared/api/base-url';
import { CREDENTIAL_TYPE, textOf } from '../shared/api/credential';
import type { SiteIdentity } from '../shared/feed/state';

export interface Site extends SiteIdentity {
	/** Who asks: the server limits the rate by account. */
	readonly account: string;
}

/**
 * The site that the credential names.
 * @throws NodeOperationError when the node has no credential
 */
export async function siteOf(context: IPollFunctions): Promise<Site> {
	try {
		const { baseUrl, username, clientId } = await context.getCredentials(CREDENTIAL_TYPE);
		const server = normalizeBaseUrl(baseUrl) ?? '';
		return { server, clientId: textOf(clientId), account: `${textOf(username)} ${server}` };
	} catch (error) {
		throw new NodeOperationError(context.getNode(), (error as Error).message, {
			description: 'Choose a Cynet API credential in this node, or make a new one',
		});
	}
}
