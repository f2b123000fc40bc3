import { deflateRawSync, gzipSync } from 'node:zlib';

import { describe, expect, it } from 'vitest';

import { envelope, liveWith, sendJson, type Oddity, type Row } from './odd-server.mts';
import { HOUR, iso, setStage, stage } from './trigger-helpers.mts';

/*
 * What other products met, by their public reports: Elastic's agent, Logstash, Airbyte, axios, undici, OAuth clients
 * and others.
 */

setStage();

const as = (
	type: string,
	change: (text: string) => string | Buffer,
	encoding?: string,
): Oddity => ({
	send: ({ response }, text) => {
		response.setHeader('Content-Type', type);
		if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
		response.writeHead(200).end(change(text));
	},
});
/** By hand, for what Node's server does not send. */
const byHand = (write: (text: string) => string): Oddity => ({
	send: ({ response }, text) => response.socket!.end(write(text)),
});
const JSON_TYPE = 'application/json';
const head = (text: string) =>
	`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`;
/** Every date of an alert, written in that way. */
const dated = (write: (time: number) => unknown): Oddity => ({
	row: (row, at) => {
		const date = write(at);
		const dates = { DateIn: date, LastSeen: date, DateChanged: date };
		return { ...row, ...dates, FirstSeenUtc: date, LastSeenUtc: date };
	},
});
/** The id of an alert, in one spelling in every other answer and in another one in those between. */
const spelled = (one: (id: string) => unknown, other: (id: string) => unknown): Oddity => ({
	body: ({ page, count }) =>
		envelope(
			page.map((row) => ({
				...row,
				ClientDbId: (count % 2 ? one : other)(String(row.ClientDbId)),
			})),
		),
});
const guid = (id: string) => `0f8fad5b-d9cb-469f-a165-7086${id.padStart(8, 'a')}`;
const everyOther = (odd: unknown): Oddity => ({
	body: ({ page, count }) => (count % 2 ? odd : envelope(page)),
});

describe('each alert arrives once', () => {
	it.each<[string, Oddity]>([
		['a good list is called a web page', as('text/html', (text) => text)],
		['the body begins with a byte order mark', as(JSON_TYPE, (text) => `\ufeff${text}`)],
		['deflate has no header', as(JSON_TYPE, (text) => deflateRawSync(text), 'deflate')],
		[
			'gzip comes in two members',
			as(
				JSON_TYPE,
				(text) => Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))]),
				'gzip',
			),
		],
		['a comment stands behind the list', as(JSON_TYPE, (text) => `${text}\n<!-- cached -->`)],
		[
			'rows hold words of Python',
			as(JSON_TYPE, (text) => text.replaceAll('"HostName":"PC-1"', '"HostName":None,"New":True')),
		],
		['early hints come first', byHand((text) => `HTTP/1.1 103 Early Hints\r\n\r\n${head(text)}`)],
		[
			'the server speaks HTTP/1.0 and tells no length',
			byHand((text) => `HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n${text}`),
		],
		[
			'every other connection is reset',
			{
				send: ({ count, response }, text) => {
					if (count % 2) response.socket!.resetAndDestroy();
					else sendJson(response, text);
				},
			},
		],
		['every other answer says that it is maintained', everyOther({ status: 'maintenance' })],
		['every other list is a sentence', everyOther(envelope('Rate limit exceeded'))],
		[
			'harmless words stand beside the list',
			{
				body: ({ page }) => ({
					...envelope(page),
					Errors: [],
					Message: null,
					ErrorCode: 0,
					Success: true,
					TotalCount: 0,
				}),
			},
		],
		[
			'a list of one is that one',
			{ body: ({ page }) => envelope(page.length === 1 ? page[0] : page) },
		],
		['.NET keeps references', { body: ({ page }) => envelope({ $id: '2', $values: page }) }],
		['rows come twice', { body: ({ page }) => envelope(page.flatMap((row) => [row, row])) }],
		['ids become texts with a fraction', spelled(Number, (id) => `${id}.0`)],
		['ids change their letter case', spelled(guid, (id) => `{${guid(id).toUpperCase()}}`)],
		['ids get zeros before them', spelled(Number, (id) => id.padStart(8, '0'))],
		['dates name their zone', dated((at) => iso(at + 2 * HOUR).replace('Z', '+02:00'))],
		['dates are those of old .NET', dated((at) => `/Date(${at}+0200)/`)],
		['dates are seconds', dated((at) => Math.floor(at / 1000))],
		['dates are American', dated((at) => new Date(at).toLocaleString('en-US'))],
		['midnight is at 24:00', dated((at) => iso(at).replace(/T.*/, 'T24:00:00Z'))],
		['the token is spelled otherwise', { login: () => ({ AccessToken: 'token' }) }],
		['the token is said to end at once', { login: () => ({ access_token: 't', expires_in: 0 }) }],
	])('where %s', async (_, oddity) => {
		const { arrived, raised } = await liveWith(oddity);
		expect(arrived).toEqual(raised);
	});
});

describe('what nobody can know is said', () => {
	it.each([
		['two alerts', {}],
		['two alerts of one moment', { DateIn: iso(stage.now) }],
	])('where the server gives one id to %s', async (_, same) => {
		const { arrived, said } = await liveWith({
			row: (row: Row, _, number) => ({ ...row, ...same, ClientDbId: Math.min(number, 5) }),
		});
		expect(arrived).toEqual([1, 2, 3, 4, 5].map((number) => `Alert ${number}`));
		expect(said.join('\n')).toContain(
			'1 ids to several alerts each. Alerts with the same id count as one',
		);
	});

	it.each<[string, Oddity, RegExp]>([
		[
			'are cut in their last byte',
			as(JSON_TYPE, (text) => text.slice(0, -1)),
			/answer from Cynet is not complete/,
		],
		[
			'are called gzip and are not',
			as(JSON_TYPE, (text) => text, 'gzip'),
			/answer from Cynet is not complete/,
		],
		[
			'are in UTF-16',
			as(JSON_TYPE, (text) => Buffer.from(text, 'utf16le')),
			/answer from Cynet is not complete|other than JSON/,
		],
		['name the list otherwise', as(JSON_TYPE, () => '{"value":[]}'), /without a list/],
	])(
		'where all answers of half an hour %s, and then each alert arrives once',
		async (_, odd, word) => {
			const begin = stage.now;
			const { arrived, raised, said } = await liveWith({
				send: (asked, text) =>
					stage.now < begin + HOUR / 2 ? odd.send!(asked, text) : sendJson(asked.response, text),
			});
			expect(said.join('\n')).toMatch(word);
			expect(arrived).toEqual(raised);
		},
	);
});
