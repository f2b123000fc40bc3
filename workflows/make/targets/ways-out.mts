import { EMPTY, SAID, lookUpFirst, notTaken } from '../delivery.mts';
import { Flow } from '../flow.mts';
import {
	GOES_ON,
	HIGH_AND_CRITICAL,
	TRIGGERED,
	convert,
	cynetTrigger,
	request,
	settings,
} from '../nodes.mts';
import { TAKES_TWICE, bySeverity, note } from '../texts.mts';
import { batch } from './siem.mts';

/** Chats of small teams, what shares threat intelligence, and Google's SIEM. */

export function telegram(): Flow {
	const flow = new Flow('Cynet: Telegram');
	flow.note(
		...note({
			title: 'Cynet alerts in Telegram',
			does: 'Each alert is a message in a chat. All that the alert says stands there as code: it makes no link, no command and no hashtag, and calls nobody. A group takes 20 messages a minute; what is more comes with a retry.',
			fillIn: [
				'in **Send to Telegram** a *Telegram* credential with the token of your bot, and the *Chat ID*. The bot must be a member of the group; a group that Telegram upgrades to a supergroup has another ID.',
			],
			twice: TAKES_TWICE,
			target: 'Telegram',
		}),
	);
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL });
	// With the title below 4,096 UTF-16 units, which Telegram counts once its markup is read.
	convert(flow, 'text', [1, 0], { maxCharacters: 3800 });
	settings(flow, {
		message:
			"={{ '<b>Cynet alert</b>\\n<pre>' + ($json.title + '\\n\\n' + $json.text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') + '</pre>' }}",
	});
	flow.node(
		'Send to Telegram',
		'telegram',
		1.2,
		{
			resource: 'message',
			operation: 'sendMessage',
			chatId: 'YOUR-CHAT-ID',
			text: '={{ $json.message }}',
			additionalFields: {
				appendAttribution: false,
				disable_web_page_preview: true,
				parse_mode: 'HTML',
			},
		},
		{ at: [3, 0], more: GOES_ON },
	);
	notTaken(flow, {
		target: 'Telegram',
		send: 'Send to Telegram',
		taken: 'answer.ok === true && Number.isInteger(answer.result?.message_id)',
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to Telegram');
}

/** The same for the same alert, in the form of a UUID. */
const UUID_OF_KEY =
	"={{ $json.dedupKey.hash('sha256').replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5') }}";

export function line(): Flow {
	const flow = new Flow('Cynet: LINE');
	flow.note(
		...note({
			title: 'Cynet alerts in LINE',
			does: 'Pushes each alert as a message of your LINE Official Account (Messaging API; LINE Notify has ended). What the alert says makes no link. Each message counts against the monthly limit of your plan.',
			fillIn: [
				'in **Settings** the ID of the user or group (`U…` or `C…`, from a webhook of your account);',
				'in **Send to LINE** a credential *Header Auth* with the name `Authorization` and the value `Bearer YOUR-CHANNEL-ACCESS-TOKEN`.',
			],
			twice: 'LINE leaves alone what it has, by a retry key, for 24 hours',
			target: 'LINE',
		}),
	);
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL });
	// With the title below 5,000 UTF-16 units.
	convert(flow, 'text', [1, 0], { maxCharacters: 4700 });
	settings(flow, { to: 'YOUR-USER-OR-GROUP-ID', retryKey: UUID_OF_KEY });
	request(
		flow,
		'Send to LINE',
		{
			url: 'https://api.line.me/v2/bot/message/push',
			credential: 'httpHeaderAuth',
			headers: { 'X-Line-Retry-Key': '={{ $json.retryKey }}' },
			pace: [10, 1000],
			json: "JSON.stringify({ to: $json.to, messages: [{ type: 'text', text: $json.title + '\\n\\n' + $json.text }] })",
		},
		[3, 0],
	);
	notTaken(flow, {
		target: 'LINE',
		send: 'Send to LINE',
		// With 409 it says that it took this very request before.
		taken:
			"answer.sentMessages?.[0]?.id !== undefined || (String(answer.error?.httpCode ?? answer.error?.status) === '409' && JSON.stringify(answer.error).includes('The retry key is already accepted'))",
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to LINE');
}

export const googleSecOps = (): Flow =>
	batch({
		name: 'Google SecOps',
		target: 'Google SecOps',
		format: 'udm',
		does: "Sends alerts as events of Google's Unified Data Model to the Chronicle API (`events:import`), in requests below 1 MB.",
		fillIn: [
			'in **Send to Google SecOps** region, project and instance in the address, and a *Google Service Account API* credential with *Set up for use in HTTP Request node* on and the scope `https://www.googleapis.com/auth/cloud-platform`; its account needs the permission `chronicle.events.import`.',
		],
		twice: `${TAKES_TWICE}, in \`metadata.product_log_id\``,
		// Google names no figure for this method; the one before it took 1 MB.
		mostBytes: 900_000,
		most: 100,
		taken: EMPTY,
		row: '{ udm: alert.udm }',
		request: {
			url: 'https://chronicle.YOUR-REGION.rep.googleapis.com/v1/projects/YOUR-PROJECT/locations/YOUR-REGION/instances/YOUR-INSTANCE/events:import',
			credential: 'googleApi',
			// Two braces in a row would end the expression.
			json: `'{"inlineSource":{"events":[' + $json.rows.join(',') + ']} }'`,
		},
	});

/** The bundle's id is made of the alert's key. */
const uuidOf = (alert: string): string => `${alert}.stix.id.slice('bundle--'.length)`;

/** Over `alert`, as the trigger emitted it, and `stix`, its bundle: attributes of MISP. Its IOCs are those of the bundle. */
const ATTRIBUTES = [
	"[...stix.objects.flatMap(({ pattern = '' }) => {",
	"const [, of, quoted] = /^\\[(file|domain-name|url|ipv[46]-addr):\\S+ = '([^]*)'\\]$/.exec(pattern) ?? [];",
	"const [type, category] = { file: ['sha256', 'Payload delivery'], 'domain-name': ['domain', 'Network activity'], url: ['url', 'Network activity'] }[of] ?? ['ip-dst', 'Network activity'];",
	"return of ? [[type, category, true, quoted.replace(/\\\\([\\\\'])/g, '$1').toWellFormed().replace(/[\\s\\p{Cc}]/gu, encodeURIComponent)]] : [];",
	'}),',
	"['filename', 'Payload delivery', false, alert.path],",
	"['target-machine', 'Targeting data', false, alert.host],",
	"['target-user', 'Targeting data', false, alert.user],",
	"['text', 'Internal reference', false, alert.dedupKey]]",
	".map(([type, category, to_ids, value]) => ({ type, category, to_ids, distribution: '5', value: String(value ?? '').toWellFormed().replace(/[\\p{Cc}\\p{Zl}\\p{Zp}]+/gu, ' ').trim().slice(0, 8000).replace(/[\\uD800-\\uDBFF]$/, '') }))",
	'.filter(({ value }) => value)',
].join(' ');

export function misp(): Flow {
	const flow = new Flow('Cynet: MISP');
	flow.note(
		...note({
			title: 'Cynet alerts in MISP',
			does: 'Adds an event for each alert, unpublished and for your organisation only, with its hash, domain, URL and address as IOCs. Internal addresses and the host itself are none: they are left out or not for detection. The UUID of the event is made of the alert.',
			fillIn: [
				'in **Look It Up** the address of your MISP, and there and in **Create It** a *MISP API* credential whose user may add events. Look at an event before you publish it: what an alert names need not be malicious.',
			],
			twice: 'each alert is looked up first; what cannot be looked up is not created',
			target: 'MISP',
		}),
	);
	// MISP itself refuses a second event with the same UUID, so an alert may come in two executions.
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL, replay: false });
	convert(flow, 'stix');
	// Not n8n's own node: it takes any page for "nothing found", and adds no attributes with the event.
	const json = { credential: 'mispApi', headers: { Accept: 'application/json' } };
	request(
		flow,
		'Look It Up',
		{
			url: 'https://YOUR-MISP/events/restSearch',
			...json,
			json: `JSON.stringify({ returnFormat: 'json', uuid: ${uuidOf('$json')}, metadata: true, limit: 1 })`,
		},
		[2, 0],
	);
	request(
		flow,
		'Create It',
		{
			url: "={{ $('Look It Up').params.url.replace(/\\/restSearch$/, '/add') }}",
			...json,
			json: `JSON.stringify({ Event: { uuid: ${uuidOf('$json')}, info: 'Cynet: ' + $json.title, date: $json.at.slice(0, 10), distribution: '0', published: false, analysis: '0', threat_level_id: ${bySeverity({ Critical: '1', High: '1', Medium: '2', Low: '3', Information: '3' }, '4')}, Attribute: $json.attributes } })`,
		},
		[4, 0],
	);
	return lookUpFirst(flow, {
		target: 'MISP',
		isIt: `Array.isArray(found.response) && found.response.some((one) => one?.Event?.uuid === ${uuidOf('alert')})`,
		isNot: 'Array.isArray(found.response) && found.response.length === 0',
		// An attribute that MISP refused is named beside the event that it saved without it.
		taken: "typeof answer.Event?.uuid === 'string' && !answer.errors",
		said: `answer.Event && answer.errors ? 'saved without ' + JSON.stringify(answer.errors) : ${SAID}`,
		more: `...((alert, stix) => ({ at: alert.lastSeenAt ?? alert.createdAt ?? new Date().toISOString(), attributes: ${ATTRIBUTES} }))(original, alert.stix), `,
	});
}

