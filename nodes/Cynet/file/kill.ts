import { fileAction } from './file-action';

export const kill = fileAction('kill', {
	name: 'Kill Processes',
	action: 'Kill the processes of a file',
	description: 'Ask Cynet to end all processes that run from a file',
});
