import { describe, expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { TEMPLATES as FOLDER, templateNames } from '../../host/templates.mts';
import { TEMPLATES } from '../../workflows/make/templates.mts';

interface Condition {
	leftValue: string;
	rightValue: unknown;
	operator: { operation: string };
}

interface Node {
	name: string;
	type: string;
	credentials?: Record<string, { id: unknown; name: string }>;
	parameters: { options?: Record<string, unknown>; amount?: number; unit?: string; content?: string; height?: number; operation?: string; conditions?: { combinator: string; conditions: Condition[] } };
	retryOnFail?: boolean;
	onError?: string;
	position: [number, number];
}

interface Template {
	name: string;
	nodes: Node[];
	connections: Record<string, { main: Array<Array<{ node: string }>> }>;
}

const read = async (name: string): Promise<Template> => JSON.parse(await readFile(`${FOLDER}/${name}.json`, 'utf8')) as Template;
const names = await templateNames();
const ofType = ({ nodes }: Template, type: string): Node[] => nodes.filter((node) => node.type === type);

/** The number of tries after which a branch goes another way, whatever else it asks. */
const boundOf = ({ parameters: { conditions } }: Node): number[] =>
	conditions?.combinator === 'or' ? conditions.conditions.flatMap(({ rightValue, operator }) => (operator.operation === 'gte' && typeof rightValue === 'number' ? rightValue : [])) : [];

/** Whether a way leads from a node back to it that passes none of the others. */
function comesBack({ connections }: Template, start: string, others: ReadonlySet<string>): boolean {
	const seen = new Set(others);
	const ahead = [start];
	for (let node = ahead.pop(); node !== undefined; node = ahead.pop()) {
		for (const next of (connections[node]?.main ?? []).flat().map((to) => to.node)) {
			if (next === start) return true;
			if (!seen.has(next)) ahead.push(next);
			seen.add(next);
		}
	}
	return false;
}

test('the templates are what `npm run templates` makes, and one that is written by hand', async () => {
	expect(names).toEqual([...Object.keys(TEMPLATES), 'call-any-endpoint'].sort());
	for (const [name, make] of Object.entries(TEMPLATES)) expect(await readFile(`${FOLDER}/${name}.json`, 'utf8'), name).toBe(make().toJson());
});

describe.each(names)('the template %s', (name) => {
	test('names its credentials and holds none', async () => {
		const { nodes } = await read(name);
		for (const { credentials = {} } of nodes) {
			for (const credential of Object.values(credentials)) expect(credential).toEqual({ id: null, name: expect.stringMatching(/\w/) });
		}
	});

	test('has a note that names every node whose credential the user chooses', async () => {
		const template = await read(name);
		const [note] = ofType(template, 'n8n-nodes-base.stickyNote');
		for (const node of template.nodes.filter(({ credentials }) => credentials)) {
			// A list of executions and one of workflows take the same credential: the note names one of them.
			if (node.type === 'n8n-nodes-base.n8n') continue;
			expect(note?.parameters.content).toContain(`**${node.name}**`);
		}
	});

	test('follows no redirect with a credential', async () => {
		for (const { parameters } of ofType(await read(name), 'n8n-nodes-base.httpRequest')) {
			expect(parameters.options?.redirect).toEqual({ redirect: { followRedirects: false } });
		}
	});

	test('waits long enough for n8n to keep the wait in its database', async () => {
		for (const { parameters } of ofType(await read(name), 'n8n-nodes-base.wait')) {
			expect(parameters.unit).toBe('seconds');
			expect(parameters.amount).toBeGreaterThanOrEqual(65);
		}
	});

	test('waits for a target only so often, and says how often', async () => {
		const template = await read(name);
		const bounds = new Map(ofType(template, 'n8n-nodes-base.if').flatMap((node) => boundOf(node).map((bound) => [node.name, bound] as const)));
		// A filter for what has been counted lets nothing else pass, and counted is only what a bound has let pass.
		const counted = ofType(template, 'n8n-nodes-base.filter').filter(({ parameters }) => parameters.conditions?.conditions[0]?.leftValue.includes('$json.sending?.tries')).map((node) => node.name);
		for (const [from, { main }] of Object.entries(template.connections)) {
			if (main.flat().some(({ node }) => node === 'Count the Tries')) expect([...bounds.keys()]).toContain(from);
		}
		const waits = ofType(template, 'n8n-nodes-base.wait').map((node) => node.name);
		expect(waits.filter((wait) => comesBack(template, wait, new Set([...bounds.keys(), ...counted])))).toEqual([]);
		for (const [node, bound] of bounds) {
			expect(ofType(template, 'n8n-nodes-base.stickyNote')[0]?.parameters.content).toMatch(new RegExp(`${bound.toLocaleString('en')} (tries|times).*\\*\\*${node.replace('?', '\\?')}\\*\\*`));
		}
	});

	test('fails by a node that lets the retry of the execution go on', async () => {
		const template = await read(name);
		for (const { name: failing, parameters } of ofType(template, 'n8n-nodes-base.code')) {
			expect(parameters).toMatchObject({ jsCode: expect.stringMatching(/execution === \$execution\.id[^]*Retry with currently saved workflow/) });
			expect(template.connections[failing]?.main[0]).toHaveLength(1);
		}
		// The one that runs others again is run by hand.
		expect(ofType(template, 'n8n-nodes-base.stopAndError')).toHaveLength(name === 'redeliver-after-crash' ? 1 : 0);
	});

	test('repeats by itself only what may be sent twice', async () => {
		// n8n repeats the node with all of its items when the first one failed.
		for (const node of ofType(await read(name), 'n8n-nodes-base.httpRequest').filter(({ retryOnFail }) => retryOnFail)) {
			expect(['pagerduty', 'thehive', 'elasticsearch']).toContain(name);
			expect(node.onError).toBe('continueErrorOutput');
		}
		for (const type of ['n8n-nodes-base.emailSend', 'n8n-nodes-cynet.cynet']) {
			expect(ofType(await read(name), type).filter(({ retryOnFail, parameters }) => retryOnFail && parameters.operation !== 'getAll')).toEqual([]);
		}
	});

	test('shows no node upon another, and the note above them all', async () => {
		const template = await read(name);
		const [note] = ofType(template, 'n8n-nodes-base.stickyNote');
		const nodes = template.nodes.filter((node) => node !== note);
		for (const [index, one] of nodes.entries()) {
			expect(one.position[1], one.name).toBeGreaterThan((note?.position[1] ?? 0) + (note?.parameters.height ?? 0));
			for (const other of nodes.slice(index + 1)) {
				const [across, down] = one.position.map((place, axis) => Math.abs(place - (other.position[axis] ?? 0))) as [number, number];
				// A node with its name and subtitle takes so much room.
				expect(across >= 160 || down >= 150, `${one.name} and ${other.name}`).toBe(true);
			}
		}
	});

	test('leaves no error output loose', async () => {
		const { nodes, connections } = await read(name);
		for (const node of nodes.filter(({ onError }) => onError === 'continueErrorOutput')) {
			expect([node.name, connections[node.name]?.main[1]?.length]).toEqual([node.name, 1]);
		}
	});
});
