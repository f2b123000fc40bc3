import { demand, type Call, type Contract } from './contract.mts';

const reply = (status: number, text: string, code: number, more = {}) => ({
	status,
	body: { text, code, ...more },
});

/** Takes objects one after the other, not an array; the same event any number of times. */
export const splunkHec: Contract = {
	target: 'Splunk HEC',
	source: 'Splunk HTTP Event Collector: error codes and event format',
	refusal: reply(403, 'Invalid token', 4),
	isAllowed: ({ headers }) => headers.authorization === 'Splunk hec-token',
	routes: {
		'POST /services/collector/event': (call, kept) => {
			const events = eventsOf(call);
			demand(events.length > 0, reply(400, 'No data', 5));
			events.forEach((event, number) => {
				demand(
					event.event !== undefined && event.event !== null,
					reply(400, 'Event field is required', 12, { 'invalid-event-number': number }),
				);
				demand(
					event.event !== '',
					reply(400, 'Event field cannot be blank', 13, { 'invalid-event-number': number }),
				);
				demand(
					event.time === undefined || Number.isFinite(event.time),
					reply(400, 'Error in handling indexed fields', 15, { 'invalid-event-number': number }),
				);
			});
			for (const { event } of events) kept.take((event as { dedupKey: string }).dedupKey);
			return reply(200, 'Success', 0);
		},
	},
	failure: (status) =>
		status === 429 ? reply(503, 'Server is busy', 9) : reply(500, 'Internal server error', 8),
};

function eventsOf({ text }: Call): Array<{ event?: unknown; time?: number }> {
	demand(
		!text.trimStart().startsWith('['),
		reply(400, 'Invalid data format', 6, { 'invalid-event-number': 0 }),
	);
	try {
		// No text of JSON holds a line break outside its strings here: each line is an object.
		return text
			.split('\n')
			.filter((line) => line.trim() !== '')
			.map((line) => JSON.parse(line) as { event?: unknown });
	} catch {
		demand(false, reply(400, 'Invalid data format', 6, { 'invalid-event-number': 0 }));
	}
}
