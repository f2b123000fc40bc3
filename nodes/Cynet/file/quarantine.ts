import type { FileAction } from '../../shared/api/remediation';
import type { Call } from '../call';
import { lookUp } from '../operation';
import { fileAction } from './file-action';

/** Two addresses are in use by integrators, with the same body; the vendor's word on which is right is not public. */
const ENDPOINTS: Readonly<Record<string, FileAction>> = {
	quarantine: 'quarantine',
	pathQuarantine: 'path/quarantine',
};

export const quarantine = fileAction(actionOf, {
	name: 'Quarantine',
	action: 'Quarantine a file',
	description: 'Ask Cynet to put a file into quarantine',
	more: [
		{
			displayName: 'Quarantine Endpoint',
			name: 'quarantineEndpoint',
			type: 'options',
			options: [
				{
					name: 'Path Quarantine',
					value: 'pathQuarantine',
					description:
						'Send to /api/file/remediation/path/quarantine, for servers that do not know the other one',
				},
				{
					name: 'Quarantine',
					value: 'quarantine',
					description: 'Send to /api/file/remediation/quarantine, as without this option',
				},
			],
			default: 'quarantine',
			description: 'Which of the two endpoints in use to send to. Both take the same body.',
		},
	],
});

function actionOf(call: Call): FileAction {
	if (!call.hasOption('quarantineEndpoint')) return 'quarantine';
	const action = lookUp(ENDPOINTS, call.option('quarantineEndpoint'));
	if (action) return action;
	throw call.refuse(
		'"Quarantine Endpoint" is none of its choices',
		'Choose one from the list of the option, or let its expression give quarantine or pathQuarantine.',
	);
}
