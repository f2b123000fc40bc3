import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTemplate } from '../../host/templates.mts';
import { HOSTILE_TEXTS } from '../hostile-texts.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';
import { SET_UPS } from '../targets/set-ups.mts';
import type { Item, Node } from './code-node.mts';

/** The tickets of MSPs over the life of an alert: the templates' own code and expressions, against the receivers. */

interface Turn {
	/** What was sent: method, path and body. */
	readonly sent: Array<Record<string, any>>;
	/** What left by the error output. */
	readonly errors: string[];
	/** What *Not Taken* said. */
	readonly said: string;
}

const KEY = 'cynet:1001:62';
const at = (minute: number): string => new Date(Date.UTC(2026, 4, 29, 10, minute)).toISOString();

/** An event as the trigger emits it. */
function event(kind: string, minute: number, more: Record<string, unknown> = {}): Item {
	const key = (more.key as string | undefined) ?? KEY;
	return {
		json: {
			dedupKey: kind === 'created' ? key : `${key}:${at(minute)}`,
			clientId: key.split(':')[1],
			event: kind,
			status: 'Open',
			severity: 'High',
			title: '[High] Malware on WS-1',
			text: 'Name: Malware\nHost: WS-1\n',
			...more,
		},
	};
}

const TEMPLATES = ['halopsa', 'connectwise-psa', 'autotask-psa'];

/** How each shows a ticket. */
const SHOWN: Readonly<
	Record<
		string,
		{ company: (ticket: any) => unknown; isDone: (ticket: any) => boolean; text: string }
	>
> = {
	halopsa: {
		company: ({ client_id }) => client_id,
		isDone: ({ status_id }) => status_id === 9,
		text: 'details',
	},
	'connectwise-psa': {
		company: ({ company }) => company.identifier,
		isDone: ({ closedFlag }) => closedFlag,
		text: 'externalXRef',
	},
	'autotask-psa': {
		company: ({ companyID }) => companyID,
		isDone: ({ status }) => status === 5,
		text: 'description',
	},
};
const COMPANIES: Readonly<Record<string, readonly unknown[]>> = {
	halopsa: [12, 34, 1],
	'connectwise-psa': ['Acme', 'Globex', 'CatchAll'],
	'autotask-psa': [301, 302, 0],
};

