import { ORIGINAL } from '../delivery.mts';
import { Flow } from '../flow.mts';
import { KEY, LIFE, overItsLife, sendStep } from '../life.mts';
import { GOES_ON, convert, cynetTrigger, request } from '../nodes.mts';
import { note } from '../texts.mts';

/**
 * The ticketing systems of MSPs. Each ticket belongs to the company of its site, and lives: each
 * request carries the mark in a field that the look-up gives back.
 */

const LIVES =
	'Seen again, one that is done is reopened; closed or ignored in Cynet, it is resolved; what else happens is told in its description.';

/** Code over a key, for what can stand in a search, a condition and a title. A key is seldom longer. */
const short = (key: string): string => `${key}.replace(/[^\\w.:-]+/g, '-').slice(-46)`;

/** The same as it ends in a title: without the bracket, a short id is in the titles of all that are longer. */
const inTitle = (key: string): string => `${short(key)} + ']'`;

/** The company of each site, in the shape that `mssp-by-site` has, too. */
const companies = (one: unknown, two: unknown, others: unknown): string[] => [
	'// Fill in: the company of each site, by its Client ID, and the company for all other sites.',
	`const sites = { "1001": { "company": ${JSON.stringify(one)} }, "1002": { "company": ${JSON.stringify(two)} } };`,
	`const otherwise = { "company": ${JSON.stringify(others)} };`,
];

const FUNCTIONS = [
	'',
	'const companyOf = (alert) => {',
	`  const { clientId } = ${ORIGINAL} ?? {};`,
	'  return (Object.hasOwn(sites, clientId) ? sites[clientId] : otherwise).company;',
	'};',
	'const bySeverity = (values, alert) => values[alert.severity] ?? values.Unknown;',
	`const shortOf = (key) => ${short('key')};`,
	"const cut = (text, most, mark = '… [cut]') => (text.length <= most ? text : text.slice(0, most - mark.length).replace(/[\\uD800-\\uDBFF]$/, '') + mark);",
	'// It may be shown as HTML or Markdown: signs that look like them for angle brackets, and no links.',
	"const plain = (text) => text.replace(/</g, '‹').replace(/>/g, '›').replace(/\\](?=[([:])/g, '] ');",
];

/** The alert as it is now, what happened to it above, the mark in the last line. */
const describing = (most: number): string[] => [
	`const describe = ({ alert, text, mark }) => cut([text, plain(alert.text)].filter(Boolean).join('\\n\\n'), ${most} - mark.length - 2) + '\\n\\n' + mark;`,
	'// An alert may hold what looks like a mark. Ours is the last one.',
	"const lastMark = (text) => String(text ?? '').slice(String(text ?? '').lastIndexOf('Cynet seen:'));",
	'const titleOf = ({ alert, key }) => `${plain(alert.title)} [${shortOf(key)}]`;',
];

/** The most tickets that a look-up gives. */
const PAGE = 100;

/** Of tickets that were found the oldest that has the key; a full page may lack it. */
const oldest = (areTickets: string, tickets: string, isIt: string): string =>
	`${areTickets} && ${tickets}.length < ${PAGE} ? (${tickets}.filter((ticket) => ${isIt}).sort((a, b) => a.id - b.id)[0] ?? null) : undefined`;

const TWICE = 'each ticket keeps what was sent last, and a repeat changes nothing';

/** The most requests of an API for MSPs: two at a time, with a second between them. */
const PACE = { pace: [2, 1000] } as const;

