import { isRawAlert, type RawAlert } from './identity';
import { details } from './simplify';

/** JSON in a string, at times megabytes of it (D: the vendor's published schema). */
const GRAPHS = ['AlertGraphJsonResolved', 'AlertGraphJsonRaw'];

/** The alert without the graphs in it. An empty one stays: it says that there is none. */
export function withoutGraphs(alert: RawAlert): RawAlert {
	return Object.fromEntries(Object.entries(alert).filter(([key, value]) => !GRAPHS.includes(key) || value === null || value === ''));
}

/** Names of fields that hold a command line or a part of one: `CommandLine`, `Process Command Line`, `pParams`. */
const COMMAND_KEY = /(command|cmd)[\s_-]*lines?|\b(command|cmd|params|parameters|arguments|args)$|\bg?p{1,2}Params$/i;
/** The same at the beginning of a line of the vendor's description. */
const COMMAND_TEXT = /(command|cmd)[\s_-]*lines?|\b(command|cmd|params|parameters|arguments|args)"?\s*[:=]/i;
/** A line of the vendor's description that begins a new field. */
const NEW_FIELD = /^\s*([A-Za-z][\w ()/-]{0,60}?)\s*:(\s|$)/;
/** Of a hostile alert with more of them, the longest are looked for in its other fields. */
const MOST_SECRETS = 100;
const DROPPED = '[command line dropped]';

/**
 * The alert with null for each command line, which may hold secrets: at any depth, in the vendor's JSON-in-a-string, among the
 * lines of its description, and wherever the text of one is repeated. The graphs go with them, for nobody knows what they hold.
 */
export function withoutCommandLines(alert: RawAlert): RawAlert {
	const said = new Set<string>();
	const emptied = emptyObject(withoutGraphs(opened(alert)), said);
	// What has no white space has no arguments: it is a path, and the path may be told.
	const secrets = [...said].filter((text) => /\S\s+\S/.test(text)).sort((one, other) => other.length - one.length).slice(0, MOST_SECRETS);
	const forms = secrets.flatMap((text) => [...new Set([text, JSON.stringify(text).slice(1, -1)])]);
	return closed(everyText(emptied, (text) => forms.reduce((rest, form) => rest.split(form).join(DROPPED), text)) as RawAlert, alert);
}

/** The description parsed, so that its fields can be told apart. One that cannot be parsed and speaks of commands is left out. */
function opened(alert: RawAlert): RawAlert {
	const told = alert.IncidentJsonDescription;
	if (typeof told !== 'string') return alert;
	return { ...alert, IncidentJsonDescription: details(told) ?? (COMMAND_TEXT.test(told) ? DROPPED : told) };
}

function closed(alert: RawAlert, before: RawAlert): RawAlert {
	const wasText = typeof before.IncidentJsonDescription === 'string' && isRawAlert(alert.IncidentJsonDescription);
	return wasText ? { ...alert, IncidentJsonDescription: JSON.stringify(alert.IncidentJsonDescription) } : alert;
}

function emptyObject(object: object, said: Set<string>): RawAlert {
	return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, COMMAND_KEY.test(key) ? heard(value, said) : empty(value, said)]));
}

function empty(value: unknown, said: Set<string>): unknown {
	if (typeof value === 'string') return withoutLines(value, said);
	if (Array.isArray(value)) return value.map((inner) => empty(inner, said));
	return isRawAlert(value) ? emptyObject(value, said) : value;
}

/** Keeps in mind what a command line says, in order to leave it out elsewhere too. */
function heard(value: unknown, said: Set<string>): null {
	everyText(value, (text) => (said.add(text.trim()), text));
	return null;
}

/** Of a text of `Key: value` lines those that hold no command line; a value may go on over lines. */
function withoutLines(text: string, said: Set<string>): string {
	if (!COMMAND_TEXT.test(text)) return text;
	let dropping = false;
	const kept = text.split('\n').filter((line) => {
		const field = NEW_FIELD.exec(line);
		if (field) {
			dropping = COMMAND_KEY.test(field[1] as string);
			if (dropping) heard(line.slice(field[0].length), said);
		}
		return !dropping;
	});
	return kept.join('\n');
}

function everyText(value: unknown, change: (text: string) => string): unknown {
	if (typeof value === 'string') return change(value);
	if (Array.isArray(value)) return value.map((inner) => everyText(inner, change));
	if (!isRawAlert(value)) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, everyText(inner, change)]));
}
