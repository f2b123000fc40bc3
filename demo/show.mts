import { setTimeout as wait } from 'node:timers/promises';
import type { N8n } from '../host/n8n.mts';
import { seconds } from '../host/progress.mts';
import type { Simulator } from '../simulator/simulator.mts';
import { balance, inWords, type Balance } from './balance.mts';
import type { Repairs } from './repair.mts';

const FIRST_LINE_MS = 20_000;
const MINUTE_MS = 60_000;
/** After `--minutes` the last alerts may still arrive. */
const DRAIN_MS = 90_000;
const STARTS_IN_A_ROW = 3;

/** The demo while it runs: a line a minute, and n8n started again whenever it ends. */
export class Show {
	private readonly start = performance.now();
	private over = false;
	private kills = 0;
	private repeated = 0;
	private handedOverTwice = 0;
	private mending = Promise.resolve();

	constructor(
		private readonly simulator: Simulator,
		private readonly n8n: N8n,
		private readonly repairs: Repairs,
	) {}

	/** Runs until stopped, or for so many minutes and until the last alerts have arrived. Throws if n8n does not start again. */
	async run(stopped: Promise<unknown>, minutes: number | null): Promise<void> {
		const lines = setTimeout(() => this.sayBalance(), FIRST_LINE_MS);
		const more = setInterval(() => this.sayBalance(), MINUTE_MS);
		const ended = minutes === null ? new Promise<never>(() => undefined) : wait(minutes * MINUTE_MS, undefined, { ref: false }).then(async () => await this.drain());
		try {
			await Promise.race([stopped, ended, this.watch()]);
		} finally {
			this.over = true;
			clearTimeout(lines);
			clearInterval(more);
		}
	}

	/** Prints the last line and returns the balance. */
	end(): Balance {
		this.simulator.source.stop();
		return this.sayBalance('at the end: ');
	}

	private say(text: string): void {
		const whole = Math.round((performance.now() - this.start) / 1000);
		const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
		console.log(`${clock}  ${text}`);
	}

	private sayBalance(before = ''): Balance {
		const counts = balance(this.simulator);
		const all = { ...counts, twice: counts.twice + this.handedOverTwice };
		this.say(`${before}${inWords(all)}${this.kills > 0 ? ` · n8n ended ${this.kills} × (${this.repeated} executions run again)` : ''}`);
		return all;
	}

	private async watch(): Promise<void> {
		for (;;) {
			const { code, signal } = await this.n8n.exited();
			if (this.over) return;
			this.kills++;
			this.say(`n8n has ended (${signal ?? `code ${code}`}): starting it again on the same folder …`);
			await this.repairs.note();
			await this.startAgain();
			// Meanwhile n8n may end again, and that must be seen at once.
			this.mending = this.mending.then(async () => await this.mend());
		}
	}

	private async startAgain(): Promise<void> {
		const start = performance.now();
		for (let tries = 1; ; tries++) {
			try {
				await this.n8n.start();
				this.say(`n8n runs again after ${seconds(start)}, as process ${this.n8n.pid}`);
				return;
			} catch (error) {
				if (this.over) return;
				if (tries === STARTS_IN_A_ROW) throw error;
				this.say('n8n ended while it was starting: starting it once more …');
			}
		}
	}

	private async mend(): Promise<void> {
		try {
			const { cut, whole, repeated, handedOverTwice } = await this.repairs.mend();
			this.repeated += repeated;
			this.handedOverTwice += handedOverTwice;
			if (cut === 0) return this.say('no execution was cut down');
			this.say(`executions cut down: ${cut}. ${whole} had delivered or were finished by n8n, ${repeated} run again with n8n's retry`);
		} catch (error) {
			if (!this.over) this.say(`the executions that were cut down are not mended yet: ${error instanceof Error ? error.message : String(error)}`);
		}
	}

	private async drain(): Promise<void> {
		this.simulator.source.stop();
		const end = performance.now() + DRAIN_MS;
		while (balance(this.simulator).pending > 0 && performance.now() < end) await wait(500);
		await this.mending;
	}
}
