import { notTaken } from '../delivery.mts';
import { Flow } from '../flow.mts';
import {
	FROM_MEDIUM,
	GOES_ON,
	HIGH_AND_CRITICAL,
	code,
	convert,
	cynetTrigger,
	request,
	settings,
	slackMessage,
} from '../nodes.mts';
import { HIGH, MEDIUM, TAKES_TWICE, note } from '../texts.mts';

/** Targets that people read. */

export const SLACK_CREDENTIAL =
	'a *Slack* credential, an access token with the scope `chat:write` or OAuth2 (under *Authentication*); its app must be a member of the channel.';

/** The first workflow of a newcomer: nothing in it that is not needed. */
export function alertsToSlack(): Flow {
	const flow = new Flow('Cynet: alerts to Slack');
	flow.note(
		'## Cynet alerts in Slack',
		'Each alert is a message: what happened, to whom, and what Cynet advises. Whatever the alert says is shown as text: it makes no link and calls nobody.',
		`**Fill in**: in **Send to Slack** the channel, and ${SLACK_CREDENTIAL} Choose your *Cynet API* credential where n8n has not.`,
		HIGH,
		'**While Slack is away**, the execution fails. *Retry* by hand sends all of its alerts again, those that had arrived, too.',
		'**Beside it**: *Cynet: heartbeat* tells you when something fails or falls silent. Do not publish *Cynet: retry failed deliveries* with this workflow: it would send messages again that had arrived. *Cynet: Slack triage* is made for it, and has a channel for each severity.',
	);
	// Slack cannot tell a message that it has.
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL, replay: false });
	convert(flow, 'slack');
	slackMessage(flow, 'Send to Slack', '#soc', [2, 0], undefined, {});
	return flow.chain('Cynet Trigger', 'Convert', 'Send to Slack');
}

const COLUMNS = [
	'dedupKey',
	'severity',
	'name',
	'host',
	'user',
	'path',
	'sha256',
	'status',
	'clientId',
	'lastSeenAt',
];

