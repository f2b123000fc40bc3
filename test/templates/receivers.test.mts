import { afterEach, describe, expect, test } from 'vitest';
import { microsoftTeams, slack } from '../targets/receivers/chat.mts';
import {
	fluentBit,
	fluentd,
	graylog,
	logstash,
	withoutTargetField,
} from '../targets/receivers/collectors.mts';
import { basic, type Contract } from '../targets/receivers/contract.mts';
import { dfirIris } from '../targets/receivers/dfir-iris.mts';
import { elasticsearch } from '../targets/receivers/elasticsearch.mts';
import { insightIdr } from '../targets/receivers/insightidr.mts';
import { jira } from '../targets/receivers/jira.mts';
import { pagerduty } from '../targets/receivers/pagerduty.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';
import { sentinel } from '../targets/receivers/sentinel.mts';
import { servicenow } from '../targets/receivers/servicenow.mts';
import { splunkHec } from '../targets/receivers/splunk-hec.mts';
import { thehive } from '../targets/receivers/thehive.mts';

/** The receivers of test/targets, which stand for real targets: that they refuse what those refuse. */

const KEY = 'cynet:1001:62';
const long = (length: number): string => 'x'.repeat(length);

interface Example {
	readonly contract: Contract;
	readonly path: string;
	readonly method?: string;
	readonly authorization?: string;
	/** Taken. */
	readonly good: unknown;
	readonly status: number;
	/** Refused: what is wrong with it, the body, and the status. */
	readonly bad: ReadonlyArray<readonly [what: string, body: unknown, status: number]>;
	/** What the same request gets a second time; the status of the first unless given. */
	readonly again?: number;
	/** Whether the second counts as a repeat. */
	readonly repeats: boolean;
}

const iris = {
	alert_title: 't',
	alert_severity_id: 5,
	alert_status_id: 2,
	alert_customer_id: 1,
	alert_source_ref: KEY,
	alert_iocs: [] as unknown[],
};
const issue = {
	fields: {
		project: { key: 'SOC' },
		issuetype: { name: 'Task' },
		priority: { id: '2' },
		summary: 's',
		labels: ['cynet-1001-62'],
		description: '{noformat}\nd\n{noformat}',
	},
};
const withField = (fields: Record<string, unknown>) => ({ fields: { ...issue.fields, ...fields } });
const incident = {
	short_description: 's',
	description: 'd',
	correlation_id: KEY,
	urgency: '1',
	impact: '2',
};
const event = {
	routing_key: 'pagerduty-routing-key',
	event_action: 'trigger',
	dedup_key: KEY,
	payload: { summary: 's', source: 'h', severity: 'error' },
};
const hive = {
	type: 'edr',
	source: 'cynet-1001',
	sourceRef: KEY,
	title: 't',
	description: 'd',
	severity: 3,
	date: 1,
};
const row = { TimeGenerated: '2026-05-29T13:26:24Z', DedupKey: KEY };
const uef = {
	version: 'v1',
	event_type: 'VIRUS_ALERT',
	time: '2026-05-29T13:26:24.000Z',
	source_address: '10.0.0.1',
	alert_title: 't',
	custom_data: { cynet_id: KEY },
};
const section = { type: 'section', text: { type: 'mrkdwn', text: KEY } };
const card = (text: string) => ({
	type: 'message',
	attachments: [
		{
			contentType: 'application/vnd.microsoft.card.adaptive',
			content: { type: 'AdaptiveCard', body: [{ text }] },
		},
	],
});

