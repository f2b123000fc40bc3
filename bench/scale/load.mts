import { randomOf } from '../../simulator/data/random.mts';
import type { Raise } from './cloud.mts';

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;
/** A tenth of the sites raises half of the alerts. */
const BUSY_SHARE = 0.1;
const BUSY_ALERTS = 0.5;
/** One burst in so many is shown late, by up to so many minutes. */
const LATE_ONE_IN = 20;
const LATEST_MINUTES = 8;

/** What all sites raise, minute by minute; the same each time. */
export class Load {
	private readonly random = randomOf('load');
	private readonly perMinute: readonly number[];
	/** What was not a whole alert yet. */
	private readonly due: number[];

	constructor(
		private readonly sites: readonly string[],
		perDay: number,
	) {
		const busy = Math.max(1, Math.round(sites.length * BUSY_SHARE));
		const share = (index: number): number =>
			index % Math.round(1 / BUSY_SHARE) === 0
				? BUSY_ALERTS / busy
				: (1 - BUSY_ALERTS) / Math.max(1, sites.length - busy);
		this.perMinute = sites.map((_, index) => (share(index) * perDay) / DAY_MINUTES);
		this.due = sites.map(() => this.random.next());
	}

	/** The alerts of a day before that moment, evenly spread and shown at once. */
	dayBefore(now: number): Raise[] {
		return this.sites.map((site, index) => {
			const count = Math.max(1, Math.round(this.perMinute[index]! * DAY_MINUTES));
			return {
				site,
				count,
				at: now - DAY_MINUTES * MINUTE + MINUTE,
				spacingMs: Math.floor(((DAY_MINUTES - 2) * MINUTE) / count),
				visibleAt: now,
			};
		});
	}

	/** What is raised in the minute before that moment: bursts of one to five alerts. */
	minuteBefore(now: number): Raise[] {
		return this.sites.flatMap((site, index) => {
			this.due[index]! += this.perMinute[index]!;
			if (this.due[index]! < this.random.whole(1, 5)) return [];
			const count = Math.floor(this.due[index]!);
			this.due[index]! -= count;
			const at = now - this.random.whole(1, MINUTE);
			const late =
				this.random.whole(1, LATE_ONE_IN) === 1 ? this.random.whole(1, LATEST_MINUTES) * MINUTE : 0;
			return [{ site, count, at, spacingMs: 0, visibleAt: at + late }];
		});
	}
}
