import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { readTemplate, templateNames } from '../../host/templates.mts';
import { HOSTILE_TEXTS } from '../hostile-texts.mts';
import { runCode as run, type Item } from './code-node.mts';

/** What the Code nodes and expressions of the templates do, with what n8n gives them. */

const { validateWorkflow } = createRequire(import.meta.url)('@n8n/workflow-sdk') as {
	validateWorkflow: (workflow: unknown) => {
		errors: unknown[];
		warnings: Array<{ code: string; nodeName?: string }>;
	};
};

const alert = (id: number, more = {}): Item => ({
	json: {
		dedupKey: `cynet:1001:${id}`,
		clientId: '1001',
		name: 'Alert',
		severity: 'High',
		...more,
	},
});
interface Unsent {
	readonly unsent: { readonly keys: readonly string[] };
}
const bodyOf = ({ json }: Item): string => `[${(json.rows as string[]).join(',')}]`;

test.each(await templateNames())("n8n's own validation finds nothing in %s", async (name) => {
	const { errors, warnings } = validateWorkflow(await readTemplate(name));
	expect([errors, warnings]).toEqual([[], []]);
});

describe('Portions', () => {
	const LIMITS = {
		'fluent-bit': 4_194_304,
		fluentd: 33_554_432,
		insightidr: 262_144,
		sentinel: 1_048_576,
		'splunk-hec': 1_048_576,
	};

	test.each(Object.entries(LIMITS))(
		'for %s stay below its limit in bytes, whatever the letters, and lose no alert',
		async (name, limit) => {
			const long = [
				alert(1, { description: '日'.repeat(500_000) }),
				alert(2, {
					commandLine: '😀'.repeat(800_000),
					path: 'a'.repeat(3_000_000),
					details: { deep: ['x'.repeat(5_000_000)] },
				}),
			];
			const portions = await run(name, 'In Portions', {
				input: [
					...Array.from({ length: 450 }, (_, index) =>
						alert(index + 3, { description: '日'.repeat(9000) }),
					),
					...long,
				],
			});
			for (const portion of portions)
				expect(Buffer.byteLength(bodyOf(portion))).toBeLessThan(limit);
			expect(portions.flatMap(({ json }) => json.keys as string[])).toHaveLength(452);
			expect(
				portions
					.flatMap(({ json }) => json.rows as string[])
					.map((row) => JSON.parse(row) as unknown),
			).toHaveLength(452);
		},
	);

	test('cut a text with a mark, and never through a character', async () => {
		const [portion] = await run('sentinel', 'In Portions', {
			input: [alert(1, { description: `x${'😀'.repeat(20_000)}` })],
		});
		const { Description } = JSON.parse(portion!.json.rows[0] as string) as { Description: string };
		expect(Description).toMatch(/… \(cut\)$/);
		expect(Buffer.from(Description).toString()).toBe(Description);
	});

	test('that are refused are halved, until the one that is refused stands alone', async () => {
		const portion = { json: { keys: ['a', 'b', 'c'], rows: ['1', '2', '3'], inExecution: '1' } };
		const halves = await run('splunk-hec', 'Not Taken', {
			input: [{ json: { error: { httpCode: '413' } } }],
			nodes: { 'In Portions': [portion] },
		});
		expect(halves.map(({ json }) => json.keys as string[])).toEqual([['a', 'b'], ['c']]);
		await expect(
			run('splunk-hec', 'Not Taken', {
				input: [{ json: { error: { httpCode: '400', message: 'no' } } }],
				nodes: { 'In Portions': [{ json: { keys: ['a'], rows: ['1'], inExecution: '1' } }] },
			}),
		).rejects.toThrow(/Splunk did not take a\. It said: no/);
	});

	test('have an IPv4 address for InsightIDR, always', async () => {
		const addresses = [
			'10.0.0.1',
			'fe80::1',
			null,
			'999.1.1.1',
			'1.2.3.4.',
			'10.0.0.1, 10.0.0.2',
			...Object.values(HOSTILE_TEXTS),
		];
		const portions = await run('insightidr', 'In Portions', {
			input: addresses.map((hostIp, index) => alert(index, { hostIp })),
		});
		const sent = portions.map(
			({ json }) =>
				(JSON.parse(json.rows[0] as string) as { source_address: string }).source_address,
		);
		expect(sent).toEqual(['10.0.0.1', ...addresses.slice(1).map(() => '0.0.0.0')]);
	});
});

