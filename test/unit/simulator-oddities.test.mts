import { get, type IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
	LIES,
	PAGES,
	POISONS,
	type Fault,
	type Simulator,
	type TokenEnd,
} from '../../simulator/simulator.mts';
import { START, bulk, client, clock, envelopeOf, idsOf, start } from './simulator-client.mts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const query = (at: number) => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/** The answer to one request that meets a fault, with four alerts to list. */
async function met(fault: Fault, prepare?: (simulator: Simulator) => void) {
	const simulator = await start();
	simulator.raise(4);
	const ask = await client(simulator);
	prepare?.(simulator);
	simulator.faults.add(fault);
	return { simulator, ask, response: await ask(bulk()) };
}

describe('an answer that trickles', () => {
	it('is whole in the end where it is told after how many bytes', async () => {
		const { response } = await met({ kind: 'trickle', everyMs: 2, wholeAfter: 5 });
		expect(response.status).toBe(200);
		expect(await idsOf(Promise.resolve(response))).toEqual([1, 2, 3, 4]);
	});

	it('never ends otherwise, and is cut off when the simulator closes', async () => {
		const { simulator, response } = await met({ kind: 'trickle', everyMs: 1 });
		const body = response.text().then(
			() => 'whole',
			() => 'cut off',
		);
		expect(
			await Promise.race([body, new Promise((resolve) => setTimeout(resolve, 60, 'under way'))]),
		).toBe('under way');
		await simulator.close();
		expect(await body).toBe('cut off');
	});

	it('waits as a test tells it to, and breaks off when that says so', async () => {
		const waits: number[] = [];
		const { response } = await met({ kind: 'trickle', everyMs: 700 }, ({ settings }) => {
			settings.pace = (milliseconds) => Promise.resolve(waits.push(milliseconds) < 3);
		});
		await expect(response.text()).rejects.toThrow();
		expect(waits).toEqual([700, 700, 700]);
	});

	it('can meet a login', async () => {
		const simulator = await start();
		simulator.faults.add({
			kind: 'trickle',
			everyMs: 1,
			wholeAfter: 3,
			match: { path: '/api/account/token' },
		});
		expect((await (await client(simulator))(bulk())).status).toBe(200);
	});
});

describe('a list', () => {
	it.each([500, 504, 403, 400])(
		'is refused with %i where it begins too long ago',
		async (widestWindowStatus) => {
			const ask = await client(await start({ widestWindowHours: 2, widestWindowStatus }));
			const statusOf = async (at: number) => (await ask(bulk({ LastSeen: query(at) }))).status;
			expect([await statusOf(START - 2 * HOUR), await statusOf(START - 2 * HOUR - 1000)]).toEqual([
				200,
				widestWindowStatus,
			]);
		},
	);

	it.each([
		['empty', 200],
		[400, 400],
		[416, 416],
		[500, 500],
	] as const)('has no rows behind a cap of Offset: %s', async (beyondMaxOffset, status) => {
		const simulator = await start({ maxOffset: 2, beyondMaxOffset });
		simulator.raise(4);
		const ask = await client(simulator);
		expect(await idsOf(ask(bulk({ Offset: 1 })))).toEqual([2, 3, 4]);
		const beyond = await ask(bulk({ Offset: 2 }));
		expect(beyond.status).toBe(status);
		if (status === 200) expect(await idsOf(Promise.resolve(beyond))).toEqual([]);
	});

	it('can tell two times', async () => {
		const ask = await client(await start({ syncTimeOffsetMs: 12 * MINUTE, dateOffsetMs: -HOUR }));
		const response = await ask(bulk());
		expect(Date.parse(response.headers.get('date')!)).toBe(START - HOUR);
		expect(Date.parse((await envelopeOf(Promise.resolve(response))).SyncTimeUtc)).toBe(
			START + 12 * MINUTE,
		);
	});

	it('can tell the end of time', async () => {
		const ask = await client(await start({ syncTime: 'endOfTime' }));
		expect((await envelopeOf(ask(bulk()))).SyncTimeUtc).toMatch(/^9999-12-31/);
	});

	it('comes from a replica that lags, every other time', async () => {
		const simulator = await start({ replicaLagMs: 2 * MINUTE });
		const ask = await client(simulator);
		simulator.raise(1);
		expect([await idsOf(ask(bulk())), await idsOf(ask(bulk())), await idsOf(ask(bulk()))]).toEqual([
			[],
			[1],
			[],
		]);
		clock.now += 2 * MINUTE;
		expect([await idsOf(ask(bulk())), await idsOf(ask(bulk()))]).toEqual([[1], [1]]);
	});

	it('comes from a cache while the same is asked', async () => {
		const simulator = await start({ cacheSeconds: 60 });
		const ask = await client(simulator);
		expect(await idsOf(ask(bulk()))).toEqual([]);
		simulator.raise(1);
		expect([await idsOf(ask(bulk())), await idsOf(ask(bulk({ Offset: 0 })))]).toEqual([[], [1]]);
		clock.now += 60_000;
		expect(await idsOf(ask(bulk()))).toEqual([1]);
	});

	it('mixes rows with one stamp, and only those', async () => {
		const simulator = await start({ shuffledTies: true });
		simulator.raise(8, { at: START - MINUTE });
		simulator.raise(1);
		const ask = await client(simulator);
		const lists = await Promise.all([1, 2, 3, 4].map(() => idsOf(ask(bulk()))));
		expect(new Set(lists.map(String)).size).toBeGreaterThan(1);
		for (const ids of lists)
			expect([ids.at(-1), [...ids].sort()]).toEqual([9, [1, 2, 3, 4, 5, 6, 7, 8, 9]]);
	});
});

