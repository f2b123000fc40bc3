import type { Marks } from './marks';

/** A stamp that far ahead of the server's clock is wrong: taken as a time, it would silence all that follows. */
const AHEAD = 3600_000;

const isAhead = (at: number, serverTime: number | null): boolean => serverTime !== null && at > serverTime + AHEAD;

/** A stamp in the future is no time, but a name: each one counts once. */
const named = (id: number | string, at: number): string => `${id}@${at}`;

/** Whether a recurrence or change with that stamp was not emitted yet. Milliseconds since the epoch. */
export function isLaterStamp(marks: Marks, id: number | string, at: number, serverTime: number | null): boolean {
	return isAhead(at, serverTime) ? !marks.has(named(id, at)) : marks.isLater(id, at);
}

/** Remembers it. */
export function markStamp(marks: Marks, id: number | string, at: number, serverTime: number | null): void {
	// As of now, at each sight: such a row is in every answer.
	if (isAhead(at, serverTime)) marks.remember(named(id, at), serverTime!);
	else marks.set(id, at);
}
