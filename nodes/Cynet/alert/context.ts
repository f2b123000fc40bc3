import {
	alertId,
	dedupKey,
	isRawAlert,
	type AlertEvent,
	type RawAlert,
} from '../../shared/alert/identity';
import { text, type AlertContext } from '../../shared/alert/simplify';

/** What the trigger or an earlier step wrote under `cynet`, or what can be told from the alert and its site. */
export function contextOf(alert: RawAlert, site: string): AlertContext {
	return completed(isRawAlert(alert.cynet) ? alert.cynet : {}, alert, site);
}

/** The same for an alert that is simplified, which has these fields among its own. */
export function contextOfSimplified(alert: RawAlert, site: string): AlertContext {
	return completed(alert, { ...alert, ClientDbId: alert.id }, site);
}

function completed(marks: RawAlert, alert: RawAlert, site: string): AlertContext {
	const clientId = text(marks.clientId) ?? site;
	return {
		event: text(marks.event) as AlertEvent | null,
		clientId,
		dedupKey: text(marks.dedupKey) ?? dedupKey(clientId, alertId(alert)),
	};
}
