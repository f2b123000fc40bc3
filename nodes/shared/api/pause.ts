import { clock } from '../clock';
import type { ApiContext } from './request';

/** Whether someone stopped the execution. A poll cannot be stopped, and not every n8n says so. */
export function isStopped(context: ApiContext): boolean {
	return signalOf(context)?.aborted === true;
}

/**
 * Waits, but only until the execution is stopped.
 *
 * @returns whether the execution goes on
 */
export async function pause(context: ApiContext, milliseconds: number): Promise<boolean> {
	const signal = signalOf(context);
	if (signal === undefined) {
		await clock.wait(milliseconds);
		return true;
	}
	if (signal.aborted) return false;
	return await new Promise((resolve) => {
		const stop = () => resolve(false);
		signal.addEventListener('abort', stop);
		void clock.wait(milliseconds).then(() => {
			signal.removeEventListener('abort', stop);
			resolve(!signal.aborted);
		});
	});
}

function signalOf(context: ApiContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
}
