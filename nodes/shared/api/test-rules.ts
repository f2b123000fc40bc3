import type { ICredentialTestRequest } from 'n8n-workflow';

import { sentences, type Reason } from './reasons';

/** What the credential test says of an answer to its reading of one alert, that is after a token was issued. */
const BY_STATUS: ReadonlyArray<readonly [status: number, reason: Reason]> = [
	[301, 'redirected'],
	[302, 'redirected'],
	[303, 'redirected'],
	[307, 'redirected'],
	[308, 'redirected'],
	[400, 'refused'],
	[401, 'siteRejected'],
	[403, 'forbidden'],
	[404, 'listMissing'],
	[405, 'listMissing'],
	[429, 'rateLimited'],
	[500, 'unavailable'],
	[502, 'unavailable'],
	[503, 'unavailable'],
	[504, 'unavailable'],
];

/** First characters of a body that n8n did not parse as JSON: a web page, answered with status 200. */
const WEB_PAGE_STARTS = ['<', '\n', '\r', '\t', ' '];

/** n8n's types want rules of one kind; n8n itself heeds each by its own kind. */
export const TEST_RULES = [
	...BY_STATUS.map(([value, reason]) => ({
		type: 'responseCode',
		properties: { value, message: sentences(reason) },
	})),
	...WEB_PAGE_STARTS.map((value) => ({
		type: 'responseSuccessBody',
		properties: { key: '0', value, message: sentences('webPage') },
	})),
] as ICredentialTestRequest['rules'];
