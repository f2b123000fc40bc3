import type { INodeProperties } from 'n8n-workflow';
import type { listSearch } from '../list-search';

interface LocatorTexts extends Pick<INodeProperties, 'displayName' | 'name' | 'description'> {
	/** Which list to choose from. */
	readonly list: keyof typeof listSearch;
	/** What a list is asked for, in its empty field. */
	readonly select: string;
	/** The other way, by its name in workflows. */
	readonly by: string;
	readonly placeholder: string;
}

/** A field whose value is chosen from a list with a search, or entered. */
export function locator({
	list,
	select,
	by,
	placeholder,
	...field
}: LocatorTexts): INodeProperties {
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: select,
				typeOptions: { searchListMethod: list, searchable: true },
			},
			{
				displayName: `By ${by[0]!.toUpperCase()}${by.slice(1)}`,
				name: by,
				type: 'string',
				placeholder,
			},
		],
	};
}

/** The value of a field that may be a locator. Text alone is what older workflows, templates and agents give. */
export function located(value: unknown): unknown {
	const { __rl: isLocator, value: inner } = Object(value) as { __rl?: unknown; value?: unknown };
	return isLocator === true ? inner : value;
}
