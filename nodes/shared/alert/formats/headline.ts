import type { IDataObject } from 'n8n-workflow';
import { SEVERITIES, SEVERITY_UNKNOWN, codeName } from '../codes';
import { cut, plain } from './harmless';
import type { AlertRecord } from './record';

/** Slack takes 150 characters for a header, ServiceNow 160, Jira 255. */
const MOST = 150;
const MOST_OF_HOST = 50;
const MOST_OF_SEVERITY = 20;

/**
 * `[High] Malicious Binary on WS-0142`: one line of at most 150 UTF-16 units in which nothing is a
 * link, a mention or markup, whoever reads it.
 */
export function headline({ simple }: AlertRecord): string {
	const shown = (value: unknown, most: number): string =>
		cut(plain(cut(String(value), 10 * most)), most);
	const severity = `[${shown(severityOf(simple), MOST_OF_SEVERITY)}] `;
	const host = typeof simple.host === 'string' ? ` on ${shown(simple.host, MOST_OF_HOST)}` : '';
	return `${severity}${shown(simple.name ?? `Alert ${String(simple.id ?? simple.dedupKey)}`, MOST - severity.length - host.length)}${host}`;
}

const severityOf = (simple: AlertRecord['simple']): string =>
	typeof simple.severity === 'string'
		? simple.severity
		: (codeName(SEVERITIES, simple.severityLevel) ?? (SEVERITIES[SEVERITY_UNKNOWN] as string));

/**
 * An item of a format: what is its own, between the line for people and what a workflow sorts,
 * counts and stores by. `severity` is a name,
 * "Unknown" where Cynet names none; `severityLevel` is 1 (information) to 5 (critical), else null.
 */
export function item(alert: AlertRecord, own: IDataObject): IDataObject {
	const { simple } = alert;
	return {
		title: headline(alert),
		...own,
		dedupKey: simple.dedupKey as string,
		severity: severityOf(simple),
		severityLevel: (simple.severityLevel ?? null) as number | null,
	};
}

/** What a person reads first: the label, and the field of the simplified form. */
export const LABELS: ReadonlyArray<readonly [label: string, field: string]> = [
	['Name', 'name'],
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
	['Techniques', 'techniques'],
	['Tags', 'tags'],
	['Created', 'createdAt'],
	['First seen', 'firstSeenAt'],
	['Last seen', 'lastSeenAt'],
	['Changed', 'changedAt'],
	['Event', 'event'],
	['Site', 'clientId'],
	['Alert', 'id'],
	['Key', 'dedupKey'],
];

/** What may be long: it comes last, and is cut first. */
export const LONG: ReadonlyArray<readonly [label: string, field: string]> = [
	['Recommendation', 'recommendation'],
	['Command line', 'commandLine'],
	['Description', 'description'],
];
