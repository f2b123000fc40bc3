import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where whole published schemas lie, if they are at hand: beside the project, or where CYNET_SCHEMAS says. */
const FOLDER =
	process.env.CYNET_SCHEMAS ?? resolve(import.meta.dirname, '../../../shared/reference/schemas');

/** One of them, parsed; null without it. */
export function publishedSchema(name: string): Record<string, any> | null {
	const path = join(FOLDER, name);
	return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, any>) : null;
}
