/** What could be read of a text that is not JSON. */
interface Salvaged {
	/** The list itself, or the envelope with `Entities`. A row that cannot be read is the beginning of its text. */
	readonly body: unknown;
	/** How many rows were repaired, or are text. */
	readonly repaired: number;
}

/** How much of a row that cannot be read stands in its place. */
const LONGEST_ROW_TEXT = 200;

/**
 * The list in a text that is not JSON as a whole, so that one bad row does not hold up the others:
 * each row is parsed alone.
 *
 * @returns null for a text that holds no list, and for one that ends before the list does
 */
export function salvage(text: string): Salvaged | null {
	const start = skipSpace(text, 0);
	if (text[start] === '[') {
		const list = readList(text, start);
		return list && { body: list.rows, repaired: list.repaired };
	}
	return text[start] === '{' ? readEnvelope(text, start) : null;
}

function readEnvelope(text: string, start: number): Salvaged | null {
	const members: Array<readonly [string, unknown]> = [];
	let found: List | null = null;
	let at = skipSpace(text, start + 1);
	while (text[at] === '"') {
		const keyEnd = skipValue(text, at);
		if (keyEnd === -1) return null;
		const key = parse(text.slice(at, keyEnd)).value;
		const colon = skipSpace(text, keyEnd);
		const value = skipSpace(text, colon + 1);
		if (text[colon] !== ':') return null;
		if (key === 'Entities' && text[value] === '[') {
			found = readList(text, value);
			if (found === null) return null;
			members.push([key, found.rows]);
			at = found.end;
		} else {
			at = skipValue(text, value);
			if (at === -1) return null;
			members.push([String(key), parse(text.slice(value, at)).value]);
		}
		at = skipSpace(text, at);
		if (text[at] === ',') at = skipSpace(text, at + 1);
	}
	if (text[at] !== '}' || found === null) return null;
	return { body: Object.fromEntries(members), repaired: found.repaired };
}

interface List {
	readonly rows: readonly unknown[];
	readonly repaired: number;
	/** Where it goes on after the list. */
	readonly end: number;
}

/** @param start where its bracket is */
function readList(text: string, start: number): List | null {
	const rows: unknown[] = [];
	let repaired = 0;
	let at = skipSpace(text, start + 1);
	const ends = new RowEnds(text, at);
	while (at < text.length && text[at] !== ']') {
		const { end, row } = ends.read(at);
		if (end === -1) return null;
		rows.push(row.value);
		if (row.repaired) repaired++;
		at = skipSpace(text, end);
		if (text[at] === ',') at = skipSpace(text, at + 1);
		else if (text[at] !== ']') return null;
	}
	return at < text.length ? { rows, repaired, end: at + 1 } : null;
}

/** After the last row: the rest of the envelope, or nothing. */
const REST = /^\]\s*(?:,\s*"[^"]*"\s*:\s*(?:"[^"]*"|[\w.+-]+)\s*)*\}?\s*$/;

/** Finds the end of each row. One that has lost a quotation mark ends where the next begins: rows begin alike. */
class RowEnds {
	/** `{"ClientDbId"`, where the first row is such an object. */
	private readonly opening: string | null;

	/**
	 * Where the comma before the next such row is, as far as it was looked for; kept, so that no text
	 * is searched twice.
	 */
	private next = 0;

	/** Whether quotation marks have shown that they cannot be trusted. */
	private unbalanced = false;

	constructor(
		private readonly text: string,
		first: number,
	) {
		const key = text[first] === '{' ? skipSpace(text, first + 1) : -1;
		const end = text[key] === '"' ? skipValue(text, key) : -1;
		this.opening = end === -1 || end - first > LONGEST_ROW_TEXT ? null : text.slice(first, end);
	}

