import type { IDataObject } from 'n8n-workflow';
import { parseTime } from '../time';
import { Facts, type ProcessFacts } from './facts';
import { json } from './harmless';
import {
	ACTIVITY,
	CLOSE,
	MALWARE,
	OBSERVABLES,
	SEVERITY,
	STATUS,
	SYSTEMS,
	UNKNOWN,
	preventionOf,
	type Choice,
} from './ocsf-values';
import type { AlertRecord } from './record';
import { account, extension, fileName, filled, isIp, listOf } from './values';

const PRODUCT = { name: 'Cynet 360', vendor_name: 'Cynet' };
/** The vendor's status "Closed". */
const CLOSED = 3;
/** The vendor's type "File". */
const FILE = 0;

/**
 * A Detection Finding (class 2004) of OCSF 1.8.0, with the profiles Host and Security Control.
 * Times are milliseconds since the
 * epoch. What OCSF has no attribute for is under `unmapped`, the vendor's object as text in `raw_data`.
 */
export function ocsf(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const [activity_id, activity_name] = activityOf(facts);
	const [severity_id, severity] = named(SEVERITY, facts.severity, facts.take('severity'));
	const [status_id, status] = named(STATUS, facts.status, facts.look('status'));
	const prevention = preventionOf(facts.look('prevention'));
	const [action_id, action] = prevention?.action ?? UNKNOWN;
	const [disposition_id, disposition] = prevention?.disposition ?? UNKNOWN;
	const created = time(facts, 'createdAt');
	const firstSeen = time(facts, 'firstSeenAt');
	const lastSeen = time(facts, 'lastSeenAt');
	const changed = time(facts, 'changedAt');

	const event = {
		activity_id,
		activity_name,
		severity_id,
		severity,
		status_id,
		status,
		action_id,
		action,
		disposition_id,
		disposition,
		category_uid: 2,
		category_name: 'Findings',
		class_uid: 2004,
		class_name: 'Detection Finding',
		type_uid: 200400 + activity_id,
		type_name: `Detection Finding: ${activity_name}`,
		// Required: an alert without any time has the epoch, which nobody takes for a real one.
		time: created ?? firstSeen ?? lastSeen ?? changed ?? 0,
		start_time: firstSeen,
		end_time: lastSeen,
		status_code: facts.status?.toString(),
		status_detail: facts.take('status'),
		is_alert: true,
		message: facts.look('name'),
		metadata: metadata(facts),
		finding_info: {
			...filled({
				uid_alt: facts.take('uniqueness'),
				title: facts.take('name'),
				desc: facts.take('description'),
				types: listOf(facts.take('type')),
				created_time: created,
				first_seen_time: firstSeen,
				last_seen_time: lastSeen,
				modified_time: changed,
				analytic: analytic(facts.take('engine')),
				attacks: facts.techniques.map(attack),
			}),
			uid: findingUid(facts),
		},
		resources: listOf(resource(facts)),
		device: device(facts),
		malware: listOf(malware(facts)),
		evidences: listOf(evidence(facts)),
		remediation: filled({ desc: facts.take('recommendation') }),
	};
	return filled({
		...json(event),
		observables: OBSERVABLES.flatMap(([name, [type_id, type]]) => {
			const value = at(event, name);
			return typeof value === 'string' ? [json({ name, type_id, type, value })] : [];
		}),
		raw_data: alert.original && JSON.stringify(alert.original),
		unmapped: json(facts.rest()),
	}) as IDataObject;
}

/** Unknown unless the trigger said what happened. */
function activityOf(facts: Facts): Choice {
	const event = facts.look('event') ?? '';
	if (event === 'updated' && facts.status === CLOSED) return CLOSE;
	return ACTIVITY.get(event) ?? UNKNOWN;
}

function named(
	choices: Readonly<Record<number, Choice>>,
	code: number | null,
	name: string | undefined,
): Choice {
	if (code === null && name === undefined) return UNKNOWN;
	return choices[code ?? NaN] ?? [99, name ?? String(code)];
}

const time = (facts: Facts, fact: string): number | null => parseTime(facts.take(fact));

/** The same for every event of one alert. */
function findingUid(facts: Facts): string {
	const id = facts.take('id');
	return id === undefined ? eventUid(facts) : `${facts.look('clientId') ?? ''}:${id}`;
}

/** As the key for ticketing systems: with the time of it for what can happen more than once. */
const eventUid = (facts: Facts): string => (facts.look('dedupKey') ?? '').replace(/^cynet:/, '');

function metadata(facts: Facts): IDataObject {
	const dateIn = facts.alert.original?.DateIn;
	return {
		version: '1.8.0',
		profiles: ['host', 'security_control'],
		product: PRODUCT,
		log_name: 'alerts',
		log_provider: 'Cynet API',
		reporter: { name: 'n8n-nodes-cynet' },
		uid: eventUid(facts),
		...filled({
			tenant_uid: facts.take('clientId'),
			original_time: typeof dateIn === 'string' ? dateIn : null,
		}),
	};
}

