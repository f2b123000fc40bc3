/** A check of one value that was read back from n8n's database. */
type Check = (value: unknown) => boolean;

/** The year 2200: a later time was never stored by this package. */
const LATEST = Date.UTC(2200, 0, 1);

export const isTime: Check = (value) => typeof value === 'number' && value >= 0 && value <= LATEST;
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** In either direction, a day at most. */
export const isSpan: Check = (value) =>
	Number.isSafeInteger(value) && Math.abs(value as number) <= 24 * 3600_000;
export const isText: Check = (value) => typeof value === 'string';
export const orNull =
	(check: Check): Check =>
	(value) =>
		value === null || check(value);

/** Whether the value is an object whose fields pass their checks. */
export const fieldsAre =
	(checks: Readonly<Record<string, Check>>): Check =>
	(value) =>
		typeof value === 'object' &&
		value !== null &&
		Object.entries(checks).every(([field, check]) =>
			check((value as Record<string, unknown>)[field]),
		);
