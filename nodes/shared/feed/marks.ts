import { createHash } from 'crypto';

const RADIX = 36;

/** Before the hash of a stamp. */
const STAMP = '@';

/** Eight characters (48 bits): enough to tell a few thousand apart. */
const hash = (text: string): string =>
	createHash('sha256').update(text).digest('base64').slice(0, 8);

/** A number as it is, any other id as its hash. */
const short = (id: number | string): string =>
	typeof id === 'number' ? id.toString(RADIX) : `=${hash(id)}`;

/**
 * A time for each of the alerts that were emitted or seen last: of its last recurrence or change,
 * or of its birth where it has
 * no number. Only the newest are kept. For all others `floor` stands in, which is never below what was dropped.
 * Times in milliseconds since the epoch, rounded up to the unit.
 */
export class Marks {
	private constructor(
		private readonly times: Map<string, number>,
		private floor: number,
		private readonly unit: number,
	) {}

	/** Everything until `floor` counts as known. */
	static from(floor: number, unit = 1): Marks {
		return new Marks(new Map(), Math.ceil(Math.max(0, floor) / unit), unit);
	}

	/** Reads what `pack` wrote; throws a RangeError on anything else. */
	static unpack(text: string, unit = 1): Marks {
		const [floor, ...entries] = text.split(',');
		const marks = new Marks(new Map(), time(floor), unit);
		let last = marks.floor;
		for (const entry of entries) {
			const [id, difference] = entry.split(':');
			last += time(difference);
			marks.times.set(id!, last);
		}
		return marks;
	}

	/**
	 * At most `characters` long. What is from before `horizon`, and the oldest of what does not fit, is dropped for good.
	 */
	pack(horizon: number, characters: number): string {
		const oldestFirst = [...this.times].sort(([, a], [, b]) => a - b);
		const kept: string[] = [];
		let room = characters - 12;
		let i = oldestFirst.length;
		// Newest first, as long as there is room: an entry's length does not depend on the ones before
		// it by more than its difference.
		while (i > 0) {
			const [id, at] = oldestFirst[i - 1]!;
			const difference = (
				at - Math.max(this.floor, oldestFirst[i - 2]?.[1] ?? this.floor)
			).toString(RADIX);
			room -= id.length + difference.length + 2;
			if (at * this.unit < horizon || room < 0) break;
			kept.push(id);
			i--;
		}
		for (const [id, at] of oldestFirst.slice(0, i)) {
			this.times.delete(id);
			// A stamp that is forgotten may count twice, but silences nothing.
			if (!id.startsWith(STAMP)) this.floor = Math.max(this.floor, at);
		}
		let last = this.floor;
		const entries = kept.reverse().map((id) => {
			const at = this.times.get(id)!;
			const entry = `${id}:${(at - last).toString(RADIX)}`;
			last = at;
			return entry;
		});
		return [this.floor.toString(RADIX), ...entries].join(',');
	}

	get size(): number {
		return this.times.size;
	}

	/** Whether there is a mark of its own. */
	has(id: number | string): boolean {
		return this.times.has(short(id));
	}

	/** Whether this time is later than all that is known of the alert. */
	isLater(id: number | string, at: number): boolean {
		return at > (this.times.get(short(id)) ?? this.floor) * this.unit;
	}

	/**
	 * Gives the alert a mark of its own in any case: with this time, a later one that it has, or the
	 * earliest that is kept.
	 */
	remember(id: number | string, at: number): void {
		const key = short(id);
		this.times.set(
			key,
			Math.max(Math.ceil(at / this.unit), this.floor + 1, this.times.get(key) ?? 0),
		);
	}

	/** Whether the alert was seen with this stamp, which is no time. */
	hasStamp(id: number | string, stamp: number): boolean {
		return this.times.has(`${STAMP}${hash(`${id}@${stamp}`)}`);
	}

	/** Remembers a stamp that is no time, until `until`. */
	rememberStamp(id: number | string, stamp: number, until: number): void {
		this.times.set(
			`${STAMP}${hash(`${id}@${stamp}`)}`,
			Math.max(Math.ceil(until / this.unit), this.floor + 1),
		);
	}

	set(id: number | string, at: number): void {
		if (at > this.floor * this.unit && this.isLater(id, at))
			this.times.set(short(id), Math.ceil(at / this.unit));
	}
}

function time(text: string | undefined): number {
	const value = /^[0-9a-z]+$/.test(text ?? '') ? Number.parseInt(text!, RADIX) : NaN;
	if (!Number.isSafeInteger(value)) throw new RangeError('A mark has no time');
	return value;
}
