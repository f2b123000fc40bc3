import { IdSet } from './id-set';
import { KeyList } from './key-list';

const DAY = 24 * 3600_000;
const CLOCK_SLACK = 60_000;

/** Characters that the known alerts of a site may take, and what one key takes at most. */
const MOST_CHARACTERS = 30_000;
const CHARACTERS_A_KEY = 11;

/** Every alert of a site that was ever seen: numbers as ranges, anything else in a list that forgets. */
export class KnownAlerts {
	private constructor(
		private ids: IdSet,
		private readonly keys: KeyList,
		/** When the newest known alert was born, by the server's clock; null before the first. */
		private newest: number | null,
	) {}

	static none(): KnownAlerts {
		return new KnownAlerts(IdSet.empty(), new KeyList(), null);
	}

	/** Reads what `pack` wrote; throws a RangeError on anything else. */
	static unpack({ ids, keys, newest }: PackedKnownAlerts): KnownAlerts {
		return new KnownAlerts(IdSet.unpack(ids), KeyList.unpack(keys), newest);
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
		this.keys.forget(horizon, Math.floor((MOST_CHARACTERS - ids.length) / CHARACTERS_A_KEY));
		return { ids, keys: this.keys.pack(), newest: this.newest };
	}

	has(id: number | string, bornAt: number | null): boolean {
		return typeof id === 'number' ? this.ids.has(id) : this.keys.has(id, bornAt);
	}

	/** Remembers the alert; `serverTime` is null where the server does not say. All times in milliseconds since the epoch. */
	add(id: number | string, bornAt: number | null, serverTime: number | null): void {
		// A date in the future counts as now: left out, it would look like a new count of ids once its time has come.
		const born = bornAt === null ? null : Math.min(bornAt, serverTime ?? bornAt);
		if (typeof id === 'number') this.ids.add(id);
		else this.keys.add(id, born ?? serverTime ?? 0);
		if (born === null) return;
		this.newest = Math.max(this.newest ?? born, born);
	}

	/**
	 * Ids grow, so an alert born a day after the newest known one, yet with an id not above the highest,
	 * means that the server began to count again. Forgets the old ids then.
	 * @returns when the newest alert of the old count was born, or null when nothing was forgotten
	 */
	startOver(id: number | string, bornAt: number | null, serverTime: number | null): number | null {
		const { newest } = this;
		if (typeof id !== 'number' || bornAt === null || serverTime === null || newest === null) return null;
		if (id > this.ids.highest || bornAt <= newest + DAY || bornAt > serverTime + CLOCK_SLACK) return null;
		this.ids = IdSet.empty();
		return newest;
	}
}

export interface PackedKnownAlerts {
	readonly ids: string;
	readonly keys: string;
	readonly newest: number | null;
}
