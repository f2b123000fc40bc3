import { demand, isText, type Contract } from './contract.mts';

const invalid = (message: string) => ({
	status: 400,
	body: { status: 'invalid event', message: 'Event object is invalid', errors: [message] },
});

/** An event with a known key joins the alert that has it: accepted, and no second alert. */
export const pagerduty: Contract = {
	target: 'PagerDuty',
	source: 'PagerDuty Events API v2',
	refusal: invalid("'routing_key' is invalid"),
	isAllowed: ({ text }) => text.includes('"routing_key":"pagerduty-routing-key"'),
	routes: {
		'POST /v2/enqueue': (call, kept) => {
			const { event_action, dedup_key, payload } = call.json<{
				event_action?: string;
				dedup_key?: string;
				payload?: Record<string, unknown>;
			}>();
			demand(Buffer.byteLength(call.text) <= 512 * 1024, {
				status: 413,
				body: 'Request Entity Too Large',
			});
			demand(
				['trigger', 'acknowledge', 'resolve'].includes(event_action ?? ''),
				invalid("'event_action' is invalid"),
			);
			demand(isText(dedup_key, 255), invalid("'dedup_key' is too long"));
			demand(isText(payload?.summary, 1024), invalid("'payload.summary' is missing or too long"));
			demand(
				isText(payload.source) && payload.source.trim() !== '',
				invalid("'payload.source' is missing or blank"),
			);
			demand(
				['critical', 'error', 'warning', 'info'].includes(String(payload.severity)),
				invalid(
					"'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
				),
			);
			demand(
				payload.timestamp === undefined || !Number.isNaN(Date.parse(String(payload.timestamp))),
				invalid("'payload.timestamp' is invalid"),
			);
			kept.more.set(`${event_action} ${dedup_key}`, payload);
			if (!kept.has(dedup_key)) kept.take(dedup_key);
			return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } };
		},
	},
	failure: (status) => ({
		status,
		body:
			status === 429
				? {
						status: 'throttle exceeded',
						message: 'Requests for this service are arriving too quickly. Please retry later.',
					}
				: 'Internal Server Error',
	}),
};
