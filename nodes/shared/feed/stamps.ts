import type { Marks } from './marks';

/** A stamp that far ahead of the server's clock is wrong: taken as a time, it would silence all that follows. */
const AHEAD = 3600_000;

const isAhead = (at: number, now: number | null): boolean => now !== null && at > now + AHEAD;

/** A stamp in the future is no time, but a name: each one counts once. */
const named = (id: number | string, at: number): string => `${id}@${at}`;

/** Whether a recurrence or change with that stamp was not emitted yet. Milliseconds since the epoch. */
export function isLaterStamp(marks: Marks, id: number | string, at: number): boolean {
	return !marks.has(named(id, at)) && marks.isLater(id, at);
}

/**
 * Remembers it.
 * @param now the latest server time
 */
export function markStamp(marks: Marks, id: number | string, at: number, now: number | null): void {
	// As of now, at each sight: such a row is in every answer.
	if (isAhead(at, now)) marks.remember(named(id, at), now!);
	else marks.set(id, at);
}
