import { setTimeout as wait } from 'node:timers/promises';
import type { N8n } from '../host/n8n.mts';
import { seconds } from '../host/progress.mts';
import { SETTLE_MS } from '../simulator/balance.mts';
import type { LineKind } from '../simulator/page-log.mts';
import type { Collector, CollectorState, Report, Simulator } from '../simulator/simulator.mts';
import { inWords } from './in-words.mts';
import type { Repairs } from './repair.mts';

const FIRST_LINE_MS = 20_000;
const MINUTE_MS = 60_000;
/** After `--minutes` the last alerts may still arrive. */
const DRAIN_MS = 90_000;
const STARTS_IN_A_ROW = 3;
const REPAIRS_IN_A_ROW = 3;

/** The demo while it runs: a line a minute, and n8n started again whenever it ends. The simulator's page shows it. */
export class Show implements Collector {
	/** Where a visitor finds the workflow. */
	url: string;
	private readonly start = performance.now();
	private begun = false;
	private over = false;
	private kills = 0;
	private repeated = 0;
	private emittedTwice = 0;
	private repairing = Promise.resolve();
	private toRepair = 0;
	private endedAt: number | null = null;
	private repairedAt = 0;

	constructor(
		private readonly simulator: Simulator,
		private readonly n8n: N8n,
		private readonly repairs: Repairs,
		private readonly signIn: string,
	) {
		this.url = n8n.url;
	}

	state(): CollectorState {
		const { n8n, kills, repeated, emittedTwice, url, signIn } = this;
		if (this.toRepair === 0 && Date.now() > this.repairedAt + SETTLE_MS) this.endedAt = null;
		return {
			name: 'n8n',
			version: n8n.installation.version,
			pid: n8n.pid,
			url,
			signIn,
			repeated,
			emittedTwice,
			phase: this.begun ? n8n.phase : 'starting',
			ended: kills,
			unsettledSince: this.endedAt,
		};
	}

	async kill(): Promise<void> {
		await this.n8n.kill();
	}

	/**
	 * Runs until stopped, or for so many minutes and until the last alerts have arrived. Throws if
	 * n8n does not start again.
	 */
	async run(stopped: Promise<unknown>, minutes: number | null): Promise<void> {
		this.begun = true;
		const lines = setTimeout(() => this.sayBalance(), FIRST_LINE_MS);
		const more = setInterval(() => this.sayBalance(), MINUTE_MS);
		const ended =
			minutes === null
				? new Promise<never>(() => undefined)
				: wait(minutes * MINUTE_MS, undefined, { ref: false }).then(async () => await this.drain());
		try {
			await Promise.race([stopped, ended, this.watch()]);
		} finally {
			this.over = true;
			clearTimeout(lines);
			clearInterval(more);
		}
	}

	/** Prints the last line and returns the balance. */
	end(): Report {
		this.simulator.source.stop();
		return this.sayBalance('at the end: ');
	}

	private say(text: string): void {
		const whole = Math.round((performance.now() - this.start) / 1000);
		const clock = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
			.map((part) => String(part).padStart(2, '0'))
			.join(':');
		console.log(`${clock}  ${text}`);
	}

	private tell(kind: LineKind, text: string, mark?: string): void {
		this.say(text);
		this.simulator.pageLog.add(kind, text, { mark });
	}

	private sayBalance(before = ''): Report {
		const all = this.simulator.balance();
		this.say(
			`${before}${inWords(all)}${this.kills > 0 ? ` · n8n ended ${this.kills} × (${this.repeated} executions run again)` : ''}`,
		);
		return all;
	}

	private async watch(): Promise<void> {
		for (;;) {
			const { code, signal } = await this.n8n.exited();
			if (this.over) return;
			this.kills++;
			this.toRepair++;
			this.endedAt ??= Date.now();
			this.tell(
				'trouble',
				`n8n has ended (${signal ?? `code ${code}`}). Starting it again on the same folder …`,
				'Ended',
			);
			await this.repairs.note();
			await this.startAgain();
			// Meanwhile n8n may end again, and that must be seen at once.
			this.repairing = this.repairing.then(async () => await this.repair());
		}
	}

	private async startAgain(): Promise<void> {
		const start = performance.now();
		for (let tries = 1; ; tries++) {
			try {
				await this.n8n.start();
				this.tell(
					'good',
					`n8n runs again after ${seconds(start)}, as process ${this.n8n.pid}.`,
					'Runs again',
				);
				return;
			} catch (error) {
				if (this.over) return;
				if (tries === STARTS_IN_A_ROW) throw error;
				this.tell('trouble', 'n8n ended while it was starting. Starting it once more …');
			}
		}
	}

	private async repair(): Promise<void> {
		for (let tries = 1; !this.over; tries++) {
			try {
				const { cut, whole, repeated, emittedTwice } = await this.repairs.repair();
				this.repeated += repeated;
				this.emittedTwice += emittedTwice;
				this.tell(
					'note',
					cut === 0
						? 'No execution was cut down.'
						: `Executions cut down: ${cut}. ${whole} had delivered or were finished by n8n, ${repeated} run again with n8n's retry.`,
				);
				break;
			} catch (error) {
				if (!this.over)
					this.tell(
						'trouble',
						`The executions that were cut down are not repaired yet: ${error instanceof Error ? error.message : String(error)}`,
					);
				// Killed once more, or tried enough: the next start repairs them too.
				if (this.n8n.phase !== 'running' || tries === REPAIRS_IN_A_ROW) break;
			}
		}
		this.toRepair--;
		this.repairedAt = Date.now();
	}

	private async drain(): Promise<void> {
		this.simulator.source.stop();
		const end = performance.now() + DRAIN_MS;
		while (this.simulator.balance().pending > 0 && performance.now() < end) await wait(500);
		await this.repairing;
	}
}
