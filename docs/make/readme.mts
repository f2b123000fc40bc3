import { readFile, writeFile } from 'node:fs/promises';

const README = new URL('../../README.md', import.meta.url);

/** From `<!-- npm run x -->` to `<!-- end -->`; what lies between belongs to that command. */
const partBy = (command: string): RegExp => new RegExp(`(<!-- ${command} -->\n)([\\s\\S]*?)(\n<!-- end -->)`);

/** What a command has written into the text of README.md. */
export function readmePart(text: string, command: string): string {
	const [, , part] = partBy(command).exec(text) ?? [];
	if (part === undefined) throw new Error(`README.md has no place for what "${command}" writes: put <!-- ${command} --> and <!-- end --> there.`);
	return part;
}

/** The text with the part of a command made anew. */
export function withReadmePart(text: string, command: string, part: string): string {
	readmePart(text, command);
	return text.replace(partBy(command), (_, begin: string, _old: string, end: string) => `${begin}${part}${end}`);
}

export async function writeReadmePart(command: string, part: string): Promise<void> {
	await writeFile(README, withReadmePart(await readFile(README, 'utf8'), command, part));
}
