import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Token } from 'marked';
import { describe, expect, test } from 'vitest';

import { readCode } from '../../docs/make/errors/code.mts';
import { readTemplate, templateNames } from '../../host/templates.mts';
import { PAGES, ROOT, tokensOf } from './docs-pages.mts';
import { SAID, TEXTS } from './texts.mts';

interface Speller {
	correct(word: string): boolean;
	add(word: string): Speller;
}

const require = createRequire(import.meta.url);
const nspell = require('nspell') as (affixes: Buffer, words: Buffer) => Speller;

/** Hunspell's British dictionary, and the words of this project: names, and what the trade says. */
const DICTIONARY = join(ROOT, 'node_modules/dictionary-en-gb');
const OWN_WORDS = readFileSync(join(ROOT, 'docs/make/words.txt'), 'utf8').trim().split('\n');
const british = nspell(
	readFileSync(`${DICTIONARY}/index.aff`),
	readFileSync(`${DICTIONARY}/index.dic`),
);

const TEMPLATES = await templateNames();

/** Addresses, paths, names of files and of templates. */
const NO_WORDS = new RegExp(
	`&\\w+;|https?://\\S+|\\S*[@\\\\/]\\S*|[\\w.]+\\.(?:com|net|io|md|js)\\b|\\b(?:${TEMPLATES.join('|')})\\b`,
	'g',
);

/** Words with a capital or a digit inside are names and codes: OCSF, PagerDuty, n8n. */
const wordsOf = (text: string): string[] =>
	[...new Set(text.replace(NO_WORDS, ' ').match(/[\p{L}\d][\p{L}\d'’]*/gu) ?? [])]
		.map((word) => word.replace(/['’]s?$/, ''))
		.filter((word) => word.length > 1 && !/.\p{Lu}|\d/u.test(word));

/** What is neither code nor address. */
const proseOf = (tokens: readonly Token[]): string =>
	tokens
		.filter((token) => token.type === 'text' && !('tokens' in token && token.tokens))
		.map((token) => (token as { text: string }).text)
		.join('\n');

/** What the notes in the templates say. */
const NOTES = (await Promise.all(TEMPLATES.map(readTemplate)))
	.flatMap(({ nodes }) =>
		nodes.map(({ parameters }) => (parameters as { content?: string }).content ?? ''),
	)
	.map((note) => proseOf(tokensOf(note)));

/** What the demo's page says, without code and what is filled in. */
const HTML = readFileSync(join(ROOT, 'simulator/page/page.html'), 'utf8').replace(
	/<code>.*?<\/code>|\{\{\w+\}\}/g,
	' ',
);
const DEMO = [
	HTML.replace(/<[^>]*>/g, '\n'),
	...[...HTML.matchAll(/ aria-label="([^"]*)"/g)].map(([, label]) => label),
].join('\n');

const withoutHoles = (text: string): string => text.replace(/‹[^›]*›|\{\{.*?\}\}+/g, ' ');

const PROSE: ReadonlyArray<readonly [where: string, text: string]> = [
	...PAGES.map(({ name, tokens }) => [name, proseOf(tokens)] as const),
	['the fields of nodes and credential', TEXTS.map(({ text }) => text).join('\n')],
	[
		'messages, log lines and whatever else the code says',
		[...SAID, ...readCode().sentences].map(withoutHoles).join('\n'),
	],
	['the notes in the templates', NOTES.join('\n')],
	["the demo's page", DEMO],
];

const known = new Set(OWN_WORDS);
const isRight = (word: string) => known.has(word.toLowerCase()) || british.correct(word);

describe.each(PROSE)('%s', (_where, text) => {
	test('is spelled as in British English', () => {
		expect(wordsOf(text).filter((word) => !isRight(word))).toEqual([]);
	});

	test('praises nothing', () => {
		expect(PRAISE.flatMap((word) => text.match(new RegExp(`\\b${word}\\b`, 'gi')) ?? [])).toEqual(
			[],
		);
	});
});

/** Words that sell. What is good about the package is said with a figure, and the command that made it. */
const PRAISE = [
	'amazing',
	'awesome',
	'best[- ]in[- ]class',
	'blazing(?:ly)?',
	'bulletproof',
	'cutting[- ]edge',
	'delightful',
	'easiest',
	'easily',
	'effortless(?:ly)?',
	'elegant(?:ly)?',
	'enterprise[- ]grade',
	'fastest',
	'flawless(?:ly)?',
	'game[- ]chang\\w+',
	'industry[- ]leading',
	'innovative',
	'leading',
	'lightning',
	'magic(?:al|ally)?',
	'market[- ]leading',
	'military[- ]grade',
	'most (?:advanced|complete|powerful|reliable|secure)',
	'never fails?',
	'next[- ]gen\\w*',
	'obviously',
	'perfect(?:ly)?',
	'powerful',
	'revolutionary',
	'robust(?:ly)?',
	'safest',
	'seamless(?:ly)?',
	'simply',
	'smartest',
	'state[- ]of[- ]the[- ]art',
	'super',
	'ultimate',
	'unmatched',
	'unparalleled',
	'unrivalled',
	'world[- ]class',
];

test('the list of own words is in order, and holds no word that the dictionary has or nobody uses', () => {
	expect(OWN_WORDS).toEqual(
		[...new Set(OWN_WORDS)].sort((one, other) => one.localeCompare(other, 'en')),
	);
	const used = new Set(
		PROSE.flatMap(([, text]) => wordsOf(text).map((word) => word.toLowerCase())),
	);
	expect(OWN_WORDS.filter((word) => british.correct(word) || !used.has(word))).toEqual([]);
});
