import { IdSet } from './id-set';
import { Marks } from './marks';
import { isTime } from './shape';
import { CLOCK_SLACK, DAY, MINUTE } from './time';

/** Characters that the known alerts of a site may take. */
const MOST_CHARACTERS = 30_000;

/**
 * Every alert of a site that was ever seen: numbers as ranges, anything else as marks, of which the
 * oldest are given up.
 */
export class KnownAlerts {
	private constructor(
		private ids: IdSet,
		private readonly keys: Marks,
		/** When the newest known alert was born, by the server's clock; null before the first. */
		private newest: number | null,
	) {}

	static none(): KnownAlerts {
		return new KnownAlerts(IdSet.empty(), Marks.from(0, MINUTE), null);
	}

	/** Reads what `pack` wrote; throws a RangeError on anything else. */
	static unpack({ ids, keys, newest }: PackedKnownAlerts): KnownAlerts {
		return new KnownAlerts(IdSet.unpack(ids), Marks.unpack(keys, MINUTE), newest);
	}

	/**
	 * At most 30,000 characters. What does not fit is given up oldest first.
	 * @param horizon keys of alerts born before this server time are forgotten
	 */
	pack(horizon: number): PackedKnownAlerts {
		let ids = this.ids.pack();
		while (ids.length > MOST_CHARACTERS) {
			const { ranges } = this.ids;
			const surplus = Math.floor(ranges * (1 - MOST_CHARACTERS / ids.length));
			this.ids.shrinkTo(ranges - Math.max(1, surplus));
			ids = this.ids.pack();
		}
		return {
			ids,
			keys: this.keys.pack(horizon, MOST_CHARACTERS - ids.length),
			newest: this.newest,
		};
	}

	has(id: number | string, bornAt: number | null): boolean {
		if (typeof id === 'number') return this.ids.has(id);
		return this.keys.has(id) || (bornAt !== null && !this.keys.isLater(id, bornAt));
	}

	/**
	 * Remembers the alert; `serverTime` is null where the server does not say. All times in
	 * milliseconds since the epoch.
	 */
	add(id: number | string, bornAt: number | null, serverTime: number | null): void {
		// A date in the future counts as now: left out, it would look like a new count of ids once its
		// time has come.
		const born = isTime(bornAt) ? Math.min(bornAt!, serverTime ?? bornAt!) : null;
		// The highest id without a date counts as now, too: else alerts that are listed behind it would
		// look too young for their numbers.
		const isHighest = typeof id === 'number' && id > this.ids.highest;
		const latest = born ?? (isHighest ? serverTime : null);
		if (typeof id === 'number') this.ids.add(id);
		else if (born === null) this.keys.remember(id, serverTime ?? 0);
		else this.keys.set(id, born);
		if (latest !== null) this.newest = Math.max(this.newest ?? latest, latest);
	}

	/**
	 * Ids grow, so an alert born a day after the newest known one, yet with an id not above the highest,
	 * means that the server began to count again. Forgets the old ids then.
	 * @returns when the newest alert of the old count was born, or null when nothing was forgotten
	 */
	startOver(id: number | string, bornAt: number | null, serverTime: number | null): number | null {
		const { newest } = this;
		if (typeof id !== 'number' || bornAt === null || serverTime === null || newest === null)
			return null;
		if (id > this.ids.highest || bornAt <= newest + DAY || bornAt > serverTime + CLOCK_SLACK)
			return null;
		this.ids = IdSet.empty();
		return newest;
	}
}

export interface PackedKnownAlerts {
	readonly ids: string;
	readonly keys: string;
	readonly newest: number | null;
}
