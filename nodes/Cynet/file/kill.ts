import { fileAction } from './file-action';

export const kill = fileAction('kill', {
	name: 'Kill',
	action: 'Kill the processes of a file',
	description: 'Ask Cynet to end the processes that run from a file',
});
