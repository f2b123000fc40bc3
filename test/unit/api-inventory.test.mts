import { expect, test } from 'vitest';

import { countAlerts, fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { loginError, failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import {
	fetchFile,
	fetchInventory,
	fetchNamed,
	objectOf,
} from '../../nodes/shared/api/inventory.ts';
import { rowsOf } from '../../nodes/shared/api/rows.ts';
import { CREDENTIAL, rejection, runningNode, withoutWaits } from './api-kit.mts';

withoutWaits();

const answering = (body: unknown) => runningNode(() => ({ body })).context;
const UNEXPECTED = { transient: false, status: 200, retryAfterMs: null, atLogin: false };

test.each([
	[150, 150],
	[0, 0],
])('a count that is answered with %j is %d', async (body, count) => {
	expect(await countAlerts(answering(body), 0)).toBe(count);
});

test.each([
	[''],
	[' '],
	['\r\n'],
	[null],
	[undefined],
	[true],
	[-1],
	[1.5],
	[{}],
	[[]],
	[[7]],
	[{ count: 7 }],
])('a count that is answered with %j is none', async (body) => {
	const error = await rejection(countAlerts(answering(body), 0));
	expect(reasonOf(error)).toBe('notExpected');
	expect(failureOf(error)).toMatchObject(UNEXPECTED);
});

test.each([{ message: 'x' }, { Entities: 7 }, 7])(
	'alerts that are answered with %j are no list, which is no matter of the login',
	async (body) => {
		const error = await rejection(
			fetchAlerts(answering(body), { list: 'bulk', since: 0, limit: 1, offset: 0 }),
		);
		expect(reasonOf(error)).toBe('noList');
		expect(failureOf(error)).toMatchObject({ ...UNEXPECTED, transient: true, maybeMistyped: true });
	},
);

test.each([{ message: 'x' }, { Entities: 7 }, 7])(
	'hosts that are answered with %j are an answer that was not expected',
	async (body) => {
		expect(reasonOf(await rejection(fetchInventory(answering(body), 'hosts', 0)))).toBe(
			'notExpected',
		);
	},
);

test('an empty list that speaks of an error is not taken for an empty list', async () => {
	const error = await rejection(
		fetchInventory(answering({ Entities: [], error: 'Database is locked' }), 'hosts', 0),
	);
	expect(reasonOf(error)).toBe('notExpected');
	expect(error).toMatchObject({
		description: expect.stringContaining('The answer says: Database is locked') as string,
	});
});

test.each(['OK', 7, true])('%j is no list', (body) => {
	expect(rowsOf(body, 'Entities')).toBeNull();
});

test.each(['', ' \n', null, undefined, {}])(
	'a file that is answered with %j is one that the site has never seen',
	async (body) => {
		expect(await fetchFile(answering(body), 'a'.repeat(64))).toBeNull();
	},
);

test.each(['', ' \n', null, undefined, {}])(
	'a host that is answered with %j is missing',
	async (body) => {
		expect(reasonOf(await rejection(fetchNamed(answering(body), 'host', 'WS-1')))).toBe(
			'hostMissing',
		);
	},
);

test.each([[7], [true], [[]], [[{ id: 1 }]]])(
	'a file that is answered with %j is an answer that was not expected',
	async (body) => {
		const error = await rejection(fetchFile(answering(body), 'a'.repeat(64)));
		expect(reasonOf(error)).toBe('notExpected');
		expect(failureOf(error)).toMatchObject(UNEXPECTED);
	},
);

test('a text is no object, and is not passed over', async () => {
	await expect(async () =>
		objectOf(answering(''), { status: 200, body: 'OK' }),
	).rejects.toMatchObject({ httpCode: '200' });
});

test.each([
	[401, 'unauthorized'],
	[403, 'forbidden'],
	[404, 'userMissing'],
	[405, 'refused'],
])('a user who is answered with status %d is %s', async (statusCode, reason) => {
	expect(
		reasonOf(
			await rejection(
				fetchNamed(runningNode(() => ({ statusCode, body: {} })).context, 'user', 'u'),
			),
		),
	).toBe(reason);
});

test('a login that is not found is not told as a user who is missing', async () => {
	const error = loginError(
		{ reason: 'loginNotFound', status: 404, retryAfterMs: null, login: true },
		{ ...CREDENTIAL },
	);
	expect(reasonOf(await rejection(fetchNamed(runningNode(() => error).context, 'user', 'u')))).toBe(
		'loginNotFound',
	);
});

/** What a list of hosts is read as, with what was asked and what the log says. */
async function hosts(body: unknown) {
	const warnings: string[] = [];
	const { asked, context } = runningNode(() => ({ body }));
	Object.assign(context, { logger: { warn: (text: string) => void warnings.push(text) } });
	const result = await fetchInventory(context, 'hosts', Date.UTC(2026, 5, 1)).catch(reasonOf);
	return { result, warnings, asked: asked.map(({ options: { url, qs } }) => [url, qs]) };
}

test('hosts are asked for since then, and rows that are none are left out and said', async () => {
	const rows = [{ HostName: 'WS-1' }, { other: 7 }, null, { ClientDbId: 7 }];
	expect(await hosts({ Entities: rows })).toEqual({
		result: [rows[0], rows[3]],
		warnings: [
			"Cynet: 2 rows of the list of hosts could not be read. They are left out; Cynet's console has them.",
		],
		asked: [['https://acme.api.cynet.com/api/hosts', { LastSeen: '2026-06-01 00:00:00' }]],
	});
});

test.each([
	[[], [], []],
	[[{ name: 'WS-1' }], [{ name: 'WS-1' }], []],
	[[{ other: 7 }, 7], 'notExpected', []],
	[[{ error: 'x' }], 'notExpected', []],
	[{ Entities: [{ name: 'WS-1' }], error: 'x' }, 'notExpected', []],
])('hosts that are answered with %j are %j', async (body, result, warnings) => {
	expect(await hosts(body)).toMatchObject({ result, warnings });
});

test('of a list of which one row speaks of an error the others come', async () => {
	expect((await hosts([{ name: 'WS-1' }, { name: 'WS-2', error: 'x' }])).result).toEqual([
		{ name: 'WS-1' },
	]);
});

test.each([
	['a record', { host_name: 'WS-1', os: 'x' }],
	['a list of one', [{ HostName: 'WS-1', os: 'x' }]],
	['a list with others and what is no record', [null, { HostName: 'WS-2' }, { name: 'ws-1' }]],
])('a host is found in %s', async (_, body) => {
	const { asked, context } = runningNode(() => ({ body }));
	const found = Array.isArray(body) ? body.at(-1) : body;
	expect(await fetchNamed(context, 'host', 'WS-1')).toEqual(found);
	expect(asked[0]?.options).toMatchObject({
		url: 'https://acme.api.cynet.com/api/full/host',
		qs: { name: 'WS-1' },
	});
});

test.each([
	['host', [{ name: 'WS-1' }, { name: 'WS-1' }], 'severalHosts', undefined],
	['user', [{ name: 'WS-1' }, { name: 'WS-1' }], 'notExpected', undefined],
	['host', { name: 'WS-2 <b>' }, 'hostMissing', 'this is WS-2 b'],
	['user', { name: 'WS-2' }, 'userMissing', 'this is WS-2'],
	['host', { name: null }, 'hostMissing', undefined],
	['host', [], 'hostMissing', undefined],
	['host', [7], 'hostMissing', undefined],
	['host', { message: 'Host not found' }, 'hostMissing', 'Host not found'],
	['host', { message: 'Database is locked' }, 'notExpected', 'Database is locked'],
	['host', { other: 7 }, 'notExpected', undefined],
	['host', 'OK', 'unreadable', 'OK'],
] as const)('a %s that is answered with %j is %s', async (kind, body, reason, said) => {
	const error = (await rejection(fetchNamed(answering(body), kind, 'WS-1'))) as {
		description: string;
	};
	expect(reasonOf(error)).toBe(reason);
	expect(error.description.split('The answer says: ')[1]).toBe(said);
});

test.each([
	['host', 500, 'Sequence holds more than one element', 'severalHosts'],
	['host', 400, 'The name is ambiguous', 'severalHosts'],
	['user', 400, 'The name is ambiguous', 'refused'],
	['host', 400, 'The name is too long', 'refused'],
	['host', 404, 'No HTTP resource was found', 'notFound'],
	['host', 404, 'Host WS-1', 'hostMissing'],
] as const)('a %s with status %d and %j is %s', async (kind, statusCode, message, reason) => {
	const { context } = runningNode(() => ({ statusCode, body: { message } }));
	expect(reasonOf(await rejection(fetchNamed(context, kind, 'WS-1')))).toBe(reason);
});

test('a page with status 404 says nothing of what there is', async () => {
	const { context } = runningNode(() => ({ statusCode: 404, body: '<html>' }));
	expect(reasonOf(await rejection(fetchNamed(context, 'host', 'WS-1')))).toBe('webPage');
	expect(reasonOf(await rejection(fetchFile(context, 'abc')))).toBe('webPage');
});

test.each([
	['status 404', { statusCode: 404, body: {} }],
	['a record of nothing', { body: { sha256: null } }],
	['words', { body: { message: 'File not found' } }],
])('a file that the site has never seen may be answered with %s', async (_, given) => {
	expect(await fetchFile(runningNode(() => given).context, 'abc')).toBeNull();
});

test('a file is asked for by its hash, and another one is not it', async () => {
	const { asked, context } = runningNode(() => ({ body: { SHA256: 'ABC', size: 7 } }));
	expect(await fetchFile(context, 'abc')).toEqual({ SHA256: 'ABC', size: 7 });
	expect(asked[0]?.options).toMatchObject({
		url: 'https://acme.api.cynet.com/api/full/file',
		qs: { sha256: 'abc' },
	});
	expect(await rejection(fetchFile(context, 'abd'))).toMatchObject({
		description: expect.stringContaining('The answer says: this is another file') as string,
	});
	expect(
		await rejection(fetchFile(answering({ message: 'Database is locked' }), 'abd')),
	).toMatchObject({
		description: expect.stringContaining('The answer says: Database is locked') as string,
	});
});

test('a count is asked for since then', async () => {
	const { asked, context } = runningNode(() => ({ body: 7 }));
	await countAlerts(context, Date.UTC(2026, 5, 1));
	expect(asked[0]?.options).toMatchObject({
		url: 'https://acme.api.cynet.com/api/alerts/count',
		qs: { DateChanged: '2026-06-01 00:00:00' },
	});
});

test('a login that says that there are several is not told as several hosts', async () => {
	const error = loginError(
		{
			reason: 'loginRefused',
			status: 400,
			retryAfterMs: null,
			login: true,
			said: 'multiple users',
		},
		{ ...CREDENTIAL },
	);
	expect(reasonOf(await rejection(fetchNamed(runningNode(() => error).context, 'host', 'u')))).toBe(
		'loginRefused',
	);
});

test('another file is no sign that there is none, whatever the answer says', async () => {
	const body = { sha256: 'abd', message: 'File not found' };
	expect(reasonOf(await rejection(fetchFile(answering(body), 'abc')))).toBe('notExpected');
});
