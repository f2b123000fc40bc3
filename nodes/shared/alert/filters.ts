import { ALERT_TYPES, STATUSES, codeOf, severityOf } from './codes';
import type { RawAlert } from './identity';

/**
 * What the user asks for, as `filtersOf` reads it. What is missing asks for nothing; the rest is
 * combined with "and". A list
 * without an entry would let nothing pass.
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

const lower = (value: unknown): string =>
	typeof value === 'string' || typeof value === 'number' ? String(value).trim().toLowerCase() : '';

/** Whether the alert's text is, or has, what was asked for; true where nothing was. */
function fits(
	value: unknown,
	wanted: string | undefined,
	how: (value: string, wanted: string) => boolean,
): boolean {
	return wanted === undefined || how(lower(value), lower(wanted));
}

const has = (value: string, wanted: string): boolean => value.includes(wanted);
const is = (value: string, wanted: string): boolean => value === wanted;

type Names = Readonly<Record<number, string>>;
type Chosen = ReadonlyArray<number | null>;

/** An uncertain severity is any: in doubt the alert is wanted. */
function isOfSeverity(value: unknown, chosen: Chosen | undefined): boolean {
	if (chosen === undefined) return true;
	const severity = severityOf(value);
	return severity === null || chosen.includes(severity);
}

/**
 * A status or type that is missing or cannot be read is any; one that the vendor has added since is
 * none of the chosen ones.
 */
function isAmong(names: Names, value: unknown, chosen: Chosen | undefined): boolean {
	return chosen === undefined || lower(value) === '' || chosen.includes(codeOf(names, value));
}

/** Whether an alert is what the user asks for. Texts are compared without regard to case. */
export function matches(alert: RawAlert, filters: AlertFilters): boolean {
	return (
		isOfSeverity(alert.Severity, filters.severities) &&
		isAmong(STATUSES, alert.Status, filters.statuses) &&
		isAmong(ALERT_TYPES, alert.AlertType, filters.alertTypes) &&
		fits(alert.IncidentName, filters.name, has) &&
		fits(alert.HostName, filters.hostName, is) &&
		fits(alert.ScanGroupName, filters.scanGroup, is)
	);
}
