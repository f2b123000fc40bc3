import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits until a condition holds and returns what it returned; undefined, null and false mean "not yet".
 * Throws after `limitMs`, saying what was waited for and, if `seen` is given, what there was instead.
 */
export async function until<T>(
	what: string,
	condition: () => T | Promise<T>,
	options: { limitMs?: number; everyMs?: number; seen?: () => unknown } = {},
): Promise<Exclude<T, null | undefined | false>> {
	const { limitMs = 60_000, everyMs = 200, seen } = options;
	const end = performance.now() + limitMs;
	for (;;) {
		const result = await condition();
		if (result !== undefined && result !== null && result !== false)
			return result as Exclude<T, null | undefined | false>;
		if (performance.now() > end) {
			const instead = seen ? `; there was ${JSON.stringify(await seen())}` : '';
			throw new Error(`Waited ${Math.round(limitMs / 1000)} s in vain for this: ${what}${instead}`);
		}
		await wait(everyMs);
	}
}
