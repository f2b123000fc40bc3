import { demand, isText, isWhole, type Answer, type Contract } from './contract.mts';

const no = (status: number, message: string): Answer => ({ status, body: { message } });
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
export const LINE_GROUP = `C${'0123456789abcdef'.repeat(2)}`;

/** Push messages. What it took once it does not take again with the same retry key, for a day. */
export const line: Contract = {
	target: 'LINE',
	source:
		'developers.line.biz: Messaging API reference (push message; text of at most 5000 UTF-16 code units), Retry failed API requests',
	refusal: no(
		401,
		'Authentication failed. Confirm that the access token in the authorization header is valid.',
	),
	isAllowed: ({ headers }) => headers.authorization === 'Bearer line-token',
	dislike: no(400, 'The request body has 1 error(s)'),
	routes: {
		'POST /v2/bot/message/push': (call, kept) => {
			const retryKey = call.headers['x-line-retry-key'];
			demand(retryKey !== undefined && UUID.test(retryKey), no(400, 'The retry key is not a UUID'));
			const before = kept.more.get(retryKey);
			if (before)
				return {
					status: 409,
					body: { message: 'The retry key is already accepted', ...before },
					headers: { 'x-line-accepted-request-id': retryKey },
				};
			const { to, messages } = call.json<{
				to?: string;
				messages?: ReadonlyArray<{ type?: string; text?: string }>;
			}>();
			demand(
				/^[UCR][0-9a-f]{32}$/.test(to ?? ''),
				no(400, "The property, 'to', in the request body is invalid (line: -, column: -)"),
			);
			demand(
				messages && messages.length > 0 && messages.length <= 5,
				no(400, "Size must be between 1 and 5, 'messages'"),
			);
			for (const { type, text } of messages) {
				demand(
					type === 'text' && isText(text, 5000) && text.trim() !== '',
					no(400, 'Length must be between 0 and 5000'),
				);
				demand(
					isWhole(call.text) &&
						!/\w:\/\/\S|(?<![\p{L}\p{N}])www\.|\w@\w|[\p{L}\p{N}]\.(?:com|net|org|zip)\b/u.test(
							text,
						),
					no(400, 'a test: what an alert says is a link here'),
				);
			}
			for (const key of new Set(call.text.match(/cynet:\d+:\d+/g))) kept.take(key, to);
			const sent = {
				sentMessages: messages.map((_, index) => ({ id: `${kept.more.size}${index}` })),
			};
			kept.more.set(retryKey, sent);
			return { status: 200, body: sent };
		},
	},
	failure: (status) =>
		status === 429
			? no(429, 'The API rate limit has been exceeded. Try again later.')
			: no(500, 'Internal Server Error'),
};
