import { basic, demand, isText, type Call, type Contract, type Kept } from './contract.mts';

/** A transition of a project's workflow; its id and name are the project's own. */
export interface Transition {
	readonly id: string;
	readonly name: string;
	readonly from: readonly string[];
	readonly to: string;
	/** Fields of its screen, and whether they are demanded; without a screen it takes no field, and no comment. */
	readonly screen?: Readonly<Record<string, 'demanded' | 'optional'>>;
}

/** A project's workflow: the names of statuses to their categories, the first one of a new issue. */
export interface Workflow {
	readonly statuses: Readonly<Record<string, 'new' | 'indeterminate' | 'done'>>;
	readonly transitions: readonly Transition[];
}

export interface Issue {
	readonly key: string;
	readonly fields: Record<string, unknown> & { labels: readonly string[] };
	status: string;
	readonly comments: string[];
	/** The names of the transitions that were made. */
	readonly moves: string[];
	readonly properties: Record<string, unknown>;
}

const ANYWHERE = ['To Do', 'In Progress', 'Done'];
/** Of a team-managed project: each status can follow each, and there are no screens. */
export const SIMPLE: Workflow = {
	statuses: { 'To Do': 'new', 'In Progress': 'indeterminate', Done: 'done' },
	transitions: [
		{ id: '11', name: 'To Do', from: ANYWHERE, to: 'To Do' },
		{ id: '21', name: 'In Progress', from: ANYWHERE, to: 'In Progress' },
		{ id: '31', name: 'Done', from: ANYWHERE, to: 'Done' },
	],
};
/** Of a company-managed project: names of its own, and a screen that demands a resolution. */
export const STERN: Workflow = {
	statuses: { Neu: 'new', 'In Arbeit': 'indeterminate', Gelöst: 'done', Verworfen: 'done' },
	transitions: [
		{ id: '711', name: 'Beginnen', from: ['Neu'], to: 'In Arbeit' },
		{
			id: '721',
			name: 'Lösen',
			from: ['Neu', 'In Arbeit'],
			to: 'Gelöst',
			screen: { resolution: 'demanded' },
		},
		{ id: '731', name: 'Verwerfen', from: ['Neu', 'In Arbeit'], to: 'Verworfen' },
		{
			id: '741',
			name: 'Wieder aufnehmen',
			from: ['Gelöst', 'Verworfen'],
			to: 'In Arbeit',
			screen: { assignee: 'optional' },
		},
	],
};
/** What is done stays done. */
export const NO_WAY_BACK: Workflow = {
	statuses: { Open: 'new', Closed: 'done' },
	transitions: [{ id: '2', name: 'Close', from: ['Open'], to: 'Closed', screen: {} }],
};

/** The issues of a receiver, oldest first. */
export const issuesOf = ({ more }: Kept): Map<string, Issue> => {
	if (!more.has('issues')) more.set('issues', new Map());
	return more.get('issues') as Map<string, Issue>;
};
/** Gives the receiver's project another workflow. */
export const setWorkflow = ({ more }: Kept, workflow: Workflow): void =>
	void more.set('workflow', workflow);
const workflowOf = ({ more }: Kept): Workflow =>
	(more.get('workflow') as Workflow | undefined) ?? SIMPLE;
export const isDone = (kept: Kept, issue: Issue): boolean =>
	workflowOf(kept).statuses[issue.status] === 'done';
/** A person moves an issue. */
export function moveByHand(kept: Kept, issue: Issue, toDone: boolean): void {
	const { statuses } = workflowOf(kept);
	issue.status = Object.keys(statuses).find((name) => (statuses[name] === 'done') === toDone)!;
}

const error = (errors: Record<string, string>) => ({
	status: 400,
	body: { errorMessages: [], errors },
});
const complaint = (status: number, message: string) => ({
	status,
	body: { errorMessages: [message], errors: {} },
});
const adfOf = (text: string): string =>
	JSON.stringify({
		type: 'doc',
		version: 1,
		content: [{ type: 'codeBlock', content: [{ type: 'text', text }] }],
	});
const PROJECT = { id: '10000', key: 'SOC' };
const TASK = { id: '10001', name: 'Task' };
/** By its id, or by what people call it. */
const isNamed = (given: unknown, known: Readonly<Record<string, string>>): boolean => {
	const said = Object.entries(Object(given) as Record<string, unknown>);
	return said.length > 0 && said.every(([field, value]) => known[field] === value);
};
const SUMMARY = 255;
const DESCRIPTION = 32_767;

