/** Whatever fetches alerts from this simulator and runs beside it, as far as it lets itself be seen: the demo's n8n. */
export interface Collector {
	state(): CollectorState;
	/** kill -9. Resolves when it has ended. */
	kill(): Promise<void>;
}

export interface CollectorState {
	readonly name: string;
	readonly version: string;
	/** `starting` includes starting again. */
	readonly phase: 'starting' | 'running' | 'down';
	/** Null while it is down. */
	readonly pid: number | null;
	/** Where its people look at it. */
	readonly url: string;
	/** What to sign in with, where that is no secret; else null. */
	readonly signIn: string | null;
	/** How often it has ended and was started again. */
	readonly ended: number;
	/** Executions that were cut down and were run again. */
	readonly repeated: number;
	/** Alerts that it emitted to more than one execution, beyond what the ledger can see. */
	readonly emittedTwice: number;
	/**
	 * Null while all is as usual; else when it ended. What had not arrived by then is waiting, not
	 * lost, until it has had time to deliver it.
	 */
	readonly unsettledSince: number | null;
}
