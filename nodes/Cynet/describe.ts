import type { INodeProperties } from 'n8n-workflow';
import { alphabetical } from './fields/alphabetical';
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
			options: alphabetical(
				Object.entries(resources).map(([value, { name }]) => ({ name, value })),
				({ name }) => name,
			),
			default: 'alert',
		},
		...Object.entries(resources).map(([resource, { operations, default: preset }]) =>
			operationOf(resource, operations, preset),
		),
		...Object.entries(resources).flatMap(([resource, { operations }]) =>
			Object.entries(operations).flatMap(([operation, { properties }]) =>
				properties.map((property) => shownFor(property, resource, operation)),
			),
		),
	];
}

function operationOf(
	resource: string,
	operations: Resource['operations'],
	preset: string,
): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: alphabetical(Object.entries(operations).map(optionOf), ({ name }) => name),
		default: preset,
	};
}

function optionOf([value, { name, action, description }]: [string, Operation]) {
	return { name, value, action, description };
}

function shownFor(property: INodeProperties, resource: string, operation: string): INodeProperties {
	const show = { resource: [resource], operation: [operation], ...property.displayOptions?.show };
	return { ...property, displayOptions: { ...property.displayOptions, show } };
}
