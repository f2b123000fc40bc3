import { hostAction } from './host-action';

export const isolate = hostAction('isolate', {
	name: 'Isolate',
	action: 'Isolate a host',
	description: 'Ask Cynet to isolate a host from the network. Known to exist in the cloud only.',
});
