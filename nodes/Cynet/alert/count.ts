import { countAlerts } from '../../shared/api/alerts';
import { optionsOf } from '../fields/options';
import { sinceOf, sinceProperty } from '../fields/since';
import type { Operation } from '../operation';

export const count: Operation = {
	name: 'Count',
	action: 'Count alerts',
	description: 'Count the alerts that changed since a time',
	properties: [
		sinceProperty('Only alerts that changed after this time. A new alert counts as changed.'),
		optionsOf(),
	],
	run: async (call) => [{ count: await countAlerts(call.context, sinceOf(call), call.route) }],
};
