import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { beforeEach, expect, test } from 'vitest';

import { isDiagnosis } from '../../nodes/shared/api/diagnosis.ts';
import { exchange, type Asking } from '../../nodes/shared/api/exchange.ts';
import { LARGEST_ANSWER } from '../../nodes/shared/api/limits.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { axiosError, CREDENTIAL, withoutWaits } from './api-kit.mts';

withoutWaits();

/** Ends the time of all exchanges that are under way. */
let end = (): void => {};
let limits: number[] = [];

beforeEach(() => {
	limits = [];
	clock.ticks = () => 1_000_000;
	clock.limit = async (milliseconds) => {
		limits.push(milliseconds);
		await new Promise<void>((resolve) => (end = resolve));
	};
});

/** Lets all go on that waits for nothing but its turn. */
const turn = async () => await new Promise((resolve) => setImmediate(resolve));

type Send = (options: IHttpRequestOptions) => Promise<unknown>;

const exchanged = async (send: Send, asking: Partial<Asking> = {}) =>
	await exchange(
		send,
		{ url: 'https://acme.api.cynet.com/x' },
		{ credential: CREDENTIAL, login: false, deadline: Infinity, ...asking },
	);

const answering =
	(answer: object): Send =>
	async () =>
		await Promise.resolve({ statusCode: 200, headers: {}, body: '', ...answer });

/** A body that comes in these pieces, and may break off with an error. */
function streamOf(pieces: readonly unknown[], broken?: Error) {
	const state = { destroyed: 0, read: 0 };
	const stream = {
		destroy: () => void state.destroyed++,
		async *[Symbol.asyncIterator]() {
			for (const piece of pieces) {
				state.read++;
				yield await Promise.resolve(piece);
			}
			if (broken) throw broken;
		},
	};
	return Object.assign(state, { stream });
}

const read = async (body: unknown, more: object = {}, asking: Partial<Asking> = {}) =>
	await exchanged(answering({ body, ...more }), asking);

test.each([
	['a request', false, Infinity, 60_000, 30_000],
	['a login', true, Infinity, 30_000, 30_000],
	['a request with 40 s left', false, 1_040_000, 40_000, 30_000],
	['a request with 20 s left', false, 1_020_000, 20_000, 20_000],
	['a login with 20 s left', true, 1_020_000, 20_000, 20_000],
	['a request with 1 ms left', false, 1_000_001, 1_000, 1_000],
	['a request that is late', false, 0, 1_000, 1_000],
])(
	'the time of %s ends with the limit or at the deadline, and is a second at least',
	async (_, login, deadline, limit, timeout) => {
		const asked: IHttpRequestOptions[] = [];
		await exchanged(
			async (options) => {
				asked.push(options);
				return await answering({})(options);
			},
			{ login, deadline },
		);
		expect(limits).toEqual([limit]);
		expect(asked[0]?.timeout).toBe(timeout);
	},
);

test.each([true, false])(
	'an exchange whose time is over is given up, n8n is told to stop, and what comes later counts for nothing (login: %j)',
	async (login) => {
		let signal: unknown;
		const outcome = exchanged(
			async (options) => {
				signal = options.abortSignal;
				return await new Promise(() => {});
			},
			{ login },
		);
		await turn();
		expect((signal as AbortSignal).aborted).toBe(false);
		end();
		expect(await outcome).toMatchObject({ reason: 'timedOut', status: null, login });
		expect((signal as AbortSignal).aborted).toBe(true);
	},
);

test('a body that trickles is ended with the time, and no more of it is read', async () => {
	let destroyed = 0;
	let more = (): void => {};
	const stream = {
		destroy: () => void destroyed++,
		async *[Symbol.asyncIterator]() {
			yield Buffer.from('[');
			await new Promise<void>((resolve) => (more = resolve));
			yield Buffer.from(']');
			throw new Error('read on');
		},
	};
	const outcome = read(stream);
	await turn();
	end();
	expect(await outcome).toMatchObject({ reason: 'timedOut' });
	expect(destroyed).toBe(1);
	more();
	await turn();
});

test('a body whose time ends before it is read is read to its first piece and no further', async () => {
	const body = streamOf(['[', '1', ']']);
	let go = (): void => {};
	const outcome = exchanged(async () => {
		await new Promise<void>((resolve) => (go = resolve));
		return { statusCode: 200, headers: {}, body: body.stream };
	});
	await turn();
	end();
	expect(await outcome).toMatchObject({ reason: 'timedOut' });
	go();
	await turn();
	expect(body.read).toBe(1);
});

test('once an answer is whole the end of its time does nothing to it', async () => {
	const signals: AbortSignal[] = [];
	const added: string[] = [];
	const body = streamOf(['[1]']);
	const outcome = await exchanged(async ({ abortSignal }) => {
		const signal = abortSignal as AbortSignal;
		signals.push(signal);
		const { removeEventListener } = signal;
		signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
			added.push(given[0]);
			removeEventListener.apply(signal, given);
		};
		return await Promise.resolve({ statusCode: 200, headers: {}, body: body.stream });
	});
	expect(outcome).toMatchObject({ status: 200, body: [1] });
	end();
	await turn();
	expect(signals[0]?.aborted).toBe(true);
	expect(body.destroyed).toBe(0);
	// Of the body and of the exchange: nothing that lives on may hold the answer.
	expect(added).toEqual(['abort', 'abort']);
});

