/**
 * What an attacker chose (names of files, users and hosts, command lines, addresses) made harmless
 * for who reads it. Each kind of
 * reader has its own function here, and every format takes its texts through one of them.
 */
import { wellFormed } from './values';

/** What ends a line for one reader or another. */
const BREAKS = /\r\n?|[\n\v\f\u0085\u2028\u2029]/g;

/**
 * What nobody sees, or what changes how its neighbours are seen: control, bidirectional and
 * zero-width characters, fillers, tags, half
 * characters and what is no character.
 */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{DI}\uFFFE\uFFFF]/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** A sign that says which character stood there. Those of the first 32 have pictures in Unicode. */
function sign(character: string): string {
	const code = character.codePointAt(0) as number;
	if (code < 0x20) return String.fromCharCode(0x2400 + code);
	if (code === 0x7f) return '\u2421';
	if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
	// It makes a picture in colour of the character before it, and stands in ordinary texts.
	if (code === 0xfe0f) return character;
	return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}

/**
 * The text in well-formed Unicode with signs for what nobody sees; `\n` is the only line break,
 * tabs stay. For readers of lines, and JSON.
 */
export function block(text: string): string {
	if (PLAIN.test(text)) return text;
	// Halves first, in one go: a text of nothing else would take long in the next step.
	return wellFormed(text).replace(BREAKS, '\n').replace(HIDDEN, sign);
}

/** The same in one line: a sign stands for each line break, so that a value cannot begin a line of its own. */
export function line(text: string): string {
	return spaced(text, ' ⏎ ');
}

/** The same with blanks for line breaks: for titles. */
export function inOneLine(text: string): string {
	return spaced(text, ' ');
}

function spaced(text: string, lineBreak: string): string {
	return block(text.trim()).replace(/\n/g, lineBreak).replace(/\s+/g, ' ').trim();
}

/** The rest of an address of the web as far as its host goes. */
const TO_HOST = /:\/\/([\p{L}\p{N}._-]{0,255})/gu;

/**
 * The dot ahead of a common top-level domain, or of two letters, as countries have them: mail
 * programs and chats make a link of `evil.com` alone, be it the name of a file.
 */
const TO_TOP_LEVEL = new RegExp(
	`(?<=[\\p{L}\\p{N}])\\.(?=(?:${[
		'com|net|org|info|biz|edu|gov|mil|int|name|pro|mobi|asia|xyz|top|site|online|shop|store|club|app|dev|zip|mov',
		'link|click|live|icu|cloud|tech|website|space|work|fun|vip|buzz|page|support|help|bank|email|онлайн|рф|中国',
		'aero|coop|museum|travel|web|xxx|win|loan|best|rest|cyou|world|today|press|monster|money',
		'xn--[a-z\\d-]{1,59}|(?!cs|db|gz|ip|js|os|ts|vb|xz)[a-z]{2}',
	].join('|')})(?![\\p{L}\\p{N}_-]))`,
	'giu',
);
/** What a browser takes for a dot in the name of a host. */
const OTHER_DOTS = /(?<=[A-Za-z0-9])[\u3002\uff0e\uff61](?=[A-Za-z0-9])/g;

/**
 * Addresses and mentions that no reader takes for one: `https[://]evil[.]example`, `evil[.]com`,
 * `www[.]`, `name[@]host`, `[@]here`. For readers that make links
 * of what looks like an address.
 */
export function unlinked(text: string): string {
	return text
		.replace(TO_HOST, (_, host: string) => `[://]${host.replace(/\./g, '[.]')}`)
		.replace(OTHER_DOTS, '[.]')
		.replace(/\b(www)\./gi, '$1[.]')
		.replace(TO_TOP_LEVEL, '[.]')
		.replace(/@(?=[\p{L}\p{N}_])/gu, '[@]');
}

/**
 * For a line that may be shown by any reader, with or without markup: signs that look like them for
 * angle brackets, and no links.
 */
