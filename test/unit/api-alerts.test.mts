import { expect, test } from 'vitest';

import { fetchAlerts } from '../../nodes/shared/api/alerts.ts';
import { earlierOf } from '../../nodes/shared/api/clocks.ts';
import { failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import { WARNINGS } from '../../nodes/shared/api/warnings.ts';
import { CREDENTIAL, rejection, runningNode, withoutWaits } from './api-kit.mts';

withoutWaits();

const NOON = '2026-06-01T12:00:00.500Z';
const DATE = 'Mon, 01 Jun 2026 12:00:00 GMT';
const at = (text: string) => Date.parse(text);
const QUERY = { list: 'bulk', since: 0, limit: 100, offset: 0 } as const;

type Given = { readonly statusCode?: number; readonly body?: unknown; readonly headers?: object };

const node = (given: Given) => runningNode(() => ({ headers: { date: DATE }, ...given }));
const pageOf = async (given: Given) => await fetchAlerts(node(given).context, QUERY);
const envelope = (more: object = {}) => ({ SyncTimeUtc: NOON, Entities: [], ...more });
const ROWS = [{ ClientDbId: 1 }, { ClientDbId: 2 }];

test.each([
	['an envelope', { body: envelope() }, 0],
	['an envelope with null for its rows', { body: envelope({ Entities: null }) }, 0],
	['an envelope with rows', { body: envelope({ Entities: ROWS }) }, 2],
	['an envelope whose time is the header', { body: { Entities: ROWS } }, 2],
	['an envelope whose time is its own', { body: envelope(), headers: {} }, 0],
	['a bare list with rows', { body: ROWS }, 2],
	[
		'a message that all is well',
		{
			body: envelope({
				Message: 'OK',
				error: null,
				Errors: [],
				status: 200,
				success: true,
				errorCode: 0,
				exception: {},
			}),
		},
		0,
	],
	['a message that there is nothing', { body: envelope({ message: 'No alerts found.' }) }, 0],
] as Array<[string, Given, number]>)('%s is beyond doubt a list', async (_, given, rows) => {
	const page = await pageOf(given);
	expect(page).toMatchObject({ conclusive: true, warnings: [] });
	expect(page.rows).toHaveLength(rows);
});

test.each([
	['no content', { statusCode: 204, body: '' }],
	['no content with a list', { statusCode: 204, body: envelope() }],
	['null', { body: null }],
	['a bare empty list', { body: [] }],
	['a time without rows', { body: { SyncTimeUtc: NOON } }],
] as Array<[string, Given]>)(
	'%s may be an empty list: it is no evidence, and the log says so',
	async (_, given) => {
		expect(await pageOf(given)).toMatchObject({
			rows: [],
			conclusive: false,
			warnings: [WARNINGS.noRows],
		});
	},
);

test('an envelope without any time is no evidence, and what to say of that is for who knows the server', async () => {
	expect(await pageOf({ body: { Entities: [] }, headers: {} })).toEqual({
		rows: [],
		clocks: { stated: null, date: null },
		conclusive: false,
		warnings: [],
	});
	expect(await pageOf({ body: { Entities: ROWS }, headers: {} })).toMatchObject({
		rows: ROWS,
		conclusive: false,
		warnings: [],
	});
});

test.each([
	[{ body: '' }, undefined],
	[{ body: ' \n' }, undefined],
	[{ body: undefined }, undefined],
	[{ body: {} }, undefined],
	[{ body: 150 }, undefined],
	[{ body: { other: 1 } }, undefined],
	[{ body: { Entities: {} } }, undefined],
	[{ body: { SyncTimeUtc: NOON, Entities: 'x' } }, undefined],
	[{ statusCode: 201, body: envelope() }, undefined],
	[{ statusCode: 202, body: envelope() }, undefined],
	[{ statusCode: 202, body: '' }, undefined],
	[{ statusCode: 206, body: [] }, undefined],
	[{ body: { SyncTimeUtc: NOON, Message: 'Database is locked' } }, 'Database is locked'],
	[{ body: envelope({ error: { message: 'Timeout', code: 17 } }) }, 'Timeout'],
	[{ body: envelope({ success: false }) }, 'success: false'],
	[{ body: envelope({ IsSuccess: 'False' }) }, 'issuccess: False'],
	[{ body: envelope({ statusCode: 500 }) }, 'statuscode: 500'],
	[{ body: envelope({ status: 'error' }) }, 'status: error'],
	[{ body: envelope({ EXCEPTION: 'NullReference' }) }, 'NullReference'],
	[{ statusCode: 204, body: { error: 'x' } }, 'x'],
] as Array<[Given, string | undefined]>)(
	'%j may stand for alerts and shows none: it is transient, and its words reach the user',
	async (given, said) => {
		const { asked, context } = node(given);
		const error = (await rejection(fetchAlerts(context, QUERY))) as { description: string };
		expect(reasonOf(error)).toBe('noList');
		expect(failureOf(error)).toMatchObject({
			transient: true,
			maybeMistyped: true,
			atLogin: false,
			mayBeThisPage: true,
		});
		expect(error.description.split(' The answer says: ')[1]).toBe(said);
		expect(asked).toHaveLength(2);
	},
);

test('rows beside words of an error are taken, but are no evidence that these were all', async () => {
	expect(
		await pageOf({
			body: envelope({ Entities: ROWS, error: `Shard 3 is away, ${CREDENTIAL.password}` }),
		}),
	).toMatchObject({
		rows: ROWS,
		conclusive: false,
		warnings: [`${WARNINGS.said}: Shard 3 is away, ***`],
	});
});

test.each([201, 202, 206])(
	'rows with status %d are taken, but are no evidence that these were all',
	async (statusCode) => {
		const warnings = [`${WARNINGS.odd}: ${statusCode}`];
		expect(await pageOf({ statusCode, body: envelope({ Entities: ROWS }) })).toMatchObject({
			rows: ROWS,
			conclusive: false,
			warnings,
		});
		expect(await pageOf({ statusCode, body: ROWS })).toMatchObject({
			rows: ROWS,
			conclusive: false,
			warnings,
		});
	},
);

test('a page with rows that are not JSON is told with their number, and is a whole list', async () => {
	const body = `{"SyncTimeUtc":"${NOON}","Entities":[{"ClientDbId":1},{"ClientDbId":2,"Score":NaN},{"ClientDbId":3 oops},{"ClientDbId":4}]}`;
	expect(await pageOf({ body })).toEqual({
		rows: [
			{ ClientDbId: 1 },
			{ ClientDbId: 2, Score: null },
			'{"ClientDbId":3 oops}',
			{ ClientDbId: 4 },
		],
		clocks: { stated: at(NOON), date: at(DATE) },
		conclusive: true,
		warnings: [`${WARNINGS.repaired}: 2`],
	});
});

test('an answer that was cut off in such a row is asked for again', async () => {
	const { context } = node({
		body: `{"SyncTimeUtc":"${NOON}","Entities":[{"ClientDbId":1},{"ClientDbId":2,"Score":NaN`,
	});
	const error = await rejection(fetchAlerts(context, QUERY));
	expect(reasonOf(error)).toBe('broken');
	expect(failureOf(error)).toMatchObject({ transient: true, mayBeThisPage: true });
});

test.each([
	['the same second', NOON, DATE, at(NOON)],
	['SyncTimeUtc a little ahead', '2026-06-01T12:01:59Z', DATE, at(DATE)],
	['Date a little ahead', '2026-06-01T11:58:01Z', DATE, at('2026-06-01T11:58:01Z')],
	['no Date', NOON, undefined, at(NOON)],
	['no SyncTimeUtc', null, DATE, at(DATE)],
	['a Date that is none', NOON, 'soon', at(NOON)],
	['a SyncTimeUtc that is none', 'soon', DATE, at(DATE)],
	['a SyncTimeUtc of the last year', '9999-12-31T23:59:59Z', DATE, at(DATE)],
	['a SyncTimeUtc of the year 9000', '9000-01-01T00:00:00Z', DATE, at(DATE)],
	['a SyncTimeUtc before there was such a server', '2009-12-31T23:59:59Z', DATE, at(DATE)],
	['a Date before there was such a server', NOON, 'Thu, 31 Dec 2009 23:59:59 GMT', at(NOON)],
	['two that are none', '0001-01-01T00:00:00', '', null],
])('of two clocks in an answer the earlier counts: %s', async (_, SyncTimeUtc, date, earlier) => {
	const { clocks, warnings } = await pageOf({
		body: { SyncTimeUtc, Entities: ROWS },
		headers: { date },
	});
	expect(earlierOf(clocks)).toBe(earlier);
	expect(warnings).toEqual([]);
});

test.each([
	['2026-06-01T12:02:01Z', '2026-06-01 12:02:01'],
	['2026-06-01T11:57:59Z', '2026-06-01 11:57:59'],
])(
	'two clocks that are more than two minutes apart are told, both: %s',
	async (SyncTimeUtc, told) => {
		expect(await pageOf({ body: { SyncTimeUtc, Entities: [] } })).toEqual({
			rows: [],
			clocks: { stated: at(SyncTimeUtc), date: at(DATE) },
			conclusive: true,
			warnings: [`${WARNINGS.clocks}: SyncTimeUtc ${told}, Date 2026-06-01 12:00:00`],
		});
	},
);

test('a server that says the last year and nothing else has no clock', async () => {
	expect(
		await pageOf({ body: { SyncTimeUtc: '9999-12-31T23:59:59Z', Entities: [] }, headers: {} }),
	).toMatchObject({ clocks: { stated: null, date: null }, conclusive: false });
});

test.each([
	['bulk', '/api/alerts/bulk', { LastSeen: '2026-06-01 12:00:00', Limit: 50, Offset: 150 }],
	['unpaged', '/api/alerts', { LastSeen: '2026-06-01 12:00:00' }],
	[
		'changed',
		'/api/alerts/bulkByDateChanged',
		{ DateChanged: '2026-06-01 12:00:00', Limit: 50, Offset: 150 },
	],
] as const)(
	'the list %s is asked for at %s with %j, for the site that is wanted',
	async (list, path, qs) => {
		const { asked, context } = node({ body: envelope() });
		await fetchAlerts(
			context,
			{ list, since: at(NOON), limit: 50, offset: 150 },
			{ clientId: '2002' },
		);
		const [{ options }] = asked as [(typeof asked)[0]];
		expect(options).toMatchObject({
			url: `https://acme.api.cynet.com${path}`,
			headers: { client_id: '2002' },
		});
		expect(options.qs).toEqual(qs);
	},
);

test.each([
	['rows under $values', { $id: '1', $values: ROWS }, ROWS],
	['no rows under $values', { $values: [] }, []],
	[
		'one alert that stands alone',
		{ ClientDbId: 1, IncidentName: 'x' },
		[{ ClientDbId: 1, IncidentName: 'x' }],
	],
])('what writers of JSON make of a list is a list: %s', async (_, Entities, rows) => {
	expect(await pageOf({ body: envelope({ Entities }), headers: {} })).toEqual({
		rows,
		clocks: { stated: at(NOON), date: null },
		conclusive: true,
		warnings: [],
	});
});

test.each([{ ClientDbId: 1 }, { IncidentName: 'x' }, { $values: {} }, { $values: 'x' }])(
	'%j in the place of the rows is neither a list nor an alert',
	async (Entities) => {
		expect(
			reasonOf(await rejection(fetchAlerts(node({ body: envelope({ Entities }) }).context, QUERY))),
		).toBe('noList');
	},
);

test.each([
	['2010-01-01T00:00:00Z', 'Fri, 01 Jan 2010 00:00:00 GMT', at('2010-01-01')],
	['8999-12-31T23:59:59Z', 'Fri, 31 Dec 8999 23:59:59 GMT', at('8999-12-31T23:59:59Z')],
])('%s is a time that a server may have', async (SyncTimeUtc, date, time) => {
	expect((await pageOf({ body: { SyncTimeUtc, Entities: [] }, headers: { date } })).clocks).toEqual(
		{ stated: time, date: time },
	);
});

test('a bare list with rows beside two clocks or none is one, and with words it is not', async () => {
	expect(await pageOf({ body: ROWS, headers: {} })).toMatchObject({
		conclusive: true,
		warnings: [],
	});
	expect(
		await pageOf({ statusCode: 201, body: envelope({ Entities: ROWS, error: 'x' }) }),
	).toMatchObject({ conclusive: false, warnings: [`${WARNINGS.said}: x`] });
});
