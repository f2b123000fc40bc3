import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from './children.mts';

const READER = fileURLToPath(new URL('read-database.mjs', import.meta.url));

interface Waiting {
	readonly resolve: (result: unknown) => void;
	readonly reject: (error: Error) => void;
}

interface Child {
	readonly process: ChildProcessWithoutNullStreams;
	/** In the order of their tasks. */
	readonly waiting: Waiting[];
}

/**
 * Reads SQLite databases in a child with a Node that can. One child does all tasks: a process for
 * each would cost a tenth of a
 * second of processor time, and whoever waits for something asks five times a second. It does not
 * keep this process alive, and ends with it.
 */
export class Reader {
	private child: Child | null = null;

	/** @param node the program */
	constructor(private readonly node: string) {}

	/** What the child makes of a task. Throws with what it said if it cannot do it. */
	async read<T>(task: Readonly<Record<string, unknown>>): Promise<T> {
		const child = (this.child ??= this.start());
		hold(child, true);
		try {
			return await new Promise<T>((resolve, reject) => {
				child.waiting.push({ resolve: resolve as Waiting['resolve'], reject });
				child.process.stdin.write(`${JSON.stringify(task)}\n`);
			});
		} finally {
			if (child.waiting.length === 0) hold(child, false);
		}
	}

	private start(): Child {
		const process = spawn(this.node, ['--disable-warning=ExperimentalWarning', READER], {
			env: childEnvironment(),
			stdio: ['pipe', 'pipe', 'pipe'],
		});
		const child: Child = { process, waiting: [] };
		let said = '';
		process.stderr
			.setEncoding('utf8')
			.on('data', (text: string) => (said = (said + text).slice(-2000)));
		createInterface({ input: process.stdout }).on('line', (line) => {
			const { result, error } = JSON.parse(line) as { result?: unknown; error?: string };
			const next = child.waiting.shift();
			if (error === undefined) next?.resolve(result);
			else next?.reject(new Error(`n8n's database could not be read: ${error}`));
		});
		const gone = (reason: unknown): void => {
			if (this.child === child) this.child = null;
			for (const { reject } of child.waiting.splice(0))
				reject(new Error(`n8n's database could not be read: ${String(reason)} ${said}`));
		};
		process
			.once('error', gone)
			.once('close', (code) => gone(`the reader ended with code ${code}.`));
		// Its end is told by `close`; a write that comes too late must not end this process.
		process.stdin.on('error', () => undefined);
		return child;
	}
}

/** Whether an answer is awaited, for which this process stays alive. */
function hold({ process }: Child, held: boolean): void {
	// Pipes of a child are sockets, which its type does not tell.
	for (const part of [process, process.stdin, process.stdout, process.stderr] as ReadonlyArray<{
		ref?: () => unknown;
		unref?: () => unknown;
	}>) {
		if (held) part.ref?.();
		else part.unref?.();
	}
}
