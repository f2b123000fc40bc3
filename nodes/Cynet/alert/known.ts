import type { IDataObject } from 'n8n-workflow';
import { alertId, dedupKey, isRawAlert, type AlertEvent, type RawAlert } from '../../shared/alert/identity';
import type { AlertContext } from '../../shared/alert/simplify';

/** What is known of an alert beside the vendor's fields. Only the trigger knows what happened to it: else `event` is null. */
export type Known = Omit<AlertContext, 'event'> & { readonly event: AlertEvent | null };

/** What the trigger or an earlier step wrote under `cynet`, or what can be told from the alert and its site. */
export function knownOf(alert: RawAlert, site: string): Known {
	const marks = isRawAlert(alert.cynet) ? alert.cynet : {};
	const clientId = typeof marks.clientId === 'string' && marks.clientId !== '' ? marks.clientId : site;
	return {
		event: typeof marks.event === 'string' ? (marks.event as AlertEvent) : null,
		clientId,
		dedupKey: typeof marks.dedupKey === 'string' ? marks.dedupKey : dedupKey(clientId, alertId(alert)),
	};
}

/** An alert in a form of the trigger's, with the event as it is known. */
export function inForm(form: (alert: RawAlert, context: AlertContext) => IDataObject, alert: RawAlert, known: Known): IDataObject {
	return form(alert, known as AlertContext);
}
