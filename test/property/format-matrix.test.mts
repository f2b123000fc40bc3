import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import * as cards from 'adaptivecards';
import MarkdownIt from 'markdown-it';
import { lexer, type Token } from 'marked';
import { parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import { ATTACKED_FIELDS, HOSTILE_TEXTS, hostileThroughout } from '../hostile-texts.mts';
import { blockKit } from '../unit/block-kit-schema.mts';
import { FULL, leaves, ofRaw, ofSimplified, simplified, type Json } from '../unit/format-kit.mts';
import { gelfMessage, stixBundle } from '../unit/siem-schemas.mts';

const parseSyslog = createRequire(import.meta.url)('nsyslog-parser') as (line: string) => {
	type: string;
	cef: Json;
	fields: Json;
};
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false });
const isBlockKit = ajv.compile(blockKit);
const isGelf = ajv.compile(gelfMessage);
const isStix = ajv.compile(stixBundle);

/** Every hostile text, in all fields at once, and in the alert's own details and names of fields. */
const CASES: Array<[what: string, text: string, alerts: Json[]]> = Object.entries(
	HOSTILE_TEXTS,
).map(([what, text]) => [
	what,
	text,
	[
		{ ...FULL, ...Object.fromEntries(ATTACKED_FIELDS.map((field) => [field, text])) },
		{
			...FULL,
			[text]: text,
			Tags: [text, { Name: text }],
			MitreDetails: [text],
			Severity: text,
			Status: text,
			AlertType: text,
			DateIn: text,
			IncidentJsonDescription: JSON.stringify({
				[text]: text,
				'OS Version': text,
				'EPS Prevention': text,
				'Extra Info': { [text]: text, 'Malware ID': text, 'Malware Type': text },
				'Parent Process Details': { 'Process Path': text, 'Process Running User': text },
			}),
		},
		{ ClientDbId: text, Uniqueness: text, IncidentName: text },
		// Long texts are those of the others.
		hostileThroughout(text.slice(0, 400)),
	],
]);

it('the matrix has a hostile text in each field of an alert that holds texts, or may', () => {
	const fixed = /^(?:AlertGraph|Eps|RemediationStatus|AutoRemediationId|DomainCrc)/;
	expect(Object.keys(hostileThroughout('x'))).toEqual(
		expect.arrayContaining(Object.keys(FULL).filter((field) => !fixed.test(field))),
	);
});

/** What no text that people or machines read may hold. Tabs and line feeds are for blocks of lines. */
const HIDDEN =
	/[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\u034f\ufffe\uffff]/u;
const LINE = /^[^\n\r\t]*$/;

const textsOf = (value: unknown): string[] =>
	[...leaves(value).map(([, one]) => one), ...keysOf(value)].filter(
		(one): one is string => typeof one === 'string',
	);
function keysOf(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Array.isArray(value)
		? value.flatMap(keysOf)
		: Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}

/** What a parser finds beyond our own structure. */
type Check = (output: Json) => void;

const isTitle: Check = ({ title }) => {
	expect(title).toMatch(LINE);
	expect(title.length).toBeLessThanOrEqual(150);
	expect(markdownLinks(title)).toEqual([]);
	expect(title).not.toMatch(/@[\p{L}\p{N}_]/u);
};

const markdownIt = new MarkdownIt({ html: true, linkify: true });

/** Links and images that one of two readers finds, GitHub's bare addresses among them. */
function markdownLinks(text: string): string[] {
	const found: string[] = [];
	const seen = (token: Token): void => {
		if (['link', 'image', 'html'].includes(token.type)) found.push(token.raw);
		for (const inner of [
			...('tokens' in token ? (token.tokens ?? []) : []),
			...('items' in token ? (token.items as Token[]) : []),
		])
			seen(inner);
	};
	lexer(text).forEach(seen);
	for (const { type, children } of markdownIt.parse(text, {})) {
		if (type.startsWith('html')) found.push(type);
		for (const child of children ?? [])
			if (/^(link_open|image|html_inline)$/.test(child.type))
				found.push(`${child.type} ${child.content}`);
	}
	return found;
}

const OUR_HEADINGS = /^(?:Recommendation|Command line|Description|More)$/;
const OUR_TAGS = new Set(['table', 'tbody', 'tr', 'th', 'td', 'p', 'b', 'pre', '#text']);

