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

/** Whether the alert's text is, or has, what was asked for; true where nothing was. */
function fits(value: unknown, wanted: string | undefined, how: (value: string, wanted: string) => boolean): boolean {
	const text = lower(wanted);
	return text === '' || how(lower(value), text);
}

const has = (value: string, wanted: string): boolean => value.includes(wanted);
const is = (value: string, wanted: string): boolean => value === wanted;

/** Whether the code is among the chosen ones; what has no name of its own counts as `unknown`. */
function isAmong(chosen: readonly number[] | undefined, names: Readonly<Record<number, string>>, value: unknown, unknown?: number): boolean {
	if (!chosen || chosen.length === 0) return true;
	const number = code(value);
	const known = number !== null && number in names ? number : unknown;
	return known !== undefined && chosen.includes(known);
}

/** Whether an alert is what the user asks for. Texts are compared without regard to case. */
export function matches(alert: RawAlert, filters: AlertFilters): boolean {
	return (
		isAmong(filters.severities, SEVERITIES, alert.Severity, SEVERITY_UNKNOWN) &&
		isAmong(filters.statuses, STATUSES, alert.Status) &&
		isAmong(filters.alertTypes, ALERT_TYPES, alert.AlertType) &&
		fits(alert.IncidentName, filters.name, has) &&
		fits(alert.HostName, filters.hostName, is) &&
		fits(alert.ScanGroupName, filters.scanGroup, is)
	);
}
