import { demand, isText, type Call, type Contract, type Kept } from './contract.mts';

interface Ticket extends Record<string, unknown> {
	readonly id: number;
	readonly title: string;
	readonly externalID: string | null;
}
interface Condition {
	readonly op?: string;
	readonly field?: string;
	readonly value?: unknown;
	readonly items?: readonly Condition[];
}

const API = '/ATServicesRest/V1.0';
const COMPANIES = [0, 301, 302];
const QUEUES = [29682833];
const COMPLETE = 5;
const STATUSES = [1, COMPLETE];
const PRIORITIES = [1, 2, 3, 4];
const TITLE = 255;
const DESCRIPTION = 8000;
const EXTERNAL_ID = 50;
const PAGE = 500;

/** What is wrong with a ticket is an error of the server. */
const error = (message: string) => ({ status: 500, body: { errors: [message] } });

const text = (value: unknown): string => (typeof value === 'string' ? value.toLowerCase() : '');

function meets(ticket: Ticket, { op, field, value, items }: Condition): boolean {
	if (op === 'or' || op === 'and') {
		demand(items && items.length > 0, error('A group needs items.'));
		return op === 'or'
			? items.some((one) => meets(ticket, one))
			: items.every((one) => meets(ticket, one));
	}
	demand(
		field === 'externalID' || field === 'title',
		error(`Unable to find ${field} in the Ticket Entity.`),
	);
	demand(isText(value), error('A value is missing.'));
	if (op === 'eq') return text(ticket[field]) === text(value);
	demand(op === 'contains', error(`The operator ${op} is not supported.`));
	return text(ticket[field]).includes(text(value));
}

function find(call: Call, { more }: Kept) {
	const { filter, MaxRecords = PAGE } = call.json<{
		filter?: readonly Condition[];
		MaxRecords?: number;
	}>();
	// A query without a filter is refused, and so is a page that is too long.
	demand(Array.isArray(filter) && filter.length > 0, error('A filter is required.'));
	demand(MaxRecords >= 1 && MaxRecords <= PAGE, error('MaxRecords is between 1 and 500.'));
	const nobody: Ticket = { id: 0, title: '', externalID: null };
	const all = [nobody, ...(more.values() as Iterable<Ticket>)];
	const items = all.filter((ticket) =>
		(filter as Condition[]).map((one) => meets(ticket, one)).every(Boolean),
	);
	return {
		status: 200,
		body: {
			items: items.filter(({ id }) => id > 0).slice(0, MaxRecords),
			pageDetails: {
				count: Math.min(items.length, MaxRecords),
				requestCount: MaxRecords,
				prevPageUrl: null,
				nextPageUrl: null,
			},
		},
	};
}

const among = (value: unknown, known: readonly number[]): boolean =>
	typeof value === 'number' && known.includes(value);

/** It may be shown as HTML. */
const isDescription = (value: unknown): boolean =>
	value === undefined ||
	(isText(value, DESCRIPTION) && !value.includes('\0') && !/<[a-z/!]/i.test(value));

function create(call: Call, kept: Kept) {
	const ticket = call.json();
	demand(
		isText(ticket.title, TITLE) && !/[\r\n]/.test(ticket.title),
		error(`Data violation: title has 1 to ${TITLE} characters.`),
	);
	demand(isDescription(ticket.description), error('Data violation: description.'));
	demand(
		among(ticket.companyID, COMPANIES),
		error(
			`Data violation: Entity reference Not found Company: ${JSON.stringify(ticket.companyID)}`,
		),
	);
	for (const [field, known] of [
		['queueID', QUEUES],
		['status', STATUSES],
		['priority', PRIORITIES],
	] as const)
		demand(
			among(ticket[field], known),
			error(`Picklist value ${JSON.stringify(ticket[field])} for ${field} does not exist.`),
		);
	demand(
		ticket.externalID === undefined || isText(ticket.externalID, EXTERNAL_ID),
		error(`Data violation: externalID has up to ${EXTERNAL_ID} characters.`),
	);
	const id = 128_000 + kept.more.size;
	// It was seen to take a ticket and to forget its external ID.
	const externalID = id % 2 === 0 ? null : (ticket.externalID ?? null);
	kept.more.set(String(id), { ...ticket, externalID, id });
	kept.take(/\[(cynet:[^\]]+)\]/.exec(ticket.title)?.[1] ?? String(ticket.externalID));
	return { status: 200, body: { itemId: id } };
}

function patch(call: Call, { more }: Kept) {
	const change = call.json();
	const ticket = more.get(String(change.id)) as Ticket | undefined;
	demand(ticket, error('No matching records found.'));
	demand(
		change.status === undefined || among(change.status, STATUSES),
		error(`Picklist value ${JSON.stringify(change.status)} for status does not exist.`),
	);
	demand(isDescription(change.description), error('Data violation: description.'));
	// As a category may ask for.
	demand(
		change.status !== COMPLETE || isText(change.resolution),
		error('Data violation: a resolution is required to complete this ticket.'),
	);
	more.set(String(change.id), { ...ticket, ...change });
	return { status: 200, body: { itemId: ticket.id } };
}

/** Takes the same ticket any number of times. What it refuses is an error of the server, with what is wrong in it. */
export const autotask: Contract = {
	target: 'Autotask PSA',
	source:
		"Autotask's developer help (Tickets, query calls, PATCH); the lengths as ecitsolutions/Autotask read them from the API; the answers as in WYRE-AI/msp-claude-plugins issue 32; an external ID that is forgotten in opendns/autotask-php issue 114",
	refusal: { status: 401, body: { errors: ['Unauthorized'] } },
	isAllowed: ({ headers }) =>
		headers.apiintegrationcode === 'autotask-code' &&
		headers.username === 'api@example.com' &&
		headers.secret === 'autotask-secret',
	routes: {
		[`POST ${API}/Tickets/query`]: find,
		[`POST ${API}/Tickets`]: create,
		[`PATCH ${API}/Tickets`]: patch,
	},
	failure: (status) => ({
		status,
		body: { errors: [status === 429 ? 'Rate limit exceeded.' : 'An error occurred.'] },
	}),
	dislike: { status: 500, body: { errors: ['Data violation: refused.'] } },
};
