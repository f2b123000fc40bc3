import { isRawAlert } from './identity';

/** A technique of MITRE ATT&CK as such, and in a text such as "T1055 - Process Injection". */
const TECHNIQUE = /(?<![A-Za-z0-9.])T\d{4}(?:\.\d{3})?(?![A-Za-z0-9]|\.\d)/g;

/** No alert tells of more; a hostile one has an end. */
const MOST = 100;
const MOST_STEPS = 2_000;
const LONGEST_TEXT = 1_000;
const LONGEST_TAG = 200;

/**
 * The ids of the techniques that `MitreDetails` names, at any depth: its shape is not published.
 * Each once, in their order; empty without any.
 */
export function techniquesOf(details: unknown): string[] {
	if (typeof details !== 'string' && (typeof details !== 'object' || details === null)) return [];
	const found = new Set<string>();
	walk(details, (text) => {
		for (const [id] of text.slice(0, LONGEST_TEXT).matchAll(TECHNIQUE)) found.add(id);
	});
	return [...found].slice(0, MOST);
}

/** The names of an alert's tags, each a text or an object that has a name; empty without any. */
export function tagsOf(tags: unknown): string[] {
	if (!Array.isArray(tags)) return typeof tags === 'string' ? tagsOf(tags.split(',')) : [];
	const names = tags
		.slice(0, MOST_STEPS)
		.map((tag: unknown) =>
			isRawAlert(tag) ? (tag.Name ?? tag.name ?? tag.TagName ?? tag.Tag) : tag,
		);
	const texts = names
		.filter((name): name is string | number => typeof name === 'string' || typeof name === 'number')
		.map((name) => String(name).trim());
	return [...new Set(texts.filter((text) => text !== '' && text.length <= LONGEST_TAG))].slice(
		0,
		MOST,
	);
}

/** Each text in a value, in order, without going down on a stack of calls. */
function walk(value: unknown, see: (text: string) => void): void {
	const open = [value];
	for (let steps = 0; open.length > 0 && steps < MOST_STEPS; steps++) {
		const next = open.pop();
		if (typeof next === 'string') see(next);
		else if (typeof next === 'object' && next !== null)
			open.push(...Object.values(next).slice(0, MOST_STEPS).reverse());
	}
}
