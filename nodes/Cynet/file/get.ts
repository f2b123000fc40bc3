import { fetchFile } from '../../shared/api/inventory';
import { optionsOf } from '../fields/options';
import { output, outputOf } from '../fields/output';
import { sha256, sha256Of } from '../fields/sha256';
import type { Operation } from '../operation';

/** What Simplify returns, and what Cynet calls it. */
export const SIMPLE = {
	found: 'found',
	sha256: 'sha256',
	name: 'common_filename',
	path: 'common_path',
	product: 'meta_product_name',
	company: 'meta_company_name',
	riskLevel: 'risk_level',
	isWhitelisted: 'is_whitelisted',
	firstSeen: 'first_seen',
	lastSeen: 'last_seen',
};

export const get: Operation = {
	name: 'Get',
	action: 'Get a file',
	description:
		'Get what Cynet knows about a file. For a file that it has never seen, found is false.',
	properties: [sha256, ...output, optionsOf()],
	run: async (call) => {
		const { shape } = outputOf(call, SIMPLE);
		const hash = sha256Of(call);
		const file = await fetchFile(call.context, hash, call.route);
		const result =
			file === null ? { found: false, sha256: hash.toLowerCase() } : { found: true, ...file };
		return [shape(result)];
	},
};
