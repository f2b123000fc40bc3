import type { Rest, Workflow } from '../../host/rest.mts';
import {
	credentialsOf,
	readTemplate,
	withCredential,
	withSettings,
} from '../../host/templates.mts';
import { expect } from 'vitest';
import type { Instance } from '../e2e/instance.mts';
import type { SetUp } from './set-ups.mts';
import type { Receiver } from './receivers/receiver.mts';

interface Node {
	type: string;
	parameters: Record<string, unknown>;
}

/**
 * Does what a template's note says: types the addresses, chooses the credentials. The trigger polls
 * more often, as n8n allows, and leaves nothing out.
 */
export async function setUp(
	rest: Rest,
	name: string,
	{ typed, credentials }: Pick<SetUp, 'typed' | 'credentials'>,
	receivers: readonly Receiver[],
	cynet: { id: string; name: string },
	pollTimes: unknown,
	everySeverity = true,
): Promise<Workflow> {
	let text = JSON.stringify(await readTemplate(name));
	for (const [placeholder, value] of Object.entries(
		typed?.(...receivers.map(({ url }) => url)) ?? {},
	)) {
		// In a field of type object the text stands in quotes of its own.
		if (!text.includes(placeholder))
			throw new Error(`The template ${name} does not say "${placeholder}"`);
		text = text.replaceAll(placeholder, value);
	}
	let workflow = JSON.parse(text) as Workflow;
	const [receiver] = receivers;
	for (const [type, data] of Object.entries(
		receiver ? (credentials?.(receiver.url, receiver.port) ?? {}) : {},
	)) {
		const id = await rest.createCredential({ name: `${name} ${type}`, type, data });
		workflow = withCredential(workflow, type, { id, name: `${name} ${type}` });
	}
	if (credentialsOf(workflow).includes('cynetApi'))
		workflow = withCredential(workflow, 'cynetApi', cynet);
	for (const node of workflow.nodes as unknown as Node[]) {
		if (node.type !== 'n8n-nodes-cynet.cynetTrigger') continue;
		node.parameters.pollTimes = pollTimes;
		// Every alert of the simulator, whatever its severity.
		if (everySeverity) delete node.parameters.filters;
	}
	return workflow;
}

/**
 * Publishes the template that runs failed executions again, with an API key of this n8n; in seconds
 * where a user would have minutes.
 */
export async function publishRetries(
	{ rest, n8n }: Instance,
	values: Readonly<Record<string, unknown>> = {},
): Promise<string> {
	const scopes = [
		'workflow:list',
		'workflow:read',
		'execution:list',
		'execution:read',
		'execution:retry',
	];
	const { rawApiKey } = await rest.request<{ rawApiKey: string }>('POST', '/api-keys', {
		label: 'retries',
		expiresAt: null,
		scopes,
	});
	const id = await rest.createCredential({
		name: 'n8n',
		type: 'n8nApi',
		data: { apiKey: rawApiKey, baseUrl: `${n8n.url}/api/v1` },
	});
	const workflow = withSettings(withCredential(await moreLooks(), 'n8nApi', { id, name: 'n8n' }), {
		apiUrl: `${n8n.url}/api/v1`,
		firstPauseMinutes: 0.05,
		longestPauseMinutes: 0.3,
		tries: 100,
		atOnce: 6,
		...values,
	});
	const workflowId = await rest.createWorkflow(workflow);
	expect(await rest.activate(workflowId)).toMatchObject({ status: 'published' });
	return workflowId;
}

/** The template with a look every 15 seconds, and half of the time for each. */
async function moreLooks(): Promise<Workflow> {
	let text = JSON.stringify(await readTemplate('retry-failed-deliveries'));
	for (const [half, quarter] of [
		['"secondsInterval":30', '"secondsInterval":15'],
		['+ 29000', '+ 14000'],
		['24000 /', '12000 /'],
	] as const) {
		if (!text.includes(half)) throw new Error(`retry-failed-deliveries does not say ${half}`);
		text = text.replaceAll(half, quarter);
	}
	return JSON.parse(text) as Workflow;
}
