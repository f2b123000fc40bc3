import { fetchNamed } from '../../shared/api/inventory';
import { hostName, hostToRead, resolveIp } from '../fields/host-name';
import { excludeFiles, withoutFiles } from '../fields/omit-files';
import { optionsOf } from '../fields/options';
import type { Operation } from '../operation';

export const get: Operation = {
	name: 'Get',
	action: 'Get a host',
	description: 'Get what Cynet knows about a host',
	properties: [hostName, optionsOf(excludeFiles, resolveIp)],
	run: async (call) => [
		withoutFiles(call, await fetchNamed(call.context, 'host', await hostToRead(call), call.route)),
	],
};
