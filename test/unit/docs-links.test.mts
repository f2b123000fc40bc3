import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokens } from 'marked';
import { describe, expect, test } from 'vitest';

import { made, pages, sectionsOf } from '../../docs/make/pages.mts';
import { SECTIONS } from '../../docs/make/sections.mts';
import { FILES, PAGES, ROOT, flawOf, ofType } from './docs-pages.mts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

const TOP = FILES.filter((name) => /^[^/]+\/$/.test(name));
const FILE_NAME = /^[\w.@*<>-]+(?:\/[\w.@*<>-]+)*\.(?:m?ts|mjs|cjs|js|md|json|ya?ml|sh|txt|svg|png|css|html)$/;

/** Names that stand for files elsewhere, or for what is made. */
const ELSEWHERE = [/^dist\//, /^~/, /\.node\.json$/, /^compose\.override\.yaml$/];

/** Whether a name in backticks is that of a file or folder of ours. */
function meansFile(text: string): boolean {
	if (ELSEWHERE.some((pattern) => pattern.test(text))) return false;
	return FILE_NAME.test(text) || TOP.some((folder) => text.startsWith(folder));
}

/** Tables give the end of a path; a star and what is in angle brackets stand for anything. */
function exists(text: string): boolean {
	const pattern = text.replace(/[.+^$()|[\]\\]/g, '\\$&').replace(/<[^>]*>|\*/g, '[^/]*');
	const wanted = new RegExp(`(?:^|/)${pattern}/?$`);
	return FILES.some((name) => wanted.test(name));
}

describe.each(PAGES)('$name', (page) => {
	test('links to files and headings that exist', () => {
		const hrefs = ofType<Tokens.Link | Tokens.Image>(page, 'link', 'image').map(({ href }) => href).filter((href) => !/^(?:https?|mailto):/.test(href));
		expect(hrefs.map((href) => flawOf(page, href)).filter((flaw) => flaw !== null)).toEqual([]);
	});

	test('shows pictures that exist', () => {
		const sources = [...page.text.matchAll(/\b(?:src|srcset)="([^"]+)"/g)].map(([, source]) => source!);
		expect(sources.map((source) => flawOf(page, source)).filter((flaw) => flaw !== null)).toEqual([]);
	});

	test('names commands that package.json has', () => {
		const named = [...page.text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, script]) => script!);
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});

	test('names files that exist', () => {
		const named = ofType<Tokens.Codespan>(page, 'codespan').map(({ text }) => text).filter(meansFile);
		expect(named.filter((text) => !exists(text))).toEqual([]);
	});

	test('has commands that bash can read', () => {
		for (const { lang, text } of ofType<Tokens.Code>(page, 'code')) {
			if (!/^(?:bash|sh|shell)$/.test(lang ?? '')) continue;
			const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
			expect(status, `${text}\n${stderr}`).toBe(0);
		}
	});
});

describe('what npm run docs makes', () => {
	const all = pages().filter(({ text }) => sectionsOf(text).length > 0).map(({ name, text }) => ({ name, text, now: made(text) }));

	test.each(all)('$name is as the code is now', ({ text, now }) => {
		expect(text).toBe(now);
	});

	test('every section has its place', () => {
		expect(pages().flatMap(({ text }) => sectionsOf(text)).sort()).toEqual(Object.keys(SECTIONS).sort());
	});
});

test('every endpoint in the code is in docs/api.md', () => {
	const api = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
	const code = FILES.filter((name) => /^nodes\/shared\/api\/.*\.ts$/.test(name)).map((name) => readFileSync(join(ROOT, name), 'utf8')).join('\n');
	const paths = [...new Set([...code.matchAll(/path: ['`](\/api\/[\w/]+)/g), ...code.matchAll(/: '(\/api\/[\w/]+)'/g)].map(([, path]) => path!))];
	expect(paths.length).toBeGreaterThan(15);
	expect(paths.filter((path) => !api.includes(path))).toEqual([]);
});