const checks: Readonly<Record<string, Check>> = {
	markdown: (output) => {
		isTitle(output);
		expect(markdownLinks(output.markdown)).toEqual([]);
		const tokens = markdownIt.parse(output.markdown, {});
		tokens.forEach(({ type, tag }, index) => {
			// Everything is one title, our headings, one list a part, and code.
			expect(type).toMatch(/^(?:heading_|paragraph_|bullet_list_|list_item_|inline$|fence$)/);
			if (type === 'heading_open' && tag === 'h2')
				expect(tokens[index + 1]!.content).toMatch(OUR_HEADINGS);
			if (type === 'inline')
				for (const child of tokens[index]!.children!)
					expect(child.type).toMatch(/^(?:text|code_inline|strong_open|strong_close)$/);
			if (type === 'inline')
				expect(
					tokens[index]!.children!.filter((child) => child.type === 'text')
						.map((child) => child.content)
						.join(''),
				).toMatch(/^(?:[A-Z][\w -]*:|: |:|[A-Z][a-z ]+|\[cut\]| )*$/);
		});
		expect(tokens.filter(({ type, tag }) => type === 'heading_open' && tag === 'h1')).toHaveLength(
			1,
		);
		expect(output.markdown.length).toBeLessThanOrEqual(30_000);
	},
	text: (output) => {
		isTitle(output);
		expect(output.text).not.toMatch(/\w:\/\/|www\.|@[\p{L}\p{N}_]/iu);
		const lines: string[] = output.text.split('\n');
		for (const line of lines)
			expect(line).toMatch(
				/^(?:(?:Name|Severity|Status|Type|Host|Host IP|User|Scan group|File|SHA-256|Domain|URL|IP|Techniques|Tags|Created|First seen|Last seen|Changed|Event|Site|Alert|Key): |(?:Recommendation|Command line|Description|More):$| {2}|\[cut\]$|$)/,
			);
		for (const label of ['Severity', 'Host', 'Status'])
			expect(lines.filter((line) => line.startsWith(`${label}: `)).length).toBeLessThanOrEqual(1);
		expect(output.text.length).toBeLessThanOrEqual(30_000);
	},
	html: (output) => {
		isTitle(output);
		const errors: string[] = [];
		const fragment = parseFragment(output.html, {
			onParseError: ({ code }) => errors.push(code),
		}) as unknown as Json;
		const walk = (node: Json): void => {
			if (node.nodeName !== '#document-fragment') expect(OUR_TAGS).toContain(node.nodeName);
			for (const { name, value } of node.attrs ?? [])
				expect(`${name}=${value}`).toMatch(/^(?:align=left|style=white-space:pre-wrap)$/);
			for (const child of node.childNodes ?? []) walk(child as Json);
		};
		walk(fragment);
		expect(errors).toEqual([]);
		expect(output.html).not.toMatch(/\w:\/\/|www\.|@[\p{L}\p{N}_]/iu);
	},
	adaptiveCard: (output) => {
		isTitle(output);
		const context = new cards.SerializationContext();
		const card = new cards.AdaptiveCard();
		card.parse(JSON.parse(JSON.stringify(output.card)), context);
		const events = Array.from(
			{ length: context.eventCount },
			(_, index) => context.getEventAt(index)!.message,
		);
		expect([
			...events,
			...card.validateProperties().validationEvents.map(({ message }) => message),
		]).toEqual([]);
		expect(card.getItemCount()).toBe(output.card.body.length);
		for (const block of output.card.body) {
			// Runs of text are the one element in which a card knows no Markdown.
			expect(block.type).toBe('RichTextBlock');
			for (const run of block.inlines) {
				expect(run.type).toBe('TextRun');
				expect(run.text).toMatch(LINE);
				expect(run.text).not.toMatch(/\w:\/\/|www\.|@[\p{L}\p{N}_]/iu);
			}
		}
		const message = {
			type: 'message',
			attachments: [
				{
					contentType: 'application/vnd.microsoft.card.adaptive',
					contentUrl: null,
					content: output.card,
				},
			],
		};
		expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThanOrEqual(28 * 1024);
	},
	slack: (output) => {
		isTitle(output);
		isBlockKit(output);
		expect(isBlockKit.errors ?? []).toEqual([]);
		expect(JSON.stringify(output.blocks).length).toBeLessThan(13_000);
		for (const text of [output.text, ...mrkdwnOf(output.blocks)])
			expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
		for (const text of mrkdwnOf(output.blocks)) {
			// Outside of code stands only what is ours.
			const outside = text.replace(/```\n[^`]*\n```|`[^`\n]*`/g, '');
			expect(outside).toMatch(/^(?:\*[A-Z][\w -]*\*\n|(?:Event|Site|Alert|Key) (?: · )?)+$/);
		}
	},
	flat: (output) => {
		for (const [name, value] of Object.entries(output)) {
			for (const one of [name, value])
				if (typeof one === 'string') expect(one.trimStart()).not.toMatch(/^[=+\-@＝＋－＠\t\r]/);
			if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(32_767);
		}
		expect(['Critical', 'High', 'Medium', 'Low', 'Information', 'Unknown', null]).toContain(
			output.severity,
		);
	},
	cef: (output) => {
		isTitle(output);
		expect(output.cef).toMatch(LINE);
		const { type, cef, fields } = parseSyslog(output.cef);
		expect(type).toBe('CEF');
		expect(cef.deviceVendor).toBe('Cynet');
		expect(
			Object.keys(fields).filter(
				(key) =>
					!/^(?:dtUtc|sev|cat|rt|rtUtc|start|end|act|actRem|remedStat|externalId|clientId|src|dst|c6a[23](?:Label)?|fileHash|pFileHash|gpFileHash|epsVer|osVer|scanGroupName|dhost|duser|destinationDnsDomain|requestUrl|fname|filePath|pprUser|ppParams|gpprUser|gpParams|pParams|msg|cynetUnmapped)$/.test(
						key,
					) && /(?<!\\)=/.test(key),
			),
		).toEqual([]);
		expect(googleReads(output.cef)).toMatchObject({
			signature: expect.stringMatching(/^\d+$/),
			severity: expect.stringMatching(/^\d+$/),
			sev: expect.stringMatching(/^(?:High|Unknown)$/),
		});
		expect(googleReads(output.cef).dtUtc ?? 'Jan 01 2026 00:00:00.000').toMatch(
			/^[A-Z][a-z]{2} \d\d \d{4} [\d:.]{12}$/,
		);
		expect(output.cef.length).toBeLessThanOrEqual(64_000);
	},
	leef: (output) => {
		isTitle(output);
		expect(output.leef).toMatch(/^[^\n\r]*$/);
		const header = output.leef.split('|', 6);
		expect(header.slice(0, 4)).toEqual(['LEEF:2.0', 'Cynet', 'Cynet 360', '1.0']);
		expect(header[5]).toBe('x09');
		const pairs = output.leef
			.slice(header.join('|').length + 1)
			.split('\t')
			.map((pair: string) => pair.split('=', 1)[0]);
		expect(new Set(pairs).size).toBe(pairs.length);
		for (const key of pairs)
			expect(key).toMatch(
				/^(?:sev|severity|cat|devTime|techniques|tags|src|dst|status|alertId|site|dedupKey|event|firstSeen|lastSeen|action|identHostName|usrName|groupName|fileName|fileHash|malware|osName|domain|url|filePath|commandLine|recommendation|description|unmapped)$/,
			);
		expect(output.leef.length).toBeLessThanOrEqual(30_000);
	},
	gelf: (output) => {
		isTitle(output);
		isGelf(output.gelf);
		expect(isGelf.errors ?? []).toEqual([]);
		for (const [, value] of leaves(output.gelf))
			if (typeof value === 'string') expect(Buffer.byteLength(value)).toBeLessThanOrEqual(32_766);
	},
	stix: (output) => {
		isTitle(output);
		isStix(output.stix);
		expect(isStix.errors ?? []).toEqual([]);
		expect(output.indicators).toBe(
			output.stix.objects.filter(({ type }: Json) => type === 'indicator').length,
		);
		// One comparison with one text in quotes, which only an escaped quote is in.
		for (const { pattern } of output.stix.objects.slice(1))
			expect(pattern).toMatch(
				/^\[(?:file:hashes\.'SHA-256'|domain-name:value|url:value|ipv[46]-addr:value) = '(?:[^'\\]|\\['\\])*'\]$/,
			);
	},
	udm: (output) => {
		isTitle(output);
		expect(output.udm.metadata.event_type).toMatch(
			/^(?:FILE_UNCATEGORIZED|STATUS_UPDATE|GENERIC_EVENT)$/,
		);
		expect(output.udm.security_result[0].severity).toMatch(/^(?:HIGH|UNKNOWN_SEVERITY)$/);
	},
	ecs: ({ event: { original, ...event }, ...output }) => {
		expect(event.kind).toBe('alert');
		for (const key of keysOf(output)) expect(key).toMatch(/^[^.\s]+$/);
		for (const [, value] of leaves(output))
			if (typeof value === 'string') expect(Buffer.byteLength(value)).toBeLessThanOrEqual(32_766);
	},
	ocsf: (output) => expect(output.class_uid).toBe(2004),
};

