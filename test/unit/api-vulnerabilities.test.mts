import type { IDataObject } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { failureOf, reasonOf } from '../../nodes/shared/api/errors.ts';
import {
	fetchEspm,
	fetchEspmEndpoints,
	fetchReport,
} from '../../nodes/shared/api/vulnerabilities.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { rejection, runningNode, withoutWaits } from './api-kit.mts';

withoutWaits();

const rows = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => ({ id: from + index }));

/** A site with so many rows, of which each page shows what `show` makes of limit and offset. */
function espm(show: (limit: number, offset: number) => unknown) {
	const pages: IDataObject[] = [];
	const { context } = runningNode(({ options }) => {
		const { limit, offset } = (options.body ?? options.qs) as { limit: number; offset: number };
		pages.push({ limit, offset });
		if (pages.length > 20) throw new Error('asked for ever');
		return { body: { data: show(limit, offset) } };
	});
	return {
		pages,
		read: async (most: number) => await fetchEspm(context, 'espmVulnerabilities', 'guid', most),
		readEndpoints: async () =>
			await fetchEspmEndpoints(context, 'espmVulnerabilities', 'guid', {
				riskId: 1,
				productName: 'P',
			}),
	};
}

const holding = (count: number) =>
	espm((limit, offset) => rows(offset, Math.min(count, offset + limit)));

test.each([
	[0, []],
	[1, [{ limit: 1, offset: 0 }]],
	[499, [{ limit: 499, offset: 0 }]],
	[500, [{ limit: 500, offset: 0 }]],
	[
		700,
		[
			{ limit: 500, offset: 0 },
			{ limit: 200, offset: 500 },
		],
	],
	[
		1_000,
		[
			{ limit: 500, offset: 0 },
			{ limit: 500, offset: 500 },
		],
	],
])('of a long list %d rows are read, and no request asks for a row more', async (most, pages) => {
	const site = holding(5_000);
	expect(await site.read(most)).toEqual(rows(0, most));
	expect(site.pages).toEqual(pages);
});

test.each([
	[0, 1],
	[499, 2],
	[500, 2],
	[501, 3],
	[1_000, 3],
])(
	'a list of %d rows ends after %d requests, though more was asked for',
	async (count, requests) => {
		const site = holding(count);
		expect(await site.read(5_000)).toEqual(rows(0, count));
		expect(site.pages).toHaveLength(requests);
	},
);

test('the endpoints of a row are all read', async () => {
	const site = holding(1_200);
	expect(await site.readEndpoints()).toEqual(rows(0, 1_200));
	expect(site.pages.map(({ offset }) => offset)).toEqual([0, 500, 1_000, 1_200]);
});

test.each([2, 499, 501])(
	'a server that shows more than it is asked for gives %d rows all the same',
	async (most) => {
		expect(await espm(() => rows(0, 600)).read(most)).toEqual(rows(0, most));
	},
);

test('a server that ignores the offset is read once, and no row comes twice', async () => {
	const site = espm((limit) => rows(0, limit));
	expect(await site.readEndpoints()).toEqual(rows(0, 500));
	expect(site.pages).toHaveLength(2);
});

test('a server that begins anew after its last page is read once, and no row comes twice', async () => {
	const site = espm((limit, offset) => rows(offset % 1_500, (offset % 1_500) + limit));
	expect(await site.readEndpoints()).toEqual(rows(0, 1_500));
	expect(site.pages).toHaveLength(4);
});

test.each([7, 'no', { id: 1 }])(
	'a page that holds %j in place of its rows is an answer that was not expected',
	async (data) => {
		const error = await rejection(espm(() => data).read(10));
		expect(reasonOf(error)).toBe('notExpected');
		expect(failureOf(error).status).toBe(200);
	},
);

test.each([403, 404])('a status of %d means that the site has no such list', async (statusCode) => {
	const { context } = runningNode(() => ({ statusCode }));
	expect(reasonOf(await rejection(fetchEspm(context, 'espmMisconfigurations', 'guid', 1)))).toBe(
		'notLicensed',
	);
});

test.each([
	[{ Entities: [{ id: 1 }, { id: 2 }] }, [{ id: 1 }, { id: 2 }]],
	[{ Entities: [] }, []],
	[[{ id: 1 }], [{ id: 1 }]],
	['', []],
	[null, []],
])('a report that is answered with %j has the rows %j', async (body, expected) => {
	expect(await fetchReport(runningNode(() => ({ body })).context, 'agents', 0)).toEqual(expected);
});

test.each([{ message: 'x' }, { Entities: 7 }, { data: [{ id: 1 }] }])(
	'a report that is answered with %j is an answer that was not expected',
	async (body) => {
		expect(
			reasonOf(await rejection(fetchReport(runningNode(() => ({ body })).context, 'agents', 0))),
		).toBe('notExpected');
	},
);

