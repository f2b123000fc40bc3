import { cp, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, delimiter, join, resolve } from 'node:path';
import { Copy, DockerfileParser, Entrypoint, From } from 'dockerfile-ast';
import { childEnvironment, run } from '../../host/children.mts';
import type { Installation } from '../../host/install.mts';
import { PROJECT } from '../../host/paths.mts';

/** What n8n's image sets, as far as it changes what a build does. */
const BASE_ENVIRONMENT = { NODE_ENV: 'production' };
const HOME = '/home/node';

interface Stage {
	readonly name: string | null;
	/** Stands for the root of its file system. */
	readonly folder: string;
	workdir: string;
	entrypoint: readonly string[];
}

/**
 * Carries out a Dockerfile without Docker: each stage is a folder, COPY copies, and each RUN runs
 * in its folder with the
 * Node that runs n8n. Users and the file system of the base image are not there. Returns the last stage.
 */
export async function buildImage(
	dockerfile: string,
	{ nodeFolder }: Installation,
	folder: string,
): Promise<Stage> {
	await rm(folder, { recursive: true, force: true });
	const stages: Stage[] = [];
	for (const instruction of DockerfileParser.parse(
		await readFile(dockerfile, 'utf8'),
	).getInstructions()) {
		const keyword = instruction.getKeyword();
		const content = instruction.getArgumentsContent() ?? '';
		const stage = stages.at(-1)!;
		if (instruction instanceof From) {
			const made = {
				name: instruction.getBuildStage(),
				folder: join(folder, `stage-${stages.length}`),
				workdir: HOME,
				entrypoint: [],
			};
			stages.push(made);
			await mkdir(join(made.folder, HOME), { recursive: true });
		} else if (keyword === 'WORKDIR') {
			stage.workdir = resolve(stage.workdir, content);
			await mkdir(join(stage.folder, stage.workdir), { recursive: true });
		} else if (instruction instanceof Copy) await copy(instruction, stage, stages);
		else if (keyword === 'RUN') {
			const PATH = [nodeFolder, process.env.PATH ?? ''].join(delimiter);
			const { code, tail } = await run('sh', ['-c', content], {
				cwd: join(stage.folder, stage.workdir),
				env: childEnvironment({ ...BASE_ENVIRONMENT, HOME: join(stage.folder, HOME), PATH }),
			});
			if (code !== 0) throw new Error(`RUN ${content} ended with code ${code}:\n${tail}`);
		} else if (instruction instanceof Entrypoint)
			stage.entrypoint = JSON.parse(content) as string[];
		else if (keyword !== 'ARG' && keyword !== 'USER')
			throw new Error(
				`${keyword} is not carried out here yet: add it, or leave it out of the Dockerfile`,
			);
	}
	return stages.at(-1)!;
}

async function copy(instruction: Copy, stage: Stage, stages: readonly Stage[]): Promise<void> {
	const from = instruction
		.getFlags()
		.find((flag) => flag.getName() === 'from')
		?.getValue();
	const source = from === undefined ? PROJECT : stages.find(({ name }) => name === from)!.folder;
	const paths = instruction.getArguments().map((path) => path.getValue());
	const target = paths.pop()!;
	const into = join(stage.folder, resolve(stage.workdir, target));
	for (const path of paths) {
		const isFolder = (await stat(join(source, path))).isDirectory();
		await cp(
			join(source, path),
			!isFolder && target.endsWith('/') ? join(into, basename(path)) : into,
			{ recursive: true },
		);
	}
}

/** What a container of the image starts as, with this in place of the base image's entrypoint. */
export function startCommand({ folder, entrypoint }: Stage, instead: readonly string[]): string[] {
	const [init, end, ...command] = entrypoint;
	if (init !== 'tini' || end !== '--' || command.pop() !== '/docker-entrypoint.sh')
		throw new Error(`The image starts in another way than n8n's: ${entrypoint.join(' ')}`);
	return [...command.map((word) => (word.startsWith('/') ? join(folder, word) : word)), ...instead];
}
