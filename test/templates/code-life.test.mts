import { describe, expect, test } from 'vitest';
import { runCode as run, type Item } from './code-node.mts';

/** What *What To Do* and *Not Taken* of the living tickets decide, with what n8n gives them. */

const at = (minute: number): string => new Date(Date.UTC(2026, 4, 29, 10, minute)).toISOString();

/** An event as the trigger emits it; the minute is the time of it. */
function event(kind: string, minute: number, status: string | null, more = {}): Item {
	const key = 'cynet:1001:62';
	return {
		json: {
			dedupKey: kind === 'created' ? key : `${key}:${at(minute)}`,
			event: kind,
			status,
			severity: 'High',
			...more,
		},
	};
}
const of = (id: number, item: Item): Item => ({
	json: { ...item.json, dedupKey: item.json.dedupKey.replace(':62', `:${id}`) },
});

/** How each target shows a ticket in the answer to a look-up. */
interface Ticket {
	readonly done: boolean;
	readonly mark?: string;
	readonly id?: number;
}
interface Target {
	readonly none: unknown;
	found(ticket: Ticket): unknown;
	/** The mark that a request stores. */
	markOf(body: any): string;
	/** The text for people in a request. */
	textOf(body: any): string;
}

const transition = (id: string, name: string, category: string, hasScreen = true) => ({
	id,
	name,
	hasScreen,
	to: { name, statusCategory: { key: category } },
});
const TRANSITIONS = [
	transition('11', 'In Progress', 'indeterminate'),
	transition('21', 'Rejected', 'done'),
	transition('31', 'Done', 'done'),
	transition('41', 'Reopen', 'new'),
];
const issue = ({ done, mark, id = 62 }: Ticket, more = {}) => ({
	issues: [
		{
			key: `SOC-${id}`,
			fields: {
				labels: ['cynet', `cynet-1001-${id}`],
				status: { name: 'x', statusCategory: { key: done ? 'done' : 'new' } },
			},
			transitions: TRANSITIONS,
			...(mark === undefined ? {} : { properties: { cynet: { told: mark } } }),
			...more,
		},
	],
});

const incident = ({ done, mark, id = 62 }: Ticket, more = {}) => ({
	result: [
		{
			sys_id: `a${id}`,
			number: `INC${id}`,
			state: done ? '6' : '1',
			correlation_id: `cynet:1001:${id}`,
			correlation_display: mark ?? 'Cynet',
			...more,
		},
	],
});

const TARGETS: Readonly<Record<string, Target>> = {
	'servicenow-lifecycle': {
		none: { result: [] },
		found: (ticket) => incident(ticket),
		markOf: (body) => body.correlation_display,
		textOf: (body) => body.work_notes,
	},
	'jira-lifecycle': {
		none: { issues: [], isLast: true },
		found: (ticket) => issue(ticket),
		markOf: (body) => body.told ?? body.properties[0].value.told,
		textOf: (body) => body.update?.comment[0].add.body ?? '',
	},
};

const keyOf = (dedupKey: string): string => dedupKey.split(':').slice(0, 3).join(':');

/** One execution up to the request: what is sent, and what leaves by the error output. */
async function decide(template: string, events: readonly Item[], answers: readonly unknown[]) {
	const keys = [...new Set(events.map(({ json }) => keyOf(json.dedupKey)))];
	return await run(template, 'What To Do', {
		nodes: {
			'Cynet Trigger': events,
			Convert: events.map(({ json }) => ({
				json: { dedupKey: json.dedupKey, severity: json.severity, title: 't', text: 'x' },
			})),
			'Look It Up': events.map(({ json }, item) => ({
				json: answers[keys.indexOf(keyOf(json.dedupKey))] as Record<string, unknown>,
				pairedItem: { item },
			})),
		},
	});
}

