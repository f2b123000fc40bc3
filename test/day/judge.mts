import { expect } from 'vitest';
import type { Outcome } from './outcome.mts';

/** Times are reported and not judged: they are the machine's as well. */
export function judge({ raised, emitted, lost, twice, unknown, undelivered, said }: Outcome): void {
	expect({ lost, twice, unknown, undelivered }).toEqual({
		lost: 0,
		twice: 0,
		unknown: 0,
		undelivered: 0,
	});
	expect(emitted).toBe(raised);
	expect(said.filter(({ sentence }) => sentence === null)).toEqual([]);
}
