import type { INodeProperties } from 'n8n-workflow';
import { fetchInventory } from '../../shared/api/inventory';
import { clock } from '../../shared/clock';
import type { Call } from '../call';

const DAY = 24 * 3600_000;
/** How far back hosts count that a search for an address finds. */
const SEARCHED_DAYS = 30;
const CANDIDATES_SHOWN = 10;

export const hostName: INodeProperties = {
	displayName: 'Host Name',
	name: 'hostName',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. WS-0142',
	description: 'The name of the host as Cynet shows it. Cynet does not take an IP address here.',
};

/** An entry of Options. */
export const resolveIp: INodeProperties = {
	displayName: 'Resolve IP',
	name: 'resolveIp',
	type: 'boolean',
	default: true,
	description: `Whether Host Name may be an IP address. The host that had it last, of those seen in the last ${SEARCHED_DAYS} days, is used if there is exactly one.`,
};

const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
/** A host name holds no colon. */
const IPV6 = /^\[?[\da-f]*:[\da-f:.]*(%\w+)?\]?$/i;

export function isIpAddress(text: string): boolean {
	return IPV4.test(text) || IPV6.test(text);
}

/**
 * The name of the host that the item is about.
 * @throws NodeOperationError for an empty name, for an IP address unless Resolve IP is on, and unless exactly one host has that address
 */
export async function hostOf(call: Call): Promise<string> {
	const name = call.filled('hostName', 'Host Name', 'Fill in the name of the host as Cynet shows it, for example WS-0142.');
	if (!isIpAddress(name)) return name;
	if (!call.optionFlag('resolveIp', 'Resolve IP')) {
		throw call.refuse(`"Host Name" is an IP address (${name})`, 'Cynet takes the name of a host: fill in its name, or turn on the option Resolve IP to look it up.');
	}
	if (call.guard('dryRun')) {
		throw call.refuse('A dry run sends nothing, so it cannot look up an IP address', 'Fill in the name of the host, or turn off Dry Run.');
	}
	return await hostWithIp(call, name);
}

async function hostWithIp(call: Call, ip: string): Promise<string> {
	const hosts = await fetchInventory(call.context, 'hosts', clock.now() - SEARCHED_DAYS * DAY, call.route);
	const wanted = ip.replace(/^\[|\]$/g, '').toLowerCase();
	const names = (hosts as ReadonlyArray<{ LastIp?: unknown; HostName?: unknown } | null>)
		.filter((host) => String(host?.LastIp ?? '').trim().toLowerCase() === wanted)
		.map((host) => String(host?.HostName ?? '').trim())
		.filter((name) => name !== '');
	if (names.length === 1) return names[0]!;
	if (names.length === 0) {
		throw call.refuse(`No host has the IP address ${ip}`, `None of the hosts seen in the last ${SEARCHED_DAYS} days had it last. Fill in the name of the host.`);
	}
	const shown = names.slice(0, CANDIDATES_SHOWN).join(', ') + (names.length > CANDIDATES_SHOWN ? ', …' : '');
	throw call.refuse(`${names.length} hosts have the IP address ${ip}: ${shown}`, 'Fill in the name of the one that is meant.');
}
