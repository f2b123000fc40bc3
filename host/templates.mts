import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Workflow } from './rest.mts';

/** The importable workflows of this project, one file a target. */
export const TEMPLATES = fileURLToPath(new URL('../workflows', import.meta.url));

/** The templates' names: their files' without `.json`. */
export async function templateNames(): Promise<string[]> {
	return (await readdir(TEMPLATES))
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.slice(0, -'.json'.length))
		.sort();
}

/** A template just as a user imports it. */
export async function readTemplate(name: string): Promise<Workflow> {
	return JSON.parse(await readFile(`${TEMPLATES}/${name}.json`, 'utf8')) as Workflow;
}

interface Assignment {
	readonly name: string;
	value: unknown;
}

/** The workflow after a user has filled in its node *Settings*. Throws for a field that the node does not have. */
export function withSettings(
	workflow: Workflow,
	values: Readonly<Record<string, unknown>>,
): Workflow {
	const filledIn = structuredClone(workflow);
	const settings = filledIn.nodes.find(({ name }) => name === 'Settings') as
		| { parameters: { assignments: { assignments: Assignment[] } } }
		| undefined;
	for (const [name, value] of Object.entries(values)) {
		const assignment = settings?.parameters.assignments.assignments.find(
			(candidate) => candidate.name === name,
		);
		if (!assignment)
			throw new Error(
				`The template "${workflow.name}" has no field "${name}" in a node "Settings"`,
			);
		assignment.value = value;
	}
	return filledIn;
}

interface Node {
	readonly type: string;
	readonly parameters: Readonly<Record<string, unknown>>;
	credentials?: Record<string, { id: string; name: string }>;
}

/** Which credential n8n's nodes ask for with the authentication that the templates choose. */
const CREDENTIALS: Readonly<Record<string, string>> = {
	'@n8n/n8n-nodes-langchain.lmChatOpenAi': 'openAiApi',
	'n8n-nodes-base.elasticsearch': 'elasticsearchApi',
	'n8n-nodes-base.emailSend': 'smtp',
	'n8n-nodes-base.haloPSA': 'haloPSAApi',
	'n8n-nodes-base.jira': 'jiraSoftwareCloudApi',
	'n8n-nodes-base.n8n': 'n8nApi',
	'n8n-nodes-base.serviceNow': 'serviceNowBasicApi',
	'n8n-nodes-base.slack': 'slackApi',
	'n8n-nodes-base.telegram': 'telegramApi',
	'n8n-nodes-base.theHiveProject': 'theHiveProjectApi',
	'n8n-nodes-cynet.cynet': 'cynetApi',
	'n8n-nodes-cynet.cynetTool': 'cynetApi',
	'n8n-nodes-cynet.cynetTrigger': 'cynetApi',
};

/** The type of credential that a node asks for; undefined if none. */
export function credentialOf({
	type,
	parameters,
}: Pick<Node, 'type' | 'parameters'>): string | undefined {
	if (type === 'n8n-nodes-base.httpRequest')
		return (parameters.nodeCredentialType ?? parameters.genericAuthType) as string | undefined;
	return CREDENTIALS[type];
}

/** The types of credentials that a workflow asks for. */
export const credentialsOf = (workflow: Workflow): string[] => [
	...new Set((workflow.nodes as unknown as Node[]).flatMap((node) => credentialOf(node) ?? [])),
];

/**
 * The workflow after a user has chosen a credential in every node that takes one of its type.
 * Throws if no node does.
 */
export function withCredential(
	workflow: Workflow,
	type: string,
	credential: { id: string; name: string },
): Workflow {
	const chosen = structuredClone(workflow);
	const takers = (chosen.nodes as unknown as Node[]).filter((node) => credentialOf(node) === type);
	if (takers.length === 0)
		throw new Error(
			`No node of the template "${workflow.name}" takes a credential of type ${type}`,
		);
	for (const node of takers) node.credentials = { ...node.credentials, [type]: credential };
	return chosen;
}
