import { beforeAll, describe, expect, test } from 'vitest';
import { readTemplate, templateNames } from '../../host/templates.mts';
import { HOSTILE_TEXTS } from '../hostile-texts.mts';

/** What the template ai-triage asks, says and allows, with what n8n gives it. */

interface Block {
	readonly type: string;
	readonly text?: { readonly type: string; readonly text: string; readonly emoji?: boolean };
	readonly fields?: unknown;
}

interface Item {
	readonly json: Record<string, any>;
}

interface Node {
	readonly name: string;
	readonly type: string;
	readonly onError?: string;
	readonly parameters: Record<string, any>;
}

const nodesOf = async (name: string): Promise<readonly Node[]> =>
	(await readTemplate(name)).nodes as unknown as Node[];
const GOOD = { assessment: 'Likely real.', evidence: ['Its risk is high.'], action: 'Isolate it.' };
const SECTION = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });

describe('The template ai-triage', () => {
	let nodes: readonly Node[];
	beforeAll(async () => {
		nodes = await nodesOf('ai-triage');
	});
	const parameters = (name: string): Record<string, any> =>
		nodes.find((node) => node.name === name)!.parameters;

	const alertOf = (id: number, blocks: readonly unknown[] = [SECTION('facts')]): Item => ({
		json: { dedupKey: `cynet:1001:${id}`, text: `Alert ${id}`, blocks },
	});
	const message = (
		answers: readonly unknown[],
		alerts = answers.map((_, index) => alertOf(index)),
		sites: readonly string[] = ['1001'],
	): Item[] => {
		const world: Readonly<Record<string, readonly Item[]>> = {
			Convert: alerts,
			'Cynet Trigger': sites.map((clientId) => ({ json: { clientId } })),
		};
		return new Function('$input', '$', '$execution', parameters('Message').jsCode as string)(
			{ all: () => answers.map((json) => ({ json })) },
			(name: string) => ({ all: () => world[name] }),
			{ id: '7' },
		) as Item[];
	};
	const wordsOf = ({ json }: Item): string[] => {
		const blocks = json.blocks as readonly Block[];
		return blocks
			.slice(blocks.findIndex(({ type }) => type === 'divider') + 1)
			.map(({ text }) => text!.text);
	};
	const say = (words: unknown): string[] =>
		wordsOf(message([{ output: typeof words === 'string' ? words : JSON.stringify(words) }])[0]!);
	/** An expression as n8n resolves it. */
	const resolve = (text: string, values: Readonly<Record<string, unknown>>): unknown =>
		new Function(...Object.keys(values), `return ${text.slice(3, -2)}`)(...Object.values(values));

	test('says whose words they are, after the facts, and that nothing was done', () => {
		const [item] = message([{ output: JSON.stringify(GOOD) }]);
		expect(item!.json).toMatchObject({
			dedupKey: 'cynet:1001:0',
			text: 'Alert 0',
			inExecution: '7',
		});
		expect((item!.json.blocks as Block[])[0]).toEqual(SECTION('facts'));
		expect(wordsOf(item!)).toEqual([
			expect.stringMatching(/language model wrote.*Nothing was done/),
			'Assessment: Likely real.',
			'Evidence: Its risk is high.',
			'Proposed action: Isolate it.',
			expect.stringContaining('isolate-after-approval'),
		]);
		expect(say(`\`\`\`json\n${JSON.stringify(GOOD)}\n\`\`\``)).toEqual(wordsOf(item!));
		expect(say({ ...GOOD, evidence: [] })).toHaveLength(4);
	});

	test.each<[string, unknown]>([
		['nothing', ''],
		['prose', 'All is well.'],
		['null', 'null'],
		['a list', '[]'],
		['a number', '5'],
		['no evidence', { ...GOOD, evidence: undefined }],
		['evidence that is a text', { ...GOOD, evidence: 'abc' }],
		['six pieces of evidence', { ...GOOD, evidence: Array(6).fill('x') }],
		['evidence that is no text', { ...GOOD, evidence: [{ text: 'x' }] }],
		['an action that is a list', { ...GOOD, action: ['Isolate it.'] }],
		['an empty assessment', { ...GOOD, assessment: ' ' }],
		['what nobody sees', { ...GOOD, assessment: '\u200b\u2066\u00ad' }],
		['signs alone', { ...GOOD, action: '---' }],
		['more than 4,000 characters', { ...GOOD, assessment: 'x'.repeat(4000) }],
		['words around the JSON', `Sure! ${JSON.stringify(GOOD)}`],
		['what ends its rounds', 'Agent stopped due to max iterations.'],
	])('takes %s for no assessment, and says so in one line', (_, words) => {
		expect(say(words)).toEqual([
			'No assessment: the model gave no answer in the form that was asked for.',
		]);
	});

	test('sends each alert whatever the agent returns: an error, the alert itself, objects, more or fewer items', () => {
		for (const answer of [
			{ error: 'Rate limit: key sk-secret' },
			alertOf(0).json,
			{},
			{ output: GOOD },
			{ output: null },
			{ output: JSON.stringify(GOOD), error: 'x' },
			undefined,
		]) {
			const [item] = message([answer]);
			expect(wordsOf(item!)).toEqual([expect.stringMatching(/^No assessment: the model /)]);
			expect(JSON.stringify(item!.json)).not.toContain('sk-secret');
		}
		const good = { output: JSON.stringify(GOOD) };
		for (const answers of [[], [good], [good, good, good]])
			expect(message(answers, [alertOf(1), alertOf(2)]).map(wordsOf)).toEqual([
				[expect.stringMatching(/^No assessment/)],
				[expect.stringMatching(/^No assessment/)],
			]);
	});

	test.each(Object.entries(HOSTILE_TEXTS))(
		'makes the words of the model harmless: %s',
		(_, text) => {
			// What is longer is no assessment at all.
			text = Array.from(text).slice(0, 200).join('');
			const words = say({ assessment: `a ${text}`, evidence: [`b ${text}`], action: `c ${text}` });
			expect(words).toHaveLength(5);
			for (const word of words) {
				expect(word).not.toMatch(/[<>@\n\r]|:\/\/|(?! )[\p{C}\p{Z}\p{DI}]/u);
				expect(Buffer.from(word).toString()).toBe(word);
			}
			const blocks = message([{ output: JSON.stringify({ ...GOOD, action: text || 'x' }) }])[0]!
				.json.blocks as Block[];
			for (const { text: shown } of blocks.slice(2))
				expect(shown).toMatchObject({ type: 'plain_text', emoji: false });
		},
	);

	test('keeps the message below what Slack takes: long texts of the alert go first, and that is said', () => {
		const facts = [
			{ type: 'header', text: { type: 'plain_text', text: 'Alert' } },
			{ type: 'section', fields: [{ type: 'mrkdwn', text: 'host' }] },
			...['recommendation', 'command', 'description'].map((name) =>
				SECTION(name + '"'.repeat(2400)),
			),
			{ type: 'context', elements: [{ type: 'mrkdwn', text: 'key' }] },
		];
		const output = JSON.stringify({
			assessment: '日'.repeat(900),
			evidence: Array(5).fill('a' + '😀'.repeat(150)),
			action: 'x'.repeat(310),
		});
		const [item] = message([{ output }], [alertOf(1, facts)]);
		const blocks = item!.json.blocks as Block[];
		expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(13_000);
		expect(blocks.slice(0, 2)).toEqual(facts.slice(0, 2));
		expect(blocks).toContainEqual(facts.at(-1));
		expect(wordsOf(item!)[0]).toMatch(/^Long texts of the alert are left out/);
		expect(wordsOf(item!)[2]).toMatch(/日…$/);
		// A message that fits keeps all.
		expect(wordsOf(message([{ output }])[0]!)[0]).toContain('language model');
	});

	test('asks about the first five alerts of an execution, and tells the others', () => {
		const text = parameters('AI Agent').text as string;
		const $ = () => ({ item: { json: { name: 'Alert' } } });
		const asked = Array.from({ length: 8 }, (_, $itemIndex) => resolve(text, { $itemIndex, $ }));
		expect(asked.map((prompt) => typeof prompt)).toEqual([
			...Array<string>(5).fill('string'),
			...Array<string>(3).fill('undefined'),
		]);
		const said = message(asked.map(() => ({ output: JSON.stringify(GOOD) }))).map(wordsOf);
		expect(said.slice(5)).toEqual(
			Array(3).fill([expect.stringMatching(/^No assessment: more than 5 alerts came at once/)]),
		);
	});

	test('sends to Slack again what was not taken, as it was', () => {
		const [item] = message([{ output: JSON.stringify(GOOD) }]);
		const again = message([{ ...item!.json, inExecution: '6' }], [], []);
		expect(again.map(({ json }) => json)).toEqual([item!.json]);
	});

	test.each(Object.entries(HOSTILE_TEXTS))(
		'gives an alert to the model as one line of JSON between two lines, whatever it says: %s',
		(_, hostile) => {
			const value = `x\n=====\n${hostile.repeat(500)}`;
			const json = Object.fromEntries(
				[
					'name',
					'host',
					'user',
					'path',
					'commandLine',
					'description',
					'tags',
					'recommendation',
				].map((field) => [field, value]),
			);
			const prompt = resolve(parameters('AI Agent').text as string, {
				$itemIndex: 0,
				$: () => ({ item: { json: { ...json, techniques: [value], severity: null } } }),
			}) as string;
			const lines = prompt.split(/[\n\r\u2028\u2029\u0085]/);
			expect(lines).toHaveLength(4);
			expect([lines[1], lines[3]]).toEqual(['=====', '=====']);
			expect(lines[2]!.length).toBeLessThan(12_000);
			const given = JSON.parse(lines[2]!) as Record<string, string>;
			expect(given.severity).toBe('');
			expect(Object.keys(given)).not.toContain('commandLine');
			expect(Object.keys(given)).not.toContain('description');
			for (const text of Object.values(given)) {
				expect(Array.from(text).length).toBeLessThanOrEqual(300);
				expect(text).not.toMatch(/[\p{C}]/u);
			}
		},
	);

	test("looks up at the alerts' one site, ten times a tool, and else nowhere", () => {
		const site = parameters('File by Hash').options.clientId as string;
		const at = (sites: readonly string[], $runIndex = 0): unknown => {
			const items = sites.map((clientId) => ({ json: { clientId } }));
			return resolve(site, { $runIndex, $: () => ({ all: () => items, first: () => items[0] }) });
		};
		expect(at(['1001'])).toBe('1001');
		expect(at(['1001', '1001'], 9)).toBe('1001');
		expect(at(['1001'], 10)).toBe('');
		expect(at(['1001', '1002'])).toBe('');
		expect(at([])).toBe('');
	});

	test('has a model that is asked in at most four rounds, once more if it fails, and ends in bounds', () => {
		expect(parameters('AI Agent').options).toMatchObject({
			maxIterations: 4,
			enableStreaming: false,
		});
		expect(parameters('OpenAI Chat Model').options).toEqual({
			maxTokens: 800,
			timeout: 30_000,
			maxRetries: 1,
		});
	});
});

test('the tools of AI agents in all templates only look up, and an agent fills in nothing but what is searched for', async () => {
	const tools: string[] = [];
	for (const name of await templateNames()) {
		for (const { name: tool, type, parameters, onError } of await nodesOf(name)) {
			if (!/Tool$/.test(type)) continue;
			expect(type).toBe('n8n-nodes-cynet.cynetTool');
			tools.push(tool);
			const { resource, operation, options, filters, sha256, ...others } = parameters;
			expect([resource, operation].join(' ')).toMatch(/^(?:alert getAll|file get)$/);
			// What the agent says comes by $json and $fromAI.
			expect(JSON.stringify([options, others])).not.toMatch(/\$json|\$input|from_?ai/i);
			expect(Object.keys(options as object)).toEqual(['clientId']);
			expect(Object.keys({ ...(filters as object) })).toEqual(filters ? ['hostName'] : []);
			expect([filters?.hostName ?? sha256?.value]).toEqual([
				expect.stringMatching(/^=\{\{ \$fromAI\('(?:host|sha256)', '[^']+', 'string'\) \}\}$/),
			]);
			expect(onError).toBe('continueRegularOutput');
		}
	}
	expect(tools).toEqual(['Alerts of a Host', 'File by Hash']);
});