interface Details {
	readonly fields?: Readonly<Record<string, any>>;
	readonly update?: Readonly<Record<string, ReadonlyArray<{ add?: { body?: unknown } }>>>;
	readonly properties?: ReadonlyArray<{ key?: unknown; value?: unknown }>;
	readonly transition?: { readonly id?: unknown };
}

/** Comments and properties of a request, once all of it was found to be right. */
function detailsOf({ update, properties = [] }: Details): {
	comments: string[];
	properties: Record<string, unknown>;
} {
	const comments = (update?.comment ?? []).map(({ add }) => {
		demand(isText(add?.body, DESCRIPTION), error({ comment: 'Comment body can not be empty!' }));
		// A comment is markup, too, and nothing makes it harmless.
		demand(!/[[\]{}|!<>@]/.test(add.body), error({ comment: 'a test: markup in a comment' }));
		return add.body;
	});
	demand(
		Object.keys(update ?? {}).every((field) => field === 'comment'),
		error({ update: 'a test: only comments are known here' }),
	);
	for (const { key, value } of properties)
		demand(isProperty(key, value), error({ properties: 'invalid' }));
	return {
		comments,
		properties: Object.fromEntries(properties.map(({ key, value }) => [String(key), value])),
	};
}
const isProperty = (key: unknown, value: unknown): boolean =>
	isText(key, 255) && value !== undefined && JSON.stringify(value).length <= 32_768;

function issueOf(call: Call, kept: Kept): Issue {
	const issue = issuesOf(kept).get(call.params.key ?? '');
	demand(issue, complaint(404, 'Issue does not exist or you do not have permission to see it.'));
	return issue;
}

function shown(kept: Kept, issue: Issue, wanted: Readonly<Record<string, unknown>>) {
	const { statuses, transitions } = workflowOf(kept);
	const status = (name: string) => ({
		name,
		statusCategory: { key: statuses[name], name: statuses[name] },
	});
	const fields: Readonly<Record<string, unknown>> = {
		...issue.fields,
		status: status(issue.status),
	};
	const listed = (field: string): string[] => (wanted[field] as string[] | undefined) ?? [];
	return {
		id: `1${issue.key.replace(/\D/g, '')}`,
		key: issue.key,
		fields: Object.fromEntries(listed('fields').map((name) => [name, fields[name]])),
		...(listed('properties').length > 0 && {
			properties: Object.fromEntries(
				listed('properties')
					.filter((name) => name in issue.properties)
					.map((name) => [name, issue.properties[name]]),
			),
		}),
		...(String(wanted.expand ?? '').includes('transitions') && {
			transitions: transitions
				.filter(({ from }) => from.includes(issue.status))
				.map(({ id, name, to, screen }) => ({
					id,
					name,
					to: status(to),
					hasScreen: screen !== undefined,
				})),
		}),
	};
}

