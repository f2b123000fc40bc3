import {
	NodeApiError,
	type IDataObject,
	type INodeProperties,
	type JsonObject,
} from 'n8n-workflow';
import { flawOfHostName, sameForm } from '../../shared/alert/host-name';
import { presentable } from '../../shared/api/words';
import { bookOf, keyOf, placeOf } from '../book';
import type { Call } from '../call';
import { FATES } from '../remediation/fates';
import { locator } from './locator';
import { canonicalIp, flawOfAddress, isIpAddress } from './address';
import {
	hostsAt,
	hostsNamed,
	isNotWindows,
	knownHosts,
	SEARCHED_DAYS,
	type KnownHost,
} from './known-hosts';

const CANDIDATES_SHOWN = 10;

export const hostName = locator({
	displayName: 'Host Name',
	name: 'hostName',
	description: `Name of the host as Cynet shows it. The list holds the hosts seen in the last ${SEARCHED_DAYS} days; type to search it. For an IP address, add the option Resolve IP.`,
	list: 'hosts',
	select: 'Select a host...',
	by: 'name',
	placeholder: 'e.g. WS-0142',
});

/** An entry of Options. */
export const resolveIp: INodeProperties = {
	displayName: 'Resolve IP',
	name: 'resolveIp',
	type: 'boolean',
	default: true,
	description: `Whether Host Name may be an IP address. It stands for the host that had it last, if exactly one of those seen in the last ${SEARCHED_DAYS} days did.`,
};

/** An entry of Options of what acts on a host. */
export const hostCheck: INodeProperties = {
	displayName: 'Host Check',
	name: 'hostCheck',
	type: 'options',
	options: [
		{
			name: 'Exactly One Host',
			value: 'one',
			description: 'Refuse a name that no host or several hosts have',
		},
		{
			name: 'Off',
			value: 'off',
			description:
				'Send the name as it is. Cynet reports success also for a host that does not exist.',
		},
		{
			name: 'One or Several Hosts',
			value: 'several',
			description: 'Refuse a name that no host has. Cynet decides which of several it acts on.',
		},
	],
	default: 'one',
	description: `How many of the hosts seen in the last ${SEARCHED_DAYS} days must have this name before anything is sent`,
};

type Check = 'one' | 'off' | 'several';

/** A host that was found, as it is kept with the execution and told in the output. */
interface Resolved {
	readonly asked: string;
	readonly host: string;
	readonly lastSeen: string | null;
	readonly system: string | null;
}

const resolutions = new WeakMap<Call, Resolved>();

/**
 * The name of the host to act on, as Cynet writes it. It was in Cynet's list of hosts, exactly
 * once, unless Host Check says otherwise.
 * What was found is kept for the execution: when n8n runs the node again, an address that has moved
 * meanwhile is not another host.
 *
 * @param windowsOnly whether Cynet can do it on Windows only
 * @throws NodeOperationError for a name or an address that cannot be one host's, before any
 * request, and for one that is not found
 */
export async function hostOf(call: Call, { windowsOnly = false } = {}): Promise<string> {
	const asked = askedOf(call);
	const check = checkOf(call);
	if (call.guard('dryRun')) {
		if (!isIpAddress(asked)) return asked;
		throw call.refuse(
			'A dry run sends nothing, so it cannot look up an IP address',
			'Fill in the name of the host, or turn off Dry Run.',
		);
	}
	if (check === 'off' && !isIpAddress(asked)) return asked;
	const resolved = await kept(
		call,
		asked,
		async () => await resolve(call, asked, check, FATES.notBegun),
	);
	if (windowsOnly && isNotWindows(resolved.system)) {
		const [host, system] = [harmless([resolved.host]), harmless([String(resolved.system)])];
		throw call.refuse(
			`${host} runs ${system}, and Cynet isolates Windows only`,
			'Nothing was sent. Cut this host off in the network, or see in the console of Cynet what it can do with it.',
		);
	}
	resolutions.set(call, resolved);
	return resolved.host;
}

/**
 * The name of the host to ask about. An address is looked up; a name is not, for the answer itself
 * says what it is about.
 */
export async function hostToRead(call: Call): Promise<string> {
	const asked = askedOf(call);
	return isIpAddress(asked) ? (await resolve(call, asked, 'one', '')).host : asked;
}

/** What an item says of the host that was found for what was asked; nothing where it was not looked up. */
export function resolutionOf(call: Call): IDataObject {
	const resolved = resolutions.get(call);
	return resolved === undefined
		? {}
		: { resolved: { asked: resolved.asked, host: resolved.host, lastSeen: resolved.lastSeen } };
}

