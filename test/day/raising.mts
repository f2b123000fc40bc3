import { setTimeout as wait } from 'node:timers/promises';
import type { Deployment } from './deployments.mts';

/** Alerts of a deployment a second, each at another site. */
const A_SECOND = 2;
const BURST = 100;
/** Sites at which a burst comes at once. */
const BURST_SITES = 3;

/** A part of the day. Alerts of the same part are compared. */
export type Part = 'calm' | 'sick' | 'kills';

export interface Raised {
	readonly key: string;
	readonly site: string;
	readonly at: number;
	readonly part: Part;
	/** Whether its time counts: of alerts that come at once, one does. */
	readonly isTimed: boolean;
}

/** Raises alerts at all sites, and knows when. */
export class Raising {
	readonly all: Raised[] = [];
	private turn = 0;

	constructor(private readonly deployments: readonly Deployment[]) {}

	/** Alerts all the time, with a burst in between, until the work is done. */
	async during(part: Part, work: Promise<unknown>): Promise<void> {
		let isOver = false;
		const over = work.finally(() => (isOver = true));
		// Whoever waits for the work is told of its failure below.
		over.catch(() => undefined);
		for (let second = 0; !isOver; second++) {
			for (const deployment of this.deployments) this.one(deployment, part, second);
			await Promise.race([wait(1000), over.catch(() => undefined)]);
		}
		await over;
	}

	private one(deployment: Deployment, part: Part, second: number): void {
		const sites = deployment.workflows.flat();
		for (let count = 0; count < A_SECOND; count++)
			this.raise(deployment, part, sites[this.turn++ % sites.length]!, 1);
		if (second === 20)
			for (const own of deployment.workflows.slice(0, BURST_SITES))
				this.raise(deployment, part, own[0]!, BURST);
	}

	private raise({ simulator }: Deployment, part: Part, site: string, count: number): void {
		const at = Date.now();
		const { firstId, lastId } = simulator.fill(count, { site });
		for (let id = firstId; id <= lastId; id++)
			this.all.push({ key: `cynet:${site}:${id}`, site, at, part, isTimed: id === firstId });
	}
}
