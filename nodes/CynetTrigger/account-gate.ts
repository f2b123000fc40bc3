import type { Gate } from '../shared/api/gate';
import { clock } from '../shared/clock';

/** By account: until when the server asked to be left alone, by `clock.ticks`. */
const notBefore = new Map<string, number>();

/** What all requests of a poll pass: a wait that one is told holds up every other of the account. */
export class AccountGate implements Gate {
	/**
	 * @param account whom the server knows the requests by
	 * @param goesOn whether the poll still counts
	 */
	constructor(
		private readonly account: string,
		private readonly goesOn: () => boolean,
	) {}

	/** Whether the account is to be left alone now. */
	get isClosed(): boolean {
		return this.left > 0;
	}

	close(milliseconds: number): void {
		if (milliseconds > this.left) notBefore.set(this.account, clock.ticks() + milliseconds);
	}

	async pass(deadline: number): Promise<boolean> {
		// While one waits, another may be told to wait longer.
		while (this.goesOn() && this.isClosed && clock.ticks() + this.left < deadline)
			await clock.wait(this.left);
		return this.goesOn() && !this.isClosed;
	}

	private get left(): number {
		return (notBefore.get(this.account) ?? -Infinity) - clock.ticks();
	}
}
