import type { IDataObject } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, SEVERITY_UNKNOWN, STATUSES, code, codeName, severityOf } from './codes';
import { bounded, isDeeper, MOST_LEVELS } from './depth';
import type { AlertEvent, RawAlert } from './identity';
import { isRawAlert, LONGEST_ID } from './identity';
import { tagsOf, techniquesOf } from './labels';
import { isoTime } from './time';

/** What the package knows of an alert beyond the vendor's fields. Only the trigger knows what happened to it: else `event` is null. */
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

/** A SHA-256 in hex, in lower case. */
export function sha256(value: unknown): string | null {
	return typeof value === 'string' && /^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : null;
}

/**
 * `AlertIp` is a number, 0 for none. That its highest byte is the address's first is how integrators read
 * it; the vendor has not documented the byte order.
 */
export function dottedIp(value: unknown): string | null {
	const number = code(value);
	if (number === null) return text(value);
	if (number <= 0 || number > 0xffffffff) return null;
	return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

function parsed(value: unknown): RawAlert | null {
	if (isRawAlert(value)) return value;
	if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return null;
	try {
		return JSON.parse(value) as RawAlert;
	} catch {
		return null;
	}
}

/**
 * `IncidentJsonDescription` is JSON inside a string, now and then an object already, empty or cut off. Null where it is nested too
 * deep to be told whole.
 */
export function details(value: unknown): IDataObject | null {
	const told = parsed(value);
	return isDeeper(told, MOST_LEVELS) ? null : (told as IDataObject | null);
}

/** What Cynet says; null for a number that was rounded on the way, for no text is that, and for what no id is like. */
function idOf(value: unknown): number | string | null {
	if (typeof value === 'number') return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : null;
	return typeof value === 'string' && value.length <= LONGEST_ID ? text(value) : null;
}

function severityLevel(value: unknown): number | null {
	const level = severityOf(value);
	return level === SEVERITY_UNKNOWN ? null : level;
}

/**
 * The friendly form of an alert. Times are ISO 8601 in UTC, `severityLevel` is 1 (information) to 5
 * (critical), `sha256` is in lower case; what the API did not say is null.
 */
export function simplify(alert: RawAlert, { event, clientId, dedupKey }: AlertContext): IDataObject {
	return {
		id: idOf(alert.ClientDbId),
		clientId,
		dedupKey,
		event,
		name: text(alert.IncidentName),
		severity: codeName(SEVERITIES, alert.Severity),
		severityLevel: severityLevel(alert.Severity),
		status: codeName(STATUSES, alert.Status),
		type: codeName(ALERT_TYPES, alert.AlertType),
		description: text(alert.IncidentDescription),
		// The vendor writes "Recomendation".
		recommendation: text(alert.IncidentRecomendation),
		host: text(alert.HostName),
		hostIp: text(alert.HostIp),
		user: text(alert.UserName),
		path: text(alert.Path),
		commandLine: text(alert.CommandLine),
		sha256: sha256(alert.Sha256Hex) ?? sha256(alert.Sha256),
		domain: text(alert.AlertDomain),
		url: text(alert.AlertUrl),
		ip: dottedIp(alert.AlertIp),
		scanGroup: text(alert.ScanGroupName),
		techniques: techniquesOf(alert.MitreDetails),
		tags: tagsOf(alert.Tags),
		createdAt: isoTime(alert.DateIn),
		firstSeenAt: isoTime(alert.FirstSeenUtc),
		lastSeenAt: isoTime(alert.LastSeenUtc, alert.LastSeen),
		changedAt: isoTime(alert.DateChanged),
		details: bounded(parsed(alert.IncidentJsonDescription)) as IDataObject | null,
	};
}

/** The vendor's object verbatim, each field to 64 levels, with what the package knows under the one key `cynet`, whatever the vendor has there. */
export function verbatim(alert: RawAlert, { event, clientId, dedupKey }: AlertContext): IDataObject {
	return { ...bounded(alert, MOST_LEVELS + 1), cynet: { event, clientId, dedupKey } } as IDataObject;
}
