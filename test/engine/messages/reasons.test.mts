import type { ICredentialDataDecryptedObject, IPollFunctions, JsonObject } from 'n8n-workflow';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { REASON_WORDS } from '../../../docs/make/errors/reasons.mts';
import { fetchAlerts, type FetchOptions } from '../../../nodes/shared/api/alerts.ts';
import { authenticate } from '../../../nodes/shared/api/authenticate.ts';
import { explain, sentences, type Reason } from '../../../nodes/shared/api/reasons.ts';
import type { Fault } from '../../../simulator/simulator.mts';
import { callerOf, thrown } from '../credential-kit.mts';
import { nodeType, startRunner, type Runner } from '../cynet-kit.mts';
import { createHost, NodeApiError } from '../harness.mts';
import { startUntrustedServer } from './untrusted-server.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner()));
afterEach(async () => await runner.close());

const LOGIN = '/api/account/token';
const LIST = '/api/alerts/bulk';
const SINCE = { since: '2026-05-31T00:00:00Z', returnAll: true };

interface Told {
	readonly message: string;
	readonly description?: string;
}

const right = (): Partial<ICredentialDataDecryptedObject> => {
	const { username, password } = runner.simulator.settings;
	return { baseUrl: runner.simulator.url, username, password, clientId: '1001' };
};

/** What the trigger is told where it reads the alerts, in a poll that has no time to try again. */
async function reading(credential: Partial<ICredentialDataDecryptedObject> = {}): Promise<Told> {
	return await readingAs(createHost({ credential: { ...right(), ...credential } }).context());
}

async function readingAs(
	context: IPollFunctions,
	options: FetchOptions = { deadline: runner.time.now + 1 },
): Promise<Told> {
	const query = { list: 'bulk', since: runner.time.now, limit: 1, offset: 0 } as const;
	return await fetchAlerts(context, query, options).then(
		() => expect.unreachable(),
		(error: Told) => error,
	);
}

/** Where the HTTP client of n8n throws this. */
async function throwing(error: Error): Promise<Told> {
	const context = createHost({ credential: right() }).context();
	context.helpers.httpRequestWithAuthentication = async () =>
		await Promise.reject(new NodeApiError(context.getNode(), error as unknown as JsonObject));
	return await readingAs(context);
}

const readingWith = (path: string, fault: Omit<Fault, 'match'>) => async () => {
	runner.simulator.faults.add({ times: 'forever', ...fault, match: { path } });
	return await reading();
};

/** What the window of the credential shows: message and remedy in one. */
async function saving(): Promise<Told> {
	const { status, message } = await createHost({ credential: right() }).testCredential();
	expect(status).toBe('Error');
	return { message };
}

/** What a node of another package is told that uses the credential; message and remedy in one. */
async function calling(
	options: object,
	credential: Partial<ICredentialDataDecryptedObject> = {},
): Promise<Told> {
	return await thrown(
		callerOf(createHost({ credential: { ...right(), ...credential } })).older({
			uri: `${runner.simulator.url}/api/hosts`,
			...options,
		}),
	);
}

const toldInOne: readonly Reason[] = [
	'siteRejected',
	'siteForbidden',
	'listMissing',
	'otherServer',
	'otherHost',
	'throughProxy',
	'tokenNotReady',
];

