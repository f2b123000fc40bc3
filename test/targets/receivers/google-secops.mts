import { createVerify, generateKeyPairSync } from 'node:crypto';
import { demand, isText, type Answer, type Contract } from './contract.mts';

const error = (code: number, status: string, message: string): Answer => ({
	status: code,
	body: { error: { code, message, status } },
});
const invalid = (message: string): Answer => error(400, 'INVALID_ARGUMENT', message);

const TOKEN = 'google-token-of-the-receiver';
export const GOOGLE_EMAIL = 'cynet@project.iam.gserviceaccount.com';
const KEYS = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	publicKeyEncoding: { type: 'spki', format: 'pem' },
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
export const GOOGLE_KEY = KEYS.privateKey;

const NOUNS = [
	...['metadata', 'additional', 'principal', 'src', 'target', 'intermediary', 'observer', 'about'],
	...['security_result', 'network', 'extensions', 'extracted'],
];
const TYPES = ['FILE_UNCATEGORIZED', 'STATUS_UPDATE', 'GENERIC_EVENT'];
const SEVERITIES = [
	...['UNKNOWN_SEVERITY', 'INFORMATIONAL', 'ERROR', 'NONE', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'],
];

type Noun = Readonly<Record<string, unknown>>;

/** The Chronicle API and the token endpoint before it; the same event any number of times, all of a request or none. */
export const googleSecOps: Contract = {
	target: 'Google SecOps',
	source:
		'docs.cloud.google.com/chronicle: REST v1 projects.locations.instances.events.import, UDM field list and usage guide; developers.google.com/identity/protocols/oauth2/service-account; 1 MB a request as Tenzir found it',
	refusal: error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'),
	isAllowed: ({ path, headers }) =>
		path === '/token' || headers.authorization === `Bearer ${TOKEN}`,
	dislike: invalid('failed to validate the event'),
	routes: {
		'POST /token': ({ text }) => {
			const form = new URLSearchParams(text);
			const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.');
			const of = JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}') as Noun;
			demand(
				form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
					of.iss === GOOGLE_EMAIL &&
					of.aud === 'https://oauth2.googleapis.com/token' &&
					createVerify('RSA-SHA256')
						.update(`${head}.${claims}`)
						.verify(KEYS.publicKey, signature, 'base64url'),
				{ status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT' } },
			);
			demand(
				String(of.scope).split(' ').includes('https://www.googleapis.com/auth/cloud-platform'),
				{
					status: 400,
					body: { error: 'invalid_scope' },
				},
			);
			return { status: 200, body: { access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' } };
		},
		'POST /v1/projects/{project}/locations/{location}/instances/{instance}/events:import': (
			call,
			kept,
		) => {
			demand(
				Buffer.byteLength(call.text) <= 1024 * 1024,
				invalid('Request payload size exceeds the limit: 1048576 bytes.'),
			);
			const { inlineSource, ...others } = call.json<{ inlineSource?: { events?: unknown } }>();
			demand(
				Object.keys(others).length === 0 && Array.isArray(inlineSource?.events),
				invalid('Invalid JSON payload received. Unknown name'),
			);
			const events = inlineSource.events as ReadonlyArray<{ udm?: Readonly<Record<string, Noun>> }>;
			demand(events.length > 0, invalid('inline_source.events: is required'));
			for (const { udm = {} } of events) {
				const { metadata = {}, principal = {}, target = {} } = udm;
				for (const name of Object.keys(udm))
					demand(
						NOUNS.includes(name),
						invalid(`Unknown name "${name}" at 'udm': Cannot find field.`),
					);
				demand(
					/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(metadata.event_timestamp)),
					invalid('metadata.event_timestamp'),
				);
				demand(TYPES.includes(String(metadata.event_type)), invalid('metadata.event_type'));
				demand(
					metadata.event_type === 'GENERIC_EVENT' || principal.hostname || principal.ip,
					invalid('principal has no machine'),
				);
				demand(
					metadata.event_type !== 'FILE_UNCATEGORIZED' || target.file,
					invalid('target has no file'),
				);
				for (const result of udm.security_result as unknown as readonly Noun[])
					demand(SEVERITIES.includes(String(result.severity)), invalid('severity'));
				demand(isText(metadata.product_log_id), invalid('a test: the event has no key'));
			}
			for (const { udm } of events) kept.take(String(udm?.metadata?.product_log_id));
			return { status: 200, body: {} };
		},
	},
	failure: (status) =>
		status === 429
			? error(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded')
			: error(500, 'INTERNAL', 'Internal error encountered.'),
};
