import { basic, demand, isText, type Contract } from './contract.mts';

interface Issue {
	readonly key: string;
	readonly fields: { readonly labels: readonly string[] };
}

const error = (errors: Record<string, string>) => ({
	status: 400,
	body: { errorMessages: [], errors },
});
const adfOf = (text: string): string =>
	JSON.stringify({
		type: 'doc',
		version: 1,
		content: [{ type: 'codeBlock', content: [{ type: 'text', text }] }],
	});
const SUMMARY = 255;
const DESCRIPTION = 32_767;

/** Takes the same issue any number of times. */
export const jira: Contract = {
	target: 'Jira',
	source: 'Jira Cloud REST API v2, as the node of n8n uses it',
	refusal: { status: 401, body: 'Client must be authenticated to access this resource.' },
	isAllowed: ({ headers }) => headers.authorization === basic('soc@example.com', 'jira-token'),
	routes: {
		'POST /rest/api/2/search/jql': (call, { more }) => {
			const { jql, maxResults = 50 } = call.json<{ jql: string; maxResults?: number }>();
			const label = /^labels = "([^"]+)"$/.exec(jql)?.[1];
			demand(label, {
				status: 400,
				body: { errorMessages: [`Error in the JQL Query: ${jql}`], errors: {} },
			});
			const issues = [...(more.values() as Iterable<Issue>)]
				.filter(({ fields }) => fields.labels.includes(label))
				.slice(0, maxResults);
			return { status: 200, body: { issues, isLast: true } };
		},
		'GET /rest/api/2/issuetype': () => ({
			status: 200,
			body: [{ id: '10001', name: 'Task', subtask: false }],
		}),
		'POST /rest/api/2/issue': (call, kept) => {
			const { fields } = call.json<{
				fields: {
					project?: { id?: string };
					issuetype?: { id?: string };
					priority?: { id?: string };
					summary?: string;
					description?: string;
					labels?: string[];
				};
			}>();
			demand(isText(fields?.project?.id), error({ project: 'project is required' }));
			demand(isText(fields.issuetype?.id), error({ issuetype: 'Specify an issue type' }));
			demand(
				isText(fields.summary, SUMMARY) && !/[\r\n]/.test(fields.summary),
				error({ summary: `Summary must be less than ${SUMMARY} characters, in one line` }),
			);
			demand(
				['1', '2', '3', '4', '5'].includes(fields.priority?.id ?? ''),
				error({ priority: 'The priority selected is invalid' }),
			);
			// As ADF a line is a node of its own, and a text is JSON.
			demand(
				adfOf(fields.description ?? '').length <= DESCRIPTION,
				error({ description: 'CONTENT_LIMIT_EXCEEDED' }),
			);
			demand(
				/^\{noformat\}\n[^]*\n\{noformat\}$/.test(fields.description ?? '') &&
					!/\{noformat|\r/.test((fields.description ?? '').slice(10, -10)),
				error({ description: 'a test: what an alert says is markup here' }),
			);
			demand(
				(fields.labels ?? []).every((label) => !/\s/.test(label)),
				error({ labels: 'The label contains spaces' }),
			);
			const key = `SOC-${kept.more.size + 1}`;
			kept.more.set(key, { key, fields });
			kept.take(
				(fields.labels?.find((label) => label.startsWith('cynet-')) ?? '').replaceAll('-', ':'),
			);
			return {
				status: 201,
				body: {
					id: String(10_000 + kept.more.size),
					key,
					self: `https://example.invalid/rest/api/3/issue/${key}`,
				},
			};
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
