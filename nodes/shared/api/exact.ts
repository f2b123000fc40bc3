/** A text as it is, or a whole number that may be too long for a number of JavaScript, which would round it. */
const TEXT_OR_LONG = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/gs;

/** JSON in which whole numbers of 16 digits or more are texts, so that none is rounded. */
export function withExactIntegers(json: string): string {
	return /\d{16}/.test(json)
		? json.replace(TEXT_OR_LONG, (part) => (part.startsWith('"') ? part : `"${part}"`))
		: json;
}