describe('What was not taken', () => {
	const settings = [alert(1), alert(2)].map((item) => ({
		json: { ...item.json, inExecution: '1' },
	}));
	const PAGE = { data: '<!doctype html><html>Sign in</html>' };

	test.each([
		['slack-triage', { ok: true }],
		['microsoft-teams', { data: '' }],
		['microsoft-teams', {}],
		['elasticsearch', { _id: 'x', result: 'created' }],
		['pagerduty', { status: 'success', dedup_key: 'x' }],
		['email-digest', { accepted: ['a@b.example'] }],
		['graylog', { data: '' }],
	])(
		'in %s is told by the shape of success: a page, an error and the alert itself are none',
		async (name, good) => {
			expect(
				await run(name, 'Not Taken', { input: [{ json: good }], nodes: { Settings: settings } }),
			).toEqual([]);
			for (const bad of [
				PAGE,
				{ error: 'refused' },
				{ error: { message: 'refused' } },
				settings[0]!.json,
				{ status: 'error' },
			]) {
				await expect(
					run(name, 'Not Taken', {
						input: [{ json: good }, { json: bad }],
						nodes: { Settings: settings },
					}),
				).rejects.toThrow(/did not take cynet:1001:2\. .*Retry/s);
			}
		},
	);

	test.each([
		...['fluent-bit', 'fluentd', 'google-secops', 'graylog', 'insightidr'],
		...['microsoft-teams', 'sentinel'],
	])('is nothing where %s answers with nothing, as n8n 1 or n8n 2 gives it', async (name) => {
		for (const json of [{}, { data: '' }, { data: undefined }, { data: null }])
			expect(await run(name, 'Not Taken', { input: [{ json }] })).toEqual([]);
	});

	test('is told by nothing at all, too, whatever the template', async () => {
		const sent = {
			...{ dedupKey: 'cynet:1001:2', keys: ['cynet:1001:2'], inExecution: '1' },
			...{ rows: ['{}'], step: 'open', body: {}, method: 'POST', to: '' },
		};
		const anyNode = new Proxy({}, { get: () => [{ json: sent }] });
		const templates = [];
		for (const name of await templateNames()) {
			const { nodes } = await readTemplate(name);
			if (!nodes.some((node) => node.name === 'Not Taken')) continue;
			templates.push(name);
			for (const nothing of [undefined, null])
				await expect(
					run(name, 'Not Taken', {
						input: [{ json: nothing as unknown as Record<string, unknown> }],
						nodes: anyNode,
					}),
					`${name}: ${JSON.stringify(nothing)}`,
				).rejects.toThrow(/did not take cynet:1001:2\. /);
		}
		expect(templates.length).toBeGreaterThan(20);
	});

	test('fails the execution, too, where a node in between hides what it was', async () => {
		for (const [name, from] of [
			['slack-triage', 'Settings'],
			['jira', 'Not There Yet'],
			['jira-lifecycle', 'What To Do'],
		] as const)
			await expect(
				run(name, 'Not Taken', {
					input: [{ json: { error: 'refused' } }],
					nodes: { [from]: [{ json: { whatever: 1 } }] },
				}),
			).rejects.toThrow(/cannot name it\. Put no other node between it and the one that sends/);
	});

	test('goes back to be sent in a retry, and nothing else does', async () => {
		const again = await run('slack-triage', 'Not Taken', {
			execution: '2',
			input: [{ json: { ok: true } }, { json: { error: 'refused' } }],
			nodes: { Settings: settings },
		});
		expect(again.map(({ json }) => json.dedupKey as string)).toEqual(['cynet:1001:2']);
	});
});

