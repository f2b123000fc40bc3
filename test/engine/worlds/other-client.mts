import type { Simulator } from '../../../simulator/simulator.mts';
import { MINUTE, START } from './time.mts';

/**
 * Another client with the same keys: it polls too, logs in now and then, and three times in four
 * again as soon as it was locked out.
 */
export class OtherClient {
	private lastLogin = START;
	private logins = 0;
	private readonly every: number;

	constructor(
		private readonly simulator: Simulator,
		way: number,
	) {
		this.every = [MINUTE, 5 * MINUTE, 20 * MINUTE][way % 3] as number;
	}

	/** A request of the trigger is about to be answered. */
	meanwhile(now: number): void {
		if (now - this.lastLogin < this.every) return;
		this.simulator.logInElsewhere();
		const again = ++this.logins % 4 !== 0;
		this.lastLogin = again ? now - this.every + 300 : now;
	}
}
