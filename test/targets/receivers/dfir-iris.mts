import { demand, isText, type Contract } from './contract.mts';

interface IrisAlert {
	readonly alert_id: number;
	readonly alert_source_ref: string;
}

const error = (status: number, message: string) => ({
	status,
	body: { status: 'error', message, data: {} },
});
const REQUIRED = ['alert_title', 'alert_severity_id', 'alert_status_id', 'alert_customer_id'];

/** Takes the same alert any number of times. Filters it does not know are ignored, and everything is found then. */
export const dfirIris: Contract = {
	target: 'DFIR-IRIS',
	source: 'iris-web, source/app/blueprints/alerts',
	refusal: error(401, 'Authentication required'),
	isAllowed: ({ headers }) => headers.authorization === 'Bearer iris-key',
	routes: {
		'GET /alerts/filter': ({ query }, { more }) => {
			const wanted = query.get('source_reference');
			// The strictest case for a client: the reference is looked for anywhere in the text, newest
			// first unless asked otherwise, ten at a time.
			const found = [...(more.values() as Iterable<IrisAlert>)].filter(
				({ alert_source_ref }) => wanted === null || alert_source_ref.includes(wanted),
			);
			if ((query.get('sort') ?? 'desc') === 'desc') found.reverse();
			const alerts = found.slice(0, Number(query.get('per_page') ?? 10));
			return {
				status: 200,
				body: { status: 'success', message: '', data: { total: found.length, alerts } },
			};
		},
		'POST /alerts/add': (call, kept) => {
			const alert = call.json<IrisAlert & Record<string, unknown>>();
			for (const field of REQUIRED)
				demand(
					alert[field] !== undefined && alert[field] !== null,
					error(400, `Data error: ${field} is required`),
				);
			for (const field of REQUIRED.slice(1))
				demand(
					Number.isInteger(alert[field]),
					error(400, `Data error: ${field} is not a valid integer`),
				);
			demand(isText(alert.alert_source_ref), error(400, 'no source reference'));
			demand(
				[1, 2, 3, 4, 5, 6].includes(Number(alert.alert_severity_id)),
				error(400, 'Data error: alert_severity_id does not exist'),
			);
			demand(
				!call.text.includes('\\u0000'),
				error(500, 'A string literal cannot contain NUL (0x00) characters.'),
			);
			for (const ioc of alert.alert_iocs as Array<Record<string, unknown>>)
				demand(
					isText(ioc.ioc_value) &&
						Number.isInteger(ioc.ioc_type_id) &&
						Number.isInteger(ioc.ioc_tlp_id),
					error(400, 'Data error: ioc'),
				);
			const added = { ...alert, alert_id: kept.more.size + 1 };
			kept.more.set(String(added.alert_id), added);
			kept.take(alert.alert_source_ref);
			return { status: 200, body: { status: 'success', message: '', data: added } };
		},
	},
	failure: (status) => ({ status, body: '<html>proxy</html>' }),
};
