import { Settings } from 'luxon';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { clock } from '../../nodes/shared/clock.ts';
import { SHA256, startRunner, type Runner } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner({ licensedSiteGuids: ['guid-1'] })));
afterEach(async () => await runner.close());

const SINCE = '2026-05-31T00:00:00Z';
const answer = (path: string, body: unknown, status = 200) =>
	runner.simulator.faults.add({ kind: 'status', status, body: body as object, match: { path } });

/** A good status with an error inside, or with nothing. */
const FAILURES: unknown[] = [
	{ Success: false },
	{ success: 'false', data: null },
	{ isSuccess: 0 },
	{ error: 'Database is locked' },
	{ Error: { message: 'Timeout' } },
	{ errors: ['Bad request'] },
	{ hasErrors: true },
	{ ErrorMessage: 'x' },
	{ status: 500, title: 'Internal error' },
	{ Message: 'Host not found' },
	{ message: 'User does not exist' },
	{ Message: 'File not found' },
	{ Message: 'An error has occurred.' },
	{ detail: 'Not allowed' },
	{},
	{ data: {} },
	{ id: 7 },
	{ result: 'OK' },
	{ status: 'ok' },
	{ hostname: null, username: null, sha256: null, files: [] },
	{ hostname: '', username: ' ', sha256: '' },
	{ hostname: {}, username: [], sha256: {} },
	[],
	[{}],
	[{ error: 'x' }],
	[null],
	'',
	'null',
	'[]',
	'true',
	'7',
	'"OK"',
	'OK',
	'<html><title>Sign in</title></html>',
	{ hostname: 'WS-0101', username: 'CORP\\a.meyer', sha256: SHA256, error: 'Shard 3 is away' },
	{ hostname: 'WS-0101', username: 'CORP\\a.meyer', sha256: SHA256, Success: false },
	{ hostname: 'WS-0102', username: 'CORP\\b.novak', sha256: 'B'.repeat(64) },
	{ hostname: 'WS-01011', username: 'OTHER\\a.meyer', sha256: SHA256.slice(1) },
];

describe('a good status with an error inside', () => {
	test.each(FAILURES.map((body) => [body]))('%j is no host, no user and no file', async (body) => {
		const times = { times: 'forever' } as const;
		for (const path of ['/api/full/host', '/api/full/user', '/api/full/file'])
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body: body as object,
				match: { path },
				...times,
			});
		expect((await runner.refusal('host', 'get', { hostName: 'WS-0101' })).constructor.name).toBe(
			'NodeApiError',
		);
		expect(
			(await runner.refusal('user', 'get', { userName: 'CORP\\a.meyer' })).constructor.name,
		).toBe('NodeApiError');
		const [file] = await runner.items(
			'file',
			'get',
			{ simple: false, sha256: SHA256 },
			{ node: { onError: 'continueRegularOutput' } },
		);
		expect(file!.json.found ?? false).toBe(false);
		expect('error' in file!.json || file!.json.found === false).toBe(true);
	});

	test.each([
		[{ Success: false }],
		[{ error: 'x' }],
		[{ Message: 'Not allowed' }],
		[[{ error: 'x' }]],
		[{ Entities: [{ error: 'x' }] }],
		[{ Entities: [{ HostName: 'A', Name: 'A' }], error: 'Shard 3 is away' }],
		[{ Entities: [null, 5, 'x', [], {}] }],
		[{ Entities: { HostName: 'A' } }],
	])('%j is no list of hosts, of users or of patches', async (body) => {
		for (const [resource, path] of [
			['host', '/api/hosts'],
			['user', '/api/users'],
			['vulnerability', '/api/va/patches/missing'],
		] as const) {
			const rows = (body as { Entities?: unknown[] }).Entities;
			if (resource === 'vulnerability' && rows?.[1] === 5) continue;
			answer(path, body);
			expect(
				(await runner.refusal(resource, 'getAll', { since: SINCE, returnAll: true })).message,
				resource,
			).toBe('The answer is not what this operation returns');
		}
	});

	test('words about a user are no error of the answer', async () => {
		answer('/api/full/user', {
			username: 'CORP\\a.meyer',
			title: 'Head of Failures',
			message: 'Away',
			status: 'failed',
		});
		expect(await runner.one('user', 'get', { simple: false, userName: 'a.meyer' })).toMatchObject({
			title: 'Head of Failures',
		});
		answer('/api/full/user', { name: 'Anna Meyer', user_name: 'corp\\A.Meyer' });
		expect(
			await runner.one('user', 'get', { simple: false, userName: 'CORP\\a.meyer' }),
		).toMatchObject({
			name: 'Anna Meyer',
		});
	});
});