test.each([
	[
		'espmVulnerabilities',
		'vulnerabilities',
		{ riskId: 1, productName: 'P', other: 7 },
		{ riskId: 1, productName: 'P' },
	],
	[
		'espmMisconfigurations',
		'misconfigurations',
		{ internalId: 5, riskId: 1 },
		{ selectedInternalId: 5 },
	],
	['espmMisconfigurations', 'misconfigurations', { riskId: 1 }, { selectedInternalId: 1 }],
	[
		'espmMisconfigurations',
		'misconfigurations',
		{ internalId: null, riskId: '1' },
		{ selectedInternalId: '1' },
	],
] as const)(
	'of the list %s at %s the endpoints of %j are asked for with %j',
	async (report, path, row, wanted) => {
		const { asked, context } = runningNode(() => ({ body: { data: [] } }));
		await fetchEspmEndpoints(context, report, 'a/b', row);
		await fetchEspm(context, report, 'a/b', 7);
		expect(
			asked.map(({ options: { method, url, qs, body } }) => ({ method, url, qs, body })),
		).toEqual([
			{
				method: 'GET',
				url: `https://acme.api.cynet.com/api/v2/hosts/a%2Fb/espm/${path}/endpoints`,
				qs: { ...wanted, limit: 500, offset: 0 },
				body: undefined,
			},
			{
				method: 'POST',
				url: `https://acme.api.cynet.com/api/v2/hosts/a%2Fb/espm/${path}`,
				qs: undefined,
				body: { limit: 7, offset: 0 },
			},
		]);
	},
);

test.each([{}, { riskId: 1 }, { productName: 'P' }, { riskId: 1, productName: ' ' }])(
	'a row that does not say which it is has no endpoints, and none are asked for: %j',
	async (row) => {
		const { asked, context } = runningNode(() => ({ body: { data: [{ id: 1 }] } }));
		expect(await fetchEspmEndpoints(context, 'espmVulnerabilities', 'g', row)).toEqual([]);
		expect(asked).toEqual([]);
	},
);

test('a report is asked for since then', async () => {
	const { asked, context } = runningNode(() => ({ body: [] }));
	await fetchReport(context, 'riskyApplications', Date.UTC(2026, 5, 1));
	expect(asked[0]?.options).toMatchObject({
		url: 'https://acme.api.cynet.com/api/va/riskyApps',
		qs: { fromDate: '2026-06-01 00:00:00' },
	});
});

test('an execution that is cancelled asks for no further page', async () => {
	const cancel = new AbortController();
	const { asked, context } = runningNode((_, count) => {
		if (count === 2) cancel.abort();
		return { body: { data: rows(count * 500, count * 500 + 500) } };
	});
	Object.assign(context, { getExecutionCancelSignal: () => cancel.signal });
	expect(reasonOf(await rejection(fetchEspm(context, 'espmVulnerabilities', 'g', 5_000)))).toBe(
		'cancelled',
	);
	expect(asked).toHaveLength(2);
});

test('rows that come again count for the offset, not for the list', async () => {
	const pages = [rows(0, 500), rows(400, 900), rows(1_000, 1_010), []];
	const site = espm(() => pages.shift());
	expect(await site.read(5_000)).toEqual([...rows(0, 900), ...rows(1_000, 1_010)]);
	expect(site.pages.map(({ offset }) => offset)).toEqual([0, 500, 1_000, 1_010]);
});

test.each([
	['without content', { statusCode: 204, body: '' }, true],
	['an empty list', { body: [] }, true],
	['an envelope without rows', { body: { data: null } }, true],
	['nothing', { body: '' }, false],
	['null', { body: null }, false],
	['an empty object', { body: {} }, false],
] as Array<[string, object, boolean]>)(
	'behind the first page %s ends the list: %j; as the first page it is an empty one',
	async (_, given, ends) => {
		const { context } = runningNode((__, count) =>
			count === 1 ? { body: { data: rows(0, 500) } } : given,
		);
		const outcome = await fetchEspm(context, 'espmVulnerabilities', 'g', 5_000).catch(reasonOf);
		expect(outcome).toEqual(ends ? rows(0, 500) : 'notExpected');
		expect(
			await fetchEspm(runningNode(() => given).context, 'espmVulnerabilities', 'g', 5_000),
		).toEqual([]);
	},
);

test('a page that is asked for by POST is asked for again as a GET is, up to a deadline', async () => {
	clock.ticks = () => 1_000_000;
	const outage = async (deadline?: number) => {
		const { asked, context } = runningNode((_, count) =>
			count < 3 ? { statusCode: 503 } : { body: { data: rows(0, 1) } },
		);
		const outcome = await fetchEspm(context, 'espmVulnerabilities', 'g', 1, { deadline }).catch(
			reasonOf,
		);
		return [outcome, asked.length];
	};
	expect(await outage()).toEqual([rows(0, 1), 3]);
	expect(await outage(1_000_000)).toEqual(['unavailable', 1]);
});

test.each([
	[[{ error: 'x' }], 'notExpected'],
	[
		[{ error: 'x' }, { id: 1 }],
		[{ error: 'x' }, { id: 1 }],
	],
	[[null], [null]],
	[['x'], ['x']],
])('a report whose rows are %j is %j', async (body, expected) => {
	expect(
		await fetchReport(runningNode(() => ({ body })).context, 'agents', 0).catch(reasonOf),
	).toEqual(expected);
});
