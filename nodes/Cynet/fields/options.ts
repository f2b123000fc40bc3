import type { INodeProperties } from 'n8n-workflow';
import { alphabetical } from './alphabetical';

/** An entry of Options: an MSSP asks a site after another with one credential. */
const clientId: INodeProperties = {
	displayName: 'Client ID',
	name: 'clientId',
	type: 'string',
	default: '',
	placeholder: 'e.g. 2251997',
	description:
		'Site to use instead of the one in the credential. An expression can give another one for each item.',
};

/** The collection at the end of each operation. */
export function optionsOf(...options: readonly INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: alphabetical([...options, clientId], ({ displayName }) => displayName),
	};
}
