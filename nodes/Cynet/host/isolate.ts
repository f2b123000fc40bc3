import { hostAction } from './host-action';

export const isolate = hostAction('isolate', {
	name: 'Isolate',
	action: 'Isolate a host',
	description:
		'Ask Cynet to isolate a host from the network until Unisolate. Windows only; on-premises since Cynet 4.23. A host that is out of reach shows as Pending Isolate in the console until it is back.',
});