test.each([
	['bytes', [Buffer.from('{"a":'), Buffer.from('"ü"}')]],
	['a character that is cut in two', [Buffer.from([0x22, 0xc3]), Buffer.from([0xbc, 0x22])]],
	['text', ['{"a":', '"ü"}']],
	['a byte order mark', [Buffer.from('\ufeff{"a":"ü"}')]],
])('a body that comes in pieces is put together: %s', async (_, pieces) => {
	const outcome = await read(streamOf(pieces).stream);
	expect(outcome).toMatchObject({ status: 200 });
	expect(['ü', { a: 'ü' }]).toContainEqual((outcome as { body: unknown }).body);
	expect(await read(Readable.from(pieces))).toEqual(outcome);
});

test('bytes that are a part of a larger memory are read as that part', async () => {
	const memory = Buffer.from('xx[1]yy');
	expect(await read(new Uint8Array(memory.buffer, memory.byteOffset + 2, 3))).toMatchObject({
		body: [1],
	});
});

test.each([
	['null', null],
	['a list', [1]],
	['an object that can be iterated alone', { [Symbol.asyncIterator]: 7 }],
	['an object that can be destroyed alone', { destroy: 7 }],
])('what is neither text nor a stream is the answer as it is: %s', async (_, body) => {
	expect(await read(body)).toEqual({ status: 200, headers: {}, body, said: undefined });
});

test('an answer without headers has none', async () => {
	expect(await read('1', { headers: undefined })).toEqual({
		status: 200,
		headers: {},
		body: 1,
		said: undefined,
	});
});

test.each([true, false])(
	'an answer may hold 32 MB and not a byte more, of which nobody reads on (login: %j)',
	async (login) => {
		const half = Buffer.alloc(LARGEST_ANSWER / 2, ' ');
		expect(isDiagnosis(await read(streamOf([half, half]).stream, {}, { login }))).toBe(false);
		const larger = streamOf([half, half, Buffer.from('1'), 'never']);
		expect(await read(larger.stream, { statusCode: 201 }, { login })).toEqual({
			reason: 'tooLarge',
			status: 201,
			retryAfterMs: null,
			login,
		});
		expect(larger.read).toBe(3);
	},
);

test.each([
	['ECONNABORTED', { reason: 'timedOut', status: null }],
	['ERR_CANCELED', { reason: 'cancelled', status: null }],
	['ECONNRESET', { reason: 'broken', status: 201 }],
	['ENOTFOUND', { reason: 'broken', status: 201 }],
	['Z_BUF_ERROR', { reason: 'broken', status: 201 }],
])('a body that ends with %s is no answer, at the login as well', async (code, expected) => {
	for (const login of [true, false])
		expect(
			await read(streamOf(['[1'], axiosError(code)).stream, { statusCode: 201 }, { login }),
		).toMatchObject({ ...expected, login });
	expect(await read(streamOf(['[1'], new Error('x')).stream, { statusCode: 201 })).toMatchObject({
		reason: 'broken',
		status: 201,
		login: false,
	});
});

test('an error that n8n throws concerns the login where that was asked for', async () => {
	const failing = async () => await Promise.reject(axiosError('ECONNRESET'));
	for (const login of [true, false])
		expect(await exchanged(failing, { login })).toMatchObject({ reason: 'unreachable', login });
});

test.each([
	[undefined, 12_345_678_901_234_567_890],
	[false, 12_345_678_901_234_567_890],
	[true, '12345678901234567890'],
])('long whole numbers come as text where that is wanted: %j', async (exact, id) => {
	expect(await read('{"id":12345678901234567890}', {}, { exact })).toMatchObject({ body: { id } });
});

test('a list with a row that is not JSON is read as far as it can be, and a text stays one', async () => {
	expect(await read('[{"a":1},{"a":NaN}]')).toMatchObject({
		body: [{ a: 1 }, { a: null }],
		repaired: 1,
	});
	expect(await read('OK')).toMatchObject({ body: 'OK' });
});

test.each([
	[200, { description: 'Because of it' }, undefined],
	[399, { description: 'Because of it' }, undefined],
	[400, { description: 'Because of it' }, 'Because of it'],
	[500, { description: 'Because of it' }, 'Because of it'],
	[200, { error: 'It says S3CRET and token' }, 'It says *** and ***'],
])('with status %d the answer %j says %j, and no secret', async (statusCode, body, said) => {
	expect(await read(body, { statusCode })).toMatchObject({ said });
});

test('an answer that nobody needs any more is let go of, though its limit is still to come', async () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	const answerOf = async (): Promise<WeakRef<object>> =>
		new WeakRef((await read('{"Entities":[]}')) as object);
	const answer = await answerOf();
	expect(limits).toHaveLength(1);
	for (let tries = 0; tries < 20 && answer.deref(); tries++) {
		await turn();
		collectGarbage();
	}
	expect(answer.deref()).toBeUndefined();
});
