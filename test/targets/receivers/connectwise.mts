import { basic, demand, isText, type Call, type Contract, type Kept } from './contract.mts';

interface Ticket extends Record<string, unknown> {
	readonly id: number;
	readonly externalXRef?: string;
}
interface Reference {
	readonly id?: number;
	readonly identifier?: string;
	readonly name?: string;
}

const API = '/v4_6_release/apis/3.0';
const COMPANIES = ['Acme', 'Globex', 'CatchAll'];
const BOARDS = ['Security'];
const CLOSED = '>Closed';
const STATUSES = ['New', CLOSED];
const LEVELS = ['Low', 'Medium', 'High'];
const SUMMARY = 100;
const REFERENCE = 100;
const PAGE = 1000;

const refuse = (field: string, message: string, code = 'InvalidField', resource = 'ticket') => ({
	status: 400,
	body: {
		code: 'InvalidObject',
		message: `${resource} object is invalid`,
		errors: [{ code, message, resource, field }],
	},
});
const NOT_FOUND = {
	status: 404,
	body: { code: 'NotFound', message: 'Ticket not found', errors: null },
};

function find({ query }: Call, { more }: Kept) {
	const conditions = query.get('conditions');
	const [, operator, value] =
		/^externalXRef (=|contains) "([^"\\]+)"$/.exec(conditions ?? '') ?? [];
	const wanted = value?.toLowerCase();
	demand(conditions === null || wanted !== undefined, {
		status: 400,
		body: { code: 'InvalidArgument', message: `Condition ${conditions} is invalid`, errors: null },
	});
	const size = Number(query.get('pageSize') ?? 25);
	demand(size >= 1 && size <= PAGE, refuse('pageSize', `pageSize is 1 to ${PAGE}`));
	// Without a condition everything is found; with one, letters count the same in either case.
	const found = [...(more.values() as Iterable<Ticket>)].filter(({ externalXRef }) => {
		const has = String(externalXRef).toLowerCase();
		return wanted === undefined || (operator === '=' ? has === wanted : has.includes(wanted));
	});
	return { status: 200, body: found.slice(0, size) };
}

function create(call: Call, kept: Kept) {
	const ticket = call.json<
		Record<string, unknown> & {
			summary?: string;
			company?: Reference;
			board?: Reference;
			status?: Reference;
		}
	>();
	demand(!Array.isArray(ticket), refuse('ticket', 'an object is expected'));
	demand(
		isText(ticket.summary, SUMMARY) && !/[\r\n]/.test(ticket.summary),
		refuse('summary', `The summary has 1 to ${SUMMARY} characters`),
	);
	demand(ticket.company, refuse('company', 'company is required', 'MissingRequiredField'));
	demand(
		COMPANIES.includes(ticket.company.identifier ?? ''),
		refuse('company/identifier', 'Company not found', 'NotFound'),
	);
	demand(
		BOARDS.includes(ticket.board?.name ?? ''),
		refuse('board/name', 'Board not found', 'NotFound'),
	);
	demand(
		ticket.status === undefined || STATUSES.includes(ticket.status.name ?? ''),
		refuse('status/name', 'Status not found', 'NotFound'),
	);
	for (const [field, fits] of Object.entries(FITS))
		demand(fits(ticket[field]), refuse(field, 'does not fit'));
	const { initialDescription, ...rest } = ticket;
	demand(harmless(initialDescription), refuse('initialDescription', 'a test: NUL or markup'));
	const id = 5000 + kept.more.size;
	const { name = 'New' } = ticket.status ?? {};
	const shown = { ...rest, id, status: { name }, closedFlag: name === CLOSED };
	kept.more.set(String(id), shown);
	kept.take(String(ticket.externalXRef).split(';')[0]!);
	// The description is in no answer.
	return { status: 201, body: shown };
}

/** Text of a ticket is shown as Markdown or HTML. */
const harmless = (text: unknown): boolean =>
	isText(text) && !text.includes('\0') && !/<[a-z/!]/i.test(text);

/** Fields that a ticket is opened and changed with. */
const FITS: Readonly<Record<string, (value: unknown) => boolean>> = {
	severity: (value) => LEVELS.includes(String(value)),
	impact: (value) => LEVELS.includes(String(value)),
	externalXRef: (value) => isText(value, REFERENCE),
};

function patch(call: Call, { more }: Kept) {
	const ticket = more.get(call.params.id!) as Ticket | undefined;
	demand(ticket, NOT_FOUND);
	const changes = call.json<Array<{ op?: string; path?: string; value?: unknown }>>();
	demand(Array.isArray(changes) && changes.length > 0, refuse('ticket', 'an array of operations'));
	let changed: Ticket = ticket;
	for (const { op, path = '', value } of changes) {
		demand(op === 'replace', refuse(path, 'a test: an operation that is not needed'));
		if (path === 'status') {
			const { name = '' } = value as Reference;
			demand(STATUSES.includes(name), refuse('status/name', 'Status not found', 'NotFound'));
			changed = { ...changed, status: { name }, closedFlag: name === CLOSED };
		} else {
			demand(FITS[path]?.(value) === true, refuse(path, 'does not fit'));
			changed = { ...changed, [path]: value };
		}
	}
	more.set(call.params.id!, changed);
	return { status: 200, body: changed };
}

/** Takes the same ticket any number of times. */
export const connectwise: Contract = {
	target: 'ConnectWise PSA',
	source:
		'the published OpenAPI document of ConnectWise PSA as HealthITAU/pyconnectwise has it (lengths, enumerations, notes); keys, PATCH and refusals as in christaylorcodes/ConnectWiseManageAPI and its issue 30; conditions as in asachs01/msp-claude-plugins, all on GitHub',
	refusal: {
		status: 401,
		body: { code: 'Unauthorized', message: 'Cannot route. Codebase/company is invalid.' },
	},
	isAllowed: ({ headers }) =>
		headers.authorization === basic('acme+cw-public', 'cw-private') &&
		headers.clientid === 'cw-client-id',
	routes: {
		[`GET ${API}/service/tickets`]: find,
		[`POST ${API}/service/tickets`]: create,
		[`PATCH ${API}/service/tickets/{id}`]: patch,
	},
	failure: (status) =>
		status === 429
			? {
					status,
					body: { code: 'RateLimitExceeded', message: 'Rate limit exceeded.' },
					headers: { 'retry-after': '5' },
				}
			: { status, body: { code: 'InternalError', message: 'An error occurred.', errors: null } },
};