/** All texts of blocks that Slack reads for markup. */
const mrkdwnOf = (blocks: Json[]): string[] =>
	blocks
		.flatMap((block) => [block.text, ...(block.fields ?? []), ...(block.elements ?? [])])
		.filter((one: Json | undefined) => one?.type === 'mrkdwn')
		.map((one: Json) => one.text);

/** What a parser of Google's kind reads: a pattern for the header, then each key behind a blank as a new part. */
function googleReads(line: string): Json {
	const [, signature, , severity, extension = ''] =
		/^CEF:0\|Cynet\|Cynet 360\|.*?\|([+-]?\d+)\|(.*?)\|([+-]?\d+)\|(.*)$/.exec(line) ?? [];
	const parts = ` ${extension}`
		.replace(/\s+([0-9a-zA-Z_.-]+?)=/g, '#$1=')
		.split('#')
		.filter(Boolean);
	// The last one of a key counts: a value must not bring its own.
	return {
		signature,
		severity,
		...Object.fromEntries(
			parts.map((part) => [part.split('=', 1)[0], part.slice(part.indexOf('=') + 1)]),
		),
	};
}

/** What stands verbatim in an output, and is no text for a reader. */
const verbatimOf = (form: string, output: Json): Json => {
	if (form === 'ocsf') return { ...output, raw_data: null };
	return form === 'ecs' ? { ...output, event: { ...output.event, original: null } } : output;
};