const analytic = (name: string | undefined) => name && { name, type_id: 0, type: 'Unknown' };
const attack = (uid: string) =>
	uid.includes('.')
		? { technique: { uid: uid.replace(/\..*/, '') }, sub_technique: { uid } }
		: { technique: { uid } };
const userOf = (user: string | undefined) => user && account(user);
const hashesOf = (value: string | undefined) =>
	listOf(value && { algorithm_id: 3, algorithm: 'SHA-256', value });

function resource(facts: Facts): IDataObject | undefined {
	const named = filled({ uid: facts.look('hostId'), name: facts.look('host') });
	return named && { ...named, type: 'host' };
}

/** Only where something says which device it is, as OCSF asks for. */
function device(facts: Facts): IDataObject | undefined {
	const hostname = facts.take('host');
	const ip = facts.take('hostIp', isIp);
	const uid = facts.take('hostId');
	if (!hostname && !ip && !uid) return undefined;
	const system = facts.take('os');
	const [type_id, type] = /\bserver\b/i.test(system ?? '') ? [1, 'Server'] : UNKNOWN;
	const [osTypeId, osType] =
		SYSTEMS.find(([pattern]) => pattern.test(system ?? ''))?.[1] ?? UNKNOWN;
	const group = facts.take('scanGroup');
	const version = facts.take('agentVersion');
	return filled({
		hostname,
		ip,
		uid,
		type_id,
		type,
		os: system && { name: system, type_id: osTypeId, type: osType },
		groups: listOf(group && { name: group }),
		agent_list: listOf(
			version && {
				name: 'Cynet EPS',
				type_id: 1,
				type: 'Endpoint Detection and Response',
				version,
			},
		),
	});
}

function malware(facts: Facts): IDataObject | undefined {
	const name = facts.take('malware');
	if (name === undefined) return undefined;
	const type = facts.take('malwareType');
	const [id, caption] =
		type === undefined ? UNKNOWN : (MALWARE.get(type.toLowerCase()) ?? [99, type]);
	return filled({
		name,
		classification_ids: [id],
		classifications: [caption],
		path: facts.look('path'),
	});
}

function evidence(facts: Facts): IDataObject | undefined {
	const url = facts.take('url');
	return filled({
		process: processes(facts),
		file: file(facts),
		user: userOf(facts.take('user')),
		dst_endpoint: filled({ hostname: facts.take('domain'), ip: facts.take('ip', isIp) }),
		url: url && { url_string: url },
	});
}

/** A file has a name, which only its path tells. */
function file(facts: Facts): IDataObject | undefined {
	const path = facts.take('path');
	if (path === undefined) return undefined;
	const [type_id, type] = facts.type === FILE ? [1, 'Regular File'] : UNKNOWN;
	return filled({
		name: fileName(path) || path,
		path,
		ext: extension(path),
		type_id,
		type,
		hashes: hashesOf(facts.take('sha256')),
	});
}

/**
 * The process that a command line tells of, with its ancestors; without one, the ancestors alone.
 * OCSF wants a process to
 * have an id: the vendor tells none, so the hash is it, or what the finding is known by. An
 * ancestor without a hash stays unmapped.
 */
function processes(facts: Facts): IDataObject | undefined {
	const cmdLine = facts.take('commandLine');
	const own =
		cmdLine &&
		filled({
			uid: facts.look('sha256') ?? `${eventUid(facts)}:process`,
			cmd_line: cmdLine,
			path: facts.look('path'),
			name: fileName(facts.look('path') ?? ''),
		});
	const parent = process(facts, 'parent');
	const grandparent = parent && process(facts, 'grandparent');
	const parents = parent && filled({ ...parent, parent_process: grandparent });
	return own ? filled({ ...own, parent_process: parents }) : parents;
}

function process(facts: Facts, which: 'parent' | 'grandparent'): IDataObject | undefined {
	const { pid, sha256 } = facts.process(which);
	if (pid === undefined && sha256 === undefined) return undefined;
	const { path, user }: ProcessFacts = facts.takeProcess(which);
	const name = fileName(path ?? '');
	const hashed = name !== '' && {
		name,
		path,
		type_id: 1,
		type: 'Regular File',
		hashes: hashesOf(sha256),
	};
	return filled({
		pid,
		uid: pid === undefined || !hashed ? sha256 : null,
		path,
		name,
		file: hashed || null,
		user: userOf(user),
	});
}

/** What an object holds at `a.b[0].c`. */
function at(object: object, path: string): unknown {
	return path
		.match(/[^.[\]]+/g)
		?.reduce<unknown>(
			(inner, key) => (inner as Record<string, unknown> | undefined)?.[key],
			object,
		);
}
