import { fetchInventory } from '../../shared/api/inventory';
import { limitOf, listed, returnAllOrLimit } from '../fields/limit';
import { optionsOf } from '../fields/options';
import { sinceOf, sinceProperty } from '../fields/since';
import type { Operation } from '../operation';

export const getAll: Operation = {
	name: 'Get Many',
	action: 'Get many hosts',
	description: 'Get the hosts that were active since a time',
	properties: [
		sinceProperty('Only hosts that were active after this time'),
		...returnAllOrLimit,
		optionsOf(),
	],
	run: async (call) => {
		const limit = limitOf(call);
		return await listed(
			call,
			await fetchInventory(call.context, 'hosts', sinceOf(call), call.route),
			limit,
		);
	},
};
