import { sleep } from 'n8n-workflow';

/**
 * The one place where this machine's time and chance enter the package. The feed never uses it:
 * its time is the server's. Tests replace the members to run hours in milliseconds.
 */
export const clock = {
	/** Milliseconds since the epoch by this machine's clock. */
	now: (): number => Date.now(),
	/** Waits that many milliseconds. */
	wait: async (milliseconds: number): Promise<void> => await sleep(milliseconds),
	/** A number in [0, 1), for the jitter between retries. */
	random: (): number => Math.random(),
};