export function halopsa(): Flow {
	const flow = new Flow('Cynet: HaloPSA');
	flow.note(
		...note({
			title: 'Cynet alerts as HaloPSA tickets, each for its customer',
			does: `Opens a ticket for each alert, for the customer of its site. ${LIVES}`,
			fillIn: [
				'from an application in HaloPSA (*Configuration → Integrations → HaloPSA API*; *Client ID and Secret*) a *HaloPSA API* credential in **Look It Up** and an *OAuth2 API* one in **Send to HaloPSA** (*Client Credentials*, scope `all`, *Body*; access token URL `…/auth/token`, with `?tenant=…` if Halo hosts it); there your address, too.',
				"At the top of **What To Do** the customers of the sites and the ids of ticket type, statuses and priorities. n8n's node HaloPSA lists customers (*Client: Get Many*); the others are at `/api/TicketType`, `/api/Status` and `/api/Priority`.",
			],
			twice: TWICE,
			target: 'HaloPSA',
		}),
	);
	cynetTrigger(flow, LIFE);
	convert(flow, 'text');
	// n8n's own node finds tickets. It can set neither the client of one nor its status.
	flow.node(
		'Look It Up',
		'haloPSA',
		1,
		{
			resource: 'ticket',
			operation: 'getAll',
			returnAll: false,
			limit: PAGE,
			simplify: false,
			filters: { search: `={{ ${inTitle(KEY('$json'))} }}` },
		},
		{ at: [2, 0], more: { ...GOES_ON, alwaysOutputData: true } },
	);
	sendStep(flow, 'Send to HaloPSA', {
		url: 'https://YOUR-HALO/api/tickets',
		credential: 'oAuth2Api',
		...PACE,
	});
	const ticket = (fields: string): string =>
		`({ method: 'POST', to: '', body: [{ ${fields}, details: describe({ alert, text, mark }) }] })`;
	return overItsLife(flow, {
		target: 'HaloPSA',
		send: 'Send to HaloPSA',
		top: [
			...companies(12, 34, 1),
			'// The ids of the type of ticket, and of priorities.',
			'const ticketType = 1;',
			'const priorities = { Critical: 1, High: 2, Medium: 3, Low: 4, Information: 4, Unknown: 3 };',
			'// The ids of the statuses that a ticket is reopened and resolved with, and of all that count as done.',
			'const [reopened, resolved] = [2, 9];',
			'const done = [resolved];',
			...FUNCTIONS,
			'const areTickets = (answers) => {',
			"  // Where n8n's node got no token, it gives back what it was given.",
			"  if (answers.some(({ dedupKey }) => dedupKey)) throw new Error('HaloPSA gave no token. Check the HaloPSA API credential of Look It Up, if this goes on');",
			"  return answers.every(({ id, summary }) => Number.isInteger(id) && typeof summary === 'string');",
			'};',
			...describing(30_000),
		],
		ticket: oldest(
			'areTickets(answers)',
			'answers',
			'ticket.summary.includes(`[${shortOf(key)}]`)',
		),
		isDone: 'Number.isInteger(ticket.status_id) ? done.includes(ticket.status_id) : undefined',
		mark: 'lastMark(ticket.details)',
		steps: {
			open: ticket(
				'tickettype_id: ticketType, client_id: companyOf(alert), priority_id: bySeverity(priorities, alert), summary: titleOf({ alert, key })',
			),
			comment: ticket('id: ticket.id'),
			reopen: ticket('id: ticket.id, status_id: reopened'),
			resolve: ticket('id: ticket.id, status_id: resolved'),
			remember: ticket('id: ticket.id'),
		},
		taken: "Number.isInteger(answer.id) && typeof answer.summary === 'string'",
	});
}

export function connectwisePsa(): Flow {
	const flow = new Flow('Cynet: ConnectWise PSA');
	flow.note(
		...note({
			title: 'Cynet alerts as ConnectWise PSA tickets, each for its company',
			does: 'Opens a service ticket for each alert, for the company of its site. Seen again, a closed one is reopened; closed or ignored in Cynet, it is closed; a new severity is set.',
			fillIn: [
				'in **Look It Up** your address and your *clientId* (from developer.connectwise.com/ClientID); there and in **Send to ConnectWise** a *Basic Auth* credential: user `company+publicKey`, password the private key, from *System → Members → API Members*.',
				'At the top of **What To Do** the companies of the sites, by the *Company ID* on the page of each, and the board and its statuses, by their names in *System → Setup Tables → Service Board*.',
			],
			twice: TWICE,
			target: 'ConnectWise',
		}),
	);
	cynetTrigger(flow, LIFE);
	convert(flow, 'text');
	request(
		flow,
		'Look It Up',
		{
			method: 'GET',
			url: 'https://YOUR-CONNECTWISE/v4_6_release/apis/3.0/service/tickets',
			credential: 'httpBasicAuth',
			headers: { clientId: 'YOUR-CLIENT-ID' },
			query: {
				conditions: `={{ 'externalXRef contains "' + ${short(KEY('$json'))} + ';"' }}`,
				pageSize: String(PAGE),
			},
			pace: [5, 1000],
		},
		[2, 0],
		{ alwaysOutputData: true },
	);
	sendStep(flow, 'Send to ConnectWise', {
		url: "={{ $('Look It Up').params.url + $json.to }}",
		credential: 'httpBasicAuth',
		headers: { clientId: "={{ $('Look It Up').params.headerParameters.parameters[0].value }}" },
		...PACE,
	});
	const patch = (status: string): string =>
		`({ method: 'PATCH', to: \`/\${ticket.id}\`, body: replace({ ${status}externalXRef: reference({ key, mark }), ...levelsOf(alert) }) })`;
	return overItsLife(flow, {
		target: 'ConnectWise',
		send: 'Send to ConnectWise',
		top: [
			...companies('CUSTOMER-ONE', 'CUSTOMER-TWO', 'ALL-OTHERS'),
			'// The name of the board, and of its statuses that a ticket is opened or reopened, and closed with.',
			"const board = 'YOUR-BOARD';",
			"const [opened, closed] = ['New', '>Closed'];",
			...FUNCTIONS,
			"const levelsOf = (alert) => ({ severity: bySeverity({ Critical: 'High', High: 'High', Medium: 'Medium', Low: 'Low', Information: 'Low', Unknown: 'Medium' }, alert), impact: bySeverity({ Critical: 'High', High: 'Medium', Medium: 'Medium', Low: 'Low', Information: 'Low', Unknown: 'Medium' }, alert) });",
			"const replace = (fields) => Object.entries(fields).map(([path, value]) => ({ op: 'replace', path, value }));",
			'// A reference has room for 100 characters: for the key, and for the mark in short.',
			"const reference = ({ key, mark }) => [`${shortOf(key)};`, ...mark.match(/\\d+/g).slice(0, 3).map((time) => Number(time).toString(36)), ...mark.split(' ').at(-1).split('/').map((word) => word.slice(0, 12))].join(' ');",
			'const markIn = (reference) => reference.replace(/^.*; (\\w+) (\\w+) (\\w+) (\\S+) (\\S+)$/, (_, ...parts) => {',
			'  const [seen, changed, closed] = parts.map((time) => parseInt(time, 36));',
			'  return `Cynet seen:${seen} changed:${changed} closed:${closed} ${parts[3]}/${parts[4]}`;',
			'});',
		],
		ticket: oldest(
			"answers.every(({ id, externalXRef }) => Number.isInteger(id) && typeof externalXRef === 'string')",
			'answers',
			'ticket.externalXRef.startsWith(`${shortOf(key)};`)',
		),
		isDone: "typeof ticket.closedFlag === 'boolean' ? ticket.closedFlag : undefined",
		mark: 'markIn(ticket.externalXRef)',
		steps: {
			open: "({ method: 'POST', to: '', body: { summary: cut(plain(alert.title), 100, '…'), company: { identifier: companyOf(alert) }, board: { name: board }, status: { name: opened }, ...levelsOf(alert), initialDescription: plain(alert.text), externalXRef: reference({ key, mark }) } })",
			comment: patch(''),
			reopen: patch('status: { name: opened }, '),
			resolve: patch('status: { name: closed }, '),
			remember: patch(''),
		},
		taken: "Number.isInteger(answer.id) && typeof answer.summary === 'string'",
	});
}

