import type { AlertRecord } from './record';
import { cut, inOneLine } from './values';

/** `[High] Malicious Binary on WS-0142`, in one line of at most `most` UTF-16 units. */
export function headline({ simple }: AlertRecord, most: number): string {
	const severity = typeof simple.severity === 'string' ? `[${simple.severity}] ` : '';
	const name = simple.name ?? `Alert ${String(simple.id ?? simple.dedupKey)}`;
	const host = typeof simple.host === 'string' ? ` on ${simple.host}` : '';
	return cut(inOneLine(`${severity}${String(name)}${host}`), most);
}

/** What a person reads first: the label, and the field of the simplified form. */
export const LABELS: ReadonlyArray<readonly [label: string, field: string]> = [
	['Severity', 'severity'],
	['Status', 'status'],
	['Type', 'type'],
	['Host', 'host'],
	['Host IP', 'hostIp'],
	['User', 'user'],
	['Scan group', 'scanGroup'],
	['File', 'path'],
	['SHA-256', 'sha256'],
	['Domain', 'domain'],
	['URL', 'url'],
	['IP', 'ip'],
	['Created', 'createdAt'],
	['First seen', 'firstSeenAt'],
	['Last seen', 'lastSeenAt'],
	['Changed', 'changedAt'],
	['Event', 'event'],
	['Site', 'clientId'],
	['Alert', 'id'],
];
