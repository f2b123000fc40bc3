import { ALERT, deliver, lookUpFirst } from '../delivery.mts';
import { Flow } from '../flow.mts';
import { TRIGGERED, convert, cynetTrigger, request, settings } from '../nodes.mts';
import { bySeverity, lines, note, title } from '../texts.mts';

/** Targets that open something for an alert, and must open it once. */

/**
 * Between a look-up and the creation after it another execution with the same alert could create it, too. So no alert may be in two executions:
 * what a kill cut off is run again by `redeliver-after-crash`, what was waiting or had not begun by n8n itself.
 */
const ONE_AT_A_TIME = { replayAfterRestart: false };

export function jira(): Flow {
	const flow = new Flow('Cynet: Jira');
	flow.note(note('Cynet alerts as Jira issues', 'Opens an issue for each alert. A label made of the alert\'s key tells whether there is one already.', [
		'**Look It Up** and **Create It**: choose your *Jira SW Cloud API* credential.',
		'**Settings**: enter your Jira\'s address, the key of the project and the type of issue.',
	], 'lookUp'));
	cynetTrigger(flow, ONE_AT_A_TIME);
	settings(flow, [1, 0], { 'settings.jiraUrl': 'https://YOUR-DOMAIN.atlassian.net', 'settings.project': 'SOC', 'settings.issueType': 'Task' });
	const credential = { type: 'jiraSoftwareCloudApi', name: 'Jira' };
	const label = `${ALERT}.dedupKey.replaceAll(':', '-')`;
	lookUpFirst(flow, {
		target: 'Jira', column: 2,
		lookUp: {
			url: `={{ ${ALERT}.settings.jiraUrl }}/rest/api/3/search/jql`, credential,
			json: `{ jql: 'labels = "' + ${label} + '"', maxResults: 1, fields: ['labels'] }`,
		},
		isThere: `$json.issues.some((issue) => issue.fields.labels.includes(${label}))`,
		create: {
			url: `={{ ${ALERT}.settings.jiraUrl }}/rest/api/3/issue`, credential,
			json: `{ fields: { project: { key: ${ALERT}.settings.project }, issuetype: { name: ${ALERT}.settings.issueType }, summary: ${title(ALERT)}.replace(/\\s+/g, ' ').slice(0, 250), labels: ['cynet', ${label}], description: { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: (${lines(ALERT)}).slice(0, 30000) }] }] } } }`,
		},
	});
	return flow.chain('Cynet Trigger', 'Settings', 'Each Alert');
}

export function servicenow(): Flow {
	const flow = new Flow('Cynet: ServiceNow');
	flow.note(note('Cynet alerts as ServiceNow incidents', 'Opens an incident for each alert. Its correlation ID is the alert\'s key, which tells whether there is one already.', [
		'**Look It Up** and **Create It**: choose your *ServiceNow Basic Auth API* credential.',
		'**Settings**: enter the address of your instance.',
	], 'lookUp'));
	cynetTrigger(flow, ONE_AT_A_TIME);
	settings(flow, [1, 0], { 'settings.instanceUrl': 'https://YOUR-INSTANCE.service-now.com' });
	const credential = { type: 'serviceNowBasicApi', name: 'ServiceNow' };
	const headers = { Accept: 'application/json' };
	lookUpFirst(flow, {
		target: 'ServiceNow', column: 2,
		lookUp: {
			method: 'GET', url: `={{ ${ALERT}.settings.instanceUrl }}/api/now/table/incident`, credential, headers,
			query: { sysparm_query: `=correlation_id={{ ${ALERT}.dedupKey }}`, sysparm_fields: 'number,correlation_id', sysparm_limit: '1' },
		},
		isThere: `$json.result.some((incident) => incident.correlation_id === ${ALERT}.dedupKey)`,
		create: {
			url: `={{ ${ALERT}.settings.instanceUrl }}/api/now/table/incident`, credential, headers,
			json: `{ short_description: ${title(ALERT)}.slice(0, 160), description: (${lines(ALERT)}).slice(0, 4000), urgency: ${bySeverity(['2', '3', '3', '2', '1', '1'], ALERT)}, impact: '2', correlation_id: ${ALERT}.dedupKey, correlation_display: 'Cynet' }`,
		},
	});
	return flow.chain('Cynet Trigger', 'Settings', 'Each Alert');
}

