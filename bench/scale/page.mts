import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../../docs/scaling.md', import.meta.url));

/** Puts what a command found into docs/scaling.md, between the two marks that name the command. */
export async function writeIntoPage(command: string, text: string): Promise<void> {
	const [begin, end] = [`<!-- written by ${command} -->`, `<!-- end of what ${command} writes -->`];
	const page = await readFile(PAGE, 'utf8');
	const [from, to] = [page.indexOf(begin), page.indexOf(end)];
	if (from < 0 || to < from)
		throw new Error(
			`docs/scaling.md has no "${begin}" with an "${end}" after it: put both back where the figures belong`,
		);
	await writeFile(PAGE, `${page.slice(0, from + begin.length)}\n${text.trim()}\n${page.slice(to)}`);
}
