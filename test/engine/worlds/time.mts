import { clock } from '../../../nodes/shared/clock.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** When each world begins. */
export const START = Date.UTC(2026, 4, 9, 12, 0, 0, 250);

/** An answer that has trickled for so long would trickle for ever. */
const LONGEST_ANSWER = 5 * MINUTE;

export const iso = (at: number) => new Date(at).toISOString().slice(5, 19);

let present: Time | null = null;
/** The simulator's clock: the present world's. */
export const worldNow = () => present?.now ?? START;

/** A world's time: true time, and what this machine's clock makes of it. */
export class Time {
	now = START;
	/** How far this machine's clock is ahead. */
	skew = 0;
	/** Requests that trickled for too long. */
	endless = 0;
	private limits: Array<{ readonly at: number; readonly over: () => void }> = [];
	private underWay = false;
	private trickledSince: number | null = null;

	/** The package's clock and chance are this world's from now on. */
	begin(): void {
		present = this;
		clock.now = () => this.now + this.skew;
		clock.ticks = () => this.now;
		clock.random = () => 0.5;
		clock.wait = async (ms) => void (this.now += ms);
		// Only an answer that trickles lets time pass while a request is under way: else a limit is never reached.
		clock.limit = async (ms) =>
			await new Promise<void>((resolve) => this.limits.push({ at: this.now + ms, over: resolve }));
	}

	/** While a poll runs; what trickles on afterwards is broken off. */
	async poll<T>(run: () => Promise<T>): Promise<T> {
		this.underWay = true;
		this.trickledSince = null;
		// What an earlier poll left under way has ended meanwhile.
		await this.passLimits();
		try {
			return await run();
		} finally {
			this.underWay = false;
		}
	}

	/** Between two requests. */
	request(): void {
		this.trickledSince = null;
		this.now += 200;
	}

	/** Between two bytes of an answer; false breaks it off. */
	async byte(ms: number): Promise<boolean> {
		if (!this.underWay) return false;
		this.trickledSince ??= this.now;
		this.now += ms;
		if (this.now - this.trickledSince > LONGEST_ANSWER) {
			this.endless++;
			return false;
		}
		await this.passLimits();
		return this.underWay;
	}

	private async passLimits(): Promise<void> {
		const over = this.limits.filter(({ at }) => at <= this.now);
		this.limits = this.limits.filter(({ at }) => at > this.now);
		for (const limit of over) limit.over();
		await new Promise((resolve) => setImmediate(resolve));
	}
}
