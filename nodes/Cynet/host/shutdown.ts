import { hostAction } from './host-action';

export const shutdown = hostAction('shutdown', {
	name: 'Shut Down',
	action: 'Shut down a host',
	description: 'Ask Cynet to shut down a host',
});
