import { createHash } from 'crypto';

const RADIX = 36;

/** A number as it is, any other id as eight characters of its hash. */
function short(id: number | string): string {
	if (typeof id === 'number') return id.toString(RADIX);
	return `=${createHash('sha256').update(id).digest('base64').slice(0, 8)}`;
}

/**
 * When each alert happened last, as far as it was handed over: a row with a later time is a new happening.
 * Only the newest are kept. For all others `floor` stands in, which is never below what was dropped.
 * Times in milliseconds since the epoch.
 */
export class Marks {
	private constructor(
		private readonly times: Map<string, number>,
		private floor: number,
	) {}

	/** Everything until `floor` is taken as handed over. */
	static from(floor: number): Marks {
		return new Marks(new Map(), Math.max(0, floor));
	}

	/** Reads what `pack` wrote; throws a RangeError on anything else. */
	static unpack(text: string): Marks {
		const [floor, ...entries] = text.split(',');
		const marks = Marks.from(time(floor));
		let last = marks.floor;
		for (const entry of entries) {
			const [id, difference] = entry.split(':');
			last += time(difference);
			marks.times.set(id!, last);
		}
		return marks;
	}

	/**
	 * At most `characters` long. What happened before `horizon`, and the oldest of what does not fit, is
	 * dropped for good.
	 */
	pack(horizon: number, characters: number): string {
		const oldestFirst = [...this.times].sort(([, a], [, b]) => a - b);
		const kept: string[] = [];
		let room = characters - 12;
		let i = oldestFirst.length;
		// Newest first, as long as there is room: an entry's length does not depend on the ones before it by more than its difference.
		while (i > 0) {
			const [id, at] = oldestFirst[i - 1]!;
			const difference = (at - Math.max(this.floor, oldestFirst[i - 2]?.[1] ?? this.floor)).toString(RADIX);
			room -= id.length + difference.length + 2;
			if (at < horizon || room < 0) break;
			kept.unshift(id);
			i--;
		}
		for (const [id, at] of oldestFirst.slice(0, i)) {
			this.times.delete(id);
			this.floor = Math.max(this.floor, at);
		}
		let last = this.floor;
		const entries = kept.map((id) => {
			const at = this.times.get(id)!;
			const entry = `${id}:${(at - last).toString(RADIX)}`;
			last = at;
			return entry;
		});
		return [this.floor.toString(RADIX), ...entries].join(',');
	}

	/** Whether this is later than all that is known of the alert. */
	isLater(id: number | string, at: number): boolean {
		return at > (this.times.get(short(id)) ?? this.floor);
	}

	set(id: number | string, at: number): void {
		if (at > this.floor && this.isLater(id, at)) this.times.set(short(id), at);
	}
}

function time(text: string | undefined): number {
	const value = /^[0-9a-z]+$/.test(text ?? '') ? Number.parseInt(text!, RADIX) : NaN;
	if (!Number.isSafeInteger(value)) throw new RangeError('A mark has no time');
	return value;
}
