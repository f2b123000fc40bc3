import { basic, demand, isText, type Contract } from './contract.mts';

interface Issue {
	readonly key: string;
	readonly fields: { readonly labels: readonly string[] };
}

const error = (errors: Record<string, string>) => ({ status: 400, body: { errorMessages: [], errors } });
const SUMMARY = 255;
const DESCRIPTION = 32_767;

/** Takes the same issue any number of times. */
export const jira: Contract = {
	target: 'Jira',
	source: 'Jira Cloud REST API v3',
	refusal: { status: 401, body: 'Client must be authenticated to access this resource.' },
	isAllowed: ({ headers }) => headers.authorization === basic('soc@example.com', 'jira-token'),
	routes: {
		'POST /rest/api/3/search/jql': (call, { more }) => {
			const { jql, maxResults = 50 } = call.json<{ jql: string; maxResults?: number }>();
			const label = /^labels = "([^"]+)"$/.exec(jql)?.[1];
			demand(label, { status: 400, body: { errorMessages: [`Error in the JQL Query: ${jql}`], errors: {} } });
			const issues = [...more.values() as Iterable<Issue>].filter(({ fields }) => fields.labels.includes(label)).slice(0, maxResults);
			return { status: 200, body: { issues, isLast: true } };
		},
		'POST /rest/api/3/issue': (call, kept) => {
			const { fields } = call.json<{ fields: { project?: { key?: string }; issuetype?: { name?: string }; summary?: string; description?: { type?: string; version?: number; content?: unknown }; labels?: string[] } }>();
			demand(isText(fields?.project?.key), error({ project: 'project is required' }));
			demand(isText(fields.issuetype?.name), error({ issuetype: 'Specify an issue type' }));
			demand(isText(fields.summary, SUMMARY) && !/[\r\n]/.test(fields.summary), error({ summary: `Summary must be less than ${SUMMARY} characters, in one line` }));
			demand(fields.description?.type === 'doc' && fields.description.version === 1, error({ description: 'Operation value must be an Atlassian Document' }));
			demand(JSON.stringify(fields.description.content).length <= DESCRIPTION, error({ description: 'CONTENT_LIMIT_EXCEEDED' }));
			demand((fields.labels ?? []).every((label) => !/\s/.test(label)), error({ labels: 'The label contains spaces' }));
			const key = `SOC-${kept.more.size + 1}`;
			kept.more.set(key, { key, fields });
			kept.take((fields.labels?.find((label) => label.startsWith('cynet-')) ?? '').replaceAll('-', ':'));
			return { status: 201, body: { id: String(10_000 + kept.more.size), key, self: `https://example.invalid/rest/api/3/issue/${key}` } };
		},
	},
	failure: (status) => (status === 429
		? { status, body: { errorMessages: ['Rate limit exceeded.'] }, headers: { 'retry-after': '5' } }
		: { status, body: { errorMessages: ['Internal server error'] } }),
};
