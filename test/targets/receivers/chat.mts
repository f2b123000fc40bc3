import { demand, type Contract } from './contract.mts';

/** Slack's chat.postMessage and a Teams workflow; the same message any number of times. */

interface Text {
	readonly type: string;
	readonly text: string;
}

interface Block {
	readonly type: string;
	readonly text?: Text;
	readonly fields?: readonly Text[];
	readonly elements?: readonly unknown[];
}

export const SIGNATURE_SECRET = 'slack-signing-secret';

/** Keys in what people read. */
const keysIn = (text: string): string[] => [...new Set(text.match(/cynet:\d+:\d+/g) ?? [])];

/** Slack says no with status 200. */
const no = (error: string) => ({ status: 200, body: { ok: false, error } });

export const slack: Contract = {
	target: 'Slack',
	source: 'Slack chat.postMessage and Block Kit; bolt-js issue 2509',
	refusal: no('invalid_auth'),
	isAllowed: ({ headers }) => headers.authorization === 'Bearer xoxb-of-the-receiver',
	dislike: no('invalid_blocks'),
	routes: {
		'POST /api/chat.update': () => ({ status: 200, body: { ok: true } }),
		'GET /api/users.info': ({ query }) => ({
			status: 200,
			body: {
				ok: true,
				user: {
					id: query.get('user'),
					name: 'ana',
					real_name: 'Ana',
					profile: { email: 'ana@example.com' },
				},
			},
		}),
		'POST /api/chat.postMessage': (call, kept) => {
			const {
				channel,
				text,
				blocks = [],
			} = call.json<{ channel?: string; text?: string; blocks?: readonly Block[] }>();
			demand(/^#?[a-z0-9-]+$/.test(channel ?? ''), no('channel_not_found'));
			demand(text || blocks.length > 0, no('no_text'));
			demand((text ?? '').length <= 40_000, no('msg_too_long'));
			demand(blocks.length <= 50, no('invalid_blocks'));
			demand(JSON.stringify(blocks).length <= 13_200, no('msg_blocks_too_long'));
			for (const block of blocks) {
				demand(
					block.type !== 'header' ||
						(block.text?.type === 'plain_text' && block.text.text.length <= 150),
					no('invalid_blocks'),
				);
				demand(block.type !== 'section' || block.text || block.fields, no('invalid_blocks'));
				demand(
					(block.text?.text.length ?? 1) > 0 && (block.text?.text.length ?? 0) <= 3000,
					no('invalid_blocks'),
				);
				demand(
					(block.fields?.length ?? 1) > 0 &&
						(block.fields?.length ?? 0) <= 10 &&
						(block.fields ?? []).every(
							(field) => field.text.length > 0 && field.text.length <= 2000,
						),
					no('invalid_blocks'),
				);
			}
			// A mention, a channel or a link: nothing of an alert may become one.
			demand(
				!/<[!@#]|<https?:|<mailto:/.test(
					blocks
						.map((block) =>
							[block.text, ...(block.fields ?? [])].map((part) => part?.text).join('\n'),
						)
						.join('\n'),
				),
				no('a test: what an alert says is markup here'),
			);
			kept.more.set(`message ${kept.more.size}`, { channel, text, blocks });
			for (const key of keysIn(call.text)) kept.take(key, channel);
			return {
				status: 200,
				body: { ok: true, channel: 'C1', ts: '1700000000.000100', message: { text } },
			};
		},
	},
	failure: (status) =>
		status === 429
			? { ...no('ratelimited'), status, headers: { 'retry-after': '5' } }
			: { status, body: 'Server Error' },
};

export const microsoftTeams: Contract = {
	target: 'Microsoft Teams',
	source: 'Teams: adaptive cards sent to a workflow; 28 KB a message',
	refusal: { status: 401, body: { error: { code: 'DirectApiAuthorizationRequired' } } },
	isAllowed: ({ query }) => query.get('sig') === 'teams-signature',
	routes: {
		'POST /workflows/one/triggers/manual/paths/invoke': (call, kept) => {
			const { type, attachments } = call.json<{
				type?: string;
				attachments?: ReadonlyArray<{
					contentType?: string;
					content?: { type?: string; body?: unknown[] };
				}>;
			}>();
			demand(type === 'message' && attachments?.length === 1, {
				status: 400,
				body: { error: { code: 'TriggerInputSchemaMismatch' } },
			});
			demand(
				attachments[0]?.contentType === 'application/vnd.microsoft.card.adaptive' &&
					attachments[0].content?.type === 'AdaptiveCard',
				{ status: 400, body: { error: { code: 'TriggerInputSchemaMismatch' } } },
			);
			demand(Buffer.byteLength(call.text) <= 28 * 1024, {
				status: 413,
				body: 'Request Entity too large',
			});
			for (const key of keysIn(call.text)) kept.take(key);
			return { status: 202 };
		},
	},
	failure: (status) => ({
		status,
		body: {
			error: { code: status === 429 ? 'WorkflowRunActionsRateLimited' : 'InternalServerError' },
		},
		...(status === 429 && { headers: { 'retry-after': '5' } }),
	}),
};

/** A customer's webhook. */
export const customer = (site: string): Contract => ({
	target: `customer ${site}`,
	source: 'any webhook that takes JSON',
	refusal: { status: 401, body: '' },
	isAllowed: () => true,
	routes: {
		'POST /alerts': (call, kept) => {
			const { dedupKey, clientId, error, inExecution, company } = call.json<{
				dedupKey: string;
				clientId: string;
				error?: unknown;
				inExecution?: unknown;
				company?: string;
			}>();
			demand(company === (site === '1001' ? 'Customer One' : 'Customer Two'), {
				status: 422,
				body: 'company',
			});
			demand(clientId === site, { status: 422, body: `site ${clientId} is another customer's` });
			demand(error === undefined && inExecution === undefined, {
				status: 400,
				body: "n8n's own error is no part of the alert",
			});
			kept.take(dedupKey);
			return { status: 202 };
		},
	},
	failure: (status) => ({ status, body: '' }),
});
