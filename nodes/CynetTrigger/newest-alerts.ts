import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import type { RawAlert } from '../shared/alert/identity';
import { alertId, dedupKey, isRawAlert } from '../shared/alert/identity';
import { parseTime } from '../shared/alert/time';
import { fetchAlerts } from '../shared/api/alerts';
import { clock } from '../shared/clock';
import type { FoundAlert } from '../shared/feed/new-alerts';
import type { SiteIdentity } from '../shared/feed/state';
import type { TriggerSettings } from './settings';

const HOUR = 3600_000;
const WINDOWS_HOURS = [1, 24, 7 * 24, 30 * 24];
const HOW_MANY = 3;
/** The server may list its oldest alerts first. */
const MOST_PAGES = 10;

const seenAt = (alert: RawAlert): number => parseTime(alert.LastSeenUtc) ?? parseTime(alert.LastSeen) ?? parseTime(alert.DateIn) ?? 0;

/**
 * The newest few alerts of the last 30 days, for "Fetch Test Event". Reads no state and writes none.
 * @throws NodeOperationError when there are none
 */
export async function newestAlerts(
	context: IPollFunctions,
	{ clientId }: SiteIdentity,
	{ pageSize }: TriggerSettings,
): Promise<FoundAlert[]> {
	let now = clock.now();
	for (const hours of WINDOWS_HOURS) {
		const alerts: RawAlert[] = [];
		for (let page = 0; page < MOST_PAGES; page++) {
			const query = { list: 'bulk', since: now - hours * HOUR, limit: pageSize, offset: page * pageSize } as const;
			const { rows, serverTime } = await fetchAlerts(context, query);
			now = serverTime ?? now;
			alerts.push(...rows.filter(isRawAlert));
			if (rows.length < pageSize) break;
		}
		if (alerts.length === 0) continue;
		return alerts
			.sort((a, b) => seenAt(b) - seenAt(a))
			.slice(0, HOW_MANY)
			.map((alert) => ({ alert, event: 'created', clientId, dedupKey: dedupKey(clientId, alertId(alert)) }));
	}
	throw new NodeOperationError(context.getNode(), 'Cynet has no alerts from the last 30 days', {
		description: 'The connection works. Publish the workflow to wait for the first alert, or check that Client ID in the credential is the right site.',
	});
}
