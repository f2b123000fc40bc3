import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import GithubSlugger from 'github-slugger';
import { marked, type Token, type Tokens } from 'marked';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What others put there, or what is built. */
const FOREIGN = new Set([
	'node_modules',
	'dist',
	'.git',
	'.hosts',
	'.stryker-tmp',
	'reports',
	'coverage',
]);

/** Every file and folder of the repository, folders with a slash at the end. */
export const FILES: readonly string[] = filesIn('');

function filesIn(folder: string): string[] {
	return readdirSync(join(ROOT, folder), { withFileTypes: true })
		.filter(({ name }) => !FOREIGN.has(name))
		.flatMap((entry) => {
			const path = folder + entry.name;
			return entry.isDirectory() ? [`${path}/`, ...filesIn(`${path}/`)] : [path];
		});
}

interface Page {
	/** From the root. */
	readonly name: string;
	readonly text: string;
	/** All of Markdown's pieces, however deep. */
	readonly tokens: readonly Token[];
	readonly anchors: ReadonlySet<string>;
}

/** What a visitor of the repository reads. */
export const PAGES: readonly Page[] = FILES.filter((name) =>
	/^(?:[^/]+|(?:docs|deploy)\/.*)\.md$/.test(name),
).map(pageOf);

function pageOf(name: string): Page {
	const text = readFileSync(join(ROOT, name), 'utf8');
	const tokens = tokensOf(text);
	const slugger = new GithubSlugger();
	const headings = tokens.filter((token): token is Tokens.Heading => token.type === 'heading');
	return {
		name,
		text,
		tokens,
		anchors: new Set(headings.map((heading) => slugger.slug(plain(heading.tokens)))),
	};
}

/** All of Markdown's pieces, however deep. */
export function tokensOf(text: string): Token[] {
	const tokens: Token[] = [];
	marked.walkTokens(marked.lexer(text), (token) => void tokens.push(token));
	return tokens;
}

/** Without its marks, as GitHub names a heading. */
function plain(tokens: readonly Token[]): string {
	return tokens
		.map((token) =>
			'tokens' in token && token.tokens
				? plain(token.tokens)
				: 'text' in token
					? String(token.text)
					: '',
		)
		.join('');
}

export const ofType = <Type extends Token>({ tokens }: Page, ...types: readonly string[]): Type[] =>
	tokens.filter((token): token is Type => types.includes(token.type));

/** What is wrong with a link within the repository, or null. */
export function flawOf({ name, anchors }: Page, href: string): string | null {
	const [path, anchor] = href.split('#') as [string, string?];
	const target = path === '' ? name : relative(ROOT, join(ROOT, dirname(name), decodeURI(path)));
	if (!existsSync(join(ROOT, target))) return `${name} links to ${href}, which is not there`;
	const known = path === '' ? anchors : PAGES.find((page) => page.name === target)?.anchors;
	if (anchor !== undefined && !known?.has(anchor))
		return `${name} links to ${href}, which has no such heading`;
	return null;
}
