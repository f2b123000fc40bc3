import { hostAction } from './host-action';

export const unisolate = hostAction('unisolate', {
	name: 'Unisolate',
	action: 'Unisolate a host',
	description: 'Ask Cynet to end the isolation of a host. Windows hosts only; on-premises servers know it since version 4.23.',
});
