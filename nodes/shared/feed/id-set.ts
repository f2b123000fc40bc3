import { decode, encode } from './varint';

/**
 * The ids that were seen, as ranges. The vendor numbers a site's alerts one after the other, so a million
 * of them are a handful of ranges, and an alert that comes back after months is still known.
 */
export class IdSet {
	/** First and last id of each range, ascending, with at least one missing id between two ranges. */
	private constructor(
		private readonly first: number[],
		private readonly last: number[],
	) {}

	static empty(): IdSet {
		return new IdSet([], []);
	}

	/** Reads what `pack` wrote; throws a RangeError on anything else. */
	static unpack(text: string): IdSet {
		const numbers = decode(text);
		if (numbers.length % 2 !== 0) throw new RangeError('A range has no end');
		const set = IdSet.empty();
		let previous = -2;
		for (let i = 0; i < numbers.length; i += 2) {
			const first = previous + 2 + numbers[i]!;
			previous = first + numbers[i + 1]!;
			if (!Number.isSafeInteger(previous)) throw new RangeError('An id is too large');
			set.first.push(first);
			set.last.push(previous);
		}
		return set;
	}

	/** Distance to the previous range and length of each range, as text. */
	pack(): string {
		const numbers: number[] = [];
		let previous = -2;
		this.first.forEach((first, i) => {
			const last = this.last[i]!;
			numbers.push(first - previous - 2, last - first);
			previous = last;
		});
		return encode(numbers);
	}

	/** The highest id, -1 when there is none. */
	get highest(): number {
		return this.last[this.last.length - 1] ?? -1;
	}

	get ranges(): number {
		return this.first.length;
	}

	has(id: number): boolean {
		const i = this.rangeFrom(id);
		return i >= 0 && id <= this.last[i]!;
	}

	add(id: number): void {
		const i = this.rangeFrom(id);
		if (i >= 0 && id <= this.last[i]!) return;
		const joinsLeft = i >= 0 && this.last[i] === id - 1;
		const joinsRight = this.first[i + 1] === id + 1;
		if (joinsLeft && joinsRight) {
			this.last.splice(i, 2, this.last[i + 1]!);
			this.first.splice(i + 1, 1);
		} else if (joinsLeft) {
			this.last[i] = id;
		} else if (joinsRight) {
			this.first[i + 1] = id;
		} else {
			this.first.splice(i + 1, 0, id);
			this.last.splice(i + 1, 0, id);
		}
	}

	/**
	 * Closes the oldest gaps until at most `count` ranges are left: ids that never came, and that are the
	 * least likely still to come, count as seen from then on.
	 */
	shrinkTo(count: number): void {
		const surplus = this.ranges - Math.max(1, count);
		if (surplus <= 0) return;
		this.first.splice(1, surplus);
		this.last.splice(0, surplus);
	}

	/** Index of the last range that begins at or below the id, -1 when there is none. */
	private rangeFrom(id: number): number {
		let low = 0;
		let high = this.first.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			if (this.first[middle]! <= id) low = middle + 1;
			else high = middle;
		}
		return low - 1;
	}
}
