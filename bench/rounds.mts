/** Something to be timed: makes ready what does not count, and returns what does. */
export type Contestant = () => () => Promise<unknown>;

/** Milliseconds. */
export interface Time {
	readonly wall: number;
	/** Of the processor, in all threads of this process. */
	readonly cpu: number;
}

export interface Spread {
	readonly median: number;
	/** Between them lies the middle half. */
	readonly low: number;
	readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
	const sorted = [...values].sort((a, b) => a - b);
	const at = (share: number): number => {
		const place = share * (sorted.length - 1);
		const below = sorted[Math.floor(place)]!;
		return below + (sorted[Math.ceil(place)]! - below) * (place % 1);
	};
	return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Rounds whose times are not taken: until then code is compiled and caches fill. */
const WARM_UP = 3;

/** The times of the contestants, round by round: each runs once a round, in turn forwards and backwards. */
export async function timeRounds<Name extends string>(
	rounds: number,
	contestants: Readonly<Record<Name, Contestant>>,
): Promise<Record<Name, Time>[]> {
	const names = Object.keys(contestants) as Name[];
	const timed: Record<Name, Time>[] = [];
	for (let round = -WARM_UP; round < rounds; round++) {
		const times = {} as Record<Name, Time>;
		for (const name of round % 2 === 0 ? names : [...names].reverse())
			times[name] = await timeOf(contestants[name]());
		if (round >= 0) timed.push(times);
	}
	return timed;
}

async function timeOf(work: () => Promise<unknown>): Promise<Time> {
	collectGarbage();
	const start = performance.now();
	const cpuBefore = process.cpuUsage();
	const result = await work();
	const { user, system } = process.cpuUsage(cpuBefore);
	const wall = performance.now() - start;
	// Until here it is kept, as a caller would keep it.
	void result;
	return { wall, cpu: (user + system) / 1000 };
}

/** How many times as long one takes as the other, over the rounds. */
export function ratio<Name extends string>(
	rounds: readonly Record<Name, Time>[],
	one: Name,
	other: Name,
	kind: keyof Time = 'wall',
): Spread {
	return spreadOf(rounds.map((times) => times[one][kind] / times[other][kind]));
}

/** Nobody's garbage is to be swept up in another's time. */
export function collectGarbage(): void {
	if (!globalThis.gc) throw new Error('Start it with npm run bench: node needs --expose-gc');
	globalThis.gc();
}
