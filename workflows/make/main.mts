import { writeFile } from 'node:fs/promises';
import { TEMPLATES } from './templates.mts';

/** Writes the templates: `npm run templates`. */
for (const [name, make] of Object.entries(TEMPLATES)) {
	await writeFile(new URL(`../${name}.json`, import.meta.url), make().toJson());
}
