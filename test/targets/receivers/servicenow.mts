import { basic, demand, isText, type Contract, type Kept } from './contract.mts';

export interface Incident {
	readonly sys_id: string;
	readonly number: string;
	state: string;
	correlation_id: string;
	correlation_display: string;
	close_code: string;
	close_notes: string;
	/** A journal: what is written is added, and reads as an empty text. */
	readonly notes: string[];
	[column: string]: unknown;
}

/** A business rule: what it gives in place of what a request would write. */
export type Rule = (
	changes: Readonly<Record<string, unknown>>,
	incident: Incident | undefined,
) => Readonly<Record<string, unknown>>;

/** The incidents of a receiver, oldest first. */
export const incidentsOf = ({ more }: Kept): Map<string, Incident> => {
	if (!more.has('incidents')) more.set('incidents', new Map());
	return more.get('incidents') as Map<string, Incident>;
};
/** Puts a business rule before everything that is written. */
export const setRule = ({ more }: Kept, rule: Rule): void => void more.set('rule', rule);
const ruled = (kept: Kept, changes: Readonly<Record<string, unknown>>, incident?: Incident) =>
	(kept.more.get('rule') as Rule | undefined)?.(changes, incident) ?? changes;

const error = (status: number, message: string, detail: string | null = null) => ({
	status,
	body: { error: { message, detail }, status: 'failure' },
});
/** ServiceNow cuts a text at the length of its column, and says nothing. */
const LENGTHS: Readonly<Record<string, number>> = {
	short_description: 160,
	correlation_id: 100,
	correlation_display: 100,
	close_code: 40,
	description: 4000,
	close_notes: 4000,
};
/** Of the columns that ServiceNow writes, in its own order. */
const COLUMNS = [...Object.keys(LENGTHS), 'state', 'urgency', 'impact'];
const CLOSED = ['7', '8'];

/** Columns that are unknown are left out without a word. */
function write(incident: Incident, changes: Readonly<Record<string, unknown>>): void {
	for (const column of COLUMNS)
		if (column in changes)
			incident[column] = String(changes[column]).slice(0, LENGTHS[column] ?? 40);
	if (isText(changes.work_notes)) incident.notes.push(changes.work_notes);
}

function shown(incident: Incident, query: URLSearchParams): Record<string, unknown> {
	const { notes: _, ...all } = incident;
	const columns = query.get('sysparm_fields')?.split(',') ?? Object.keys(all);
	return Object.fromEntries(columns.map((column) => [column, all[column] ?? '']));
}

/** A policy of the data, as an instance comes with it. */
function demandResolution(after: Readonly<Record<string, unknown>>): void {
	if (String(after.state) !== '6') return;
	const missing = { close_code: 'Resolution code', close_notes: 'Resolution notes' };
	for (const [column, label] of Object.entries(missing))
		demand(
			isText(after[column]),
			error(
				403,
				'Operation Failed',
				`Data Policy Exception: The following fields are mandatory: ${label}`,
			),
		);
}

/** Takes the same incident any number of times. */
export const servicenow: Contract = {
	target: 'ServiceNow',
	source: 'ServiceNow Table API',
	refusal: error(401, 'User Not Authenticated'),
	isAllowed: ({ headers }) => headers.authorization === basic('cynet', 'snow-password'),
	routes: {
		'GET /api/now/table/incident': ({ query }, kept) => {
			const id = /^correlation_id=([^^]+)(?:\^ORDERBYDESCsys_created_on)?$/.exec(
				query.get('sysparm_query') ?? '',
			)?.[1];
			// An encoded query that ServiceNow cannot read is ignored, and every incident is found.
			const result = [...incidentsOf(kept).values()]
				.filter(({ correlation_id }) => id === undefined || correlation_id === id)
				.reverse()
				.slice(0, Number(query.get('sysparm_limit') ?? 10_000))
				.map((incident) => shown(incident, query));
			return { status: 200, body: { result } };
		},
		'POST /api/now/table/incident': (call, kept) => {
			const asked = call.json<Record<string, unknown>>();
			demand(isText(asked.short_description, 160), error(400, 'short_description'));
			demand(
				isText(asked.correlation_id, 100) && !asked.correlation_id.includes('^'),
				error(400, 'correlation_id'),
			);
			demand(isText(asked.description, 4000), error(400, 'description'));
			demand(
				['1', '2', '3'].includes(String(asked.urgency)) &&
					['1', '2', '3'].includes(String(asked.impact)),
				error(400, 'urgency, impact'),
			);
			const changes = { state: '1', ...ruled(kept, asked) };
			demandResolution(changes);
			const count = incidentsOf(kept).size;
			const incident: Incident = {
				sys_id: (count + 1).toString(16).padStart(32, 'a'),
				number: `INC${10_000 + count}`,
				state: '1',
				correlation_id: '',
				correlation_display: '',
				close_code: '',
				close_notes: '',
				notes: [],
			};
			write(incident, changes);
			incidentsOf(kept).set(incident.sys_id, incident);
			kept.take(incident.correlation_id);
			return {
				status: 201,
				body: { result: shown(incident, call.query) },
				headers: { location: `/api/now/table/incident/${incident.sys_id}` },
			};
		},
		'PATCH /api/now/table/incident/{id}': (call, kept) => {
			const incident = incidentsOf(kept).get(call.params.id ?? '');
			demand(
				incident,
				error(404, 'No Record found', 'Record doesn’t exist or ACL restricts the record retrieval'),
			);
			const asked = call.json<Record<string, unknown>>();
			// What is closed may be touched by an administrator alone.
			demand(
				!CLOSED.includes(incident.state),
				error(403, 'Operation Failed', 'ACL Exception Update Failed due to security constraints'),
			);
			const changes = ruled(kept, asked, incident);
			demandResolution({ ...incident, ...changes });
			write(incident, changes);
			return { status: 200, body: { result: shown(incident, call.query) } };
		},
	},
	failure: (status) =>
		status === 429
			? { ...error(status, 'Rate limit exceeded'), headers: { 'retry-after': '5' } }
			: error(status, 'Transaction failed'),
};
