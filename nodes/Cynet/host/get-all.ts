import { fetchInventory } from '../../shared/api/inventory';
import { limitOf, listed, returnAllOrLimit } from '../fields/limit';
import { optionsOf } from '../fields/options';
import { output, outputOf } from '../fields/output';
import { sinceOf, sinceProperty } from '../fields/since';
import type { Operation } from '../operation';

/** What Simplify returns, and what Cynet calls it. */
export const SIMPLE = {
	id: 'ClientDbId',
	host: 'HostName',
	ip: 'LastIp',
	operatingSystem: 'OperatingSystem',
	riskLevel: 'RiskLevel',
	agentVersion: 'EpsVersion',
	dateIn: 'DateIn',
	lastScan: 'LastScan',
	lastUpdate: 'LastUpdate',
};

export const getAll: Operation = {
	name: 'Get Many',
	action: 'Get many hosts',
	description: 'Get the hosts that were active since a time',
	properties: [
		sinceProperty('Only hosts that were active after this time'),
		...returnAllOrLimit,
		...output,
		optionsOf(),
	],
	run: async (call) => {
		const limit = limitOf(call);
		const { shape } = outputOf(call, SIMPLE);
		const rows = await fetchInventory(call.context, 'hosts', sinceOf(call), call.route);
		return (await listed(call, rows, limit)).map(shape);
	},
};