describe('Host Get', () => {
	test.each([
		['ws-0101', 'WS-0101'],
		['WS-0101', 'ws-0101.corp.example'],
		['WS-0101.corp.example', 'WS-0101'],
	])('that asks for %s takes %s', async (hostName, hostname) => {
		answer('/api/full/host', { hostname });
		expect(await runner.one('host', 'get', { simple: false, hostName })).toEqual({ hostname });
	});

	test('that is answered with another host does not find it, and says so', async () => {
		answer('/api/full/host', { hostname: 'WS-0102<b>\u202e' });
		expect(await runner.refusal('host', 'get', { hostName: 'WS-0101' })).toMatchObject({
			message: 'Cynet does not know this host',
			description: expect.stringMatching(/The answer says: this is WS-0102 b$/),
		});
	});

	test.each([
		[
			200,
			[
				{ hostname: 'WS-0101', id: 1 },
				{ hostname: 'ws-0101', id: 2 },
			],
		],
		[500, { Message: 'Sequence contains more than one element' }],
		[409, { message: 'Multiple hosts with this name' }],
		[400, 'The host name is ambiguous'],
		[200, { error: 'Several hosts match' }],
	])(
		'of a name that two hosts have says that, and not to check Base URL (status %d, %j)',
		async (status, body) => {
			runner.simulator.faults.add({
				kind: 'status',
				status,
				body: body as object,
				match: { path: '/api/full/host' },
				times: 'forever',
			});
			const refusal = await runner.refusal('host', 'get', { hostName: 'WS-0101' });
			expect(refusal.message).toBe('Cynet knows several hosts of this name');
			expect(refusal.description).not.toContain('Base URL');
		},
	);

	test('takes the one of a list that has the name', async () => {
		answer('/api/full/host', [{ hostname: 'WS-01011' }, { hostname: 'WS-0101', id: 2 }]);
		expect(await runner.one('host', 'get', { simple: false, hostName: 'WS-0101' })).toMatchObject({
			id: 2,
		});
	});
});

describe('status 404', () => {
	test.each([[''], [{ message: 'File not found' }], [{ title: 'Not Found', status: 404 }], [{}]])(
		'with %j is a file that was never seen',
		async (body) => {
			answer('/api/full/file', body, 404);
			expect(await runner.one('file', 'get', { simple: false, sha256: SHA256 })).toEqual({
				found: false,
				sha256: SHA256.toLowerCase(),
			});
		},
	);

	test.each([
		[{ Message: "No HTTP resource was found that matches the request URI 'https://x/api'." }],
		[{ message: 'no Route matched with those values' }],
		['Cannot GET /api/full/file'],
	])('with %j is a wrong address', async (body) => {
		for (const [resource, parameters] of [
			['file', { sha256: SHA256 }],
			['host', { hostName: 'WS-0101' }],
			['user', { userName: 'a.meyer' }],
		] as const) {
			answer(`/api/full/${resource}`, body, 404);
			expect((await runner.refusal(resource, 'get', parameters)).message).toBe(
				'Cynet does not know this address',
			);
		}
	});

	test('with a web page says nothing of the file', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 404,
			body: '<html>Not found</html>',
			times: 'forever',
			match: { path: '/api/full/file' },
		});
		expect((await runner.refusal('file', 'get', { sha256: SHA256 })).message).toBe(
			'Cynet answered with a web page instead of data',
		);
	});
});