export function alertsToTable(): Flow {
	const flow = new Flow('Cynet: alerts to a table');
	flow.note(
		'## Cynet alerts in a table of n8n',
		'Each alert is a row of a data table in this n8n; no other account is needed.',
		`**Fill in**: make a data table *Cynet alerts* (n8n: *Data tables*) with these columns, each of the type *String*: ${COLUMNS.map((column) => `\`${column}\``).join(', ')}. In **Write the Row** choose it. Choose your *Cynet API* credential where n8n has not.`,
		'**Which alerts**: all of the last 24 hours, then every new one and every change. *Events*, *Severities* and *Look Back (Hours)* in **Cynet Trigger** change that.',
		'**Twice**: a row is found by its key and written again. A change of an alert is a row of its own.',
		'**Beside it**: *Cynet: retry failed deliveries* runs failed executions again by itself; *Cynet: heartbeat* tells you when something fails or falls silent.',
	);
	cynetTrigger(flow, {
		parameters: { events: ['created', 'updated'] },
		options: { lookbackHours: 24 },
	});
	// A table is saved as a file for a spreadsheet, too, which would run a formula.
	convert(flow, 'flat');
	flow.node(
		'Write the Row',
		'dataTable',
		1,
		{
			resource: 'row',
			operation: 'upsert',
			dataTableId: { __rl: true, mode: 'name', value: 'Cynet alerts' },
			matchType: 'allConditions',
			filters: {
				conditions: [{ keyName: 'dedupKey', condition: 'eq', keyValue: '={{ $json.dedupKey }}' }],
			},
			columns: {
				mappingMode: 'defineBelow',
				matchingColumns: [],
				value: Object.fromEntries(COLUMNS.map((column) => [column, `={{ $json.${column} }}`])),
				schema: COLUMNS.map((id) => ({
					id,
					displayName: id,
					required: false,
					defaultMatch: false,
					display: true,
					type: 'string',
					readOnly: false,
					removed: false,
				})),
			},
			options: {},
		},
		{ at: [2, 0] },
	);
	return flow.chain('Cynet Trigger', 'Convert', 'Write the Row');
}

export function slackTriage(): Flow {
	const flow = new Flow('Cynet: Slack triage');
	flow.note(
		...note({
			title: 'Cynet alerts in Slack, by severity',
			does: 'Each alert is a message in the channel of its severity. Whatever the alert says is shown as text: it makes no link and calls nobody.',
			fillIn: [
				'in **Settings** a channel for each severity;',
				`in **Send to Slack** ${SLACK_CREDENTIAL}`,
			],
			comes: MEDIUM,
			twice: TAKES_TWICE,
			target: 'Slack',
		}),
	);
	cynetTrigger(flow, { parameters: FROM_MEDIUM });
	convert(flow, 'slack');
	settings(flow, {
		Critical: '#soc-urgent',
		High: '#soc-urgent',
		Medium: '#soc',
		Low: '#soc',
		Information: '#soc',
		Unknown: '#soc',
	});
	slackMessage(flow, 'Send to Slack', '={{ $json[$json.severity] || $json.Unknown }}', [3, 0]);
	notTaken(flow, {
		target: 'Slack',
		send: 'Send to Slack',
		taken: 'answer.ok === true',
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to Slack');
}

export function microsoftTeams(): Flow {
	const flow = new Flow('Cynet: Microsoft Teams');
	flow.note(
		...note({
			title: 'Cynet alerts in Microsoft Teams',
			does: 'Each alert is a card in a channel. Whatever the alert says is shown as text: it makes no link and calls nobody.',
			fillIn: [
				'in Teams open *⋯ > Workflows* at the channel, add *Send webhook alerts to a channel* and copy its address into **Send to Teams**. It holds a signature: whoever may open this workflow can read it.',
			],
			twice: TAKES_TWICE,
			target: 'Teams',
		}),
	);
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL });
	convert(flow, 'adaptiveCard');
	settings(flow, {});
	request(
		flow,
		'Send to Teams',
		{
			url: 'https://YOUR-TEAMS-WORKFLOW-ADDRESS',
			answers: 'any',
			pace: [1, 1000],
			json: "JSON.stringify({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: $json.card }] })",
		},
		[3, 0],
	);
	notTaken(flow, {
		target: 'Teams',
		send: 'Send to Teams',
		taken: "Object.values(answer).every((value) => ['', '1'].includes(value ?? ''))",
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to Teams');
}

export function emailDigest(): Flow {
	const flow = new Flow('Cynet: email digest');
	flow.note(
		...note({
			title: 'Cynet alerts as an email digest',
			does: 'The alerts of an hour in mails of 50 at most, the most severe first. Whatever the alert says is shown as text.',
			fillIn: [
				'in **Send Email** sender, recipients and an *SMTP* credential. A mail that the server takes for some of the recipients only counts as sent.',
				'**Cynet Trigger** says how often.',
			],
			comes: MEDIUM,
			twice: TAKES_TWICE,
			target: 'the mail server',
		}),
	);
	cynetTrigger(flow, {
		parameters: { ...FROM_MEDIUM, pollTimes: { item: [{ mode: 'everyHour' }] } },
	});
	convert(flow, 'html');
	code(
		flow,
		'Settings',
		[
			'// Mails of at most so many alerts, the most severe first.',
			'const most = 50;',
			'const items = $input.all();',
			'// Back from Not Taken: a mail already.',
			'if (items[0].json.keys) return items.map(({ json }) => ({ json: { ...json, inExecution: $execution.id }, pairedItem: { item: 0 } }));',
			'const alerts = items.map(({ json }) => json).sort((a, b) => (b.severityLevel ?? 0) - (a.severityLevel ?? 0));',
			'const mails = Array.from({ length: Math.ceil(alerts.length / most) }, (_, mail) => alerts.slice(mail * most, (mail + 1) * most));',
			"const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');",
			'return mails.map((mail) => ({',
			'  json: {',
			"    subject: `${mail.length} Cynet ${mail.length === 1 ? 'alert' : 'alerts'}, ${mail.filter(({ severity }) => ['High', 'Critical'].includes(severity)).length} of them high or critical`,",
			"    html: mail.map(({ title, html }) => `<h3>${escaped(title)}</h3>\\n${html}`).join('<hr>\\n'),",
			'    keys: mail.map(({ dedupKey }) => dedupKey),',
			'    inExecution: $execution.id,',
			'  },',
			'  pairedItem: { item: 0 },',
			'}));',
		],
		[2, 0],
	);
	flow.node(
		'Send Email',
		'emailSend',
		2.1,
		{
			fromEmail: 'n8n@example.com',
			toEmail: 'soc@example.com',
			subject: '={{ $json.subject }}',
			emailFormat: 'html',
			html: '={{ $json.html }}',
			options: { appendAttribution: false },
		},
		{ at: [3, 0], more: GOES_ON },
	);
	notTaken(flow, {
		target: 'The mail server',
		send: 'Send Email',
		taken: "answer.accepted?.length > 0 || /^2/.test(answer.response ?? '')",
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send Email');
}

export function msspBySite(): Flow {
	const flow = new Flow('Cynet: MSSP, by site');
	flow.note(
		...note({
			title: 'Cynet alerts of many customers, each to its own',
			does: 'One trigger polls all sites. Each alert is posted as JSON to the address of its site, with the name of the company: a webhook of its ticketing system, chat or SIEM.',
			fillIn: [
				'in **Cynet Trigger** the sites (*Client IDs*); in **Settings** company and address of each, and an address for the others; in **Send to the Customer** a credential if the addresses ask for one.',
			],
			comes: MEDIUM,
			twice: TAKES_TWICE,
			target: 'a customer',
		}),
	);
	cynetTrigger(flow, { parameters: FROM_MEDIUM, options: { clientIds: '1001,1002' } });
	settings(
		flow,
		{
			sites: {
				object:
					'{ "1001": { "company": "Customer One", "address": "https://customer-one.example.com/alerts" }, "1002": { "company": "Customer Two", "address": "https://customer-two.example.com/alerts" } }',
			},
			otherwise: {
				object: '{ "company": "Unknown", "address": "https://mssp.example.com/alerts" }',
			},
		},
		[1, 0],
	);
	request(
		flow,
		'Send to the Customer',
		{
			url: '={{ ($json.sites[$json.clientId] ?? $json.otherwise).address }}',
			answers: 'any',
			pace: [10, 1000],
			json: 'JSON.stringify({ ...$json, company: ($json.sites[$json.clientId] ?? $json.otherwise).company, sites: undefined, otherwise: undefined, inExecution: undefined })',
		},
		[2, 0],
	);
	notTaken(flow, {
		target: 'The customer',
		send: 'Send to the Customer',
		taken: "!answer.error && !answer.inExecution && !/^\\s*</.test(answer.data ?? '')",
		at: [3, 0],
	});
	return flow.chain('Cynet Trigger', 'Settings', 'Send to the Customer');
}
