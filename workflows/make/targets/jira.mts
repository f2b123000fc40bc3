import { EMPTY } from '../delivery.mts';
import { Flow } from '../flow.mts';
import { KEY, LIFE, LIVES, overItsLife, sendStep } from '../life.mts';
import { convert, cynetTrigger, request } from '../nodes.mts';
import { note } from '../texts.mts';

/** Code over a key: its label, which has no spaces. */
export const labelOf = (key: string): string => `${key}.replace(/[^\\w.]+/g, '-').slice(-200)`;

/** Jira Cloud: a request can carry the mark as a property of the issue, which people do not see. */
export function jiraLifecycle(): Flow {
	const flow = new Flow('Cynet: Jira, lifecycle');
	flow.note(
		...note({
			title: 'Cynet alerts as Jira issues that live',
			does: `Opens an issue for each alert, with a priority by its severity. ${LIVES}`,
			fillIn: [
				'in **Look It Up** the address of your Jira; there and in **Send to Jira** a *Jira SW Cloud API* credential; at the top of **What To Do** the key of the project and the name of the type of issue.',
				'If an issue cannot be moved to done or back, the failure says what to fill in there.',
			],
			twice:
				'the issue has a label made of the key, and keeps in a hidden property what was sent last',
			target: 'Jira',
		}),
	);
	cynetTrigger(flow, LIFE);
	convert(flow, 'text');
	request(
		flow,
		'Look It Up',
		{
			url: 'https://YOUR-COMPANY.atlassian.net/rest/api/2/search/jql',
			credential: 'jiraSoftwareCloudApi',
			// A clone has the label, too: the oldest is the one that was opened for the alert.
			json: `JSON.stringify({ jql: 'labels = "' + ${labelOf(KEY('$json'))} + '" ORDER BY created ASC', maxResults: 1, fields: ['labels', 'status'], properties: ['cynet'], expand: 'transitions' })`,
		},
		[2, 0],
	);
	sendStep(flow, 'Send to Jira', {
		url: "={{ $('Look It Up').params.url.replace(/search\\/jql$/, 'issue') + $json.to }}",
		credential: 'jiraSoftwareCloudApi',
		answers: 'any',
	});
	return overItsLife(flow, {
		target: 'Jira',
		send: 'Send to Jira',
		top: TOP,
		ticket:
			'!Array.isArray(answers[0]?.issues) ? undefined : answers[0].issues.length === 0 ? null : answers[0].issues.find((issue) => issue.key && issue.fields?.labels?.includes(labelOf(key)))',
		isDone: 'isDoneIn(ticket.fields.status)',
		mark: 'ticket.properties?.cynet?.told',
		steps: {
			open: "({ method: 'POST', to: '', body: { fields: { project: { key: project }, issuetype: { name: issueType }, summary: alert.title, description: asItIs(alert.text), labels: ['cynet', labelOf(key)], ...priorityOf(alert.severity) }, properties: properties(mark) } })",
			comment:
				"({ method: 'PUT', to: `/${ticket.key}`, body: { update: { comment: [{ add: { body: text } }] }, properties: properties(mark) } })",
			reopen: 'move(ticket, false, text, mark)',
			resolve: 'move(ticket, true, text, mark)',
			remember: "({ method: 'PUT', to: `/${ticket.key}/properties/cynet`, body: { told: mark } })",
		},
		// What changes an issue is answered by nothing at all.
		taken: `step === 'open' ? typeof answer.key === 'string' && typeof answer.self === 'string' : ${EMPTY}`,
	});
}

const TOP = [
	'// Fill in: the key of the project, and the name of the type of issue.',
	"const project = 'YOUR-PROJECT';",
	"const issueType = 'Task';",
	'// The ids of priorities. {} if the type of issue has none.',
	"const priorities = { Critical: '1', High: '2', Medium: '3', Low: '4', Information: '5', Unknown: '3' };",
	'// If a failure asks for it: the name of the transition or status by which an issue is resolved or reopened,',
	"// and fields that its screen demands, such as { resolution: { name: 'Done' } }.",
	"const [resolveBy, resolveFields] = ['', {}];",
	"const [reopenBy, reopenFields] = ['', {}];",
	'',
	`const labelOf = (key) => ${labelOf('key')};`,
	'const priorityOf = (severity) => { const id = priorities[severity] ?? priorities.Unknown; return id ? { priority: { id } } : {}; };',
	"const properties = (mark) => [{ key: 'cynet', value: { told: mark } }];",
	'// Jira reads a description as markup, and shows this as it is. What would end it is broken up.',
	"const asItIs = (text) => '{noformat}\\n' + text.replaceAll('{noformat', '{ noformat') + '\\n{noformat}';",
	'// Names and ids of statuses differ by project, their categories do not.',
	"const isDoneIn = (status) => (typeof status?.statusCategory?.key === 'string' ? status.statusCategory.key === 'done' : undefined);",
	'const move = (issue, toDone, text, mark) => {',
	"  const [by, fields, setting] = toDone ? [resolveBy, resolveFields, 'resolveBy'] : [reopenBy, reopenFields, 'reopenBy'];",
	'  const all = (issue.transitions ?? []).filter(({ id }) => id);',
	'  const isNamed = ({ name, to }) => [name, to?.name].some((one) => String(one).trim().toLowerCase() === by.trim().toLowerCase());',
	'  const usual = toDone ? /^(resolve|done|close|complete|fixed)/i : /^(re-?open|to do|open|new|backlog)/i;',
	'  const isUsual = ({ name, to }) => usual.test(name) || usual.test(to?.name);',
	'  const fit = by ? all.filter(isNamed) : all.filter(({ to }) => isDoneIn(to) === toDone);',
	'  const way = fit.find(isUsual) ?? fit[0];',
	"  const names = all.map(({ name }) => `\"${name}\"`).join(', ') || 'nothing';",
	'  // "Rejected" says something else than "Done".',
	'  if (!way || (toDone && !by && fit.length > 1 && !fit.some(isUsual)))',
	"    throw new Error(`${issue.key} has to be ${toDone ? 'resolved' : 'reopened'}, and from \"${issue.fields.status.name}\" this user can move it by ${names}. Put one of them into ${setting} at the top of What To Do, or give Jira's workflow another transition`);",
	'  // A transition without a screen takes no comment.',
	'  const comment = way.hasScreen === true ? { update: { comment: [{ add: { body: text } }] } } : {};',
	"  return { method: 'POST', to: `/${issue.key}/transitions`, body: { transition: { id: way.id }, fields, ...comment, properties: properties(mark) } };",
	'};',
];