export function plain(text: string): string {
	return unlinked(inOneLine(text))
		.replace(/</g, '‹')
		.replace(/>/g, '›')
		.replace(/\](?=[([])/g, '] ');
}

/** A domain or address of the web that no reader makes a link of. */
export function defanged(text: string): string {
	return unlinked(text.replace(/\.(?=[\p{L}\p{N}_-])/gu, '[.]'));
}

const HTML: ReadonlyMap<string, string> = new Map([
	['&', '&amp;'],
	['<', '&lt;'],
	['>', '&gt;'],
	['"', '&quot;'],
	["'", '&#39;'],
]);

/** For text and attribute values of HTML. */
export const html = (text: string): string =>
	text.replace(/[&<>"']/g, (character) => HTML.get(character) as string);

/** For Slack's mrkdwn: its three characters of markup. */
export const slack = (text: string): string =>
	text.replace(/[&<>]/g, (character) => HTML.get(character) as string);

/**
 * For a line of Slack's mrkdwn that is no code: what would make letters bold or slanted becomes a
 * sign that looks like it.
 */
export function slackLine(text: string): string {
	const looks: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ˋ', _: '＿' };
	return slack(
		text.replace(
			/[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
			(character) => looks[character] as string,
		),
	);
}

/** For code of Slack's, which nothing but a backtick can end. */
export const slackCode = (text: string): string => slack(text.replace(/`/g, 'ˋ'));

/** For a line of Markdown: code, in which nothing is a link, an image, a mention or markup. */
export function markdownCode(text: string): string {
	const ticks = fence(text, 1);
	const space = /^`|`$|^ .* $/.test(text) ? ' ' : '';
	return `${ticks}${space}${text}${space}${ticks}`;
}

/** The same for lines. */
export function markdownBlock(text: string): string {
	const ticks = fence(text, 3);
	return `${ticks}\n${text}\n${ticks}`;
}

/** Longer than any run of backticks in the text. */
function fence(text: string, least: number): string {
	return '`'.repeat(
		(text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length + 1), least),
	);
}

/** For a field of CEF's header. */
export const cefHeader = (text: string): string => inOneLine(text).replace(/[\\|]/g, '\\$&');

/** For a value of CEF's extension. */
export const cefValue = (text: string): string =>
	block(text).replace(/[\\=]/g, '\\$&').replace(/\n/g, '\\n').replace(/\t/g, ' ');

/** For a field of LEEF's header, which knows no escapes. */
export const leefHeader = (text: string): string => inOneLine(text).replace(/\|/g, '/');

/** For a value of LEEF, which ends at a tab. */
export const leefValue = line;

/** What a spreadsheet takes for the beginning of a formula, in one country or another. */
const FORMULA = /^\s*[=+\-@|%＝＋－＠﹢﹣﹦﹫−]/;

/** For a cell of a spreadsheet: what it would run as a formula begins with an apostrophe. */
export function cell(text: string): string {
	const shown = block(text);
	return FORMULA.test(shown) || /^[\t\n]/.test(shown) ? `'${shown}` : shown;
}

/** At most this many UTF-16 units of the text, never a part of a character; a text that was cut ends in the mark. */
export function cut(text: string, most: number, mark = '…'): string {
	if (text.length <= most) return text;
	let end = Math.max(most - mark.length, 0);
	// An accent belongs to the letter ahead of it. Nobody writes more than a few on one letter.
	for (let back = 0; back < 8 && /^\p{M}/u.test(text.slice(end, end + 2)); back++)
		end -= /[\uDC00-\uDFFF]/.test(text[end - 1] ?? '') ? 2 : 1;
	return `${text.slice(0, Math.max(end, 0)).replace(/[\uD800-\uDBFF]$/, '')}${mark}`;
}

const PIECE = 256;

/**
 * The text escaped and cut to `most`, never within a character or an escape; a text that was cut ends in the mark.
 * @param escape for one character, or several; never to less than there was
 * @param size how much a piece of escaped text counts, at least 1 a character
 */
export function fitted(
	text: string,
	most: number,
	escape: (text: string) => string = String,
	mark = '…',
	size = (piece: string): number => piece.length,
): string {
	const room = most - size(mark);
	const within = text.slice(0, Math.max(most, 0) + 1);
	let all = '';
	let used = 0;
	let from = 0;
	// In large pieces as far as they fit for certain: looking at each character takes a hundred times as long.
	while (from < within.length) {
		const to = from + PIECE - Number(/[\uD800-\uDBFF]/.test(within[from + PIECE - 1] ?? ''));
		const piece = escape(within.slice(from, to));
		if (used + size(piece) > room) break;
		all += piece;
		used += size(piece);
		from = to;
	}
	let kept = all;
	for (const character of within.slice(from)) {
		const escaped = escape(character);
		used += size(escaped);
		if (used > most) return `${kept}${mark}`;
		all += escaped;
		if (used <= room) kept = all;
	}
	return all;
}

/** `block` of a text of any length, fitted: what is far longer than `most` is not looked at, and a mark says so. */
export const fittedBlock = (
	text: string,
	most: number,
	escape?: (text: string) => string,
	mark?: string,
	size?: (piece: string) => number,
): string => fitted(block(cut(text, most, mark)), most, escape, mark, size);

/** How long a text in JSON may be; what has more values is cut, too. No attested alert comes near either. */
const MOST_OF_TEXT = 32_000;
const MOST_VALUES = 10_000;

/**
 * For JSON: its texts and names in well-formed Unicode with signs for what nobody sees, of bounded
 * length, in bounded number.
 */
export function json<T>(value: T): T {
	let left = MOST_VALUES;
	const of = (inner: unknown): unknown => {
		if (typeof inner === 'string') return shortened(inner);
		if (typeof inner !== 'object' || inner === null) return inner;
		if (Array.isArray(inner))
			return inner.slice(0, Math.max((left -= inner.length) + inner.length, 0)).map(of);
		const entries = Object.entries(inner);
		return Object.fromEntries(
			entries
				.slice(0, Math.max((left -= entries.length) + entries.length, 0))
				.map(([key, one]) => [shortened(key), of(one)]),
		);
	};
	return of(value) as T;
}

const shortened = (text: string): string =>
	cut(block(cut(text, 2 * MOST_OF_TEXT)), MOST_OF_TEXT, '… [cut]');
