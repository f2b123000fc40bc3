import type { INodeProperties } from 'n8n-workflow';

/** Permissions are entries of Options without expressions: nothing but a person's click can give one. */
const permission = (displayName: string, name: string, description: string): INodeProperties => ({
	displayName,
	name,
	type: 'boolean',
	noDataExpression: true,
	default: false,
	description,
});

/** What only an AI agent needs is shown in the tool alone. */
const forAgents = (...named: Parameters<typeof permission>): INodeProperties => ({
	...permission(...named),
	displayOptions: { show: { '@tool': [true] } },
});

export const allowDestructive = forAgents(
	'Allow Destructive Operations',
	'allowDestructive',
	'Whether the AI agent may run this operation. Without it, the agent is refused.',
);

export const allowEveryHost = forAgents(
	'Allow Every Host',
	'allowEveryHost',
	'Whether the AI agent may act on every host that has the file, if Scope says so. Needs Allow Destructive Operations as well.',
);

export const actAgainOnRetry = permission(
	'Act Again on Retry',
	'actAgainOnRetry',
	'Whether to act when n8n retries an execution that kept no record of this action. If n8n stopped after the first request, the same action is sent again: a host that someone released meanwhile is isolated once more. What is on record is never sent twice.',
);

export const acceptEmptyAnswer = permission(
	'Accept an Empty Answer',
	'acceptEmptyAnswer',
	'Whether an empty answer with a success status counts as accepted. Turn it on only if the Cynet console shows that your server acts although its answer is empty.',
);

/** An entry of Options. */
export const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: true,
	description:
		'Whether to return what would be sent (accepted is false) instead of sending it. Only a plain false, or removing the option, sends it.',
};

/** Shown with every remediation. */
export const acceptedIsNotDone: INodeProperties = {
	displayName:
		'Accepted does not mean done: Cynet reports success even for a host that is off or out of reach, and can take up to 24 hours. Check the outcome in the console. To see what would be sent, add the option Dry Run.',
	name: 'acceptedIsNotDone',
	type: 'notice',
	default: '',
};
