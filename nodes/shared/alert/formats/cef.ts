import type { IDataObject } from 'n8n-workflow';
import { SEVERITIES, codeName } from '../codes';
import { parseTime } from '../time';
import { Facts } from './facts';
import { cefHeader, cefValue } from './harmless';
import { item } from './headline';
import type { AlertRecord } from './record';
import { fileName, isEmpty } from './values';

/** The severity of CEF's header, 0 to 10, by the vendor's. A native line has 8 with `sev=High`. */
const SEVERITY: Readonly<Record<number, number>> = { 1: 1, 2: 3, 3: 5, 4: 8, 5: 10 };

/** By the vendor's type, where its native lines show one: of files and hosts. */
const CATEGORY: Readonly<Record<number, string>> = { 0: 'END-POINT Alert', 5: 'END-POINT Alert' };

type Shape = (text: string) => string | number | null | undefined;

const upper: Shape = (text) => text.toUpperCase();
const epoch: Shape = parseTime;
/** `MMM dd yyyy HH:mm:ss.SSS` in UTC, as the vendor writes it. */
const longTime: Shape = (iso) => {
	const [, year, month, day, time] = /^(\d+)-(\d\d)-(\d\d)T([\d:.]+)Z$/.exec(iso) ?? [];
	return `${MONTHS[Number(month) - 1]} ${day} ${year} ${time}`;
};
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * The keys of the vendor's own lines (its syslog output, as published by those who parse it), so that a parser for them goes
 * on working; `start` and `end` are of the CEF dictionary. A key whose fact is not known is left out.
 */
const KEYS: ReadonlyArray<readonly [key: string, fact: string, shape?: Shape]> = [
	['externalId', 'id'],
	['clientId', 'clientId'],
	['scanGroupName', 'scanGroup'],
	['duser', 'user'],
	['dhost', 'host'],
	['src', 'hostIp'],
	['dst', 'ip'],
	['destinationDnsDomain', 'domain'],
	['requestUrl', 'url'],
	['filePath', 'path'],
	['fname', 'path', fileName],
	['fileHash', 'sha256', upper],
	['pParams', 'commandLine'],
	['pFileHash', 'parent.sha256', upper],
	['pprUser', 'parent.user'],
	['ppParams', 'parent.path'],
	['gpFileHash', 'grandparent.sha256', upper],
	['gpprUser', 'grandparent.user'],
	['gpParams', 'grandparent.path'],
	['osVer', 'os'],
	['epsVer', 'agentVersion'],
	['act', 'prevention'],
	['rt', 'createdAt', epoch],
	['rtUtc', 'createdAt', longTime],
	['start', 'firstSeenAt', epoch],
	['end', 'lastSeenAt', epoch],
	['msg', 'recommendation'],
];

/**
 * One line of ArcSight's Common Event Format, version 0. The signature is the vendor's number for the type of alert, as in its own
 * lines. What its keys have no place for is JSON in `cynetUnmapped`.
 */
export function cef(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const header = ['Cynet', 'Cynet 360', '', facts.type ?? '', facts.take('name') ?? '', SEVERITY[facts.severity ?? NaN] ?? 0];
	const pairs: Array<[string, unknown]> = [
		['sev', facts.take('severity') ?? codeName(SEVERITIES, facts.severity)],
		['cat', CATEGORY[facts.type ?? NaN]],
	];
	for (const [key, fact, shape = String] of KEYS) {
		const known = facts.take(fact);
		if (known !== undefined) pairs.push([key, shape(known)]);
	}
	const rest = facts.rest();
	if (!isEmpty(rest)) pairs.push(['cynetUnmapped', JSON.stringify(rest)]);
	const extension = pairs.filter(([, value]) => !isEmpty(value)).map(([key, value]) => `${key}=${cefValue(String(value))}`);
	return item(alert, { cef: `CEF:0|${header.map((field) => cefHeader(String(field))).join('|')}|${extension.join(' ')}` });
}
