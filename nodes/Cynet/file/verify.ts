import { fileAction } from './file-action';

export const verify = fileAction('verify', {
	name: 'Verify',
	action: 'Verify a file',
	description:
		'Ask Cynet to run its action Verify on a file. By its name it only looks; no public source says so. Get Remediation shows what Cynet says of it.',
});
