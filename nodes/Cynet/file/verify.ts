import { fileAction } from './file-action';

export const verify = fileAction('verify', {
	name: 'Verify',
	action: 'Verify a file',
	description:
		'Ask Cynet to verify a file. Cynet does not publish what that does; by its name it only checks the file. Get Remediation returns the result.',
});
