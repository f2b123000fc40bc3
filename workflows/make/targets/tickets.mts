import { lookUpFirst, notTaken } from '../delivery.mts';
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
import { bySeverity, note } from '../texts.mts';
import { labelOf } from './jira.mts';
import { correlationIdOf } from './servicenow.mts';

/** Targets that open something for an alert, and must open it once. */

/**
 * Between a look-up and the creation after it another execution with the same alert could create
 * it, too. So no alert may be in two executions:
 * what a kill cut off is run again by `retry-failed-deliveries`.
 */
const ONCE = { parameters: HIGH_AND_CRITICAL, replay: false };
const LOOK_UP = { more: { ...GOES_ON, alwaysOutputData: true } };
const LOOKED_UP =
	'each alert is looked up first; what cannot be looked up fails, and a retry creates it. In **Create It** `$json.original` has all fields of the alert, such as `$json.original.host`';

export function jira(): Flow {
	const flow = new Flow('Cynet: Jira');
	flow.note(
		...note({
			title: 'Cynet alerts as Jira issues',
			does: 'Opens an issue for each alert, with a priority by its severity. A label made of its key tells whether there is one already. *Cynet: Jira, lifecycle* also comments, reopens and resolves it; in n8n 1 take that one, for the Jira node of n8n 1 stops at the first issue that is refused.',
			fillIn: [
				'in **Look It Up** and **Create It** a *Jira* credential; in **Create It** the project and the type of issue, from the lists. If the type has no priority, take *Priority* away.',
			],
			twice: LOOKED_UP,
			target: 'Jira',
		}),
	);
	cynetTrigger(flow, ONCE);
	convert(flow, 'text');
	flow.node(
		'Look It Up',
		'jira',
		1,
		{
			jiraVersion: 'cloud',
			resource: 'issue',
			operation: 'getAll',
			limit: 1,
			options: { jql: `=labels = "{{ ${labelOf('$json.dedupKey')} }}"`, fields: 'labels' },
		},
		{ at: [2, 0], ...LOOK_UP },
	);
	flow.node(
		'Create It',
		'jira',
		1,
		{
			jiraVersion: 'cloud',
			resource: 'issue',
			operation: 'create',
			project: { __rl: true, mode: 'list', value: '' },
			issueType: { __rl: true, mode: 'list', value: '' },
			summary: '={{ $json.title }}',
			additionalFields: {
				// Jira reads a description as markup, and shows this as it is. What would end it is broken up.
				description:
					"={{ '{noformat}\\n' + $json.text.replaceAll('{noformat', '{ noformat') + '\\n{noformat}' }}",
				labels: `={{ ['cynet', ${labelOf('$json.dedupKey')}] }}`,
				priority: {
					__rl: true,
					mode: 'id',
					value: `={{ ${bySeverity({ Critical: '1', High: '2', Medium: '3', Low: '4', Information: '5' }, '3')} }}`,
				},
			},
		},
		{ at: [4, 0], more: GOES_ON },
	);
	return lookUpFirst(flow, {
		target: 'Jira',
		isIt: `found.fields?.labels?.includes(${labelOf('alert.dedupKey')}) === true`,
		taken: "typeof answer.key === 'string' && typeof answer.self === 'string'",
	});
}

export function servicenow(): Flow {
	const flow = new Flow('Cynet: ServiceNow');
	flow.note(
		...note({
			title: 'Cynet alerts as ServiceNow incidents',
			does: "Opens an incident for each alert, with urgency and impact by its severity. Its correlation ID is the alert's key, which tells whether there is one already. *Cynet: ServiceNow, lifecycle* also comments, reopens and resolves it.",
			fillIn: [
				'in **Look It Up** and **Create It** a *ServiceNow* credential, *Basic Auth* or *OAuth2* (under *Authentication*).',
			],
			twice: LOOKED_UP,
			target: 'ServiceNow',
		}),
	);
	cynetTrigger(flow, ONCE);
	convert(flow, 'text');
	flow.node(
		'Look It Up',
		'serviceNow',
		1,
		{
			authentication: 'basicAuth',
			resource: 'tableRecord',
			operation: 'getAll',
			tableName: 'incident',
			limit: 1,
			options: {
				sysparm_query: `=correlation_id={{ ${correlationIdOf('$json.dedupKey')} }}`,
				sysparm_fields: 'number,correlation_id',
			},
		},
		{ at: [2, 0], ...LOOK_UP },
	);
	const fields = {
		short_description: '={{ $json.title }}',
		description:
			"={{ $json.text.length > 3900 ? $json.text.slice(0, 3900).replace(/[\\uD800-\\uDBFF]$/, '') + '… [cut]' : $json.text }}",
		urgency: `={{ ${bySeverity({ Critical: '1', High: '1', Medium: '2' }, '3')} }}`,
		impact: `={{ ${bySeverity({ Critical: '1', High: '2' }, '3')} }}`,
		correlation_id: `={{ ${correlationIdOf('$json.dedupKey')} }}`,
		correlation_display: 'Cynet',
	};
	flow.node(
		'Create It',
		'serviceNow',
		1,
		{
			authentication: 'basicAuth',
			resource: 'tableRecord',
			operation: 'create',
			tableName: 'incident',
			dataToSend: 'columns',
			fieldsToSend: { field: Object.entries(fields).map(([column, value]) => ({ column, value })) },
		},
		{ at: [4, 0], more: GOES_ON },
	);
	return lookUpFirst(flow, {
		target: 'ServiceNow',
		isIt: `found.correlation_id === ${correlationIdOf('alert.dedupKey')}`,
		taken: "typeof answer.sys_id === 'string' && typeof answer.correlation_id === 'string'",
	});
}

