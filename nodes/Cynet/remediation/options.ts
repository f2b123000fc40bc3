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

export const allowDestructive = permission(
	'Allow Destructive Operations',
	'allowDestructive',
	'Whether an AI agent that uses this node as a tool may run this operation. Without it the agent is refused. Workflows that run the node themselves do not need it.',
);

export const allowEveryHost = permission(
	'Allow Every Host',
	'allowEveryHost',
	'Whether an AI agent that uses this node as a tool may act on every host that has the file, where Scope says so. It needs Allow Destructive Operations as well.',
);

export const actAgainOnRetry = permission(
	'Act Again on Retry',
	'actAgainOnRetry',
	'Whether to act in an execution that n8n runs again and that kept no record of the action. If n8n was stopped or killed after the first request, the same action is sent a second time: a host that someone has released meanwhile is isolated again, or one is shut down that works again. What is on record is never sent twice.',
);

export const acceptEmptyAnswer = permission(
	'Accept an Empty Answer',
	'acceptEmptyAnswer',
	'Whether an empty answer with a good status counts as accepted. No public source shows what Cynet answers for a host. Turn it on only if the Cynet console shows that your server acts and answers with nothing.',
);

/** An entry of Options. */
export const dryRun: INodeProperties = {
	displayName: 'Dry Run',
	name: 'dryRun',
	type: 'boolean',
	default: true,
	description:
		'Whether to return what would be sent instead of sending it. Only a plain false, or taking the option out, sends.',
};

/** Shown with every remediation. */
export const acceptedIsNotDone: INodeProperties = {
	displayName:
		'Cynet reports success even for a host that is off or out of reach, and can take up to 24 hours to act. Accepted does not mean done: check the outcome in the console. The option Dry Run shows what would be sent.',
	name: 'acceptedIsNotDone',
	type: 'notice',
	default: '',
};
