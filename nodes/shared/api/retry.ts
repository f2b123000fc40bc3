import type { NodeApiError } from 'n8n-workflow';

import { clock } from '../clock';
import { failureOf, reasonOf } from './errors';
import type { Gate } from './gate';
import { explain } from './reasons';

const MOST_TRIES = 5;
const BASE_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** The answer, or the error that stands in its place. */
export type Outcome<T> = { readonly value: T } | { readonly error: NodeApiError };

/**
 * Repeats what went wrong transiently, at most five times in all: it waits as long as the server
 * asks for, else a random
 * part of 1, 2, 4, 8 s. What took long or will show the same again is tried twice. A wait that
 * would not end before the deadline is not begun.
 *
 * @param deadline by `clock.ticks`
 * @param most tries in all
 * @param gate what is passed before it is repeated, and told of a wait that the server asks for
 * @throws the last error; `failureOf` tells how long the server asked to be left alone
 */
export async function withRetries<T>(
	attempt: () => Promise<Outcome<T>>,
	deadline: number,
	most = MOST_TRIES,
	gate?: Gate,
): Promise<T> {
	for (let tries = 1; ; tries++) {
		const outcome = await attempt();
		if ('value' in outcome) return outcome.value;
		const { transient, retryAfterMs } = failureOf(outcome.error);
		if (retryAfterMs !== null) gate?.close(retryAfterMs);
		const wait = retryAfterMs ?? backoff(tries);
		if (
			!transient ||
			tries >= Math.min(most, mostFor(outcome.error)) ||
			clock.ticks() + wait >= deadline
		)
			throw outcome.error;
		await clock.wait(wait);
		if ((await gate?.pass(deadline)) === false) throw outcome.error;
	}
}

/** Exponential backoff with full jitter, so that many triggers that met the same outage do not come back together. */
function backoff(tries: number): number {
	return clock.random() * Math.min(LONGEST_WAIT_MS, BASE_WAIT_MS * 2 ** (tries - 1));
}

function mostFor(error: NodeApiError): number {
	const reason = reasonOf(error);
	return (reason !== null && explain(reason).tries) || MOST_TRIES;
}
