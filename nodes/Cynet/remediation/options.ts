import type { INodeProperties } from 'n8n-workflow';

/** An entry of Options. It takes no expression, so that nothing but a person's click can set it. */
export const allowDestructive: INodeProperties = {
	displayName: 'Allow Destructive Operations',
	name: 'allowDestructive',
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description: 'Whether an AI agent that uses this node as a tool may run this operation. Without it the agent is refused. Workflows that run the node themselves do not need it.',
};

/** An entry of Options. */
export const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: true,
	description: 'Whether to return what would be sent instead of sending it',
};

/** Shown with every remediation. */
export const acceptedIsNotDone: INodeProperties = {
	displayName: 'Cynet reports success even for a host that is off or out of reach. Accepted does not mean done: check the outcome in the console. The option Dry Run shows what would be sent.',
	name: 'acceptedIsNotDone',
	type: 'notice',
	default: '',
};
