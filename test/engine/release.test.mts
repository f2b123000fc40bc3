import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { obstacles as untyped } from '../../.ci/check-release.mjs';

const require = createRequire(import.meta.url);
const manifest = require('../../package.json') as {
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
	dependencies?: object;
};
const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const npm = async (...args: string[]): Promise<string> =>
	(await promisify(execFile)('npm', args, { cwd: PROJECT, maxBuffer: 1e8 })).stdout;

interface Packed {
	readonly size: number;
	readonly files: ReadonlyArray<{ readonly path: string }>;
}

/** What would be published of the package as it was built last (`npm test` builds it first). */
async function pack(): Promise<Packed & { content: (path: string) => Promise<string> }> {
	const [packed] = JSON.parse(await npm('pack', '--dry-run', '--json')) as Packed[];
	return { ...packed!, content: async (path) => await readFile(join(PROJECT, path), 'utf8') };
}

const folder = (path: string): string => path.split('/').slice(0, 2).join('/');

test('the package holds what users need and nothing else, in 150 KB at most', async () => {
	const { size, files, content } = await pack();
	const paths = files.map(({ path }) => path);
	expect(paths.filter((path) => !path.startsWith('dist/')).sort()).toEqual([
		'LICENSE',
		'README.md',
		'package.json',
	]);
	expect([...new Set(paths.filter((path) => path.startsWith('dist/')).map(folder))].sort()).toEqual(
		['dist/credentials', 'dist/icons', 'dist/nodes'],
	);
	expect(
		paths.filter(
			(path) =>
				path.startsWith('dist/') && !/\.(js|svg|node\.json)$|\/__schema__\/.*\.json$/.test(path),
		),
	).toEqual([]);
	expect(paths).toEqual(
		expect.arrayContaining([...manifest.n8n.nodes, ...manifest.n8n.credentials]),
	);
	expect(size).toBeLessThanOrEqual(150 * 1024);
	for (const path of paths.filter((one) => one.endsWith('.js')))
		expect(await content(path)).not.toMatch(/simulator|vitest/);
});

test('the package depends on nothing, and its bill of materials (CycloneDX) says so', async () => {
	expect(manifest.dependencies).toBeUndefined();
	const bill = JSON.parse(await npm('run', '--silent', 'sbom')) as {
		bomFormat: string;
		components: unknown[];
		metadata: { component: { 'bom-ref': string } };
	};
	expect(bill).toMatchObject({
		bomFormat: 'CycloneDX',
		components: [],
		metadata: { component: { 'bom-ref': `n8n-nodes-cynet@${manifest.version}` } },
	});
});

const obstacles = untyped as (
	tag: string,
	manifest: object,
	lock: object,
	changelog: string,
) => string[];
const READY = {
	version: '1.2.3',
	repository: { url: 'git+https://github.com/example/example.git' },
	homepage: 'https://example.com',
	author: { email: 'who@example.com' },
};

test('a tag that fits the version, the lock file and the changelog may be published', () => {
	expect(
		obstacles('v1.2.3', READY, { version: '1.2.3' }, '# Changelog\n\n## [1.2.3] - 2026-06-01\n'),
	).toEqual([]);
});

test.each([
	['another tag', 'v1.2.4', READY, '1.2.3', '## [1.2.3] - 2026-06-01', /The tag is v1\.2\.4/],
	[
		'an old lock file',
		'v1.2.3',
		READY,
		'1.2.2',
		'## [1.2.3] - 2026-06-01',
		/package-lock\.json says 1\.2\.2/,
	],
	[
		'a changelog without the version',
		'v1.2.3',
		READY,
		'1.2.3',
		'## [Unreleased]',
		/CHANGELOG\.md has no section/,
	],
	[
		'a version that only looks like it',
		'v1.2.3',
		READY,
		'1.2.3',
		'## [1a2b3] - 2026-06-01',
		/CHANGELOG\.md has no section/,
	],
	[
		'no repository',
		'v1.2.3',
		{ ...READY, repository: undefined },
		'1.2.3',
		'## [1.2.3] - 2026-06-01',
		/no "repository" on GitHub/,
	],
	[
		'no homepage',
		'v1.2.3',
		{ ...READY, homepage: undefined },
		'1.2.3',
		'## [1.2.3] - 2026-06-01',
		/no "homepage"/,
	],
	[
		'an author made up',
		'v1.2.3',
		{ ...READY, author: { email: 'x@y.invalid' } },
		'1.2.3',
		'## [1.2.3] - 2026-06-01',
		/no real address/,
	],
])(
	'%s stands in the way of publishing, and it is said what to do',
	(_what, tag, ready, lock, changelog, sentence) => {
		expect(obstacles(tag, ready, { version: lock }, changelog)).toEqual([
			expect.stringMatching(sentence),
		]);
	},
);

test('the check runs before anything is installed, and fails where something stands in the way', async () => {
	const empty = await mkdtemp(join(tmpdir(), 'release-'));
	try {
		const check = promisify(execFile)(
			process.execPath,
			[join(PROJECT, '.ci/check-release.mjs'), 'v0.0.0-none'],
			{ cwd: empty },
		);
		await expect(check).rejects.toMatchObject({
			code: 1,
			stderr: expect.stringContaining('The tag is v0.0.0-none') as string,
		});
	} finally {
		await rm(empty, { recursive: true });
	}
});