const EXAMPLES: readonly Example[] = [
	{
		contract: dfirIris,
		path: '/alerts/add',
		authorization: 'Bearer iris-key',
		good: iris,
		status: 200,
		repeats: true,
		bad: [
			['no severity', { ...iris, alert_severity_id: undefined }, 400],
			['a severity by name', { ...iris, alert_severity_id: 'High' }, 400],
			['a severity that does not exist', { ...iris, alert_severity_id: 7 }, 400],
			['a NUL', { ...iris, alert_title: 'a\0b' }, 500],
		],
	},
	{
		contract: jira,
		path: '/rest/api/2/issue',
		authorization: basic('soc@example.com', 'jira-token'),
		good: issue,
		status: 201,
		repeats: true,
		bad: [
			['a long summary', withField({ summary: long(256) }), 400],
			['a summary of two lines', withField({ summary: 'a\nb' }), 400],
			['markup in the description', withField({ description: '[x|https://x]' }), 400],
			[
				'a description that leaves its block',
				withField({ description: '{noformat}\na{noformat}\n[x|https://x]\n{noformat}' }),
				400,
			],
			[
				'a long description',
				withField({ description: `{noformat}\n${long(32_768)}\n{noformat}` }),
				400,
			],
			['a priority that is none', withField({ priority: { id: '9' } }), 400],
		],
	},
	{
		contract: servicenow,
		path: '/api/now/table/incident',
		authorization: basic('cynet', 'snow-password'),
		good: incident,
		status: 201,
		repeats: true,
		bad: [
			['a long description', { ...incident, short_description: long(161) }, 400],
			['a key that ends a condition', { ...incident, correlation_id: 'a^b' }, 400],
			['an urgency that is none', { ...incident, urgency: 'High' }, 400],
		],
	},
	{
		contract: pagerduty,
		path: '/v2/enqueue',
		good: event,
		status: 202,
		repeats: false,
		bad: [
			['a long summary', { ...event, payload: { ...event.payload, summary: long(1025) } }, 400],
			[
				'a severity of another scale',
				{ ...event, payload: { ...event.payload, severity: 'high' } },
				400,
			],
			['a blank source', { ...event, payload: { ...event.payload, source: ' ' } }, 400],
			['a time that is none', { ...event, payload: { ...event.payload, timestamp: null } }, 400],
			['too much', { ...event, custom: long(513 * 1024) }, 413],
		],
	},
	{
		contract: thehive,
		path: '/api/v1/alert',
		authorization: 'Bearer hive-key',
		good: hive,
		status: 201,
		again: 400,
		repeats: false,
		bad: [
			['no description', { ...hive, description: '' }, 400],
			['a date as text', { ...hive, date: '2026-05-29' }, 400],
			['an empty observable', { ...hive, observables: [{ dataType: 'ip', data: null }] }, 400],
		],
	},
	{
		contract: elasticsearch,
		method: 'PUT',
		path: `/cynet-alerts/_doc/${encodeURIComponent(KEY)}`,
		authorization: basic('elastic', 'elastic-password'),
		good: { '@timestamp': '2026-05-29T13:26:24Z' },
		status: 201,
		again: 200,
		repeats: false,
		bad: [['no time', {}, 400]],
	},
	{
		contract: splunkHec,
		path: '/services/collector/event',
		authorization: 'Splunk hec-token',
		good: `{"event":{"dedupKey":"${KEY}"}}\n{"event":{"dedupKey":"cynet:1001:63"}}`,
		status: 200,
		repeats: true,
		bad: [
			['an array', [{ event: { dedupKey: KEY } }], 400],
			['no event', { time: 1 }, 400],
			['a quoted string', JSON.stringify(JSON.stringify({ event: 1 })), 400],
		],
	},
	{
		contract: logstash,
		path: '/',
		authorization: basic('logstash', 'logstash-password'),
		good: [{ '@timestamp': '2026-05-29T13:26:24Z', event: { id: '1001:62' } }],
		status: 200,
		repeats: true,
		bad: [['broken JSON', '[{', 400]],
	},
	{
		contract: fluentd,
		path: '/cynet.alert',
		good: [{ dedupKey: KEY }],
		status: 200,
		repeats: true,
		bad: [['more than 32 MB', [{ dedupKey: long(33 * 1024 * 1024) }], 413]],
	},
	{
		contract: fluentBit,
		path: '/cynet.alert',
		good: [{ dedupKey: KEY }],
		status: 201,
		repeats: true,
		bad: [['more than 4 MB', [{ dedupKey: long(5 * 1024 * 1024) }], 413]],
	},
	{
		contract: graylog,
		path: '/gelf',
		good: { version: '1.1', host: 'h', short_message: 's', _dedup_key: KEY },
		status: 202,
		repeats: true,
		bad: [
			['no message', { version: '1.1', host: 'h' }, 400],
			['an object as field', { version: '1.1', host: 'h', short_message: 's', _x: {} }, 400],
		],
	},
	{
		contract: insightIdr,
		path: '/v1/noformat/idr-log-token',
		good: uef,
		status: 204,
		repeats: true,
		bad: [
			['a time without milliseconds', { ...uef, time: '2026-05-29T13:26:24Z' }, 400],
			['no address', { ...uef, source_address: null }, 400],
			['an address of IPv6', { ...uef, source_address: 'fe80::1' }, 400],
		],
	},
	{
		contract: sentinel,
		path: '/dataCollectionRules/dcr/streams/Custom-Cynet_CL?api-version=2023-01-01',
		authorization: 'Bearer azure-token-of-the-receiver',
		good: [row],
		status: 204,
		repeats: true,
		bad: [
			['an object', row, 400],
			[
				'more than 1 MB',
				Array.from({ length: 20 }, () => ({ ...row, Description: long(60_000) })),
				413,
			],
			['a field of more than 64 KB', [{ ...row, Description: long(66_000) }], 400],
		],
	},
	{
		contract: slack,
		path: '/api/chat.postMessage',
		authorization: 'Bearer xoxb-of-the-receiver',
		good: { channel: '#soc', text: 't', blocks: [section] },
		status: 200,
		repeats: true,
		bad: [
			['51 blocks', { channel: '#soc', blocks: Array.from({ length: 51 }, () => section) }, 200],
			[
				'a long section',
				{
					channel: '#soc',
					blocks: [{ type: 'section', text: { type: 'mrkdwn', text: long(3001) } }],
				},
				200,
			],
			[
				'too much in all',
				{
					channel: '#soc',
					blocks: Array.from({ length: 6 }, () => ({
						type: 'section',
						text: { type: 'mrkdwn', text: long(2500) },
					})),
				},
				200,
			],
			[
				'a mention',
				{
					channel: '#soc',
					blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '<!channel>' } }],
				},
				200,
			],
			[
				'a long header',
				{
					channel: '#soc',
					blocks: [{ type: 'header', text: { type: 'plain_text', text: long(151) } }],
				},
				200,
			],
		],
	},
	{
		contract: microsoftTeams,
		path: '/workflows/one/triggers/manual/paths/invoke?sig=teams-signature',
		good: card(KEY),
		status: 202,
		repeats: true,
		bad: [
			['more than 28 KB', card(long(29 * 1024)), 413],
			['a bare card', { type: 'AdaptiveCard' }, 400],
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
	(
		_,
		{ contract, path, method = 'POST', authorization, good, status, bad, again = status, repeats },
	) => {
		const send = async (
			body: unknown,
			headers: Record<string, string> = authorization ? { authorization } : {},
		) =>
			await fetch(`${receiver!.url}${path}`, {
				method,
				headers: { 'content-type': 'application/json', ...headers },
				body: typeof body === 'string' ? body : JSON.stringify(body),
			});

		test('takes what the target takes, and a second time as the target would', async () => {
			receiver = await startReceiver(contract);
			expect((await send(good)).status).toBe(status);
			const taken = receiver.kept.keys.length;
			expect(receiver.kept.keys).toContain(KEY);
			expect(receiver.complaints).toEqual([]);
			expect((await send(good)).status).toBe(again);
			expect(receiver.kept.keys).toHaveLength(repeats ? 2 * taken : taken);
		});

		test.each(bad)('refuses %s', async (_what, body, refused) => {
			receiver = await startReceiver(contract);
			expect((await send(body)).status).toBe(refused);
			expect([receiver.kept.keys, receiver.complaints]).toEqual([[], [expect.any(String)]]);
		});

		if (authorization)
			test('refuses a wrong credential', async () => {
				receiver = await startReceiver(contract);
				expect(await (await send(good, { authorization: 'Bearer of someone else' })).text()).toBe(
					typeof contract.refusal.body === 'string'
						? contract.refusal.body
						: JSON.stringify(contract.refusal.body),
				);
				expect(receiver.kept.keys).toEqual([]);
			});

		test('fails as often as it is told to, the third time after it did the work, and answers nobody while it is away', async () => {
			receiver = await startReceiver(contract);
			receiver.failEvery = 1;
			const statuses = [(await send(good)).status, (await send(good)).status];
			expect(Math.min(...statuses)).toBeGreaterThanOrEqual(429);
			expect(receiver.kept.keys).toEqual([]);
			expect((await send(good)).status).toBeGreaterThanOrEqual(429);
			expect(receiver.kept.keys).toContain(KEY);
			const page = await send(good);
			expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
			receiver.failEvery = 0;
			receiver.portal = true;
			expect(await (await send(good)).text()).toContain('<html>');
			receiver.portal = false;
			receiver.away = true;
			await expect(send(good)).rejects.toThrow();
		});
	},
);

describe('A look-up', () => {
	const get = async (path: string, authorization: string) =>
		(await (await fetch(`${receiver!.url}${path}`, { headers: { authorization } })).json()) as {
			data?: { alerts: unknown[] };
			result?: unknown[];
		};

	test('of DFIR-IRIS by a filter that it does not know finds everything, and a reference anywhere in another one', async () => {
		receiver = await startReceiver(dfirIris);
		for (const id of [6, 62, 7]) {
			await fetch(`${receiver.url}/alerts/add`, {
				method: 'POST',
				headers: { authorization: 'Bearer iris-key' },
				body: JSON.stringify({ ...iris, alert_source_ref: `cynet:1001:${id}` }),
			});
		}
		expect(
			(await get('/alerts/filter?alert_source_ref=cynet:1001:6', 'Bearer iris-key')).data?.alerts,
		).toHaveLength(3);
		expect(
			(await get('/alerts/filter?source_reference=cynet:1001:6', 'Bearer iris-key')).data?.alerts,
		).toHaveLength(2);
	});

	test('of TheHive finds an alert by its reference alone', async () => {
		receiver = await startReceiver(thehive);
		const post = async (path: string, body: unknown) =>
			(await (
				await fetch(`${receiver!.url}${path}`, {
					method: 'POST',
					headers: { authorization: 'Bearer hive-key' },
					body: JSON.stringify(body),
				})
			).json()) as unknown[];
		for (const id of [6, 62])
			await post('/api/v1/alert', { ...hive, sourceRef: `cynet:1001:${id}` });
		expect(
			await post('/api/v1/query', {
				query: [
					{ _name: 'listAlert' },
					{ _name: 'filter', _and: [{ _eq: { _field: 'sourceRef', _value: 'cynet:1001:6' } }] },
				],
			}),
		).toHaveLength(1);
	});

	test('of ServiceNow by a query that it cannot read finds everything', async () => {
		receiver = await startReceiver(servicenow);
		const authorization = basic('cynet', 'snow-password');
		for (const id of [6, 62]) {
			await fetch(`${receiver.url}/api/now/table/incident`, {
				method: 'POST',
				headers: { authorization },
				body: JSON.stringify({ ...incident, correlation_id: `cynet:1001:${id}` }),
			});
		}
		expect(
			(
				await get(
					'/api/now/table/incident?sysparm_query=correlation_id=cynet:1001:6',
					authorization,
				)
			).result,
		).toHaveLength(1);
		expect(
			(await get('/api/now/table/incident?sysparm_query=key', authorization)).result,
		).toHaveLength(2);
	});
});

test("Logstash writes n8n's address over the host of an event, unless it is told where to put it", () => {
	expect(withoutTargetField({ host: { name: 'WS-1' } })).toEqual({ host: { ip: '127.0.0.1' } });
});
