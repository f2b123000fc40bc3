import type { INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';
import { hostName, hostOf } from '../fields/host-name';

/** Where a file is acted on. */
export const scope: readonly INodeProperties[] = [
	{
		displayName: 'Scope',
		name: 'scope',
		type: 'options',
		options: [
			{
				name: 'Every Host That Has the File',
				value: 'everyHost',
				description: 'On all hosts where Cynet knows the file. The request names no host.',
			},
			{ name: 'One Host', value: 'oneHost', description: 'Only on the host in Host Name' },
		],
		default: 'oneHost',
		description: 'Which hosts to act on',
	},
	{ ...hostName, displayOptions: { show: { scope: ['oneHost'] } } },
];

/**
 * The host to name; null for every host that has the file, and only where that was chosen.
 * @throws NodeOperationError for a scope that is neither, and as `hostOf` does
 */
export async function scopeOf(call: Call): Promise<string | null> {
	const chosen = call.parameter('scope');
	if (chosen === 'oneHost') return await hostOf(call);
	if (chosen === 'everyHost') return null;
	throw call.refuse(
		`There is no scope "${String(chosen)}"`,
		'Choose One Host or Every Host That Has the File, or let the expression give oneHost or everyHost.',
	);
}
