import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';

const FROM_AI = /\$from_?ai\b/i;

/**
 * Where an expression can only lead to what the owner of the workflow has wired. Anything else,
 * such as `$json`, is what the agent gave to the tool.
 */
const OWNERS_WORDS = /\$(?:\(|(?:vars|env|secrets|workflow|execution|now|today|if)\b)/g;

/** What decides on what an action does and how far it reaches: a choice from a list. */
const CHOICES: Readonly<Record<string, string>> = {
	resource: 'Resource',
	operation: 'Operation',
	scope: 'Scope',
};

/**
 * Whether an AI agent may be deciding. n8n offers a node to agents under its type with "Tool"
 * added, whichever way it then
 * runs it; the rest is a second and a third look.
 */
export function runsAsTool(context: IExecuteFunctions): boolean {
	const { type, parameters } = context.getNode();
	return (
		/Tool$/.test(type) ||
		// Absent up to n8n 1.123.
		(context as Partial<IExecuteFunctions>).isToolExecution?.() === true ||
		// How n8n runs a single node for its own agents.
		context.getMode() === 'internal' ||
		FROM_AI.test(JSON.stringify(parameters))
	);
}

/**
 * The gate before every operation that changes something on a host. An agent may say which host or
 * file, if a person has
 * allowed the operation to it. What is done, on how many hosts, at which site and how is the choice
 * of the owner of the workflow.
 *
 * @param properties those of the operation
 * @throws NodeOperationError as an AI tool, unless a person has allowed it or it is a dry run
 */
export function refuseAsTool(call: Call, properties: readonly INodeProperties[]): void {
	if (!runsAsTool(call.context)) return;
	const field = fieldOfAgent(call.context.getNode().parameters, properties);
	if (field !== null) {
		throw call.refuse(
			`An AI agent may not fill in "${field}"`,
			'Nothing was sent. A person can open the Cynet tool in the workflow and choose the value there: only Host Name and SHA-256 may come from the agent.',
		);
	}
	if (call.guard('dryRun')) return;
	if (!call.allows('allowDestructive')) {
		throw call.refuse(
			'This operation is not allowed to an AI agent',
			'It changes what runs on hosts, so nothing was sent. A person can open the Cynet tool in the workflow and turn on the option Allow Destructive Operations.',
		);
	}
	if (
		properties.some(({ name }) => name === 'scope') &&
		call.parameter('scope') !== 'oneHost' &&
		!call.allows('allowEveryHost')
	) {
		throw call.refuse(
			'An AI agent may not act on every host',
			'Nothing was sent. A person can open the Cynet tool in the workflow and set Scope to One Host, or turn on the option Allow Every Host.',
		);
	}
}

/** The field that an agent may have filled in although it is the owner's; null for none. */
function fieldOfAgent(
	parameters: IDataObject,
	properties: readonly INodeProperties[],
): string | null {
	const choice = Object.keys(CHOICES).find((name) => isExpression(parameters[name]));
	if (choice !== undefined) return CHOICES[choice]!;
	const names = (properties.find(({ type }) => type === 'collection')?.options ??
		[]) as readonly INodeProperties[];
	const options = (parameters.options ?? {}) as IDataObject;
	const option = Object.keys(options).find(
		(name) =>
			isExpression(options[name]) && String(options[name]).replace(OWNERS_WORDS, '').includes('$'),
	);
	return option === undefined
		? null
		: (names.find(({ name }) => name === option)?.displayName ?? option);
}

const isExpression = (value: unknown): boolean =>
	typeof value === 'string' ? value.startsWith('=') : FROM_AI.test(JSON.stringify(value) ?? '');