export function thehive(): Flow {
	const flow = new Flow('Cynet: TheHive');
	flow.note(
		...note({
			title: 'Cynet alerts in TheHive 5',
			does: 'Creates an alert for each alert, with its host, addresses, domain, URL and hash as observables. TheHive knows it by type, source and source reference.',
			fillIn: ['in **Look It Up** and **Create It** a *TheHive 5 API* credential.'],
			twice: LOOKED_UP,
			target: 'TheHive',
		}),
	);
	cynetTrigger(flow, ONCE);
	convert(flow, 'markdown');
	const ref = (alert: string): string => `${alert}.dedupKey.slice(-120)`;
	flow.node(
		'Look It Up',
		'theHiveProject',
		1,
		{
			resource: 'alert',
			operation: 'search',
			limit: 1,
			filters: {
				values: [{ field: 'sourceRef', operator: '_eq', value: `={{ ${ref('$json')} }}` }],
			},
			sort: {},
			options: {},
		},
		{ at: [2, 0], ...LOOK_UP },
	);
	const observables = `[['hostname', original.host], ['ip', original.hostIp], ['ip', original.ip], ['domain', original.domain], ['url', original.url], ['hash', original.sha256]]`;
	const fields = {
		title: '={{ $json.title }}',
		description: '={{ $json.markdown }}',
		type: 'edr',
		source: 'cynet',
		sourceRef: `={{ ${ref('$json')} }}`,
		severity: `={{ ${bySeverity({ Critical: 4, High: 3, Medium: 2, Low: 1, Information: 1 }, 2)} }}`,
		date: '={{ $json.date }}',
		tags: 'cynet',
		observables: '={{ $json.observables }}',
	};
	const kinds: Readonly<Record<string, string>> = {
		severity: 'number',
		date: 'dateTime',
		tags: 'string',
		observables: 'array',
	};
	flow.node(
		'Create It',
		'theHiveProject',
		1,
		{
			resource: 'alert',
			operation: 'create',
			alertFields: {
				mappingMode: 'defineBelow',
				matchingColumns: [],
				value: fields,
				schema: Object.keys(fields).map((id) => ({
					id,
					displayName: id,
					required: ['title', 'description', 'type', 'source', 'sourceRef'].includes(id),
					defaultMatch: false,
					display: true,
					type: kinds[id] ?? 'string',
					removed: false,
				})),
			},
			observableUi: {},
		},
		{ at: [4, 0], more: GOES_ON },
	);
	return lookUpFirst(flow, {
		target: 'TheHive',
		isIt: `found.sourceRef === ${ref('alert')}`,
		taken: "typeof answer._id === 'string' && typeof answer.sourceRef === 'string'",
		more: `date: original.lastSeenAt ?? original.createdAt ?? new Date().toISOString(), observables: ${observables}.filter(([, data]) => data).map(([dataType, data]) => ({ dataType, data: String(data).replace(/[\\0-\\x1f]/g, ' ').slice(0, 4000) })), `,
	});
}

