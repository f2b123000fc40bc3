import { contextOf, contextOfSimplified } from '../../nodes/Cynet/alert/context.ts';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { createHash } from 'node:crypto';
import { readTemplate } from '../../host/templates.mts';
import type { Receiver } from '../targets/receivers/receiver.mts';
import type { Item, Node } from './code-node.mts';

/** Runs a template as far as it sends, with a receiver in place of its target, and without n8n. */

interface Run {
	/** What each node gave, by its name. */
	readonly nodes: Record<string, Item[]>;
	/** The bodies that were sent, in order. */
	readonly bodies: string[];
}

const SITE = '1001';

/** An alert as the trigger emits it. */
export const emitted = (raw: Record<string, unknown>): Item => ({
	json: FORMATS.simplified!.ofRaw(raw, contextOf(raw, SITE)) as Record<string, any>,
});

/** What n8n adds to texts in expressions, and the templates use. */
const hash = (text: string, algorithm: string): string =>
	createHash(algorithm).update(text).digest('hex');

/** What n8n makes of a refusal, with a credential of the target's own and without. */
const failure = (authentication: unknown, status: number, text: string): Record<string, unknown> =>
	authentication === 'predefinedCredentialType'
		? {
				...{ name: 'NodeApiError', message: 'Bad request - please check your parameters' },
				...{ description: text, context: {}, timestamp: 1 },
				cause: { name: 'AxiosError', message: `${status} - ${JSON.stringify(text)}` },
			}
		: { name: 'AxiosError', message: `${status} - ${JSON.stringify(text)}`, status };

export class TemplateRun implements Run {
	readonly nodes: Record<string, Item[]> = {};
	readonly bodies: string[] = [];
	/** Of a crashed execution: what n8n shows as the first run of each node. */
	made: readonly Item[] | null = null;
	private order: Node[] = [];
	/** What left *Not There Yet* by its error output. */
	private unread: Item[] = [];
	/** Where *Not Taken* leads back to. */
	private back = '';

	constructor(
		private readonly template: string,
		private readonly receiver: Receiver,
		private readonly headers: Readonly<Record<string, string>> = {},
		/** Where the receiver has what the template's address names. */
		private readonly path: (address: string) => string = (address) => new URL(address).pathname,
		/** What a user types in place of what the template says. */
		private readonly typed: Readonly<Record<string, string>> = {},
	) {}

	/** From the trigger to the node ahead of *Not Taken*. */
	async send(alerts: readonly Item[]): Promise<this> {
		const { nodes, connections } = (await readTemplate(this.template)) as unknown as {
			nodes: readonly Node[];
			connections: Record<string, { main: Array<Array<{ node: string }>> }>;
		};
		this.order = [];
		for (
			let name = 'Cynet Trigger';
			name !== 'Not Taken';
			name = connections[name]!.main[0]![0]!.node
		)
			this.order.push(nodes.find((node) => node.name === name)!);
		this.order.push(nodes.find(({ name }) => name === 'Not Taken')!);
		this.back = connections['Not Taken']!.main[0]![0]!.node;
		return await this.go(0, alerts);
	}

	/** What *Not Taken* gave, sent again. */
	async again(items: readonly Item[]): Promise<this> {
		return await this.go(
			this.order.findIndex(({ name }) => name === this.back),
			items,
		);
	}

	/** What a Code node gives once what is in {@link nodes} was changed. */
	rerun(name: string): Item[] {
		return this.code(this.order.find((node) => node.name === name)!, [], '1');
	}

	private async go(from: number, given: readonly Item[]): Promise<this> {
		let items = [...given];
		for (const node of this.order.slice(from, -1)) {
			const given = await this.run(node, items);
			if (node.name === 'Not There Yet') this.unread = given.filter(({ json }) => json.error);
			items = given.filter((item) => !this.unread.includes(item));
			this.nodes[node.name] = items;
		}
		return this;
	}

	/** *Not Taken* with what was answered, in this execution or in a retry of it. */
	check(execution = '1'): Item[] {
		const [send, check] = this.order.slice(-2) as [Node, Node];
		const unread = this.unread.length === 0 ? [] : this.code(check, this.unread, execution, 1);
		return [...unread, ...this.code(check, this.nodes[send.name]!, execution)];
	}

