import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TEMPLATES, credentialOf, readTemplate, templateNames } from '../../host/templates.mts';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from '../e2e/instance.mts';
import { Editor } from './editor.mts';
import { WorkflowPage } from './workflow-page.mts';

interface Node {
	readonly name: string;
	readonly type: string;
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly credentials?: Readonly<Record<string, { readonly id: string | null }>>;
}

const names = await templateNames();

describe('The gallery', () => {
	let instance: Instance;
	let editor: Editor;
	beforeAll(async () => {
		instance = await Instance.make('gallery', VERSIONS[0]!);
		editor = await Editor.open(instance);
	});
	afterAll(async () => {
		await editor?.close();
		await instance?.close();
	});

	test.each(names)('%s shows all of its nodes', async (name) => {
		const template = await readTemplate(name);
		await editor.openWorkflow(await instance.rest.createWorkflow(template));
		expect((await editor.nodeNames()).sort()).toEqual(
			template.nodes.map((node) => String(node.name)).sort(),
		);
		await editor.pictureOfCanvas(`templates/${name}`);
	});

	describe('where a credential for Cynet is known', () => {
		let cynet: string;
		beforeAll(
			async () => void (cynet = await instance.rest.createCredential(instance.credential())),
		);

		test.each(names)(
			"%s comes in by the menu with that credential filled in in Cynet's own nodes, and marks each node whose credential is missing",
			async (name) => {
				const nodes = (await readTemplate(name)).nodes as unknown as Node[];
				await editor.newWorkflow();
				await new WorkflowPage(editor.page).importFromFile(join(TEMPLATES, `${name}.json`));
				const isOurs = ({ type }: Node) => type.startsWith('n8n-nodes-cynet.');
				const missing = nodes
					.filter((node) => credentialOf(node) !== undefined && !isOurs(node))
					.map((node) => node.name);
				await expect
					.poll(async () => await editor.nodesWithIssues())
					.toEqual(expect.arrayContaining(missing));
				const marked = await editor.nodesWithIssues();
				expect(marked.filter((node) => isOurs(nodes.find((one) => one.name === node)!))).toEqual(
					[],
				);
			},
		);

		test('fluentd is published by what its note says, and an alert arrives', async () => {
			const received: string[] = [];
			const { createServer } = await import('node:http');
			const server = createServer((request, response) => {
				request
					.on('data', (chunk: Buffer) => received.push(chunk.toString()))
					.on('end', () => response.writeHead(200).end());
			});
			const port = await new Promise<number>((resolve) =>
				server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port)),
			);
			try {
				const ids = async () =>
					(await instance.rest.request<Array<{ id: string }>>('GET', '/workflows')).map(
						({ id }) => id,
					);
				const others = await ids();
				await editor.newWorkflow();
				const page = new WorkflowPage(editor.page);
				await page.importFromFile(join(TEMPLATES, 'fluentd.json'));
				// The user types the address into the node; the credential is there.
				const id = await until('n8n has saved the workflow', async () =>
					(await ids()).find((one) => !others.includes(one)),
				);
				const saved = await until('n8n has saved the credential', async () => {
					const now = await instance.rest.request<{ nodes: Node[]; versionId: string }>(
						'GET',
						`/workflows/${id}`,
					);
					return (
						now.nodes.find((node) => node.name === 'Cynet Trigger')?.credentials?.cynetApi?.id ===
							cynet && now
					);
				});
				const text = JSON.stringify(saved).replaceAll(
					'http://YOUR-FLUENTD:9880',
					`http://127.0.0.1:${port}`,
				);
				await instance.rest.request('PATCH', `/workflows/${id}`, JSON.parse(text));
				await editor.openWorkflow(id);
				await page.publish();
				const [raised] = instance.simulator.raise(1);
				await until(
					'the alert is there',
					() => received.join('').includes(`cynet:1001:${raised!.ClientDbId}`),
					{ limitMs: 100_000 },
				);
			} finally {
				server.close();
			}
		});
	});
});
