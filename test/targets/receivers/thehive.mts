import { demand, isText, type Contract } from './contract.mts';

const bad = (message: string, type = 'BadRequest') => ({ status: 400, body: { type, message } });

/** Refuses a second alert with the same type, source and reference: with 400, not 409. */
export const thehive: Contract = {
	target: 'TheHive',
	source: 'thehive-client InputAlert; TheHive issues 203 and 1094',
	refusal: {
		status: 401,
		body: { type: 'AuthenticationError', message: 'Authentication failure' },
	},
	isAllowed: ({ headers }) => headers.authorization === 'Bearer hive-key',
	routes: {
		'POST /api/v1/query': (call, { more }) => {
			const [list, filter] = call.json<{
				query: Array<{ _name: string; _and?: Array<{ _eq?: { _field: string; _value: string } }> }>;
			}>().query;
			const wanted = filter?._and?.[0]?._eq;
			demand(
				list?._name === 'listAlert' && wanted?._field === 'sourceRef',
				bad('a query that is not known'),
			);
			return {
				status: 200,
				body: [...(more.values() as Iterable<{ sourceRef: string }>)].filter(
					({ sourceRef }) => sourceRef === wanted._value,
				),
			};
		},
		'POST /api/v1/alert': (call, kept) => {
			const alert = call.json<
				Record<string, unknown> & { observables?: Array<{ dataType?: string; data?: string }> }
			>();
			for (const field of ['type', 'source', 'sourceRef', 'title', 'description'])
				demand(isText(alert[field]), bad(`${field} is missing`));
			demand([1, 2, 3, 4].includes(Number(alert.severity)), bad('severity is not in 1..4'));
			demand(Number.isInteger(alert.date), bad('date is not a number of milliseconds'));
			for (const { dataType, data } of alert.observables ?? [])
				demand(
					['hash', 'hostname', 'ip', 'domain', 'url'].includes(dataType ?? '') &&
						isText(data, 4096) &&
						!data.includes('\0'),
					bad('observable without dataType or data'),
				);
			const key = String(alert.sourceRef);
			if (kept.has(key))
				return bad(
					`Alert ${String(alert.type)}:${String(alert.source)}:${key} already exists`,
					'CreateError',
				);
			demand(key.length <= 128, bad('sourceRef is too long'));
			kept.take(key);
			const created = { _id: `~${kept.keys.length}`, ...alert };
			kept.more.set(key, created);
			return { status: 201, body: created };
		},
	},
	failure: (status) => ({ status, body: { type: 'InternalError', message: 'unavailable' } }),
};