	private async run(node: Node, items: Item[]): Promise<Item[]> {
		const { parameters } = node;
		switch (node.type.replace(/^.*\./, '')) {
			case 'cynetTrigger':
				return items;
			case 'cynet':
				return items.map(({ json }, item) => {
					const alert = this.value(parameters.alert as string, json, item) as Record<
						string,
						unknown
					>;
					const { maxCharacters } = parameters.options as { maxCharacters?: number };
					return {
						json: FORMATS[parameters.format as string]!.ofSimplified!(
							alert,
							contextOfSimplified(alert, SITE),
							maxCharacters,
						) as Record<string, any>,
						pairedItem: { item },
					};
				});
			case 'set':
				return items.map(({ json }, item) => ({
					json: {
						...json,
						...Object.fromEntries(
							(
								parameters.assignments as { assignments: Array<{ name: string; value: unknown }> }
							).assignments.map(({ name, value }) => [name, this.value(value, json, item)]),
						),
					},
					pairedItem: { item },
				}));
			case 'code':
				return this.code(node, items, '1');
			case 'telegram':
				return await this.each(items, async (json, item) => {
					const { chatId, text, additionalFields } = parameters as Record<string, any>;
					return await this.post(
						'/bot123456:telegram-token/sendMessage',
						JSON.stringify({
							chat_id: this.value(chatId, json, item),
							text: this.value(text, json, item),
							parse_mode: additionalFields.parse_mode,
							disable_web_page_preview: additionalFields.disable_web_page_preview,
						}),
						{},
						(answer) => ({ error: answer.description }),
					);
				});
			default:
				return await this.each(items, async (json, item) => {
					const headers = (
						(parameters.headerParameters?.parameters ?? []) as Array<{
							name: string;
							value: string;
						}>
					).map(({ name, value }) => [name, String(this.value(value, json, item))]);
					return await this.post(
						this.path(String(this.value(parameters.url, json, item))),
						String(this.value(parameters.jsonBody, json, item)),
						Object.fromEntries(headers) as Record<string, string>,
						(_, status, text) => ({ error: failure(parameters.authentication, status, text) }),
					);
				});
		}
	}

	private async each(
		items: Item[],
		of: (json: Item['json'], item: number) => Promise<Item['json']>,
	): Promise<Item[]> {
		const answers: Item[] = [];
		for (const [item, { json }] of items.entries())
			answers.push({ json: await of(json, item), pairedItem: { item } });
		return answers;
	}

	private async post(
		path: string,
		body: string,
		headers: Readonly<Record<string, string>>,
		failed: (answer: Record<string, any>, status: number, text: string) => Item['json'],
	): Promise<Item['json']> {
		this.bodies.push(body);
		const response = await fetch(`${this.receiver.url}${path}`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', ...this.headers, ...headers },
			body,
		});
		const text = await response.text();
		let answer: Record<string, any>;
		try {
			answer = JSON.parse(text) as Record<string, any>;
		} catch {
			answer = { data: text };
		}
		return response.ok ? answer : failed(answer, response.status, text);
	}

	/** A parameter: an expression, or a text as it is. */
	private value(given: unknown, $json: Item['json'], item: number): unknown {
		if (typeof given !== 'string') return given;
		if (!given.startsWith('=')) return this.typed[given] ?? given;
		const expression = /^=\{\{([^]*)\}\}$/
			.exec(given)![1]!
			.replaceAll("$json.dedupKey.hash('sha256')", "hash($json.dedupKey, 'sha256')");
		return new Function('$json', '$', '$execution', 'hash', `return (${expression})`)(
			$json,
			this.node(item),
			{ id: '1' },
			hash,
		);
	}

	private readonly node =
		(item: number) =>
		(name: string): Record<string, unknown> => ({
			item: this.nodes[name]?.[item],
			params: this.order.find((node) => node.name === name)?.parameters,
			all: (_output = 0, run = 1) => (run === 0 && this.made) || (this.nodes[name] ?? []),
			itemMatching: (index: number) => this.nodes[name]?.[index],
		});

	private code({ parameters }: Node, input: Item[], execution: string, outputIndex = 0): Item[] {
		const names = ['$input', '$', '$execution', '$runIndex', '$prevNode'];
		return new Function(...names, parameters.jsCode as string)(
			{ all: () => input },
			this.node(0),
			{ id: execution },
			0,
			{ outputIndex },
		) as Item[];
	}
}
