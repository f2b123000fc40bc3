import { NodeApiError, type INode } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { apiError, failureOf } from '../../nodes/shared/api/errors.ts';
import type { Reason } from '../../nodes/shared/api/reasons.ts';
import { withRetries, type Outcome } from '../../nodes/shared/api/retry.ts';
import { clock } from '../../nodes/shared/clock.ts';

const NODE = {
	id: '1',
	name: 'Node',
	type: 'test',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
} as INode;
const real = { ...clock };
let now = 0;
let waits: number[] = [];

beforeEach(() => {
	now = 0;
	waits = [];
	clock.ticks = () => now;
	clock.random = () => 0.999_999;
	clock.wait = async (milliseconds) => {
		waits.push(Math.round(milliseconds));
		now += milliseconds;
	};
});
afterEach(() => {
	Object.assign(clock, real);
});

const failing = (reason: Reason, retryAfterMs: number | null = null) =>
	apiError(NODE, { reason, status: null, retryAfterMs, login: false });

async function run(errors: NodeApiError[], deadline = 1e9) {
	let tries = 0;
	const attempt = async (): Promise<Outcome<string>> => {
		const error = errors[Math.min(tries++, errors.length)];
		return error ? { error } : { value: 'done' };
	};
	const result = await withRetries(attempt, deadline).catch((error: unknown) => error);
	return { result, tries };
}

test('what passes at once is asked for once', async () => {
	expect(await run([])).toEqual({ result: 'done', tries: 1 });
	expect(waits).toEqual([]);
});

test('what goes wrong transiently is tried five times at most, a random part of 1, 2, 4 and 8 s apart', async () => {
	const error = failing('unavailable');
	expect(await run(Array<NodeApiError>(9).fill(error))).toEqual({ result: error, tries: 5 });
	expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
});

test.each([
	'timedOut',
	'webPage',
	'redirected',
	'unreadable',
	'noList',
	'forbiddenSilently',
] as Reason[])(
	'%s is tried twice at most: it took long, or will show the same again',
	async (reason) => {
		const error = failing(reason);
		expect(await run(Array<NodeApiError>(9).fill(error))).toEqual({ result: error, tries: 2 });
	},
);

test('the wait is a random part of its bound: chance may make it nothing', async () => {
	clock.random = () => 0;
	await run([failing('unavailable'), failing('unavailable')]);
	expect(waits).toEqual([0, 0]);
});

test('what is permanent is asked for once', async () => {
	const error = failing('forbidden');
	expect(await run([error])).toEqual({ result: error, tries: 1 });
});

test('a server that asks for 7 s gets 7 s', async () => {
	expect(await run([failing('rateLimited', 7_000)])).toEqual({ result: 'done', tries: 2 });
	expect(waits).toEqual([7_000]);
});

test('a wait that would outlast the deadline is not begun, and its length is told', async () => {
	const error = failing('rateLimited', 86_400_000);
	expect(await run([error], 60_000)).toEqual({ result: error, tries: 1 });
	expect(failureOf(error)).toMatchObject({
		transient: true,
		status: null,
		retryAfterMs: 86_400_000,
		atLogin: false,
	});
	expect(waits).toEqual([]);
});

test('a wait that would end just at the deadline is not begun either', async () => {
	const error = failing('rateLimited', 7_000);
	expect(await run([error], 7_000)).toEqual({ result: error, tries: 1 });
	expect(await run([error], 7_001)).toEqual({ result: 'done', tries: 2 });
});

test('no try begins after the deadline', async () => {
	const { tries } = await run(Array<NodeApiError>(9).fill(failing('unavailable')), 4_000);
	expect(tries).toBe(3);
	expect(now).toBeLessThan(4_000);
});

describe('what asks side by side with others', () => {
	/** A gate, and what it was told. */
	const gated = async (errors: NodeApiError[], opens = true, most?: number) => {
		const told: unknown[] = [];
		let tries = 0;
		const result = await withRetries<string>(
			async () => {
				const error = errors[tries++];
				told.push('try');
				return await Promise.resolve(error ? { error } : { value: 'done' });
			},
			1e6,
			most,
			{
				close: (milliseconds) => void told.push(`close ${milliseconds}`),
				pass: async (deadline) => {
					told.push(`pass ${deadline}`);
					return await Promise.resolve(opens);
				},
			},
		).catch((error: unknown) => error);
		return { result, told };
	};

	test('passes the gate before it is repeated, and not before its first try', async () => {
		expect(await gated([failing('unavailable')])).toEqual({
			result: 'done',
			told: ['try', 'pass 1000000', 'try'],
		});
	});

	test('tells the gate how long the server asks to be left alone, before anything else', async () => {
		expect((await gated([failing('rateLimited', 7_000)])).told).toEqual([
			'try',
			'close 7000',
			'pass 1000000',
			'try',
		]);
		expect((await gated([failing('rateLimited', 2e6)])).told).toEqual(['try', 'close 2000000']);
	});

	test('is not repeated where the gate does not open in time', async () => {
		const error = failing('unavailable');
		expect(await gated([error], false)).toEqual({ result: error, told: ['try', 'pass 1000000'] });
	});

	test.each([
		[1, 1],
		[2, 2],
		[9, 5],
	])(
		'is tried %d times at most where that is wanted, and five times in any case',
		async (most, tries) => {
			const { told } = await gated(Array<NodeApiError>(9).fill(failing('unavailable')), true, most);
			expect(told.filter((what) => what === 'try')).toHaveLength(tries);
		},
	);
});

test("n8n's back-off is told the reason, and how long to wait", () => {
	expect(failing('rateLimited', 7_000).failure).toEqual({
		cause: 'rate-limited',
		retryAfterMs: 7_000,
	});
	expect(failing('unavailable').failure).toEqual({ cause: 'temporarily-unavailable' });
	expect(failing('keysRejected').failure).toEqual({ cause: 'credential-invalid' });
	expect(failing('notFound').failure).toEqual({ cause: 'configuration-invalid' });
	expect(failing('notSent').failure).toBeUndefined();
});

test('an error from elsewhere counts as permanent', () => {
	const unknown = {
		transient: false,
		status: null,
		retryAfterMs: null,
		mayBeThisPage: false,
		atLogin: false,
		maybeMistyped: false,
	};
	for (const error of [new Error('x'), new NodeApiError(NODE, {}), null, undefined, 'text', 7]) {
		expect(failureOf(error)).toMatchObject(unknown);
	}
});
