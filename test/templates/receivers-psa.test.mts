import { afterEach, describe, expect, test } from 'vitest';
import { autotask } from '../targets/receivers/autotask.mts';
import { connectwise } from '../targets/receivers/connectwise.mts';
import { basic, type Contract } from '../targets/receivers/contract.mts';
import { halopsa } from '../targets/receivers/halopsa.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';

/** The receivers that stand for the ticketing systems of MSPs: that they refuse what those refuse. */

const KEY = 'cynet:1001:62';
const long = (length: number): string => 'x'.repeat(length);

interface Example {
	readonly contract: Contract;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly good: unknown;
	readonly status: number;
	/** Refused: what is wrong with it, the body, and the status. */
	readonly bad: ReadonlyArray<readonly [what: string, body: unknown, status: number]>;
	/** A change of the ticket that the good one opened, by its id. */
	readonly change: (id: number) => readonly [method: string, path: string, body: unknown];
	/** The look-up of the ticket: method, path and query, body; where the answer has the tickets. */
	readonly lookUp: (key: string) => readonly [method: string, path: string, body?: unknown];
	readonly found: (answer: any) => unknown[];
}

const halo = {
	tickettype_id: 29,
	client_id: 12,
	priority_id: 2,
	summary: `[High] Malware on WS-1 [${KEY}]`,
	details: 'd',
};
const cw = {
	summary: '[High] Malware on WS-1',
	company: { identifier: 'Acme' },
	board: { name: 'Security' },
	severity: 'High',
	impact: 'Medium',
	externalXRef: KEY,
	initialDescription: 'd',
};
const at = {
	companyID: 301,
	queueID: 29_682_833,
	status: 1,
	priority: 1,
	title: `[High] Malware on WS-1 [${KEY}]`,
	description: 'd',
	externalID: KEY,
};
const CW = '/v4_6_release/apis/3.0/service/tickets';
const AT = '/ATServicesRest/V1.0/Tickets';

const EXAMPLES: readonly Example[] = [
	{
		contract: halopsa,
		path: '/api/tickets',
		headers: { authorization: 'Bearer halo-token' },
		good: [halo],
		status: 201,
		bad: [
			['a ticket that is not in a list', halo, 400],
			['an empty list', [], 400],
			['a ticket of no client', [{ ...halo, client_id: undefined }], 400],
			['a client that there is not', [{ ...halo, client_id: 99 }], 400],
			['no type', [{ ...halo, tickettype_id: '' }], 400],
			['a priority that there is not', [{ ...halo, priority_id: 7 }], 400],
			['a long summary', [{ ...halo, summary: long(256) }], 400],
			['a blank summary', [{ ...halo, summary: '' }], 400],
			['markup in the details', [{ ...halo, details: '<img src=x>' }], 400],
			['a NUL', [{ ...halo, details: 'a\0b' }], 400],
			['a change of what it does not have', [{ id: 77, status_id: 9 }], 400],
		],
		change: (id) => ['POST', '/api/tickets', [{ id, status_id: 9, details: 'closed' }]],
		lookUp: (key) => ['GET', `/api/tickets?search=${encodeURIComponent(key)}&count=100`],
		found: ({ tickets }) => tickets,
	},
	{
		contract: connectwise,
		path: CW,
		headers: {
			authorization: basic('acme+cw-public', 'cw-private'),
			clientid: 'cw-client-id',
		},
		good: cw,
		status: 201,
		bad: [
			['a list', [cw], 400],
			['no company', { ...cw, company: undefined }, 400],
			['a company that there is not', { ...cw, company: { identifier: 'Nobody' } }, 400],
			['a board that there is not', { ...cw, board: { name: 'x' } }, 400],
			['a severity of another scale', { ...cw, severity: 'Critical' }, 400],
			['a summary of 101 characters', { ...cw, summary: long(101) }, 400],
			['a reference of 101 characters', { ...cw, externalXRef: long(101) }, 400],
			['markup in the description', { ...cw, initialDescription: '<script>x' }, 400],
			['a NUL', { ...cw, initialDescription: 'a\0b' }, 400],
		],
		change: (id) => [
			'PATCH',
			`${CW}/${id}`,
			[{ op: 'replace', path: 'status', value: { name: '>Closed' } }],
		],
		lookUp: (key) => [
			'GET',
			`${CW}?conditions=${encodeURIComponent(`externalXRef contains "${key}"`)}`,
		],
		found: (answer) => answer,
	},
	{
		contract: autotask,
		path: AT,
		headers: {
			ApiIntegrationCode: 'autotask-code',
			UserName: 'api@example.com',
			Secret: 'autotask-secret',
		},
		good: at,
		status: 200,
		bad: [
			['a company that there is not', { ...at, companyID: 9 }, 500],
			['a company as text', { ...at, companyID: '301' }, 500],
			['no queue', { ...at, queueID: undefined }, 500],
			['a status that is no value of the picklist', { ...at, status: 77 }, 500],
			['a priority by name', { ...at, priority: 'High' }, 500],
			['a title of 256 characters', { ...at, title: long(256) }, 500],
			['a description of 8,001 characters', { ...at, description: long(8001) }, 500],
			['an external ID of 51 characters', { ...at, externalID: long(51) }, 500],
			['markup in the description', { ...at, description: '</pre><h1>' }, 500],
			['a NUL', { ...at, description: 'a\0b' }, 500],
		],
		change: (id) => ['PATCH', AT, { id, status: 5, resolution: 'r' }],
		lookUp: (key) => [
			'POST',
			`${AT}/query`,
			{ filter: [{ op: 'contains', field: 'title', value: key }], MaxRecords: 500 },
		],
		found: ({ items }) => items,
	},
];

