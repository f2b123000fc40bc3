import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Call } from '../call';

/** An entry of Options. */
export const excludeFiles: INodeProperties = {
	displayName: 'Exclude Files',
	name: 'excludeFiles',
	type: 'boolean',
	default: true,
	description:
		'Whether to leave out the list of files, which can be long and may hold passwords in its command lines',
};

export function withoutFiles(call: Call, found: IDataObject): IDataObject {
	if (!call.guard('excludeFiles')) return found;
	const rest = { ...found };
	delete rest.files;
	return rest;
}
