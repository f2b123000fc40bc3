import type { IHttpRequestOptions } from 'n8n-workflow';
import type { RequestRecord } from '../../simulator/simulator.mts';
import type { Chapter, Figure } from '../figure.mts';
import { atMost, count, times, told } from '../figure.mts';
import { ratio, timeRounds, type Spread, type Time } from '../rounds.mts';
import { startServer } from '../server.mts';
import { makeTrigger, SITE } from '../trigger.mts';

const LIMIT = 1.25;
/** Within the overlap, so that the poll is one scan from its beginning to its end. */
const SPAN_MS = 9 * 60_000;
/** A poll of 1,000 alerts is short, and one alone says little. */
const CASES = [
	{ alerts: 1_000, pageSize: 100, rounds: 31 },
	{ alerts: 1_000, pageSize: 1_000, rounds: 31 },
	{ alerts: 10_000, pageSize: 100, rounds: 13 },
	{ alerts: 10_000, pageSize: 1_000, rounds: 13 },
];

/** The time of a poll against that of fetching and parsing the same pages. */
export async function pollTime(): Promise<Chapter> {
	const figures: Figure[] = [];
	for (const setting of CASES) figures.push(...(await measure(setting)));
	return {
		title: 'The time of a poll',
		figures,
		notes: [
			"Measured: one poll that emits all alerts, which came within the overlap, as simplified items: from n8n's call of `poll()` to the items, with the packing of the state, without a token exchange.",
			"`fetch`: Node's own `fetch` and `JSON.parse`, one request after the other, with the very requests of that poll (same `LastSeen`, `Limit`, `Offset` and headers). It knows nothing of paging, of what was seen, of errors or of credentials, and leaves the rows as they are.",
			"n8n's client: `this.helpers.httpRequest` of n8n (axios) with the same requests; with a credential: `this.helpers.httpRequestWithAuthentication`, which has to be used for a token to be stored and renewed. What these take, every node pays that fetches through n8n. The credential comes from the tests' stand-in for n8n's database, which reads and resolves it as n8n does but does not decrypt.",
			"Processor time is that of this process, in all its threads: without the simulator's and without waiting, hence always further from 1, and less disturbed by other work.",
			"A part of each time is the simulator's; it is in both sides of a ratio.",
		],
	};
}

async function measure({ alerts, pageSize, rounds }: (typeof CASES)[number]): Promise<Figure[]> {
	const server = await startServer();
	try {
		const options = { pageSize, maxAlerts: 50_000 };
		const first = makeTrigger({ url: server.url, options });
		await first.activate();
		const staticData = first.host.saved!;
		const credential = first.host.storedCredential;
		await server.fill(alerts, { at: Date.now() - SPAN_MS, spacingMs: SPAN_MS / alerts });
		const trigger = () => makeTrigger({ url: server.url, options, staticData, credential });

		await server.newRequests();
		const items = await trigger().poll();
		if (items.length !== alerts)
			throw new Error(`${items.length} alerts of ${alerts} were emitted`);
		const requests = await server.newRequests();

		const headers = {
			accept: 'application/json',
			client_id: SITE,
			access_token: String(credential.accessToken),
		};
		const pages = requests.map((request) => ({
			url: urlOf(server.url, request),
			options: optionsOf(server.url, request),
		}));
		const measured = await timeRounds(rounds, {
			fetch: () => async () =>
				await inTurn(
					pages,
					async ({ url }) => JSON.parse(await (await fetch(url, { headers })).text()) as unknown,
				),
			client: () => {
				const { helpers } = trigger().host.context();
				return async () =>
					await inTurn(
						pages,
						async ({ options }) =>
							(await helpers.httpRequest({ ...options, headers: { ...headers } })) as unknown,
					);
			},
			credential: () => {
				const context = trigger().host.context();
				const { httpRequestWithAuthentication } = context.helpers;
				return async () =>
					await inTurn(
						pages,
						async ({ options }) =>
							(await httpRequestWithAuthentication.call(context, 'cynetApi', {
								...options,
							})) as unknown,
					);
			},
			poll: () => trigger().poll,
		});
		const poll = ratio(measured, 'poll', 'credential');
		const name = `${count(alerts)} alerts, Page Size ${count(pageSize)} (${requests.length} requests)`;
		return [
			{
				...atMost(
					`Poll of ${name}, against n8n's client with a credential`,
					poll.median,
					LIMIT,
					times,
				),
				result: range(poll),
			},
			told(
				'… the same in processor time of this process',
				range(ratio(measured, 'poll', 'credential', 'cpu')),
			),
			told('… against `fetch`', both(measured, 'poll', 'fetch')),
			told("… n8n's client against `fetch`", both(measured, 'client', 'fetch')),
			told(
				"… n8n's client with a credential against `fetch`",
				both(measured, 'credential', 'fetch'),
			),
		];
	} finally {
		server.close();
	}
}

const range = ({ median, low, high }: Spread): string =>
	`${times(median)} (${low.toFixed(2)} to ${high.toFixed(2)})`;

function both<Name extends string>(
	measured: readonly Record<Name, Time>[],
	one: Name,
	other: Name,
): string {
	return `${times(ratio(measured, one, other).median)}, processor ${times(ratio(measured, one, other, 'cpu').median)}`;
}

const urlOf = (server: string, { path, query }: RequestRecord): string =>
	`${server}${path}?${new URLSearchParams(query).toString()}`;

/** As the package asks n8n's client. */
const optionsOf = (server: string, { path, query }: RequestRecord): IHttpRequestOptions => ({
	url: `${server}${path}`,
	qs: { ...query },
	json: true,
	returnFullResponse: true,
	disableFollowRedirect: true,
	timeout: 30_000,
});

/** One after the other; keeps what comes, as a poll does. */
async function inTurn<Page>(
	pages: readonly Page[],
	get: (page: Page) => Promise<unknown>,
): Promise<unknown[]> {
	const answers: unknown[] = [];
	for (const page of pages) answers.push(await get(page));
	return answers;
}
