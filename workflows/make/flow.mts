import { createHash } from 'node:crypto';

export type Parameters = Readonly<Record<string, unknown>>;

export interface NodeOptions {
	readonly at: readonly [column: number, row: number];
	readonly more?: Readonly<Record<string, unknown>>;
}

/** What a node gives to another: items, or itself as a part of an AI agent. */
type Connection = 'main' | 'ai_languageModel' | 'ai_tool';

const COLUMN = 240;
const ROW = 200;
/** The size of the sticky note. */
const NOTE = { width: 920, height: 400 } as const;

/**
 * A workflow as n8n's editor exports it, without credentials: n8n then fills in the only one that
 * fits, and marks those that are missing.
 * Versions of nodes are ones that n8n 1.123 and 2.41 both have.
 */
export class Flow {
	private readonly nodes: Array<Record<string, unknown> & { readonly position: [number, number] }> =
		[];
	private readonly connections: Record<
		string,
		Partial<Record<Connection, Array<Array<{ node: string; type: Connection; index: 0 }>>>>
	> = {};

	constructor(
		private readonly name: string,
		private readonly settings: Parameters = {},
	) {}

	node(
		name: string,
		type: string,
		typeVersion: number,
		parameters: Parameters,
		{ at: [column, row], more }: NodeOptions,
	): this {
		if (this.nodes.some((other) => other.name === name))
			throw new Error(`${this.name} has two nodes "${name}"`);
		this.nodes.push({
			id: idOf(`${this.name} / ${name}`),
			name,
			type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
			typeVersion,
			position: [column * COLUMN, row * ROW],
			...more,
			parameters,
			// n8n gives a node that waits for an answer its address by this.
			...(parameters.operation === 'sendAndWait' && {
				webhookId: idOf(`${this.name} / ${name} / webhook`),
			}),
		});
		return this;
	}

	/** A sticky note above everything. */
	note(...lines: string[]): this {
		return this.node(
			'Set-Up',
			'stickyNote',
			1,
			{ content: lines.join('\n\n'), ...NOTE },
			{ at: [-0.3, 0] },
		);
	}

	/** From one output of a node to another node. */
	connect(from: string, to: string, output = 0, type: Connection = 'main'): this {
		const outputs = ((this.connections[from] ??= {})[type] ??= []);
		while (outputs.length <= output) outputs.push([]);
		outputs[output]?.push({ node: to, type, index: 0 });
		return this;
	}

	/** A sub-node: the model of an AI agent, or one of its tools. */
	attach(node: string, to: string, type: Exclude<Connection, 'main'>): this {
		return this.connect(node, to, 0, type);
	}

	/** One node after the other, each from its first output. */
	chain(...names: string[]): this {
		names.slice(1).forEach((name, index) => this.connect(names[index] ?? '', name));
		return this;
	}

	toJson(): string {
		const known = new Set(this.nodes.map(({ name }) => name));
		const used = Object.entries(this.connections).flatMap(([from, outputs]) => [
			from,
			...Object.values(outputs)
				.flat(2)
				.map(({ node }) => node),
		]);
		for (const name of used)
			if (!known.has(name))
				throw new Error(`${this.name} connects "${name}", which it does not have`);
		const top = Math.min(...this.nodes.map(({ position }) => position[1]));
		for (const { type, position } of this.nodes)
			if (type === 'n8n-nodes-base.stickyNote') position[1] = top - NOTE.height - 80;
		const workflow = {
			name: this.name,
			nodes: this.nodes,
			connections: this.connections,
			settings: { executionOrder: 'v1', ...this.settings },
		};
		return `${JSON.stringify(workflow, null, 2)}\n`;
	}
}

/** The same text has the same id, so that making the templates again changes nothing. */
export function idOf(text: string): string {
	const hex = createHash('sha256').update(text).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
