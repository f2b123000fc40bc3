import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../host/children.mts';
import { n8nEnvironment } from '../../host/environment.mts';
import type { Workflow } from '../../host/rest.mts';
import {
	TEMPLATES,
	credentialsOf,
	readTemplate,
	templateNames,
	withCredential,
} from '../../host/templates.mts';
import { Instance } from '../e2e/instance.mts';
import { SET_UPS } from './set-ups.mts';

interface NodeType {
	readonly name: string;
	readonly version: number | readonly number[];
	readonly properties: ReadonlyArray<{ readonly name: string }>;
}

interface Node {
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly parameters: Readonly<Record<string, unknown>>;
}

const names = await templateNames();

/** What only a newer n8n knows; the template's note says so. */
const NEWER = ['captureResponder', 'approvers'];

/** What n8n takes for a credential of each type. */
const CREDENTIALS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.assign(
	{ n8nApi: { apiKey: 'key', baseUrl: 'https://n8n.invalid/api/v1' } },
	...Object.values(SET_UPS).map(
		({ credentials }) => credentials?.('https://target.invalid', 25) ?? {},
	),
);

/** The oldest and the newest line of n8n that this package is tested with. */
describe.each(['2.41.1', '1.123.81'])('Importing the templates into n8n %s', (version) => {
	let instance: Instance;
	beforeAll(async () => void (instance = await Instance.make('import', version)));
	afterAll(async () => await instance?.close());

	test('finds every type of node in its version, and every parameter', async () => {
		const types = (await (
			await fetch(`${instance.n8n.url}/types/nodes.json`, {
				headers: { cookie: instance.rest.session },
			})
		).json()) as NodeType[];
		for (const name of names) {
			for (const node of (await readTemplate(name)).nodes as unknown as Node[]) {
				const type = types.find(
					(candidate) =>
						candidate.name === node.type && [candidate.version].flat().includes(node.typeVersion),
				);
				expect([name, node.name, type?.name]).toEqual([name, node.name, node.type]);
				const known = type!.properties.map((property) => property.name);
				for (const parameter of Object.keys(node.parameters).filter(
					(one) =>
						!(version.startsWith('1.') && name === 'isolate-after-approval' && NEWER.includes(one)),
				))
					expect([name, node.name, known]).toEqual([
						name,
						node.name,
						expect.arrayContaining([parameter]),
					]);
			}
		}
	});

	test('works from the command line, without a word of warning', async () => {
		const { n8n } = instance;
		await n8n.stop();
		const { code, tail } = await run(
			n8n.installation.node,
			[n8n.installation.bin, 'import:workflow', '--separate', `--input=${TEMPLATES}`],
			{
				cwd: n8n.userFolder,
				env: n8nEnvironment({
					userFolder: n8n.userFolder,
					installation: n8n.installation,
					port: n8n.port,
					brokerPort: n8n.port,
				}),
			},
		);
		await n8n.start();
		expect([code, tail]).toEqual([
			0,
			expect.stringContaining(`Successfully imported ${names.length} workflows`),
		]);
		expect(
			tail
				.split('\n')
				.filter((line) => /warn|error|skip/i.test(line) && !/import:workflow/.test(line)),
		).toEqual([]);
		const imported = await instance.rest.request<Array<{ id: string; name: string }>>(
			'GET',
			'/workflows',
		);
		expect(imported.length).toBe(names.length);
		for (const name of names) {
			const template = await readTemplate(name);
			const { id } = imported.find((workflow) => workflow.name === template.name)!;
			const workflow = await instance.rest.request<Workflow>('GET', `/workflows/${id}`);
			expect(workflow.nodes).toHaveLength(template.nodes.length);
			expect(workflow.connections).toEqual(template.connections);
		}
	});

	if (!version.startsWith('1.'))
		test('leaves nothing that n8n 3.0 would break', async () => {
			const { report } = await instance.rest.request<{ report: { workflowResults: unknown[] } }>(
				'GET',
				'/breaking-changes/report?version=v3',
			);
			expect(report.workflowResults).toEqual([]);
		});

	test('gives workflows that n8n publishes, once their credentials are chosen', async () => {
		const cynet = {
			id: await instance.rest.createCredential(instance.credential()),
			name: 'Cynet',
		};
		for (const name of names) {
			let workflow = await readTemplate(name);
			let text = JSON.stringify(workflow);
			for (const [placeholder, value] of Object.entries(
				SET_UPS[name]?.typed?.('https://target.invalid', 'https://target.invalid') ?? {},
			))
				text = text.replaceAll(placeholder, value);
			workflow = JSON.parse(text) as Workflow;
			for (const type of credentialsOf(workflow))
				workflow = withCredential(
					workflow,
					type,
					type === 'cynetApi'
						? cynet
						: {
								id: await instance.rest.createCredential({
									name: type,
									type,
									data: CREDENTIALS[type]!,
								}),
								name: type,
							},
				);
			const hasTrigger = (workflow.nodes as unknown as Node[]).some(({ type }) =>
				/cynetTrigger|scheduleTrigger/.test(type),
			);
			const id = await instance.rest.createWorkflow(workflow);
			if (hasTrigger)
				expect([name, await instance.rest.activate(id)]).toMatchObject([
					name,
					{ status: 'published', errors: [] },
				]);
		}
	});
});
