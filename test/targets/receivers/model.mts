import { demand, isText, type Answer, type Contract } from './contract.mts';

/** A server with the API of OpenAI, and whatever mind a test gives it. */

interface ToolCall {
	readonly id: string;
	readonly type: 'function';
	readonly function: { readonly name: string; readonly arguments: string };
}

interface Message {
	readonly role: string;
	readonly content?: unknown;
	readonly tool_calls?: readonly ToolCall[];
	readonly tool_call_id?: string;
}

interface Tool {
	readonly type: string;
	readonly function: {
		readonly name: string;
		readonly parameters: {
			readonly properties?: Readonly<Record<string, unknown>>;
			readonly required?: readonly string[];
		};
	};
}

/** What a model is asked. */
export interface Ask {
	readonly system: string;
	/** The words of the user. */
	readonly prompt: string;
	/** What the tools that it called so far have answered, in order. */
	readonly results: readonly string[];
	/** Each tool with the names of its arguments. */
	readonly tools: Readonly<Record<string, readonly string[]>>;
}

/** Words, calls of tools, or an answer that is none. */
export type Reply =
	| string
	| { readonly calls: ReadonlyArray<readonly [tool: string, args: unknown]> }
	| { readonly raw: Answer };

export interface Mind {
	answer(ask: Ask): Reply;
}

const wrong = (message: string): Answer => ({
	status: 400,
	body: { error: { message, type: 'invalid_request_error', param: null, code: null } },
});

/** @param mind may change its ways between two requests; its answers need not be true or sane */
export const model = (mind: Mind): Contract => ({
	target: 'OpenAI',
	source: 'OpenAI, Chat Completions: create, as n8n 1.123 and 2.41 call it',
	refusal: {
		status: 401,
		body: {
			error: {
				message: 'Incorrect API key provided.',
				type: 'invalid_request_error',
				code: 'invalid_api_key',
			},
		},
	},
	isAllowed: ({ headers }) => headers.authorization === 'Bearer sk-of-the-receiver',
	routes: {
		'POST /v1/chat/completions': (call, kept) => {
			const request = call.json<{
				model?: unknown;
				messages?: readonly Message[];
				tools?: readonly Tool[];
				stream?: boolean;
			}>();
			const { messages = [], tools = [] } = request;
			demand(isText(request.model), wrong('you must provide a model parameter'));
			demand(messages.length > 0, wrong("Missing required parameter: 'messages'."));
			demand(request.stream !== true, wrong('a test: this server does not stream'));
			const open = new Set<string>();
			for (const { role, content, tool_calls = [], tool_call_id } of messages) {
				demand(
					['system', 'user', 'assistant', 'tool', 'developer'].includes(role),
					wrong('Invalid role'),
				);
				demand(
					role === 'tool' || open.size === 0,
					wrong(
						"An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.",
					),
				);
				demand(
					role === 'assistant' ? content !== undefined || tool_calls.length > 0 : isText(content),
					wrong(`Invalid content of a message of role ${role}`),
				);
				for (const { id } of tool_calls) open.add(id);
				if (role === 'tool')
					demand(
						open.delete(tool_call_id ?? ''),
						wrong(
							"messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
						),
					);
			}
			demand(open.size === 0, wrong('tool_call_ids did not have response messages'));
			for (const { type, function: tool } of tools) {
				demand(
					type === 'function' && /^[a-zA-Z0-9_-]{1,64}$/.test(tool.name),
					wrong("Invalid 'tools[0].function.name'"),
				);
			}
			const words = (role: string): string[] =>
				messages.filter((message) => message.role === role).map(({ content }) => String(content));
			const ask: Ask = {
				system: words('system').join('\n'),
				prompt: words('user').join('\n'),
				results: words('tool'),
				tools: Object.fromEntries(
					tools.map(({ function: { name, parameters } }) => [
						name,
						Object.keys(parameters.properties ?? {}),
					]),
				),
			};
			kept.more.set(`ask ${kept.more.size}`, ask);
			const reply = mind.answer(ask);
			if (typeof reply === 'object' && 'raw' in reply) return reply.raw;
			const isWords = typeof reply === 'string';
			return {
				status: 200,
				body: {
					id: `chatcmpl-${kept.more.size}`,
					object: 'chat.completion',
					created: 1_700_000_000,
					model: request.model,
					choices: [
						{
							index: 0,
							message: isWords
								? { role: 'assistant', content: reply, refusal: null }
								: {
										role: 'assistant',
										content: null,
										refusal: null,
										tool_calls: reply.calls.map(([name, args], index) => ({
											id: `call_${kept.more.size}_${index}`,
											type: 'function',
											function: {
												name,
												arguments: typeof args === 'string' ? args : JSON.stringify(args),
											},
										})),
									},
							logprobs: null,
							finish_reason: isWords ? 'stop' : 'tool_calls',
						},
					],
					usage: { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 },
				},
			};
		},
	},
	failure: (status) => ({
		status,
		body: {
			error: {
				message: status === 429 ? 'Rate limit reached' : 'The server had an error',
				type: status === 429 ? 'requests' : 'server_error',
				code: status === 429 ? 'rate_limit_exceeded' : null,
			},
		},
	}),
});