describe('a token', () => {
	it.each<[TokenEnd, number, RegExp]>([
		['401', 401, /not valid/],
		['403', 403, /not valid/],
		['419', 419, /not valid/],
		['440', 440, /not valid/],
		['498', 498, /not valid/],
		['invalidToken', 400, /"error":"invalid_token"/],
		['loginPage', 200, /<html>.*Sign in/],
		['redirect', 302, /^$/],
	])('that has ended is answered as %s', async (tokenEnd, status, text) => {
		const ask = await client(await start({ tokenEnd, tokenLifeMinutes: 15 }));
		expect((await ask(bulk())).status).toBe(200);
		clock.now += 15 * MINUTE;
		const response = await ask(bulk());
		expect(response.status).toBe(status);
		if (tokenEnd === 'redirect') expect(response.headers.get('location')).toMatch(/^\/login/);
		expect(await response.text()).toMatch(text);
	});

	it.each([
		['sliding', 200],
		['absolute', 401],
	] as const)('with a %s life gets %i where it was used half-way', async (tokenLife, status) => {
		const ask = await client(await start({ tokenLife, tokenLifeMinutes: 15 }));
		for (const minutes of [10, 10]) {
			clock.now += minutes * MINUTE;
			if (minutes === 10) await ask(bulk());
		}
		expect((await ask(bulk())).status).toBe(status);
	});

	it.each([
		[true, 401],
		[false, 200],
	])(
		'gets, with one token per user %s, %i once another client has logged in',
		async (singleToken, status) => {
			const simulator = await start({ singleToken });
			const ask = await client(simulator);
			const { exchanges } = simulator.ledger;
			simulator.logInElsewhere();
			expect((await ask(bulk())).status).toBe(status);
			expect(simulator.ledger.exchanges).toBe(exchanges);
		},
	);
});

describe('what stands between', () => {
	it.each(Object.entries(PAGES))('answers %s', async (page, { status }) => {
		const simulator = await start();
		simulator.faults.add({ kind: 'page', page: page as keyof typeof PAGES });
		// `fetch` keeps the answer 407 to itself.
		const response = await new Promise<IncomingMessage>((resolve, reject) =>
			get(simulator.url + bulk(), resolve).once('error', reject),
		);
		expect(response.statusCode).toBe(status);
		expect(response.headers['content-type']).toMatch(/^text\/html/);
		expect(String((await response.toArray())[0])).toMatch(/^<!doctype html>/);
	});

	it.each(['1779800000', '9999999999', 'Fri, 29 May 2099 13:00:00 GMT'])(
		'asks for a wait of %s, with 403 too',
		async (retryAfter) => {
			const { response } = await met({ kind: 'status', status: 403, retryAfter });
			expect([response.status, response.headers.get('retry-after')]).toEqual([403, retryAfter]);
		},
	);
});

