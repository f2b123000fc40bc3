import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** The fields of an alert whose words an attacker may choose, in either form. */
const WORDED =
	/(?:json|item|alert|original|row)(?:\?)?\.(name|host|hostIp|user|path|commandLine|description|recommendation|domain|url|scanGroup|techniques|tags|details|IncidentName|IncidentDescription|IncidentRecomendation|HostName|HostIp|UserName|Path|CommandLine|AlertDomain|AlertUrl|ScanGroupName)\b/;

/**
 * Where a template takes such a field itself, without a format of Convert, and why that is harmless. Code is
 * run with every hostile text by code.test.mts.
 */
const JUDGED: Readonly<Record<string, string>> = {
	'alerts-to-table › Write the Row': 'the columns are those of the format Flat',
	'call-any-endpoint › Call Cynet': 'a path that a user fills in',
	'dfir-iris › Not There Yet': 'values of JSON, built by code',
	'insightidr › In Portions': 'values of JSON, built by code',
	'isolate-after-approval › With a Host': 'nothing but whether there is one',
	'isolate-after-approval › Once an Hour': 'a key that nobody reads',
	'isolate-after-approval › A Plain Name?': 'nothing but whether it is a plain name',
	'isolate-after-approval › Ask in Slack': 'escaped by its own expression, which is run there',
	'isolate-after-approval › Isolate the Host': 'a name that the filter let through',
	'isolate-after-approval › Tell the Outcome': 'a name that the filter let through',
	'misp › Not There Yet': 'values of JSON in one line, built by code',
	'pagerduty › Send to PagerDuty': 'a value of JSON that PagerDuty shows as plain text',
	'sentinel › In Portions': 'values of JSON, built by code',
	'splunk-hec › In Portions': 'values of JSON, built by code',
	'thehive › Not There Yet': 'values of JSON, built by code',
};

interface Node {
	readonly name: string;
	readonly type: string;
	readonly parameters: Record<string, unknown>;
}
interface Template {
	readonly nodes: readonly Node[];
	readonly connections: Readonly<
		Record<string, { main?: ReadonlyArray<ReadonlyArray<{ node: string }> | null> }>
	>;
}

const FOLDER = new URL('../../workflows/', `file://${import.meta.dirname}/`);
const templates = readdirSync(FOLDER)
	.filter((name) => name.endsWith('.json'))
	.map((name) => ({
		name: name.slice(0, -'.json'.length),
		flow: JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Template,
	}));

/** Expressions and code of a node. */
function expressions(value: unknown, key = ''): string[] {
	if (typeof value === 'string') return value.startsWith('=') || key === 'jsCode' ? [value] : [];
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) => expressions(inner, name));
}

const places = templates.flatMap(({ name, flow }) =>
	flow.nodes
		.filter(({ type, parameters }) =>
			type.endsWith('stickyNote') ? false : expressions(parameters).some((one) => WORDED.test(one)),
		)
		.map((node) => `${name} › ${node.name}`),
);

describe('of the templates', () => {
	it('none takes a text of an alert without a format of Convert, but where it was judged', () => {
		expect(templates.length).toBeGreaterThan(20);
		expect(places.sort()).toEqual(Object.keys(JUDGED).sort());
	});

	it('the rows of the table are those of the format Flat', () => {
		const { flow } = templates.find(({ name }) => name === 'alerts-to-table')!;
		expect(flow.nodes.find(({ name }) => name === 'Convert')?.parameters).toMatchObject({
			operation: 'convert',
			format: 'flat',
		});
		expect(flow.connections.Convert?.main?.[0]?.[0]?.node).toBe('Write the Row');
	});
});
