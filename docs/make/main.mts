import { mkdirSync, writeFileSync } from 'node:fs';
import { made, pages } from './pages.mts';
import { schemas, written } from './schemas.mts';

/** Writes the parts of docs/ that follow from the code, and the schemas of what the nodes return: `npm run docs`. */
for (const { file, text } of pages()) writeFileSync(file, made(text));

for (const [path, schema] of Object.entries(schemas())) {
	const file = new URL(`../../nodes/${path}`, import.meta.url);
	mkdirSync(new URL('.', file), { recursive: true });
	writeFileSync(file, written(schema));
}
