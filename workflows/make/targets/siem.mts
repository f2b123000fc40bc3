import { deliver } from '../delivery.mts';
import { Flow } from '../flow.mts';
import { TRIGGERED, convert, cynetTrigger, portions, request, type Request } from '../nodes.mts';
import { bare, note } from '../texts.mts';

/** Targets that collect events. */

interface Batch {
	readonly title: string;
	readonly intro: string;
	readonly target: string;
	readonly steps: readonly string[];
	/** Alerts in one request. */
	readonly size: number;
	readonly request: Request;
	readonly format?: 'ecs';
	/** The key of one of `alerts`; what it is depends on the format. */
	readonly key?: string;
}

/** Alerts in portions, a request a portion: all of it arrives or none. */
function batch(name: string, { title, intro, target, steps, size, request: sent, format, key = 'alert.dedupKey' }: Batch): Flow {
	const flow = new Flow(name);
	flow.note(note(title, intro, steps, 'atLeastOnce'));
	cynetTrigger(flow);
	if (format) convert(flow, [1, 0], format);
	portions(flow, 2, size);
	const send = `Send to ${target}`;
	request(flow, send, [5, 0], sent);
	flow.chain('Cynet Trigger', ...(format ? ['Convert'] : []), 'All Alerts').chain('Each Portion', send);
	return deliver(flow, send, { target, column: 5, what: `$json.alerts.map((alert) => ${key}).join(', ')` });
}

export const splunkHec = (): Flow => batch('Cynet: Splunk HEC', {
	title: 'Cynet alerts to Splunk', target: 'Splunk', size: 200,
	intro: 'Sends alerts to an HTTP Event Collector, 200 a request. Splunk takes an event twice: leave repeats out of a search with `| dedup dedupKey`.',
	steps: [
		'**Send to Splunk**: create a credential *Header Auth* with the name `Authorization` and the value `Splunk YOUR-HEC-TOKEN`, choose it, and enter your collector\'s address.',
		'The events have the source type `cynet:alert` and go to the token\'s default index.',
	],
	request: {
		url: 'https://YOUR-SPLUNK:8088/services/collector/event', credential: { type: 'httpHeaderAuth', name: 'Splunk HEC' },
		text: `$json.alerts.map((alert) => JSON.stringify({ time: Date.parse(alert.lastSeenAt ?? alert.createdAt ?? new Date().toISOString()) / 1000, host: alert.host ?? 'cynet', source: 'cynet', sourcetype: 'cynet:alert', event: alert, fields: { dedupKey: alert.dedupKey, severity: alert.severity ?? 'Unknown' } })).join('\\n')`,
	},
});

export const logstash = (): Flow => batch('Cynet: Logstash', {
	title: 'Cynet alerts to Logstash', target: 'Logstash', size: 200,
	format: 'ecs', key: 'alert.event.id',
	intro: 'Sends alerts to Logstash\'s http input as documents of the Elastic Common Schema, 200 a request. In your pipeline\'s elasticsearch output set `document_id => "%{[event][id]}"`: then an event that comes twice is one document.',
	steps: ['**Convert**: choose your *Cynet API* credential here as well.', '**Send to Logstash**: choose a credential *Basic Auth* with the user and password of the http input, and enter its address.'],
	request: { url: 'https://YOUR-LOGSTASH:8080', credential: { type: 'httpBasicAuth', name: 'Logstash' }, json: '$json.alerts' },
});

export const fluentd = (): Flow => batch('Cynet: Fluentd', {
	title: 'Cynet alerts to Fluentd', target: 'Fluentd', size: 200,
	intro: 'Sends alerts to Fluentd\'s in_http as JSON, 200 a request, with the tag `cynet.alert`.',
	steps: [
		'**Send to Fluentd**: enter the address of your in_http; the path is the tag.',
		'in_http asks for no password: keep it in a network of its own, or put a proxy before it and choose a credential under *Authentication*.',
	],
	request: { url: 'http://YOUR-FLUENTD:9880/cynet.alert', credential: null, json: '$json.alerts' },
});

export const fluentBit = (): Flow => batch('Cynet: Fluent Bit', {
	title: 'Cynet alerts to Fluent Bit', target: 'Fluent Bit', size: 100,
	intro: 'Sends alerts to Fluent Bit\'s http input as JSON, 100 a request (it takes 4 MB unless `buffer_max_size` says otherwise), with the tag `cynet.alert`.',
	steps: [
		'**Send to Fluent Bit**: enter the address of your http input; the path is the tag.',
		'The input asks for no password: keep it in a network of its own, or put a proxy before it and choose a credential under *Authentication*.',
	],
	request: { url: 'http://YOUR-FLUENT-BIT:9880/cynet.alert', credential: null, json: '$json.alerts' },
});

