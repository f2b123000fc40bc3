import { readFileSync } from 'node:fs';
import { marked } from 'marked';
import type { Setup } from '../repository/compose-file.mts';

const README = readFileSync(new URL('../../deploy/README.md', import.meta.url), 'utf8');

/** The blocks of commands under a heading of deploy/README.md; of parts for one set-up each, that set-up's. */
export function commandsOf(heading: string, setup: Setup): string[] {
	const tokens = marked.lexer(README);
	const from = tokens.findIndex((token) => token.type === 'heading' && token.text === heading);
	const rest = tokens.slice(from + 1);
	const to = rest.findIndex(({ type }) => type === 'heading');
	const blocks = rest
		.slice(0, to === -1 ? undefined : to)
		.flatMap((token) => (token.type === 'code' ? [String(token.text)] : []));
	if (from === -1 || blocks.length === 0)
		throw new Error(`deploy/README.md has no commands under "${heading}"`);
	return blocks.map((block) =>
		block
			.split('\n\n')
			.filter((part) => !/^# (single|queue)/.test(part) || part.startsWith(`# ${setup}`))
			.join('\n'),
	);
}
