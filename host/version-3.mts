import type { Rest } from './rest.mts';

interface Rule {
	readonly ruleId: string;
	readonly ruleTitle: string;
	readonly affectedWorkflows: ReadonlyArray<{ readonly name: string }>;
}

/** Whether that n8n has a report on version 3; 1.x has none. */
export const hasReport = (version: string): boolean => Number(version.split('.')[0]) >= 2;

/** What n8n's report on version 3 says of the workflows that this n8n has: the name of each, and what goes. */
export async function findingsOf(rest: Rest): Promise<string[]> {
	const { report } = await rest.request<{ report: { workflowResults: Rule[] } }>(
		'POST',
		'/breaking-changes/report/refresh?version=v3',
	);
	const rules = await Promise.all(
		report.workflowResults.map(
			async ({ ruleId }) => await rest.request<Rule>('GET', `/breaking-changes/report/${ruleId}`),
		),
	);
	return rules.flatMap(({ ruleTitle, affectedWorkflows }) =>
		affectedWorkflows.map(({ name }) => `${name}: ${ruleTitle}`),
	);
}
