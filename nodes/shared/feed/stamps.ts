import type { Marks } from './marks';
import { DAY } from './time';

/** A stamp that far ahead of the clock is wrong: taken as a time, it would silence all that follows. */
const AHEAD = 3600_000;

/** Whether a recurrence or change with that stamp was not emitted yet. Milliseconds since the epoch. */
export function isLaterStamp(marks: Marks, id: number | string, at: number): boolean {
	return !marks.hasStamp(id, at) && marks.isLater(id, at);
}

/**
 * Remembers it.
 * @param now the latest server time, or this machine's
 */
export function markStamp(marks: Marks, id: number | string, at: number, now: number): void {
	// Once each, from its last sight on: such a row is in every answer that lists anything.
	if (at > now + AHEAD) marks.rememberStamp(id, at, now + DAY);
	else marks.set(id, at);
}