const OBSERVABLE = {
	file: 'StixFile',
	'domain-name': 'Domain-Name',
	url: 'Url',
	'ipv4-addr': 'IPv4-Addr',
	'ipv6-addr': 'IPv6-Addr',
};

export function openCti(): Flow {
	const flow = new Flow('Cynet: OpenCTI');
	flow.note(
		...note({
			title: 'Cynet alerts in OpenCTI',
			does: 'Adds an incident for each alert, and an indicator for the file, domain, URL and public address that it names. Internal addresses are no indicators.',
			fillIn: [
				'in **Send to OpenCTI** the address of your OpenCTI, and an *OpenCTI API* credential whose user may create knowledge.',
			],
			twice: 'OpenCTI knows incident and indicators by their ids, and keeps them once',
			target: 'OpenCTI',
		}),
	);
	cynetTrigger(flow, { parameters: HIGH_AND_CRITICAL });
	convert(flow, 'stix');
	flow.node(
		'Describe',
		'n8n-nodes-cynet.cynet',
		1,
		{
			resource: 'alert',
			operation: 'convert',
			alert: `={{ ${TRIGGERED} }}`,
			// OpenCTI shows a description as Markdown.
			format: 'markdown',
			options: { maxCharacters: 10_000 },
		},
		{ at: [2, 0] },
	);
	const stix = "$('Convert').item.json.stix";
	settings(
		flow,
		{
			// What makes it the same incident: the name with the key, when the alert was created, and an id.
			incident: {
				object: `={{ { stix_id: 'incident--' + ${stix}.id.slice('bundle--'.length), name: $json.title + ' (' + $json.dedupKey.slice(0, 200) + ')', created: ${TRIGGERED}.createdAt ?? ${TRIGGERED}.firstSeenAt ?? ${TRIGGERED}.lastSeenAt ?? '1970-01-01T00:00:00.000Z', description: $json.markdown, incident_type: 'alert', severity: ${bySeverity({ Critical: 'critical', High: 'high', Medium: 'medium' }, 'low')}, source: 'Cynet 360' } }}`,
			},
			indicators: {
				array: `={{ ${stix}.objects.filter(({ type }) => type === 'indicator').map(({ id, name, description, pattern, pattern_type, indicator_types, valid_from, created }) => ({ stix_id: id, name, description, pattern, pattern_type, indicator_types, valid_from, created, x_opencti_main_observable_type: ${JSON.stringify(OBSERVABLE).replaceAll('"', "'")}[/^\\[([a-z0-9-]+)/.exec(pattern)[1]] })) }}`,
			},
		},
		[3, 0],
	);
	request(
		flow,
		'Send to OpenCTI',
		{
			url: 'https://YOUR-OPENCTI/graphql',
			credential: 'openCtiApi',
			pace: [10, 1000],
			json: "JSON.stringify({ query: 'mutation Cynet($incident: IncidentAddInput!' + $json.indicators.map((_, i) => ', $indicator' + i + ': IndicatorAddInput!').join('') + ') { incident: incidentAdd(input: $incident) { id }' + $json.indicators.map((_, i) => ' indicator' + i + ': indicatorAdd(input: $indicator' + i + ') { id }').join('') + ' }', variables: { incident: $json.incident, ...Object.fromEntries($json.indicators.map((one, i) => ['indicator' + i, one])) } })",
		},
		[4, 0],
	);
	notTaken(flow, {
		target: 'OpenCTI',
		send: 'Send to OpenCTI',
		// GraphQL says what went wrong with status 200.
		taken:
			"!answer.errors && typeof answer.data?.incident?.id === 'string' && Object.values(answer.data).every((one) => one?.id)",
		said: `answer.errors?.map?.((one) => one?.message).join('; ') ?? ${SAID}`,
		at: [5, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Describe', 'Settings', 'Send to OpenCTI');
}
