import type { INodeProperties } from 'n8n-workflow';
import type { Operation, Resource } from './operation';

type Resources = Readonly<Record<string, Resource>>;

/** The node's properties: the choice of resource and operation, and the fields of each operation. */
export function describe(resources: Resources): INodeProperties[] {
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: byName(Object.entries(resources).map(([value, { name }]) => ({ name, value }))),
			default: 'alert',
		},
		...Object.entries(resources).map(([resource, { operations, default: preset }]) => operationOf(resource, operations, preset)),
		...Object.entries(resources).flatMap(([resource, { operations }]) =>
			Object.entries(operations).flatMap(([operation, { properties }]) =>
				properties.map((property) => shownFor(property, resource, operation)),
			),
		),
	];
}

function operationOf(resource: string, operations: Resource['operations'], preset: string): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: byName(Object.entries(operations).map(optionOf)),
		default: preset,
	};
}

function optionOf([value, { name, action, description }]: [string, Operation]) {
	return { name, value, action, description };
}

function byName<T extends { readonly name: string }>(options: readonly T[]): T[] {
	return [...options].sort((one, other) => one.name.localeCompare(other.name));
}

function shownFor(property: INodeProperties, resource: string, operation: string): INodeProperties {
	const show = { resource: [resource], operation: [operation], ...property.displayOptions?.show };
	return { ...property, displayOptions: { ...property.displayOptions, show } };
}
