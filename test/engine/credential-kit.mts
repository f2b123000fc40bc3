import type { INodeExecutionData, INodeType } from 'n8n-workflow';

import { createHost, type Host, type HostOptions } from './harness.mts';
import type { Tenant } from './tenants.mts';

/** Any node with the credential, as n8n's HTTP Request node is one. */
const ANY_NODE = {
	description: { properties: [], credentials: [{ name: 'cynetApi', required: true }] },
} as unknown as INodeType;

/** An n8n with a credential for that user of a tenant. */
export function hostAt(
	tenant: Tenant,
	username = 'ada',
	password = username,
	more: HostOptions = {},
): Host {
	return createHost({
		...more,
		credential: { baseUrl: tenant.url, username, password, clientId: '1001', ...more.credential },
	});
}

/** A node that uses n8n's own helpers with the credential, for those items. */
export function callerOf(host: Host, items: INodeExecutionData[] = [{ json: {} }]) {
	const context = host.executeContext(ANY_NODE, items);
	const helpers = context.helpers as unknown as Record<
		string,
		(...parameters: unknown[]) => Promise<unknown>
	>;
	return {
		/** What the HTTP Request node calls, with its own form of options. */
		older: async (options: object, itemIndex = 0) =>
			await helpers.requestWithAuthentication!.call(
				context,
				'cynetApi',
				{ method: 'GET', json: true, ...options },
				undefined,
				itemIndex,
			),
		/** What most other nodes call. */
		newer: async (options: object) =>
			await helpers.httpRequestWithAuthentication!.call(context, 'cynetApi', {
				method: 'GET',
				json: true,
				...options,
			}),
		/** What the HTTP Request node calls for its pagination, with what it comes to for each page. */
		paged: async (options: object, pagination: object) =>
			(await helpers.requestWithAuthenticationPaginated!.call(
				context,
				{ method: 'GET', json: true, headers: {}, ...options },
				0,
				pagination,
				'cynetApi',
			)) as Array<{ statusCode: number; body: unknown }>,
	};
}

/** What is thrown. */
export async function thrown(
	promise: Promise<unknown>,
): Promise<Error & { description?: string; httpCode?: string }> {
	return await promise.then(
		() => {
			throw new Error('It went well');
		},
		(error: Error) => error,
	);
}
