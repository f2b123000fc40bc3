import { deliver } from '../delivery.mts';
import { Flow } from '../flow.mts';
import { REFUSED, REFUSED_MAIL, RETRY, TRIGGERED, convert, cynetTrigger, portions, request, set, settings, when } from '../nodes.mts';
import { bare, bySeverity, note, title } from '../texts.mts';

/** Targets that people read. Quiet alerts come in digests, so that loud ones are seen. */

/** The keys of a portion. */
const KEYS = "$json.alerts.map((alert) => alert.dedupKey).join(', ')";

const MARK = ['⚪', '🔵', '🔵', '🟡', '🟠', '🔴'];

/** Text for Slack: its three control characters escaped. */
const slackText = (expression: string): string => `String(${expression} ?? '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')`;

/** Answers of Slack, sent with status 200, after which sending again helps. */
const SLACK_BUSY = "['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'].includes($json.error)";

export function slackTriage(): Flow {
	const flow = new Flow('Cynet: Slack triage');
	flow.note(note('Cynet alerts in Slack, by severity', 'High and Critical alerts go to one channel, a message each. All others go to another, in digests of 20.', [
		'**Convert**: choose your *Cynet API* credential here as well.',
		'**Send to Slack**: choose your *Slack API* credential. Its app needs the scope `chat:write` and must be a member of both channels.',
		'**Settings**: enter the two channels.',
	], 'atLeastOnce'));
	cynetTrigger(flow);
	when(flow, 'High or Critical?', [1, 0], '($json.severityLevel ?? 0) >= 4');
	convert(flow, [3, -0.5], 'slack');
	set(flow, 'A Message Each', [5, -0.5], {
		urgent: true,
		text: `={{ ${bySeverity(MARK, TRIGGERED)} + ' ' + $json.text }}`,
		blocks: { array: '={{ $json.blocks.concat([{ type: \'context\', elements: [{ type: \'plain_text\', text: $json.dedupKey }] }]) }}' },
		dedupKey: '={{ $json.dedupKey }}',
	});
	portions(flow, 2, 20, 1);
	set(flow, 'A Digest', [5, 1], {
		urgent: false,
		text: "={{ $json.alerts.length + ' alerts from Cynet' }}",
		blocks: { array: `={{ [{ type: 'header', text: { type: 'plain_text', text: $json.alerts.length + ' alerts from Cynet' } }].concat($json.alerts.map((alert) => ({ type: 'section', text: { type: 'mrkdwn', text: (${bySeverity(MARK, 'alert')} + ' ' + ${slackText(title('alert'))}).slice(0, 500) + '\\n\`' + ${slackText('alert.dedupKey')} + '\`' } }))) }}` },
		dedupKey: `={{ ${KEYS} }}`,
	});
	// Here, and not at the start: a retry after the channels have been mended goes through it.
	settings(flow, [6, 0], { 'settings.urgentChannel': '#soc-urgent', 'settings.digestChannel': '#soc' });
	request(flow, 'Send to Slack', [7, 0], {
		url: 'https://slack.com/api/chat.postMessage', credential: { type: 'slackApi', name: 'Slack' }, pace: [1, 1100],
		json: '{ channel: $json.urgent ? $json.settings.urgentChannel : $json.settings.digestChannel, text: $json.text, blocks: $json.blocks }',
	});
	when(flow, 'Did Slack Take It?', [8, 0], '$json.ok');
	flow.node('The Message Again', 'set', 3.4, {
		mode: 'raw', jsonOutput: `={{ { ...$('Settings').item.json, error: { message: $json.error, isFinal: !${SLACK_BUSY} } } }}`, options: {},
	}, { at: [9, 0.5] });
	deliver(flow, 'Send to Slack', { target: 'Slack', column: 9, isRefused: `$json.error.isFinal || (${REFUSED})`, again: 'Settings' });
	return flow
		.chain('Cynet Trigger', 'High or Critical?')
		.connect('High or Critical?', 'Convert', 0).chain('Convert', 'A Message Each').connect('High or Critical?', 'All Alerts', 1)
		.chain('Each Portion', 'A Digest', 'Settings').chain('A Message Each', 'Settings').chain('Settings', 'Send to Slack', 'Did Slack Take It?')
		.connect('Did Slack Take It?', 'The Message Again', 1).chain('The Message Again', 'Give Up?');
}