export function dfirIris(): Flow {
	const flow = new Flow('Cynet: DFIR-IRIS');
	flow.note(note('Cynet alerts in DFIR-IRIS', 'Adds an alert for each alert. Its source reference is the alert\'s key, which tells whether there is one already.', [
		'**Look It Up** and **Create It**: choose your *DFIR-IRIS API* credential.',
		'**Settings**: enter the address of your IRIS and the id of the customer. The ids of severities and of the status *New* are those of a fresh IRIS: compare them with `/manage/severities/list` and `/manage/alert-status/list`.',
	], 'lookUp'));
	cynetTrigger(flow, ONE_AT_A_TIME);
	settings(flow, [1, 0], {
		'settings.irisUrl': 'https://YOUR-IRIS',
		'settings.customerId': 1,
		'settings.newStatusId': 2,
		'settings.severityIds': { object: '{ "unknown": 1, "1": 2, "2": 3, "3": 4, "4": 5, "5": 6 }' },
	});
	const credential = { type: 'dfirIrisApi', name: 'DFIR-IRIS' };
	lookUpFirst(flow, {
		target: 'DFIR-IRIS', column: 2,
		lookUp: {
			method: 'GET', url: `={{ ${ALERT}.settings.irisUrl }}/alerts/filter`, credential,
			query: { source_reference: `={{ ${ALERT}.dedupKey }}`, sort: 'asc', per_page: '100' },
		},
		// IRIS may look for the key anywhere in the reference: 62 would also find 621. Those are younger, and come after it.
		isThere: `$json.data.alerts.some((alert) => alert.alert_source_ref === ${ALERT}.dedupKey)`,
		create: {
			url: `={{ ${ALERT}.settings.irisUrl }}/alerts/add`, credential,
			json: `{ alert_title: ${title(ALERT)}, alert_description: ${lines(ALERT)}, alert_source: 'Cynet 360', alert_source_ref: ${ALERT}.dedupKey, alert_source_event_time: (${ALERT}.lastSeenAt ?? ${ALERT}.createdAt ?? new Date().toISOString()).slice(0, 19), alert_severity_id: ${ALERT}.settings.severityIds[${ALERT}.severityLevel ?? 'unknown'], alert_status_id: ${ALERT}.settings.newStatusId, alert_customer_id: ${ALERT}.settings.customerId, alert_tags: 'cynet,edr', alert_source_content: { dedupKey: ${ALERT}.dedupKey, host: ${ALERT}.host, user: ${ALERT}.user, path: ${ALERT}.path, sha256: ${ALERT}.sha256, details: ${ALERT}.details } }`,
		},
	});
	return flow.chain('Cynet Trigger', 'Settings', 'Each Alert');
}

export function pagerduty(): Flow {
	const flow = new Flow('Cynet: PagerDuty');
	flow.note(note('Cynet alerts to PagerDuty', 'Triggers an event (Events API v2) for each alert. PagerDuty knows it by `dedup_key`.', [
		'**Send to PagerDuty**: create a credential *Custom Auth* with the JSON `{ "body": { "routing_key": "YOUR-INTEGRATION-KEY" } }` and choose it.',
		'In the EU service region change the host in **Send to PagerDuty** to `events.eu.pagerduty.com`.',
	], 'once'));
	cynetTrigger(flow);
	request(flow, 'Send to PagerDuty', [1, 0], {
		url: 'https://events.pagerduty.com/v2/enqueue', credential: { type: 'httpCustomAuth', name: 'PagerDuty' }, pace: [10, 1000], retry: true,
		json: `{ event_action: 'trigger', dedup_key: $json.dedupKey, payload: { summary: ${title()}.slice(0, 1024), source: $json.host ?? 'Cynet 360', severity: ${bySeverity(['warning', 'info', 'info', 'warning', 'error', 'critical'])}, timestamp: $json.lastSeenAt ?? $json.createdAt, component: 'endpoint', class: $json.type, custom_details: { host: $json.host, ip: $json.hostIp, user: $json.user, path: $json.path, commandLine: $json.commandLine, sha256: $json.sha256, site: $json.clientId, description: ($json.description ?? '').slice(0, 10000), recommendation: $json.recommendation } } }`,
	});
	return deliver(flow.chain('Cynet Trigger', 'Send to PagerDuty'), 'Send to PagerDuty', { target: 'PagerDuty', column: 1 });
}

export function thehive(): Flow {
	const flow = new Flow('Cynet: TheHive');
	flow.note(note('Cynet alerts in TheHive 5', 'Creates an alert for each alert. TheHive knows it by type, source and source reference.', [
		'**Convert**: choose your *Cynet API* credential here as well.',
		'**Send to TheHive**: choose your *TheHive 5 API* credential, and enter the address of your TheHive.',
	], 'once'));
	cynetTrigger(flow);
	convert(flow, [1, 0], 'markdown');
	request(flow, 'Send to TheHive', [2, 0], {
		url: 'https://YOUR-THEHIVE/api/v1/alert', credential: { type: 'theHiveProjectApi', name: 'TheHive' }, pace: [10, 1000], retry: true,
		json: `{ type: 'edr', source: 'cynet-' + ${TRIGGERED}.clientId, sourceRef: $json.dedupKey, title: $json.title, description: $json.markdown, severity: ${bySeverity([2, 1, 1, 2, 3, 4], TRIGGERED)}, date: Date.parse(${TRIGGERED}.lastSeenAt ?? ${TRIGGERED}.createdAt ?? new Date().toISOString()), tags: ['cynet'], observables: [['hash', ${TRIGGERED}.sha256], ['hostname', ${TRIGGERED}.host], ['ip', ${TRIGGERED}.hostIp]].filter((pair) => pair[1]).map((pair) => ({ dataType: pair[0], data: pair[1] })) }`,
	});
	return deliver(flow.chain('Cynet Trigger', 'Convert', 'Send to TheHive'), 'Send to TheHive', { target: 'TheHive', column: 2, knowsKey: true });
}
