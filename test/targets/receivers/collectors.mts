import { basic, demand, isText, type Call, type Contract } from './contract.mts';

/** Logstash, Fluentd and Fluent Bit: JSON in, one event an element; the same event any number of times. */

const LOGSTASH_BUSY = { status: 429, body: 'busy' };

function eventsOf(call: Call, largest: number): Array<Record<string, unknown>> {
	demand(Buffer.byteLength(call.text) <= largest, {
		status: 413,
		body: '413 Request Entity Too Large',
	});
	demand(call.headers['content-type']?.startsWith('application/json'), {
		status: 400,
		body: '400 Bad Request: unknown content type',
	});
	const body = call.json<Record<string, unknown> | Array<Record<string, unknown>>>();
	return Array.isArray(body) ? body : [body];
}

/** What the input does to an event unless `remote_host_target_field` names another place. */
export const withoutTargetField = (event: Record<string, unknown>) => ({
	...event,
	host: { ip: '127.0.0.1' },
});

export const logstash: Contract = {
	target: 'Logstash',
	source: 'Logstash http input',
	refusal: { status: 401, body: '' },
	isAllowed: ({ headers }) => headers.authorization === basic('logstash', 'logstash-password'),
	routes: {
		'POST /': (call, kept) => {
			for (const event of eventsOf(call, 100 * 1024 * 1024)) {
				kept.more.set(`event ${kept.more.size}`, event);
				const { id } = event.event as { id: string };
				demand(typeof event['@timestamp'] === 'string' && isText(id), {
					status: 400,
					body: 'no ECS document',
				});
				kept.take(`cynet:${id}`);
			}
			return { status: 200, body: 'ok' };
		},
	},
	failure: (status) => (status === 429 ? LOGSTASH_BUSY : { status, body: 'internal error' }),
};

const tagged = (target: string, source: string, largest: number, status: number): Contract => ({
	target,
	source,
	refusal: { status: 401, body: '' },
	isAllowed: () => true,
	routes: {
		'POST /{tag}': (call, kept) => {
			demand(call.params.tag === 'cynet.alert', { status: 400, body: `tag ${call.params.tag}` });
			for (const { dedupKey } of eventsOf(call, largest)) kept.take(String(dedupKey));
			return { status };
		},
	},
	failure: (failed) => ({ status: failed === 429 ? 503 : 500, body: 'buffer overflow' }),
});

export const fluentd = tagged('Fluentd', 'Fluentd in_http', 32 * 1024 * 1024, 200);
export const fluentBit = tagged('Fluent Bit', 'Fluent Bit http input', 4 * 1024 * 1024, 201);

export const graylog: Contract = {
	target: 'Graylog',
	source: 'Graylog, GELF HTTP input',
	refusal: { status: 401, body: '' },
	isAllowed: () => true,
	routes: {
		'POST /gelf': (call, kept) => {
			const message = call.json<Record<string, unknown>>();
			demand(message.version === '1.1' && isText(message.host) && isText(message.short_message), {
				status: 400,
				body: '',
			});
			demand(
				Object.values(message).every(
					(value) => typeof value === 'string' || typeof value === 'number',
				),
				{ status: 400, body: '' },
			);
			kept.take(String(message._dedup_key));
			return { status: 202 };
		},
	},
	failure: (failed) => ({ status: failed === 429 ? 503 : 500, body: '' }),
};
