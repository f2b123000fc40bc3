import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Alerts of one site that are raised together. */
export interface Raise {
	readonly site: string;
	readonly count: number;
	readonly at: number;
	readonly spacingMs: number;
	readonly visibleAt: number;
}

export interface Counts {
	/** Without token exchanges. */
	requests: number;
	exchanges: number;
	rows: number;
	/** Of the simulator's thread; null where the system does not tell. */
	cpuSeconds: number | null;
}

export type Call =
	| { readonly name: 'raise'; readonly what: readonly Raise[] }
	| { readonly name: 'counts' };

export interface ThreadData {
	readonly memory: SharedArrayBuffer;
	readonly sites: readonly string[];
	readonly latencyMs: number;
}

/**
 * The simulator in a thread of its own, so that its heap is not taken for the package's, and a
 * virtual clock that both read.
 */
export class Cloud {
	private constructor(
		private readonly thread: Worker,
		private readonly time: BigInt64Array,
		readonly url: string,
	) {}

	/** @param latencyMs what each request adds to the virtual time */
	static async start(sites: readonly string[], latencyMs: number, now: number): Promise<Cloud> {
		const memory = new SharedArrayBuffer(8);
		const time = new BigInt64Array(memory);
		time[0] = BigInt(now);
		const workerData: ThreadData = { memory, sites, latencyMs };
		// A thread does not read TypeScript by itself.
		const load = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(new URL('./cloud-thread.mts', import.meta.url).href)}); })`;
		const thread = new Worker(load, { eval: true, workerData });
		return new Cloud(thread, time, await answerOf<string>(thread));
	}

	/** Milliseconds since the epoch, virtual. */
	get now(): number {
		return Number(Atomics.load(this.time, 0));
	}

	set now(at: number) {
		Atomics.store(this.time, 0, BigInt(at));
	}

	/** Raises alerts; the highest id of each site so far. */
	async raise(what: readonly Raise[]): Promise<number[]> {
		return await this.call<number[]>({ name: 'raise', what });
	}

	async counts(): Promise<Counts> {
		return await this.call<Counts>({ name: 'counts' });
	}

	async close(): Promise<void> {
		await this.thread.terminate();
	}

	private async call<Answer>(call: Call): Promise<Answer> {
		this.thread.postMessage(call);
		return await answerOf<Answer>(this.thread);
	}
}

/** Its next message; an error in the thread is thrown here. */
async function answerOf<Answer>(thread: Worker): Promise<Answer> {
	const [message] = (await once(thread, 'message')) as [Answer];
	return message;
}
