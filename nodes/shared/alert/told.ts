import { isRawAlert } from './identity';

/** Whose facts: the alert's own, and those of the processes that led to it. */
export type Section = 'own' | 'parent' | 'grandparent';

/** Parts of the details that are objects of their own; as integrators read them and a real alert has them. */
const SECTIONS: ReadonlyMap<string, Section> = new Map([
	['extrainfo', 'own'],
	['parentprocessdetails', 'parent'],
	['grandparentprocessdetails', 'grandparent'],
]);

/** More keys, lines and characters are those of a hostile alert: they are kept where they stand, and tell nothing. */
const MOST_KEYS = 500;
const MOST_LINES = 200;
const MOST_TEXT = 50_000;
const LONGEST_KEY = 60;

/** Something that the alert says of itself; `path` leads to it within the details, and is null in the description. */
interface Saying {
	readonly value: unknown;
	readonly path: readonly string[] | null;
}

/** Each key is normalised once: there are few. */
const normalised = new Map<string, string>();
const MOST_NORMALISED = 2_000;

/** `Host IP`, `Host Ip` and `HostIP` are one key. */
function keyOf(name: string): string {
	let key = normalised.get(name);
	if (key === undefined) {
		key = name
			.slice(0, 2 * LONGEST_KEY)
			.toLowerCase()
			.replace(/[^a-z0-9]/g, '');
		if (normalised.size < MOST_NORMALISED && name.length <= LONGEST_KEY) normalised.set(name, key);
	}
	return key;
}

/**
 * What the alert's own texts tell, for fields that are missing: the details, a JSON object, and
 * then the description, of which each line is
 * `Key: value`. Nothing of it is read before it is asked for.
 */
export class Told {
	private sayings: Readonly<Record<Section, ReadonlyMap<string, readonly Saying[]>>> | undefined;

	constructor(
		private readonly details: unknown,
		private readonly description: unknown,
	) {}

	/** The first thing said under one of these keys (in small letters, without blanks) that can be read. */
	find<T>(
		read: (value: unknown) => T | null,
		section: Section,
		keys: readonly string[],
	): { readonly value: T; readonly path: readonly string[] | null } | null {
		this.sayings ??= this.hear();
		for (const key of keys) {
			for (const { value, path } of this.sayings[section].get(key) ?? []) {
				const known = read(value);
				if (known !== null) return { value: known, path };
			}
		}
		return null;
	}

	/** The same for the alert's own facts, without the place. */
	read<T>(read: (value: unknown) => T | null, ...keys: readonly string[]): T | null {
		return this.find(read, 'own', keys)?.value ?? null;
	}

	private hear(): Readonly<Record<Section, ReadonlyMap<string, readonly Saying[]>>> {
		const heard = {
			own: new Map<string, Saying[]>(),
			parent: new Map<string, Saying[]>(),
			grandparent: new Map<string, Saying[]>(),
		};
		const hear = (
			section: Section,
			name: string,
			value: unknown,
			path: readonly string[] | null,
		): void => {
			const key = keyOf(name);
			const known = heard[section].get(key);
			if (known) known.push({ value, path });
			else heard[section].set(key, [{ value, path }]);
		};
		const inner: Array<[Section, string, object]> = [];
		for (const [name, value] of firstOf(this.details)) {
			const section = SECTIONS.get(keyOf(name));
			if (section && isRawAlert(value)) inner.push([section, name, value]);
			else hear('own', name, value, [name]);
		}
		for (const [section, outer, object] of inner)
			for (const [name, value] of firstOf(object)) hear(section, name, value, [outer, name]);
		for (const [name, value] of linesOf(this.description)) hear('own', name, value, null);
		return heard;
	}
}

function firstOf(object: unknown): Array<[string, unknown]> {
	const entries: Array<[string, unknown]> = [];
	if (!isRawAlert(object)) return entries;
	for (const name in object) {
		if (entries.push([name, object[name]]) >= MOST_KEYS) break;
	}
	return entries;
}

/** The `Key: value` lines of a text; what is no such line is left out. */
export function linesOf(text: unknown): Array<[key: string, value: string]> {
	const lines: Array<[key: string, value: string]> = [];
	if (typeof text !== 'string') return lines;
	for (const line of text.slice(0, MOST_TEXT).split('\n', MOST_LINES)) {
		const colon = line.indexOf(':');
		if (colon < 1 || colon > LONGEST_KEY) continue;
		const value = line.slice(colon + 1).trim();
		if (value !== '') lines.push([line.slice(0, colon).trim(), value]);
	}
	return lines;
}
