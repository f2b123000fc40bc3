import { makeInventory } from '../../simulator/data/inventory.mts';
import { RESOURCES } from '../../nodes/Cynet/resources.ts';
import { MEANINGS, simplified } from './item.mts';

/** As n8n reads it: the fields that it shows before anything ran. */
export interface Schema {
	readonly type: string;
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
}

const SITE = '2251997';
const TEXT: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const FLAG: Schema = { type: 'boolean' };

const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
	type: 'object',
	properties,
});

/** Whatever the example holds. A null counts as text, which is what it stands in for. */
function schemaOf(value: unknown): Schema {
	if (Array.isArray(value)) return list(value.length > 0 ? schemaOf(value[0]) : TEXT);
	if (typeof value !== 'object') return { type: typeof value };
	if (value === null) return TEXT;
	return object(
		Object.fromEntries(Object.entries(value).map(([key, one]) => [key, schemaOf(one)])),
	);
}

/** Fields that have another type where there is something. */
const OF_ALERT: Readonly<Record<string, Schema>> = {
	id: NUMBER,
	severityLevel: NUMBER,
	techniques: list(TEXT),
	tags: list(TEXT),
	// Its keys differ by the kind of alert.
	details: { type: 'object' },
};

/** An alert as Simplify makes it, with what docs/trigger.md says of each field. */
const alert: Schema = object(
	Object.fromEntries(
		Object.keys(simplified()).map((field) => [
			field,
			{
				...(OF_ALERT[field] ?? TEXT),
				description: MEANINGS[field]![0].replace(/`/g, ''),
			},
		]),
	),
);

const { hosts, users } = makeInventory(7, SITE);
const { scanGroup: _, ...host } = hosts[0]!;

const request = (body: Readonly<Record<string, Schema>>): Schema =>
	object({ method: TEXT, path: TEXT, body: object(body) });
const ids = list(NUMBER);
const resolved = object({ asked: TEXT, host: TEXT, lastSeen: TEXT });

const onHost: Schema = object({
	accepted: FLAG,
	clientId: TEXT,
	host: TEXT,
	request: request({ host: TEXT }),
	remediationIds: ids,
	response: { type: 'object' },
	resolved,
});
const onFile: Schema = object({
	accepted: FLAG,
	clientId: TEXT,
	host: TEXT,
	sha256: TEXT,
	request: request({ sha256: TEXT, host: TEXT }),
	remediationIds: ids,
	response: { type: 'object' },
	resolved,
});

/** What published clients read of the vendor's answers; there may be more. */
const wholeHost = object({
	hostname: TEXT,
	last_ip: TEXT,
	operating_system: TEXT,
	eps_version: TEXT,
	risk_level: NUMBER,
	users: list(object({ username: TEXT })),
});
const wholeUser = object({
	username: TEXT,
	department: TEXT,
	email: TEXT,
	role: TEXT,
	is_locked: FLAG,
	bad_logins: NUMBER,
});
const wholeFile = object({
	found: FLAG,
	sha256: TEXT,
	md5: TEXT,
	sha1: TEXT,
	common_filename: TEXT,
	common_path: TEXT,
	meta_product_name: TEXT,
	meta_company_name: TEXT,
	first_seen: TEXT,
	last_seen: TEXT,
	risk_level: NUMBER,
	av_detections: NUMBER,
	alert_severity_level: TEXT,
	alert_product_name: TEXT,
	occurrences: list(
		object({ hostname: TEXT, full_path: TEXT, running_user: TEXT, creation_time: TEXT }),
	),
});

const OF_OPERATIONS: Readonly<Record<string, Schema>> = {
	'alert/convert': alert,
	'alert/count': object({ count: NUMBER }),
	'alert/getAll': alert,
	'file/get': wholeFile,
	'file/getRemediation': object({ status: NUMBER, statusInfo: TEXT, id: NUMBER }),
	'host/get': wholeHost,
	'host/getAll': schemaOf(host),
	'user/get': wholeUser,
	'user/getAll': schemaOf(users[0]),
	...Object.fromEntries(
		['delete', 'kill', 'quarantine', 'unquarantine', 'verify'].map((one) => [
			`file/${one}`,
			onFile,
		]),
	),
	...Object.fromEntries(
		['disableNetwork', 'isolate', 'shutdown', 'unisolate'].map((one) => [`host/${one}`, onHost]),
	),
};

/** Operations whose fields nobody can tell beforehand, and why. */
export const WITHOUT: Readonly<Record<string, string>> = {
	'vulnerability/getAll': 'eight reports in one operation, and Cynet publishes the fields of none',
	'connection/diagnose': 'read once, by a person',
};

/** Each schema by the path that n8n looks for, from `nodes/`. */
export function schemas(): Readonly<Record<string, Schema>> {
	const ours = Object.entries(RESOURCES).flatMap(([resource, { operations }]) =>
		Object.keys(operations).map((operation) => `${resource}/${operation}`),
	);
	return Object.fromEntries([
		['CynetTrigger/__schema__/v1.0.0.json', alert],
		...ours
			.filter((operation) => operation in OF_OPERATIONS)
			.map((operation) => [`Cynet/__schema__/v1.0.0/${operation}.json`, OF_OPERATIONS[operation]!]),
	]) as Record<string, Schema>;
}

/** As it stands in the file. */
export const written = (schema: Schema): string =>
	`${JSON.stringify({ ...schema, version: 1 }, null, '\t')}\n`;
