import { demand, isText, isWhole, type Answer, type Contract } from './contract.mts';

type Input = Readonly<Record<string, unknown>>;

/** GraphQL says no with status 200. */
const no = (message: string, code = 'FUNCTIONAL_ERROR'): Answer => ({
	status: 200,
	body: { errors: [{ message, extensions: { code } }], data: null },
});
const bad = (message: string): Answer => ({
	status: 400,
	body: { errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] },
});

const COMMON = ['stix_id', 'name', 'description', 'created'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
	IncidentAddInput: [...COMMON, 'incident_type', 'severity', 'source', 'first_seen', 'last_seen'],
	IndicatorAddInput: [
		...[...COMMON, 'pattern', 'pattern_type', 'indicator_types', 'valid_from'],
		'x_opencti_main_observable_type',
	],
};
const isTime = (value: unknown): boolean =>
	/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)) &&
	!Number.isNaN(Date.parse(String(value)));

/** A link or an image in what is shown as Markdown, outside of code. */
const isMarkup = (markdown: string): boolean =>
	/\]\(|<\w|https?:\/\//.test(markdown.replace(/(`+)[^]*?[^`]\1(?!`)/g, ''));

const flawOf = ({ stix_id, severity, incident_type, description }: Input): string | undefined => {
	if (!/^incident--[0-9a-f-]{36}$/.test(String(stix_id))) return 'stix_id';
	if (isMarkup(String(description))) return 'a test: an alert is markup here';
	return ['low', 'medium', 'high', 'critical'].includes(String(severity)) &&
		incident_type === 'alert'
		? undefined
		: 'The provided values are not in the vocabulary';
};

const flawOfIndicator = (input: Input): string | undefined => {
	if (!/^indicator--[0-9a-f-]{36}$/.test(String(input.stix_id))) return 'stix_id';
	if (isMarkup(String(input.description))) return 'a test: an alert is markup here';
	const isObservable = ['StixFile', 'Domain-Name', 'Url', 'IPv4-Addr', 'IPv6-Addr'].includes(
		String(input.x_opencti_main_observable_type),
	);
	if (!isObservable) return 'Unsupported observable type';
	return input.pattern_type === 'stix' &&
		/^\[[a-z0-9-]+:\S+ = '(?:[^'\\]|\\.)*'\]$/s.test(String(input.pattern))
		? undefined
		: 'Indicator of type stix is not correctly formatted.';
};

/** Incidents and indicators; what has the same ids is one. */
export const openCti: Contract = {
	target: 'OpenCTI',
	source:
		'OpenCTI-Platform/opencti: incidentAdd and indicatorAdd of its GraphQL schema (indicator.graphql, pycti opencti_incident.py), vocabularies incident_type_ov and incident_severity_ov',
	refusal: no('You must be logged in to do this.', 'AUTH_REQUIRED'),
	isAllowed: ({ headers }) => headers.authorization === 'Bearer opencti-key',
	dislike: no('Indicator of type stix is not correctly formatted.'),
	routes: {
		'POST /graphql': (call, kept) => {
			const { query = '', variables = {} } = call.json<{
				query?: string;
				variables?: Readonly<Record<string, Input>>;
			}>();
			const [, declared = '', body = ''] = /^mutation \w+\(([^)]*)\) \{ (.*) \}$/.exec(query) ?? [];
			demand(body !== '', bad('Syntax Error'));
			const types = new Map(
				[...declared.matchAll(/\$(\w+): (\w+)!/g)].map(([, name, type]) => [name!, type!]),
			);
			const steps = [
				...body.matchAll(/(\w+): (incidentAdd|indicatorAdd)\(input: \$(\w+)\) \{ id \}/g),
			].map(([, alias = '', mutation, name = '']) => ({
				alias,
				mutation,
				type: types.get(name) ?? '',
				input: variables[name] ?? {},
			}));
			demand(isWhole(call.text), bad('not in UTF-8'));
			demand(
				steps.length === types.size && steps[0]?.alias === 'incident',
				bad('Variable is never used'),
			);
			for (const { mutation, type, input } of steps) {
				demand(
					type === (mutation === 'incidentAdd' ? 'IncidentAddInput' : 'IndicatorAddInput'),
					bad(`Variable of type "${type}"`),
				);
				for (const field of Object.keys(input))
					demand(
						FIELDS[type]!.includes(field),
						bad(`Field "${field}" is not defined by type "${type}".`),
					);
				demand(isText(input.name) && input.name.length >= 2, bad('name'));
				demand(isTime(input.created), bad('created'));
			}
			// One after the other: what was done before one fails stays done.
			const data: Record<string, { id: string } | null> = {};
			const errors: Array<{ message: string }> = [];
			for (const { alias, mutation, input } of steps) {
				const message = mutation === 'incidentAdd' ? flawOf(input) : flawOfIndicator(input);
				if (message !== undefined) {
					errors.push({ message });
					data[alias] = null;
					continue;
				}
				// What OpenCTI takes for the same: name and time of an incident, pattern of an indicator.
				const id = JSON.stringify(
					mutation === 'incidentAdd'
						? [String(input.name).trim().toLowerCase(), input.created]
						: [input.pattern],
				);
				if (mutation === 'incidentAdd' && !kept.more.has(id))
					kept.take(/\((cynet:[^)]*)\)$/.exec(String(input.name))?.[1] ?? '');
				kept.more.set(id, input);
				data[alias] = { id };
			}
			demand(errors.length === 0, { status: 200, body: { errors, data } });
			return { status: 200, body: { data } };
		},
	},
	failure: (status) =>
		status === 429
			? { status, body: 'You are sending too many requests' }
			: no('An internal error occurred', 'INTERNAL_SERVER_ERROR'),
};