describe('a lie', () => {
	it.each<[keyof typeof LIES, number, RegExp]>([
		['messageOnly', 200, /^\{"SyncTimeUtc":"2026-05-29T13:00:00.000Z","Message":/],
		['errorEntities', 200, /^\{"Entities":\[\],"error":/],
		['errorCode', 200, /"errorCode":429/],
		['unsuccessful', 200, /^\{"success":false,"Entities":\[\]\}$/],
		['emptyBody', 200, /^$/],
		['emptyObject', 200, /^\{\}$/],
		['accepted', 202, /^\{\}$/],
	])('%s has status %i', async (kind, status, text) => {
		const { response } = await met({ kind });
		expect(response.status).toBe(status);
		expect(await response.text()).toMatch(text);
	});

	it('partial answers half of the rows with 206', async () => {
		const { response } = await met({ kind: 'partial' });
		expect(response.status).toBe(206);
		expect(await idsOf(Promise.resolve(response))).toEqual([1, 2]);
	});

	it('tells no time where the truth is a web page', async () => {
		const { response } = await met({ kind: 'messageOnly' }, (simulator) => {
			simulator.settings.tokenEnd = 'loginPage';
			simulator.expireTokens();
		});
		expect(await response.json()).toEqual({ Message: 'An error has occurred.' });
	});
});

describe('a row', () => {
	const textWith = async (poison: (typeof POISONS)[number]) => {
		const simulator = await start();
		simulator.raise(1, { poison });
		const response = await (await client(simulator))(bulk());
		return { status: response.status, text: await response.text() };
	};

	it.each(['nan', 'control', 'comma'] as const)(
		'with %s makes its page no JSON',
		async (poison) => {
			const { status, text } = await textWith(poison);
			expect(status).toBe(200);
			expect(() => JSON.parse(text) as unknown).toThrow(SyntaxError);
		},
	);

	it('can be nested deep', async () => {
		expect((await textWith('deep')).text).toContain(`"MitreDetails":${'['.repeat(5000)}]`);
	});

	it('can be huge', async () => {
		expect((await textWith('huge')).text.length).toBeGreaterThan(300_000);
	});

	it('can make the server fail at every page that holds it, and at no other', async () => {
		const simulator = await start();
		simulator.raise(1);
		simulator.raise(1, { poison: 'unservable' });
		simulator.raise(1);
		const ask = await client(simulator);
		const statusOf = async (Offset: number) => (await ask(bulk({ Offset, Limit: 1 }))).status;
		expect([
			(await ask(bulk())).status,
			await statusOf(0),
			await statusOf(1),
			await statusOf(2),
		]).toEqual([500, 200, 500, 200]);
	});

	it('can have an id that no JavaScript number holds', async () => {
		const simulator = await start();
		simulator.raise(1, { idText: '9007199254740993' });
		expect(await (await (await client(simulator))(bulk())).text()).toContain(
			'"ClientDbId":9007199254740993,',
		);
	});

	it('waits for nobody where it is odd', async () => {
		const simulator = await start();
		simulator.raise(1, { poison: 'comma' });
		simulator.raise(1, { idText: '9007199254740993' });
		simulator.raise(1, { poison: 'huge', expected: true });
		expect(simulator.balance().raised).toBe(1);
	});

	it.each([
		[{ ClientDbId: 0 }],
		[{ ClientDbId: -1 }],
		[{ ClientDbId: 'null' }],
		[{ ClientDbId: '00000000-0000-0000-0000-000000000000' }],
		[{ DateIn: null }],
		[{ DateIn: '1970-01-01T00:00:00+00:00' }],
		[{ DateIn: '2026-05-29T13:00:00', FirstSeenUtc: '2020-01-01T00:00:00+00:00' }],
		[{ Severity: 'High' }],
	])('can hold %j, and a fingerprint of its own', async (fields) => {
		const simulator = await start();
		simulator.raise(2, fields);
		const { Entities } = await envelopeOf((await client(simulator))(bulk()));
		for (const row of Entities) expect(row).toMatchObject(fields);
		expect(Entities[0]!.Uniqueness).not.toBe(Entities[1]!.Uniqueness);
	});

	it('can be stamped years ahead, and later on like any other again', async () => {
		const simulator = await start();
		simulator.raise(1);
		simulator.recur('1001', 1, Date.UTC(2099, 0, 1));
		const ask = await client(simulator);
		expect((await envelopeOf(ask(bulk()))).Entities[0]!.LastSeen).toMatch(/^2099/);
		simulator.recur('1001', 1);
		expect((await envelopeOf(ask(bulk()))).Entities[0]!.LastSeen).toMatch(/^2026/);
	});

	it('can come twice in one page, and behind a byte order mark', async () => {
		expect(await idsOf(Promise.resolve((await met({ kind: 'doubledRows' })).response))).toEqual([
			1, 1, 2, 2, 3, 3, 4, 4,
		]);
		const bytes = new Uint8Array(await (await met({ kind: 'bom' })).response.arrayBuffer());
		expect([...bytes.slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 0x7b]);
	});
});