describe.each(TEMPLATES)('In %s', (name) => {
	let receiver: Receiver;
	let nodes: Node[];
	beforeEach(async () => {
		const { contracts, typed } = SET_UPS[name]!;
		receiver = await startReceiver(contracts[0]!);
		let text = JSON.stringify((await readTemplate(name)).nodes);
		for (const [placeholder, value] of Object.entries(typed!(receiver.url)))
			text = text.replaceAll(placeholder, value);
		nodes = JSON.parse(text) as Node[];
	});
	afterEach(async () => await receiver.close());

	const node = (wanted: string): Node => nodes.find((one) => one.name === wanted)!;
	const tickets = (): Array<Record<string, any>> => [...receiver.kept.more.values()] as any;
	const [isDone, companyOf] = [SHOWN[name]!.isDone, SHOWN[name]!.company];

	/** What n8n makes of a field. */
	const valueOf = (value: unknown, json: unknown): any => {
		if (typeof value !== 'string' || !value.startsWith('=')) return value;
		const parts = /^=\{\{([^]*)\}\}$/.exec(value)!;
		const $ = (other: string) => ({ params: node(other).parameters });
		return new Function('$json', '$', `return ${parts[1]}`)(json, $);
	};

	const credential = (): Record<string, string> => {
		const { oAuth2Api, httpBasicAuth, httpCustomAuth } = SET_UPS[name]!.credentials!(
			receiver.url,
			0,
		) as Record<string, any>;
		if (oAuth2Api) return { authorization: 'Bearer halo-token' };
		if (httpCustomAuth) return JSON.parse(httpCustomAuth.json).headers;
		return {
			authorization: `Basic ${Buffer.from(`${httpBasicAuth.user}:${httpBasicAuth.password}`).toString('base64')}`,
		};
	};

	/** A node that asks over HTTP, for one item: the items that n8n gives. */
	const ask = async ({ type, parameters }: Node, json: unknown): Promise<Item['json'][]> => {
		const isOwn = type.endsWith('haloPSA');
		const pairs = (list: any): Array<[string, string]> =>
			(list?.parameters ?? []).map((one: any) => [one.name, valueOf(one.value, json)]);
		const query = new URLSearchParams(
			isOwn
				? [
						['search', valueOf(parameters.filters.search, json)],
						['count', String(parameters.limit)],
					]
				: pairs(parameters.queryParameters),
		);
		const url = isOwn ? `${receiver.url}/api/tickets` : valueOf(parameters.url, json);
		const response = await fetch(`${url}?${query}`, {
			method: isOwn ? 'GET' : valueOf(parameters.method, json),
			headers: { ...credential(), ...Object.fromEntries(pairs(parameters.headerParameters)) },
			...(parameters.jsonBody && { body: valueOf(parameters.jsonBody, json) }),
		});
		const text = await response.text();
		if (!response.ok) return [{ error: { message: text } }];
		let answer: any;
		try {
			answer = JSON.parse(text);
		} catch {
			return [isOwn ? {} : { error: 'Response body is not valid JSON.' }];
		}
		return [isOwn ? answer.tickets : answer].flat();
	};

	const code = (wanted: string, world: Record<string, unknown>): Item[] =>
		new Function(...Object.keys(world), node(wanted).parameters.jsCode)(
			...Object.values(world),
		) as Item[];

	/** One execution: all nodes from *Convert* on. */
	async function turn(
		events: readonly Item[],
		{ found, made }: { found?: unknown; made?: readonly Item[] } = {},
	): Promise<Turn> {
		const converted = events.map(({ json: { dedupKey, severity, title, text } }) => ({
			json: { dedupKey, severity, title, text },
		}));
		const answers: Item[] = [];
		for (const [item, { json }] of converted.entries())
			for (const answer of found === undefined
				? await ask(node('Look It Up'), json)
				: [found].flat())
				answers.push({ json: answer as Item['json'], pairedItem: { item } });
		const outputs: Record<string, readonly Item[]> = {
			'Cynet Trigger': events,
			Convert: converted,
			'Look It Up': answers,
		};
		const $ = (other: string) => {
			// Of a crashed execution n8n shows items that it made up as the first run of what had run.
			const runs = [...(made ? [made] : []), outputs[other] ?? []];
			return {
				all: (_branch: number, run = runs.length - 1) => runs[run] ?? [],
				itemMatching: (index: number) => outputs[other]?.[index],
			};
		};
		const world = { $, $execution: { id: '1' }, $runIndex: 0, $prevNode: { outputIndex: 0 } };
		const decided = code('What To Do', { ...world, $input: { all: () => converted } });
		const errors = decided.filter(({ json }) => json.error);
		const sent = decided.filter(({ json }) => !json.error);
		outputs['What To Do'] = sent;
		const sender = nodes.find((one) => one.name.startsWith('Send to '))!;
		const given: Item[] = [];
		for (const { json } of sent)
			for (const answer of await ask(sender, json)) given.push({ json: answer });
		let said = '';
		try {
			code('Not Taken', { ...world, $input: { all: () => given } });
		} catch (error) {
			said = (error as Error).message;
		}
		return {
			sent: sent.map(({ json }) => json),
			errors: errors.map(({ json }) => json.error),
			said,
		};
	}

	/** The same, where everything has to be taken. */
	async function live(...events: Item[]): Promise<Turn> {
		const done = await turn(events);
		expect([done.errors, done.said, receiver.complaints]).toEqual([[], '', []]);
		return done;
	}

	test('a new alert opens one ticket, for the company of its site; other sites have one for all', async () => {
		await live(
			event('created', 0),
			event('created', 0, { key: 'cynet:1002:62' }),
			event('created', 0, { key: 'cynet:7:62' }),
			event('created', 0, { key: 'cynet:constructor:62' }),
		);
		const [one, two, others] = COMPANIES[name]!;
		expect(tickets().map(companyOf)).toEqual([one, two, others, others]);
		expect(receiver.kept.keys).toEqual([
			KEY,
			'cynet:1002:62',
			'cynet:7:62',
			'cynet:constructor:62',
		]);
		expect(tickets().map(isDone)).toEqual([false, false, false, false]);
	});

	test('a ticket is done when its alert is closed or ignored, and open when the alert is seen again after it', async () => {
		for (const [minute, status] of [
			[10, 'Closed'],
			[30, 'Ignored'],
		] as const) {
			await live(event('created', 0), event('recurred', minute - 5));
			await live(event('updated', minute, { status }));
			expect(tickets().map(isDone)).toEqual([true]);
			await live(event('updated', minute + 1));
			expect(tickets().map(isDone)).toEqual([false]);
		}
		await live(event('updated', 40, { status: 'Closed' }));
		await live(event('recurred', 45));
		expect([tickets().map(isDone), receiver.kept.keys]).toEqual([[false], [KEY]]);
	});

	test('a recurrence and another severity are told to an open ticket', async () => {
		await live(event('created', 0));
		const before = structuredClone(tickets());
		expect((await live(event('recurred', 5))).sent).toHaveLength(1);
		expect(tickets()).not.toEqual(before);
		if (name !== 'connectwise-psa')
			expect(tickets()[0]![SHOWN[name]!.text]).toMatch(/^Cynet has seen this alert again/);
		await live(event('updated', 6, { severity: 'Low' }));
		if (name === 'connectwise-psa') expect(tickets()[0]).toMatchObject({ severity: 'Low' });
		else expect(tickets()[0]![SHOWN[name]!.text]).toContain('the severity Low');
	});

	test('what was told already is left alone, in whatever order it comes again', async () => {
		const life = [
			event('created', 0),
			event('recurred', 5),
			event('updated', 10, { status: 'Closed' }),
			event('recurred', 15),
			event('updated', 20, { status: 'Ignored' }),
		];
		for (const [index, one] of life.entries()) {
			await live(one);
			const now = structuredClone(tickets());
			for (const again of life.slice(0, index + 1)) expect((await live(again)).sent).toEqual([]);
			expect((await live(...life.slice(0, index + 1))).sent).toEqual([]);
			expect(tickets()).toEqual(now);
		}
		expect(receiver.kept.keys).toEqual([KEY]);
	});

	test('an answer that got lost makes no second ticket', async () => {
		receiver.failEvery = 1;
		const first = await turn([event('created', 0)], {
			found: name === 'autotask-psa' ? { items: [] } : [],
		});
		expect(first.said).toMatch(/did not take cynet:1001:62/);
		await turn([event('created', 0)], { found: name === 'autotask-psa' ? { items: [] } : [] });
		await turn([event('created', 0)], { found: name === 'autotask-psa' ? { items: [] } : [] });
		expect(receiver.kept.keys).toEqual([KEY]);
		receiver.failEvery = 0;
		await live(event('created', 0));
		expect(receiver.kept.keys).toEqual([KEY]);
	});

	test('a crashed execution that is run again sees what it has now, not what n8n made up for it', async () => {
		const made = [{ json: { isArtificialRecoveredEventItem: true } }];
		const done = await turn([event('created', 0)], { made });
		expect([done.errors, done.said, receiver.kept.keys]).toEqual([[], '', [KEY]]);
		expect((await turn([event('created', 0)], { made })).sent).toEqual([]);
	});

	test('one key is not taken for another', async () => {
		await live(event('created', 0, { key: 'cynet:1001:621' }));
		await live(event('created', 0, { key: KEY }), event('created', 0, { key: 'cynet:1001:6' }));
		await live(event('updated', 5, { key: 'cynet:1001:6', status: 'Closed' }));
		expect(tickets().map(isDone)).toEqual([false, false, true]);
		// A look-up may also give what only looks like it.
		const others = tickets().slice(0, 2);
		const found = name === 'autotask-psa' ? { items: others } : others;
		for (const key of ['cynet:1001:6', 'cynet:1001:62:1', 'net:1001:62'])
			expect((await turn([event('created', 0, { key })], { found })).sent).toHaveLength(1);
		expect(tickets()).toHaveLength(6);
	});

	test('a short key is found among any number of longer ones that begin with it', async () => {
		const longer = Array.from({ length: 120 }, (_, id) =>
			event('created', 0, { key: `cynet:1001:6${1000 + id}` }),
		);
		await live(...longer);
		await live(event('created', 0, { key: 'cynet:1001:6' }));
		await live(event('updated', 5, { key: 'cynet:1001:6', status: 'Closed' }));
		expect(tickets().filter(isDone)).toHaveLength(1);
		expect(tickets()).toHaveLength(121);
	});

	test('a look-up that cannot be read opens nothing, and is named', async () => {
		const full = { id: 1, summary: 'x', externalXRef: 'x', title: 'x' };
		const many = Array.from({ length: 100 }, (_, id) => ({ ...full, id }));
		for (const found of [
			{},
			{ error: 'x' },
			{ data: '<html>' },
			{ items: null },
			{ id: 'x' },
			name === 'autotask-psa' ? { items: many } : many,
		]) {
			const { sent, errors } = await turn([event('created', 0)], { found });
			expect([sent, errors]).toEqual([[], [expect.any(String)]]);
		}
		receiver.portal = true;
		expect((await turn([event('created', 0)])).errors).toHaveLength(1);
		expect(receiver.kept.keys).toEqual([]);
	});

	if (name === 'halopsa')
		test('a token that was not given is called so', async () => {
			// n8n's node then gives back its input.
			const created = event('created', 0);
			const { sent, errors } = await turn([created], { found: created.json });
			expect([sent, errors]).toEqual([[], [expect.stringMatching(/no token.*credential/)]]);
		});

	test('a page, an error or what was sent is no success', async () => {
		const world = {
			$: () => ({
				itemMatching: () => ({ json: { keys: [KEY], step: 'open', inExecution: '1' } }),
			}),
			$execution: { id: '1' },
			$runIndex: 0,
			$prevNode: { outputIndex: 0 },
		};
		for (const answer of [
			{ data: '<html>' },
			{},
			{ error: 'refused' },
			{ errors: ['refused'] },
			{ method: 'POST', to: '', body: {}, keys: [KEY], inExecution: '1' },
			{ itemId: null, id: null },
		])
			expect(() =>
				code('Not Taken', { ...world, $input: { all: () => [{ json: answer }] } }),
			).toThrow(/did not take cynet:1001:62/);
	});

	test('no text of an alert is markup, a link or too long', async () => {
		for (const [id, [what, hostile]] of Object.entries(HOSTILE_TEXTS).entries()) {
			const key = `cynet:1001:${id + 1}`;
			const title = hostile.replace(/[\0-\x1f\u0085\u2028\u2029]/g, ' ').slice(0, 150) || 'x';
			const text = hostile.replaceAll('\0', '␀');
			await live(event('created', 0, { key, title, text }));
			await live(event('recurred', 5, { key, title, text }));
			expect(receiver.kept.keys).toHaveLength(id + 1);
			expect([what, JSON.stringify(tickets().at(-1))]).toEqual([
				what,
				expect.not.stringMatching(/<[a-z/!]|\]\(|\]\[|\]:/i),
			]);
		}
	});

	test('what looks like a mark in an alert is none', async () => {
		const text =
			'x\nCynet seen:9999999999999 changed:9999999999999 closed:9999999999999 Closed/High';
		await live(event('created', 0, { text, title: text.slice(2) }));
		expect((await live(event('recurred', 5, { text, title: text.slice(2) }))).sent).toHaveLength(1);
		await live(event('updated', 6, { text, title: text.slice(2), status: 'Closed' }));
		expect(tickets().map(isDone)).toEqual([true]);
	});

	test('a long text is cut with a mark, never through a character, and its state is kept', async () => {
		for (const letters of ['😀', 'x😀', '日', '</a>']) {
			const key = `cynet:1001:${letters.length}${letters.codePointAt(0)}`;
			await live(event('created', 0, { key, text: letters.repeat(20_000) }));
			expect((await live(event('created', 0, { key, text: letters.repeat(20_000) }))).sent).toEqual(
				[],
			);
			const ticket = JSON.stringify(tickets().at(-1));
			expect(Buffer.from(ticket).toString()).toBe(ticket);
			expect(ticket).not.toMatch(/\\ud83d(?!\\ude00)/);
		}
	});

	test('a severity without a name has a place', async () => {
		for (const [id, severity] of ['Critical', 'Low', 'Information', 'Unknown', 'Sev 9'].entries())
			await live(event('created', 0, { key: `cynet:1001:${id + 1}`, severity }));
		expect(receiver.kept.keys).toHaveLength(5);
	});
});
