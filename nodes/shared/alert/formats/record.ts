import { ALERT_TYPES, SEVERITIES, STATUSES, code, codeName, codeOf } from '../codes';
import { addressesOf } from '../address';
import { isRawAlert, type RawAlert } from '../identity';
import { details, sha256, simplify, text, type AlertContext } from '../simplify';
import { tagsOf, techniquesOf } from '../labels';
import { isoTime } from '../time';
import { isEmpty, wellFormed } from './values';

/** An alert as the formats take it, whichever form it came in. */
export interface AlertRecord {
	/** The fields of the simplified form, all of them; what is not known is null. */
	readonly simple: Readonly<Record<string, unknown>>;
	/** What the simplified form has no field for or cannot read, by its name. Nothing empty. */
	readonly others: Readonly<Record<string, unknown>>;
	/** The vendor's object, where that is what came in. */
	readonly original: RawAlert | null;
}

type Read = (value: unknown) => unknown;
const idOf: Read = (value) => (typeof value === 'number' ? value : text(value));
/** What cannot be read is told by its own name. */
const named =
	(names: Readonly<Record<number, string>>): Read =>
	(value) =>
		codeOf(names, value) === null ? null : codeName(names, value);

/** Which field of the simplified form tells what a field of the vendor's says, and how. */
const TOLD: Readonly<Record<string, readonly [field: string, read: Read]>> = {
	ClientDbId: ['id', idOf],
	IncidentName: ['name', text],
	Severity: ['severity', named(SEVERITIES)],
	Status: ['status', named(STATUSES)],
	AlertType: ['type', named(ALERT_TYPES)],
	IncidentDescription: ['description', text],
	IncidentRecomendation: ['recommendation', text],
	HostName: ['host', text],
	HostIp: ['hostIp', text],
	UserName: ['user', text],
	Path: ['path', text],
	CommandLine: ['commandLine', text],
	Sha256: ['sha256', sha256],
	Sha256Hex: ['sha256', sha256],
	AlertDomain: ['domain', text],
	AlertUrl: ['url', text],
	ScanGroupName: ['scanGroup', text],
	DateIn: ['createdAt', isoTime],
	FirstSeenUtc: ['firstSeenAt', isoTime],
	LastSeen: ['lastSeenAt', isoTime],
	LastSeenUtc: ['lastSeenAt', isoTime],
	DateChanged: ['changedAt', isoTime],
};

/** A level from 1 to 5. */
const levelOf: Read = (value) => {
	const level = code(value);
	return level !== null && level >= 1 && level <= 5 ? level : null;
};

/** How to read the fields of a simplified alert that a workflow may have changed; the rest of them are texts. */
const READERS: Readonly<Record<string, Read>> = {
	id: idOf,
	severityLevel: levelOf,
	techniques: techniquesOf,
	tags: tagsOf,
	sha256,
	createdAt: isoTime,
	firstSeenAt: isoTime,
	lastSeenAt: isoTime,
	changedAt: isoTime,
	details: (value) => (isRawAlert(value) ? value : null),
};

/** @param alert as the API sends it, with or without the key `cynet` of the trigger */
export function recordOf(alert: RawAlert, context: AlertContext): AlertRecord {
	const { cynet, ...original } = alert;
	const simple = wellFormedTexts({ ...simplify(original, context), id: idOf(original.ClientDbId) });
	const others = Object.entries(original).filter(([field, value]) => !isTold(field, value, simple));
	// Of what stands under "cynet", the context is known already.
	const known = Object.keys(context);
	const marks = isRawAlert(cynet)
		? notEmpty(Object.entries(cynet).filter(([mark]) => !known.includes(mark)))
		: cynet;
	return { simple, others: notEmpty([...others, ['cynet', marks]]), original };
}

/** @param alert as the trigger and Get Many simplify it */
export function recordOfSimplified(alert: RawAlert, context: AlertContext): AlertRecord {
	const fields = Object.keys(simplify({}, context));
	const simple = Object.fromEntries(
		fields.map((field) => [field, (READERS[field] ?? text)(alert[field])]),
	);
	Object.assign(simple, context);
	const others = Object.entries(alert).filter(
		([field, value]) => !fields.includes(field) || (simple[field] === null && !isEmpty(value)),
	);
	return { simple: wellFormedTexts(simple), others: notEmpty(others), original: null };
}

function isTold(field: string, value: unknown, simple: AlertRecord['simple']): boolean {
	if (field === 'IncidentJsonDescription')
		return simple.details !== null && details(value) !== null;
	if (field === 'AlertIp')
		return code(value) === 0 || addressesOf(value).some((address) => address === simple.ip);
	if (!Object.hasOwn(TOLD, field)) return false;
	const [told, read] = TOLD[field] as (typeof TOLD)[string];
	const said = read(value);
	return said !== null && (typeof said === 'string' ? wellFormed(said) : said) === simple[told];
}

const notEmpty = (entries: ReadonlyArray<[string, unknown]>) =>
	Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));

const wellFormedTexts = (simple: AlertRecord['simple']): AlertRecord['simple'] =>
	Object.fromEntries(
		Object.entries(simple).map(([field, value]) => [
			field,
			typeof value === 'string' ? wellFormed(value) : value,
		]),
	);
