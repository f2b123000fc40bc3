import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tokens } from 'marked';
import { describe, expect, test } from 'vitest';

import { made, pages, sectionsOf } from '../../docs/make/pages.mts';
import { SECTIONS } from '../../docs/make/sections.mts';
import { readTemplate, templateNames } from '../../host/templates.mts';
import { FILES, PAGES, ROOT, flawOf, ofType } from './docs-pages.mts';
import { TEXTS } from './texts.mts';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
};

const TOP = FILES.filter((name) => /^[^/]+\/$/.test(name));
const FILE_NAME =
	/^[\w.@*<>-]+(?:\/[\w.@*<>-]+)*\.(?:m?ts|mjs|cjs|js|md|json|ya?ml|sh|txt|svg|png|css|html)$/;

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

/**
 * Every address outside that the docs, the fields and the templates may name: looked at by a
 * person, never made up. What is below one of them goes with it.
 */
const REVIEWED = [
	'https://www.cynet.com',
	'https://help.api.cynet.com',
	'https://n8n.io',
	'https://www.npmjs.com/package/n8n-nodes-cynet',
	'http://adaptivecards.io/schemas/adaptive-card.json',
	'https://docs.stellarcyber.ai',
	'https://github.com/api-evangelist/cynet',
	'https://github.com/chronicle/content-hub',
	'https://github.com/netskopeoss/ta_cloud_exchange_plugins',
	'https://github.com/rapid7/r7-surcom-connectors',
	'https://github.com/refractionPOINT/usp-adapters',
	'https://github.com/zen9ya0/Cynet4line',
	'https://keepachangelog.com/en/1.1.0',
	'https://semver.org',
	'https://www.conventionalcommits.org',
	'https://login.microsoftonline.com',
	'https://monitor.azure.com',
	'https://www.googleapis.com',
];

/** Stand for the reader's own server, or for an address that there is not yet. */
const PLACEHOLDERS = [
	'https://YOUR-DOMAIN.api.cynet.com',
	'https://YOUR-SERVER:6443',
	'http://localhost:5678',
	'https://github.com/…',
];

const addressesIn = (text: string): string[] =>
	[...text.matchAll(/https?:\/\/[\p{L}\d…][^\s`"'<>()[\]{}|\\]*/gu)].map(([address]) =>
		address.replace(/[.,;:]+$/, ''),
	);

const isBelow = (address: string, known: string): boolean =>
	address === known || address.startsWith(`${known}/`);

const isKnown = (address: string): boolean =>
	REVIEWED.some((known) => isBelow(address, known)) ||
	PLACEHOLDERS.some((known) => isBelow(address.toLowerCase(), known.toLowerCase()));

describe.each(PAGES)('$name', (page) => {
	test('names no address outside but reviewed ones', () => {
		expect(addressesIn(page.text).filter((address) => !isKnown(address))).toEqual([]);
	});

	test('links to files and headings that exist', () => {
		const hrefs = ofType<Tokens.Link | Tokens.Image>(page, 'link', 'image')
			.map(({ href }) => href)
			.filter((href) => !/^(?:https?|mailto):/.test(href));
		expect(hrefs.map((href) => flawOf(page, href)).filter((flaw) => flaw !== null)).toEqual([]);
	});

	test('shows pictures that exist', () => {
		const sources = [...page.text.matchAll(/\b(?:src|srcset)="([^"]+)"/g)].map(
			([, source]) => source!,
		);
		expect(sources.map((source) => flawOf(page, source)).filter((flaw) => flaw !== null)).toEqual(
			[],
		);
	});

	test('names commands that package.json has', () => {
		const named = [...page.text.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, script]) => script!);
		expect(named.filter((script) => !(script in scripts))).toEqual([]);
	});

	test('names files that exist', () => {
		const named = ofType<Tokens.Codespan>(page, 'codespan')
			.map(({ text }) => text)
			.filter(meansFile);
		expect(named.filter((text) => !exists(text))).toEqual([]);
	});

	test('has commands that bash can read', () => {
		for (const { lang, text } of ofType<Tokens.Code>(page, 'code')) {
			if (!/^(?:bash|sh|shell)$/.test(lang ?? '')) continue;
			const { status, stderr } = spawnSync('bash', ['-n'], { input: text, encoding: 'utf8' });
			expect(status, `${text}\n${stderr}`).toBe(0);
			expect(text, 'a command can be pasted as it stands').not.toMatch(
				/\/path\/to\/|<[a-z][a-z -]*>/,
			);
		}
	});
});

describe('addresses outside', () => {
	const fields = TEXTS.map(({ text }) => text).join('\n');
	const packaged = FILES.filter((name) =>
		/^(?:nodes|credentials)\/.*(?:\.credentials\.ts|\.node\.json)$/.test(name),
	)
		.map((name) => readFileSync(join(ROOT, name), 'utf8'))
		.join('\n');

	test('in the fields, and behind the links of nodes and credential, are reviewed ones', () => {
		const named = [...addressesIn(fields), ...addressesIn(packaged)];
		expect(named.length).toBeGreaterThan(5);
		expect(named.filter((address) => !isKnown(address))).toEqual([]);
	});

	test('in the notes of the templates are reviewed ones', async () => {
		const nodes = (await Promise.all((await templateNames()).map(readTemplate))).flatMap(
			(template) => template.nodes,
		);
		const named = nodes.flatMap(({ parameters }) =>
			addressesIn((parameters as { content?: string }).content ?? ''),
		);
		expect(named.length).toBeGreaterThan(1);
		expect(named.filter((address) => !isKnown(address))).toEqual([]);
	});

	test('were reviewed only where they are named', async () => {
		const templates = (await Promise.all((await templateNames()).map(readTemplate))).map(
			(template) => JSON.stringify(template),
		);
		const named = [...PAGES.map(({ text }) => text), fields, packaged, ...templates].flatMap(
			addressesIn,
		);
		expect(REVIEWED.filter((known) => !named.some((address) => isBelow(address, known)))).toEqual(
			[],
		);
	});
});

describe('what npm run docs makes', () => {
	const all = pages()
		.filter(({ text }) => sectionsOf(text).length > 0)
		.map(({ name, text }) => ({ name, text, now: made(text) }));

	test.each(all)('$name is as the code is now', ({ text, now }) => {
		expect(text).toBe(now);
	});

	test('every section has its place', () => {
		expect(
			pages()
				.flatMap(({ text }) => sectionsOf(text))
				.sort(),
		).toEqual(Object.keys(SECTIONS).sort());
	});
});

test('every endpoint in the code is in docs/api.md', () => {
	const api = readFileSync(join(ROOT, 'docs/api.md'), 'utf8');
	const code = FILES.filter((name) => /^nodes\/shared\/api\/.*\.ts$/.test(name))
		.map((name) => readFileSync(join(ROOT, name), 'utf8'))
		.join('\n');
	const paths = [
		...new Set(
			[
				...code.matchAll(/path: ['`](\/api\/[\w/]+)/g),
				...code.matchAll(/: '(\/api\/[\w/]+)'/g),
			].map(([, path]) => path!),
		),
	];
	expect(paths.length).toBeGreaterThan(15);
	expect(paths.filter((path) => !api.includes(path))).toEqual([]);
});
