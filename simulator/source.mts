/** How many alerts a source raises: on average `perMinute`, in bursts of `burst` alerts at one moment. */
interface Pace {
	perMinute: number;
	burst?: number;
}

const TICK = 100;

/** A steady or bursty source of alerts on the real clock. It never keeps the process alive. */
export class Source {
	private timer: NodeJS.Timeout | undefined;
	private current: Required<Pace> = { perMinute: 0, burst: 1 };

	/** @param raise raises so many alerts now */
	constructor(private readonly raise: (count: number) => void) {}

	get pace(): Readonly<Required<Pace>> {
		return this.current;
	}

	start({ perMinute, burst = 1 }: Pace): void {
		this.stop();
		if (perMinute <= 0) return;
		this.current = { perMinute, burst };
		let last = performance.now();
		let due = 0;
		this.timer = setInterval(() => {
			const now = performance.now();
			due += ((now - last) * perMinute) / 60_000;
			last = now;
			const count = Math.floor(due / burst) * burst;
			due -= count;
			if (count > 0) this.raise(count);
		}, TICK);
		this.timer.unref();
	}

	stop(): void {
		clearInterval(this.timer);
		this.current = { perMinute: 0, burst: 1 };
	}
}
