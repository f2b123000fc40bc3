import type { ServerResponse } from 'node:http';
import type { Answer } from './answers.mts';

/** Sends an answer, if there is still someone to send it to. */
export function send(response: ServerResponse, { status, text, headers }: Answer): void {
	if (response.destroyed || response.headersSent) return;
	const body = Buffer.from(text);
	const length = status === 204 ? {} : { 'content-length': body.length };
	response.writeHead(status, {
		...(body.length > 0 && { 'content-type': 'application/json; charset=utf-8' }),
		...length,
		...headers,
	});
	response.end(status === 204 ? undefined : body);
}
