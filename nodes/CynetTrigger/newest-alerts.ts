import type { IPollFunctions } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { matches } from '../shared/alert/filters';
import { alertId, dedupKey, lastSeenAt } from '../shared/alert/identity';
import { readList } from '../shared/api/read-list';
import { clock } from '../shared/clock';
import type { FoundAlert } from '../shared/feed/found';
import { hasNoHosts } from './quiet-site';
import type { TriggerSettings } from './settings';
import type { Account } from './site';

const HOUR = 3600_000;
/** The newest alerts are at the end of most lists, so a short time that has some is read to its end. */
const SPANS_HOURS = [1 / 4, 2, 24, 7 * 24, 30 * 24];
const HOW_MANY = 3;
const MOST_PAGES = 50;

/**
 * The newest few alerts of the last 30 days that meet the filters, of the first site, for "Fetch
 * Test Event". Reads no state
 * and writes none.
 * @throws NodeOperationError when there are none
 */
export async function newestAlerts(
	context: IPollFunctions,
	{ sites }: Account,
	{ filters, clientIds }: TriggerSettings,
): Promise<FoundAlert[]> {
	const { clientId } = sites[0]!;
	let showsAlerts = false;
	for (const hours of SPANS_HOURS) {
		const alerts = await readList(
			context,
			{
				list: 'bulk',
				since: clock.now() - hours * HOUR,
				most: Infinity,
				mostPages: MOST_PAGES,
				wanted: (alert) => {
					showsAlerts = true;
					return matches(alert, filters);
				},
				make: (alert) => alert,
			},
			{ clientId: clientIds[0] },
		);
		if (alerts.length === 0) continue;
		return alerts
			.sort((a, b) => (lastSeenAt(b) ?? 0) - (lastSeenAt(a) ?? 0))
			.slice(0, HOW_MANY)
			.map((alert) => ({
				alert,
				event: 'created',
				clientId,
				dedupKey: dedupKey(clientId, alertId(alert)),
			}));
	}
	if (!showsAlerts && (await hasNoHosts(context, clientIds[0]))) {
		throw new NodeOperationError(
			context.getNode(),
			'This site shows neither alerts nor hosts of the last 30 days',
			{
				description:
					'Check Client ID: Cynet may answer a wrong one with empty lists. If it is right, the site is new or has no agents yet: publish the workflow to wait for the first alert.',
			},
		);
	}
	throw new NodeOperationError(
		context.getNode(),
		'Cynet has no such alerts from the last 30 days',
		{
			description:
				'The connection works. Publish the workflow to wait for the first alert, take out filters, or check that Client ID names the right site.',
		},
	);
}
