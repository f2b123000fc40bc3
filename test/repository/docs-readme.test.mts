import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { PAGES, ROOT } from './docs-pages.mts';

test('README.md is one page: at most 900 words and three pictures', () => {
	const { text } = PAGES.find(({ name }) => name === 'README.md')!;
	expect(text.replace(/<[^>]*>/g, ' ').split(/\s+/).length).toBeLessThanOrEqual(900);
	expect(text.match(/<img /g)).toHaveLength(3);
});

describe('the version of the package', () => {
	const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
		version: string;
	};
	const versionsIn = (text: string): string[] =>
		[...text.matchAll(/\bn8n-nodes-cynet[-@ ]v?(\d+(?:\.\d+)+(?:-[\w.]*\d)?)/g)].map(
			([, found]) => found!,
		);

	test('is found in the names of tarballs and in what npm is told to install', () => {
		expect(
			versionsIn('n8n-nodes-cynet-9.8.7.tgz, n8n-nodes-cynet@9.8.7-rc.1, n8n-nodes-cynet 9.8'),
		).toEqual(['9.8.7', '9.8.7-rc.1', '9.8']);
	});

	test.each(PAGES)('$name names no other', ({ text }) => {
		expect(versionsIn(text).filter((named) => named !== version)).toEqual([]);
	});
});
