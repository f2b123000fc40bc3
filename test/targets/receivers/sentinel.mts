import { demand, isText, type Contract } from './contract.mts';

const error = (status: number, code: string, message: string) => ({
	status,
	body: { error: { code, message } },
});
const TOKEN = 'azure-token-of-the-receiver';

/** The Logs Ingestion API and the token endpoint before it; the same row any number of times. */
export const sentinel: Contract = {
	target: 'Microsoft Sentinel',
	source: 'Azure Monitor Logs Ingestion API',
	refusal: error(401, 'InvalidToken', 'The authentication token is invalid.'),
	isAllowed: ({ path, headers }) =>
		path === '/oauth2/v2.0/token' || headers.authorization === `Bearer ${TOKEN}`,
	routes: {
		'POST /oauth2/v2.0/token': ({ text }) => {
			demand(new URLSearchParams(text).get('grant_type') === 'client_credentials', {
				status: 400,
				body: { error: 'unsupported_grant_type' },
			});
			return { status: 200, body: { token_type: 'Bearer', expires_in: 3599, access_token: TOKEN } };
		},
		'POST /dataCollectionRules/{rule}/streams/{stream}': (call, kept) => {
			demand(
				call.query.get('api-version') === '2023-01-01',
				error(400, 'InvalidApiVersion', 'api-version'),
			);
			demand(
				Buffer.byteLength(call.text) <= 1024 * 1024,
				error(
					413,
					'ContentLengthLimitExceeded',
					'Maximum allowed content length: 1048576 bytes (1 MB).',
				),
			);
			const rows = call.json<Array<Record<string, unknown>>>();
			demand(Array.isArray(rows), error(400, 'InvalidPayload', 'The body is not an array'));
			for (const row of rows) {
				demand(
					!Number.isNaN(Date.parse(String(row.TimeGenerated))),
					error(400, 'InvalidRecord', 'TimeGenerated'),
				);
				demand(isText(row.DedupKey), error(400, 'InvalidRecord', 'DedupKey'));
				for (const value of Object.values(row))
					demand(
						Buffer.byteLength(String(value)) <= 64 * 1024,
						error(400, 'the real one cuts this field', ''),
					);
			}
			for (const { DedupKey } of rows) kept.take(String(DedupKey));
			return { status: 204 };
		},
	},
	failure: (status) =>
		status === 429
			? {
					...error(429, 'RequestRateTooHigh', 'The request rate is too high.'),
					headers: { 'retry-after': '5' },
				}
			: error(500, 'InternalServerError', ''),
};
