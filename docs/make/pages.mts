import { readFileSync, readdirSync } from 'node:fs';
import { SECTIONS } from './sections.mts';

const FOLDER = new URL('../', import.meta.url);

/** From `<!-- made: name -->` to `<!-- end -->`; what lies between belongs to `npm run docs`. */
const MADE = /(<!-- made: (.+?) -->\n)[\s\S]*?(<!-- end -->)/g;

interface Page {
	readonly file: URL;
	readonly name: string;
	readonly text: string;
}

/** The pages in `docs/` as they are. */
export function pages(): Page[] {
	return readdirSync(FOLDER)
		.filter((name) => name.endsWith('.md'))
		.map((name) => ({
			name,
			file: new URL(name, FOLDER),
			text: readFileSync(new URL(name, FOLDER), 'utf8'),
		}));
}

/** The names of the sections that a page holds. */
export const sectionsOf = (text: string): string[] =>
	[...text.matchAll(MADE)].map(([, , name]) => name!);

/** The page with its sections made anew. */
export function made(text: string): string {
	return text.replace(MADE, (_all, begin: string, name: string, end: string) => {
		const section = SECTIONS[name];
		if (!section)
			throw new Error(`There is no section "${name}": add it to docs/make/sections.mts.`);
		return `${begin}\n${section()}\n\n${end}`;
	});
}