export function autotaskPsa(): Flow {
	const flow = new Flow('Cynet: Autotask PSA');
	flow.note(
		...note({
			title: 'Cynet alerts as Autotask PSA tickets, each for its company',
			does: `Opens a ticket for each alert, for the company of its site. ${LIVES}`,
			fillIn: [
				'in **Look It Up** the address of your zone; there and in **Send to Autotask** a credential *Custom Auth* with the JSON `{ "headers": { "ApiIntegrationCode": "…", "UserName": "…", "Secret": "…" } }` of an API user (*Admin → Resources/Users*).',
				'At the top of **What To Do** the companies of the sites, by the id in the address of the page of each, and the ids of queue, statuses and priorities: `/ATServicesRest/V1.0/Tickets/entityInformation/fields` lists them.',
			],
			twice: TWICE,
			target: 'Autotask',
		}),
	);
	cynetTrigger(flow, LIFE);
	convert(flow, 'text');
	// It may forget the external ID of a ticket; the title stays.
	const items = `[{ op: 'eq', field: 'externalID', value: ${short(KEY('$json'))} }, { op: 'contains', field: 'title', value: ${inTitle(KEY('$json'))} }]`;
	request(
		flow,
		'Look It Up',
		{
			url: 'https://YOUR-ZONE.autotask.net/ATServicesRest/V1.0/Tickets/query',
			credential: 'httpCustomAuth',
			json: `JSON.stringify({ MaxRecords: ${PAGE}, filter: [{ op: 'or', items: ${items} }] })`,
			pace: [2, 1000],
		},
		[2, 0],
	);
	sendStep(flow, 'Send to Autotask', {
		url: "={{ $('Look It Up').params.url.replace(/\\/query$/, '') }}",
		credential: 'httpCustomAuth',
		...PACE,
	});
	const ticket = (method: string, fields: string): string =>
		`({ method: '${method}', to: '', body: { ${fields}, description: describe({ alert, text, mark }) } })`;
	return overItsLife(flow, {
		target: 'Autotask',
		send: 'Send to Autotask',
		top: [
			...companies(301, 302, 0),
			'// The ids of the queue, and of priorities.',
			'const queue = 0;',
			'const priorities = { Critical: 4, High: 1, Medium: 2, Low: 3, Information: 3, Unknown: 2 };',
			'// The ids of the statuses that a ticket is opened or reopened, and completed with, and of all that count as done.',
			'const [opened, completed] = [1, 5];',
			'const done = [completed];',
			...FUNCTIONS,
			...describing(8000),
		],
		ticket: oldest(
			'Array.isArray(answers[0]?.items)',
			'answers[0].items',
			'ticket.externalID === shortOf(key) || String(ticket.title).includes(`[${shortOf(key)}]`)',
		),
		isDone: 'Number.isInteger(ticket.status) ? done.includes(ticket.status) : undefined',
		mark: 'lastMark(ticket.description)',
		steps: {
			open: ticket(
				'POST',
				'companyID: companyOf(alert), queueID: queue, status: opened, priority: bySeverity(priorities, alert), title: titleOf({ alert, key }), externalID: shortOf(key)',
			),
			comment: ticket('PATCH', 'id: ticket.id'),
			reopen: ticket('PATCH', 'id: ticket.id, status: opened'),
			resolve: ticket('PATCH', 'id: ticket.id, status: completed, resolution: text'),
			remember: ticket('PATCH', 'id: ticket.id'),
		},
		taken: 'Number.isInteger(answer.itemId)',
	});
}