describe.each(Object.entries(checks))('as %s', (form, check) => {
	it.each(CASES)('%s is harmless', (_what, _text, alerts) => {
		for (const alert of alerts) {
			for (const output of [ofRaw(form, alert), ofSimplified(form, simplified(alert))]) {
				check(output);
				const { dedupKey, ...shown } = verbatimOf(form, output);
				for (const one of textsOf(shown)) expect(one).not.toMatch(HIDDEN);
			}
		}
	});
});

describe('of every format for a workflow to send', () => {
	const SENT = [
		'adaptiveCard',
		'cef',
		'gelf',
		'html',
		'leef',
		'markdown',
		'slack',
		'stix',
		'text',
		'udm',
	];

	it.each([
		[1, 'Information', 1],
		[2, 'Low', 2],
		[3, 'Medium', 3],
		[4, 'High', 4],
		[5, 'Critical', 5],
		['4', 'High', 4],
		[' high ', 'High', 4],
		[99, 'Unknown', null],
		['Unknown', 'Unknown', null],
		[0, 'Unknown (0)', null],
		[7, 'Unknown (7)', null],
		[-1, 'Unknown (-1)', null],
		[null, 'Unknown', null],
		['', 'Unknown', null],
		['Sev-9', 'Unknown', null],
		[{}, 'Unknown', null],
		[{ Level: 4 }, 'Unknown', null],
		[[4], 'Unknown', null],
		[1.5, 'Unknown', null],
		[true, 'Unknown', null],
		['1e3', 'Unknown', null],
	])('the severity %j is told as %j, level %j', (Severity, severity, severityLevel) => {
		const alert = { ...FULL, Severity };
		for (const form of SENT) {
			for (const output of [ofRaw(form, alert), ofSimplified(form, simplified(alert))]) {
				expect(output, form).toMatchObject({
					severity,
					severityLevel,
					dedupKey: 'cynet:2251997:62',
					title: `[${severity}] Memory Pattern - Beacon on MAC-01`,
				});
				expect(Object.keys(output)[0]).toBe('title');
			}
		}
		const level = severityLevel ?? 0;
		expect(ofRaw('gelf', alert).gelf.level).toBe([4, 6, 5, 4, 3, 2][level]);
		expect(ofRaw('leef', alert).leef).toContain(
			`|sev=${[5, 1, 3, 5, 8, 10][level]}\tseverity=${severity}`.replace(
				`severity=Unknown`,
				Severity === null || Severity === '' ? 'cat=' : 'severity=Unknown',
			),
		);
		expect(ofRaw('cef', alert).cef).toContain(`|${[0, 1, 3, 5, 8, 10][level]}|dtUtc=`);
		expect(ofRaw('udm', alert).udm.security_result[0].severity).toBe(
			['UNKNOWN_SEVERITY', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'][level],
		);
		expect(ofRaw('stix', alert).stix.objects[1].indicator_types).toEqual([
			[
				'unknown',
				'anomalous-activity',
				'anomalous-activity',
				'malicious-activity',
				'malicious-activity',
				'malicious-activity',
			][level],
		]);
		expect(ofRaw('ecs', alert).event.severity).toBe([undefined, 21, 21, 47, 73, 99][level]);
		expect([0, 99]).toContain(level > 0 ? 0 : ofRaw('ocsf', alert).severity_id);
	});
});
