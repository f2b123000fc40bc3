import { EMPTY, ROWS, inPortions, notTaken } from '../delivery.mts';
import { Flow } from '../flow.mts';
import { convert, cynetTrigger, request, settings, type Request } from '../nodes.mts';
import { ALL, TAKES_TWICE, note } from '../texts.mts';

/** Targets that collect events. */

interface Batch {
	readonly name: string;
	readonly target: string;
	readonly does: string;
	readonly fillIn: readonly string[];
	readonly twice?: string;
	readonly mostBytes: number;
	readonly most: number;
	readonly request: Omit<Request, 'answers'>;
	readonly taken: string;
	/** Over `alert`; the alert as it comes, unless given. */
	readonly row?: string;
	readonly format?: 'ecs' | 'udm';
	readonly key?: string;
}

/** Alerts in portions, a request a portion. */
export function batch({
	name,
	target,
	does,
	fillIn,
	twice = TAKES_TWICE,
	mostBytes,
	most,
	request: sent,
	taken,
	row = 'alert',
	format,
	key,
}: Batch): Flow {
	const flow = new Flow(`Cynet: ${name}`);
	flow.note(...note({ title: `Cynet alerts to ${name}`, does, fillIn, comes: ALL, twice, target }));
	cynetTrigger(flow);
	if (format) convert(flow.chain('Cynet Trigger', 'Convert'), format);
	const column = format ? 2 : 1;
	const send = `Send to ${target}`;
	request(flow, send, { ...sent, answers: 'any' }, [column + 1, 0]);
	return inPortions(flow, {
		target,
		mostBytes,
		most,
		row,
		key,
		taken,
		after: format ? 'Convert' : 'Cynet Trigger',
		send,
		column,
	});
}

const SEEN_AT = 'alert.lastSeenAt ?? alert.createdAt ?? new Date().toISOString()';

export const splunkHec = (): Flow =>
	batch({
		name: 'Splunk',
		target: 'Splunk',
		does: 'Sends alerts to an HTTP Event Collector in requests below 1 MB, with the source type `cynet:alert`.',
		fillIn: [
			'in **Send to Splunk** the address of your collector, and a credential *Header Auth* with the name `Authorization` and the value `Splunk YOUR-HEC-TOKEN`.',
		],
		twice: `${TAKES_TWICE}: leave repeats out of a search with \`| dedup dedupKey\``,
		mostBytes: 900_000,
		most: 200,
		taken: 'answer.code === 0',
		row: `{ time: Date.parse(${SEEN_AT}) / 1000, host: alert.host || 'cynet', source: 'cynet', sourcetype: 'cynet:alert', event: alert, fields: { dedupKey: alert.dedupKey, severity: alert.severity ?? 'Unknown' } }`,
		request: {
			url: 'https://YOUR-SPLUNK:8088/services/collector/event',
			credential: 'httpHeaderAuth',
			text: "$json.rows.join('\\n')",
		},
	});

export const logstash = (): Flow =>
	batch({
		name: 'Logstash',
		target: 'Logstash',
		format: 'ecs',
		key: 'alert.event.id',
		does: "Sends alerts to Logstash's http input as documents of the Elastic Common Schema. Set `remote_host_target_field => \"[@metadata][n8n]\"` there: without it the input writes n8n's address over the alert's `host`.",
		fillIn: [
			'in **Send to Logstash** the address of your http input, and a credential *Basic Auth* with its user and password.',
		],
		twice: `${TAKES_TWICE}: with \`document_id => "%{[event][id]}"\` in the elasticsearch output it is one document`,
		mostBytes: 8_000_000,
		most: 200,
		taken: "(answer.data ?? '').trim() === 'ok'",
		request: { url: 'https://YOUR-LOGSTASH:8080', credential: 'httpBasicAuth', json: ROWS },
	});

export const fluentd = (): Flow =>
	batch({
		name: 'Fluentd',
		target: 'Fluentd',
		does: "Sends alerts to Fluentd's in_http as JSON, with the tag `cynet.alert`.",
		fillIn: [
			'in **Send to Fluentd** the address of your in_http; the path is the tag. It asks for no password: keep it in a network of its own, or put a proxy before it and choose a credential under *Authentication*.',
		],
		mostBytes: 8_000_000,
		most: 200,
		taken: EMPTY,
		request: { url: 'http://YOUR-FLUENTD:9880/cynet.alert', json: ROWS },
	});

export const fluentBit = (): Flow =>
	batch({
		name: 'Fluent Bit',
		target: 'Fluent Bit',
		does: "Sends alerts to Fluent Bit's http input as JSON, in requests below 4 MB (its `buffer_max_size`), with the tag `cynet.alert`.",
		fillIn: [
			'in **Send to Fluent Bit** the address of your http input; the path is the tag. It asks for no password: keep it in a network of its own, or put a proxy before it and choose a credential under *Authentication*.',
		],
		mostBytes: 3_900_000,
		most: 200,
		taken: EMPTY,
		request: { url: 'http://YOUR-FLUENT-BIT:9880/cynet.alert', json: ROWS },
	});

const COLUMNS =
	'{ DedupKey: alert.dedupKey, ClientId: alert.clientId, Event: alert.event, Name: alert.name, Severity: alert.severity, SeverityLevel: alert.severityLevel, Status: alert.status, AlertType: alert.type, Host: alert.host, HostIp: alert.hostIp, User: alert.user, Path: alert.path, CommandLine: alert.commandLine, Sha256: alert.sha256, Description: alert.description, Recommendation: alert.recommendation }';

