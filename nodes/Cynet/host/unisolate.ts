import { hostAction } from './host-action';

export const unisolate = hostAction('unisolate', {
	name: 'Unisolate',
	action: 'Unisolate a host',
	description:
		'Ask Cynet to end the isolation of a host. Windows only; on-premises since Cynet 4.23.',
});
