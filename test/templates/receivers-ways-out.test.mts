import { createSign } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Contract } from '../targets/receivers/contract.mts';
import { GOOGLE_EMAIL, GOOGLE_KEY, googleSecOps } from '../targets/receivers/google-secops.mts';
import { LINE_GROUP, line } from '../targets/receivers/line.mts';
import { misp } from '../targets/receivers/misp.mts';
import { openCti } from '../targets/receivers/opencti.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';
import { UPGRADED_GROUP, telegram } from '../targets/receivers/telegram.mts';

/** That the receivers for Telegram, LINE, MISP, OpenCTI and Google SecOps refuse what those refuse. */

const KEY = 'cynet:1001:62';
const UUID = '123e4567-e89b-52d3-a456-426614174000';
const JSON_ONLY = { accept: 'application/json' };

interface Example {
	readonly contract: Contract;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly good: unknown;
	/** Refused: what is wrong with it, the body, the status, and other headers. */
	readonly bad: ReadonlyArray<
		readonly [
			what: string,
			body: unknown,
			status: number,
			headers?: Readonly<Record<string, string>>,
		]
	>;
	/** What the same request gets a second time, and whether that counts as a repeat. */
	readonly again: readonly [status: number, repeats: boolean];
	/** Without the right credential: the status, and what is asked then. */
	readonly stranger: readonly [
		status: number,
		headers: Readonly<Record<string, string>>,
		path?: string,
	];
}

const message = (text: string, more = {}) => ({
	chat_id: '-100200',
	text,
	parse_mode: 'HTML',
	disable_web_page_preview: true,
	...more,
});
const push = (text: string, more = {}) => ({
	to: LINE_GROUP,
	messages: [{ type: 'text', text }],
	...more,
});
const attribute = (type: string, category: string, value: string, more = {}) => ({
	...{ type, category, value, distribution: '5' },
	...more,
});
const event = (attributes: unknown[] = [], more = {}) => ({
	Event: {
		...{ uuid: UUID, info: 'x', date: '2026-05-29', distribution: '0', published: false },
		...{ analysis: '0', threat_level_id: '1' },
		Attribute: [attribute('text', 'Internal reference', KEY), ...attributes],
		...more,
	},
});
const incident = {
	...{ stix_id: `incident--${UUID}`, name: `x (${KEY})`, created: '2026-05-29T13:26:24.000Z' },
	...{ description: 'x', incident_type: 'alert', severity: 'high', source: 'Cynet 360' },
};
const indicator = {
	...{ stix_id: `indicator--${UUID}`, name: 'xx', created: incident.created, description: 'x' },
	...{ pattern: "[url:value = 'x']", pattern_type: 'stix', indicator_types: ['unknown'] },
	...{ valid_from: incident.created, x_opencti_main_observable_type: 'Url' },
};
const mutation = (changes = {}, indicatorChanges = {}, query?: string) => ({
	query:
		query ??
		'mutation Cynet($incident: IncidentAddInput!, $indicator0: IndicatorAddInput!) { incident: incidentAdd(input: $incident) { id } indicator0: indicatorAdd(input: $indicator0) { id } }',
	variables: {
		incident: { ...incident, ...changes },
		indicator0: { ...indicator, ...indicatorChanges },
	},
});
const udm = (changes: Record<string, unknown> = {}, metadata = {}) => ({
	inlineSource: {
		events: [
			{
				udm: {
					metadata: {
						...{ event_timestamp: '2026-05-29T13:26:24.000Z', event_type: 'STATUS_UPDATE' },
						...{ product_log_id: KEY, vendor_name: 'Cynet' },
						...metadata,
					},
					principal: { hostname: 'WS-1' },
					security_result: [{ severity: 'HIGH' }],
					...changes,
				},
			},
		],
	},
});

