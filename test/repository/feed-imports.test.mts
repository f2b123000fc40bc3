import { readFileSync, readdirSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const FEED = new URL('../../nodes/shared/feed/', import.meta.url);
const FILES = readdirSync(FEED, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => ({ name, text: readFileSync(new URL(name, FEED), 'utf8') }));

/** What a file imports when it runs: without `import type`, but with whatever else is written as an import. */
function importsOf(text: string): string[] {
	const compilerOptions = {
		module: ts.ModuleKind.ESNext,
		target: ts.ScriptTarget.ES2022,
		verbatimModuleSyntax: true,
	};
	const { outputText } = ts.transpileModule(text, { compilerOptions });
	return ts.preProcessFile(outputText, true, true).importedFiles.map(({ fileName }) => fileName);
}

test('the imports of a file are found in each form, and types are none', () => {
	const text = [
		"import type { INode } from 'n8n-a';",
		"import { INode } from 'n8n-b';",
		"import { type INode } from 'n8n-c';",
		"import 'n8n-d';",
		"export * from 'n8n-e';",
		"const f = require('n8n-f');",
		"const g = import('n8n-g');",
		"// import 'n8n-h';",
	].join('\n');
	expect(importsOf(text).sort()).toEqual(['n8n-b', 'n8n-c', 'n8n-d', 'n8n-e', 'n8n-f', 'n8n-g']);
});

describe.each(FILES)('nodes/shared/feed/$name', ({ text }) => {
	test('knows of n8n no more than types', () => {
		expect(importsOf(text).filter((module) => /^(@n8n\/|n8n)/.test(module))).toEqual([]);
	});
});
