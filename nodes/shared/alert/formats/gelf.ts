import type { IDataObject } from 'n8n-workflow';
import { Facts } from './facts';
import { fittedBlock } from './harmless';
import { headline, item } from './headline';
import type { AlertRecord } from './record';
import { isEmpty } from './values';

/**
 * Severities of syslog by those of the vendor. Unknown counts as a warning, for in doubt an alert
 * is not overlooked.
 */
const LEVEL: Readonly<Record<number, number>> = { 1: 6, 2: 5, 3: 4, 4: 3, 5: 2 };
const WARNING = 4;

/** Lucene refuses a word of more than 32,766 bytes; a whole message over HTTP may have more than all fields here. */
const MOST_BYTES = 8_000;
const MOST_UNMAPPED = 32_000;

/** Which additional field tells which fact. */
const FIELDS: ReadonlyArray<readonly [field: string, fact: string]> = [
	['_alert_id', 'id'],
	['_site', 'clientId'],
	['_dedup_key', 'dedupKey'],
	['_event', 'event'],
	['_alert_name', 'name'],
	['_severity', 'severity'],
	['_status', 'status'],
	['_type', 'type'],
	['_host_name', 'host'],
	['_host_ip', 'hostIp'],
	['_host_os', 'os'],
	['_scan_group', 'scanGroup'],
	['_user_name', 'user'],
	['_file_path', 'path'],
	['_file_sha256', 'sha256'],
	['_command_line', 'commandLine'],
	['_parent_path', 'parent.path'],
	['_parent_sha256', 'parent.sha256'],
	['_domain', 'domain'],
	['_url', 'url'],
	['_ip', 'ip'],
	['_malware', 'malware'],
	['_malware_type', 'malwareType'],
	['_engine', 'engine'],
	['_prevention', 'prevention'],
	['_created_at', 'createdAt'],
	['_first_seen_at', 'firstSeenAt'],
	['_last_seen_at', 'lastSeenAt'],
	['_changed_at', 'changedAt'],
	['_recommendation', 'recommendation'],
];

/**
 * A message of Graylog's Extended Log Format 1.1
 * (https://go2docs.graylog.org/current/getting_in_log_data/gelf.html): `host` is the host that the
 * alert is about, `timestamp` when the alert was seen last, in seconds. What no field has a place
 * for is JSON in `_unmapped`.
 */
export function gelf(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const told = (fact: string, most = MOST_BYTES): string => text(facts.take(fact) ?? '', most);
	const fields = FIELDS.map(([field, fact]) => [field, told(fact)] as const);
	const unmapped = {
		full_message: told('description', MOST_UNMAPPED),
		_techniques: facts.techniques.join(' '),
		_tags: text(facts.tags.join(', '), MOST_BYTES),
	};
	const at = facts.time;
	const rest = facts.rest();
	const message = {
		version: '1.1',
		host: told('host') || 'Cynet 360',
		short_message: headline(alert),
		...(at !== undefined && { timestamp: Date.parse(at) / 1000 }),
		level: LEVEL[facts.severity ?? NaN] ?? WARNING,
		...(alert.simple.severityLevel !== null && { _severity_level: alert.simple.severityLevel }),
		...Object.fromEntries(
			[...Object.entries(unmapped), ...fields].filter(([, value]) => value !== ''),
		),
		...(!isEmpty(rest) && { _unmapped: text(JSON.stringify(rest), MOST_UNMAPPED) }),
	};
	return item(alert, { gelf: message as IDataObject });
}

const text = (value: string, most: number): string =>
	fittedBlock(value, most, String, '…', Buffer.byteLength);