export const sentinel = (): Flow => batch('Cynet: Microsoft Sentinel', {
	title: 'Cynet alerts to Microsoft Sentinel', target: 'Sentinel', size: 20,
	intro: 'Sends alerts to the Logs Ingestion API of Azure Monitor, 20 a request, with long fields cut to 8,000 characters, so that a request stays below 1 MB. Sentinel takes a row twice: leave repeats out of a query with `| summarize arg_max(TimeGenerated, *) by DedupKey`.',
	steps: [
		'**Send to Sentinel**: create a credential *OAuth2 API* with the grant type *Client Credentials*, the access token URL `https://login.microsoftonline.com/YOUR-TENANT/oauth2/v2.0/token`, the scope `https://monitor.azure.com//.default`, and your app registration\'s id and secret. The app needs the role *Monitoring Metrics Publisher* on the data collection rule.',
		'In the same node enter the address of your data collection endpoint, the immutable id of the rule and the name of the stream. The table\'s columns are the fields that the node sends.',
	],
	request: {
		url: 'https://YOUR-ENDPOINT.ingest.monitor.azure.com/dataCollectionRules/YOUR-RULE/streams/Custom-Cynet_CL?api-version=2023-01-01', credential: { type: 'oAuth2Api', name: 'Azure Monitor' },
		json: `$json.alerts.map((alert) => ({ TimeGenerated: alert.lastSeenAt ?? alert.createdAt ?? new Date().toISOString(), DedupKey: alert.dedupKey, ClientId: alert.clientId, Name: alert.name, Severity: alert.severity, SeverityLevel: alert.severityLevel, Status: alert.status, AlertType: alert.type, Host: alert.host, HostIp: alert.hostIp, User: alert.user, Path: (alert.path ?? '').slice(0, 8000), CommandLine: (alert.commandLine ?? '').slice(0, 8000), Sha256: alert.sha256, Description: (alert.description ?? '').slice(0, 8000), Recommendation: (alert.recommendation ?? '').slice(0, 8000) }))`,
	},
});

export function insightIdr(): Flow {
	const flow = new Flow('Cynet: Rapid7 InsightIDR');
	flow.note(note('Cynet alerts to Rapid7 InsightIDR', 'Sends each alert to a webhook log, in the fields of Rapid7\'s Universal Event Format for virus alerts.', [
		'**Send to InsightIDR**: enter the address of your webhook log. It holds the log\'s token: whoever may open this workflow can read it.',
	], 'atLeastOnce'));
	cynetTrigger(flow);
	request(flow, 'Send to InsightIDR', [1, 0], {
		url: 'https://YOUR-REGION.webhook.logs.insight.rapid7.com/v1/noformat/YOUR-LOG-TOKEN', credential: null, pace: [10, 1000],
		json: `{ version: 'v1', event_type: 'VIRUS_ALERT', time: new Date($json.lastSeenAt ?? $json.createdAt ?? Date.now()).toISOString(), source_address: $json.hostIp ?? $json.host ?? 'unknown', alert_title: $json.name ?? 'Alert', custom_data: { cynet_id: $json.dedupKey, severity: $json.severity, host: $json.host, user: $json.user, path: $json.path, sha256: $json.sha256, site: $json.clientId, description: $json.description } }`,
	});
	return deliver(flow.chain('Cynet Trigger', 'Send to InsightIDR'), 'Send to InsightIDR', { target: 'InsightIDR', column: 1 });
}

export function elasticsearch(): Flow {
	const flow = new Flow('Cynet: Elasticsearch');
	flow.note(note('Cynet alerts to Elasticsearch', 'Creates a document of the Elastic Common Schema for each alert. Its id is the alert\'s key, so that Elasticsearch refuses it a second time.', [
		'**Convert**: choose your *Cynet API* credential here as well.',
		'**Send to Elasticsearch**: choose your *Elasticsearch API* credential, and enter the address of your cluster and the index or data stream.',
	], 'once'));
	cynetTrigger(flow);
	convert(flow, [1, 0], 'ecs');
	request(flow, 'Send to Elasticsearch', [2, 0], {
		method: 'PUT', url: `=https://YOUR-CLUSTER:9200/logs-cynet.alert-default/_create/{{ encodeURIComponent(${TRIGGERED}.dedupKey) }}`, credential: { type: 'elasticsearchApi', name: 'Elasticsearch' }, pace: [20, 500], retry: true,
		json: bare(),
	});
	return deliver(flow.chain('Cynet Trigger', 'Convert', 'Send to Elasticsearch'), 'Send to Elasticsearch', { target: 'Elasticsearch', column: 2, knowsKey: true, what: '$json.event.id' });
}
