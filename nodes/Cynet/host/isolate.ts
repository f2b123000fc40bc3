import { hostAction } from './host-action';

export const isolate = hostAction('isolate', {
	name: 'Isolate',
	action: 'Isolate a host',
	description: 'Ask Cynet to isolate a host from the network. Windows hosts only; on-premises servers know it since version 4.23. The console can show it as pending.',
});
