import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/**
 * Left behind by npm, vitest and tsx; a child must not take them for its own. `NODE_ENV=test` alone
 * turns off half of n8n.
 */
const NOT_FOR_CHILDREN =
	/^(npm_(package|lifecycle|command|node|execpath)|npm_config_(ignore_scripts|local_prefix|prefix|node_gyp|noproxy)$|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$|VITEST|TEST$|N8N_)/i;

/** This process's environment without what belongs to this process alone. */
export function childEnvironment(more: Record<string, string> = {}): Record<string, string> {
	const own = Object.entries(process.env).filter(
		(entry): entry is [string, string] =>
			entry[1] !== undefined && !NOT_FOR_CHILDREN.test(entry[0]),
	);
	return { ...Object.fromEntries(own), ...more };
}

/** Starts a child as the leader of a process group, so that it can be ended together with its own children. */
export function spawnGroup(
	command: string,
	args: readonly string[],
	options: SpawnOptions,
): ChildProcess {
	return spawn(command, [...args], { ...options, detached: true });
}

/** Sends a signal to a whole process group; false if there is none any more. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
	try {
		process.kill(-leader, signal);
		return true;
	} catch {
		return false;
	}
}

interface Outcome {
	readonly code: number | null;
	/** The last lines of both outputs together. */
	readonly tail: string;
}

interface RunOptions extends SpawnOptions {
	readonly onLine?: (line: string) => void;
	/** Lines that the tail leaves out. */
	readonly isNoise?: (line: string) => boolean;
}

const TAIL_LINES = 40;

/** Runs a command to its end. It ends with this process: a signal to it goes to the whole group. */
export async function run(
	command: string,
	args: readonly string[],
	options: RunOptions = {},
): Promise<Outcome> {
	const { onLine, isNoise = () => false, ...spawnOptions } = options;
	const child = spawnGroup(command, args, {
		env: childEnvironment(),
		...spawnOptions,
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const end = (): void => void (child.pid && signalGroup(child.pid, 'SIGKILL'));
	process.once('exit', end);
	let lines: string[] = [];
	for (const stream of [child.stdout, child.stderr]) {
		let rest = '';
		stream
			?.setEncoding('utf8')
			.on('data', (text: string) => {
				const parts = (rest + text).split('\n');
				rest = parts.pop() ?? '';
				for (const line of parts) onLine?.(line);
				lines = [...lines, ...parts.filter((line) => !isNoise(line))].slice(-TAIL_LINES);
			})
			.on('end', () => {
				if (rest !== '') lines.push(rest);
			});
	}
	try {
		const code = await new Promise<number | null>((resolve, reject) =>
			child.once('error', reject).once('close', resolve),
		);
		return { code, tail: lines.join('\n') };
	} finally {
		process.off('exit', end);
	}
}