const EXAMPLES: readonly Example[] = [
	{
		contract: telegram,
		path: '/bot123456:telegram-token/sendMessage',
		headers: {},
		good: message(`<b>x</b>\n<pre>${KEY} /start @here evil.com &lt;b&gt;</pre>`),
		again: [200, true],
		stranger: [401, {}, '/bot123456:another/sendMessage'],
		bad: [
			['more than 4,096 units', message('😀'.repeat(2049)), 400],
			['no text', message('<pre> \n </pre>'), 400],
			['a tag that it does not know', message('<pre><script></pre>'), 400],
			['a tag that is not closed', message('<pre>x'), 400],
			['a tag within code', message('<pre><b>x</b></pre>'), 400],
			['a bare angle bracket', message('a < b'), 400],
			['half a character', message('<pre>\ud83d</pre>'), 400],
			['a command', message('/start'), 400],
			['a mention', message('ask @admin'), 400],
			['a hashtag', message('#x'), 400],
			['an address', message('evil.com'), 400],
			['an address of IPv4', message('10.0.0.1'), 400],
			['Markdown', message('x', { parse_mode: 'Markdown' }), 400],
			['a chat that it is not in', message('x', { chat_id: '1' }), 400],
			['a group that was upgraded', message('x', { chat_id: UPGRADED_GROUP }), 400],
		],
	},
	{
		contract: line,
		path: '/v2/bot/message/push',
		headers: { authorization: 'Bearer line-token', 'x-line-retry-key': UUID },
		good: push(KEY),
		again: [409, false],
		stranger: [401, { authorization: 'Bearer another', 'x-line-retry-key': UUID }],
		bad: [
			['a retry key that is no UUID', push(KEY), 400, { 'x-line-retry-key': KEY }],
			['whom it does not know', push(KEY, { to: '@admin' }), 400],
			['more than 5,000 units', push('😀'.repeat(2501)), 400],
			['a blank text', push(' \n'), 400],
			['no message', push(KEY, { messages: [] }), 400],
			['half a character', push('\ud83d'), 400],
			['an address of the web', push('https://evil.example'), 400],
			['a domain', push('evil.com'), 400],
		],
	},
	{
		contract: misp,
		path: '/events/add',
		headers: { authorization: 'misp-key', ...JSON_ONLY },
		good: event([
			attribute('sha256', 'Payload delivery', 'ab'.repeat(32)),
			attribute('ip-dst', 'Network activity', '203.0.113.5'),
			attribute('ip-dst', 'Network activity', '2001:db8::1'),
		]),
		again: [404, false],
		stranger: [403, { authorization: 'another', ...JSON_ONLY }],
		bad: [
			['no info', event([], { info: '' }), 403],
			['a UUID that is none', event([], { uuid: KEY }), 403],
			['a date with a time', event([], { date: '2026-05-29T00:00:00Z' }), 403],
			['a threat level that is none', event([], { threat_level_id: 'High' }), 403],
			['an event for others', event([], { distribution: '3' }), 403],
			['a published event', event([], { published: true }), 403],
		],
	},
	{
		contract: openCti,
		path: '/graphql',
		headers: { authorization: 'Bearer opencti-key' },
		good: mutation(),
		again: [200, false],
		stranger: [200, { authorization: 'Bearer another' }],
		bad: [
			['a severity of another scale', mutation({ severity: 'Information' }), 200],
			['a type that is not in the vocabulary', mutation({ incident_type: 'edr' }), 200],
			['a field that is not in the schema', mutation({ labels: ['x'] }), 400],
			['no name', mutation({ name: '' }), 400],
			['a time that is none', mutation({ created: '29 May' }), 400],
			['a link in the description', mutation({ description: '[x](https://x)' }), 200],
			[
				'a variable that is not used',
				mutation(
					{},
					{},
					'mutation Cynet($incident: IncidentAddInput!, $indicator0: IndicatorAddInput!) { incident: incidentAdd(input: $incident) { id } }',
				),
				400,
			],
			['no query', { query: 'x' }, 400],
		],
	},
	{
		contract: googleSecOps,
		path: '/v1/projects/soc/locations/eu/instances/instance/events:import',
		headers: { authorization: 'Bearer google-token-of-the-receiver' },
		good: udm(),
		again: [200, true],
		stranger: [401, { authorization: 'Bearer another' }],
		bad: [
			['a bare list', [udm().inlineSource.events[0]], 400],
			['no event', { inlineSource: { events: [] } }, 400],
			['a field that is none', udm({ cynet: {} }), 400],
			['a time that is none', udm({}, { event_timestamp: '2026-05-29 13:26' }), 400],
			['a type that is none', udm({}, { event_type: 'ALERT' }), 400],
			['an event of no machine', udm({ principal: {} }), 400],
			['a file that is not named', udm({}, { event_type: 'FILE_UNCATEGORIZED' }), 400],
			['a severity that is none', udm({ security_result: [{ severity: 'High' }] }), 400],
			['more than 1 MB', udm({ additional: { x: 'x'.repeat(1024 * 1024) } }), 400],
		],
	},
];