test.each(await templateNames())(
	'%s goes on working where its nodes have other names',
	async (name) => {
		const { nodes } = await readTemplate(name);
		const names = nodes.map((node) => node.name);
		for (const { parameters } of nodes) {
			// Within `$('…')` n8n's editor writes the new name, and nowhere else.
			const text = JSON.stringify(parameters).replaceAll(/\$\('[^']*'\)/g, '');
			expect(
				names.filter((one) => text.includes(`'${one}'`) || text.includes(`\\"${one}\\"`)),
			).toEqual([]);
		}
	},
);

test('of the alerts of one execution, the first of each host at its site is asked about', async () => {
	const { parameters } = (await readTemplate('isolate-after-approval')).nodes.find(
		({ name }) => name === 'With a Host',
	) as { parameters: { conditions: { conditions: Array<{ leftValue: string }> } } };
	const expression = parameters.conditions.conditions[0]!.leftValue.slice(3, -2);
	const items = [
		...['1001 WS-1', '1001 WS-1', '1002 WS-1', '1001 WS-2', '1001 '],
		...['1001 WS-1', '1001 ws-1'],
	].map((of) => ({ json: { clientId: of.split(' ')[0], host: of.split(' ')[1] } }));
	const passed = items.filter(({ json }, index) =>
		new Function('$json', '$input', '$itemIndex', `return ${expression}`)(
			json,
			{ all: () => items },
			index,
		),
	);
	expect(passed.map(({ json }) => `${json.clientId} ${json.host}`)).toEqual([
		...['1001 WS-1', '1002 WS-1', '1001 WS-2', '1001 ws-1'],
	]);
});

describe('A look-up', () => {
	const nodes = (answers: unknown[]) => ({
		Convert: [alert(6), alert(62)],
		'Look It Up': answers as Item[],
	});
	const keys = (items: Item[]) =>
		items.map(({ json }) =>
			json.error
				? `! ${(JSON.parse(json.message as string) as Unsent).unsent.keys.join()}`
				: (json.dedupKey as string),
		);

	test.each([
		['jira', { fields: { labels: ['cynet', 'cynet-1001-62'] } }],
		['servicenow', { correlation_id: 'cynet:1001:62' }],
		['thehive', { sourceRef: 'cynet:1001:62' }],
	])('in %s lets through only what is surely not there', async (name, there) => {
		const trigger = { 'Cynet Trigger': [alert(6), alert(62)] };
		expect(
			keys(
				await run(name, 'Not There Yet', {
					input: [],
					nodes: { ...nodes([{ json: {}, pairedItem: [{ item: 0 }, { item: 1 }] }]), ...trigger },
				}),
			),
		).toEqual(['cynet:1001:6', 'cynet:1001:62']);
		expect(
			keys(
				await run(name, 'Not There Yet', {
					input: [],
					nodes: { ...nodes([{ json: there, pairedItem: { item: 1 } }]), ...trigger },
				}),
			),
		).toEqual(['cynet:1001:6']);
		for (const odd of [undefined, {}, '<html>', { error: 'x' }, { fields: null }]) {
			expect(
				keys(
					await run(name, 'Not There Yet', {
						input: [],
						nodes: { ...nodes([{ json: odd, pairedItem: { item: 1 } }]), ...trigger },
					}),
				),
			).toEqual(['cynet:1001:6', '! cynet:1001:62']);
		}
	});

	test('in DFIR-IRIS does not take one key for another', async () => {
		const found = (...refs: string[]) => ({
			json: {
				status: 'success',
				data: { alerts: refs.map((alert_source_ref) => ({ alert_source_ref })) },
			},
		});
		const look = async (...answers: Item[]) =>
			keys(
				await run('dfir-iris', 'Not There Yet', {
					input: [],
					nodes: {
						...nodes(answers.map((answer, item) => ({ ...answer, pairedItem: { item } }))),
						'Cynet Trigger': [alert(6), alert(62)],
					},
				}),
			);
		expect(await look(found('cynet:1001:62'), found('cynet:1001:62'))).toEqual(['cynet:1001:6']);
		expect(await look(found(), { json: { status: 'success' } })).toEqual([
			'cynet:1001:6',
			'! cynet:1001:62',
		]);
	});

	test('gives the next node the alert as it came, and no other alert', async () => {
		const created = await run('jira', 'Not There Yet', {
			nodes: {
				...nodes([{ json: {}, pairedItem: [{ item: 0 }, { item: 1 }] }]),
				'Cynet Trigger': [alert(6, { host: 'WS-6' }), alert(62, { host: 'WS-62' })],
			},
		});
		expect(created.map(({ json }) => (json.original as { host: string }).host)).toEqual([
			'WS-6',
			'WS-62',
		]);
	});

	test('is paired with the answer to it', async () => {
		const answers = [62, 6].map((id, item) => ({ json: { id }, pairedItem: { item: 1 - item } }));
		const unread = await run('jira', 'Not There Yet', {
			nodes: { ...nodes(answers), 'Cynet Trigger': [alert(6), alert(62)] },
		});
		expect(unread.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 0 }]);
	});

	test('that could not be read is run again from the alert as it came', async () => {
		const world = {
			input: [
				{
					json: {
						error: 'x',
						message: '{"unsent":{"inExecution":"1","keys":["cynet:1001:62"]}}',
					},
				},
			],
			fromError: true,
			nodes: { 'Cynet Trigger': [alert(6), alert(62)] },
		};
		await expect(run('thehive', 'Not Taken', world)).rejects.toThrow(
			/TheHive did not take cynet:1001:62/,
		);
		expect(keys(await run('thehive', 'Not Taken', { ...world, execution: '2' }))).toEqual([
			'cynet:1001:62',
		]);
	});
});

