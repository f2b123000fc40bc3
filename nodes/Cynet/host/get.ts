import { fetchNamed } from '../../shared/api/inventory';
import { hostName, hostToRead, resolveIp } from '../fields/host-name';
import { excludeFiles, withoutFiles } from '../fields/omit-files';
import { optionsOf } from '../fields/options';
import { output, outputOf } from '../fields/output';
import type { Operation } from '../operation';

/** What Simplify returns, and what Cynet calls it. */
export const SIMPLE = {
	host: 'hostname',
	ip: 'last_ip',
	operatingSystem: 'operating_system',
	riskLevel: 'risk_level',
	agentVersion: 'eps_version',
	users: 'users',
};

export const get: Operation = {
	name: 'Get',
	action: 'Get a host',
	description: 'Get what Cynet knows about a host',
	properties: [hostName, ...output, optionsOf(excludeFiles, resolveIp)],
	run: async (call) => {
		const { shape } = outputOf(call, SIMPLE);
		const host = await fetchNamed(call.context, 'host', await hostToRead(call), call.route);
		return [shape(withoutFiles(call, host))];
	},
};