let receiver: Receiver | undefined;
afterEach(async () => {
	await receiver?.close();
	receiver = undefined;
});

describe.each(EXAMPLES.map((example) => [example.contract.target, example] as const))(
	'The receiver for %s',
	(_, { contract, path, headers, good, bad, again: [status, repeats], stranger }) => {
		const send = async (
			body: unknown,
			more: Readonly<Record<string, string>> = headers,
			to = path,
		) =>
			await fetch(`${receiver!.url}${to}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json', ...more },
				body: JSON.stringify(body),
			});

		test('takes what the target takes, and a second time as the target would', async () => {
			receiver = await startReceiver(contract);
			expect([(await send(good)).status, receiver.complaints]).toEqual([200, []]);
			expect(receiver.kept.keys).toEqual([KEY]);
			expect((await send(good)).status).toBe(status);
			expect(receiver.kept.keys).toEqual(repeats ? [KEY, KEY] : [KEY]);
		});

		test.each(
			bad.map(([what, body, refused, more = {}]) => [what, { body, refused, more }] as const),
		)('refuses %s', async (_what, { body, refused, more }) => {
			receiver = await startReceiver(contract);
			expect((await send(body, { ...headers, ...more })).status).toBe(refused);
			expect([receiver.kept.keys, receiver.complaints]).toEqual([[], [expect.any(String)]]);
		});

		test('refuses a wrong credential', async () => {
			receiver = await startReceiver(contract);
			const [refused, more, to] = stranger;
			const answer = await send(good, more, to);
			expect([answer.status, await answer.json()]).toEqual([refused, contract.refusal.body]);
			expect(receiver.kept.keys).toEqual([]);
		});

		test('fails as it is told to, the third time after it did the work', async () => {
			receiver = await startReceiver(contract);
			receiver.failEvery = 1;
			expect((await send(good)).status).toBe(429);
			expect(await (await send(good)).text()).toBe(JSON.stringify(contract.failure(500).body));
			expect(receiver.kept.keys).toEqual([]);
			expect(await (await send(good)).text()).toBe(JSON.stringify(contract.failure(500).body));
			expect(receiver.kept.keys).toEqual([KEY]);
			expect((await send(good)).headers.get('content-type')).toBe('text/html');
		});
	},
);

describe('The receiver for MISP', () => {
	const send = async (path: string, body: unknown, headers: Record<string, string> = JSON_ONLY) =>
		await fetch(`${receiver!.url}${path}`, {
			method: 'POST',
			headers: { authorization: 'misp-key', 'content-type': 'application/json', ...headers },
			body: JSON.stringify(body),
		});

	test.each([
		['an internal address', attribute('ip-dst', 'Network activity', '10.1.2.3')],
		['a link-local address', attribute('ip-dst', 'Network activity', 'fe80::1')],
		['a hash that is none', attribute('sha256', 'Payload delivery', 'ab')],
		['a type of another category', attribute('sha256', 'Network activity', 'ab'.repeat(32))],
		['two lines', attribute('target-machine', 'Targeting data', 'a\nb')],
		['no value', attribute('target-machine', 'Targeting data', '')],
		[
			'more openness than the event',
			attribute('domain', 'Network activity', 'a.com', { distribution: '3' }),
		],
	])(
		'saves an event without an attribute that it refuses, and says so with 200: %s',
		async (_, refused) => {
			receiver = await startReceiver(misp);
			const answer = await send('/events/add', event([refused]));
			expect([answer.status, await answer.json()]).toMatchObject([
				200,
				{ Event: { uuid: UUID, Attribute: [{ value: KEY }] }, errors: expect.anything() },
			]);
			expect(receiver.complaints).toHaveLength(1);
		},
	);

	test('finds an event by its UUID, all by none, and shows a page to who does not ask for JSON', async () => {
		receiver = await startReceiver(misp);
		await send('/events/add', event());
		const look = async (body: unknown) =>
			((await (await send('/events/restSearch', body)).json()) as { response: unknown[] }).response;
		expect(await look({ uuid: UUID, limit: 1 })).toMatchObject([{ Event: { uuid: UUID } }]);
		expect(await look({ uuid: UUID.replace('1', '2'), limit: 1 })).toEqual([]);
		expect(await look({})).toHaveLength(1);
		for (const path of ['/events/restSearch', '/events/add']) {
			const page = await send(path, event(), { accept: '*/*' });
			expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
		}
	});
});

test.each([
	['a pattern that ends early', { pattern: "[url:value = 'a' b']" }],
	['an observable that is none', { x_opencti_main_observable_type: 'x' }],
])(
	'The receiver for OpenCTI keeps an incident, and refuses its indicator: %s',
	async (_, changes) => {
		receiver = await startReceiver(openCti);
		const answer = await fetch(`${receiver.url}/graphql`, {
			method: 'POST',
			headers: { authorization: 'Bearer opencti-key' },
			body: JSON.stringify(mutation({}, changes)),
		});
		expect([answer.status, await answer.json()]).toMatchObject([
			200,
			{ errors: [{}], data: { incident: {}, indicator0: null } },
		]);
		expect([receiver.kept.keys, receiver.complaints]).toEqual([[KEY], [expect.any(String)]]);
	},
);

describe('The receiver for Google', () => {
	const token = async (claims: Record<string, unknown>, key = GOOGLE_KEY) => {
		const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
		const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({
			iss: GOOGLE_EMAIL,
			aud: 'https://oauth2.googleapis.com/token',
			scope: 'https://www.googleapis.com/auth/cloud-platform',
			...claims,
		})}`;
		const signature = createSign('RSA-SHA256').update(signed).sign(key, 'base64url');
		const assertion = claims.broken ? `${signed}.${signature.slice(2)}` : `${signed}.${signature}`;
		return (
			await fetch(`${receiver!.url}/token`, {
				method: 'POST',
				body: new URLSearchParams({
					grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
					assertion,
				}),
			})
		).status;
	};

	test('gives a token only for a signed assertion of the account, for the scope', async () => {
		receiver = await startReceiver(googleSecOps);
		expect(await token({})).toBe(200);
		expect(await token({ iss: 'another' })).toBe(400);
		expect(await token({ aud: 'another' })).toBe(400);
		expect(await token({ scope: 'https://www.googleapis.com/auth/drive' })).toBe(400);
		expect(await token({ broken: true })).toBe(400);
	});

	test('takes none of a request with one event that it refuses', async () => {
		receiver = await startReceiver(googleSecOps);
		const [good] = udm().inlineSource.events;
		const [bad] = udm({ principal: {} }).inlineSource.events;
		const answer = await fetch(
			`${receiver.url}/v1/projects/soc/locations/eu/instances/instance/events:import`,
			{
				method: 'POST',
				headers: { authorization: 'Bearer google-token-of-the-receiver' },
				body: JSON.stringify({ inlineSource: { events: [good, bad] } }),
			},
		);
		expect([answer.status, receiver.kept.keys]).toEqual([400, []]);
	});
});
