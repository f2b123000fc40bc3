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
import { CREDENTIAL, rejection, runningNode } from './api-kit.mts';

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