export function microsoftTeams(): Flow {
	const flow = new Flow('Cynet: Microsoft Teams');
	flow.note(note('Cynet alerts in Microsoft Teams', 'Posts adaptive cards with up to 10 alerts each to a channel.', [
		'In Teams add the workflow *Post to a channel when a webhook request is received* to the channel, and copy its address.',
		'**Send to Teams**: enter that address. It holds a signature: whoever may open this workflow can read it.',
	], 'atLeastOnce'));
	cynetTrigger(flow);
	portions(flow, 1, 10);
	request(flow, 'Send to Teams', [4, 0], {
		url: 'https://YOUR-TEAMS-WORKFLOW-ADDRESS', credential: null, pace: [1, 1000],
		json: `{ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { '$schema': 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4', body: [{ type: 'TextBlock', size: 'Medium', weight: 'Bolder', text: $json.alerts.length + ' alerts from Cynet' }].concat($json.alerts.map((alert) => ({ type: 'Container', separator: true, items: [{ type: 'TextBlock', wrap: true, weight: 'Bolder', text: (${bySeverity(MARK, 'alert')} + ' ' + ${title('alert')}).slice(0, 300) }, { type: 'TextBlock', wrap: true, isSubtle: true, text: [alert.user, alert.path, alert.lastSeenAt, alert.dedupKey].filter(Boolean).join(' · ').slice(0, 600) }] }))) } }] }`,
	});
	flow.chain('Cynet Trigger', 'All Alerts').chain('Each Portion', 'Send to Teams');
	return deliver(flow, 'Send to Teams', { target: 'Teams', column: 4, what: KEYS });
}

export function emailDigest(): Flow {
	const flow = new Flow('Cynet: email digest');
	const html = (expression: string): string => `String(${expression} ?? '').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')`;
	flow.note(note('Cynet alerts as an email digest', 'Sends the alerts of a poll in one email, 100 at most, the most severe first. Answers of the mail server from 500 to 599 (a wrong password, refused recipients) are refusals; with any other error (a wrong host, a certificate) it counts as away. A mail that it takes for some of the recipients only is sent: the others are in *rejected* of what **Send Email** gives.', [
		'**Send Email**: choose your *SMTP* credential, and enter sender and recipients.',
		'**Cynet Trigger**: poll once an hour, say, and the digest comes once an hour.',
	], 'atLeastOnce'));
	cynetTrigger(flow);
	portions(flow, 1, 100);
	flow.node('Send Email', 'emailSend', 2.1, {
		fromEmail: 'n8n@example.com', toEmail: 'soc@example.com', emailFormat: 'html',
		subject: "={{ $json.alerts.length + ' Cynet alerts, ' + $json.alerts.filter((alert) => (alert.severityLevel ?? 0) >= 4).length + ' of them high or critical' }}",
		html: `={{ '<table border="1" cellpadding="4" cellspacing="0"><tr><th>Severity</th><th>Alert</th><th>Host</th><th>User</th><th>Seen</th><th>Key</th></tr>' + $json.alerts.slice().sort((a, b) => (b.severityLevel ?? 0) - (a.severityLevel ?? 0)).map((alert) => '<tr>' + [alert.severity, alert.name, alert.host, alert.user, alert.lastSeenAt, alert.dedupKey].map((cell) => '<td>' + ${html('cell')} + '</td>').join('') + '</tr>').join('\\n') + '</table>' }}`,
		options: { appendAttribution: false },
	}, { at: [4, 0], credentials: { smtp: 'SMTP' }, more: { onError: 'continueErrorOutput' } });
	flow.chain('Cynet Trigger', 'All Alerts').chain('Each Portion', 'Send Email');
	return deliver(flow, 'Send Email', { target: 'The mail server', column: 4, isRefused: REFUSED_MAIL, what: KEYS });
}

export function msspBySite(): Flow {
	const flow = new Flow('Cynet: MSSP, by site');
	flow.note(note('Cynet alerts of many customers, each to its own address', 'One trigger polls all sites; each has a cursor of its own. Each alert is posted as JSON to the address of its site: a webhook of the customer\'s ticketing system, chat or SIEM.', [
		'**Cynet Trigger**: under *Options > Client IDs* enter the numbers of the sites.',
		'**Settings**: enter the address of each site, and one for sites without an address. Addresses may hold secrets: whoever may open this workflow can read them.',
		'**Send to the Customer**: choose a credential *Header Auth* if the addresses ask for one, and set *Authentication* to it.',
	], 'atLeastOnce'));
	cynetTrigger(flow, { clientIds: '1001,1002' });
	settings(flow, [1, 0], { 'settings.addresses': { object: '{ "1001": "https://customer-one.example.com/alerts", "1002": "https://customer-two.example.com/alerts" }' }, 'settings.otherwise': 'https://mssp.example.com/alerts' });
	request(flow, 'Send to the Customer', [2, 0], {
		url: '={{ $json.settings.addresses[$json.clientId] ?? $json.settings.otherwise }}', credential: null, pace: [10, 1000],
		json: bare(),
	});
	return deliver(flow.chain('Cynet Trigger', 'Settings', 'Send to the Customer'), 'Send to the Customer', { target: 'The customer', column: 2, again: 'Settings' });
}

