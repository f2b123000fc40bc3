import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { NUMBER_OPTIONS } from '../../nodes/CynetTrigger/settings.ts';
import { SHOWN, TEXTS } from './texts.mts';

/** Names that say it all: n8n shows them in every node, and its lint wants no description there. */
const OF_N8N = ['Resource', 'Operation', 'Options'];

/** Choices that are the vendor's own plain words; the field above says what they are about. */
const PLAIN = ['Resource', 'Alert Types', 'Severities', 'Statuses'];

const fields = SHOWN.filter(({ choice }) => !choice);
const choices = SHOWN.filter(({ choice }) => choice);

test('fields and choices at every depth are looked at', () => {
	expect(fields.length).toBeGreaterThan(100);
	expect(choices.length).toBeGreaterThan(50);
});

describe('every field says what it is for', () => {
	test('with a description, unless it is one that n8n itself explains', () => {
		const silent = fields.filter(
			({ field }) =>
				field.type !== 'notice' &&
				!OF_N8N.includes(field.displayName) &&
				(field.description ?? '').length < 15,
		);
		expect(silent.map(({ where }) => where)).toEqual([]);
	});

	test('in other words than its name', () => {
		const plain = (text: string) => text.toLowerCase().replace(/^(the|whether to) |[^a-z ]/g, '');
		expect(
			fields
				.filter(({ field }) => plain(field.description ?? '') === plain(field.displayName))
				.map(({ where }) => where),
		).toEqual([]);
	});

	test('and a text field shows an example, unless its default is one', () => {
		const without = fields.filter(
			({ field }) =>
				field.type === 'string' &&
				field.default === '' &&
				!field.placeholder &&
				!EXPLAINED.includes(field.displayName),
		);
		expect(without.map(({ where }) => where)).toEqual([]);
	});
});

/** An example of a key would be taken for one. */
const EXPLAINED = ['Username or Access Key', 'Password or Secret Key'];

test('every choice says what it does, unless it is a plain word of the vendor', () => {
	const silent = choices.filter(
		({ field, choice }) =>
			!PLAIN.includes(field.displayName) && (choice!.description ?? '').length < 10,
	);
	expect(silent.map(({ where }) => where)).toEqual([]);
});

/** The vendor's and the trade's words that a newcomer need not know, and by what a text explains them. */
const JARGON: ReadonlyArray<readonly [word: RegExp, explained: RegExp]> = [
	[/Needs ESPM/, /add-on of Cynet/],
	[/scan group/, /group of hosts/],
	[/\bGUID\b/, /identifier|GUID of the site/i],
	[/\bMD5\b|\bSHA-1\b/, /hash/],
	[/SHA-256 hash/, /hexadecimal/],
	[/durable cursors/, /of n8n/],
];

test.each(JARGON)('%s is explained where it stands', (word, explained) => {
	const texts = TEXTS.filter(({ text }) => word.test(text));
	expect(texts.filter(({ text }) => !explained.test(text)).map(({ where }) => where)).toEqual([]);
});

test('no text promises what Cynet does not: a remediation is asked for', () => {
	const remediations = choices.filter(
		({ where, choice }) =>
			/Cynet › (host|file) › Operation/.test(where) && !choice!.value?.toString().startsWith('get'),
	);
	expect(remediations).toHaveLength(9);
	for (const { choice } of remediations) expect(choice!.description).toMatch(/^Ask Cynet to /);
});

test('the trigger says before a run, and when it is published, what an execution holds', () => {
	const { hints, activationMessage } = new CynetTrigger().description;
	expect(hints!.map(({ whenToDisplay }) => whenToDisplay)).toEqual(['beforeExecution']);
	expect(hints![0]!.message).toMatch(/up to three of the newest alerts.*one execution/);
	// The default of the option, in the words of the option.
	expect(activationMessage).toContain(
		`the last ${NUMBER_OPTIONS.lookbackHours.default} hours, or of what ${NUMBER_OPTIONS.lookbackHours.displayName} says`,
	);
});

test.each(SHOWN.filter(({ field }) => field.type === 'number' && field.displayName !== 'Limit'))(
	'$where tells its range, and no bound of the editor changes a value in silence',
	({ field }) => {
		expect(field.typeOptions ?? {}).toEqual({});
		expect(field.description).toMatch(/from \d[\d,]* (to|up)\b/i);
	},
);

test.each([new Cynet(), new CynetTrigger()])(
	'n8n finds $description.displayName by the words of the trade, and its assistant is told when to use it',
	({ description }) => {
		const file = new URL(
			`../../nodes/${description.displayName.replace(' ', '')}/${description.displayName.replace(' ', '')}.node.json`,
			import.meta.url,
		);
		const { alias } = JSON.parse(readFileSync(file, 'utf8')) as { alias: string[] };
		expect(new Set(alias.map((word) => word.toLowerCase())).size).toBe(alias.length);
		expect(alias).toEqual(expect.arrayContaining(['EDR', 'XDR', 'MSSP', 'Antivirus']));
		const { searchHint, relatedNodes } = description.builderHint!;
		// Expressions and braces would be taken for some by n8n's assistant.
		expect(searchHint).not.toMatch(/[{}]/);
		expect(relatedNodes!.map(({ nodeType }) => nodeType)).toEqual([
			description.name === 'cynet' ? 'n8n-nodes-cynet.cynetTrigger' : 'n8n-nodes-cynet.cynet',
		]);
	},
);

test('the action node is found by what it makes and does', () => {
	const { alias } = JSON.parse(
		readFileSync(new URL('../../nodes/Cynet/Cynet.node.json', import.meta.url), 'utf8'),
	) as { alias: string[] };
	for (const word of ['OCSF', 'ECS', 'CEF', 'Isolate', 'Quarantine', 'Kill', 'Vulnerability'])
		expect(alias).toContain(word);
});
