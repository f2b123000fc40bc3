import type { NodeApiError } from 'n8n-workflow';

/** n8n's hint for its back-off; hosts older than 2.41 ignore it. */
type FailureCause = NonNullable<NodeApiError['failure']>['cause'];

/** What a user is told of a reason, and what it means for going on. */
export interface Explanation {
	/** What happened. */
	readonly message: string;
	/** What to do next, naming the field. */
	readonly description: string;
	/** Whether waiting alone can help. */
	readonly transient: boolean;
	/** Whether a slip in the credential or a setting may be behind it. */
	readonly maybeMistyped: boolean;
	/** How often it is tried at most; five times unless given. */
	readonly tries?: number;
	readonly failure?: FailureCause;
}

/** How the address of an API looks. */
export const ADDRESS =
	'https://YOUR-DOMAIN.api.cynet.com, or https://YOUR-SERVER:6443 for an on-premises server';

/** Waiting helps nothing. */
export const permanent = (
	failure: FailureCause,
	message: string,
	description: string,
): Explanation => ({
	message,
	description,
	transient: false,
	maybeMistyped: true,
	failure,
});

/** Waiting alone can help. */
export const transient = (
	failure: FailureCause,
	message: string,
	description: string,
	more: Partial<Pick<Explanation, 'maybeMistyped' | 'tries'>> = {},
): Explanation => ({
	message,
	description,
	transient: true,
	maybeMistyped: false,
	failure,
	...more,
});
