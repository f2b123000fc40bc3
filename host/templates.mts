import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Workflow } from './rest.mts';

/** The importable workflows of this project, one file a target. */
export const TEMPLATES = fileURLToPath(new URL('../workflows', import.meta.url));

/** The templates' names: their files' without `.json`. */
export async function templateNames(): Promise<string[]> {
	return (await readdir(TEMPLATES)).filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length)).sort();
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
export function withSettings(workflow: Workflow, values: Readonly<Record<string, unknown>>): Workflow {
	const filledIn = structuredClone(workflow);
	const settings = filledIn.nodes.find(({ name }) => name === 'Settings') as { parameters: { assignments: { assignments: Assignment[] } } } | undefined;
	for (const [name, value] of Object.entries(values)) {
		const assignment = settings?.parameters.assignments.assignments.find((candidate) => candidate.name === name);
		if (!assignment) throw new Error(`The template "${workflow.name}" has no field "${name}" in a node "Settings"`);
		assignment.value = value;
	}
	return filledIn;
}

/** The workflow after a user has chosen a credential in every node that takes one of its type. Throws if no node does. */
export function withCredential(workflow: Workflow, type: string, credential: { id: string; name: string }): Workflow {
	const chosen = structuredClone(workflow);
	const takers = (chosen.nodes as ReadonlyArray<{ credentials?: Record<string, unknown> }>).filter(({ credentials }) => credentials?.[type]);
	if (takers.length === 0) throw new Error(`No node of the template "${workflow.name}" takes a credential of type ${type}`);
	for (const { credentials } of takers) credentials![type] = credential;
	return chosen;
}
