import type { IDataObject } from 'n8n-workflow';
import { parseTime } from '../time';
import { Facts } from './facts';
import { cut, leefHeader, leefValue } from './harmless';
import { item } from './headline';
import type { AlertRecord } from './record';
import { fileName, isEmpty, isIp } from './values';

/** QRadar takes 32,000 characters of a line at most, when told to. */
const MOST_OF_LINE = 30_000;
const MOST_OF_VALUE = 1_000;

/** From 1 to 10. Unknown is in the middle, for in doubt an alert is not overlooked. */
const SEVERITY: Readonly<Record<number, number>> = { 1: 1, 2: 3, 3: 5, 4: 8, 5: 10 };
const MIDDLE = 5;

/**
 * Predefined attributes of LEEF first; the others are our own. Short ones before those of which an
 * attacker chooses the length.
 */
const KEYS: ReadonlyArray<
	readonly [
		key: string,
		fact: string,
		fits?: (text: string) => boolean,
		shape?: (text: string) => unknown,
	]
> = [
	['src', 'hostIp', isIp],
	['dst', 'ip', isIp],
	['status', 'status'],
	['alertId', 'id'],
	['site', 'clientId'],
	['dedupKey', 'dedupKey'],
	['event', 'event'],
	['firstSeen', 'firstSeenAt', undefined, parseTime],
	['lastSeen', 'lastSeenAt', undefined, parseTime],
	['action', 'prevention'],
	['identHostName', 'host'],
	['usrName', 'user'],
	['groupName', 'scanGroup'],
	['fileName', 'path', undefined, fileName],
	['fileHash', 'sha256'],
	['malware', 'malware'],
	['osName', 'os'],
	['domain', 'domain'],
	['url', 'url'],
	['filePath', 'path'],
	['commandLine', 'commandLine'],
	['recommendation', 'recommendation'],
	['description', 'description'],
];

/**
 * A line of the Log Event Extended Format 2.0
 * (https://www.ibm.com/docs/en/dsm?topic=overview-leef-event-components) without a header of
 * syslog.
 * Attributes are parted by tabs; the id of the event is the name of the alert.
 */
export function leef(alert: AlertRecord, most = MOST_OF_LINE): IDataObject {
	const facts = new Facts(alert);
	const name = cut(leefHeader(cut(facts.take('name') ?? '', MOST_OF_VALUE)), 255) || 'Alert';
	const at = facts.time;
	const pairs: Array<[string, unknown]> = [
		['sev', SEVERITY[facts.severity ?? NaN] ?? MIDDLE],
		['severity', facts.take('severity')],
		['cat', facts.take('type') ?? 'Unknown'],
		['devTime', at === undefined ? undefined : Date.parse(at)],
		['techniques', facts.techniques.join(' ')],
		['tags', facts.tags.join(', ')],
	];
	for (const [key, fact, fits, shape = String] of KEYS) {
		const known = facts.take(fact, fits);
		if (known !== undefined) pairs.push([key, shape(known)]);
	}
	const rest = facts.rest();
	if (!isEmpty(rest)) pairs.push(['unmapped', JSON.stringify(rest)]);
	let text = `LEEF:2.0|Cynet|Cynet 360|1.0|${name}|x09|`;
	for (const [key, value] of pairs) {
		if (isEmpty(value)) continue;
		const isLast = key === 'unmapped';
		const room = most - text.length - key.length - 2;
		const limit = isLast ? room : Math.min(room, MOST_OF_VALUE);
		if (limit < 1) break;
		text += `${text.endsWith('|') ? '' : '\t'}${key}=${cut(leefValue(cut(String(value), 2 * limit)), limit)}`;
	}
	return item(alert, { leef: text });
}
