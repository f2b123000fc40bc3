import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { RawAlert } from '../../nodes/shared/alert/identity.ts';
import { failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import { readList, type WantedAlerts } from '../../nodes/shared/api/read-list.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { rejection, runningNode, withoutWaits } from './api-kit.mts';
import { MINUTE, NOON, alert, seenAt } from './feed-list.mts';

withoutWaits();

const numbered = (count: number) =>
	Array.from({ length: count }, (_, i) => alert(i + 1, NOON + i * 1000));
const idsOf = (alerts: ReadonlyArray<Record<string, unknown>>) =>
	alerts.map(({ ClientDbId }) => ClientDbId);
const numbers = (count: number) => numbered(count).map(({ ClientDbId }) => ClientDbId);

const EACH = { wanted: () => true, make: (alert: RawAlert) => alert };

interface Asked {
	readonly list: string;
	readonly since: number;
	readonly limit: number;
	readonly offset: number;
}

/** A node in front of a server with these rows, that answers as it is told, else as the API does. */
function serverWith(
	rows: readonly unknown[],
	odd: (asked: Asked, rows: readonly unknown[]) => object | undefined = () => undefined,
) {
	const asked: Asked[] = [];
	const warnings: string[] = [];
	const news: string[] = [];
	const cancel = new AbortController();
	const { context } = runningNode(
		({ options }) => {
			const { LastSeen, DateChanged, Limit, Offset } = options.qs as Record<string, never>;
			const now = {
				list: options.url.split('/').pop()!,
				since: Date.parse(`${String(LastSeen ?? DateChanged).replace(' ', 'T')}Z`),
				limit: Number(Limit),
				offset: Number(Offset ?? 0),
			};
			asked.push(now);
			if (asked.length > 2000) throw new Error('It does not end');
			const inside = rows.filter(
				(row) =>
					typeof row !== 'object' ||
					row === null ||
					seenAt(row as { LastSeen: string }) >= now.since,
			);
			const page =
				now.list === 'alerts' ? inside : inside.slice(now.offset, now.offset + now.limit);
			return (
				odd(now, page) ?? { body: { Entities: page, SyncTimeUtc: new Date(NOON).toISOString() } }
			);
		},
		{ username: `read-list-${Math.random()}` },
	);
	Object.assign(context, {
		logger: {
			warn: (text: string) => void warnings.push(text),
			info: (text: string) => void news.push(text),
		},
		getExecutionCancelSignal: () => cancel.signal,
	});
	const read = async (more: Partial<WantedAlerts<RawAlert>> = {}) =>
		await readList(context, {
			list: 'bulk',
			since: NOON - MINUTE,
			most: Infinity,
			...EACH,
			...more,
		});
	return { context, asked, warnings, news, cancel, read };
}

/** Beyond doubt a list. */
const EMPTY = { Entities: [], SyncTimeUtc: new Date(NOON).toISOString() };
const refused = { statusCode: 500, body: { Message: 'Error' } };

test('all alerts come, each once, in the order of the list, by pages of a hundred that share five rows', async () => {
	const { asked, warnings, read } = serverWith(numbered(250));
	expect(idsOf(await read())).toEqual(numbers(250));
	expect(asked.map(({ list, limit, offset }) => `${list} ${limit} ${offset}`)).toEqual([
		'bulk 100 0',
		'bulk 100 95',
		'bulk 100 190',
	]);
	expect(warnings).toEqual([]);
});

test('as many as are wanted come, of those that meet the filters, and no page more is read', async () => {
	const { asked, read } = serverWith(numbered(1000));
	expect(
		idsOf(await read({ most: 3, wanted: ({ ClientDbId }) => Number(ClientDbId) % 2 === 0 })),
	).toEqual([2, 4, 6]);
	expect(asked).toHaveLength(1);
	expect(await read({ most: 150 })).toHaveLength(150);
	expect(asked).toHaveLength(3);
});

test('no more pages are read than are wanted', async () => {
	const { asked, read } = serverWith(numbered(1000));
	expect((await read({ mostPages: 2 })).length).toBe(195);
	expect(asked).toHaveLength(2);
});

test.each([404, 405, 410])(
	'a server without the list in pages (%d) is asked for the whole',
	async (statusCode) => {
		const { asked, read } = serverWith(numbered(250), ({ list }) =>
			list === 'bulk' ? { statusCode, body: {} } : undefined,
		);
		expect(idsOf(await read())).toEqual(numbers(250));
		expect(asked.map(({ list }) => list)).toEqual(['bulk', 'alerts']);
	},
);

test('an Offset that is ignored is noticed: the whole list is read instead, and no alert comes twice', async () => {
	const rows = numbered(250);
	const { read, asked } = serverWith(rows, ({ list, limit }) =>
		list === 'bulk' ? { body: { Entities: rows.slice(0, limit) } } : undefined,
	);
	expect(idsOf(await read())).toEqual(numbers(250));
	expect(asked.map(({ list }) => list)).toEqual(['bulk', 'bulk', 'alerts']);
});

test('an Offset that is ignored in the list of changes is an error: a part would look like the whole', async () => {
	const rows = numbered(250);
	const { read } = serverWith(rows, ({ limit }) => ({ body: { Entities: rows.slice(0, limit) } }));
	expect(reasonOf(await rejection(read({ list: 'changed' })))).toBe('pagesIgnored');
});

test.each([
	['refused', refused],
	['an empty page', { body: EMPTY }],
])(
	'an Offset that ends (%s) is gone on from by time, where the list is in order of it',
	async (_what, behind) => {
		const { read, asked } = serverWith(numbered(900), ({ list, offset }) =>
			list === 'bulk' && offset >= 200 ? behind : undefined,
		);
		expect(idsOf(await read())).toEqual(numbers(900));
		expect(asked.some(({ list }) => list === 'alerts')).toBe(false);
	},
);

test.each([
	['refused', refused],
	['an empty page', { body: EMPTY }],
])(
	'an Offset that ends (%s) is gone around by the whole list, where it is in another order',
	async (_what, behind) => {
		const { read } = serverWith(numbered(900).reverse(), ({ list, offset }) =>
			list === 'bulk' && offset >= 200 ? behind : undefined,
		);
		expect(new Set(idsOf(await read()))).toEqual(new Set(numbers(900)));
	},
);

test.each([
	['without content', { statusCode: 204, body: '' }],
	['without a time', { body: { Entities: [] } }],
])(
	'an answer %s does not say that the list has ended: what was read comes, and the log says so',
	async (_what, behind) => {
		const { read, warnings } = serverWith(numbered(250), ({ offset }) =>
			offset >= 95 ? behind : undefined,
		);
		expect(idsOf(await read())).toEqual(numbers(100));
		expect(warnings).toContain(
			'Cynet: An answer did not say for certain that there are no more alerts. The list may not be whole.',
		);
	},
);

test.each([[[1]], [[120]], [[250]], [[60, 61]], [[1, 250]]])(
	'rows that cannot be served (%j) are left out, and said: the others come',
	async (poison) => {
		const { read, warnings } = serverWith(numbered(250), (_, rows) =>
			rows.some((row) => poison.includes(Number((row as { ClientDbId: number }).ClientDbId)))
				? refused
				: undefined,
		);
		expect(idsOf(await read())).toEqual(numbers(250).filter((id) => !poison.includes(Number(id))));
		expect(warnings).toEqual([
			`Cynet: ${poison.length} rows of the list could not be served and 0 could not be read. They are left out; Cynet's console has them.`,
		]);
	},
);

test('rows that are no alerts are left out, and said', async () => {
	const { read, warnings } = serverWith([null, ...numbered(3), 'text', 7]);
	expect(idsOf(await read())).toEqual(numbers(3));
	expect(warnings).toEqual([
		"Cynet: 0 rows of the list could not be served and 3 could not be read. They are left out; Cynet's console has them.",
	]);
});

test('a server that is down is an error after some requests, not one for each row', async () => {
	const { read, asked } = serverWith([], () => refused);
	expect(failureOf(await rejection(read())).status).toBe(500);
	expect(asked.length).toBeLessThan(20);
});

test('an execution that is cancelled reads no further page, and none of what was read comes: a part would look like the whole', async () => {
	const { read, asked, cancel } = serverWith(numbered(5000), ({ offset }) => {
		if (offset > 200) cancel.abort();
		return undefined;
	});
	expect(reasonOf(await rejection(read()))).toBe('cancelled');
	expect(asked).toHaveLength(4);
});

test('an n8n that has no word for cancelling reads all', async () => {
	const { context } = runningNode(() => ({ body: EMPTY }), { username: 'read-list-poll' });
	expect(await readList(context, { list: 'bulk', since: NOON, most: 1, ...EACH })).toEqual([]);
});

test('200,000 rows in one page are read', async () => {
	const rows = numbered(200_000);
	const { read } = serverWith([], () => ({ body: { Entities: rows } }));
	expect(await read({ most: 200_000 })).toHaveLength(200_000);
});

test('rows that move between two pages are neither missed nor taken twice', async () => {
	let before = 0;
	const rows = numbered(250);
	const { read } = serverWith([], ({ offset, limit }) => {
		if (before++ === 1) rows.unshift(alert(900, NOON), alert(901, NOON), alert(902, NOON));
		return { body: { Entities: rows.slice(offset, offset + limit) } };
	});
	expect(idsOf(await read())).toEqual(numbers(250));
});

test('what the log should say of a page is said', async () => {
	const { read, warnings } = serverWith(numbered(3), (_, rows) => ({
		statusCode: 206,
		body: { Entities: rows, SyncTimeUtc: new Date(NOON).toISOString() },
	}));
	await read();
	expect(warnings[0]).toBe(
		'Cynet: Cynet answered with alerts, but with another status than 200: 206',
	);
});

test('a server that caps its pages is read on to its end', async () => {
	const { read, asked } = serverWith(numbered(50), (_, rows) => ({
		body: { Entities: rows.slice(0, 20), SyncTimeUtc: new Date(NOON).toISOString() },
	}));
	expect(idsOf(await read())).toEqual(numbers(50));
	expect(asked.map(({ offset }) => offset)).toEqual([0, 15, 30, 45]);
});

test('once as many came as are wanted no page more is read, though the page was full', async () => {
	const { read, asked } = serverWith(numbered(250));
	expect(await read({ most: 100 })).toHaveLength(100);
	expect(asked).toHaveLength(1);
	expect(await read({ most: 101 })).toHaveLength(101);
	expect(asked).toHaveLength(3);
});

test.each([
	['a refusal of the size', 400, 'refused'],
	['a refusal', 403, 'forbidden'],
])('%s on the first page is an error at once', async (_, statusCode, reason) => {
	const { read, asked } = serverWith(numbered(5), () => ({ statusCode, body: {} }));
	expect(reasonOf(await rejection(read()))).toBe(reason);
	expect(asked.every(({ limit }) => limit === 100)).toBe(true);
});

test.each([
	[400, true],
	[416, true],
	[403, false],
	[429, false],
])('status %d behind the first page ends Offset: %j', async (statusCode, ends) => {
	const { read } = serverWith(numbered(300), ({ list, offset }) =>
		list === 'bulk' && offset > 0 ? { statusCode, body: {} } : undefined,
	);
	const outcome = await read().then(idsOf, failureOf);
	if (ends) expect(outcome).toEqual(numbers(300));
	else expect(outcome).toMatchObject({ status: statusCode });
});

test('the whole list cannot be halved: that it is refused is an error', async () => {
	const { read, asked } = serverWith(numbered(5), ({ list }) =>
		list === 'bulk' ? { statusCode: 404, body: {} } : refused,
	);
	expect(failureOf(await rejection(read())).status).toBe(500);
	expect(asked.every(({ list, limit }) => list === 'bulk' || Number.isNaN(limit))).toBe(true);
});

test.each(['bulk', 'changed'] as const)(
	'where no list is there that is an error: %s',
	async (list) => {
		const { read } = serverWith(numbered(5), () => ({ statusCode: 404, body: {} }));
		expect(failureOf(await rejection(read({ list }))).status).toBe(404);
	},
);

test('after a failure each request is tried once, but for the one that decides over a row', async () => {
	const { read, asked } = serverWith(numbered(2), (_, rows) =>
		rows.some((row) => (row as { ClientDbId: number }).ClientDbId === 1) ? refused : undefined,
	);
	expect(idsOf(await read())).toEqual([2]);
	expect(asked.map(({ limit, offset }) => `${offset} of ${limit}`)).toEqual([
		...Array<string>(5).fill('0 of 100'),
		'0 of 1',
		'1 of 1',
		...Array<string>(5).fill('0 of 1'),
		expect.stringMatching(/^1 of /) as string,
		...asked.slice(13).map(({ limit, offset }) => `${offset} of ${limit}`),
	]);
});

test('twenty failures are isolated, and not one more', async () => {
	const rows = numbered(200);
	const failing = async (poisoned: number) => {
		const poison = Array.from({ length: poisoned }, (_, i) => 10 + i * 20);
		const { read } = serverWith(rows, (_, page) =>
			page.some((row) => poison.includes(Number((row as { ClientDbId: number }).ClientDbId)))
				? refused
				: undefined,
		);
		return await read().then((found) => found.length, failureOf);
	};
	expect(await failing(1)).toBe(199);
	expect(await failing(9)).toMatchObject({ status: 500 });
});

test('the site that is wanted is asked for', async () => {
	const { asked, context } = runningNode(() => ({ body: EMPTY }), { username: 'read-list-site' });
	await readList(context, { list: 'bulk', since: NOON, most: 1, ...EACH }, { clientId: '2002' });
	expect(asked[0]?.options.headers).toEqual({ client_id: '2002' });
});

test('a long list says every fifty pages how far it has come', async () => {
	const { news, read } = serverWith(numbered(9_525));
	expect(await read({ wanted: ({ ClientDbId }) => Number(ClientDbId) % 2 === 0 })).toHaveLength(
		4_762,
	);
	expect(news).toEqual([
		'Cynet: 50 pages read, 2377 alerts found so far.',
		'Cynet: 100 pages read, 4752 alerts found so far.',
	]);
	const { news: none, read: readFew } = serverWith(numbered(4_000));
	await readFew();
	expect(none).toEqual([]);
});

/** The most entries that a set had while something was added to it. */
async function largestSet(work: () => Promise<unknown>): Promise<number> {
	let largest = 0;
	const { add } = Set.prototype;
	Set.prototype.add = function <T>(this: Set<T>, value: T) {
		largest = Math.max(largest, this.size);
		return add.call(this, value) as Set<T>;
	};
	try {
		await work();
	} finally {
		Set.prototype.add = add;
	}
	return largest;
}

test('what is kept of a long list grows with what is returned, not with what is read', async () => {
	const { read, asked } = serverWith(numbered(10_000));
	const wanted = ({ ClientDbId }: RawAlert) => Number(ClientDbId) % 1000 === 0;
	let found = 0;
	const largest = await largestSet(async () => (found = (await read({ wanted })).length));
	expect([found, asked.length]).toEqual([10, 106]);
	expect(largest).toBeLessThanOrEqual(100);
});

test('each alert is looked at once, also those that two pages share', async () => {
	const { read } = serverWith(numbered(250));
	const looked: unknown[] = [];
	await read({ wanted: ({ ClientDbId }) => looked.push(ClientDbId) < 0 });
	expect(looked).toEqual(numbers(250));
});

test('an alert that comes again on a much later page, as it recurred meanwhile, comes once', async () => {
	const rows = numbered(900);
	const { read, asked } = serverWith([], ({ offset, limit }) => {
		if (offset > 500 && rows.length === 900) rows.push(alert(7, NOON + 900_000));
		return { body: { Entities: rows.slice(offset, offset + limit) } };
	});
	expect(idsOf(await read())).toEqual(numbers(900));
	expect(asked).toHaveLength(10);
});

test('an alert that was not wanted, and on a later page is, comes', async () => {
	const rows = numbered(900);
	const { read } = serverWith([], ({ offset, limit }) => {
		if (offset > 500 && rows.length === 900)
			rows.push(Object.assign(alert(7, NOON + 900_000), { Status: 9 }));
		return { body: { Entities: rows.slice(offset, offset + limit) } };
	});
	expect(idsOf(await read({ wanted: ({ Status }) => Status === 9 }))).toEqual([7]);
});

test('of a list that is returned whole, the rows of a page are let go once something is made of them', async () => {
	setFlagsFromString('--expose-gc');
	const collectGarbage = runInNewContext('gc') as () => void;
	let firstRow: WeakRef<object> | undefined;
	let isLetGo = false;
	/** The last page, which comes once the first one is let go, or never is. */
	async function* late(page: object) {
		for (let tries = 0; tries < 20 && !isLetGo; tries++) {
			await new Promise((resolve) => setImmediate(resolve));
			collectGarbage();
			isLetGo = firstRow?.deref() === undefined;
		}
		yield JSON.stringify(page);
	}
	const { context } = runningNode(
		({ options }) => {
			const { Offset } = options.qs as { Offset: number };
			const rows = numbered(500).slice(Offset, Offset + 100);
			firstRow ??= new WeakRef(rows[0]!);
			const page = { Entities: rows, SyncTimeUtc: new Date(NOON).toISOString() };
			return {
				body: Offset < 400 ? page : Object.assign(late(page), { destroy: () => undefined }),
			};
		},
		{ username: 'read-list-let-go' },
	);
	// Each row ends a turn: what one turn of the event loop holds, the next may let go.
	let ticks = 0;
	clock.ticks = () => (ticks += 25);
	clock.wait = async () => await new Promise((resolve) => setImmediate(resolve));
	Object.assign(context, { logger: { warn: () => undefined, info: () => undefined } });
	const make = ({ ClientDbId }: RawAlert) => ClientDbId;
	const ids = await readList(context, { list: 'bulk', since: 0, most: Infinity, ...EACH, make });
	expect(ids).toHaveLength(500);
	expect(isLetGo).toBe(true);
});
