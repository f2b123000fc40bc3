import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PROJECT, manifest } from '../built.mts';
import type { Chapter } from '../figure.mts';
import { atMost, count, kilobytes, milliseconds, told } from '../figure.mts';
import { spreadOf, type Spread } from '../rounds.mts';

const run = promisify(execFile);

const LOAD_LIMIT_MS = 30;
const PACKED_LIMIT = 150 * 1024;
const ROUNDS = 15;

/** What the package costs before it does anything. */
export async function size(): Promise<Chapter> {
	const { nodes, credentials } = manifest.n8n;
	const { cpu, wall, whole } = await loadTimes([...nodes, ...credentials]);
	return {
		title: 'Installing and loading',
		figures: [
			atMost(
				`Loading the package (node files: ${nodes.length}, credential files: ${credentials.length}), processor time`,
				cpu.median,
				LOAD_LIMIT_MS,
				milliseconds,
			),
			told('… by the clock', range(wall)),
			told('… by the clock, a whole process with it against one without it', range(whole)),
			atMost('Packed size', await packedSize(), PACKED_LIMIT, kilobytes),
			atMost('Run-time dependencies', Object.keys(manifest.dependencies ?? {}).length, 0, count),
		],
		notes: [
			`Measured: fresh Node processes that load \`n8n-workflow\`, as n8n has it loaded already, with and without the package after it, in turn, ${ROUNDS} of each; the median of the differences, and the middle half of the rounds. The promise is judged by processor time: by the clock, other work on the machine is in it too, and the start of a whole process takes many times the difference.`,
			'The packed size is that of `npm pack`.',
		],
	};
}

const range = ({ median, low, high }: Spread): string =>
	`${milliseconds(median)} (${low.toFixed(1)} to ${high.toFixed(1)})`;

/** Milliseconds. */
interface Load {
	/** From after `n8n-workflow` to the end, of the processor and by the clock. */
	readonly cpu: number;
	readonly wall: number;
	/** From the start of the process to its end, by the clock. */
	readonly whole: number;
}

async function loadTimes(files: readonly string[]): Promise<Record<keyof Load, Spread>> {
	const requires = files.map((file) => `require(${JSON.stringify(PROJECT + file)});`).join(' ');
	const differences: Load[] = [];
	for (let round = -1; round < ROUNDS; round++) {
		// In turn, and not always the same one first.
		const early = round % 2 === 0 ? await load(requires) : null;
		const without = await load('');
		const loaded = early ?? (await load(requires));
		if (round < 0) continue;
		differences.push({
			cpu: loaded.cpu - without.cpu,
			wall: loaded.wall - without.wall,
			whole: loaded.whole - without.whole,
		});
	}
	const spread = (kind: keyof Load): Spread =>
		spreadOf(differences.map((difference) => difference[kind]));
	return { cpu: spread('cpu'), wall: spread('wall'), whole: spread('whole') };
}

async function load(requires: string): Promise<Load> {
	const script = `require('n8n-workflow');
		const cpuBefore = process.cpuUsage(), start = performance.now();
		${requires}
		const wall = performance.now() - start, { user, system } = process.cpuUsage(cpuBefore);
		process.stdout.write(JSON.stringify({ wall, cpu: (user + system) / 1000 }));`;
	const start = performance.now();
	const { stdout } = await run(process.execPath, ['-e', script], {
		cwd: PROJECT,
		env: { ...process.env, NODE_OPTIONS: '' },
		timeout: 60_000,
	});
	return { ...(JSON.parse(stdout) as Omit<Load, 'whole'>), whole: performance.now() - start };
}

async function packedSize(): Promise<number> {
	const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
		cwd: PROJECT,
		timeout: 120_000,
	});
	return (JSON.parse(stdout) as [{ size: number }])[0].size;
}