let receiver: Receiver | undefined;
afterEach(async () => {
	await receiver?.close();
	receiver = undefined;
});

describe.each(EXAMPLES.map((example) => [example.contract.target, example] as const))(
	'The receiver for %s',
	(_, { contract, path, headers, good, status, bad, change, lookUp, found }) => {
		const ask = async (
			method: string,
			to: string,
			body?: unknown,
			more: Readonly<Record<string, string>> = headers,
		) => {
			const response = await fetch(`${receiver!.url}${to}`, {
				method,
				headers: { 'content-type': 'application/json', ...more },
				...(body !== undefined && { body: JSON.stringify(body) }),
			});
			const text = await response.text();
			return { status: response.status, text, json: () => JSON.parse(text) as any };
		};
		const send = async (body: unknown) => await ask('POST', path, body);
		const idOf = (answer: any): number => answer.id ?? answer.itemId;

		test('takes what the target takes, and a second time, too', async () => {
			receiver = await startReceiver(contract);
			expect((await send(good)).status).toBe(status);
			expect((await send(good)).status).toBe(status);
			expect([receiver.kept.keys, receiver.complaints]).toEqual([[KEY, KEY], []]);
		});

		test.each(bad)('refuses %s', async (_what, body, refused) => {
			receiver = await startReceiver(contract);
			const answer = await send(body);
			expect([answer.status, typeof answer.json()]).toEqual([refused, 'object']);
			expect([receiver.kept.keys, receiver.complaints]).toEqual([[], [expect.any(String)]]);
		});

		test('refuses each credential that is wrong or missing', async () => {
			receiver = await startReceiver(contract);
			for (const name of Object.keys(headers)) {
				for (const value of [undefined, 'of someone else']) {
					const { [name]: _right, ...others } = headers;
					const answer = await ask('POST', path, good, {
						...others,
						...(value && { [name]: value }),
					});
					expect([name, answer.status]).toEqual([name, contract.refusal.status]);
				}
			}
			expect(receiver.kept.keys).toEqual([]);
		});

		test('finds a ticket again, by a key that is written otherwise, and changes it', async () => {
			receiver = await startReceiver(contract);
			const { json } = await send(good);
			const id = idOf(json());
			const look = async (key: string) => {
				const answer = await ask(...lookUp(key));
				expect(answer.status).toBe(200);
				return found(answer.json()) as Array<Record<string, unknown>>;
			};
			expect(await look('cynet:1001:7')).toEqual([]);
			const [ticket] = await look(KEY.toUpperCase());
			expect(ticket?.id).toBe(id);
			const changed = await ask(...change(id));
			expect([changed.status, idOf(changed.json())]).toEqual([expect.any(Number), id]);
			expect(changed.status).toBeLessThan(300);
			expect((await look(KEY))[0]).not.toEqual(ticket);
			expect((await ask(...change(123))).status).toBeGreaterThanOrEqual(400);
		});

		test('fails as often as it is told to, the third time after it did the work, with a page the fourth', async () => {
			receiver = await startReceiver(contract);
			receiver.failEvery = 1;
			expect([(await send(good)).status, (await send(good)).status]).toEqual([429, 500]);
			expect(receiver.kept.keys).toEqual([]);
			expect((await send(good)).status).toBe(500);
			expect(receiver.kept.keys).toEqual([KEY]);
			const page = await send(good);
			expect([page.status, page.text]).toEqual([200, expect.stringContaining('<html>')]);
		});
	},
);

