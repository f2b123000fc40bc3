import type { Account, Node, Terms } from './contestants.mts';

/**
 * More than the run raises. n8n's own 10,000 would end the workflow for good: the node throws once
 * its history is full.
 */
const HISTORY = 1_000_000;
const PATIENCE = { retryOnFail: true, maxTries: 3, waitBetweenTries: 5000 };

/**
 * What a careful user builds from n8n's own nodes: a new token for each run, the alerts of the last
 * minutes page by page, one item
 * an alert, and only those whose id no earlier execution had.
 */
export function handBuilt(
	{ baseUrl, username, password, clientId }: Account,
	_: unknown,
	{ crons, pageSize, overlapMinutes }: Terms,
): Node[] {
	return [
		{
			name: 'Schedule Trigger',
			type: 'n8n-nodes-base.scheduleTrigger',
			typeVersion: 1.4,
			parameters: {
				rule: { interval: crons.map((expression) => ({ field: 'cronExpression', expression })) },
			},
		},
		{
			name: 'Token',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.5,
			...PATIENCE,
			parameters: {
				method: 'POST',
				url: `${baseUrl}/api/account/token`,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: JSON.stringify({ user_name: username, password }),
				options: {},
			},
		},
		{
			name: 'Alerts',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.5,
			...PATIENCE,
			parameters: {
				url: `${baseUrl}/api/alerts/bulk`,
				sendQuery: true,
				queryParameters: fields({
					LastSeen: `={{ $now.toUTC().minus({ minutes: ${overlapMinutes} }).toFormat('yyyy-MM-dd HH:mm:ss') }}`,
					Limit: String(pageSize),
				}),
				sendHeaders: true,
				headerParameters: fields({
					access_token: '={{ $json.access_token }}',
					client_id: clientId,
				}),
				options: { pagination: { pagination: pagesOf(pageSize) } },
			},
		},
		{
			name: 'Split Out',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'Entities', options: {} },
		},
		{
			name: 'Remove Duplicates',
			type: 'n8n-nodes-base.removeDuplicates',
			typeVersion: 2,
			parameters: {
				operation: 'removeItemsSeenInPreviousExecutions',
				dedupeValue: '={{ $json.ClientDbId }}',
				options: { historySize: HISTORY },
			},
		},
	];
}

const fields = (values: Readonly<Record<string, string>>) => ({
	parameters: Object.entries(values).map(([name, value]) => ({ name, value })),
});

/** Page after page until one is not full. */
const pagesOf = (pageSize: number) => ({
	paginationMode: 'updateAParameterInEachRequest',
	parameters: {
		parameters: [{ type: 'qs', name: 'Offset', value: `={{ $pageCount * ${pageSize} }}` }],
	},
	paginationCompleteWhen: 'other',
	completeExpression: `={{ $response.body.Entities.length < ${pageSize} }}`,
});
