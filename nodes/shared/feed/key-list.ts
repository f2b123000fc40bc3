import { createHash } from 'crypto';
import { decode, encode } from './varint';

const HASH_LENGTH = 8;
const MINUTE = 60_000;

/** Eight characters (48 bits) of a key: enough to tell a few thousand keys apart. */
function short(key: string): string {
	return createHash('sha256').update(key).digest('base64').slice(0, HASH_LENGTH);
}

/**
 * The keys that were seen of alerts without a numeric id, each with the time of its birth (or, without one, of the last
 * sight of it). Such keys do not form ranges, so this list forgets: `forgottenUntil` is the newest time among what
 * it forgot, and an alert that was born before it counts as seen.
 */
export class KeyList {
	private readonly times = new Map<string, number>();

	/** Milliseconds since the epoch; 0 while nothing was forgotten. */
	forgottenUntil = 0;

	/** Reads what `pack` wrote; throws a RangeError on anything else. */
	static unpack(text: string): KeyList {
		const list = new KeyList();
		const [forgotten, hashes, minutes, ...more] = text.split('.');
		const until = decode(forgotten!);
		if (minutes === undefined || more.length > 0 || until.length !== 1) throw new RangeError('The list of keys is cut off');
		list.forgottenUntil = until[0]! * MINUTE;
		const differences = decode(minutes);
		if (hashes!.length !== differences.length * HASH_LENGTH) throw new RangeError('A key is cut off');
		let time = 0;
		differences.forEach((difference, i) => {
			time += difference;
			list.times.set(hashes!.slice(i * HASH_LENGTH, (i + 1) * HASH_LENGTH), time * MINUTE);
		});
		return list;
	}

	/** Oldest first: when it was forgotten last, the keys, the minutes between them. Rounded up, so that what is forgotten later on counts as seen. */
	pack(): string {
		const entries = this.oldestFirst();
		let previous = 0;
		const minutes = entries.map(([, time]) => {
			const minute = Math.ceil(time / MINUTE);
			const difference = minute - previous;
			previous = minute;
			return difference;
		});
		const forgotten = encode([Math.ceil(this.forgottenUntil / MINUTE)]);
		return `${forgotten}.${entries.map(([hash]) => hash).join('')}.${encode(minutes)}`;
	}

	get size(): number {
		return this.times.size;
	}

	/** Whether the key was seen, or must be taken as seen: born (milliseconds, null = not known) before what was forgotten. */
	has(key: string, bornAt: number | null): boolean {
		if (this.times.has(short(key))) return true;
		return bornAt !== null && bornAt <= this.forgottenUntil;
	}

	/** Remembers the key with that time, or the later one where it has one. */
	add(key: string, time: number): void {
		const hash = short(key);
		this.times.set(hash, Math.max(time, this.times.get(hash) ?? 0));
	}

	/** Forgets what is from before `time`, and the oldest beyond `count` keys. */
	forget(time: number, count: number): void {
		const entries = this.oldestFirst();
		entries.forEach(([hash, from], i) => {
			if (from >= time && entries.length - i <= count) return;
			this.times.delete(hash);
			this.forgottenUntil = Math.max(this.forgottenUntil, from);
		});
	}

	private oldestFirst(): Array<[string, number]> {
		return [...this.times].sort(([, a], [, b]) => a - b);
	}
}
