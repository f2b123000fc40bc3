/** As DNS has it; the names that Windows and macOS give are shorter. */
const LONGEST = 253;

/**
 * Control and format characters, halves of a character, other line ends, and what is drawn as
 * nothing. Mac names hold plain spaces.
 */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}\p{DI}]/u;

/** A wildcard, a list, a path, an address with a port, a network, markup, an expression that was not resolved. */
const NO_PART_OF_A_NAME = /[*?%,;:/\\|"<>=[\]{}]/;

const READABLE = /[\p{L}\p{N}]/u;

/** What programs write where they have nothing. */
const NOTHING = /^(?:undefined|null|nan|none|nil|infinity|true|false|unknown|\[object \w*\])$/i;

/**
 * Why a text cannot be the name of one host, or null where it can. No more is certain of names: a
 * Mac may be called "Jane's
 * MacBook (2)".
 *
 * @param text as it was given: a line break at its end is no part of a name either
 */
export function flawOfHostName(text: string): string | null {
	if (NO_PART_OF_A_NAME.test(text))
		return 'it holds a sign that no name has, such as a comma, a slash, a colon or an asterisk';
	return flawOfName(text);
}

/** The same for a name of any kind, which may hold signs. */
export function flawOfName(text: string): string | null {
	if (UNSEEN.test(text)) return 'it holds a line break or another character that nobody sees';
	const name = text.trim();
	if (NOTHING.test(name))
		return `it is "${name}", which an expression gives where there is nothing`;
	if (!READABLE.test(name)) return 'it holds no letter and no digit';
	return name.length > LONGEST ? `it is longer than ${LONGEST} characters` : null;
}

/** What is meant as an IPv4 address, right or not. */
export const LIKE_IPV4 = /^\d{1,3}(?:\.\d{1,3}){3}$/;

/** What tells no two hosts apart: the letters' case, a dot at the end. */
export const sameForm = (name: string): string => name.trim().toLowerCase().replace(/\.$/, '');

/** The name without its domain. An address has none. */
function shortForm(name: string): string {
	const whole = sameForm(name);
	return LIKE_IPV4.test(whole) ? whole : whole.split('.')[0]!;
}

/** Whether two names can be of one host: the same one, or one of them is the other without its domain. */
export function mayBeSameHost(one: string, other: string): boolean {
	const [first, second] = [sameForm(one), sameForm(other)];
	return first === second || first === shortForm(second) || second === shortForm(first);
}