	/** @returns -1 for the end where the text ends before the row does */
	read(at: number): { readonly end: number; readonly row: Parsed } {
		const { text } = this;
		const end = this.unbalanced ? -1 : skipValue(text, at);
		const row = end === -1 ? UNREAD : parse(text.slice(at, end));
		if (row.read) return { end, row };
		if (end === -1) this.unbalanced = true;
		const next = this.nextRow(at);
		if (next !== -1 && (end === -1 || next < end))
			return { end: next, row: parse(text.slice(at, next)) };
		if (end !== -1) return { end, row };
		const last = text.lastIndexOf(']');
		if (last <= at || !REST.test(text.slice(last))) return { end: -1, row };
		return { end: last, row: parse(text.slice(at, last)) };
	}

	private nextRow(at: number): number {
		const { opening, text } = this;
		if (opening === null) return -1;
		let from = Math.max(at, this.next) + 1;
		while (this.next !== -1 && this.next <= at) {
			const found = text.indexOf(opening, from);
			const before = lastBefore(text, found);
			if (found === -1 || text[before] === ',') this.next = found === -1 ? -1 : before;
			from = found + 1;
		}
		return this.next;
	}
}

/** The last place before it that is no white space. */
function lastBefore(text: string, at: number): number {
	let before = at - 1;
	while (isSpace(text.charCodeAt(before))) before--;
	return before;
}

interface Parsed {
	readonly value: unknown;
	readonly repaired: boolean;
	readonly read: boolean;
}

const UNREAD: Parsed = { value: '', repaired: true, read: false };

function parse(text: string): Parsed {
	try {
		return { value: JSON.parse(text) as unknown, repaired: false, read: true };
	} catch {
		// Repaired below.
	}
	try {
		return { value: JSON.parse(repair(text)) as unknown, repaired: true, read: true };
	} catch {
		return { value: text.slice(0, LONGEST_ROW_TEXT), repaired: true, read: false };
	}
}

/** Strings as they are, with what no JSON may hold; commas before an end; words of JavaScript and Python. */
const PIECES =
	/"(?:[^"\\]|\\[^])*"|,(?=\s*[}\]])|-?\b(?:NaN|Infinity|undefined|None|True|False)\b/g;

/** Numbers that are none become null, a comma too many goes, and what a string may not hold is escaped. */
function repair(text: string): string {
	return text.replace(PIECES, (piece) => {
		if (piece === ',') return '';
		if (piece === 'True' || piece === 'False') return piece.toLowerCase();
		return piece.startsWith('"') ? repairString(piece) : 'null';
	});
}

function repairString(text: string): string {
	return text
		.replace(/\\(?:["\\/bfnrt]|u[\da-f]{4})|\\/gi, (escape) => (escape === '\\' ? '\\\\' : escape))
		.replace(
			/[^ -\uffff]/g,
			(control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
		);
}

/**
 * Where the value ends that begins there: after it, or at the comma or bracket that ends it. -1
 * where the text ends first.
 */
function skipValue(text: string, start: number): number {
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		const character = text[at];
		if (character === '"') {
			at = endOfString(text, at);
			if (at === -1) return -1;
			if (depth === 0 && text[start] === '"') return at + 1;
		} else if (character === '{' || character === '[') {
			depth++;
		} else if (character === '}' || character === ']') {
			if (depth === 0) return at;
			if (--depth === 0) return at + 1;
		} else if (depth === 0 && (character === ',' || character === ':')) {
			return at;
		}
	}
	return -1;
}

/** Where the closing quotation mark is, or -1. */
function endOfString(text: string, start: number): number {
	for (let at = start + 1; at < text.length; at++) {
		if (text[at] === '\\') at++;
		else if (text[at] === '"') return at;
	}
	return -1;
}

function skipSpace(text: string, start: number): number {
	let at = start;
	while (isSpace(text.charCodeAt(at))) at++;
	return at;
}

function isSpace(code: number): boolean {
	return code === 32 || (code >= 9 && code <= 13) || code === 0xfeff;
}