export function dfirIris(): Flow {
	const flow = new Flow('Cynet: DFIR-IRIS');
	flow.note(
		...note({
			title: 'Cynet alerts in DFIR-IRIS',
			does: "Adds an alert for each alert, with its addresses, domain, URL and hash as IOCs. Its source reference is the alert's key, which tells whether there is one already.",
			fillIn: [
				'in **Look It Up** the address of your IRIS, and there and in **Create It** a *DFIR-IRIS API* credential.',
				'**Create It** has the ids of a fresh IRIS for customer, status, severities, TLP and types of IOC: compare them with `/manage/severities/list` and so on.',
			],
			twice: LOOKED_UP,
			target: 'IRIS',
		}),
	);
	cynetTrigger(flow, ONCE);
	convert(flow, 'text');
	request(
		flow,
		'Look It Up',
		{
			method: 'GET',
			url: 'https://YOUR-IRIS/alerts/filter',
			credential: 'dfirIrisApi',
			query: { source_reference: '={{ $json.dedupKey }}', sort: 'asc', per_page: '100' },
		},
		[2, 0],
	);
	const iocs =
		"[['ip-any', 76, original.hostIp], ['ip-any', 76, original.ip], ['domain', 20, original.domain], ['url', 141, original.url], ['sha256', 113, original.sha256]]";
	request(
		flow,
		'Create It',
		{
			url: "={{ $('Look It Up').params.url.replace(/\\/filter$/, '/add') }}",
			credential: 'dfirIrisApi',
			json: `JSON.stringify({ alert_title: $json.title, alert_description: $json.text, alert_source: 'Cynet 360', alert_source_ref: $json.dedupKey, alert_source_event_time: $json.at, alert_severity_id: ${bySeverity({ Information: 2, Low: 3, Medium: 4, High: 5, Critical: 6 }, 1)}, alert_status_id: 2, alert_customer_id: 1, alert_tags: 'cynet,edr', alert_iocs: $json.iocs })`,
		},
		[4, 0],
	);
	return lookUpFirst(flow, {
		target: 'IRIS',
		// IRIS may look for the key anywhere in the reference: 62 would also find 621. Those are
		// younger, and come after it.
		isIt: "found.status === 'success' && found.data?.alerts?.some((one) => one.alert_source_ref === alert.dedupKey) === true",
		isNot: "found.status === 'success' && Array.isArray(found.data?.alerts)",
		taken: "answer.status === 'success' && Number.isInteger(answer.data?.alert_id)",
		more: `at: (original.lastSeenAt ?? original.createdAt ?? new Date().toISOString()).slice(0, 19), iocs: ${iocs}.filter(([, , value]) => value).map(([, ioc_type_id, value]) => ({ ioc_value: String(value).replace(/[\\0-\\x1f]/g, ' ').slice(0, 4000), ioc_type_id, ioc_tlp_id: 2, ioc_description: '', ioc_tags: 'cynet' })), `,
	});
}

export function pagerduty(): Flow {
	const flow = new Flow('Cynet: PagerDuty');
	flow.note(
		...note({
			title: 'Cynet alerts to PagerDuty',
			does: 'Triggers an event (Events API v2) for each alert; a recurrence joins it, an alert that is closed or ignored in Cynet resolves it. PagerDuty knows it by its `dedup_key`.',
			fillIn: [
				'in **Send to PagerDuty** a credential *Custom Auth* with the JSON `{ "body": { "routing_key": "YOUR-INTEGRATION-KEY" } }`. In the EU service region change the host to `events.eu.pagerduty.com`.',
			],
			twice: 'PagerDuty leaves alone what it has',
			target: 'PagerDuty',
		}),
	);
	cynetTrigger(flow, {
		parameters: { ...HIGH_AND_CRITICAL, events: ['created', 'recurred', 'updated'] },
	});
	convert(flow, 'text');
	settings(flow, {});
	const life = `(${TRIGGERED}.event === 'updated' && ['Closed', 'Ignored'].includes(${TRIGGERED}.status) ? 'resolve' : 'trigger')`;
	request(
		flow,
		'Send to PagerDuty',
		{
			url: 'https://events.pagerduty.com/v2/enqueue',
			credential: 'httpCustomAuth',
			pace: [10, 1000],
			json: `JSON.stringify({ event_action: ${life}, dedup_key: ('cynet:' + ${TRIGGERED}.clientId + ':' + (${TRIGGERED}.id ?? $json.dedupKey)).slice(0, 255), payload: { summary: $json.title, source: (${TRIGGERED}.host ?? '').trim() || 'Cynet 360', severity: ${bySeverity({ Critical: 'critical', High: 'error', Medium: 'warning', Low: 'info', Information: 'info' }, 'warning')}, timestamp: ${TRIGGERED}.lastSeenAt ?? ${TRIGGERED}.createdAt ?? undefined, component: 'endpoint', class: ${TRIGGERED}.type ?? 'alert', custom_details: { text: $json.text } } })`,
		},
		[3, 0],
	);
	notTaken(flow, {
		target: 'PagerDuty',
		send: 'Send to PagerDuty',
		taken: "answer.status === 'success' && typeof answer.dedup_key === 'string'",
		at: [4, 0],
	});
	return flow.chain('Cynet Trigger', 'Convert', 'Settings', 'Send to PagerDuty');
}
