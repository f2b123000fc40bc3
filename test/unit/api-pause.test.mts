import { afterEach, expect, test } from 'vitest';

import { isStopped, pause } from '../../nodes/shared/api/pause.ts';
import type { ApiContext } from '../../nodes/shared/api/request.ts';
import { clock } from '../../nodes/shared/clock.ts';

const real = { ...clock };
afterEach(() => void Object.assign(clock, real));

const contextOf = (signal: AbortSignal | undefined) =>
	({ getExecutionCancelSignal: () => signal }) as unknown as ApiContext;

/** Waits that the test ends. */
function waits() {
	const asked: number[] = [];
	const ends: Array<() => void> = [];
	clock.wait = async (milliseconds) => {
		asked.push(milliseconds);
		await new Promise<void>((resolve) => ends.push(resolve));
	};
	return { asked, end: () => ends.forEach((end) => end()) };
}

test('an execution is stopped once n8n says so, and never where it does not say', () => {
	const cancel = new AbortController();
	expect(isStopped(contextOf(cancel.signal))).toBe(false);
	expect(isStopped(contextOf(undefined))).toBe(false);
	expect(isStopped({} as ApiContext)).toBe(false);
	cancel.abort();
	expect(isStopped(contextOf(cancel.signal))).toBe(true);
});

test.each([
	['that says nothing of stopping', {} as ApiContext],
	['without a signal', contextOf(undefined)],
	['whose execution goes on', contextOf(new AbortController().signal)],
])('a pause in an n8n %s takes its time, and the execution goes on', async (_, context) => {
	const { asked, end } = waits();
	let over = false;
	const paused = pause(context, 7).finally(() => (over = true));
	await new Promise((resolve) => setImmediate(resolve));
	expect({ asked, over }).toEqual({ asked: [7], over: false });
	end();
	expect(await paused).toBe(true);
});

test('a pause ends with the execution, without waiting for its own end', async () => {
	waits();
	const cancel = new AbortController();
	const paused = pause(contextOf(cancel.signal), 7);
	cancel.abort();
	expect(await paused).toBe(false);
});

test('an execution that is stopped already does not pause at all', async () => {
	const { asked } = waits();
	expect(await pause(contextOf(AbortSignal.abort()), 7)).toBe(false);
	expect(asked).toEqual([]);
});

test('a pause that is over leaves nothing behind at the signal', async () => {
	const { end } = waits();
	const listeners = new Set<unknown>();
	const signal = {
		aborted: false,
		addEventListener: (_: string, listener: unknown) => listeners.add(listener),
		removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
	};
	const paused = pause(contextOf(signal as unknown as AbortSignal), 7);
	expect(listeners.size).toBe(1);
	end();
	await paused;
	expect(listeners.size).toBe(0);
});
