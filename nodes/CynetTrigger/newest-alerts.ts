import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { matches } from '../shared/alert/filters';
import type { RawAlert } from '../shared/alert/identity';
import { alertId, dedupKey, isRawAlert, lastSeenAt } from '../shared/alert/identity';
import { fetchAlerts } from '../shared/api/alerts';
import { clock } from '../shared/clock';
import type { FoundAlert } from '../shared/feed/found';
import type { TriggerSettings } from './settings';
import type { Account } from './site';

const HOUR = 3600_000;
const WINDOWS_HOURS = [1, 24, 7 * 24, 30 * 24];
const HOW_MANY = 3;
/** The server may list its oldest alerts first. */
const MOST_PAGES = 10;

/**
 * The newest few alerts of the last 30 days that meet the filters, of the first site, for "Fetch Test Event". Reads no state
 * and writes none.
 * @throws NodeOperationError when there are none
 */
export async function newestAlerts(
	context: IPollFunctions,
	{ sites }: Account,
	{ pageSize, filters, clientIds }: TriggerSettings,
): Promise<FoundAlert[]> {
	const { clientId } = sites[0]!;
	let now = clock.now();
	for (const hours of WINDOWS_HOURS) {
		const alerts: RawAlert[] = [];
		for (let page = 0; page < MOST_PAGES; page++) {
			const query = { list: 'bulk', since: now - hours * HOUR, limit: pageSize, offset: page * pageSize } as const;
			const { rows, serverTime } = await fetchAlerts(context, query, { clientId: clientIds[0] });
			now = serverTime ?? now;
			alerts.push(...rows.filter(isRawAlert).filter((alert) => matches(alert, filters)));
			if (rows.length < pageSize) break;
		}
		if (alerts.length === 0) continue;
		return alerts
			.sort((a, b) => (lastSeenAt(b) ?? 0) - (lastSeenAt(a) ?? 0))
			.slice(0, HOW_MANY)
			.map((alert) => ({ alert, event: 'created', clientId, dedupKey: dedupKey(clientId, alertId(alert)) }));
	}
	throw new NodeOperationError(context.getNode(), 'Cynet has no such alerts from the last 30 days', {
		description: 'The connection works. Publish the workflow to wait for the first alert, take out filters, or check that Client ID names the right site.',
	});
}
