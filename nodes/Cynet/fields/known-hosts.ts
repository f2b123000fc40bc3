import type { IDataObject } from 'n8n-workflow';
import { mayBeSameHost, sameForm } from '../../shared/alert/host-name';
import { parseTime } from '../../shared/alert/time';
import { fetchInventory } from '../../shared/api/inventory';
import { nameOf } from '../../shared/api/records';
import { keyOf } from '../../shared/api/words';
import { clock } from '../../shared/clock';
import type { Call } from '../call';
import { canonicalIp, flawOfAddress } from './address';

const DAY = 24 * 3600_000;
/** How far back hosts count that a search finds. */
export const SEARCHED_DAYS = 30;

/** A row of Cynet's list of hosts. */
export interface KnownHost {
	/** As Cynet writes it; empty where it has none. */
	readonly name: string;
	/** In one form each. */
	readonly addresses: readonly string[];
	/** When Cynet saw it last, ISO 8601 in UTC, or null. */
	readonly lastSeen: string | null;
	/** The operating system as Cynet writes it, or null. */
	readonly system: string | null;
}

/**
 * The hosts that Cynet has seen in the last 30 days, each once. All items of an execution that ask
 * the same site with the same account
 * share one list.
 *
 * @throws NodeApiError
 */
export async function knownHosts(call: Call): Promise<readonly KnownHost[]> {
	const { hosts } = call.execution;
	const key = await call.accountAtSite();
	const list = hosts.get(key) ?? read(call);
	hosts.set(key, list);
	list.catch(() => hosts.delete(key));
	return await list;
}

async function read(call: Call): Promise<readonly KnownHost[]> {
	const rows = await fetchInventory(
		call.context,
		'hosts',
		clock.now() - SEARCHED_DAYS * DAY,
		call.route,
	);
	const byId = new Map(rows.map((row, index) => [row.ClientDbId ?? `row ${index}`, row]));
	return [...byId.values()].map((row) => ({
		name: nameOf('host', row) ?? '',
		addresses: addressesOf(row),
		lastSeen: lastSeenOf(row),
		system: systemOf(row),
	}));
}

/** The hosts that have an address, in one form each. */
export const hostsAt = (hosts: readonly KnownHost[], address: string): KnownHost[] =>
	hosts.filter(({ addresses }) => addresses.includes(address));

/** The hosts of a name in any letters; where none has it, those whose name is the same with or without its domain. */
export function hostsNamed(hosts: readonly KnownHost[], name: string): KnownHost[] {
	const same = hosts.filter((host) => sameForm(host.name) === sameForm(name));
	return same.length > 0
		? same
		: hosts.filter((host) => host.name !== '' && mayBeSameHost(host.name, name));
}

/** Fields that hold addresses of the host itself. One published client reads LastIp; others may be added. */
const ADDRESS_FIELD =
	/^(?:last|host|local|private|internal|current|primary|secondary)?ip(?:v?[46])?(?:address(?:es)?|s|list)?$/;

function addressesOf(row: IDataObject): string[] {
	const values = Object.entries(row)
		.filter(([key]) => ADDRESS_FIELD.test(keyOf(key)))
		.flatMap(([, value]) => textsIn(value));
	const found = values
		.flatMap((text) => text.split(/[\s,;|]+/))
		.filter((text) => text !== '' && flawOfAddress(text) === null);
	return [...new Set(found.map((text) => canonicalIp(text)!))];
}

/** The texts of a text, of a list of texts, or of a list of objects that hold texts. */
function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	const inner = Array.isArray(value)
		? value.flatMap((one: unknown) =>
				typeof one === 'object' && one !== null ? Object.values(one) : [one],
			)
		: [];
	return inner.filter((one) => typeof one === 'string');
}

const TIMES = ['LastSeenUtc', 'LastSeen', 'LastUpdate', 'LastScanUTC', 'LastScan'];

function lastSeenOf(row: IDataObject): string | null {
	const times = TIMES.map((field) => parseTime(row[field])).filter((time) => time !== null);
	return times.length === 0 ? null : new Date(Math.max(...times)).toISOString();
}

function systemOf({ OperatingSystem: system }: IDataObject): string | null {
	return typeof system === 'string' && system.trim() !== '' ? system.trim() : null;
}

/** Whether an operating system is known not to be Windows. One that is not known may be. */
export function isNotWindows(system: string | null): boolean {
	return (
		system !== null &&
		!/windows/i.test(system) &&
		/mac|os ?x|darwin|linux|ubuntu|debian|centos|red ?hat|rhel|fedora|suse|oracle|alma|rocky|amazon|android|\bios\b|unix|bsd|solaris|aix|chrome ?os/i.test(
			system,
		)
	);
}
