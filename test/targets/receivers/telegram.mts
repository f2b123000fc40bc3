import { demand, isWhole, type Answer, type Contract } from './contract.mts';

const no = (error_code: number, description: string, parameters?: object): Answer => ({
	status: error_code,
	body: { ok: false, error_code, description, ...(parameters && { parameters }) },
});
const bad = (what: string): Answer => no(400, `Bad Request: ${what}`);

export const TELEGRAM_TOKEN = '123456:telegram-token';
/** A group that was upgraded: the bot has to write to the other one. */
export const UPGRADED_GROUP = '-100';

const TAGS = /^(?:b|strong|i|em|u|ins|s|strike|del|code|pre|blockquote|tg-spoiler)$/;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };

/** What Telegram shows: the text without its markup, and that without what stands in code. */
function parsed(html: string): { readonly text: string; readonly free: string } {
	const open: string[] = [];
	let [text, free] = ['', ''];
	for (const [token, end, tag, entity, character] of html.matchAll(
		/<(\/?)([^>]*)>|&(#\d+|#x[\da-f]+|lt|gt|amp|quot);|([^<]|<)/giu,
	)) {
		if (tag !== undefined) {
			demand(TAGS.test(tag), bad(`can't parse entities: Unsupported start tag "${tag}"`));
			if (!end) {
				// Nothing can stand within code, nor code within another.
				demand(!open.some(isCode), bad("can't parse entities: nested"));
				open.push(tag);
			} else
				demand(
					open.pop() === tag,
					bad(`can't parse entities: Unexpected end tag "${tag}" at byte offset 0`),
				);
			continue;
		}
		demand(character !== '<', bad("can't parse entities: Unclosed start tag"));
		const shown =
			entity === undefined
				? token
				: (ENTITIES[entity] ?? String.fromCodePoint(Number(entity.replace('#', '0').slice(-8))));
		text += shown;
		free += open.some(isCode) ? ' ' : shown;
	}
	demand(open.length === 0, bad(`can't parse entities: Can't find end tag "${open.at(-1)}"`));
	return { text: text.trim(), free };
}

const isCode = (tag: string): boolean => tag === 'code' || tag === 'pre';

/** What Telegram makes something of by itself, unless it stands in code. */
const MADE =
	/(?<![\w/])[@#$/][\p{L}_][\p{L}\p{N}_]*|[\p{L}\p{N}-]+\.\p{L}{2,}|\w:\/\/\S|\d{1,3}(?:\.\d{1,3}){3}/u;

/** sendMessage; the same message any number of times. */
export const telegram: Contract = {
	target: 'Telegram',
	source:
		'core.telegram.org/bots/api: sendMessage (1-4096 characters after entities parsing), HTML style, ResponseParameters; tdlib for what it finds in a text',
	refusal: no(401, 'Unauthorized'),
	isAllowed: ({ path }) => path.startsWith(`/bot${TELEGRAM_TOKEN}/`),
	dislike: bad('not enough rights to send text messages to the chat'),
	routes: {
		'POST /bot{token}/sendMessage': (call, kept) => {
			const { chat_id, text, parse_mode, disable_web_page_preview } =
				call.json<Record<string, unknown>>();
			demand(
				String(chat_id) !== UPGRADED_GROUP,
				no(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
					migrate_to_chat_id: -100200,
				}),
			);
			demand(String(chat_id) === '-100200', bad('chat not found'));
			demand(typeof text === 'string' && isWhole(call.text), bad('strings must be in UTF-8'));
			demand(parse_mode === 'HTML', bad('a test: the text would be read as Markdown'));
			const shown = parsed(text);
			demand(shown.text !== '', bad('message text is empty'));
			demand(shown.text.length <= 4096, bad('message is too long'));
			demand(
				disable_web_page_preview === true && !MADE.test(shown.free),
				bad('a test: what an alert says is a link, a command or a mention here'),
			);
			for (const key of new Set(shown.text.match(/cynet:\d+:\d+/g))) kept.take(key);
			kept.more.set(`message ${kept.more.size}`, shown.text);
			return {
				status: 200,
				body: {
					ok: true,
					result: { message_id: kept.more.size, date: 1, chat: { id: -100200 }, text: shown.text },
				},
			};
		},
	},
	failure: (status) =>
		status === 429
			? no(429, 'Too Many Requests: retry after 5', { retry_after: 5 })
			: no(500, 'Internal Server Error'),
};
