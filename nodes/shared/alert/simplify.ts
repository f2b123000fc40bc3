import type { IDataObject } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, SEVERITY_UNKNOWN, STATUSES, code, codeName } from './codes';
import type { AlertEvent, RawAlert } from './identity';
import { isRawAlert } from './identity';
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

/** Deeper than this no attested description goes, and n8n cannot store an item of any depth. */
const MOST_LEVELS = 64;

function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (levels === 0) return true;
	for (const key in value) if (isDeeper((value as IDataObject)[key], levels - 1)) return true;
	return false;
}

/** `IncidentJsonDescription` is JSON inside a string, now and then an object already, empty or cut off. */
export function details(value: unknown): IDataObject | null {
	if (isRawAlert(value)) return value as IDataObject;
	if (typeof value !== 'string' || !value.trimStart().startsWith('{')) return null;
	try {
		const parsed = JSON.parse(value) as IDataObject;
		return isDeeper(parsed, MOST_LEVELS) ? null : parsed;
	} catch {
		return null;
	}
}

function severityLevel(value: unknown): number | null {
	const level = code(value);
	return level === SEVERITY_UNKNOWN ? null : level;
}

/**
 * The friendly form of an alert. Times are ISO 8601 in UTC, `severityLevel` is 1 (information) to 5
 * (critical), `sha256` is in lower case; what the API did not say is null.
 */
export function simplify(alert: RawAlert, { event, clientId, dedupKey }: AlertContext): IDataObject {
	return {
		id: (alert.ClientDbId as number | string | undefined) ?? null,
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
		createdAt: isoTime(alert.DateIn),
		firstSeenAt: isoTime(alert.FirstSeenUtc),
		lastSeenAt: isoTime(alert.LastSeenUtc, alert.LastSeen),
		changedAt: isoTime(alert.DateChanged),
		details: details(alert.IncidentJsonDescription),
	};
}

/** The vendor's object verbatim, with what the package knows under the one key `cynet`. */
export function verbatim(alert: RawAlert, { event, clientId, dedupKey }: AlertContext): IDataObject {
	return { ...alert, cynet: { event, clientId, dedupKey } } as IDataObject;
}
