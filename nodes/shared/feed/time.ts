const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Clocks that differ by less are taken as equal: a request takes its time. */
export const CLOCK_SLACK = MINUTE;

export const wholeSecond = (time: number): number => Math.floor(time / SECOND) * SECOND;

/**
 * Where to read from so that this time is inside, whether the server counts the limit itself in or
 * not, at one-second precision.
 */
export const toInclude = (time: number): number => Math.max(0, wholeSecond(time) - SECOND);
