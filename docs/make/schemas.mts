import { SIMPLE as FILE } from '../../nodes/Cynet/file/get.ts';
import { SIMPLE as HOST } from '../../nodes/Cynet/host/get.ts';
import { SIMPLE as HOSTS } from '../../nodes/Cynet/host/get-all.ts';
import { RESOURCES } from '../../nodes/Cynet/resources.ts';
import { SIMPLE as USER } from '../../nodes/Cynet/user/get.ts';
import { SIMPLE as USERS } from '../../nodes/Cynet/user/get-all.ts';
import { MEANINGS, simplified } from './item.mts';

/** As n8n reads it: the fields that it shows before anything ran. */
export interface Schema {
	readonly type: string;
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly items?: Schema;
}

const TEXT: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const FLAG: Schema = { type: 'boolean' };

const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
	type: 'object',
	properties,
});

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

/** Fields of the simplified forms that are no text. */
const OF_SIMPLE: Readonly<Record<string, Schema>> = {
	badLogins: NUMBER,
	found: FLAG,
	goodLogins: NUMBER,
	id: NUMBER,
	isDisabled: FLAG,
	isLocked: FLAG,
	isWhitelisted: FLAG,
	riskLevel: NUMBER,
	users: list(object({ username: TEXT })),
};

/** What Simplify makes of one, by the operation's list of its fields. */
const simple = (fields: Readonly<Record<string, string>>): Schema =>
	object(Object.fromEntries(Object.keys(fields).map((name) => [name, OF_SIMPLE[name] ?? TEXT])));

const OF_OPERATIONS: Readonly<Record<string, Schema>> = {
	'alert/convert': alert,
	'alert/count': object({ count: NUMBER }),
	'alert/getAll': alert,
	'file/get': simple(FILE),
	'file/getRemediation': object({ status: NUMBER, statusInfo: TEXT, id: NUMBER }),
	'host/get': simple(HOST),
	'host/getAll': simple(HOSTS),
	'user/get': simple(USER),
	'user/getAll': simple(USERS),
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