describe('Failed executions', () => {
	const at = (minutesAgo: number): string =>
		new Date(Date.now() - minutesAgo * 60_000).toISOString();
	const execution = (id: number, minutesAgo: number, more = {}): Item => ({
		json: {
			id: String(id),
			workflowId: 'w',
			mode: 'trigger',
			status: 'error',
			startedAt: at(minutesAgo),
			stoppedAt: at(minutesAgo),
			...more,
		},
	});
	const Settings = [
		{ json: { firstPauseMinutes: 2, longestPauseMinutes: 60, tries: 3, hours: 24, atOnce: 3 } },
	];
	const turn = async (input: Item[], memory: Record<string, unknown> = {}, secondsAgo = 0) =>
		(
			await run('retry-failed-deliveries', 'Whose Turn It Is', {
				input,
				nodes: { Settings, 'Twice a Minute': [{ json: { timestamp: at(secondsAgo / 60) } }] },
				memory,
			})
		).map(({ json }) => (json.error ?? json.id) as string);

	test('are run again after a pause that grows, the newest of a chain, crashed ones too, three at a look', async () => {
		expect(await turn([execution(1, 1)])).toEqual([]);
		expect(await turn([execution(1, 3)])).toEqual(['1']);
		expect(
			await turn([
				execution(1, 9, { status: 'crashed' }),
				execution(2, 3, { retryOf: '1', mode: 'retry' }),
			]),
		).toEqual([]);
		expect(
			await turn([
				execution(1, 9, { status: 'crashed' }),
				execution(2, 5, { retryOf: '1', mode: 'retry' }),
			]),
		).toEqual(['2']);
		expect(
			await turn([
				execution(1, 9),
				execution(2, 5, { retryOf: '1', status: 'success' }),
				execution(3, 9, { retrySuccessId: '9' }),
				execution(4, 9, { mode: 'manual' }),
			]),
		).toEqual([]);
		expect(await turn([5, 4, 3, 2].map((id) => execution(id, 30)))).toEqual(['2', '3', '4']);
	});

	test('are not begun twice while the first has not shown', async () => {
		const memory = {};
		expect(await turn([execution(1, 3)], memory)).toEqual(['1']);
		expect(await turn([execution(1, 3)], memory)).toEqual([]);
	});

	test('are no more than three at a time: what was begun has to end first', async () => {
		const memory = {};
		const failed = [1, 2, 3, 4, 5, 6].map((id) => execution(id, 30));
		expect(await turn(failed, memory)).toEqual(['1', '2', '3']);
		expect(await turn(failed, memory)).toEqual([]);
		const running = execution(7, 0, { retryOf: '1', status: 'running' });
		expect(await turn([...failed, running], memory)).toEqual([]);
		const ended = [8, 9].map((id, index) =>
			execution(id, 0, { retryOf: String(index + 2), status: 'success' }),
		);
		expect(await turn([...failed, running, ...ended], memory)).toEqual(['4', '5']);
	});

	test('are fewer or none where the look is late: the next one would choose the same', async () => {
		const failed = [1, 2, 3, 4].map((id) => execution(id, 30));
		expect(await turn(failed, {}, 0)).toEqual(['1', '2', '3']);
		expect(await turn(failed, {}, 9)).toEqual(['1', '2']);
		expect(await turn(failed, {}, 17)).toEqual(['1']);
		expect(await turn(failed, {}, 60)).toEqual([]);
		expect(await turn(failed, {}, 300)).toEqual([]);
	});

	test('are given up after the last try or a day, and that is said once', async () => {
		const memory = {};
		const chain = [
			execution(1, 300),
			...[2, 3, 4].map((id) => execution(id, 200, { retryOf: String(id - 1) })),
		];
		expect(await turn([...chain, execution(9, 25 * 60)], memory)).toEqual([
			'execution 4 of workflow w after 3 retries',
			'execution 9 of workflow w after 0 retries',
		]);
		expect(await turn([...chain, execution(9, 25 * 60)], memory)).toEqual([]);
	});

	test('of a workflow that may act are never run again', async () => {
		const { parameters } = (await readTemplate('retry-failed-deliveries')).nodes.find(
			({ name }) => name === 'Deliveries Only',
		) as { parameters: { conditions: { conditions: Array<{ leftValue: string }> } } };
		const expression = parameters.conditions.conditions[0]!.leftValue.slice(3, -2);
		const passes = (nodes: unknown[]): boolean =>
			new Function('$json', '$workflow', `return ${expression}`)(
				{ id: 'a', nodes: [{ type: 'n8n-nodes-cynet.cynetTrigger', parameters: {} }, ...nodes] },
				{ id: 'b' },
			) as boolean;
		const cynet = (type: string, parameters: unknown) => ({
			type: `n8n-nodes-cynet.${type}`,
			parameters,
		});
		expect(passes([])).toBe(true);
		expect(
			passes([cynet('cynet', { resource: 'alert', operation: 'convert' }), cynet('cynet', {})]),
		).toBe(true);
		expect(passes([cynet('cynet', { resource: 'host', operation: 'isolate' })])).toBe(false);
		expect(passes([cynet('cynetTool', { resource: 'file', operation: 'kill' })])).toBe(false);
		expect(
			passes([cynet('cynet', { resource: '={{ $json.x }}', operation: '={{ $json.y }}' })]),
		).toBe(false);
		expect(passes([{ type: 'n8n-nodes-base.executeWorkflow', parameters: {} }])).toBe(false);
		expect(
			passes([
				{
					type: 'n8n-nodes-base.httpRequest',
					parameters: { nodeCredentialType: 'cynetApi', method: 'POST' },
				},
			]),
		).toBe(false);
		for (const name of await templateNames()) {
			const nodes = (await readTemplate(name)).nodes as unknown as Array<{ type: string }>;
			if (nodes.some(({ type }) => type === 'n8n-nodes-cynet.cynetTrigger'))
				expect([name, passes(nodes)]).toEqual([name, name !== 'isolate-after-approval']);
		}
	});
});

