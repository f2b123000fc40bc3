import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer } from './answers.mts';

interface Pace {
	/** Between two bytes. */
	readonly everyMs: number;
	/** After so many bytes the rest comes at once; never, unless given. */
	readonly wholeAfter?: number;
	/** Waits in place of a timer, after so many bytes were sent; false breaks the answer off. */
	readonly wait?: (milliseconds: number, sent: number) => Promise<boolean>;
}

/** Sends the head at once, then byte after byte. A time-out that counts idle time never ends such a request. */
export function trickle(
	response: ServerResponse,
	{ status, text, headers }: Answer,
	{ everyMs, wholeAfter = Infinity, wait: pace }: Pace,
): void {
	const body = Buffer.from(text || ' ');
	const gone = new AbortController();
	response.once('close', () => gone.abort());
	const next =
		pace ??
		(async (milliseconds: number) =>
			await wait(milliseconds, true, { signal: gone.signal }).catch(() => false));

	const run = async (): Promise<void> => {
		for (let at = 0; await next(everyMs, at); at++) {
			if (response.destroyed) return;
			if (at >= wholeAfter) return void response.end(body.subarray(at));
			// Behind the last byte of JSON, spaces change nothing.
			response.write(at < body.length ? body.subarray(at, at + 1) : ' ');
		}
		response.destroy();
	};
	response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
	response.flushHeaders();
	void run();
}