/** What sets each of them off. A reason without a way does not compile. */
const WAYS: Readonly<Record<Reason, () => Promise<Told>>> = {
	baseUrlInvalid: async () => await reading({ baseUrl: 'cynet' }),
	baseUrlPlain: async () => await reading({ baseUrl: 'http://cynet.example' }),
	otherServer: async () => await calling({ uri: 'https://cynet.example/api/hosts' }),
	otherHost: async () => await calling({ headers: { Host: 'cynet.example' } }),
	throughProxy: async () => await calling({ proxy: 'http://127.0.0.1:9' }),
	tokenNotReady: async () =>
		await thrown(
			authenticate(
				{ ...right(), accessToken: 'of another', accessTokenFingerprint: '' },
				{ url: runner.simulator.url },
			),
		),
	usernameMissing: async () => await reading({ username: ' ' }),
	passwordMissing: async () => await reading({ password: '' }),
	clientIdMissing: async () => await reading({ clientId: ' ' }),
	keysRejected: async () => await reading({ password: 'wrong' }),
	loginRefused: readingWith(LOGIN, { kind: 'status', status: 400 }),
	loginNotFound: readingWith(LOGIN, { kind: 'status', status: 404 }),
	tokenMissing: readingWith(LOGIN, { kind: 'foreign' }),
	siteRejected: async () => {
		runner.simulator.faults.add({ kind: 'status', status: 401, match: { path: LIST } });
		return await saving();
	},
	siteForbidden: async () => {
		runner.simulator.faults.add({ kind: 'status', status: 403, match: { path: LIST } });
		return await saving();
	},
	clientIdWrong: async () => await reading({ clientId: 'acme' }),
	listMissing: async () => {
		runner.simulator.settings.bulk = false;
		return await saving();
	},
	unauthorized: readingWith(LIST, { kind: 'status', status: 401 }),
	forbidden: readingWith(LIST, { kind: 'status', status: 403 }),
	notFound: readingWith(LIST, { kind: 'status', status: 404 }),
	refused: readingWith(LIST, { kind: 'status', status: 400 }),
	forbiddenSilently: readingWith(LIST, { kind: 'status', status: 403, body: '' }),
	redirected: readingWith(LIST, { kind: 'redirect' }),
	webPage: readingWith(LIST, { kind: 'html' }),
	unreadable: readingWith(LIST, { kind: 'status', status: 200, body: 'OK' }),
	noList: readingWith(LIST, { kind: 'foreign' }),
	tooLarge: async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: ' '.repeat(33 * 1024 * 1024),
			match: { path: LIST },
		});
		// A busy machine takes a while for so much.
		return await readingAs(createHost({ credential: right() }).context(), { tries: 1 });
	},
	notExpected: async () => {
		runner.simulator.faults.add({ kind: 'foreign', match: { path: '/api/alerts/count' } });
		return await runner.refusal('alert', 'count');
	},
	notAccepted: async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: { Message: 'Host not found' },
			match: { path: '/api/host/*' },
		});
		return await runner.refusal('host', 'isolate', { hostName: 'WS-0101' });
	},
	pagesIgnored: async () => {
		runner.simulator.raise(130);
		runner.simulator.settings.ignoresOffset = true;
		return await runner.refusal('alert', 'getAll', { ...SINCE, dateField: 'dateChanged' });
	},
	hostMissing: async () => await runner.refusal('host', 'get', { hostName: 'NOBODY' }),
	severalHosts: async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: [{ hostname: 'WS-0101' }, { hostname: 'ws-0101' }],
			match: { path: '/api/full/host' },
		});
		return await runner.refusal('host', 'get', { hostName: 'WS-0101' });
	},
	userMissing: async () => await runner.refusal('user', 'get', { userName: 'NOBODY' }),
	remediationMissing: async () =>
		await runner.refusal('file', 'getRemediation', { remediationId: '1' }),
	notLicensed: async () =>
		await runner.refusal('vulnerability', 'getAll', {
			report: 'espmVulnerabilities',
			siteGuid: 'guid-of-nobody',
		}),
	certificate: async () => {
		const server = await startUntrustedServer();
		const told = await reading({ baseUrl: server.url });
		await server.close();
		return told;
	},
	certificateEarly: async () =>
		await throwing(
			Object.assign(new Error('certificate is not yet valid'), {
				isAxiosError: true,
				code: 'CERT_NOT_YET_VALID',
			}),
		),
	addressBlocked: async () =>
		await throwing(
			new Error('The request was blocked because it resolves to a restricted IP address'),
		),
	inBetween: readingWith(LIST, { kind: 'status', status: 407 }),
	credentialUnread: async () => {
		const host = createHost({ credential: right() });
		const context = host.context();
		context.getCredentials = async () => await Promise.reject(new Error(''));
		return await readingAs(context);
	},
	cancelled: async () => {
		const context = runner.context('host', 'getAll');
		const stop = new AbortController();
		Object.assign(context, { abortSignal: stop.signal });
		runner.simulator.settings.onRequest = ({ path }) => {
			if (path === '/api/hosts') stop.abort();
		};
		runner.simulator.faults.add({ kind: 'timeout', match: { path: '/api/hosts' } });
		return await nodeType.execute.call(context).then(
			() => expect.unreachable(),
			(error: Told) => error,
		);
	},
	notSent: async () =>
		await runner.refusal('host', 'getAll', {}, { node: { credentials: undefined } }),
	rateLimited: readingWith(LIST, { kind: 'status', status: 429 }),
	unavailable: readingWith(LIST, { kind: 'status', status: 503 }),
	timedOut: readingWith(LIST, { kind: 'timeout' }),
	hostUnknown: async () => await reading({ baseUrl: 'https://cynet.invalid' }),
	unreachable: readingWith(LIST, { kind: 'reset' }),
	insecure: async () => await reading({ baseUrl: runner.simulator.url.replace('http:', 'https:') }),
	broken: readingWith(LIST, { kind: 'half' }),
};

test.each(
	(Object.keys(WAYS) as Reason[]).map((reason) => ({
		reason,
		when: REASON_WORDS[reason].when,
		message: explain(reason).message,
	})),
)('$when: "$message"', async ({ reason, message }) => {
	const told = await WAYS[reason]();
	if (toldInOne.includes(reason))
		expect(told.message.startsWith(sentences(reason).slice(0, -1))).toBe(true);
	else expect(told.message).toBe(message);
	// Of a remediation, another text says what may have begun.
	if (reason !== 'notSent' && reason !== 'notAccepted' && !toldInOne.includes(reason))
		expect(told.description?.split(' The answer says: ')[0]?.replace(/\.$/, '')).toBe(
			explain(reason).description,
		);
});
