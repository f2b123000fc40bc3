import type { IDataObject } from 'n8n-workflow';
import { Facts } from './facts';
import { fittedBlock } from './harmless';
import { headline, item } from './headline';
import { preventionOf, SYSTEMS } from './ocsf-values';
import type { AlertRecord } from './record';
import { account, filled, isIp, listOf } from './values';

/** Of a field, and of what no field has a place for. */
const MOST = 8_000;
const MOST_UNMAPPED = 32_000;

const SEVERITY: Readonly<Record<number, string>> = {
	1: 'INFORMATIONAL',
	2: 'LOW',
	3: 'MEDIUM',
	4: 'HIGH',
	5: 'CRITICAL',
};
/** By OCSF's disposition. */
const ACTION: Readonly<Record<number, string>> = {
	2: 'BLOCK',
	3: 'QUARANTINE',
	4: 'BLOCK',
	5: 'BLOCK',
	15: 'ALLOW',
};
/** By ECS's type of an operating system. */
const PLATFORM: Readonly<Record<string, string>> = {
	windows: 'WINDOWS',
	macos: 'MAC',
	linux: 'LINUX',
};

/**
 * An event of Google's Unified Data Model
 * (https://cloud.google.com/chronicle/docs/reference/udm-field-list), as its API takes it in
 * `events`.
 * What the model has no field for is under `additional`. Google's own parser for Cynet reads the CEF line instead.
 */
export function udm(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const told = (fact: string, fits?: (text: string) => boolean): string | undefined =>
		text(facts.take(fact, fits));
	const hostname = told('host');
	const ip = listOf(told('hostIp', isIp));
	const os = told('os');
	const user = told('user');
	const sha256 = told('sha256');
	const path = told('path');
	const prevention = facts.look('prevention');
	const principal = filled({
		hostname,
		ip,
		asset: filled({
			hostname,
			ip,
			platform_software: os && {
				platform:
					PLATFORM[SYSTEMS.find(([pattern]) => pattern.test(os))?.[2] ?? ''] ?? 'UNKNOWN_PLATFORM',
				platform_version: os,
			},
		}),
		user: user && filled({ userid: account(user).name }),
		administrative_domain: user && account(user).domain,
		process: processOf(facts, told('commandLine')),
	});
	const target = filled({
		hostname: told('domain'),
		ip: listOf(told('ip', isIp)),
		url: told('url'),
		file: filled({ full_path: path, sha256 }),
		group: filled({ group_display_name: told('scanGroup') }),
	});
	const event = {
		metadata: filled({
			event_timestamp: facts.time ?? new Date(0).toISOString(),
			event_type: typeOf(principal, target),
			vendor_name: 'Cynet',
			product_name: 'Cynet 360',
			product_log_id: text(facts.look('dedupKey')),
			product_event_type: told('type'),
			description: headline(alert),
		}),
		principal,
		target,
		security_result: [
			filled({
				rule_name: told('name'),
				summary: text(facts.look('name')),
				description: told('description'),
				severity: SEVERITY[facts.severity ?? NaN] ?? 'UNKNOWN_SEVERITY',
				severity_details: told('severity'),
				alert_state: 'ALERTING',
				action: listOf(ACTION[preventionOf(prevention)?.disposition[0] ?? NaN] ?? 'UNKNOWN_ACTION'),
				action_details: told('prevention'),
				threat_name: told('malware'),
				category_details: listOf(told('malwareType')),
				detection_fields: [
					...facts.tags.map((tag) => ({ key: 'tag', value: text(tag) })),
					...listOf(told('recommendation')).map((value) => ({ key: 'recommendation', value })),
				],
				attack_details: filled({
					techniques: facts.techniques.map((id) =>
						id.includes('.') ? { id: id.replace(/\..*/, ''), subtechnique_id: id } : { id },
					),
				}),
			}),
		],
	};
	return item(alert, {
		udm: filled({
			...event,
			// The key of the alert is in it at least.
			additional: { cynet: text(JSON.stringify(facts.rest()), MOST_UNMAPPED) },
		}) as IDataObject,
	});
}

function text(value: string | undefined, most = MOST): string | undefined {
	return value === undefined ? undefined : fittedBlock(value, most);
}

/** The most special type of which the event has what it must have: a machine, and a file of it. */
function typeOf(principal: IDataObject | undefined, target: IDataObject | undefined): string {
	const isMachine = principal?.hostname !== undefined || principal?.ip !== undefined;
	if (isMachine && target?.file !== undefined) return 'FILE_UNCATEGORIZED';
	return isMachine ? 'STATUS_UPDATE' : 'GENERIC_EVENT';
}

function processOf(facts: Facts, command_line: string | undefined): IDataObject | undefined {
	const parent = fileOf(facts, 'parent');
	const grandparent = fileOf(facts, 'grandparent');
	return filled({
		command_line,
		parent_process: filled({ ...parent, parent_process: grandparent }),
	});
}

/** Who ran it, the model has no place for. */
function fileOf(facts: Facts, which: 'parent' | 'grandparent'): IDataObject | undefined {
	const [pid, path, sha256] = ['pid', 'path', 'sha256'].map((fact) =>
		text(facts.take(`${which}.${fact}`)),
	);
	return filled({ pid, file: filled({ full_path: path, sha256 }) });
}