export function isolateAfterApproval(): Flow {
	const flow = new Flow('Cynet: isolate after approval');
	flow.note([
		'## Isolate a host once a human has said yes',
		'For each high or critical alert about a host, Slack is asked once whether to isolate the host. Only *Isolate* does it; no answer in a day means no. Each question is an execution of its own, waits in n8n\'s database, and survives a restart.',
		'',
		'1. **Cynet Trigger** and **Isolate the Host**: choose your *Cynet API* credential.',
		'2. **Ask in Slack**, **Tell the Outcome**, **Tell the Failure** and **Tell the Refusal**: choose your *Slack API* credential and the channel. Whoever can read the channel can answer: make it a private one.',
		'3. n8n must be reachable for whoever answers: check `N8N_WEBHOOK_URL` (on n8n 1.123 `WEBHOOK_URL`; in `deploy/` set `N8N_URL`).',
		'4. Publish (activate) the workflow.',
		'',
		'*Replay After Restart* is on: after any restart of n8n the last questions can come again; the answer to either isolates the host. With durable cursors turn the option off. **Isolate the Host** sends its request once: Cynet answers *accepted*, which is not yet done.',
	].join('\n'));
	cynetTrigger(flow, {}, { filters: { severities: [4, 5] } });
	flow.node('Once a Host', 'removeDuplicates', 2, { operation: 'removeDuplicateInputItems', compare: 'selectedFields', fieldsToCompare: 'clientId, host', options: {} }, { at: [2, 0] });
	when(flow, 'Is There a Host?', [1, 0], '$json.host');
	flow.node('Ask for Each', 'executeWorkflow', 1.2, { workflowId: { __rl: true, mode: 'id', value: '={{ $workflow.id }}' }, mode: 'each', options: { waitForSubWorkflow: false } }, { at: [3, 0] });
	flow.node('An Alert to Ask About', 'executeWorkflowTrigger', 1.1, { inputSource: 'passthrough' }, { at: [0, 1.5] });
	const channel = { __rl: true, mode: 'name', value: '#soc-approvals' };
	const slack = { credentials: { slackApi: 'Slack' } };
	flow.node('Ask in Slack', 'slack', 2.3, {
		operation: 'sendAndWait', select: 'channel', channelId: channel,
		message: `={{ 'Isolate ' + $json.host + '?\\n' + ${title()} + '\\nUser: ' + ($json.user ?? 'unknown') + ', site: ' + $json.clientId + '\\n' + ($json.path ?? '') + '\\n' + $json.dedupKey }}`,
		responseType: 'approval', approvalOptions: { values: { approvalType: 'double', approveLabel: 'Isolate', disapproveLabel: 'Leave it' } },
		options: { limitWaitTime: { values: { limitType: 'afterTimeInterval', resumeAmount: 24, resumeUnit: 'hours' } }, appendAttribution: false },
	}, { at: [1, 1.5], ...slack, more: RETRY });
	when(flow, 'Approved?', [2, 1.5], '$json.data?.approved');
	const alert = "$('An Alert to Ask About').first().json";
	flow.node('Isolate the Host', 'n8n-nodes-cynet.cynet', 1, { resource: 'host', operation: 'isolate', hostName: `={{ ${alert}.host }}`, options: { clientId: `={{ ${alert}.clientId }}` } }, { at: [3, 1.2], credentials: { cynetApi: 'Cynet' }, more: { onError: 'continueErrorOutput' } });
	const tell = (name: string, row: number, text: string): Flow =>
		flow.node(name, 'slack', 2.3, { select: 'channel', channelId: channel, text, otherOptions: { includeLinkToWorkflow: false } }, { at: [4, row], ...slack, more: RETRY });
	tell('Tell the Outcome', 0.7, `={{ 'Cynet accepted to isolate ' + ${alert}.host + ' (' + ${alert}.dedupKey + '). Check in the console that it is done.' }}`);
	tell('Tell the Failure', 1.5, `={{ 'Cynet did not accept to isolate ' + ${alert}.host + ' (' + ${alert}.dedupKey + '): ' + ($json.error?.message ?? $json.error) }}`);
	tell('Tell the Refusal', 2.3, `={{ ${alert}.host + ' is left as it is (' + ${alert}.dedupKey + ').' }}`);
	return flow
		.chain('Cynet Trigger', 'Is There a Host?', 'Once a Host', 'Ask for Each')
		.chain('An Alert to Ask About', 'Ask in Slack', 'Approved?', 'Isolate the Host', 'Tell the Outcome')
		.connect('Isolate the Host', 'Tell the Failure', 1).connect('Approved?', 'Tell the Refusal', 1);
}