/** Takes the same issue any number of times. */
export const jira: Contract = {
	target: 'Jira',
	source: 'Jira Cloud REST API v2: search/jql, issuetype, issue, transitions, properties',
	refusal: { status: 401, body: 'Client must be authenticated to access this resource.' },
	isAllowed: ({ headers }) => headers.authorization === basic('soc@example.com', 'jira-token'),
	routes: {
		'POST /rest/api/2/search/jql': (call, kept) => {
			const wanted = call.json<{ jql: string; maxResults?: number; expand?: unknown }>();
			const label = /^labels = "([^"]+)"(?: ORDER BY created ASC)?$/.exec(wanted.jql)?.[1];
			demand(label, complaint(400, `Error in the JQL Query: ${wanted.jql}`));
			demand(
				wanted.expand === undefined || typeof wanted.expand === 'string',
				complaint(
					400,
					'Invalid request payload. Refer to the REST API documentation and try again.',
				),
			);
			const issues = [...issuesOf(kept).values()]
				.filter(({ fields }) => fields.labels.includes(label))
				.slice(0, wanted.maxResults ?? 50)
				.map((issue) => shown(kept, issue, { ...wanted }));
			return { status: 200, body: { issues, isLast: true } };
		},
		// Asked by n8n's own node before it creates an issue.
		'GET /rest/api/2/issuetype': () => ({
			status: 200,
			body: [{ id: TASK.id, name: TASK.name, subtask: false }],
		}),
		'POST /rest/api/2/issue': (call, kept) => {
			const details = call.json<Details>();
			const { project, issuetype, priority, summary, description, labels } = (details.fields ??
				{}) as Record<string, any>;
			demand(isNamed(project, PROJECT), error({ project: 'valid project is required' }));
			demand(isNamed(issuetype, TASK), error({ issuetype: 'Specify a valid issue type' }));
			demand(
				isText(summary, SUMMARY) && !/[\r\n]/.test(summary),
				error({ summary: `Summary must be less than ${SUMMARY} characters, in one line` }),
			);
			demand(
				['1', '2', '3', '4', '5'].includes(priority?.id ?? ''),
				error({ priority: 'The priority selected is invalid' }),
			);
			// As ADF a line is a node of its own, and a text is JSON.
			demand(
				adfOf(description ?? '').length <= DESCRIPTION,
				error({ description: 'CONTENT_LIMIT_EXCEEDED' }),
			);
			demand(
				/^\{noformat\}\n[^]*\n\{noformat\}$/.test(description ?? '') &&
					!/\{noformat|\r/.test((description ?? '').slice(10, -10)),
				error({ description: 'a test: what an alert says is markup here' }),
			);
			demand(
				Array.isArray(labels) && labels.every((one) => isText(one, 255) && !/\s/.test(one)),
				error({ labels: 'The label contains spaces' }),
			);
			const { comments, properties } = detailsOf(details);
			const key = `SOC-${issuesOf(kept).size + 1}`;
			issuesOf(kept).set(key, {
				key,
				fields: details.fields as Issue['fields'],
				status: Object.keys(workflowOf(kept).statuses)[0]!,
				comments,
				moves: [],
				properties,
			});
			kept.take(
				(labels as string[]).find((one) => one.startsWith('cynet-'))?.replaceAll('-', ':') ?? '',
			);
			return {
				status: 201,
				body: {
					id: String(10_000 + issuesOf(kept).size),
					key,
					self: `https://example.invalid/rest/api/2/issue/${key}`,
				},
			};
		},
		'PUT /rest/api/2/issue/{key}': (call, kept) => {
			const issue = issueOf(call, kept);
			// Where the workflow says so of a status, as many do of what is done.
			demand(
				!isDone(kept, issue),
				complaint(400, 'You cannot edit this issue: its status does not allow it.'),
			);
			const { comments, properties } = detailsOf(call.json<Details>());
			issue.comments.push(...comments);
			Object.assign(issue.properties, properties);
			return { status: 204 };
		},
		'PUT /rest/api/2/issue/{key}/properties/{name}': (call, kept) => {
			const issue = issueOf(call, kept);
			const value = call.json();
			demand(isProperty(call.params.name, value), complaint(400, 'The property is not valid.'));
			const isNew = !((call.params.name ?? '') in issue.properties);
			issue.properties[call.params.name ?? ''] = value;
			return { status: isNew ? 201 : 200 };
		},
		'POST /rest/api/2/issue/{key}/transitions': (call, kept) => {
			const issue = issueOf(call, kept);
			const details = call.json<Details>();
			const way = workflowOf(kept).transitions.find(
				({ id, from }) => id === details.transition?.id && from.includes(issue.status),
			);
			demand(
				way,
				complaint(
					400,
					`It seems that you have tried to perform a workflow operation (${String(details.transition?.id)}) that is not valid for the current state of this issue.`,
				),
			);
			const fields = details.fields ?? {};
			for (const field of [...Object.keys(fields), ...(details.update?.comment ? ['comment'] : [])])
				demand(
					way.screen && (field === 'comment' || field in way.screen),
					error({
						[field]: `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`,
					}),
				);
			for (const [field, need] of Object.entries(way.screen ?? {}))
				demand(need === 'optional' || fields[field], error({ [field]: `${field} is required.` }));
			const { comments, properties } = detailsOf(details);
			issue.status = way.to;
			issue.moves.push(way.name);
			issue.comments.push(...comments);
			Object.assign(issue.properties, properties);
			return { status: 204 };
		},
	},
	failure: (status) =>
		status === 429
			? {
					status,
					body: { errorMessages: ['Rate limit exceeded.'] },
					headers: { 'retry-after': '5' },
				}
			: { status, body: { errorMessages: ['Internal server error'] } },
};
