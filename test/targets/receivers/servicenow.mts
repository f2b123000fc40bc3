import { basic, demand, isText, type Contract } from './contract.mts';

const error = (status: number, message: string) => ({
	status,
	body: { error: { message, detail: null }, status: 'failure' },
});

/** Takes the same incident any number of times. */
export const servicenow: Contract = {
	target: 'ServiceNow',
	source: 'ServiceNow Table API',
	refusal: error(401, 'User Not Authenticated'),
	isAllowed: ({ headers }) => headers.authorization === basic('cynet', 'snow-password'),
	routes: {
		'GET /api/now/table/incident': ({ query }, { more }) => {
			const id = /^correlation_id=([^^]+)$/.exec(query.get('sysparm_query') ?? '')?.[1];
			// An encoded query that ServiceNow cannot read is ignored, and every incident is found.
			const result = [...(more.values() as Iterable<{ correlation_id: string }>)].filter(
				({ correlation_id }) => id === undefined || correlation_id === id,
			);
			return {
				status: 200,
				body: { result: result.slice(0, Number(query.get('sysparm_limit') ?? 10_000)) },
			};
		},
		'POST /api/now/table/incident': (call, kept) => {
			const incident = call.json<Record<string, unknown>>();
			demand(isText(incident.short_description, 160), error(400, 'short_description'));
			demand(
				isText(incident.correlation_id, 100) && !incident.correlation_id.includes('^'),
				error(400, 'correlation_id'),
			);
			demand(isText(incident.description, 4000), error(400, 'description'));
			demand(
				['1', '2', '3'].includes(String(incident.urgency)) &&
					['1', '2', '3'].includes(String(incident.impact)),
				error(400, 'urgency, impact'),
			);
			const number = `INC${String(10_000 + kept.more.size)}`;
			kept.more.set(number, { ...incident, number });
			kept.take(incident.correlation_id);
			return {
				status: 201,
				body: { result: { ...incident, number, sys_id: number } },
				headers: { location: `/api/now/table/incident/${number}` },
			};
		},
	},
	failure: (status) =>
		status === 429
			? { ...error(status, 'Rate limit exceeded'), headers: { 'retry-after': '5' } }
			: error(status, 'Transaction failed'),
};
