import { hostAction } from './host-action';

export const disableNetwork = hostAction('disableNetwork', {
	name: 'Disable Network',
	action: 'Disable the network of a host',
	description:
		'Ask Cynet to disable the network of a host. No operation to enable it again is known: that is done in the console or at the host.',
});
