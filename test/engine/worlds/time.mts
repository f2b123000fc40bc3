import { clock } from '../../../nodes/shared/clock.ts';
import type { RequestRecord, Simulator } from '../../../simulator/simulator.mts';
import { VirtualNetwork } from '../virtual-network.mts';

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
	/** How long each request takes, one after the other. */
	latencies: readonly number[] = [200];
	private asked = 0;
	private readonly network = new VirtualNetwork(
		this,
		() => this.latencies[this.asked++ % this.latencies.length] as number,
	);
	private underWay = false;

	/** The package's clock and chance are this world's from now on. */
	begin(simulator: Simulator): void {
		present = this;
		this.network.join(simulator);
		clock.now = () => this.now + this.skew;
		clock.ticks = () => this.now;
		clock.random = () => 0.5;
		clock.wait = async (ms) => await this.network.wait(ms);
		clock.limit = async (ms) => await this.network.limit(ms);
	}

	/** While a poll runs; what trickles on afterwards is broken off. */
	async poll<T>(run: () => Promise<T>): Promise<T> {
		this.underWay = true;
		try {
			return await this.network.run(run());
		} finally {
			this.underWay = false;
		}
	}

	/** A request is answered. */
	answering(record: RequestRecord): void {
		this.network.answering(record);
	}

	/** Between two bytes of an answer; false breaks it off. */
	async byte(ms: number, sent: number): Promise<boolean> {
		if (!this.underWay) return false;
		if (ms * sent > LONGEST_ANSWER) {
			this.endless++;
			return false;
		}
		await this.network.byte(ms);
		return this.underWay;
	}
}
