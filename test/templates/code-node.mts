import { readTemplate } from '../../host/templates.mts';

/** What a node gives. */
export interface Item {
	json: Record<string, any>;
	pairedItem?: { item: number };
}

/** A node of a template. */
export interface Node {
	readonly name: string;
	readonly type: string;
	readonly parameters: Record<string, any>;
}

interface World {
	readonly input?: readonly Item[];
	readonly nodes?: Readonly<Record<string, readonly Item[]>>;
	readonly execution?: string;
	/** Whether the input comes from the error output of the node before. */
	readonly fromError?: boolean;
	readonly memory?: Record<string, unknown>;
}

/** Runs the code of a template's Code node, with what n8n gives it. */
export async function runCode(
	template: string,
	node: string,
	{ input = [], nodes = {}, execution = '1', fromError = false, memory = {} }: World,
): Promise<Item[]> {
	const { parameters } = (await readTemplate(template)).nodes.find(({ name }) => name === node) as {
		parameters: { jsCode: string };
	};
	const items = (list: readonly Item[]) => ({
		all: () => list,
		first: () => list[0],
		itemMatching: (index: number) => list[index],
	});
	const $ = (name: string) => items(nodes[name] ?? []);
	const names = ['$input', '$', '$execution', '$runIndex', '$prevNode', '$getWorkflowStaticData'];
	return new Function(...names, parameters.jsCode)(
		items(input),
		$,
		{ id: execution },
		0,
		{ outputIndex: fromError ? 1 : 0 },
		() => memory,
	) as Item[];
}
