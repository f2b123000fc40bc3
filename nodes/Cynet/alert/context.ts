import { alertId, dedupKey, isRawAlert, type AlertEvent, type RawAlert } from '../../shared/alert/identity';
import type { AlertContext } from '../../shared/alert/simplify';

/** What the trigger or an earlier step wrote under `cynet`, or what can be told from the alert and its site. */
export function contextOf(alert: RawAlert, site: string): AlertContext {
	return completed(isRawAlert(alert.cynet) ? alert.cynet : {}, alert, site);
}

/** The same for an alert that is simplified, which has these fields among its own. */
export function contextOfSimplified(alert: RawAlert, site: string): AlertContext {
	return completed(alert, { ...alert, ClientDbId: alert.id }, site);
}

const filled = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function completed(marks: RawAlert, alert: RawAlert, site: string): AlertContext {
	const clientId = filled(marks.clientId) ?? site;
	return {
		event: filled(marks.event) as AlertEvent | null,
		clientId,
		dedupKey: filled(marks.dedupKey) ?? dedupKey(clientId, alertId(alert)),
	};
}
