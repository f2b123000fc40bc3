import { clock } from '../built.mts';
import { makeTrigger, type Trigger } from '../trigger.mts';
import type { Cloud } from './cloud.mts';

const MINUTE = 60_000;

interface Member {
	readonly trigger: Trigger;
	/** Virtual time at which its poll under way ends. */
	busyUntil: number;
}

/** All workflows of one main: each polls its share of the sites once a minute. */
export class Fleet {
	/** How long each poll took, in virtual milliseconds. */
	readonly pollTimes: number[] = [];
	/** Ticks that found the poll before still running. */
	skipped = 0;
	/** Polls that emitted something: one execution each. */
	executions = 0;
	emitted = 0;
	twice = 0;
	unknown = 0;
	private readonly seen = new Map<string, Uint8Array>();
	private readonly members: readonly Member[];

	constructor(
		private readonly cloud: Cloud,
		sites: readonly string[],
		{ workflows, pollBudgetMs }: { workflows: number; pollBudgetMs: number },
		/** The most ids that a site can have. */
		private readonly mostIds: number,
	) {
		clock.now = () => cloud.now;
		clock.wait = async (milliseconds) => void (cloud.now += milliseconds);
		this.members = Array.from({ length: workflows }, (_, number) => {
			const own = sites.filter(
				(_site, index) => Math.floor((index * workflows) / sites.length) === number,
			);
			return {
				trigger: makeTrigger({
					url: cloud.url,
					pollBudgetMs,
					options: { clientIds: own.join(',') },
					credential: { clientId: own[0]! },
				}),
				busyUntil: 0,
			};
		});
	}

	/**
	 * One tick of all. They poll at the same time: each begins at the same virtual moment. Returns
	 * what was emitted.
	 */
	async tick(first = false): Promise<number> {
		const start = this.cloud.now;
		const before = this.emitted;
		for (const member of this.members) {
			if (member.busyUntil > start) {
				this.skipped++;
				continue;
			}
			this.cloud.now = start;
			const items = await (first ? member.trigger.activate() : member.trigger.poll());
			member.busyUntil = this.cloud.now;
			this.pollTimes.push(this.cloud.now - start);
			if (items.length > 0) this.executions++;
			for (const { json } of items) this.count(String(json.clientId), Number(json.id));
		}
		this.cloud.now = start + MINUTE;
		return this.emitted - before;
	}

	/** How many of the ids up to the highest raised ones never came. */
	lost(highest: ReadonlyMap<string, number>): number {
		let lost = 0;
		for (const [site, last] of highest)
			for (let id = 1; id <= last; id++) if (this.seen.get(site)?.[id] !== 1) lost++;
		return lost;
	}

	/** The characters that n8n keeps of each workflow's static data. */
	stateSizes(): number[] {
		return this.members.map(({ trigger }) => JSON.stringify(trigger.host.saved).length);
	}

	private count(site: string, id: number): void {
		let seen = this.seen.get(site);
		if (!seen) this.seen.set(site, (seen = new Uint8Array(this.mostIds + 1)));
		if (!(id >= 1 && id <= this.mostIds)) this.unknown++;
		else if (seen[id] === 1) this.twice++;
		else seen[id] = 1;
		this.emitted++;
	}
}
