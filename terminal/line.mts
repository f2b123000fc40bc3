import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { clock } from '../nodes/shared/clock.ts';
import type { Line } from '../nodes/shared/diagnose/session.ts';

/** n8n's HTTP client as far as the diagnosis uses it: no redirect is followed, no status is an error, the body is a stream. */
export const terminalLine: Line = {
	send: async (options) => {
		const response = await sent(options);
		return { statusCode: response.statusCode, headers: response.headers, body: response };
	},
	pause: async (milliseconds) => {
		await clock.wait(milliseconds);
		return true;
	},
};

async function sent({
	method = 'GET',
	url,
	headers,
	qs,
	body,
	timeout,
	abortSignal,
	skipSslCertificateValidation,
}: IHttpRequestOptions): Promise<IncomingMessage> {
	const address = new URL(url);
	for (const [name, value] of Object.entries(qs ?? {}))
		address.searchParams.set(name, String(value));
	const text = body === undefined ? undefined : JSON.stringify(body);
	const send = address.protocol === 'https:' ? requestHttps : requestHttp;
	return await new Promise((resolve, reject) => {
		const request = send(
			address,
			{
				method,
				timeout,
				signal: abortSignal as AbortSignal | undefined,
				headers: {
					...(headers as Record<string, string>),
					...(text !== undefined && {
						'content-type': 'application/json',
						'content-length': Buffer.byteLength(text),
					}),
				},
				...(skipSslCertificateValidation && { rejectUnauthorized: false }),
			},
			resolve,
		);
		// As axios says it, so that the reason is told.
		const fail = (error: NodeJS.ErrnoException) =>
			reject(Object.assign(error, { isAxiosError: true }));
		request.on('error', fail);
		request.on('timeout', () =>
			request.destroy(Object.assign(new Error('timeout'), { code: 'ECONNABORTED' })),
		);
		request.end(text);
	});
}
