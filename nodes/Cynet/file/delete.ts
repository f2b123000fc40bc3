import { fileAction } from './file-action';

export const deleteFile = fileAction('delete', {
	name: 'Delete',
	action: 'Delete a file',
	description: 'Ask Cynet to delete a file from hosts',
});