describe('the reason that the server gives for a 400', () => {
	test.each([
		[{ Message: 'The name is too long' }, 'The name is too long'],
		[
			{
				title: 'One or more validation errors occurred.',
				errors: { name: ['The name field is required.'] },
			},
			'The name field is required.',
		],
		['The name is too long', 'The name is too long'],
		[{ reason: 'The name is too long' }, 'The name is too long'],
		[{ traceId: 'abc', result: 'The name is too long' }, 'The name is too long'],
		[['The name is too long'], 'The name is too long'],
		[{ status: 400, info: 'The name is too long' }, 'The name is too long'],
		[{ ModelState: { name: ['The name is too long'] } }, 'The name is too long'],
	])('%j is shown', async (body, words) => {
		for (const [resource, operation, parameters, path] of [
			['host', 'get', { hostName: 'WS-0101' }, '/api/full/host'],
			['user', 'get', { userName: 'u1' }, '/api/full/user'],
			['file', 'get', { sha256: SHA256 }, '/api/full/file'],
			['host', 'getAll', { since: SINCE }, '/api/hosts'],
			['alert', 'count', { since: SINCE }, '/api/alerts/count'],
			['alert', 'getAll', { since: SINCE }, '/api/alerts/bulk'],
			['vulnerability', 'getAll', { since: SINCE }, '/api/va/patches/missing'],
		] as const) {
			answer(path, body, 400);
			expect(await runner.refusal(resource, operation, parameters)).toMatchObject({
				message: 'Cynet refuses the request',
				description: expect.stringContaining(`The answer says: ${words}`),
				httpCode: '400',
			});
		}
	});

	test('is bounded, without markup and without secrets', async () => {
		const { password } = runner.simulator.settings;
		answer(
			'/api/full/host',
			{ reason: `<a href=x>${password}</a>\u202e\r\n${'why '.repeat(1_000)}` },
			400,
		);
		const { description = '' } = await runner.refusal('host', 'get', { hostName: 'WS-0101' });
		const words = description.split('The answer says: ')[1]!;
		expect(words.length).toBeLessThanOrEqual(200);
		expect(words).not.toMatch(/[<>\u202e\r\n]/);
		for (const secret of runner.simulator.secrets()) expect(description).not.toContain(secret);
	});
});

describe('Since', () => {
	const now = Settings.now;
	afterEach(() => void (Settings.now = now));

	/** luxon guesses by the season of today. */
	test.each(['2026-01-01T00:00:00Z', '2026-07-01T00:00:00Z'])(
		'in an hour that the clock shows twice is the earlier, also on %s',
		async (today) => {
			Settings.now = () => Date.parse(today);
			for (const since of ['2026-11-01T01:30:00', '2026-11-01 01:30', ' 2026-11-01T01:30 '])
				await runner.one('alert', 'count', { since });
			// What names its zone is what it says.
			await runner.one('alert', 'count', { since: '2026-11-01T01:30:00-05:00' });
			await runner.one('alert', 'count', { since: '2026-11-01T06:30:00Z' });
			expect(runner.requests().map(({ query }) => query.DateChanged)).toEqual([
				...Array.from({ length: 3 }, () => '2026-11-01 05:30:00'),
				'2026-11-01 06:30:00',
				'2026-11-01 06:30:00',
			]);
		},
	);

	test.each([
		null,
		undefined,
		'',
		' ',
		0,
		5,
		1.8e12,
		Number.NaN,
		true,
		{},
		[],
		['2026-05-31'],
		'yesterday',
		'2026-02-30',
		'2026-05-31T25:00:00',
		'2026-05-31T10:00:00+99:00',
		'2026-05-31T10:00:00-24:00',
		'2026-05-31x',
		'+012026-05-31',
		'0001-01-01T00:00:00',
		'2026-05-31\n2026-06-01',
		'2026-05-31\u0000',
		{ toISO: 1 },
		'2026-W22',
		'２０２６-05-31',
	])('%j is refused by every list', async (since) => {
		const run = { items: [{ since } as never] };
		for (const [resource, operation] of [
			['alert', 'getAll'],
			['alert', 'count'],
			['host', 'getAll'],
			['user', 'getAll'],
			['vulnerability', 'getAll'],
		] as const) {
			expect(
				(await runner.refusal(resource, operation, { since: '={{ $json.since }}' }, run)).message,
			).toBe('"Since" is not a date and time');
		}
		expect(runner.simulator.ledger.requests).toEqual([]);
	});
});

