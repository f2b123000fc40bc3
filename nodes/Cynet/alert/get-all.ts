import { alertFilters } from '../../shared/alert/filter-properties';
import { matches } from '../../shared/alert/filters';
import { filtersOf } from '../../shared/alert/read-filters';
import type { RawAlert } from '../../shared/alert/identity';
import { simplify, verbatim } from '../../shared/alert/simplify';
import type { Call } from '../call';
import { limitOf, returnAllOrLimit } from '../fields/limit';
import { optionsOf } from '../fields/options';
import { output, outputOf } from '../fields/output';
import { sinceOf, sinceProperty } from '../fields/since';
import { lookUp, type Operation } from '../operation';
import { contextOf } from './context';
import { readList, type PagedList } from '../../shared/api/read-list';

const LISTS: Readonly<Record<string, PagedList>> = { lastSeen: 'bulk', dateChanged: 'changed' };

/** What an agent judges an alert by. */
const USEFUL = Object.fromEntries(
	'id name severity status type host user path sha256 lastSeenAt'
		.split(' ')
		.map((name) => [name, name]),
);

export const getAll: Operation = {
	name: 'Get Many',
	action: 'Get many alerts',
	description: 'Get the alerts that were seen or changed since a time',
	properties: [
		{
			displayName: 'Filter By',
			name: 'dateField',
			type: 'options',
			options: [
				{
					name: 'Last Changed',
					value: 'dateChanged',
					description: 'When the status or another part of the alert changed last',
				},
				{ name: 'Last Seen', value: 'lastSeen', description: 'When the alert happened last' },
			],
			default: 'lastSeen',
			description: 'Which time of an alert to compare with Since',
		},
		sinceProperty('Only alerts that were seen or changed after this time'),
		...returnAllOrLimit,
		...output,
		alertFilters,
		optionsOf(),
	],
	run: async (call) => {
		const list = listOf(call);
		const since = sinceOf(call);
		const most = limitOf(call);
		const filters = filtersOf(
			call.parameter('filters'),
			call.context.getNode().parameters.filters,
			(message, description) => call.refuse(message, description),
		);
		const { isSimple, forAgent, shape } = outputOf(call, USEFUL);
		const form = isSimple ? simplify : verbatim;
		const site = await call.site();
		let read = 0;
		const wanted = (alert: RawAlert) => ++read > 0 && matches(alert, filters);
		const make = (alert: RawAlert) => {
			const item = form(alert, contextOf(alert, site));
			return forAgent ? shape(item) : item;
		};
		const items = await readList(call.context, { list, since, most, wanted, make }, call.route);
		call.execution.hints.list(site, { read, returned: items.length, limit: most, all: null });
		return items;
	},
};

function listOf(call: Call): PagedList {
	const list = lookUp(LISTS, call.parameter('dateField'));
	if (list) return list;
	throw call.refuse(
		`There is no time "${call.text('dateField')}" to list alerts by`,
		'Choose Last Seen or Last Changed under Filter By, or let the expression give lastSeen or dateChanged.',
	);
}
