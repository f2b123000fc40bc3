import { ALERT_TYPES, SEVERITIES, STATUSES, codeOf, severityOf } from './codes';
import { isRawAlert, type RawAlert } from './identity';

/**
 * What the user asks for. What is empty or missing asks for nothing; the rest is combined with "and". An expression can give
 * anything: what cannot be read asks for nothing.
 */
export interface AlertFilters {
	readonly severities?: readonly number[];
	readonly statuses?: readonly number[];
	readonly alertTypes?: readonly number[];
	/** Part of the name. */
	readonly name?: string;
	/** The whole name of the host. */
	readonly hostName?: string;
	/** The whole name of the group. */
	readonly scanGroup?: string;
}

const lower = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '');

/** Whether the alert's text is, or has, what was asked for; true where nothing was. */
function fits(value: unknown, wanted: unknown, how: (value: string, wanted: string) => boolean): boolean {
	const text = lower(wanted);
	return text === '' || how(lower(value), text);
}

const has = (value: string, wanted: string): boolean => value.includes(wanted);
const is = (value: string, wanted: string): boolean => value === wanted;

type Names = Readonly<Record<number, string>>;

/** The chosen codes. An expression may give one alone, or names with commas between them. */
function chosenOf(names: Names, chosen: unknown): ReadonlyArray<number | null> {
	const all: unknown[] = Array.isArray(chosen) ? chosen : typeof chosen === 'string' ? chosen.split(',') : [chosen];
	return all.map((one) => codeOf(names, one)).filter((one) => one !== null);
}

/** An uncertain severity is any: in doubt the alert is wanted. */
function isOfSeverity(value: unknown, filter: unknown): boolean {
	const chosen = chosenOf(SEVERITIES, filter);
	if (chosen.length === 0) return true;
	const severity = severityOf(value);
	return severity === null || chosen.includes(severity);
}

/** A status or type that is missing or cannot be read is any; one that the vendor has added since is none of the chosen ones. */
function isAmong(names: Names, value: unknown, filter: unknown): boolean {
	const chosen = chosenOf(names, filter);
	if (chosen.length === 0) return true;
	return lower(value) === '' || chosen.includes(codeOf(names, value));
}

/** Whether an alert is what the user asks for. Texts are compared without regard to case. */
export function matches(alert: RawAlert, filters: AlertFilters): boolean {
	if (!isRawAlert(filters)) return true;
	return (
		isOfSeverity(alert.Severity, filters.severities) &&
		isAmong(STATUSES, alert.Status, filters.statuses) &&
		isAmong(ALERT_TYPES, alert.AlertType, filters.alertTypes) &&
		fits(alert.IncidentName, filters.name, has) &&
		fits(alert.HostName, filters.hostName, is) &&
		fits(alert.ScanGroupName, filters.scanGroup, is)
	);
}
