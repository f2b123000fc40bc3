import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ATTACKED_FIELDS, HOSTILE_TEXTS, hostileThroughout } from '../hostile-texts.mts';
import { googleSecOps } from '../targets/receivers/google-secops.mts';
import { LINE_GROUP, line } from '../targets/receivers/line.mts';
import { misp } from '../targets/receivers/misp.mts';
import { openCti } from '../targets/receivers/opencti.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';
import { telegram } from '../targets/receivers/telegram.mts';
import type { Contract } from '../targets/receivers/contract.mts';
import { FULL, rawAlert } from '../unit/format-kit.mts';
import type { Item } from './code-node.mts';
import { TemplateRun, emitted } from './run.mts';

/** What the templates for Telegram, LINE, MISP, OpenCTI and Google SecOps send, as their receivers take it. */

interface Way {
	readonly contract: Contract;
	readonly headers?: Readonly<Record<string, string>>;
	readonly path?: (address: string) => string;
	/** What a user types in place of what the template says. */
	readonly typed?: Readonly<Record<string, string>>;
}

const WAYS: Readonly<Record<string, Way>> = {
	telegram: { contract: telegram, typed: { 'YOUR-CHAT-ID': '-100200' } },
	line: {
		contract: line,
		headers: { authorization: 'Bearer line-token' },
		typed: { 'YOUR-USER-OR-GROUP-ID': LINE_GROUP },
	},
	misp: { contract: misp, headers: { authorization: 'misp-key' } },
	opencti: { contract: openCti, headers: { authorization: 'Bearer opencti-key' } },
	'google-secops': {
		contract: googleSecOps,
		headers: { authorization: 'Bearer google-token-of-the-receiver' },
		path: (address) => decodeURIComponent(new URL(address).pathname),
	},
};
const names = Object.keys(WAYS);

let receiver: Receiver;
let way: string;
const open = async (name: string): Promise<void> => {
	way = name;
	receiver = await startReceiver(WAYS[name]!.contract);
};
afterEach(async () => await receiver?.close());

const run = async (alerts: readonly Item[]): Promise<TemplateRun> => {
	const { headers, path, typed } = WAYS[way]!;
	return await new TemplateRun(way, receiver, headers, path, typed).send(alerts);
};
const one = (id: number, changes = {}): Item => emitted(rawAlert(id, changes));
const sentOf = (sent: TemplateRun): any => JSON.parse(sent.bodies.at(-1)!);