test('HaloPSA gives a token to its own application only', async () => {
	receiver = await startReceiver(halopsa);
	const login = async (form: Record<string, string>) =>
		(
			await fetch(`${receiver!.url}/auth/token`, {
				method: 'POST',
				body: new URLSearchParams(form),
			})
		).status;
	const form = {
		grant_type: 'client_credentials',
		client_id: 'halo-app',
		client_secret: 'halo-secret',
		scope: 'all',
	};
	expect(await login(form)).toBe(200);
	for (const name of Object.keys(form)) expect(await login({ ...form, [name]: '' })).toBe(401);
});

test('HaloPSA ignores a filter that it does not know, and finds everything', async () => {
	receiver = await startReceiver(halopsa);
	const headers = { authorization: 'Bearer halo-token' };
	for (const id of [6, 62])
		await fetch(`${receiver.url}/api/tickets`, {
			method: 'POST',
			headers,
			body: JSON.stringify([{ ...halo, summary: `x [cynet:1001:${id}]` }]),
		});
	const count = async (query: string) =>
		(
			(await (await fetch(`${receiver!.url}/api/tickets?${query}`, { headers })).json()) as {
				tickets: unknown[];
			}
		).tickets.length;
	expect([await count('key=cynet:1001:6'), await count('search=cynet:1001:6')]).toEqual([2, 2]);
	expect(await count('search=cynet:1001:62')).toBe(1);
});

test('ConnectWise PSA refuses a condition that it cannot read, and finds everything without one', async () => {
	receiver = await startReceiver(connectwise);
	const headers = EXAMPLES[1]!.headers;
	await fetch(`${receiver.url}${CW}`, { method: 'POST', headers, body: JSON.stringify(cw) });
	const get = async (query: string) => await fetch(`${receiver!.url}${CW}${query}`, { headers });
	expect(await (await get('')).json()).toHaveLength(1);
	for (const condition of [
		`externalXRef=${KEY}`,
		`externalXRef = '${KEY}'`,
		'externalXRef = "a"b"',
		'summary like "x"',
	])
		expect((await get(`?conditions=${encodeURIComponent(condition)}`)).status).toBe(400);
	expect((await get('?pageSize=1001')).status).toBe(400);
});

test('Autotask PSA takes a ticket and may forget its external ID', async () => {
	receiver = await startReceiver(autotask);
	const { headers } = EXAMPLES[2]!;
	const post = async (path: string, body: unknown) =>
		(await (
			await fetch(`${receiver!.url}${path}`, {
				method: 'POST',
				headers,
				body: JSON.stringify(body),
			})
		).json()) as { items?: unknown[]; errors?: string[] };
	for (const id of [62, 63])
		await post(AT, { ...at, externalID: `cynet:1001:${id}`, title: `x [cynet:1001:${id}]` });
	const by = async (field: string, op: string, value: string) =>
		(await post(`${AT}/query`, { filter: [{ op, field, value }] })).items?.length;
	expect(await by('externalID', 'eq', KEY)).toBe(0);
	expect(await by('externalID', 'eq', 'cynet:1001:63')).toBe(1);
	expect(await by('title', 'contains', KEY)).toBe(1);
	expect(await by('noSuchField', 'eq', KEY)).toBeUndefined();
	expect((await post(`${AT}/query`, {})).errors).toEqual(['A filter is required.']);
});
