import { Refused, demand, isText, isWhole, type Answer, type Contract } from './contract.mts';

interface Attribute {
	readonly type?: string;
	readonly category?: string;
	readonly value?: string;
	readonly to_ids?: unknown;
	readonly distribution?: unknown;
}

interface Event {
	readonly uuid: string;
	readonly info?: unknown;
	readonly date?: unknown;
	readonly distribution?: unknown;
	readonly published?: unknown;
	readonly analysis?: unknown;
	readonly threat_level_id?: unknown;
	readonly Attribute?: readonly Attribute[];
}

const no = (status: number, name: string): Answer => ({
	status,
	body: { name, message: name, url: '/events/add' },
});
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Who does not ask for JSON gets what a browser gets. */
const PAGE: Answer = {
	status: 200,
	body: '<!DOCTYPE html><html><title>Users - MISP</title></html>',
	headers: { 'content-type': 'text/html' },
};

const LINE = /^[^\0-\x1f\u2028\u2029]+$/;
/** Category and form of the types of attributes that a template may add. */
const TYPES: Readonly<Record<string, readonly [category: string, form: RegExp]>> = {
	sha256: ['Payload delivery', /^[0-9a-f]{64}$/i],
	filename: ['Payload delivery', LINE],
	domain: ['Network activity', /^(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}$/u],
	url: ['Network activity', /^[a-z]+:\/\/\S+$/i],
	// What is private, of this host or of no host is no indicator of compromise.
	'ip-dst': [
		'Network activity',
		/^(?!(?:10|127|0)\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|f[cd]|fe80|::1$)[\da-f:.]+$/i,
	],
	'target-machine': ['Targeting data', LINE],
	'target-user': ['Targeting data', LINE],
	text: ['Internal reference', LINE],
};

/** Refuses a second event with the same UUID: with 404. What of an event it does not like it leaves out, and says so with 200. */
export const misp: Contract = {
	target: 'MISP',
	source:
		'MISP openapi (events/add, events/restSearch) and app/Controller/EventsController.php: add, restSearch; app/Model/Attribute.php: categories and types',
	refusal: no(
		403,
		'Authentication failed. Please make sure you pass the API key of an API enabled user.',
	),
	isAllowed: ({ headers }) => headers.authorization === 'misp-key',
	dislike: no(403, 'Could not add Event'),
	routes: {
		'POST /events/restSearch': (call, { more }) => {
			if (call.headers.accept !== 'application/json') return PAGE;
			const { uuid, limit } = call.json<{ uuid?: string; limit?: number }>();
			const found = [...(more.values() as Iterable<Event>)].filter(
				(event) => uuid === undefined || event.uuid === uuid,
			);
			return {
				status: 200,
				body: { response: found.slice(0, limit).map((event) => ({ Event: event })) },
			};
		},
		'POST /events/add': (call, kept) => {
			if (call.headers.accept !== 'application/json') return PAGE;
			const { Event: event } = call.json<{ Event?: Event }>();
			demand(event && isText(event.info, 65_535), no(403, 'Could not add Event: info'));
			demand(isWhole(call.text), no(500, 'An Internal Error Has Occurred.'));
			demand(UUID.test(event.uuid), no(403, 'Could not add Event: uuid'));
			if (kept.more.has(event.uuid))
				return no(
					404,
					'Event already exists, if you would like to edit it, use the url in the location header.',
				);
			demand(/^\d{4}-\d\d-\d\d$/.test(String(event.date)), no(403, 'Could not add Event: date'));
			demand(
				['1', '2', '3', '4'].includes(String(event.threat_level_id)) &&
					['0', '1', '2'].includes(String(event.analysis)),
				no(403, 'Could not add Event: threat_level_id, analysis'),
			);
			demand(
				String(event.distribution) === '0' && event.published === false,
				no(403, 'a test: what nobody has looked at is seen by others'),
			);
			const good = (event.Attribute ?? []).filter(
				({ type = '', category, value = '', distribution }) =>
					TYPES[type]?.[0] === category &&
					TYPES[type]![1].test(value) &&
					Buffer.byteLength(value) <= 65_535 &&
					String(distribution) === '5',
			);
			const saved = { ...event, id: String(kept.more.size + 1), Attribute: good };
			kept.more.set(event.uuid, saved);
			kept.take(good.find(({ type }) => type === 'text')?.value ?? '');
			if (good.length < (event.Attribute ?? []).length)
				throw new Refused({
					status: 200,
					body: {
						Event: saved,
						errors: { Attribute: { 0: { value: ['Value not in the right type'] } } },
					},
				});
			return { status: 200, body: { Event: saved } };
		},
	},
	failure: (status) => no(status, 'An Internal Error Has Occurred.'),
};
