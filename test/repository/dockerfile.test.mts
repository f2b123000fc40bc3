import { existsSync, readFileSync } from 'node:fs';
import { Copy, DockerfileParser, Entrypoint, From } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { expect, test } from 'vitest';
import { DEFAULT_N8N } from '../../host/versions.mts';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');
const text = read('deploy/Dockerfile');
const instructions = DockerfileParser.parse(text).getInstructions();
const valuesOf = (keyword: string): string[] =>
	instructions
		.filter((one) => one.getKeyword() === keyword)
		.map((one) => one.getArgumentsContent() ?? '');
const problemsOf = (dockerfile: string): string[] =>
	validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`);

test('the Dockerfile has no flaw that a linter finds', () => {
	expect(problemsOf(text)).toEqual([]);
	expect(problemsOf(text.replace('ENTRYPOINT [', 'ENTRYPOINT ["x"]\nENTRYPOINTS ['))).not.toEqual(
		[],
	);
});

test("both stages start from n8n's own image, of the version that is tested", () => {
	expect(valuesOf('ARG')).toEqual([`N8N_VERSION=${DEFAULT_N8N}`]);
	const stages = instructions.filter((one): one is From => one instanceof From);
	expect(stages.map((stage) => stage.getImage())).toEqual(
		Array(2).fill('docker.n8n.io/n8nio/n8n:${N8N_VERSION}'),
	);
});

test('nothing runs as root', () => {
	expect(valuesOf('USER')).toEqual(['node', 'node']);
	const stages = text.split(/^FROM /m).slice(1);
	for (const stage of stages)
		expect(stage.indexOf('USER node')).toBeLessThan(stage.search(/^(RUN|ENTRYPOINT)/m));
});

test('what is copied exists, and .dockerignore lets it through', () => {
	const copied = instructions
		.filter(
			(one): one is Copy =>
				one instanceof Copy && !one.getFlags().some((flag) => flag.getName() === 'from'),
		)
		.flatMap((copy) =>
			copy
				.getArguments()
				.slice(0, -1)
				.map((source) => source.getValue()),
		);
	expect(copied.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
	const ignored = read('deploy/Dockerfile.dockerignore')
		.split('\n')
		.filter((line) => line !== '' && !line.startsWith('#'));
	expect(ignored[0]).toBe('*');
	expect(
		ignored
			.slice(1)
			.map((line) => line.replace(/^!/, ''))
			.sort(),
	).toEqual(copied.sort());
});

test("the link to the package is made before n8n's own entrypoint", () => {
	const [entrypoint] = instructions.filter((one): one is Entrypoint => one instanceof Entrypoint);
	expect(JSON.parse(entrypoint!.getArgumentsContent()!)).toEqual([
		'tini',
		'--',
		'sh',
		'/opt/n8n-nodes-cynet/link-package.sh',
		'/docker-entrypoint.sh',
	]);
});
