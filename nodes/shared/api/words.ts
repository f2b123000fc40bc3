/** Longer is cut: a page of text helps nobody. */
const LONGEST = 200;

/** How deep words are looked for; the server decides how deep it nests. */
const DEEPEST = 4;

/**
 * Under which names an answer says what went wrong, the most telling first. In small letters,
 * without hyphens and underscores.
 */
const TELLING = [
	'errormessage',
	'exceptionmessage',
	'message',
	'messages',
	'msg',
	'error',
	'errors',
	'errordescription',
	'exception',
	'fault',
	'faultstring',
	'detail',
	'title',
	'errorcode',
];
const VERDICTS = ['success', 'issuccess', 'succeeded', 'issucceeded', 'ok', 'isok'];
const FLAWS = ['iserror', 'haserror', 'haserrors', 'failed', 'isfailed'];
const CODES = ['status', 'statuscode', 'code', 'httpstatus'];

/** What stands in such a place although all is well. */
const HARMLESS =
	/^(?:ok|okay|success|successful|succeeded|done|completed?|none|null|no errors?|no (?:new |more )?(?:alerts?|data|results?|records?|rows?|entities|items)(?: (?:were |was )?found)?)?[.!]?$/i;

/**
 * What an answer says of something that went wrong, or undefined for nothing of the kind. Bounded,
 * without markup and control
 * characters, without secrets: it is shown to the user, and the server chose it.
 *
 * @param secrets what no text may show
 */
export function complaintOf(body: unknown, secrets: readonly string[] = []): string | undefined {
	const words = typeof body === 'string' ? wordsOfText(body) : wordsOfObject(body);
	return words === undefined ? undefined : presentable(words, secrets);
}

/** A name of a field as it is compared: servers write `ErrorMessage`, `error_message` and `error-message`. */
export const keyOf = (name: string): string => name.toLowerCase().replace(/[-_ ]/g, '');

/** Where else an answer that says no may say why. */
const REASONS = [
	'reason',
	'reasons',
	'description',
	'details',
	'statusinfo',
	'info',
	'result',
	'response',
];

/**
 * What an answer with a status that says no gives as its reason: as `complaintOf`, or any sentence
 * in it; undefined where it says nothing.
 * As bounded and harmless.
 */
export function reasonIn(body: unknown, secrets: readonly string[] = []): string | undefined {
	const complaint = complaintOf(body, secrets);
	if (complaint !== undefined && !isBareCode(complaint)) return complaint;
	const entries = typeof body === 'object' && body !== null ? Object.entries(body) : [];
	const named = entries.filter(([key]) => REASONS.includes(keyOf(key)));
	const words = [...named, ...entries]
		.map(([, value]) => textIn(value, 1))
		.find((text) => text !== undefined && /\s/.test(text));
	return words === undefined ? complaint : presentable(words, secrets);
}

/** A status that is repeated in the body says nothing new. */
const isBareCode = (words: string): boolean => /^\w+: \d+$/.test(words);

/** Harmless for a user to see: one line of at most 200 characters that holds no markup and no secret. */
export function presentable(text: string, secrets: readonly string[]): string {
	const masked = secrets.reduce(
		(rest, secret) => rest.split(secret).join('***'),
		text.slice(0, 10_000),
	);
	const line = masked
		.replace(/[\p{C}\p{Z}<>]+/gu, ' ')
		// What is long, without a gap and with digits is a token as like as not.
		.replace(/[\w+/=.-]{20,}/g, (run) => (/\d/.test(run) ? '***' : run))
		.trim();
	const letters = Array.from(line.slice(0, LONGEST * 2));
	return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : line;
}

/** A page is known by its title. */
function wordsOfText(text: string): string | undefined {
	const start = text.trimStart();
	if (start === '' || start.startsWith('{') || start.startsWith('[')) return undefined;
	if (!start.startsWith('<')) return start;
	const title = text.search(/<title/i);
	const from = title === -1 ? -1 : text.indexOf('>', title) + 1;
	const words =
		from < 1
			? ''
			: text
					.slice(from, from + LONGEST)
					.split('<')[0]!
					.trim();
	return words === '' ? undefined : words;
}

function wordsOfObject(body: unknown, depth = 0): string | undefined {
	if (typeof body !== 'object' || body === null) return undefined;
	const entries = Object.entries(body).map(([key, value]) => [keyOf(key), value] as const);
	const told = TELLING.flatMap((name) =>
		entries
			.filter(([key, value]) => key === name && !isHarmless(value))
			.map(([, value]) => textIn(value, depth + 1) ?? name),
	);
	if (told.length > 0) return told[0];
	const verdict = entries.find(
		([key, value]) =>
			(VERDICTS.includes(key) && isNo(value)) ||
			(FLAWS.includes(key) && isYes(value)) ||
			(CODES.includes(key) && isBadCode(value)),
	);
	return verdict && `${verdict[0]}: ${String(verdict[1])}`;
}

function isHarmless(value: unknown, depth = 0): boolean {
	if (typeof value === 'string') return value.length < 100 && HARMLESS.test(value.trim());
	if (typeof value === 'object' && value !== null)
		return depth < DEEPEST && Object.values(value).every((inner) => isHarmless(inner, depth + 1));
	return !value || value === 200;
}

const isNo = (value: unknown): boolean =>
	value === false || value === 0 || (typeof value === 'string' && /^(?:false|no)$/i.test(value));

const isYes = (value: unknown): boolean =>
	value === true || value === 1 || (typeof value === 'string' && /^(?:true|yes)$/i.test(value));

function isBadCode(value: unknown): boolean {
	if (typeof value === 'string' && /^(?:error|fail(?:ed|ure)?)$/i.test(value)) return true;
	return (typeof value === 'number' || typeof value === 'string') && Number(value) >= 400;
}

/** The first text in it, in the order in which it is telling. */
function textIn(value: unknown, depth: number): string | undefined {
	if (depth > DEEPEST || isHarmless(value)) return undefined;
	if (typeof value === 'string') return value;
	if (typeof value === 'number') return String(value);
	if (typeof value !== 'object' || value === null) return undefined;
	const within = wordsOfObject(value, depth);
	if (within !== undefined) return within;
	for (const inner of Object.values(value)) {
		const text = textIn(inner, depth + 1);
		if (text !== undefined) return text;
	}
	return undefined;
}
