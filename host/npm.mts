import { delimiter } from 'node:path';
import { childEnvironment, run } from './children.mts';

/** What went wrong, found in npm's output, and what to do about it. */
const REMEDIES: ReadonlyArray<readonly [sign: RegExp, remedy: string]> = [
	[
		/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|network/i,
		'npm cannot reach its registry. Check the network connection, and proxy or registry in "npm config list".',
	],
	[/ENOSPC|no space left/i, 'The disk is full. Free about 5 GB and start again.'],
	[
		/E40[134]|ETARGET|No matching version/,
		'The registry does not have a version that is needed. Check "npm config get registry".',
	],
	[
		/gyp ERR|not found: make|g\+\+|python/i,
		'A native module did not compile. Install a C++ compiler, make and Python 3 (Debian, Ubuntu: apt-get install -y g++ make python3; macOS: xcode-select --install) and start again.',
	],
];

interface NpmOptions {
	readonly cwd: string;
	/** Folders to search for programs first. */
	readonly path?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Called for each answer of the registry: for minutes there is nothing else to be seen of an installation. */
	readonly onFetch?: () => void;
}

const isFetch = (line: string): boolean => line.startsWith('npm http ');

/** Runs npm in a folder. Throws with npm's last lines and a remedy if it fails. */
export async function npm(args: readonly string[], options: NpmOptions): Promise<string> {
	const { cwd, path = [], env = {}, onFetch } = options;
	const PATH = [...path, process.env.PATH ?? ''].join(delimiter);
	const { code, tail } = await run('npm', onFetch ? [...args, '--loglevel=http'] : args, {
		cwd,
		env: childEnvironment({ ...env, PATH }),
		isNoise: isFetch,
		onLine: (line) => isFetch(line) && onFetch?.(),
	});
	if (code === 0) return tail;
	const remedy =
		REMEDIES.find(([sign]) => sign.test(tail))?.[1] ??
		'Start again; if it fails at the same place, read the lines above.';
	throw new Error(`npm ${args.join(' ')} did not succeed.\n${tail}\n${remedy}`);
}
