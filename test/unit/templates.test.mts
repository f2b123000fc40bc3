import { describe, expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { TEMPLATES as FOLDER, templateNames } from '../../host/templates.mts';
import { TEMPLATES } from '../../workflows/make/templates.mts';

interface Node {
	name: string;
	type: string;
	credentials?: Record<string, { id: unknown; name: string }>;
	parameters: { options?: Record<string, unknown>; amount?: number; unit?: string; content?: string; height?: number; operation?: string };
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
