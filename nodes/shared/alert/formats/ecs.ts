import type { IDataObject } from 'n8n-workflow';
import { Facts } from './facts';
import { fittedBlock } from './harmless';
import { preventionOf, SYSTEMS } from './ocsf-values';
import { CUT_MARK } from './page';
import type { AlertRecord } from './record';
import { account, distinct, extension, fileName, isEmpty, isIp, listOf } from './values';

/** What is the same for every alert. */
const CONSTANTS: IDataObject = {
	'ecs.version': '9.4.0',
	'event.kind': 'alert',
	'event.module': 'cynet',
	'event.dataset': 'cynet.alert',
	'event.provider': 'Cynet 360',
	'observer.vendor': 'Cynet',
	'observer.product': 'Cynet 360',
	'observer.type': 'edr',
};

type Shape = (text: string) => unknown;

/** Which field tells which fact, in which shape; a fact that does not fit stays under `cynet`. */
const FIELDS: ReadonlyArray<
	readonly [field: string, fact: string, shape?: Shape, fits?: (text: string) => boolean]
> = [
	['message', 'name'],
	['rule.name', 'name'],
	['event.start', 'firstSeenAt'],
	['event.end', 'lastSeenAt'],
	['event.created', 'createdAt'],
	['event.action', 'prevention'],
	['organization.id', 'clientId'],
	['host.name', 'host'],
	['host.hostname', 'host'],
	['host.id', 'hostId'],
	['host.ip', 'hostIp', (ip) => [ip], isIp],
	['host.os.full', 'os'],
	['host.os.type', 'os', (os) => SYSTEMS.find(([pattern]) => pattern.test(os))?.[2]],
	['user.name', 'user', (user) => account(user).name],
	['user.domain', 'user', (user) => account(user).domain],
	['file.path', 'path'],
	['file.name', 'path', fileName],
	['file.extension', 'path', extension],
	['file.hash.sha256', 'sha256'],
	['process.command_line', 'commandLine'],
	['process.parent.executable', 'parent.path'],
	['process.parent.name', 'parent.path', fileName],
	['process.parent.pid', 'parent.pid', Number],
	['process.parent.hash.sha256', 'parent.sha256'],
	['process.parent.user.name', 'parent.user'],
	['url.full', 'url'],
	['destination.domain', 'domain'],
	['destination.ip', 'ip', String, isIp],
];

/** What ECS repeats under `related`, so that one search finds it wherever it stands. */
const RELATED: ReadonlyArray<
	readonly [field: string, shape: (text: string) => string, ...facts: string[]]
> = [
	['related.hash', String, 'sha256', 'parent.sha256', 'grandparent.sha256'],
	['related.hosts', String, 'host', 'domain'],
	['related.ip', (ip) => (isIp(ip) ? ip : ''), 'hostIp', 'ip'],
	['related.user', (user) => account(user).name, 'user', 'parent.user', 'grandparent.user'],
];

/** Elastic's scale of detections (21 low, 47 medium, 73 high, 99 critical) by the vendor's severity. */
const SEVERITY: Readonly<Record<number, number>> = { 1: 21, 2: 21, 3: 47, 4: 73, 5: 99 };

/** By the vendor's type; a system's alert belongs to none. */
const CATEGORY: Readonly<Record<number, string>> = {
	0: 'malware',
	1: 'intrusion_detection',
	2: 'intrusion_detection',
	3: 'intrusion_detection',
	4: 'iam',
	5: 'host',
};

/** OCSF's action "Denied". */
const DENIED = 2;

/**
 * A document of the Elastic Common Schema 9 (https://www.elastic.co/docs/reference/ecs).
 * `@timestamp` is when the alert was seen
 * last. What ECS has no field for is under `cynet`: known facts by name, always of one type, and
 * the rest as one text of JSON in
 * `cynet.unmapped`, for an index can take neither any number of fields nor one of two types. The
 * vendor's object is text in `event.original`.
 */
export function ecs(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const category = CATEGORY[facts.type ?? NaN];
	const isDenied = preventionOf(facts.look('prevention'))?.action[0] === DENIED;
	const at = facts.time;
	const id = facts.take('id');
	const techniques = facts.techniques;
	const document = new Document({
		// Required: an alert without any time has the epoch, which nobody takes for a real one.
		'@timestamp': at ?? new Date(0).toISOString(),
		...CONSTANTS,
		'event.id':
			id === undefined ? facts.look('dedupKey') : `${alert.simple.clientId as string}:${id}`,
		'event.severity': SEVERITY[facts.severity ?? NaN],
		'event.category': listOf(category),
		// Of these categories ECS knows "denied" for one only.
		'event.type': isDenied && category === 'intrusion_detection' ? ['info', 'denied'] : ['info'],
		'event.outcome': isDenied ? 'success' : null,
		tags: facts.tags,
		'threat.framework': techniques.length > 0 ? 'MITRE ATT&CK' : null,
		'threat.technique.id': [...new Set(techniques.map((id) => id.replace(/\..*/, '')))],
		'threat.technique.subtechnique.id': techniques.filter((id) => id.includes('.')),
	});
	for (const [field, fact, shape = String, fits] of FIELDS) {
		const known = facts.take(fact, fits);
		if (known !== undefined) document.put(field, shape(known));
	}
	for (const [field, shape, ...sources] of RELATED) {
		document.put(field, [
			...new Set(listOf(...sources.map((fact) => shape(facts.look(fact) ?? '')))),
		]);
	}
	for (const [fact, value] of facts.left()) document.put(`cynet.${fact}`, value);
	const unread = facts.unread();
	if (unread.length > 0)
		document.put('cynet.unmapped', JSON.stringify(Object.fromEntries(distinct(unread))));
	const { original } = alert;
	if (original) (document.content.event as IDataObject).original = JSON.stringify(original);
	return document.content;
}

/** Elasticsearch refuses a document with a word of more than 32,766 bytes in UTF-8. */
const MOST_BYTES = 32_000;

const bounded = (value: unknown): unknown =>
	typeof value === 'string'
		? fittedBlock(value, MOST_BYTES, String, CUT_MARK, Buffer.byteLength)
		: value;

/** An object that is filled by paths such as `host.os.full`. */
class Document {
	readonly content: IDataObject = {};

	constructor(fields: Readonly<Record<string, unknown>>) {
		for (const [field, value] of Object.entries(fields)) this.put(field, value);
	}

	/** What is empty is left out. */
	put(field: string, value: unknown): void {
		if (isEmpty(value)) return;
		const path = field.split('.');
		const last = path.pop() as string;
		const place = path.reduce((inner, key) => (inner[key] ??= {}) as IDataObject, this.content);
		place[last] = (Array.isArray(value) ? value.map(bounded) : bounded(value)) as IDataObject;
	}
}
