import type { FileAction } from '../../shared/api/remediation';
import type { Call } from '../call';
import { lookUp } from '../operation';
import { fileAction } from './file-action';

/** Two addresses are in use by integrators, with the same body; the vendor's word on which is right is not public. */
const ADDRESSES: Readonly<Record<string, FileAction>> = {
	quarantine: 'quarantine',
	pathQuarantine: 'path/quarantine',
};

export const quarantine = fileAction(actionOf, {
	name: 'Quarantine',
	action: 'Quarantine a file',
	description: 'Ask Cynet to put a file into quarantine',
	more: [
		{
			displayName: 'API Address',
			name: 'quarantineAddress',
			type: 'options',
			options: [
				{
					name: 'By File',
					value: 'quarantine',
					description: 'Send to /api/file/remediation/quarantine',
				},
				{
					name: 'By Path',
					value: 'pathQuarantine',
					description: 'Send to /api/file/remediation/path/quarantine',
				},
			],
			default: 'quarantine',
			description:
				'Which of the two addresses that are in use to send to. The same is sent to both. Keep By File unless your server does not know that address.',
		},
	],
});

function actionOf(call: Call): FileAction {
	const action = lookUp(ADDRESSES, call.parameter('quarantineAddress'));
	if (action) return action;
	throw call.refuse(
		`There is no API address "${call.text('quarantineAddress')}"`,
		'Choose one of the two, or let the expression give quarantine or pathQuarantine.',
	);
}