export const sentinel = (): Flow =>
	batch({
		name: 'Microsoft Sentinel',
		target: 'Sentinel',
		does: 'Sends alerts to the Logs Ingestion API of Azure Monitor in requests below 1 MB, with texts cut to 10,000 characters. The table has the columns that **In Portions** names.',
		fillIn: [
			'in **Send to Sentinel** your data collection endpoint, the immutable id of the rule and the stream, and a credential *OAuth2 API*: grant type *Client Credentials*, token URL `https://login.microsoftonline.com/YOUR-TENANT/oauth2/v2.0/token`, scope `https://monitor.azure.com//.default`, id and secret of an app with the role *Monitoring Metrics Publisher* on the rule.',
		],
		twice: `${TAKES_TWICE}: leave repeats out of a query with \`| summarize arg_max(TimeGenerated, *) by DedupKey\``,
		mostBytes: 900_000,
		most: 200,
		taken: EMPTY,
		row: `cut({ TimeGenerated: ${SEEN_AT}, ...${COLUMNS} }, 10000)`,
		request: {
			url: 'https://YOUR-ENDPOINT.ingest.monitor.azure.com/dataCollectionRules/YOUR-RULE/streams/Custom-Cynet_CL?api-version=2023-01-01',
			credential: 'oAuth2Api',
			json: ROWS,
		},
	});

export const insightIdr = (): Flow =>
	batch({
		name: 'Rapid7 InsightIDR',
		target: 'InsightIDR',
		does: "Sends each alert to a webhook log, in the fields of Rapid7's Universal Event Format for virus alerts. A host without an IPv4 address has `0.0.0.0` there, for the format knows no other.",
		fillIn: [
			"in **Send to InsightIDR** the address of your webhook log. It holds the log's token: whoever may open this workflow can read it.",
		],
		mostBytes: 100_000,
		most: 1,
		taken: EMPTY,
		row: `{ version: 'v1', event_type: 'VIRUS_ALERT', time: new Date(${SEEN_AT}).toISOString(), source_address: /^((25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(25[0-5]|2[0-4]\\d|1?\\d?\\d)$/.test(alert.hostIp ?? '') ? alert.hostIp : '0.0.0.0', alert_title: alert.name || 'Alert', custom_data: { cynet_id: alert.dedupKey, severity: alert.severity ?? 'Unknown', host: alert.host, host_ip: alert.hostIp, user: alert.user, path: alert.path, sha256: alert.sha256, site: alert.clientId, event: alert.event, status: alert.status, description: alert.description } }`,
		request: {
			url: 'https://YOUR-REGION.webhook.logs.insight.rapid7.com/v1/noformat/YOUR-LOG-TOKEN',
			pace: [10, 1000],
			json: '$json.rows[0]',
		},
	});

export function elasticsearch(): Flow {
	const flow = new Flow('Cynet: Elasticsearch');
	flow.note(
		...note({
			title: 'Cynet alerts to Elasticsearch',
			does: "Writes each alert as a document of the Elastic Common Schema into the index `cynet-alerts`. Its id is the alert's key. Map the field `cynet` as `flattened`: what Cynet puts there changes its type.",
			fillIn: [
				'in **Send to Elasticsearch** the address of your cluster, an *Elasticsearch API* credential, and the index if it has another name. A data stream takes no documents with ids: choose an index.',
			],
			comes: ALL,
			twice: 'the same document is written again',
			target: 'Elasticsearch',
		}),
	);
	cynetTrigger(flow);
	convert(flow, 'ecs');
	// A document of ECS has no field for the key by which a failure is named.
	settings(flow, { dedupKey: "={{ $('Cynet Trigger').item.json.dedupKey }}" });
	// Not n8n's own node: one document that is refused makes that fail as a whole, and the alerts behind it are held up.
	request(
		flow,
		'Send to Elasticsearch',
		{
			method: 'PUT',
			url: '=https://YOUR-CLUSTER:9200/cynet-alerts/_doc/{{ encodeURIComponent($json.dedupKey) }}',
			credential: 'elasticsearchApi',
			pace: [20, 500],
			json: 'JSON.stringify({ ...$json, inExecution: undefined, dedupKey: undefined })',
		},
		[3, 0],
	);
	notTaken(flow, {
		target: 'Elasticsearch',
		send: 'Send to Elasticsearch',
		taken: "['created', 'updated'].includes(answer.result) && typeof answer._id === 'string'",
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to Elasticsearch');
}

export function graylog(): Flow {
	const flow = new Flow('Cynet: Graylog');
	flow.note(
		...note({
			title: 'Cynet alerts to Graylog',
			does: 'Sends each alert to a GELF HTTP input.',
			fillIn: [
				'in **Send to Graylog** the address of your input. It asks for no password: keep it in a network of its own, or put a proxy before it and choose a credential under *Authentication*.',
			],
			comes: ALL,
			twice: TAKES_TWICE,
			target: 'Graylog',
		}),
	);
	cynetTrigger(flow);
	convert(flow, 'gelf');
	settings(flow, {});
	request(
		flow,
		'Send to Graylog',
		{
			url: 'http://YOUR-GRAYLOG:12201/gelf',
			answers: 'any',
			pace: [10, 1000],
			json: 'JSON.stringify($json.gelf)',
		},
		[3, 0],
	);
	notTaken(flow, { target: 'Graylog', send: 'Send to Graylog', taken: EMPTY, at: [4, 0] });
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to Graylog');
}