/** What a field of the vendor's may hold, and nobody thinks of. */
const ODD: ReadonlyArray<Readonly<Record<string, unknown>>> = [
	...[
		...['https://evil.example/a\nb', 'https://evil.example/a b\tc', 'https://e/\u2028x'],
		...['https://evil.example/\u0000x', 'https://evil.example/\ud83d', "https://e/'\\"],
		...['HTTP://EVIL.example', 'https://[2001:db8::1]/x', `https://e/${'x'.repeat(7900)}`],
	].map((AlertUrl) => ({ AlertUrl })),
	...[
		'пример.рф',
		'_dmarc.evil.com',
		'evil.com.',
		`${'a'.repeat(250)}.com`,
		'-.-.com',
		'1.2.3.4',
	].map((AlertDomain) => ({ AlertDomain })),
	...[
		...['2001:db8::1', '::ffff:10.0.0.1', 'fe80::1%eth0', '0.0.0.0', '255.255.255.255'],
		...['100.64.0.1', '224.0.0.1', 'fd00::1'],
	].map((AlertIp) => ({ AlertIp })),
	{ Sha256Hex: '', Sha256: null, File: null },
	{ Sha256Hex: 'zz'.repeat(32) },
	{ Sha256Hex: ` ${'AB'.repeat(32)} ` },
	...['\u0000', 'x'.repeat(100_000), ') (cynet:1001:1)'].map((HostName) => ({ HostName })),
	{ Path: '\\\\?\\C:\\a\u0085b' },
	{ DateIn: '0001-01-01T00:00:00', FirstSeenUtc: null, LastSeen: null, LastSeenUtc: null },
	{ DateIn: '9999-12-31T23:59:59Z', LastSeenUtc: '9999-12-31T23:59:59Z' },
	{ DateIn: '2026-05-29T13:26:24.1234567+02:00' },
	{ IncidentName: '</pre><a href="https://x">y</a>' },
	{ IncidentName: '&lt;/pre&gt;' },
	{ IncidentDescription: `${'`'.repeat(30)}![x](https://evil.example/p.png)` },
	...[-1, 'High', 5.5].map((Severity) => ({ Severity })),
];

describe.each(names)('What %s is sent', (name) => {
	beforeEach(async () => await open(name));

	test.each(Object.entries(HOSTILE_TEXTS))(
		'is taken and harmless, whatever the alert says: %s',
		async (_, text) => {
			const inFields = rawAlert(
				1,
				Object.fromEntries(ATTACKED_FIELDS.map((field) => [field, text])),
			);
			const sent = await run([emitted(inFields), emitted(hostileThroughout(text))]);
			expect(receiver.complaints).toEqual([]);
			expect(sent.check()).toEqual([]);
		},
	);

	test('is taken, whatever is missing in an alert, and every alert arrives', async () => {
		const alerts = [
			...Object.keys(FULL).map((field, id) => ({ ...FULL, ClientDbId: id + 1000, [field]: null })),
			...[0, 1, 2, 3, 4, 5, 6, 99, '4', null].map((Severity, id) => rawAlert(id + 1, { Severity })),
		].map((raw) => emitted({ ...raw, cynet: undefined }));
		const sent = await run(alerts);
		expect(receiver.complaints).toEqual([]);
		expect(sent.check()).toEqual([]);
		const keys = alerts
			.map(({ json }) => json.dedupKey as string)
			.filter((key) => /:\d+$/.test(key));
		expect(new Set(receiver.kept.keys.filter((key) => /:\d+$/.test(key)))).toEqual(new Set(keys));
		expect(keys.length).toBeGreaterThan(30);
	});

	test.each(ODD.map((change) => [JSON.stringify(change).slice(0, 60), change] as const))(
		'is taken where a value is odd: %s',
		async (_, change) => {
			const sent = await run(
				[FULL, rawAlert(1)].map((raw) => emitted({ ...raw, cynet: undefined, ...change })),
			);
			expect(receiver.complaints).toEqual([]);
			expect(sent.check()).toEqual([]);
		},
	);

	test('of an alert that is refused holds up no other, and the refused one is named and sent again alone', async () => {
		receiver.dislikes = 'UNLIKED';
		const sent = await run([
			one(1),
			one(2, { IncidentName: 'UNLIKED', HostName: 'UNLIKED' }),
			one(3),
		]);
		if (name === 'google-secops') return void expect(sent.check()).toHaveLength(2);
		expect(() => sent.check()).toThrow(/did not take cynet:1001:2\. It said: .*Retry/);
		expect(receiver.kept.keys).toEqual(['cynet:1001:1', 'cynet:1001:3']);
		expect(sent.check('2').map(({ json }) => json.dedupKey as string)).toEqual(['cynet:1001:2']);
	});

	test('and answered by a web page is not taken', async () => {
		receiver.portal = true;
		const sent = await run([one(1)]);
		expect(receiver.kept.keys).toEqual([]);
		expect(() => sent.check()).toThrow(/did not take cynet:1001:1\. /);
	});

	test.each([1, 2, 3])('and fails in its way number %i is not taken', async (failure) => {
		receiver.failEvery = 1;
		const sent = await run([1, 2, 3].slice(0, failure).map((id) => one(id)));
		receiver.failEvery = 0;
		expect(() => sent.check()).toThrow(/did not take/);
	});
});

describe('A second time', () => {
	test.each(['line', 'misp', 'opencti'])('%s does not get what it has', async (name) => {
		await open(name);
		await run([one(1), one(2)]);
		const again = await run([one(1), one(2), one(3)]);
		expect(receiver.kept.keys).toEqual([1, 2, 3].map((id) => `cynet:1001:${id}`));
		expect(again.check()).toEqual([]);
		expect(receiver.complaints).toEqual([]);
	});

	test('LINE says 409, which another server between may say, too', async () => {
		await open('line');
		const sent = await run([one(1)]);
		for (const error of [
			{ httpCode: '409', message: 'Conflict' },
			{ httpCode: '400', message: 'The retry key is already accepted' },
		]) {
			sent.nodes['Send to LINE'] = [{ json: { error } }];
			expect(() => sent.check()).toThrow(/LINE did not take/);
		}
	});

	test('two alerts of the same name, host and second are two incidents in OpenCTI', async () => {
		await open('opencti');
		await run([one(1), one(1, { ClientDbId: 2 })]);
		expect(receiver.kept.keys).toEqual(['cynet:1001:1', 'cynet:1001:2']);
	});
});

describe('Telegram', () => {
	beforeEach(async () => await open('telegram'));

	test('is sent no more than 4,096 UTF-16 units as it counts them, and all that an alert says as code', async () => {
		const sent = await run([
			one(1, { IncidentDescription: '&<>😀'.repeat(5000), CommandLine: '日'.repeat(9000) }),
			one(2, { CommandLine: '<b>&' }),
		]);
		for (const body of sent.bodies)
			expect((JSON.parse(body) as { text: string }).text).toMatch(
				/^<b>Cynet alert<\/b>\n<pre>[^<>]*<\/pre>$/,
			);
		expect(receiver.kept.keys).toEqual(['cynet:1001:1', 'cynet:1001:2']);
	});

	test('tells that a group was upgraded, and the user reads it', async () => {
		const sent = await run([one(1)]);
		sent.nodes['Send to Telegram'] = [
			{ json: { error: 'Bad Request: group chat was upgraded to a supergroup chat' } },
		];
		expect(() => sent.check()).toThrow(/upgraded to a supergroup chat/);
	});
});

describe('MISP', () => {
	beforeEach(async () => await open('misp'));

	test('of a crashed execution that is run again an event says the same as ever', async () => {
		const alerts = [one(1, { HostName: 'WS-1' })];
		const sent = await run(alerts);
		sent.made = [{ json: { isArtificialRecoveredEventItem: true } }];
		sent.nodes['Look It Up'] = [{ json: { response: [] }, pairedItem: { item: 0 } }];
		const [again] = sent.rerun('Not There Yet');
		expect(again!.json.attributes).toEqual(sentOf(sent).Event.Attribute);
	});
	const attributesOf = async (changes: object): Promise<Array<Record<string, unknown>>> =>
		(sentOf(await run([emitted({ ...FULL, cynet: undefined, ...changes })])) as any).Event
			.Attribute;

	test('gets what is worth looking for as IOC, and the host itself not for detection', async () => {
		expect(
			(await attributesOf({})).map(({ type, value, to_ids }) => [type, value, to_ids]),
		).toEqual([
			['sha256', 'ab'.repeat(32), true],
			['domain', 'evil.example', true],
			['url', 'https://evil.example/x', true],
			['ip-dst', '203.0.113.5', true],
			['filename', 'c:\\temp\\a.b.exe', false],
			['target-machine', 'MAC-01', false],
			['target-user', 'CORP\\jdoe', false],
			['text', 'cynet:1001:62', false],
		]);
	});

	test.each([
		['10.1.2.3', 0x0a010203],
		['192.168.1.1', 0xc0a80101],
		['127.0.0.1', 0x7f000001],
	])('gets no internal address as IOC: %s', async (address, AlertIp) => {
		const attributes = await attributesOf({ AlertIp, HostIp: address });
		expect(attributes.filter(({ type }) => type === 'ip-dst')).toEqual([]);
		expect(JSON.stringify(attributes)).not.toContain(address);
	});

	test('keeps a quote and a backslash of a URL as they are', async () => {
		const url = "https://evil.example/a'b\\c?d=[e]";
		expect((await attributesOf({ AlertUrl: url })).find(({ type }) => type === 'url')?.value).toBe(
			url,
		);
	});

	test('gets an event for the own organisation, unpublished, and its attributes are no more open', async () => {
		const { Event } = sentOf(await run([one(1)]));
		expect(Event).toMatchObject({ distribution: '0', published: false });
		expect(new Set(Event.Attribute.map((attribute: any) => attribute.distribution))).toEqual(
			new Set(['5']),
		);
	});

	test('creates nothing for a look-up that found another event, or cannot be read', async () => {
		const sent = await run([one(1)]);
		const { nodes } = sent;
		for (const found of [
			{ response: [{ Event: { uuid: 'of another' } }] },
			{ response: null },
			{ response: [null] },
			{ data: '<!DOCTYPE html>' },
			{},
			{ errors: ['x'] },
			{ error: { message: 'x' } },
			[],
		]) {
			nodes['Look It Up'] = [{ json: found as any, pairedItem: { item: 0 } }];
			const [item, ...others] = sent.rerun('Not There Yet');
			expect([found, others, item?.json.error]).toEqual([found, [], expect.any(String)]);
		}
	});

	test('that saved an event without one of its attributes is heard', async () => {
		const sent = await run([one(1)]);
		sent.nodes['Create It'] = [
			{ json: { Event: { uuid: 'x' }, errors: { Attribute: { 0: { value: ['wrong'] } } } } },
		];
		expect(() => sent.check()).toThrow(
			/MISP did not take cynet:1001:1\. It said: saved without \{"Attribute":\{"0":\{"value":\["wrong"\]/,
		);
	});
});

describe('OpenCTI', () => {
	beforeEach(async () => await open('opencti'));

	test('that says no with status 200 has not taken it, and what it said is told', async () => {
		const sent = await run([one(1)]);
		for (const answer of [
			{ errors: [{ message: 'You are not allowed to do this.' }], data: null },
			{ errors: [{ message: 'You are not allowed to do this.' }], data: { incident: { id: 'x' } } },
		]) {
			sent.nodes['Send to OpenCTI'] = [{ json: answer }];
			expect(() => sent.check()).toThrow(/It said: You are not allowed to do this\./);
		}
		for (const answer of [
			{ data: null },
			{ data: { incident: null } },
			{ data: { incident: { id: 'x' }, indicator0: null } },
			{ data: {} },
		]) {
			sent.nodes['Send to OpenCTI'] = [{ json: answer }];
			expect(() => sent.check()).toThrow(/OpenCTI did not take cynet:1001:1/);
		}
	});

	test('gets an indicator for what the alert names, and none for an internal address', async () => {
		const { variables } = sentOf(
			await run([emitted({ ...FULL, cynet: undefined, AlertIp: 0x0a010203, HostIp: '10.1.2.3' })]),
		);
		expect(
			Object.entries(variables as Record<string, any>).map(([name, { pattern, severity }]) => [
				name,
				pattern ?? severity,
			]),
		).toEqual([
			['incident', 'high'],
			['indicator0', `[file:hashes.'SHA-256' = '${'ab'.repeat(32)}']`],
			['indicator1', "[domain-name:value = 'evil.example']"],
			['indicator2', "[url:value = 'https://evil.example/x']"],
		]);
	});
});

describe('Google SecOps', () => {
	beforeEach(async () => await open('google-secops'));

	test('gets requests below 1 MB, whatever the letters, and every alert in one of them', async () => {
		const long = { IncidentDescription: '日'.repeat(9000), CommandLine: '😀'.repeat(9000) };
		const alerts = Array.from({ length: 130 }, (_, id) => one(id + 1, long));
		const sent = await run(alerts);
		for (const body of sent.bodies) expect(Buffer.byteLength(body)).toBeLessThan(1_000_000);
		expect(sent.bodies.length).toBeGreaterThan(2);
		expect(receiver.kept.keys).toEqual(alerts.map(({ json }) => json.dedupKey as string));
	});

	test('refuses all of a request for one event: it is halved until that one stands alone', async () => {
		receiver.dislikes = 'UNLIKED';
		const alerts = [1, 2, 3, 4].map((id) => one(id, id === 3 ? { IncidentName: 'UNLIKED' } : {}));
		const sent = await run(alerts);
		expect(receiver.kept.keys).toEqual([]);
		await sent.again(sent.check());
		await sent.again(sent.check());
		expect([...new Set(receiver.kept.keys)].sort()).toEqual(
			[1, 2, 4].map((id) => `cynet:1001:${id}`),
		);
		expect(() => sent.check()).toThrow(/Google SecOps did not take cynet:1001:3\. /);
	});
});
