import type { IExecuteFunctions } from 'n8n-workflow';
import type { Call } from '../call';

const FROM_AI = /\$from_?ai\b/i;

/**
 * Whether an AI agent may be deciding. n8n offers a node to agents under its type with "Tool" added, whichever way it then
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
 * The gate before every operation that changes something on a host.
 * @throws NodeOperationError as an AI tool, unless a person has allowed it or it is a dry run
 */
export function refuseAsTool(call: Call): void {
	if (!runsAsTool(call.context) || call.guard('dryRun') || isAllowed(call)) return;
	throw call.refuse(
		'This operation is not allowed to an AI agent',
		'It changes what runs on hosts, so nothing was sent. A person can open the Cynet tool in the workflow and turn on the option Allow Destructive Operations.',
	);
}

/** As it is stored: an expression, which an agent might fill in, does not count. */
function isAllowed(call: Call): boolean {
	const options = call.context.getNode().parameters.options as { allowDestructive?: unknown } | undefined;
	return options?.allowDestructive === true;
}
