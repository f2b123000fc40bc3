import { fileAction } from './file-action';

export const verify = fileAction('verify', {
	name: 'Verify',
	action: 'Verify a file',
	description: 'Ask Cynet to verify a file on hosts. It leaves the file and the hosts as they are.',
	harmless: true,
});
