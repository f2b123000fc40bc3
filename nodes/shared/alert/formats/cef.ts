import type { IDataObject } from 'n8n-workflow';
import { SEVERITIES, SEVERITY_UNKNOWN } from '../codes';
import { parseTime } from '../time';
import { Facts } from './facts';
import { cefHeader, cefValue, cut, fittedBlock } from './harmless';
import { item } from './headline';
import { CUT_MARK } from './page';
import type { AlertRecord } from './record';
import { fileName, ipVersion, isEmpty } from './values';

/** The severity of CEF's header, 0 to 10, by the vendor's. A native line has 8 with `sev=High`. */
const SEVERITY: Readonly<Record<number, number>> = { 1: 1, 2: 3, 3: 5, 4: 8, 5: 10 };

/** By the vendor's type, where its native lines show one: of files and hosts. */
const CATEGORY: Readonly<Record<number, string>> = { 0: 'END-POINT Alert', 5: 'END-POINT Alert' };

type Shape = (text: string) => string | number | null | undefined;

const upper: Shape = (text) => text.toUpperCase();
const epoch: Shape = parseTime;
/** `MMM dd yyyy HH:mm:ss.SSS` in UTC, as the vendor writes it. */
const longTime: Shape = (iso) => {
	const [year, month, day, time] = iso.slice(0, -1).split(/[-T]/);
	return `${MONTHS[Number(month) - 1]} ${day} ${year} ${time}`;
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const isIpv4 = (text: string): boolean => ipVersion(text) === 4;
const isIpv6 = (text: string): boolean => ipVersion(text) === 6;

/**
 * The keys of the vendor's own lines (its syslog output, as published by those who parse it), so
 * that a parser for them goes
 * on working; `start`, `end`, `c6a2` and `c6a3` are of the CEF dictionary. A key whose fact is not
 * known, or does not fit it, is left out. What
 * tells when, how severe and what was done comes first, what an attacker words after it: a reader
 * that stops in the middle has the rest.
 */
const KEYS: ReadonlyArray<
	readonly [key: string, fact: string, shape?: Shape, fits?: (text: string) => boolean]
> = [
	['rt', 'createdAt', epoch],
	['rtUtc', 'createdAt', longTime],
	['start', 'firstSeenAt', epoch],
	['end', 'lastSeenAt', epoch],
	['act', 'prevention'],
	['actRem', 'desiredPrevention'],
	['remedStat', 'remediation'],
	['externalId', 'id'],
	['clientId', 'clientId'],
	['src', 'hostIp', String, isIpv4],
	['c6a2', 'hostIp', String, isIpv6],
	['dst', 'ip', String, isIpv4],
	['c6a3', 'ip', String, isIpv6],
	['fileHash', 'sha256', upper],
	['pFileHash', 'parent.sha256', upper],
	['gpFileHash', 'grandparent.sha256', upper],
	['epsVer', 'agentVersion'],
	['osVer', 'os'],
	['scanGroupName', 'scanGroup'],
	['dhost', 'host'],
	['duser', 'user'],
	['destinationDnsDomain', 'domain'],
	['requestUrl', 'url'],
	['fname', 'path', fileName],
	['filePath', 'path'],
	['pprUser', 'parent.user'],
	['ppParams', 'parent.path'],
	['gpprUser', 'grandparent.user'],
	['gpParams', 'grandparent.path'],
	['pParams', 'commandLine'],
	['msg', 'recommendation'],
];

/** What the dictionary says of keys for addresses of IPv6. */
const LABELS: ReadonlyMap<string, string> = new Map([
	['c6a2', 'Source IPv6 Address'],
	['c6a3', 'Destination IPv6 Address'],
]);

/**
 * The vendor's own lines have a whole number as their signature, and are dropped without one: this
 * one says that the type is not known.
 */
const NO_TYPE = 99;

/**
 * A value of which an attacker chooses the length, and all that is left: a collector of syslog
 * takes 64 KB as a rule.
 */
const MOST_OF_NAME = 500;
const MOST_OF_VALUE = 4_000;
const MOST_OF_REST = 24_000;

/**
 * One line of ArcSight's Common Event Format, version 0. The signature is the vendor's number for
 * the type of alert, as in its own
 * lines. What its keys have no place for is JSON in `cynetUnmapped`.
 */
export function cef(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const at = facts.time;
	const header = [
		'Cynet',
		'Cynet 360',
		'',
		facts.type ?? NO_TYPE,
		cefHeader(cut(facts.take('name') ?? '', MOST_OF_NAME)) || 'Alert',
		SEVERITY[facts.severity ?? NaN] ?? 0,
	];
	const pairs: Array<[string, unknown]> = [
		// Google's parser takes the time of the event from this key; without it, it reads "rt" as seconds.
		['dtUtc', at && longTime(at)],
		['sev', facts.take('severity') ?? UNKNOWN],
		['cat', CATEGORY[facts.type ?? NaN]],
	];
	for (const [key, fact, shape = String, fits] of KEYS) {
		const known = facts.take(fact, fits);
		if (known === undefined) continue;
		pairs.push([key, shape(known)], [`${key}Label`, LABELS.get(key)]);
	}
	// The key of the alert is in it at least.
	pairs.push([REST, JSON.stringify(facts.rest())]);
	const extension = pairs
		.filter(([, value]) => !isEmpty(value))
		.map(
			([key, value]) =>
				`${key}=${fittedBlock(String(value), key === REST ? MOST_OF_REST : MOST_OF_VALUE, cefValue, CUT_MARK)}`,
		);
	return item(alert, { cef: `CEF:0|${header.join('|')}|${extension.join(' ')}` });
}

const REST = 'cynetUnmapped';
const UNKNOWN = SEVERITIES[SEVERITY_UNKNOWN] as string;
