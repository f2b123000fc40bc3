import { hostAction } from './host-action';

export const disableNetwork = hostAction('disableNetwork', {
	name: 'Disable Network',
	action: 'Disable the network of a host',
	description:
		'Ask Cynet to turn off the network of a host. Unlike Isolate, this node cannot undo it: that is done in the console or at the host.',
});
