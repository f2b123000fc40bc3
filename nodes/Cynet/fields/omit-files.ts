import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';

/** An entry of Options. */
export const omitFiles: INodeProperties = {
	displayName: 'Omit Files',
	name: 'omitFiles',
	type: 'boolean',
	default: true,
	description:
		'Whether to leave out the list of files, which can be long and whose command lines may hold passwords',
};

export function withoutFiles(call: Call, found: IDataObject): IDataObject {
	if (!call.guard('omitFiles')) return found;
	const rest = { ...found };
	delete rest.files;
	return rest;
}
