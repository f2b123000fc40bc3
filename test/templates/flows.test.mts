import { describe, expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { TEMPLATES as FOLDER, credentialOf, templateNames } from '../../host/templates.mts';
import { TEMPLATES } from '../../workflows/make/templates.mts';

interface Node {
	name: string;
	type: string;
	credentials?: unknown;
	parameters: {
		options?: Record<string, unknown>;
		content?: string;
		height?: number;
		operation?: string;
		mode?: string;
		jsCode?: string;
		nodeCredentialType?: string;
		genericAuthType?: string;
	};
	retryOnFail?: boolean;
	onError?: string;
	alwaysOutputData?: boolean;
	position: [number, number];
}

interface Template {
	name: string;
	nodes: Node[];
	connections: Record<string, Partial<Record<string, Array<Array<{ node: string }>>>>>;
}

const read = async (name: string): Promise<Template> =>
	JSON.parse(await readFile(`${FOLDER}/${name}.json`, 'utf8')) as Template;
const names = await templateNames();
const ofType = ({ nodes }: Template, type: string): Node[] =>
	nodes.filter((node) => node.type === `n8n-nodes-base.${type}`);
const noteOf = (template: Template): string =>
	ofType(template, 'stickyNote')[0]?.parameters.content ?? '';

/**
 * The parts of an AI agent: its model and its tools hang below it, and no alert flows through them.
 * Who reads the workflow reads one line of nodes, and of each part its name.
 */
const partsOf = ({ nodes, connections }: Template): Node[] =>
	nodes.filter(({ name }) =>
		Object.keys(connections[name] ?? {}).some((type) => /^ai_/.test(type)),
	);

/** The most nodes of each, notes and parts of an agent aside. */
const FIVE = [
	'elasticsearch',
	'fluent-bit',
	'fluentd',
	'google-secops',
	'graylog',
	'insightidr',
	'logstash',
	'sentinel',
	'splunk-hec',
];
const MOST: Readonly<Record<string, number>> = {
	'alerts-to-slack': 3,
	'alerts-to-table': 4,
	'call-any-endpoint': 3,
	heartbeat: 7,
	'isolate-after-approval': 11,
	'retry-failed-deliveries': 9,
	...Object.fromEntries(FIVE.map((name) => [name, 5])),
};
/** The first templates of a newcomer, the ones that look after others, and one that is run by hand. */
const WITHOUT_CHECK = [
	'alerts-to-slack',
	'alerts-to-table',
	'call-any-endpoint',
	'heartbeat',
	'isolate-after-approval',
	'retry-failed-deliveries',
];

test('the templates are what `npm run templates` makes, and one that is written by hand', async () => {
	expect(names).toEqual([...Object.keys(TEMPLATES), 'call-any-endpoint'].sort());
	for (const [name, make] of Object.entries(TEMPLATES))
		expect(await readFile(`${FOLDER}/${name}.json`, 'utf8'), name).toBe(make().toJson());
});

describe.each(names)('the template %s', (name) => {
	test('is small enough to read', async () => {
		const template = await read(name);
		const parts = partsOf(template);
		expect(template.nodes.length - 1 - parts.length).toBeLessThanOrEqual(MOST[name] ?? 6);
		// Without an agent there are none; with one, a model and two tools.
		const agents = template.nodes.filter(({ type }) => /\.agent$/.test(type));
		expect(parts.length).toBeLessThanOrEqual(3 * agents.length);
	});

	test('has no credentials, so that n8n fills in the one that fits and marks those that are missing', async () => {
		expect((await read(name)).nodes.filter(({ credentials }) => credentials !== undefined)).toEqual(
			[],
		);
	});

	test('has a note of eight lines at most that names every node whose credential n8n cannot know', async () => {
		const template = await read(name);
		const note = noteOf(template);
		const lines = note.split('\n').filter((line) => line !== '');
		expect(lines.length).toBeLessThanOrEqual(8);
		expect(lines[0]).toMatch(/^## /);
		for (const node of template.nodes) {
			if ([undefined, 'cynetApi'].includes(credentialOf(node))) continue;
			expect(note).toContain(`**${node.name}**`);
		}
		if (template.nodes.some(({ type }) => type.startsWith('n8n-nodes-cynet.')))
			expect(note).toContain('*Cynet API*');
	});

	test('waits in no loop', async () => {
		expect(ofType(await read(name), 'wait')).toEqual([]);
	});

	test('brings no flood: its first execution begins now, or its note says what comes', async () => {
		const template = await read(name);
		for (const { parameters } of template.nodes.filter(
			({ type }) => type === 'n8n-nodes-cynet.cynetTrigger',
		)) {
			if (parameters.options?.lookbackHours !== 0)
				expect(noteOf(template)).toContain(
					`the last ${String(parameters.options?.lookbackHours)} hours`,
				);
		}
	});

	test('follows no redirect with a credential', async () => {
		for (const { parameters } of ofType(await read(name), 'httpRequest')) {
			expect(parameters.options?.redirect).toEqual({ redirect: { followRedirects: false } });
		}
	});

	test('looks at every answer, and a retry leads from there to what sends', async () => {
		if (WITHOUT_CHECK.includes(name))
			return void expect(
				ofType(await read(name), 'code').filter((node) => node.name === 'Not Taken'),
			).toEqual([]);
		const template = await read(name);
		const [check] = ofType(template, 'code').filter((node) => node.name === 'Not Taken');
		expect(check?.parameters.jsCode).toMatch(
			/json\.inExecution === \$execution\.id[^]*throw new Error/,
		);
		const senders = template.nodes.filter((node) =>
			template.connections[node.name]?.main?.[0]?.some(({ node: to }) => to === 'Not Taken'),
		);
		expect(senders.map(({ onError }) => onError)).toEqual(['continueRegularOutput']);
		const reached = new Set<string>();
		for (const ahead = ['Not Taken']; ahead.length > 0; ) {
			for (const { node } of (template.connections[ahead.pop()!]?.main ?? []).flat())
				if (!reached.has(node) && reached.add(node)) ahead.push(node);
		}
		expect(reached).toContain(senders[0]?.name);
	});

	test("repeats nothing by n8n's Retry On Fail but what asks, decides, or tells a person", async () => {
		const harmless = [
			...['Alerts of a Day', 'Newest Execution'],
			...['Not There Yet', 'What To Do'],
			...['Report', 'Tell the Outcome'],
		];
		for (const node of (await read(name)).nodes.filter(({ retryOnFail }) => retryOnFail))
			expect(harmless).toContain(node.name);
	});

	test('has nothing that n8n 3.0 removes', async () => {
		const template = await read(name);
		expect(
			ofType(template, 'executeWorkflow').filter(({ parameters }) => parameters.mode !== 'once'),
		).toEqual([]);
		expect(
			template.nodes.filter(
				(node) => node.alwaysOutputData && (template.connections[node.name]?.main?.length ?? 0) > 1,
			),
		).toEqual([]);
	});

	test('shows no node upon another, and the note above them all', async () => {
		const template = await read(name);
		const [note] = ofType(template, 'stickyNote');
		const nodes = template.nodes.filter((node) => node !== note);
		for (const [index, one] of nodes.entries()) {
			expect(one.position[1], one.name).toBeGreaterThan(
				(note?.position[1] ?? 0) + (note?.parameters.height ?? 0),
			);
			for (const other of nodes.slice(index + 1)) {
				const [across, down] = one.position.map((place, axis) =>
					Math.abs(place - (other.position[axis] ?? 0)),
				) as [number, number];
				// A node with its name and subtitle takes so much room.
				expect(across >= 160 || down >= 150, `${one.name} and ${other.name}`).toBe(true);
			}
		}
	});

	test('leaves no error output loose', async () => {
		const { nodes, connections } = await read(name);
		for (const node of nodes.filter(({ onError }) => onError === 'continueErrorOutput')) {
			expect([node.name, connections[node.name]?.main?.[1]?.length]).toEqual([node.name, 1]);
		}
	});
});

test('Logstash keeps the host of an alert, if its input is set as the note says', async () => {
	expect(noteOf(await read('logstash'))).toContain(
		'remote_host_target_field => "[@metadata][n8n]"',
	);
});
