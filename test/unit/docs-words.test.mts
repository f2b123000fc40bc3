import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Token, Tokens } from 'marked';
import { describe, expect, test } from 'vitest';

import { readCode } from '../../docs/make/errors/code.mts';
import { templateNames } from '../../host/templates.mts';
import { REASONS } from '../../nodes/shared/api/reasons.ts';
import { NOTES, UNUSABLE_STATES } from '../../nodes/shared/feed/notes.ts';
import { PAGES, ROOT, ofType, type Page } from './docs-pages.mts';
import { TEXTS } from './texts.mts';

interface Speller {
	correct(word: string): boolean;
	add(word: string): Speller;
}

const require = createRequire(import.meta.url);
const nspell = require('nspell') as (affixes: Buffer, words: Buffer) => Speller;

/** Hunspell's British dictionary, and the words of this project: names, and what the trade says. */
const DICTIONARY = join(ROOT, 'node_modules/dictionary-en-gb');
const OWN_WORDS = readFileSync(join(ROOT, 'docs/make/words.txt'), 'utf8').trim().split('\n');
const british = nspell(readFileSync(`${DICTIONARY}/index.aff`), readFileSync(`${DICTIONARY}/index.dic`));

/** Addresses, paths, names of files and of templates. */
const NO_WORDS = new RegExp(`&\\w+;|https?://\\S+|\\S*[@\\\\/]\\S*|[\\w.]+\\.(?:com|net|io|md|js)\\b|\\b(?:${await templateNames().then((names) => names.join('|'))})\\b`, 'g');

/** Words with a capital or a digit inside are names and codes: OCSF, PagerDuty, n8n. */
const wordsOf = (text: string): string[] =>
	[...new Set(text.replace(NO_WORDS, ' ').match(/[\p{L}\d][\p{L}\d'’]*/gu) ?? [])]
		.map((word) => word.replace(/['’]s?$/, ''))
		.filter((word) => word.length > 1 && !/.\p{Lu}|\d/u.test(word));

/** What is neither code nor address. */
const proseOf = (page: Page): string =>
	ofType<Tokens.Text>(page, 'text').filter((token: Token) => !('tokens' in token && token.tokens)).map(({ text }) => text).join('\n');

const SAID = [
	...Object.values(REASONS).flatMap(({ message, description }) => [message, description]),
	...readCode().refusals.flatMap(({ text, remedy }) => [text, remedy]),
	...Object.values(NOTES),
	...Object.values(UNUSABLE_STATES),
].map((text) => text.replace(/‹[^›]*›|\{\{.*?\}\}+/g, ' '));

const PROSE: ReadonlyArray<readonly [where: string, text: string]> = [
	...PAGES.map((page) => [page.name, proseOf(page)] as const),
	['the fields of nodes and credential', TEXTS.map(({ text }) => text).join('\n')],
	['messages and log lines', SAID.join('\n')],
];

const known = new Set(OWN_WORDS);
const isRight = (word: string) => known.has(word.toLowerCase()) || british.correct(word);

describe.each(PROSE)('%s', (_where, text) => {
	test('is spelled as in British English', () => {
		expect(wordsOf(text).filter((word) => !isRight(word))).toEqual([]);
	});

	test('praises nothing', () => {
		expect(PRAISE.flatMap((word) => text.match(new RegExp(`\\b${word}\\b`, 'gi')) ?? [])).toEqual([]);
	});
});

/** Words that sell. What is good about the package is said with a figure, and the command that made it. */
const PRAISE = [
	'amazing', 'awesome', 'best[- ]in[- ]class', 'blazing(?:ly)?', 'bulletproof', 'cutting[- ]edge', 'delightful', 'easiest', 'easily', 'effortless(?:ly)?', 'elegant(?:ly)?',
	'enterprise[- ]grade', 'fastest', 'flawless(?:ly)?', 'game[- ]chang\\w+', 'industry[- ]leading', 'innovative', 'leading', 'lightning', 'magic(?:al|ally)?', 'market[- ]leading',
	'military[- ]grade', 'most (?:advanced|complete|powerful|reliable|secure)', 'never fails?', 'next[- ]gen\\w*', 'obviously', 'perfect(?:ly)?', 'powerful', 'revolutionary',
	'robust(?:ly)?', 'safest', 'seamless(?:ly)?', 'simply', 'smartest', 'state[- ]of[- ]the[- ]art', 'super', 'ultimate', 'unmatched', 'unparalleled', 'unrivalled', 'world[- ]class',
];

test('the list of own words is in order, and holds no word that the dictionary has or nobody uses', () => {
	expect(OWN_WORDS).toEqual([...new Set(OWN_WORDS)].sort((one, other) => one.localeCompare(other, 'en')));
	const used = new Set(PROSE.flatMap(([, text]) => wordsOf(text).map((word) => word.toLowerCase())));
	expect(OWN_WORDS.filter((word) => british.correct(word) || !used.has(word))).toEqual([]);
});
