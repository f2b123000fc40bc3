import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../host/wait.mts';
import { readTemplate, TEMPLATES } from '../../host/templates.mts';
import { RESOURCES } from '../../nodes/Cynet/resources.ts';
import { sentences } from '../../nodes/shared/api/reasons.ts';
import { Instance, VERSIONS } from '../e2e/instance.mts';
import { CredentialDialog } from './credential-dialog.mts';
import { Editor } from './editor.mts';
import { NodePanel } from './node-panel.mts';
import { NodeView } from './node-view.mts';
import { WorkflowPage } from './workflow-page.mts';

const MINUTE = 60_000;
const WRONG_KEY = 'not-the-right-key';
/** Raised before the evening, a quarter of an hour apart. */
const OLD_ALERTS = 6;
const TRIGGERS = ['On alert created', 'On alert recurred', 'On alert updated'];
const ACTIONS = Object.values(RESOURCES).flatMap(({ operations }) =>
	Object.values(operations).map(({ action }) => action),
);

/** One way, walked in this order: each station begins where the one before it ended. */
describe('On the first evening', { timeout: 4 * MINUTE }, () => {
	let instance: Instance;
	let editor: Editor;
	let panel: NodePanel;
	let credential: CredentialDialog;
	let node: NodeView;
	let workflow: WorkflowPage;
	beforeAll(async () => {
		instance = await Instance.make('first-evening', VERSIONS[0]!);
		editor = await Editor.open(instance);
		panel = new NodePanel(editor.page);
		credential = new CredentialDialog(editor.page);
		node = new NodeView(editor.page);
		workflow = new WorkflowPage(editor.page);
	});
	afterAll(async () => {
		await editor?.close();
		await instance?.close();
	});

	const expectNoSecretsOnThePage = async () => {
		const text = await editor.text();
		expect(text).toContain('Username or Access Key');
		for (const secret of [...instance.simulator.secrets(), WRONG_KEY])
			expect(text).not.toContain(secret);
	};

	test('typing "cynet" finds the trigger and every action, with an icon for each theme', async () => {
		// Light comes last: the way goes on in it.
		for (const [theme, icon] of [
			['dark', 'cynet.dark.svg'],
			['light', 'cynet.svg'],
		] as const) {
			await editor.page.emulateMedia({ colorScheme: theme });
			await editor.newWorkflow();
			await panel.open();
			expect(await panel.find('cynet', 'Cynet')).toEqual(['Cynet']);
			await panel.choose('Cynet');
			await panel.unfold('Actions');
			await expect
				.poll(async () => (await panel.names()).sort(), { timeout: MINUTE })
				.toEqual([...TRIGGERS, ...ACTIONS].sort());
			expect(await editor.icons()).toEqual([icon]);
			await editor.picture(`nodes-panel-${theme}`);
		}
	});

	test('a wrong key is told in words that name the fields, and shows no secret', async () => {
		await panel.add('On alert created');
		await credential.openNew();
		await credential.fill({
			baseUrl: instance.gate.url,
			username: instance.simulator.settings.username,
			password: WRONG_KEY,
			clientId: instance.simulator.settings.sites[0]!,
		});
		await credential.save();
		expect(await credential.complaint()).toContain(sentences('keysRejected'));
		await expectNoSecretsOnThePage();
		await editor.pictures('credential-wrong');
	});

	test('the right key is accepted, and is not shown again', async () => {
		await credential.fill({ password: instance.simulator.settings.password });
		await credential.save();
		await credential.waitUntilClosed();
		await credential.openAgain();
		await credential.waitUntilGood();
		expect(await credential.value('password')).not.toContain(instance.simulator.settings.password);
		await expectNoSecretsOnThePage();
		await editor.pictures('credential-right');
		await credential.close();
	});

	test('the trigger is ready as it is, and says what to do where there is no alert yet', async () => {
		expect(await node.text()).toMatch(/Every Minute|Poll Times/);
		expect(await node.text()).toContain('Alert Created');
		await editor.pictures('trigger');
		expect(await node.fail()).toContain('Publish the workflow to wait for the first alert');
	});

	test('Fetch Test Event shows the newest alerts', async () => {
		const alerts = instance.simulator.raise(OLD_ALERTS, {
			// None in the last quarter of an hour, which is asked first, nor at its edge.
			at: Date.now() - (OLD_ALERTS * 15 + 1) * MINUTE,
			spacingMs: 15 * MINUTE,
		});
		const newest = alerts.at(-1)!;
		expect(await node.run('3 items')).toContain('3 items');
		expect(await node.shown()).toMatchObject({
			id: String(newest.ClientDbId),
			name: newest.IncidentName,
			event: 'created',
			dedupKey: `cynet:${instance.simulator.settings.sites[0]}:${newest.ClientDbId}`,
		});
		await editor.pictures('test-event');
		await node.close();
	});

	test('a field of an alert is dragged into the next node', async () => {
		await panel.addEditFields();
		const names = ['name', 'severity', 'host'];
		const values: Record<string, string> = {};
		for (const name of names) {
			const { expression, value } = await node.map(name);
			expect(expression).toBe(`{{ $json.${name} }}`);
			values[name] = value;
		}
		await node.run('3 items');
		expect(await node.shown()).toEqual(values);
		await editor.pictures('mapping');
		await node.close();
	});

	test('once published, an alert of Cynet is an execution', async () => {
		const emitted = async () =>
			(await instance.executions()).filter(
				({ mode, status }) => mode === 'trigger' && status === 'success',
			);
		await workflow.publish();
		await until('the alerts of the day were emitted', async () => (await emitted())[0], {
			limitMs: 2 * MINUTE,
		});
		const [raised] = instance.simulator.raise(1);
		const [first, second] = await until(
			'the new alert was emitted',
			async () => {
				const executions = await emitted();
				return executions.length > 1 && executions;
			},
			{ limitMs: 2 * MINUTE },
		);
		expect(first!.items).toHaveLength(OLD_ALERTS);
		expect(second!.items.map(({ id }) => id)).toEqual([raised!.ClientDbId]);
		await workflow.showExecutions();
		expect(await workflow.openExecution(second!.id)).toContain('Succeeded');
		await expect.poll(async () => await workflow.itemsEmitted()).toBe('1 item');
		await editor.pictures('executions');
	});

	test('the node Cynet does something of each resource', async () => {
		const { simulator } = instance;
		const [alert] = simulator.raise(1);
		const file = (simulator.raise(20).find(({ Sha256Hex }) => Sha256Hex) ?? alert!).Sha256Hex ?? '';
		const host = alert!.HostName;
		await editor.newWorkflow();
		await panel.addByHand('Get many alerts');
		expect(await node.run('dedupKey')).toContain(`cynet:${simulator.settings.sites[0]}:`);
		await node.choose('resource', 'User');
		await node.choose('operation', 'Get Many');
		expect(await node.run('badLogins')).toContain('CORP\\');
		await node.choose('resource', 'Vulnerability');
		expect(await node.run('kb')).toContain('KB50');
		await node.choose('resource', 'File');
		await node.enter('sha256', 'By Hash', file);
		expect(await node.run('found')).toContain('true');
		await node.choose('resource', 'Host');
		await node.choose('operation', 'Isolate');
		await node.pick('hostName', host.slice(-4), host);
		expect(simulator.ledger.report().remediations).toBe(0);
		await node.run('accepted');
		expect(await node.shown()).toMatchObject({ accepted: 'true', host });
		expect(simulator.ledger.report().remediations).toBe(1);
		await editor.pictures('action-node');
	});

	test('Diagnose asks the server, changes nothing, and answers in words', async () => {
		const before = instance.simulator.ledger.report().remediations;
		await node.choose('resource', 'Connection');
		await node.run('verdicts', 2 * MINUTE);
		expect(Object.keys(await node.shown())).toEqual(
			expect.arrayContaining(['verdicts', 'question', 'seen', 'assumed', 'holds']),
		);
		expect(await editor.text()).toContain('Which login works?');
		await editor.pictures('diagnose');
		expect(instance.simulator.ledger.report().remediations).toBe(before);
		for (const secret of instance.simulator.secrets())
			expect(await editor.text()).not.toContain(secret);
		await node.close();
	});

	test('a template comes in by the menu and finds the credential, and n8n says so and nothing else', async () => {
		const template = await readTemplate('slack-triage');
		await editor.newWorkflow();
		await workflow.importFromFile(join(TEMPLATES, 'slack-triage.json'));
		await expect.poll(async () => await workflow.name()).toBe(template.name);
		expect((await editor.nodeNames()).sort()).toEqual(
			template.nodes.map(({ name }) => String(name)).sort(),
		);
		expect(await editor.notices()).toEqual([expect.stringContaining('Credentials auto-added')]);
		// The user has a credential for Cynet, and none for Slack.
		expect(await editor.nodesWithIssues()).toEqual(['Send to Slack']);
	});
});
