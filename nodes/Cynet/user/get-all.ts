import { fetchInventory } from '../../shared/api/inventory';
import { limitOf, listed, returnAllOrLimit } from '../fields/limit';
import { optionsOf } from '../fields/options';
import { output, outputOf } from '../fields/output';
import { sinceOf, sinceProperty } from '../fields/since';
import type { Operation } from '../operation';

/** What Simplify returns, and what Cynet calls it. */
export const SIMPLE = {
	id: 'ClientDbId',
	user: 'Name',
	department: 'Department',
	email: 'Email',
	role: 'Role',
	isLocked: 'IsLocked',
	isDisabled: 'IsDisabled',
	badLogins: 'BadLogins',
	goodLogins: 'GoodLogins',
	dateIn: 'DateIn',
};

export const getAll: Operation = {
	name: 'Get Many',
	action: 'Get many users',
	description: 'Get the users that were active since a time',
	properties: [
		sinceProperty('Only users that were active after this time'),
		...returnAllOrLimit,
		...output,
		optionsOf(),
	],
	run: async (call) => {
		const limit = limitOf(call);
		const { shape } = outputOf(call, SIMPLE);
		const rows = await fetchInventory(call.context, 'users', sinceOf(call), call.route);
		return (await listed(call, rows, limit)).map(shape);
	},
};
