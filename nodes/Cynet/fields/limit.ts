import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';
import { wholeNumber } from './whole-number';

/** As the property says. */
const DEFAULT_LIMIT = 50;

export const returnAllOrLimit: readonly INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		displayOptions: { show: { returnAll: [false] } },
		typeOptions: { minValue: 1, numberPrecision: 0 },
		default: 50,
		description: 'Max number of results to return',
	},
];

/**
 * How many results are wanted; Infinity for all.
 * @throws NodeOperationError for what is no whole number from 1 up
 */
export function limitOf(call: Call): number {
	if (call.flag('returnAll', 'Return All')) return Infinity;
	// n8n takes Limit away where Return All is the text "false".
	const limit = wholeNumber(call.parameter('limit', DEFAULT_LIMIT), 1);
	if (limit !== null) return limit;
	throw call.refuse(
		'"Limit" is not a whole number from 1 up',
		'Set Limit to a whole number such as 50, or turn on Return All.',
	);
}

/** The first rows as items. Says so where there is none, and where there are more. */
export async function listed(
	call: Call,
	rows: readonly unknown[],
	limit: number,
): Promise<IDataObject[]> {
	const items = itemsOf(rows, limit);
	const [read, returned] = [rows.length, items.length];
	call.execution.hints.list(read === 0 ? await call.site() : '', {
		read,
		returned,
		limit,
		all: read,
	});
	return items;
}

/** The first rows as items. A row that is no object becomes `{ value }`. */
export function itemsOf(rows: readonly unknown[], limit: number): IDataObject[] {
	return rows
		.slice(0, Math.min(limit, rows.length))
		.map(
			(value) =>
				(typeof value === 'object' && value !== null && !Array.isArray(value)
					? value
					: { value }) as IDataObject,
		);
}
