/** Dates as the API takes them, in UTC. */
const timeText = (at) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/**
 * What every trigger must do at least, and nothing else: reads what was seen since its last poll,
 * page by page, and emits the rows
 * as they came. It remembers a time, by this machine's clock, and no alert. For the comparison only.
 */
class BareTrigger {
	description = {
		displayName: 'Bare Trigger',
		name: 'bareTrigger',
		group: ['trigger'],
		version: 1,
		description: 'Fetches alerts and emits them',
		defaults: { name: 'Bare Trigger' },
		polling: true,
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'cynetApi', required: true }],
		properties: [{ displayName: 'Page Size', name: 'pageSize', type: 'number', default: 100 }],
	};

	async poll() {
		const state = this.getWorkflowStaticData('node');
		const now = Date.now();
		const { baseUrl } = await this.getCredentials('cynetApi');
		const limit = this.getNodeParameter('pageSize');
		const items = [];
		for (let more = true; more; ) {
			const { Entities: rows } = await this.helpers.httpRequestWithAuthentication.call(
				this,
				'cynetApi',
				{
					url: `${baseUrl}/api/alerts/bulk`,
					qs: { LastSeen: timeText(state.since ?? now), Limit: limit, Offset: items.length },
					json: true,
				},
			);
			for (const json of rows) items.push({ json });
			more = rows.length === limit;
		}
		state.since = now;
		return items.length > 0 ? [items] : null;
	}
}

module.exports = { BareTrigger };