/** Host Name, which one host can have. */
function askedOf(call: Call): string {
	const name = call.filled(
		'hostName',
		'Host Name',
		'Fill in the name of the host as Cynet shows it, for example WS-0142.',
	);
	if (isIpAddress(name)) {
		if (!call.optionFlag('resolveIp', 'Resolve IP')) {
			throw call.refuse(
				`"Host Name" is an IP address (${name})`,
				'Cynet takes the name of a host: fill in its name, or turn on the option Resolve IP to look it up.',
			);
		}
		const flaw = flawOfAddress(name);
		if (flaw === null) return name;
		throw call.refuse(
			`"Host Name" is an IP address of no single host (${name}): ${flaw}`,
			'Fill in the name of the host, or the address that it has in its network.',
		);
	}
	const why = flawOfHostName(String(call.located('hostName')));
	if (why === null) return name;
	throw call.refuse(
		`"Host Name" cannot be the name of a host: ${why}`,
		'Fill in the name of one host as Cynet shows it, for example WS-0142.',
	);
}

function checkOf(call: Call): Check {
	const chosen = call.hasOption('hostCheck') ? call.option('hostCheck') : 'one';
	if (chosen === 'one' || chosen === 'off' || chosen === 'several') return chosen;
	throw call.refuse(
		'"Host Check" is none of its choices',
		'Choose one from the list of the option, or let its expression give one, several or off.',
	);
}

/** @param fate what it means for the action that the list cannot be read */
async function resolve(call: Call, asked: string, check: Check, fate: string): Promise<Resolved> {
	const hosts = await listed(call, fate);
	const found = isIpAddress(asked) ? atAddress(call, hosts, asked) : asked;
	const name = harmless([found]);
	const named = hostsNamed(hosts, found);
	const [first] = named;
	if (first === undefined) {
		throw call.refuse(
			`No host has the name ${name}`,
			`None of the hosts seen in the last ${SEARCHED_DAYS} days has it. Compare it with what Get Many of the resource Host returns, and check that Client ID is the site of the host. To send a name all the same, choose Off under the option Host Check.`,
		);
	}
	const forms = new Set(named.map((host) => sameForm(host.name)));
	if (named.length > 1 && (check === 'one' || forms.size > 1)) {
		const candidates = harmless(
			named.map((host) => `${host.name} (${host.lastSeen ?? 'no time'})`),
		);
		throw call.refuse(
			`${named.length} hosts have the name ${name}, last seen: ${candidates}`,
			'Cynet takes nothing but a name, so it may act on any of them. Fill in a name that one host alone has, or choose One or Several Hosts under the option Host Check.',
		);
	}
	const host = named.find((one) => one.name === found) ?? first;
	const flaw = flawOfHostName(host.name);
	if (flaw !== null)
		throw call.refuse(
			`The name that Cynet has for this host cannot be sent: ${flaw}`,
			'Look for the host in the console of Cynet, and act there.',
		);
	return { asked, host: host.name, lastSeen: host.lastSeen, system: host.system };
}

function atAddress(call: Call, hosts: readonly KnownHost[], ip: string): string {
	const found = hostsAt(hosts, canonicalIp(ip)!);
	const [first] = found;
	if (first === undefined || (found.length === 1 && first.name === '')) {
		throw call.refuse(
			`No host has the IP address ${ip}`,
			`None of the hosts seen in the last ${SEARCHED_DAYS} days had it last. Fill in the name of the host.`,
		);
	}
	if (found.length === 1) return first.name;
	const shown = harmless(found.map(({ name }) => name || 'one without a name'));
	throw call.refuse(
		`${found.length} hosts have the IP address ${ip}: ${shown}`,
		'Fill in the name of the one that is meant.',
	);
}

async function listed(call: Call, fate: string): Promise<readonly KnownHost[]> {
	try {
		return await knownHosts(call);
	} catch (error) {
		if (error instanceof NodeApiError)
			error.description = `${fate} ${error.description ?? ''}`.trim();
		throw new NodeApiError(call.context.getNode(), error as JsonObject);
	}
}

/** What the server says, harmless to show. */
const harmless = (names: readonly string[]): string =>
	presentable(
		names.slice(0, CANDIDATES_SHOWN).join(', ') + (names.length > CANDIDATES_SHOWN ? ', …' : ''),
		[],
	);

/** The first resolution of this item in the execution. */
async function kept(call: Call, asked: string, find: () => Promise<Resolved>): Promise<Resolved> {
	const book = bookOf<Resolved>(call, 'foundByCynet');
	return (book[keyOf(...placeOf(call), await call.site(), asked)] ??= await find());
}
