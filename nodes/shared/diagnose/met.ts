/** Shorter texts are words of every language, and a number of three digits is no id. */
const SHORTEST = 4;
/** How deep an answer is looked through. Deeper values count as one text. */
const DEEPEST = 12;
/** Of a date the day alone is enough. */
const DAY = /^\d{4}-\d\d-\d\d/;
const SEPARATORS = /[\s"'<>:;,=(){}[\]|\\/@]+/;

/**
 * Every text that was met in an answer, the credential or the input, whole and in its pieces. A
 * report in which one of them stands is not shared.
 */
export class Met {
	private readonly texts = new Set<string>();

	/** Notes all texts of a value: keys, texts and numbers at any depth. */
	note(value: unknown, depth = 0): void {
		if (typeof value === 'string') this.noteText(value);
		else if (typeof value === 'number' || typeof value === 'bigint') this.add(String(value));
		else if (Array.isArray(value))
			for (const one of value.length > 0 && depth < DEEPEST ? value : []) this.note(one, depth + 1);
		else if (typeof value === 'object' && value !== null) {
			if (depth >= DEEPEST) return this.noteText(JSON.stringify(value));
			for (const [key, one] of Object.entries(value)) {
				this.noteText(key);
				this.note(one, depth + 1);
			}
		}
	}

	/** Whether one of the texts stands in that one, in any letters. */
	standsIn(text: string): boolean {
		const said = text.toLowerCase();
		if (said.length < SHORTEST) return false;
		if (this.texts.has(said)) return true;
		for (const one of this.texts) if (said.includes(one)) return true;
		return false;
	}

	private noteText(text: string): void {
		this.add(text);
		const [day] = DAY.exec(text) ?? [];
		if (day !== undefined) this.add(day);
		for (const piece of text.split(SEPARATORS)) this.add(piece);
	}

	private add(text: string): void {
		const said = text.trim().toLowerCase();
		if (said.length >= SHORTEST) this.texts.add(said);
	}
}
