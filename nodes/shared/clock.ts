import { sleep } from 'n8n-workflow';

/**
 * The one place where this machine's time and chance enter the package. The feed never uses it:
 * its time is the server's. Tests replace the members to run hours in milliseconds.
 */
export const clock = {
	/** Milliseconds since the epoch by this machine's clock, which can be wrong and can jump. For dates only. */
	now: (): number => Date.now(),
	/**
	 * Milliseconds since some moment; never goes back, never jumps. For every wait, deadline and age
	 * within this process.
	 */
	ticks: (): number => performance.now(),
	/** Waits that many milliseconds. */
	wait: async (milliseconds: number): Promise<void> => await sleep(milliseconds),
	/**
	 * Comes true after that many milliseconds: the limit of something that is under way meanwhile. It
	 * alone keeps no process alive.
	 */
	limit: async (milliseconds: number): Promise<void> =>
		await new Promise((resolve) => {
			AbortSignal.timeout(Math.max(0, Math.ceil(milliseconds))).addEventListener('abort', () =>
				resolve(),
			);
		}),
	/** A number in [0, 1), for the jitter between retries. */
	random: (): number => Math.random(),
};
