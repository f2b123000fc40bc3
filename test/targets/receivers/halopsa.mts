import { demand, isText, type Call, type Contract, type Kept } from './contract.mts';

interface Ticket extends Record<string, unknown> {
	readonly id: number;
	readonly summary: string;
	readonly details: string;
	readonly status_id: number;
}

/** What the instance has: clients, types, statuses and priorities are rows of its own. */
const CLIENTS = [1, 12, 34];
const TYPES = [1, 29];
const OPEN = 1;
const STATUSES = [OPEN, 2, 9];
const PRIORITIES = [1, 2, 3, 4];
const SUMMARY = 255;

const error = (field: string, message: string) => ({
	status: 400,
	body: { [`[0].${field}`]: [message] },
});

const isOne = (value: unknown, known: readonly number[]): boolean =>
	value === undefined || known.includes(Number(value));

function list({ query }: Call, { more }: Kept) {
	const wanted = query.get('search')?.toLowerCase();
	// Whatever holds the text anywhere, newest first, closed ones too; a filter that it does not know is ignored.
	const found = [...(more.values() as Iterable<Ticket>)]
		.filter(
			({ id, summary, details }) =>
				wanted === undefined || `${id} ${summary} ${details}`.toLowerCase().includes(wanted),
		)
		.reverse();
	return {
		status: 200,
		body: {
			record_count: found.length,
			tickets: found.slice(0, Number(query.get('count') ?? 50)),
		},
	};
}

function save(call: Call, kept: Kept) {
	const tickets = call.json<Array<Record<string, unknown>>>();
	// One ticket alone is not read at all.
	demand(Array.isArray(tickets) && tickets.length > 0, {
		status: 400,
		body: { '': ['A non-empty request body is required.'] },
	});
	demand(!call.text.includes('\\u0000'), error('details', 'invalid character'));
	let saved: Ticket | undefined;
	for (const ticket of tickets) {
		const known = kept.more.get(String(ticket.id)) as Ticket | undefined;
		demand(ticket.id === undefined || known, error('id', 'There is no ticket with this ID'));
		demand(
			(known && ticket.summary === undefined) || isText(ticket.summary, SUMMARY),
			error('summary', `The summary has 1 to ${SUMMARY} characters`),
		);
		demand(
			!/[\r\n]/.test(String(ticket.summary ?? '')),
			error('summary', 'a test: more than one line'),
		);
		demand(
			known || TYPES.includes(Number(ticket.tickettype_id)),
			error('tickettype_id', 'Please select a ticket type'),
		);
		// The real one takes it, and the ticket is nobody's.
		demand(
			known || CLIENTS.includes(Number(ticket.client_id)),
			error('client_id', 'a test: a ticket of no client'),
		);
		demand(isOne(ticket.client_id, CLIENTS), error('client_id', 'unknown client'));
		demand(isOne(ticket.status_id, STATUSES), error('status_id', 'unknown status'));
		demand(isOne(ticket.priority_id, PRIORITIES), error('priority_id', 'unknown priority'));
		// Details may be shown as HTML.
		demand(!/<[a-z/!]/i.test(String(ticket.details ?? '')), error('details', 'a test: markup'));
		const id = known?.id ?? 1000 + kept.more.size;
		saved = {
			status_id: OPEN,
			details: '',
			...known,
			...ticket,
			id,
		} as Ticket;
		kept.more.set(String(id), saved);
		if (!known) kept.take(/\[(cynet:[^\]]+)\]/.exec(saved.summary)?.[1] ?? '');
	}
	return { status: 201, body: saved };
}

/** Takes the same ticket any number of times. With an `id` in it, a ticket is changed. */
export const halopsa: Contract = {
	target: 'HaloPSA',
	source:
		'the OpenAPI document of the Halo API (/Tickets, Faults, Faults_List) as in covenanttechnologysolutions/halopsa-rest on GitHub; token and use as the node of n8n and KelvinTegelaar/CIPP-API; the length of a summary as in asachs01/msp-claude-plugins',
	refusal: { status: 401, body: { error: 'invalid_client' } },
	isAllowed: ({ path, text, headers }) => {
		if (path !== '/auth/token') return headers.authorization === 'Bearer halo-token';
		const form = new URLSearchParams(text);
		return (
			form.get('grant_type') === 'client_credentials' &&
			form.get('client_id') === 'halo-app' &&
			form.get('client_secret') === 'halo-secret' &&
			isText(form.get('scope'))
		);
	},
	lacksToken: ({ headers }) => headers.authorization === 'Bearer undefined',
	routes: {
		'POST /auth/token': () => ({
			status: 200,
			body: { access_token: 'halo-token', token_type: 'Bearer', expires_in: 3600 },
		}),
		'GET /api/tickets': list,
		'POST /api/tickets': save,
	},
	failure: (status) =>
		status === 429
			? {
					status,
					body: { error: 'rate_limit_exceeded', message: 'Too many requests.' },
					headers: { 'retry-after': '5' },
				}
			: { status, body: { error: 'An error has occurred.' } },
};
