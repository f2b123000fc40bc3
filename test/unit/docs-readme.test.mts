import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { readmePart, withReadmePart } from '../../docs/make/readme.mts';
import { PAGES, ROOT } from './docs-pages.mts';

const textOf = (name: string): string => PAGES.find((page) => page.name === name)!.text;
const README = textOf('README.md');

/** The cells of the first table in a text. */
function tableIn(text: string): { readonly heads: readonly string[]; readonly rows: ReadonlyArray<readonly string[]> } {
	const [table = ''] = /^\|.*\n\| ---.*\n(?:\|.*(?:\n|$))+/m.exec(text) ?? [];
	const [heads = [], , ...rows] = table.trim().split('\n').map((line) => line.slice(2, -2).split(' | '));
	return { heads, rows };
}

test('README.md counts the scenarios of docs/compatibility.md as that page has them', () => {
	const { heads, rows: sums } = tableIn(readmePart(README, 'npm run compatibility'));
	const { heads: columns, rows: scenarios } = tableIn(textOf('docs/compatibility.md'));
	expect(heads.slice(1)).toEqual(columns.slice(1));
	// "Cynet Trigger" before "Cynet": a scenario belongs to the longest subject that it begins with.
	const subjects = sums.map(([subject]) => subject!).sort((one, other) => other.length - one.length);
	const subjectOf = (scenario: string) => subjects.find((subject) => scenario.startsWith(`${subject} `));
	const counted = sums.map(([subject]) => {
		const rows = scenarios.filter(([scenario]) => subjectOf(scenario!) === subject);
		return [subject, ...columns.slice(1).map((_, column) => `${rows.filter((row) => row[column + 1] === 'yes').length} of ${rows.length}`)];
	});
	expect(sums).toEqual(counted);
	expect(scenarios.length).toBeGreaterThan(20);
	expect(scenarios.map(([scenario]) => scenario!).filter((scenario) => !subjectOf(scenario))).toEqual([]);
});

test('README.md sets the same figures beside each other as docs/alternatives.md', () => {
	const shown = tableIn(readmePart(README, 'npm run bench:alternatives'));
	expect(shown.rows.length).toBeGreaterThan(3);
	expect(shown).toEqual(tableIn(textOf('docs/alternatives.md')));
});

describe('a command that writes into README.md', () => {
	const text = 'before\n<!-- npm run one -->\nold\n<!-- end -->\nbetween\n<!-- npm run two -->\nkept\n<!-- end -->\n';

	test('replaces what is its own and nothing else', () => {
		expect(withReadmePart(text, 'npm run one', 'new: $1')).toBe(text.replace('old', () => 'new: $1'));
	});

	test('says where its place is to be, if it has none', () => {
		expect(() => withReadmePart(text, 'npm run three', 'new')).toThrow('put <!-- npm run three --> and <!-- end --> there');
	});
});

describe('the version of the package', () => {
	const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
	const versionsIn = (text: string): string[] => [...text.matchAll(/\bn8n-nodes-cynet[-@ ]v?(\d+(?:\.\d+)+(?:-[\w.]*\d)?)/g)].map(([, found]) => found!);

	test('is found in the names of tarballs and in what npm is told to install', () => {
		expect(versionsIn('n8n-nodes-cynet-9.8.7.tgz, n8n-nodes-cynet@9.8.7-rc.1, n8n-nodes-cynet 9.8')).toEqual(['9.8.7', '9.8.7-rc.1', '9.8']);
	});

	test.each(PAGES)('$name names no other', ({ text }) => {
		expect(versionsIn(text).filter((named) => named !== version)).toEqual([]);
	});
});
