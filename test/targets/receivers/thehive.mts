import { demand, isText, type Contract } from './contract.mts';

const bad = (message: string, type = 'BadRequest') => ({ status: 400, body: { type, message } });

/** Refuses a second alert with the same type, source and reference: with 400, not 409. */
export const thehive: Contract = {
	target: 'TheHive',
	source: 'thehive-client InputAlert; TheHive issues 203 and 1094',
	refusal: { status: 401, body: { type: 'AuthenticationError', message: 'Authentication failure' } },
	isAllowed: ({ headers }) => headers.authorization === 'Bearer hive-key',
	routes: {
		'POST /api/v1/alert': (call, kept) => {
			const alert = call.json<Record<string, unknown> & { observables?: Array<{ dataType?: string; data?: string }> }>();
			for (const field of ['type', 'source', 'sourceRef', 'title', 'description']) demand(isText(alert[field]), bad(`${field} is missing`));
			demand([1, 2, 3, 4].includes(Number(alert.severity)), bad('severity is not in 1..4'));
			demand(Number.isInteger(alert.date), bad('date is not a number of milliseconds'));
			for (const { dataType, data } of alert.observables ?? []) demand(isText(dataType) && isText(data), bad('observable without dataType or data'));
			const key = String(alert.sourceRef);
			if (kept.has(key)) return bad(`Alert ${String(alert.type)}:${String(alert.source)}:${key} already exists`, 'CreateError');
			kept.take(key);
			return { status: 201, body: { _id: `~${kept.keys.length}`, ...alert } };
		},
	},
	failure: (status) => ({ status, body: { type: 'InternalError', message: 'unavailable' } }),
};