describe('The question before an isolation', () => {
	/** What n8n's Send and Wait makes of a message. */
	const shown = (message: string): string => {
		const entities: Readonly<Record<string, string>> = {
			'&amp;': '&',
			'&lt;': '<',
			'&gt;': '>',
			'&#39;': "'",
			'&quot;': '"',
		};
		return message
			.trim()
			.replace(/&amp;|&lt;|&gt;|&#39;|&quot;/g, (entity) => entities[entity]!)
			.replace(/\\n/g, '\n')
			.replace(/<br>/g, '\n');
	};
	const parametersOf = async (node: string) =>
		(
			(await readTemplate('isolate-after-approval')).nodes.find(({ name }) => name === node) as {
				parameters: Record<string, any>;
			}
		).parameters;

	test.each(Object.entries(HOSTILE_TEXTS))(
		"is one question in six lines, below Slack's limit, without a link or a mention: %s",
		async (_, text) => {
			const { message } = (await parametersOf('Ask in Slack')) as { message: string };
			const fields = {
				host: text,
				name: text,
				user: text,
				path: `C:\\new\\n${text}`.repeat(3),
				clientId: '1001',
				dedupKey: text,
				severity: 'High',
			};
			const question = shown(
				new Function('$json', `return ${message.slice(3, -2)}`)(fields) as string,
			);
			expect(question.split('\n')).toHaveLength(6);
			expect(question.length).toBeLessThan(3000);
			expect(question).not.toMatch(/[<>]|\r/);
			expect(Buffer.from(question).toString()).toBe(question);
		},
	);

	test('is asked only about what can be a name of a host, and only a person whom Slack names can say yes', async () => {
		const truth = async (node: string, json: unknown): Promise<boolean> => {
			const { conditions } = (await parametersOf(node)) as {
				conditions: { conditions: Array<{ leftValue: string }> };
			};
			return new Function('$json', `return ${conditions.conditions[0]!.leftValue.slice(3, -2)}`)(
				json,
			) as boolean;
		};
		for (const host of ['WS-0101', 'srv_1.corp.example', 'PC-日本'])
			expect([host, await truth('A Plain Name?', { host })]).toEqual([host, true]);
		for (const host of [
			'<!channel> <https://x|WS-1>',
			'WS-1\nWS-2',
			'',
			'a b',
			'-x',
			...['a mention of Slack', 'a forged line', 'controls', 'what has no width'].map(
				(name) => HOSTILE_TEXTS[name]!,
			),
		])
			expect([host, await truth('A Plain Name?', { host })]).toEqual([host, false]);
		expect(await truth('Approved?', { data: { approved: true } })).toBe(false);
		expect(await truth('Approved?', { data: { approved: false, responder: { id: 'U1' } } })).toBe(
			false,
		);
		expect(await truth('Approved?', {})).toBe(false);
		expect(await truth('Approved?', { data: { approved: true, responder: { id: 'U1' } } })).toBe(
			true,
		);
	});
});
