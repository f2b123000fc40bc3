import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';

import { failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import { request, type ApiContext } from '../../nodes/shared/api/request.ts';
import { obtainToken } from '../../nodes/shared/api/token.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { CREDENTIAL, NODE, rejection, storedBy, withoutWaits } from './api-kit.mts';

withoutWaits();

const MINUTE = 60_000;
let ticks = 0;
let waits: number[] = [];

beforeEach(() => {
	ticks = 0;
	waits = [];
	Object.assign(clock, {
		now: () => Date.parse('2026-06-01T12:00:00Z') + ticks,
		ticks: () => ticks,
		random: () => 0.5,
		wait: async (milliseconds: number) => {
			waits.push(milliseconds);
			ticks += milliseconds;
			await Promise.resolve();
		},
	});
});

let accounts = 0;

interface Reply {
	readonly statusCode: number;
	readonly body?: unknown;
	readonly headers?: object;
}

/**
 * A server with tokens, an n8n with one store, and a node: as n8n does, a blank token is exchanged
 * first and stored.
 */
function world(answer: (token: string, path: string) => Reply | null, changes: object = {}) {
	const stored: ICredentialDataDecryptedObject = {
		...CREDENTIAL,
		username: `with-token-${++accounts}`,
		accessToken: '',
		accessTokenExpiresAt: '',
		...changes,
	};
	const log: string[] = [];
	let issued = 0;
	const issue = async () =>
		await Promise.resolve({
			statusCode: 200,
			headers: {},
			body: { access_token: `token-${++issued}` },
		});
	const httpRequestWithAuthentication = async (
		_: string,
		{ url }: { url: string },
		{
			credentialsDecrypted: { data },
		}: { credentialsDecrypted: { data: ICredentialDataDecryptedObject } },
	) => {
		if (data.accessToken === '')
			Object.assign(stored, Object.assign(data, await obtainToken(issue as never, data)));
		const path = new URL(url).pathname;
		const reply = answer(String(data.accessToken), path) ?? { statusCode: 200, body: { a: 1 } };
		log.push(`${String(data.accessToken)} ${reply.statusCode}`);
		return { headers: {}, body: {}, ...reply };
	};
	const context = {
		getNode: () => NODE,
		getCredentials: async () => await Promise.resolve({ ...stored }),
		helpers: { httpRequestWithAuthentication },
	} as unknown as ApiContext;
	return {
		stored,
		log,
		context,
		ask: async (more: object = {}) => await request(context, { path: '/api/x', ...more }),
		get issued() {
			return issued;
		},
	};
}

const PAGE = '<html><title>Sign in</title>';

/** All the ways in which a server says that a token has ended. */
const ENDINGS: ReadonlyArray<readonly [string, Reply]> = [
	['401', { statusCode: 401 }],
	['403', { statusCode: 403 }],
	['403 with nothing', { statusCode: 403, body: '' }],
	['419', { statusCode: 419 }],
	['440', { statusCode: 440 }],
	['498', { statusCode: 498 }],
	[
		'400 invalid_token',
		{ statusCode: 400, body: { error: 'invalid_token', message: 'Bad request' } },
	],
	['400 token expired', { statusCode: 400, body: 'The access token has expired' }],
	[
		'400 with a header',
		{ statusCode: 400, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
	],
	['a login page', { statusCode: 200, body: PAGE }],
	['a redirect', { statusCode: 302, headers: { location: '/login' } }],
];

test.each(ENDINGS)(
	'the end of an old token is answered with one fresh login, however it is said: %s',
	async (_, ending) => {
		let ended = '';
		const { ask, log } = world((token) => (token === ended ? ending : null));
		await ask();
		ended = 'token-1';
		ticks += 15 * MINUTE;
		expect((await ask()).status).toBe(200);
		expect(log).toEqual(['token-1 200', `token-1 ${ending.statusCode}`, 'token-2 200']);
		expect(waits).toEqual([]);
	},
);

test.each(ENDINGS)('of a token of unknown age as well: %s', async (_, ending) => {
	const { ask, log, stored } = world((token) => (token === 'another' ? ending : null));
	Object.assign(stored, storedBy(stored, 'another', clock.now() + 40 * MINUTE));
	expect((await ask()).status).toBe(200);
	expect(log).toEqual([`another ${ending.statusCode}`, 'token-1 200']);
});

test.each([
	['400 without a word of the token', { statusCode: 400, body: { error: 'LastSeen is invalid' } }],
	['404', { statusCode: 404 }],
	['405', { statusCode: 405 }],
	['407', { statusCode: 407 }],
	['304', { statusCode: 304 }],
	['200 with text', { statusCode: 200, body: 'OK' }],
	['404 with a page', { statusCode: 404, body: PAGE }],
] as Array<[string, Reply]>)('%s says nothing of the token', async (_, reply) => {
	const server = world(() => reply);
	await rejection(server.ask());
	ticks += 15 * MINUTE;
	await rejection(server.ask());
	expect(server.issued).toBe(1);
});

test.each([
	['403', { statusCode: 403 }, 'forbidden'],
	['a page', { statusCode: 200, body: PAGE }, 'webPage'],
	['a redirect', { statusCode: 302 }, 'redirected'],
] as Array<[string, Reply, string]>)(
	'a fresh token that is answered with %s is not ended by its age',
	async (_, reply, reason) => {
		const server = world(() => reply);
		expect(reasonOf(await rejection(server.ask({ tries: 1 })))).toBe(reason);
		expect(server.issued).toBe(1);
	},
);

test('a call that is forbidden for good logs in less and less often, and no more than once an hour in the end', async () => {
	const server = world((_, path) => (path === '/api/forbidden' ? { statusCode: 403 } : null));
	const logins: number[] = [];
	for (let minute = 0; minute < 6 * 60; minute++) {
		const before = server.issued;
		await rejection(server.ask({ path: '/api/forbidden' }));
		await server.ask();
		if (server.issued > before) logins.push(minute);
		ticks += MINUTE;
	}
	// Of these, one in 55 minutes is the renewal ahead of the end.
	expect(logins.length).toBeLessThan(6 * 3);
	expect(logins.filter((minute) => minute < 60).length).toBeLessThan(6);
});

test('one refusal in an hour is remembered for its call and its site alone, and forgotten once the call is accepted', async () => {
	let refused = true;
	const server = world((_, path) =>
		refused && path === '/api/forbidden' ? { statusCode: 403 } : null,
	);
	await rejection(server.ask({ path: '/api/forbidden' }));
	refused = false;
	await server.ask({ path: '/api/forbidden' });
	refused = true;
	ticks += 10 * MINUTE;
	await rejection(server.ask({ path: '/api/forbidden' }));
	expect(server.issued).toBe(2);
	ticks += 1;
	await rejection(server.ask({ path: '/api/forbidden' }));
	expect(server.issued).toBe(2);
	ticks += MINUTE + 1;
	await rejection(server.ask({ path: '/api/forbidden', clientId: '2' }));
	expect(server.issued).toBe(3);
});

test('a call that is refused with 401 for good takes four fresh tokens once, and one of them a time for a while', async () => {
	const server = world(() => ({ statusCode: 401 }));
	const error = await rejection(server.ask());
	expect(reasonOf(error)).toBe('unauthorized');
	expect((error as { description: string }).description).toMatch(
		/give this n8n an API user of its own/,
	);
	expect(server.log).toHaveLength(5);
	expect(waits).toEqual([2_500, 5_000, 7_500]);
	await rejection(server.ask());
	expect(server.log).toHaveLength(7);
	ticks += 2 * MINUTE;
	await rejection(server.ask());
	expect(server.log).toHaveLength(12);
});

test('no further token is tried when there is no time left for the pause', async () => {
	const server = world(() => ({ statusCode: 401 }));
	expect(reasonOf(await rejection(server.ask({ deadline: ticks + 2_500 })))).toBe('unauthorized');
	expect(server.log).toHaveLength(2);
});

test('a refusal at the very end of the time says nothing of the credential', async () => {
	const server = world(() => ({ statusCode: 401 }));
	const error = await rejection(server.ask({ deadline: ticks, tries: 1 }));
	expect(failureOf(error)).toMatchObject({ transient: true, status: null, atLogin: false });
	expect(server.log).toHaveLength(1);
});

test('after a second refusal the stored credential is read again: what another process stored meanwhile is used, without a login', async () => {
	const server = world((token) => (token === 'of another' ? null : { statusCode: 401 }));
	clock.wait = async () => {
		Object.assign(server.stored, storedBy(server.stored, 'of another', clock.now() + 60 * MINUTE));
		await Promise.resolve();
	};
	expect((await server.ask()).status).toBe(200);
	expect(server.log).toEqual(['token-1 401', 'token-2 401', 'of another 200']);
	expect(server.issued).toBe(2);
});

test('where the user was changed meanwhile, no token of the one before is asked with', async () => {
	const server = world((token) => (/^token-[12]$/.test(token) ? { statusCode: 401 } : null));
	clock.wait = async () => {
		Object.assign(
			server.stored,
			storedBy(server.stored, 'of the user before', clock.now() + 60 * MINUTE),
			{ username: 'changed meanwhile' },
		);
		await Promise.resolve();
	};
	expect((await server.ask()).status).toBe(200);
	expect(server.log).toEqual(['token-1 401', 'token-2 401', 'token-3 200']);
});

test.each([
	['a page', { statusCode: 200, body: PAGE }],
	['a redirect', { statusCode: 303 }],
] as Array<[string, Reply]>)(
	'an action that is answered with %s may have begun, and is not sent again',
	async (_, reply) => {
		const server = world((_token, path) => (path === '/api/act' ? reply : null));
		await server.ask();
		ticks += 15 * MINUTE;
		await rejection(server.ask({ method: 'POST', path: '/api/act' }));
		expect(server.log).toHaveLength(2);
	},
);

test.each([401, 403, 419, 440, 498])(
	'an action that is answered with %d was not begun, and is sent again with a fresh token',
	async (statusCode) => {
		let ended = '';
		const server = world((token) => (token === ended ? { statusCode } : null));
		await server.ask();
		ended = 'token-1';
		ticks += 15 * MINUTE;
		expect((await server.ask({ method: 'POST', path: '/api/act' })).status).toBe(200);
	},
);

describe('the life of a token', () => {
	/** A server whose tokens live that long, polled each minute for that many minutes. */
	async function day(lifeMinutes: number, minutes: number) {
		const born = new Map<string, number>();
		const server = world((token) => {
			if (!born.has(token)) born.set(token, ticks);
			return ticks - born.get(token)! >= lifeMinutes * MINUTE ? { statusCode: 401 } : null;
		});
		for (let minute = 0; minute < minutes; minute++) {
			await server.ask();
			ticks += MINUTE;
		}
		return {
			logins: server.issued,
			refusals: server.log.filter((line) => line.endsWith('401')).length,
		};
	}

	test('is learned: after it was seen to end, the next one is renewed ahead, and longer ones are tried slowly', async () => {
		const { logins, refusals } = await day(15, 24 * 60);
		expect(refusals).toBeGreaterThan(0);
		expect(refusals).toBeLessThan(logins / 4);
		expect(logins).toBeLessThan(1.25 * ((24 * 60) / 15));
	});

	test('costs a renewal each 55 minutes where it is longer, and no refusal', async () => {
		expect(await day(60, 24 * 60)).toEqual({ logins: 27, refusals: 0 });
	});

	test('that is shorter than any tenant can set was ended by another login: nothing is learned of it', async () => {
		const { logins } = await day(5, 60);
		expect(logins).toBe(12);
	});

	test('is told to other processes: the stored end is five minutes after the renewal', async () => {
		const server = world((token) =>
			token === 'token-1' && ticks >= 20 * MINUTE ? { statusCode: 401 } : null,
		);
		await server.ask();
		expect(server.stored.accessTokenExpiresAt).toBe(String(clock.now() + 60 * MINUTE));
		ticks += 20 * MINUTE;
		await server.ask();
		ticks += 16 * MINUTE;
		await server.ask();
		expect(server.issued).toBe(3);
		expect(server.stored.accessTokenExpiresAt).toBe(
			String(clock.now() + (0.8 * 1.05 * 20 + 5) * MINUTE),
		);
	});
});

test.each([-24 * 60, 24 * 60])(
	'a clock that jumps by %d minutes costs no login, and no request with a token that is too old',
	async (minutes) => {
		const server = world(() => null);
		await server.ask();
		clock.now = () => Date.parse('2026-06-01T12:00:00Z') + ticks + minutes * MINUTE;
		for (let minute = 0; minute < 54; minute++) {
			ticks += MINUTE;
			await server.ask();
		}
		expect(server.issued).toBe(1);
		ticks += MINUTE;
		await server.ask();
		expect(server.issued).toBe(2);
	},
);

test('a token of another process is not used for ever because the clock went back', async () => {
	const server = world(() => null);
	Object.assign(server.stored, storedBy(server.stored, 'another', clock.now() + 50 * MINUTE));
	await server.ask();
	clock.now = () => Date.parse('2026-06-01T12:00:00Z');
	ticks += 55 * MINUTE;
	await server.ask();
	expect(server.log).toEqual(['another 200', 'token-1 200']);
});

test('three n8n with stores of their own on one API user, each polling each minute in the same instant, nearly never fail a poll', async () => {
	// Time of the test: what waits is woken in order, the network takes 100 ms each way.
	let time = 0;
	const queue: Array<{ readonly at: number; readonly wake: () => void }> = [];
	const until = async (at: number) =>
		await new Promise<void>((wake) => void queue.push({ at, wake }));
	const travel = async () => await until(time + 50);
	let seed = 7;
	const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
	let alive = '';
	let logins = 0;
	let failed = 0;
	let served = 0;

	onTestFinished(() => void vi.resetModules());
	/** A process of its own. */
	async function load() {
		vi.resetModules();
		return {
			...(await import('../../nodes/shared/api/request.ts')),
			...(await import('../../nodes/shared/api/token.ts')),
			...(await import('../../nodes/shared/clock.ts')),
		};
	}

	async function client(number: number, module: Awaited<ReturnType<typeof load>>): Promise<void> {
		Object.assign(module.clock, {
			now: () => time,
			ticks: () => time,
			random,
			wait: async (ms: number) => await until(time + ms),
			limit: async () => await new Promise<never>(() => {}),
		});
		const stored: ICredentialDataDecryptedObject = {
			...CREDENTIAL,
			username: 'shared',
			accessToken: '',
			accessTokenExpiresAt: '',
		};
		const logIn = async () => {
			await travel();
			alive = `token-${++logins}`;
			const body = { access_token: alive };
			await travel();
			return { statusCode: 200, headers: {}, body };
		};
		const httpRequestWithAuthentication = async (
			_: string,
			__: object,
			{
				credentialsDecrypted: { data },
			}: { credentialsDecrypted: { data: ICredentialDataDecryptedObject } },
		) => {
			if (data.accessToken === '')
				Object.assign(stored, Object.assign(data, await module.obtainToken(logIn as never, data)));
			await travel();
			const statusCode = data.accessToken === alive ? 200 : 401;
			if (statusCode === 200) served++;
			await travel();
			return { statusCode, headers: {}, body: {} };
		};
		const context = {
			getNode: () => NODE,
			getCredentials: async () => await Promise.resolve({ ...stored }),
			helpers: { httpRequestWithAuthentication },
		};
		for (let poll = 0; poll < 180; poll++) {
			await until(Math.max(time, poll * MINUTE) + number);
			await module
				.request(context as unknown as ApiContext, {
					path: '/api/alerts/bulk',
					deadline: time + 50_000,
				})
				.catch(() => failed++);
		}
	}

	let running = 3;
	const processes = [await load(), await load(), await load()];
	for (const [number, process] of processes.entries())
		void client(number, process).finally(() => running--);
	while (running > 0) {
		await new Promise((resolve) => setImmediate(resolve));
		const next = queue.sort((one, other) => one.at - other.at).shift();
		if (next === undefined) continue;
		time = Math.max(time, next.at);
		next.wake();
	}
	expect(failed).toBeLessThanOrEqual(3);
	expect(served).toBe(3 * 180 - failed);
	expect(logins).toBeLessThan(3 * 3 * 180);
});
