/** How long alerts took from the moment at which the API showed them to their delivery; milliseconds. */
export interface Spread {
	readonly count: number;
	/** Null where there is none. */
	readonly median: number | null;
	readonly p95: number | null;
	readonly longest: number | null;
}

export interface LatencyFigures extends Spread {
	/** How far back they go. */
	readonly windowMs: number;
	/** The same for each stretch of time in which alerts were delivered, oldest first; `at` is where it begins. */
	readonly steps: ReadonlyArray<Spread & { readonly at: number }>;
}

interface Sample {
	readonly at: number;
	readonly took: number;
}

const WINDOW_MS = 15 * 60_000;
const STEP_MS = 10_000;
/** The newest deliveries that figures are made of, even if more fall into the window. */
const KEPT = 20_000;

/** The latencies of the newest deliveries. */
export class Latency {
	private samples: Sample[] = [];

	note(at: number, took: number): void {
		this.samples.push({ at, took });
		if (this.samples.length >= 2 * KEPT) this.samples.splice(0, KEPT);
	}

	figures(now: number): LatencyFigures {
		const recent = this.samples.slice(-KEPT).filter(({ at }) => at > now - WINDOW_MS);
		const steps = new Map<number, Sample[]>();
		for (const sample of recent) {
			const step = Math.floor(sample.at / STEP_MS) * STEP_MS;
			const others = steps.get(step);
			if (others) others.push(sample);
			else steps.set(step, [sample]);
		}
		return {
			windowMs: WINDOW_MS,
			...spreadOf(tookOf(recent)),
			steps: [...steps].map(([at, samples]) => ({ at, ...spreadOf(tookOf(samples)) })),
		};
	}
}

const tookOf = (samples: readonly Sample[]): number[] => samples.map(({ took }) => took);

export function spreadOf(took: readonly number[]): Spread {
	const sorted = [...took].sort((a, b) => a - b);
	/** The smallest value that so many of all do not exceed (nearest rank). */
	const rank = (share: number): number | null =>
		sorted[Math.ceil(share * sorted.length) - 1] ?? null;
	return {
		count: sorted.length,
		median: rank(0.5),
		p95: rank(0.95),
		longest: sorted.at(-1) ?? null,
	};
}
