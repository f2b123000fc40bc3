import type { INodeProperties } from 'n8n-workflow';
import { RESOURCES } from '../../nodes/Cynet/resources.ts';
import { fields } from './fields.mts';
import { sentence } from './markdown.mts';

/** Every operation of the node *Cynet* with its fields, in the order of the editor's lists. */
export function operations(): string {
	return Object.values(RESOURCES)
		.flatMap(({ name: resource, operations: own }) =>
			inOrder(Object.values(own)).map((operation) =>
				[
					`### ${resource}: ${operation.name}`,
					sentence(operation.description),
					fields(operation.properties),
					...noticesOf(operation.properties),
				].join('\n\n'),
			),
		)
		.join('\n\n');
}

function inOrder<T extends { readonly name: string }>(operations: readonly T[]): T[] {
	return [...operations].sort((one, other) => one.name.localeCompare(other.name));
}

const noticesOf = (properties: readonly INodeProperties[]): string[] =>
	properties.filter(({ type }) => type === 'notice').map(({ displayName }) => `> ${displayName}`);