/** What expressions come to. */
const ODD: unknown[] = [
	null,
	undefined,
	'',
	' ',
	{},
	[],
	[null],
	true,
	false,
	Number.NaN,
	{ toString: 1, valueOf: 1 },
	'undefined',
	'null',
	'[object Object]',
	'\u200b',
	'\u0000',
	'a\nb',
	'../x',
	'*',
	'%',
	'__proto__',
	'constructor',
];

describe.each([
	['file', 'get', 'sha256', {}],
	['user', 'get', 'userName', {}],
	['host', 'get', 'hostName', {}],
	['vulnerability', 'getAll', 'report', { since: SINCE }],
	['alert', 'getAll', 'dateField', { since: SINCE }],
	['vulnerability', 'getAll', 'siteGuid', { report: 'espmVulnerabilities' }],
] as const)('%s %s with an odd %s', (resource, operation, field, more) => {
	// A host or a user may be called so, as odd as it is.
	const names = ['userName', 'hostName', 'siteGuid'].includes(field)
		? ['__proto__', 'constructor', ...(field === 'userName' ? ['../x'] : [])]
		: [];

	test.each(ODD.filter((value) => !names.includes(value as string)).map((value) => [value]))(
		'%j is refused before any request',
		async (given) => {
			const refusal = await runner.refusal(
				resource,
				operation,
				{ ...more, [field]: '={{ $json.given }}' },
				{ items: [{ given } as never] },
			);
			expect(refusal.constructor.name).toBe('NodeOperationError');
			expect(refusal.description).toMatch(/^[A-Z].{20,}\.$/s);
			expect(runner.simulator.ledger.requests).toEqual([]);
		},
	);
});

describe('a list of ESPM', () => {
	const PATH = '/api/v2/hosts/guid-1/espm/vulnerabilities';
	const read = async () =>
		(
			await runner.items('vulnerability', 'getAll', {
				report: 'espmVulnerabilities',
				siteGuid: 'guid-1',
				returnAll: true,
			})
		).map(({ json }) => json.riskId);
	const page = (from: number, to: number) => ({
		data: Array.from({ length: to - from }, (_, index) => ({ riskId: from + index })),
	});

	test('whose pages are cut shorter than asked, each otherwise, is read to its end, over an outage', async () => {
		for (const [from, to] of [
			[0, 200],
			[200, 350],
		] as const)
			answer(PATH, page(from, to));
		answer(PATH, '', 503);
		for (const [from, to] of [
			[350, 550],
			[550, 553],
			[553, 554],
		] as const)
			answer(PATH, page(from, to));
		answer(PATH, { data: [] });
		expect(await read()).toEqual(Array.from({ length: 554 }, (_, index) => index));
	});

	test('that stops answering with a list half-way is no shorter list', async () => {
		for (const body of ['', '{}', 'null', { error: 'x' }]) {
			answer(PATH, page(0, 200));
			answer(PATH, body);
			expect(
				(
					await runner.refusal('vulnerability', 'getAll', {
						report: 'espmVulnerabilities',
						siteGuid: 'guid-1',
						returnAll: true,
					})
				).message,
			).toBe('The answer is not what this operation returns');
		}
	});

	test('asks for no endpoints of a row that does not say which it is: that might be all', async () => {
		answer(PATH, {
			data: [
				{ riskId: null, productName: 'P' },
				{ productName: 'P' },
				{ riskId: 1, productName: '' },
			],
		});
		answer(PATH, { data: [] });
		const items = await runner.items(
			'vulnerability',
			'getAll',
			{ report: 'espmVulnerabilities', siteGuid: 'guid-1', returnAll: true },
			{ options: { includeEndpoints: true } },
		);
		expect(items.map(({ json }) => json.endpoints)).toEqual([[], [], []]);
		expect(runner.requests().every(({ path }) => path === PATH)).toBe(true);
	});
});

test('a listing of thousands lets other work go on', async () => {
	runner.simulator.fill(3_000);
	let ticks = 0;
	// Each look at the clock finds a millisecond gone.
	clock.ticks = () => runner.time.now + ticks++;
	expect(await runner.items('alert', 'getAll', { since: SINCE, returnAll: true })).toHaveLength(
		3_000,
	);
	expect(runner.time.waits.filter((wait) => wait === 0).length).toBeGreaterThan(100);
});
