import type { Rest, Workflow } from '../../host/rest.mts';
import { readTemplate, withCredential } from '../../host/templates.mts';
import type { SetUp } from './set-ups.mts';
import type { Receiver } from './receivers/receiver.mts';

interface Node {
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { name: string }>;
}

/** Does what a template's note says: types the addresses, chooses the credentials. The trigger polls more often, as n8n allows. */
export async function setUp(rest: Rest, name: string, { typed, credentials }: Pick<SetUp, 'typed' | 'credentials'>, receivers: readonly Receiver[], cynet: { id: string; name: string }, pollTimes: unknown): Promise<Workflow> {
	let text = JSON.stringify(await readTemplate(name));
	for (const [placeholder, value] of Object.entries(typed?.(...receivers.map(({ url }) => url)) ?? {})) {
		// In a field of type object the text stands in quotes of its own.
		if (!text.includes(placeholder)) throw new Error(`The template ${name} does not say "${placeholder}"`);
		text = text.replaceAll(placeholder, value);
	}
	let workflow = JSON.parse(text) as Workflow;
	const [receiver] = receivers;
	for (const [type, data] of Object.entries(receiver ? (credentials?.(receiver.url, receiver.port) ?? {}) : {})) {
		const id = await rest.createCredential({ name: `${name} ${type}`, type, data });
		workflow = withCredential(workflow, type, { id, name: `${name} ${type}` });
	}
	const nodes = workflow.nodes as unknown as Node[];
	if (nodes.some((node) => node.credentials?.cynetApi)) workflow = withCredential(workflow, 'cynetApi', cynet);
	for (const node of workflow.nodes as unknown as Node[]) {
		if (node.type === 'n8n-nodes-cynet.cynetTrigger') node.parameters.pollTimes = pollTimes;
	}
	return workflow;
}
