import type { IDataObject } from 'n8n-workflow';
import { alertIp, ipOf } from './address';
import { ALERT_TYPES, SEVERITIES, SEVERITY_UNKNOWN, STATUSES, codeName, severityOf } from './codes';
import { bounded, isDeeper, MOST_LEVELS } from './depth';
import type { AlertEvent, RawAlert } from './identity';
import { isRawAlert, LONGEST_ID } from './identity';
import { jsonIn } from './json';
import { tagsOf, techniquesOf } from './labels';
import { isoTime } from './time';
import { Told } from './told';

/**
 * What the package knows of an alert beyond the vendor's fields. Only the trigger knows what
 * happened to it: else `event` is null.
 */
export interface AlertContext {
	readonly event: AlertEvent | null;
	readonly clientId: string;
	readonly dedupKey: string;
}

/** A text that is not empty; a number as text. */
export function text(value: unknown): string | null {
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value !== '' ? value : null;
}

/** A path has its folders in it; the name of a file alone may be told beside it. */
const pathOf = (value: unknown): string | null =>
	typeof value === 'string' && /[\\/]/.test(value) ? value : null;

/** A hash of nothing but zeros stands for none. */
const NO_HASH = /^0+$/;

/** A SHA-256 in hex, in lower case; the vendor writes it in hex of either case, and in base64 in `Sha256`. */
export function sha256(value: unknown): string | null {
	if (typeof value !== 'string' || value.length > 100) return null;
	const text = value.trim();
	const hex = /^[A-Za-z0-9+/]{43}=$/.test(text)
		? Buffer.from(text, 'base64').toString('hex')
		: text.toLowerCase();
	return /^[0-9a-f]{64}$/.test(hex) && !NO_HASH.test(hex) ? hex : null;
}

function parsed(value: unknown): RawAlert | null {
	if (isRawAlert(value)) return value;
	if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return null;
	return (jsonIn(value) as RawAlert | undefined) ?? null;
}

/**
 * `IncidentJsonDescription` is JSON inside a string, now and then an object already, empty or cut
 * off. Null where it is nested too
 * deep to be told whole.
 */
export function details(value: unknown): IDataObject | null {
	const told = parsed(value);
	return isDeeper(told, MOST_LEVELS) ? null : (told as IDataObject | null);
}

/** What Cynet says; null for a number that was rounded on the way, for no text is that, and for what no id is like. */
function idOf(value: unknown): number | string | null {
	if (typeof value === 'number')
		return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : null;
	return typeof value === 'string' && value.length <= LONGEST_ID ? text(value) : null;
}

function severityLevel(value: unknown): number | null {
	const level = severityOf(value);
	return level === SEVERITY_UNKNOWN ? null : level;
}

/**
 * The friendly form of an alert. Times are ISO 8601 in UTC, `severityLevel` is 1 (information) to 5
 * (critical), `sha256` is in lower case; what the API did not say is null, a list empty. What is
 * missing in the vendor's field is
 * taken from the alert's details or the lines of its description.
 */
export function simplify(
	alert: RawAlert,
	{ event, clientId, dedupKey }: AlertContext,
): IDataObject {
	const said = parsed(alert.IncidentJsonDescription);
	const told = new Told(said, alert.IncidentDescription);
	return {
		id: idOf(alert.ClientDbId),
		clientId,
		dedupKey,
		event,
		name: text(alert.IncidentName) ?? told.read(text, 'alertname'),
		severity: codeName(SEVERITIES, alert.Severity),
		severityLevel: severityLevel(alert.Severity),
		status: codeName(STATUSES, alert.Status),
		type: codeName(ALERT_TYPES, alert.AlertType),
		description: text(alert.IncidentDescription),
		// The vendor writes "Recomendation".
		recommendation: text(alert.IncidentRecomendation),
		host: text(alert.HostName) ?? told.read(text, 'hostname', 'host'),
		hostIp: text(alert.HostIp) ?? told.read(text, 'hostip', 'stringip'),
		user: text(alert.UserName) ?? told.read(text, 'username', 'processrunninguser', 'user'),
		path:
			text(alert.Path) ??
			told.read(pathOf, 'infectedfile', 'createdfilepath', 'path', 'filepath') ??
			told.read(text, 'infectedfile'),
		commandLine:
			text(alert.CommandLine) ??
			told.read(text, 'processparams', 'processcommandline', 'commandline'),
		sha256:
			sha256(alert.Sha256Hex) ??
			sha256(alert.Sha256) ??
			sha256(isRawAlert(alert.File) && alert.File.Sha256) ??
			told.read(sha256, 'infectedfilesha256', 'createdfilesha256', 'sha256'),
		domain: text(alert.AlertDomain),
		url: text(alert.AlertUrl),
		ip: alertIp(alert, said) ?? told.read(ipOf, 'sourceip', 'remoteip'),
		scanGroup: text(alert.ScanGroupName),
		techniques: techniquesOf(alert.MitreDetails),
		tags: tagsOf(alert.Tags),
		createdAt: isoTime(alert.DateIn),
		firstSeenAt: isoTime(alert.FirstSeenUtc),
		lastSeenAt: isoTime(alert.LastSeenUtc, alert.LastSeen),
		changedAt: isoTime(alert.DateChanged),
		details: bounded(said) as IDataObject | null,
	};
}

/**
 * The vendor's object verbatim, each field to 64 levels, with what the package knows under the one
 * key `cynet`, whatever the vendor has there.
 */
export function verbatim(
	alert: RawAlert,
	{ event, clientId, dedupKey }: AlertContext,
): IDataObject {
	return {
		...bounded(alert, MOST_LEVELS + 1),
		cynet: { event, clientId, dedupKey },
	} as IDataObject;
}
