import { commandIn, isCommandName, namedIn } from './command-lines';
import { isRawAlert, type RawAlert } from './identity';
import { jsonIn } from './json';

/** JSON in a string, at times megabytes of it (D: the vendor's published schema). */
export const GRAPHS: readonly string[] = ['AlertGraphJsonResolved', 'AlertGraphJsonRaw'];

/** The alert without the graphs in it. An empty one stays: it says that there is none. */
export function withoutGraphs(alert: RawAlert): RawAlert {
	return Object.fromEntries(
		Object.entries(alert).filter(
			([key, value]) => !GRAPHS.includes(key) || value === null || value === '',
		),
	);
}

/** What tells an alert apart or says how it is, in words that are never a command line. */
const KEPT = new Set([
	'ClientDbId',
	'Uniqueness',
	'dedupKey',
	'clientId',
	'AlertUrl',
	'url',
	'cynet',
]);
/** A line of the vendor's description that begins a new field. */
const NEW_FIELD = /^\s*["']?([A-Za-z][\w ()/.-]{1,60}?)["']?\s*[:=]/;
/** Of a hostile alert with more of them, the longest are looked for in its other fields. */
const MOST_SECRETS = 100;
/** A part of a command line that is shorter is found in too much else. */
const SHORTEST_ARGUMENTS = 5;
const DROPPED = '[command line dropped]';
/** What goes on behind so many lines is left out unread. */
const MOST_LINES = 10_000;

/**
 * The alert with null for each command line, which may hold secrets: at any depth, in JSON in a
 * text, among the lines of its texts, wherever the
 * text of one or its arguments are repeated, and wherever a text looks like one, whatever its field
 * is called. The graphs go with them, for nobody
 * knows what they hold.
 */
export function withoutCommandLines(alert: RawAlert): RawAlert {
	const said = new Set<string>();
	const emptied = emptyObject(withoutGraphs(alert), said);
	// What has no white space has no arguments: it is a path, and the path may be told.
	const whole = [...said].filter((text) => /\S\s+\S/.test(text));
	const secrets = [
		...new Set([
			...whole,
			...whole.map(argumentsOf).filter((text) => text.length >= SHORTEST_ARGUMENTS),
		]),
	]
		.sort((one, other) => other.length - one.length)
		.slice(0, MOST_SECRETS);
	const forms = secrets.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)]);
	const hidden = (text: string): string =>
		forms.reduce(
			(rest, form) => (rest.includes(form) ? rest.split(form).join(DROPPED) : rest),
			text,
		);
	return Object.fromEntries(
		Object.entries(emptied).map(([key, value]) => [
			key,
			KEPT.has(key) ? value : everyText(value, (text) => withoutLookalikes(hidden(text))),
		]),
	);
}

/** A command line without its program. */
const argumentsOf = (text: string): string =>
	text.replace(/^\s*(?:"[^"]*"|'[^']*'|\S+)\s*/, '').trim();

function emptyObject(object: object, said: Set<string>): RawAlert {
	const entries = Object.entries(object);
	// A field told as a pair: { "Key": "Command Line", "Value": … }.
	const isPair = entries.some(
		([key, name]) =>
			/^(?:key|name|field|label)$/i.test(key) && typeof name === 'string' && isCommandName(name),
	);
	return Object.fromEntries(
		entries.map(([key, value]) => [
			key,
			isCommandName(key) || (isPair && /^(?:value|data|text|content)/i.test(key))
				? heard(value, said)
				: empty(value, said),
		]),
	);
}

function empty(value: unknown, said: Set<string>): unknown {
	if (typeof value === 'string')
		return /^\s*[{[]/.test(value) ? withinJson(value, said) : withoutLines(value, said);
	if (Array.isArray(value)) return value.map((inner) => empty(inner, said));
	return isRawAlert(value) ? emptyObject(value, said) : value;
}

/**
 * JSON in a text, emptied; left as it was written where it has no command line. What cannot be
 * parsed and speaks of commands is left out.
 */
function withinJson(text: string, said: Set<string>): string {
	const value = jsonIn(text);
	if (value === undefined)
		return namedIn(text) >= 0 || /(?:command|cmd)[\s_-]*lines?/i.test(text) ? DROPPED : text;
	const before = JSON.stringify(value);
	const after = JSON.stringify(everyText(empty(value, said), withoutLookalikes));
	return after === before ? text : after;
}

/**
 * Keeps in mind what a command line says, in order to leave it out elsewhere too. What says nothing
 * but yes, no or a number stays.
 */
function heard(value: unknown, said: Set<string>): unknown {
	if (typeof value === 'number' || typeof value === 'boolean') return value;
	everyText(value, (text) => (said.add(text.trim()), text));
	return null;
}

/** Of a text of `Key: value` lines those that hold no command line; a value may go on over lines. */
function withoutLines(text: string, said: Set<string>): string {
	if (namedIn(text) < 0) return text;
	let dropping = false;
	const kept: string[] = [];
	for (const line of text.split('\n')) {
		const field = NEW_FIELD.exec(line);
		if (field) {
			dropping = isCommandName(field[1] as string);
			if (dropping) heard(line.slice(field[0].length), said);
		}
		if (dropping) continue;
		const named = namedIn(line);
		if (named < 0) {
			kept.push(line);
			continue;
		}
		heard(line.slice(named), said);
		kept.push(`${line.slice(0, named)}${DROPPED}`);
	}
	return kept.join('\n');
}

/** The text with a mark for each part that looks like a command line, to the end of its line. */
function withoutLookalikes(text: string): string {
	const lines = text.split('\n');
	if (lines.length > MOST_LINES) lines.splice(MOST_LINES, Infinity, DROPPED);
	return lines
		.map((line) => {
			const at = lookalike(line);
			return at < 0 ? line : `${line.slice(0, at)}${DROPPED}${line.endsWith('\r') ? '\r' : ''}`;
		})
		.join('\n');
}

/** In the whole line, or in the value of a field of the description. */
function lookalike(line: string): number {
	const field = NEW_FIELD.exec(line)?.[0].length ?? 0;
	const [inLine, inValue] = [commandIn(line), field === 0 ? -1 : commandIn(line.slice(field))];
	if (inLine < 0 || inValue < 0) return inValue < 0 ? inLine : field + inValue;
	return Math.min(inLine, field + inValue);
}

function everyText(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((inner) => everyText(inner, change));
	if (!isRawAlert(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [key, everyText(inner, change)]),
	);
}
