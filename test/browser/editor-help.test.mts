import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nodeOf } from '../../host/workflow-node.mts';
import { HINTS } from '../../nodes/Cynet/hints.ts';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { Instance, VERSIONS } from '../e2e/instance.mts';
import { Editor } from './editor.mts';
import { NodePanel } from './node-panel.mts';
import { NodeView } from './node-view.mts';
import { WorkflowPage } from './workflow-page.mts';

const MINUTE = 60_000;
/** SeverityLevel 2, which the filter of these tests leaves out. */
const LOW = 2;
const ALERTS = 4;

describe('The editor helps before there is an error', { timeout: 3 * MINUTE }, () => {
	let instance: Instance;
	let editor: Editor;
	let panel: NodePanel;
	let node: NodeView;
	let workflow: WorkflowPage;
	let credentialId: string;
	beforeAll(async () => {
		instance = await Instance.make('editor-help', VERSIONS[0]!);
		credentialId = await instance.rest.createCredential(instance.credential());
		editor = await Editor.open(instance, 'light', { dialogs: true });
		panel = new NodePanel(editor.page);
		node = new NodeView(editor.page);
		workflow = new WorkflowPage(editor.page);
		instance.simulator.raise(ALERTS, { Severity: LOW });
	});
	afterAll(async () => {
		await editor?.close();
		await instance?.close();
	});

	/** Opens a workflow with that one node of ours, behind or below another one. */
	const open = async (type: string, parameters: Readonly<Record<string, unknown>>) => {
		const isTool = type === 'cynetTool';
		const id = await instance.rest.createWorkflow({
			name: `A workflow with ${type}`,
			nodes: [
				...(type === 'cynetTrigger'
					? []
					: [nodeOf('Start', 'n8n-nodes-base.manualTrigger', 1, {}, { position: [-250, 0] })]),
				...(isTool ? [nodeOf('Agent', '@n8n/n8n-nodes-langchain.agent', 2)] : []),
				nodeOf('Cynet', `n8n-nodes-cynet.${type}`, 1, parameters, {
					position: [0, isTool ? 250 : 0],
					credentials: { cynetApi: { id: credentialId, name: 'Cynet' } },
				}),
			],
			connections: isTool
				? { Cynet: { ai_tool: [[{ node: 'Agent', type: 'ai_tool', index: 0 }]] } }
				: type === 'cynetTrigger'
					? {}
					: { Start: { main: [[{ node: 'Cynet', type: 'main', index: 0 }]] } },
		} as never);
		await editor.openWorkflow(id);
	};
	const openNode = async (type: string, parameters: Readonly<Record<string, unknown>>) => {
		await open(type, parameters);
		await node.open('Cynet');
	};

	test('fields of an action can be mapped before anything ran', async () => {
		await editor.newWorkflow();
		await panel.addByHand('Get many hosts');
		await node.close();
		await panel.addEditFields();
		expect(await node.mapUnseen('host')).toBe('{{ $json.host }}');
		expect(await node.incoming()).toEqual(expect.arrayContaining(['id', 'host', 'ip']));
		expect(instance.simulator.ledger.requests).toEqual([]);
		await editor.pictures('schema-preview');
		await node.close();
	});

	test('a look-up that matches nothing says how many alerts it read, and what to change', async () => {
		await openNode('cynet', {
			resource: 'alert',
			operation: 'getAll',
			since: '2020-01-01T00:00:00.000Z',
			filters: { severities: [5] },
		});
		await node.execute();
		expect(await node.hint()).toBe(
			HINTS.nothingMatched(ALERTS, instance.simulator.settings.sites[0]!),
		);
		await editor.pictures('no-match');
		await node.close();
	});

	test('a look-up that is cut by Limit says so', async () => {
		await openNode('cynet', {
			resource: 'alert',
			operation: 'getAll',
			since: '2020-01-01T00:00:00.000Z',
			limit: 2,
		});
		await node.run('2 items');
		expect(await node.hint()).toBe(HINTS.cut(2));
		await node.close();
	});

	test('a host is searched for in a list, by a part of its name', async () => {
		await openNode('cynet', { resource: 'host', operation: 'get' });
		const [all, found] = [await node.search('hostName', ''), await node.search('hostName', '0101')];
		expect(all.length).toBeGreaterThan(found.length);
		expect(found).toEqual(['WS-0101']);
		await node.pick('hostName', '0101', 'WS-0101');
		expect(await node.run('operatingSystem')).toContain('WS-0101');
		await node.close();
	});

	test('as a tool the node has Output in place of Simplify, and acts with permission alone', async () => {
		await openNode('cynetTool', { resource: 'host', operation: 'getAll' });
		expect(await node.text()).toMatch(/^Output$/m);
		expect(await node.text()).not.toMatch(/^Simplify$/m);
		await editor.pictures('tool');
		await node.choose('operation', 'Isolate');
		expect(await node.options()).toContain('Allow Destructive Operations');
		await node.close();
		await openNode('cynet', { resource: 'host', operation: 'getAll' });
		expect(await node.text()).toMatch(/^Simplify$/m);
		expect(await node.text()).not.toMatch(/^Output$/m);
		await node.choose('operation', 'Isolate');
		const options = await node.options();
		expect(options).toContain('Dry Run');
		expect(options).not.toContain('Allow Destructive Operations');
		await node.close();
	});

	test('the trigger shows below its name how many sites it polls', async () => {
		await open('cynetTrigger', { options: { clientIds: '1001, 1002,1003' } });
		await expect.poll(async () => await editor.text()).toContain('Created, 3 Sites');
	});

	test('publishing says what the first execution holds', async () => {
		await open('cynetTrigger', {});
		await workflow.publish();
		expect(await workflow.message()).toContain(
			new CynetTrigger().description.activationMessage as string,
		);
		await editor.pictures('published');
	});
});
