import { fileAction } from './file-action';

export const unquarantine = fileAction('unquarantine', {
	name: 'Unquarantine',
	action: 'Unquarantine a file',
	description: 'Ask Cynet to put a file back from quarantine',
});
