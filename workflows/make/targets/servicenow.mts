import { Flow } from '../flow.mts';
import { KEY, LIFE, LIVES, overItsLife, sendStep } from '../life.mts';
import { convert, cynetTrigger, request } from '../nodes.mts';
import { note } from '../texts.mts';

/** Code over a key. In a query of ServiceNow's "^" begins another condition. */
export const correlationIdOf = (key: string): string => `${key}.replaceAll('^', '-').slice(-100)`;
const FIELDS = 'sys_id,number,state,correlation_id,correlation_display';

/** ServiceNow: state, note and mark are fields of one record, and change in one request. */
export function servicenowLifecycle(): Flow {
	const flow = new Flow('Cynet: ServiceNow, lifecycle');
	flow.note(
		...note({
			title: 'Cynet alerts as ServiceNow incidents that live',
			does: `Opens an incident for each alert, with urgency and impact by its severity. ${LIVES} One that ServiceNow has closed for good is not reopened: a new one is opened.`,
			fillIn: [
				'in **Look It Up** the address of your instance; there and in **Send to ServiceNow** a *ServiceNow* credential, *Basic Auth* or *OAuth2* (under *Credential Type*). At the top of **What To Do** stand the states and the resolution code: compare them with yours.',
			],
			twice:
				'*Correlation ID* is the key of the alert, and *Correlation display* keeps what was sent last',
			target: 'ServiceNow',
		}),
	);
	cynetTrigger(flow, LIFE);
	convert(flow, 'text');
	request(
		flow,
		'Look It Up',
		{
			method: 'GET',
			url: 'https://YOUR-INSTANCE.service-now.com/api/now/table/incident',
			credential: 'serviceNowBasicApi',
			query: {
				sysparm_query: `={{ 'correlation_id=' + ${correlationIdOf(KEY('$json'))} + '^ORDERBYDESCsys_created_on' }}`,
				sysparm_limit: '1',
				sysparm_fields: FIELDS,
			},
		},
		[2, 0],
	);
	sendStep(flow, 'Send to ServiceNow', {
		url: "={{ $('Look It Up').params.url + $json.to }}",
		credential: 'serviceNowBasicApi',
		query: { sysparm_fields: FIELDS },
	});
	const change = (fields: string): string =>
		`({ method: 'PATCH', to: \`/\${ticket.sys_id}\`, body: { ${fields}correlation_display: mark } })`;
	return overItsLife(flow, {
		target: 'ServiceNow',
		send: 'Send to ServiceNow',
		top: TOP,
		ticket:
			'!Array.isArray(answers[0]?.result) ? undefined : answers[0].result.length === 0 ? null : answers[0].result.find((one) => one.sys_id && one.correlation_id === idOf(key))',
		isDone:
			'ticket.state ? [resolved, ...closedForGood].includes(String(ticket.state)) : undefined',
		mark: 'ticket.correlation_display',
		steps: {
			open: 'open(key, alert, mark)',
			comment: change('work_notes: text, '),
			reopen: `closedForGood.includes(String(ticket.state)) ? open(key, alert, mark, text) : ${change('state: reopened, work_notes: text, ')}`,
			resolve: change(
				'state: resolved, close_code: closeCode, close_notes: text, work_notes: text, ',
			),
			remember: `closedForGood.includes(String(ticket.state)) ? null : ${change('')}`,
		},
		// A field that a rule or a missing right keeps as it was is no error to ServiceNow.
		taken:
			"typeof answer.result?.sys_id !== 'string' ? false : ['state', 'correlation_id', 'correlation_display'].flatMap((field) => field in sent.body && String(answer.result[field]) !== sent.body[field] ? `${answer.result.number} took the change, but its ${field} is \"${answer.result[field]}\", not \"${sent.body[field]}\": a business rule or a missing right keeps it` : [])[0] ?? true",
	});
}

const TOP = [
	'// Compare with your instance: states of an incident, and what ServiceNow calls "Resolution code".',
	"// Older releases have 'Solved (Permanently)', newer ones 'Solution provided' or 'Resolved by request'.",
	"const closeCode = 'Solution provided';",
	"const [resolved, reopened] = ['6', '2'];",
	'// Closed and Canceled: such an incident is not opened again.',
	"const closedForGood = ['7', '8'];",
	"const urgencies = { Critical: '1', High: '1', Medium: '2' };",
	"const impacts = { Critical: '1', High: '2' };",
	'',
	`const idOf = (key) => ${correlationIdOf('key')};`,
	"const cut = (text) => (text.length > 3900 ? text.slice(0, 3900).replace(/[\\uD800-\\uDBFF]$/, '') + '… [cut]' : text);",
	'const open = (key, alert, mark, text) => ({',
	"  method: 'POST',",
	"  to: '',",
	'  body: {',
	'    short_description: alert.title,',
	'    description: cut(alert.text),',
	"    urgency: urgencies[alert.severity] ?? '3',",
	"    impact: impacts[alert.severity] ?? '3',",
	'    correlation_id: idOf(key),',
	'    correlation_display: mark,',
	'    ...(text ? { work_notes: text } : {}),',
	'  },',
	'});',
];