/** A ticket and what it was told, over executions: each batch is one. */
async function live(template: string, batches: ReadonlyArray<readonly Item[]>, start?: Ticket) {
	const target = TARGETS[template]!;
	let ticket = start;
	const steps: string[] = [];
	const texts: string[] = [];
	for (const batch of batches) {
		const sent = await decide(template, batch, [ticket ? target.found(ticket) : target.none]);
		expect(sent.length).toBeLessThanOrEqual(1);
		steps.push(sent[0]?.json.error ?? sent[0]?.json.step ?? 'nothing');
		if (!sent[0] || sent[0].json.error) continue;
		const { step, body } = sent[0].json;
		if (step !== 'open' && step !== 'remember') texts.push(target.textOf(body));
		const done = { open: false, reopen: false, resolve: true }[step as string];
		ticket = { done: done ?? ticket!.done, mark: target.markOf(body) };
		expect(ticket.mark!.length).toBeLessThanOrEqual(100);
	}
	return { steps, texts, ticket };
}

describe.each(Object.keys(TARGETS))('A ticket of %s', (name) => {
	const steps = async (batches: ReadonlyArray<readonly Item[]>, start?: Ticket) =>
		(await live(name, batches, start)).steps;
	const created = (status: string | null = 'Open') => event('created', 0, status);
	const recurred = (minute: number, status: string | null = 'Open') =>
		event('recurred', minute, status);
	const updated = (minute: number, status: string | null, more = {}) =>
		event('updated', minute, status, more);

	test('is opened, commented, resolved, reopened and resolved again over the life of its alert', async () => {
		const { steps: done, texts } = await live(name, [
			[created()],
			[recurred(1)],
			[updated(2, 'Closed')],
			[recurred(3, 'Closed')],
			[updated(4, 'Ignored')],
		]);
		expect(done).toEqual(['open', 'comment', 'resolve', 'reopen', 'resolve']);
		expect(texts).toEqual([
			`Cynet has seen this alert again, at ${at(1)}.`,
			'The alert is closed in Cynet.',
			`Cynet has seen this alert again, at ${at(3)}.`,
			'The alert is ignored in Cynet.',
		]);
	});

	test('is told the same by events that come again, at any time later: nothing', async () => {
		const life = [[created()], [recurred(1)], [updated(2, 'Closed')], [recurred(3, 'Closed')]];
		expect((await steps([...life, ...life])).slice(4)).toEqual(Array(4).fill('nothing'));
		const { ticket } = await live(name, life);
		// A person closes it, or another batch: what was told stays told.
		expect(await steps(life, { ...ticket!, done: true })).toEqual(Array(4).fill('nothing'));
	});

	test('is not moved by an older event that comes after a newer one', async () => {
		expect(await steps([[created()], [updated(3, 'Closed')], [recurred(2)]])).toEqual([
			'open',
			'resolve',
			'nothing',
		]);
		expect(await steps([[created()], [updated(3, 'Pending')], [updated(2, 'Closed')]])).toEqual([
			'open',
			'comment',
			'nothing',
		]);
		expect(await steps([[created()], [updated(3, 'Open')], [updated(2, 'Closed')]])).toEqual([
			'open',
			'remember',
			'nothing',
		]);
		expect(await steps([[updated(3, 'Open')], [created()]])).toEqual(['open', 'nothing']);
		// Open again by a recurrence, it can be closed again.
		expect(
			await steps([
				[created()],
				[updated(1, 'Closed')],
				[recurred(2, 'Open')],
				[updated(3, 'Closed')],
			]),
		).toEqual(['open', 'resolve', 'reopen', 'resolve']);
		// Seen after it was closed, it stays open; what is ignored stays resolved.
		expect(await steps([[created()], [recurred(3)], [updated(2, 'Closed')]])).toEqual([
			'open',
			'comment',
			'remember',
		]);
		expect(await steps([[created()], [recurred(3)], [updated(2, 'Ignored')]])).toEqual([
			'open',
			'comment',
			'resolve',
		]);
	});

	test('gets the outcome of all events of a batch in one step, in whatever order they stand', async () => {
		const both = async (...batch: Item[]) => [
			await steps([batch]),
			await steps([[...batch].reverse()]),
			await steps([batch], { done: false }),
			await steps([batch], { done: true }),
		];
		expect(await both(created(), recurred(1))).toEqual([
			['open'],
			['open'],
			['comment'],
			['reopen'],
		]);
		expect(await both(created('Closed'), updated(1, 'Closed'))).toEqual([
			['nothing'],
			['nothing'],
			['resolve'],
			['remember'],
		]);
		expect(await both(recurred(1, 'Closed'), updated(2, 'Closed'))).toEqual([
			['nothing'],
			['nothing'],
			['resolve'],
			['remember'],
		]);
		expect(await both(updated(1, 'Closed'), recurred(2, 'Closed'))).toEqual([
			['open'],
			['open'],
			['comment'],
			['reopen'],
		]);
		expect(await both(created('Closed'), recurred(1, 'Closed'), updated(2, 'Closed'))).toEqual([
			['nothing'],
			['nothing'],
			['resolve'],
			['remember'],
		]);
	});

	test('is not opened for an alert that was closed or ignored before, until it is seen again', async () => {
		expect(await steps([[created('Closed')], [created('Ignored')]])).toEqual([
			'nothing',
			'nothing',
		]);
		expect(await steps([[updated(1, 'Closed')], [updated(2, 'Ignored')]])).toEqual([
			'nothing',
			'nothing',
		]);
		expect(await steps([[recurred(1, 'Ignored')]])).toEqual(['nothing']);
		expect(await steps([[updated(1, 'Closed')], [recurred(2, 'Closed')]])).toEqual([
			'nothing',
			'open',
		]);
	});

	test('is opened by whatever comes first of an alert that is open, or whose status is not said', async () => {
		for (const first of [
			created(),
			created(null),
			recurred(1),
			recurred(1, null),
			updated(1, 'Open'),
			updated(1, null),
		])
			expect(await steps([[first]])).toEqual(['open']);
	});

	test('that a person closed is opened by a recurrence and by a person in Cynet, by no odd update', async () => {
		const { ticket } = await live(name, [[created()]]);
		const closed = { ...ticket!, done: true };
		for (const odd of [
			updated(1, 'Open'),
			updated(1, null),
			updated(1, 'Open', { severity: 'Critical' }),
			recurred(1, 'Ignored'),
		])
			expect(await steps([[odd]], closed)).toEqual(['nothing']);
		expect(await steps([[updated(1, 'Pending')]], closed)).toEqual(['remember']);
		expect(await steps([[updated(1, 'Closed')], [updated(2, 'Open')]], closed)).toEqual([
			'remember',
			'reopen',
		]);
		expect(await steps([[recurred(1)]], closed)).toEqual(['reopen']);
	});

	test('that a person opened again is not resolved by an odd update of the closed alert', async () => {
		const { ticket } = await live(name, [[created()], [updated(1, 'Closed')]]);
		expect(await steps([[updated(2, 'Closed')]], { ...ticket!, done: false })).toEqual([
			'remember',
		]);
		expect(await steps([[updated(2, 'Ignored')]], { ...ticket!, done: false })).toEqual([
			'resolve',
		]);
	});

	test('gets a comment where status or severity is another one, and none for any other change', async () => {
		const { steps: done, texts } = await live(name, [
			[created()],
			[updated(1, 'Open')],
			[updated(2, 'Pending')],
			[updated(3, 'Pending')],
			[updated(4, 'Pending', { severity: 'Critical' })],
			[updated(5, null, { severity: null })],
		]);
		expect(done).toEqual(['open', 'remember', 'comment', 'remember', 'comment', 'remember']);
		expect(texts.at(-1)).toBe(
			'In Cynet the alert now has the status Pending and the severity Critical.',
		);
	});

	test('is looked up apart for each of several alerts', async () => {
		const { found, none } = TARGETS[name]!;
		const events = [created(), of(6, recurred(1)), of(7, updated(1, 'Closed')), of(621, created())];
		const sent = await decide(name, events, [
			none,
			found({ done: true, id: 6 }),
			found({ done: false, id: 7 }),
			found({ done: true, id: 621 }),
		]);
		expect(sent.map(({ json }) => [json.step, json.keys])).toEqual([
			['open', ['cynet:1001:62']],
			['reopen', [`cynet:1001:6:${at(1)}`]],
			['resolve', [`cynet:1001:7:${at(1)}`]],
		]);
	});

	test('whose look-up cannot be read is neither opened nor changed, and fails by name', async () => {
		const { found } = TARGETS[name]!;
		const other = found({ done: false, id: 621 });
		for (const odd of [
			{},
			undefined,
			{ data: '<html>' },
			{ error: { message: 'no' } },
			{ error: 'no' },
			{ issues: null },
			{ result: {} },
			{ issues: [{}] },
			{ result: [{}] },
			name === 'jira-lifecycle'
				? issue({ done: false }, { fields: { labels: ['cynet-1001-62'] } })
				: incident({ done: false }, { state: '' }),
			other,
		]) {
			const sent = await decide(name, [created(), of(6, created())], [odd, TARGETS[name]!.none]);
			expect([odd, sent.map(({ json }) => json.step ?? Object.keys(json))]).toEqual([
				odd,
				[['error', 'message'], 'open'],
			]);
			const turn = {
				input: [sent[0]!],
				fromError: true,
				nodes: { 'Cynet Trigger': [created(), of(6, created())] },
			};
			await expect(run(name, 'Not Taken', turn)).rejects.toThrow(
				/did not take cynet:1001:62\. It said: .+ Fix the cause/,
			);
			expect(await run(name, 'Not Taken', { ...turn, execution: '2' })).toMatchObject([
				{ json: { dedupKey: 'cynet:1001:62' } },
			]);
		}
	});

	test('says no word that an alert chose', async () => {
		const words = '<!channel> [x|https://x] {noformat} ^ "';
		const { texts } = await live(name, [
			[created()],
			[updated(1, words, { severity: words })],
			[recurred(2, words)],
		]);
		expect(texts.join()).not.toMatch(/[<>[\]{}^"!|]/);
	});
});

test('A batch that was taken in part is run again for what was not taken, with all its events', async () => {
	const nodes = {
		'Cynet Trigger': [
			event('created', 0, 'Open'),
			event('recurred', 1, 'Open'),
			of(6, event('created', 0, 'Open')),
		],
		'What To Do': [
			{
				json: {
					step: 'comment',
					keys: ['cynet:1001:62', `cynet:1001:62:${at(1)}`],
					inExecution: '1',
				},
			},
			{ json: { step: 'open', keys: ['cynet:1001:6'], inExecution: '1' } },
		],
	};
	const turn = {
		nodes,
		input: [{ json: { error: { message: 'no' } } }, { json: { key: 'SOC-1', self: 'https://x' } }],
	};
	await expect(run('jira-lifecycle', 'Not Taken', turn)).rejects.toThrow(
		`Jira did not take cynet:1001:62, cynet:1001:62:${at(1)}. It said: no.`,
	);
	expect(
		(await run('jira-lifecycle', 'Not Taken', { ...turn, execution: '2' })).map(
			({ json }) => json.dedupKey,
		),
	).toEqual(['cynet:1001:62', `cynet:1001:62:${at(1)}`]);
});

describe('Jira', () => {
	const move = async (kind: 'recurred' | 'updated', more = {}) =>
		(
			await decide(
				'jira-lifecycle',
				[event(kind, 1, kind === 'updated' ? 'Closed' : 'Open')],
				[issue({ done: kind === 'recurred' }, more)],
			)
		)[0]!.json;

	test.each([
		['updated', TRANSITIONS, '31'],
		['recurred', TRANSITIONS, '41'],
		['updated', [transition('5', 'Erledigt', 'done')], '5'],
		['recurred', [transition('5', 'Zur Prüfung', 'indeterminate')], '5'],
		['updated', [transition('1', 'Done', 'new'), transition('2', 'Fertig', 'done')], '2'],
	] as const)(
		'moves an issue by the category of the status: %s %j',
		async (kind, transitions, id) => {
			expect((await move(kind, { transitions })).body.transition).toEqual({ id });
		},
	);

	test.each([
		['updated', [], 'nothing'],
		['updated', undefined, 'nothing'],
		['updated', [transition('1', 'To Do', 'new')], '"To Do"'],
		[
			'updated',
			[transition('1', 'Rejected', 'done'), transition('2', 'Duplicate', 'done')],
			'"Rejected", "Duplicate"',
		],
		['recurred', [transition('1', 'Archive', 'done')], '"Archive"'],
	] as const)(
		'says what to do where there is no way, or more than one: %s %j',
		async (kind, transitions, names) => {
			const { error } = await move(kind, { transitions });
			expect(error).toContain(
				`SOC-62 has to be ${kind === 'updated' ? 'resolved' : 'reopened'}, and from "x" this user can move it by ${names}. Put one of them into ${kind === 'updated' ? 'resolveBy' : 'reopenBy'} at the top of What To Do`,
			);
		},
	);

	test('adds the reason to a transition that has a screen: another one takes no comment', async () => {
		const by = (hasScreen: boolean) => ({
			transitions: [transition('1', 'Done', 'done', hasScreen)],
		});
		expect(Object.keys((await move('updated', by(true))).body)).toContain('update');
		expect(Object.keys((await move('updated', by(false))).body)).not.toContain('update');
	});

	test('has done what it answers with nothing, or with a new issue: a page and an error are none', async () => {
		const judge = async (step: string, answer: Record<string, unknown>): Promise<boolean> => {
			try {
				await run('jira-lifecycle', 'Not Taken', {
					input: [{ json: answer }],
					nodes: { 'What To Do': [{ json: { step, keys: ['k'], inExecution: '1' } }] },
				});
				return true;
			} catch {
				return false;
			}
		};
		expect(await judge('open', { key: 'SOC-1', self: 'https://x' })).toBe(true);
		for (const step of ['comment', 'reopen', 'resolve', 'remember']) {
			expect(await judge(step, { data: '' })).toBe(true);
			// Of an empty body n8n 1.123 makes an item with a field that is not there.
			for (const nothing of [{}, { data: undefined }, { data: null }])
				expect([step, await judge(step, nothing)]).toEqual([step, true]);
			for (const bad of [
				{ data: '<html>' },
				{ error: 'no' },
				{ error: { message: 'no' } },
				{ key: 'SOC-1', self: 'x' },
			])
				expect([step, await judge(step, bad)]).toEqual([step, false]);
		}
		for (const bad of [{}, { data: '' }, { data: '<html>' }, { error: 'no' }])
			expect(await judge('open', bad)).toBe(false);
	});
});

describe('ServiceNow', () => {
	const step = async (kind: string, more: object) =>
		(
			await decide(
				'servicenow-lifecycle',
				[event(kind, 1, kind === 'updated' ? 'Closed' : 'Open')],
				[incident({ done: false }, more)],
			)
		)[0]?.json;

	test.each(['7', '8'])(
		'has nothing changed in an incident that it closed for good: a recurrence opens another one (%s)',
		async (state) => {
			expect(await step('updated', { state })).toBeUndefined();
			expect(await step('recurred', { state })).toMatchObject({
				method: 'POST',
				to: '',
				body: { correlation_id: 'cynet:1001:62', work_notes: expect.any(String) },
			});
		},
	);

	test('resolves with the code and the notes that it demands, and the reason as a work note', async () => {
		expect(await step('updated', {})).toMatchObject({
			method: 'PATCH',
			to: '/a62',
			body: {
				state: '6',
				close_code: expect.stringMatching(/./),
				close_notes: expect.stringMatching(/./),
				work_notes: expect.any(String),
			},
		});
	});

	test('has done what the record shows afterwards: a rule that keeps the state, or cuts the mark, fails by name', async () => {
		const body = { state: '6', correlation_display: 'Cynet seen:1' };
		const judge = async (answer: Record<string, unknown>) =>
			await run('servicenow-lifecycle', 'Not Taken', {
				input: [{ json: answer }],
				nodes: {
					'What To Do': [{ json: { step: 'resolve', keys: ['k'], inExecution: '1', body } }],
				},
			});
		const result = { sys_id: 'a', number: 'INC1', ...body };
		expect(await judge({ result })).toEqual([]);
		await expect(judge({ result: { ...result, state: '2' } })).rejects.toThrow(
			/did not take k\. It said: INC1 took the change, but its state is "2", not "6": a business rule/,
		);
		await expect(judge({ result: { ...result, correlation_display: '' } })).rejects.toThrow(
			/its correlation_display is ""/,
		);
		for (const bad of [{}, { result: [] }, { result: null }, { data: '<html>' }, { error: 'no' }])
			await expect(judge(bad)).rejects.toThrow(/did not take k/);
	});
});
