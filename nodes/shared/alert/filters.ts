import { ALERT_TYPES, SEVERITIES, SEVERITY_UNKNOWN, STATUSES, code } from './codes';
import type { RawAlert } from './identity';

/** What the user asks for. What is empty or missing asks for nothing; the rest is combined with "and". */
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

const lower = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '');

/** Whether the code is among the chosen ones; what has no name of its own counts as `unknown`. */
function isAmong(chosen: readonly number[] | undefined, names: Readonly<Record<number, string>>, value: unknown, unknown?: number): boolean {
	if (!chosen || chosen.length === 0) return true;
	const number = code(value);
	const known = number !== null && number in names ? number : unknown;
	return known !== undefined && chosen.includes(known);
}

/** Whether an alert is what the user asks for. Texts are compared without regard to case. */
export function matches(alert: RawAlert, filters: AlertFilters): boolean {
	const name = lower(filters.name);
	const hostName = lower(filters.hostName);
	const scanGroup = lower(filters.scanGroup);
	return (
		isAmong(filters.severities, SEVERITIES, alert.Severity, SEVERITY_UNKNOWN) &&
		isAmong(filters.statuses, STATUSES, alert.Status) &&
		isAmong(filters.alertTypes, ALERT_TYPES, alert.AlertType) &&
		lower(alert.IncidentName).includes(name) &&
		(hostName === '' || lower(alert.HostName) === hostName) &&
		(scanGroup === '' || lower(alert.ScanGroupName) === scanGroup)
	);
}
