import { fetchFile } from '../../shared/api/inventory';
import { optionsOf } from '../fields/options';
import { sha256, sha256Of } from '../fields/sha256';
import type { Operation } from '../operation';

export const get: Operation = {
	name: 'Get',
	action: 'Get a file',
	description:
		'Get what Cynet knows about a file. For a file that it has never seen, found is false.',
	properties: [sha256, optionsOf()],
	run: async (call) => {
		const hash = sha256Of(call);
		const file = await fetchFile(call.context, hash, call.route);
		return [
			file === null ? { found: false, sha256: hash.toLowerCase() } : { found: true, ...file },
		];
	},
};
