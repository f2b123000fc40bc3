import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordOf } from '../../nodes/shared/alert/formats/record.ts';
import { withoutCommandLines, withoutGraphs } from '../../nodes/shared/alert/leave-out.ts';
import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { cut } from '../../nodes/shared/alert/formats/harmless.ts';
import {
	FULL,
	leaves,
	ofRaw,
	ofSimplified,
	RUNS,
	simplified,
	type Json,
} from '../unit/format-kit.mts';

const TARGETS = ['ocsf', 'ecs', 'cef', 'slack', 'markdown', 'flat'];
/** What holds all of an alert, in a form of its own. */
const WHOLE = ['gelf', 'leef', 'udm', 'html', 'text'];
/** For people: a summary. */
const SUMMARIES = ['slack'];
/** How a line of a text ends where it is not as the vendor wrote it. */
const LINE_END: Json = {
	markdown: '\n',
	cef: '\\r\\n',
	flat: '\n',
	ocsf: '\n',
	ecs: '\n',
	gelf: '\n',
	udm: '\n',
	html: '\n',
	leef: ' ⏎ ',
	text: '\n  | ',
};

const text = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.constantFrom(
		'\ud83d',
		'\udc00x',
		'__proto__',
		'constructor',
		'toString',
		'0001-01-01T00:00:00',
		'T1059',
		'=1+1',
		'{"a":',
		'{"__proto__":{"polluted":1}}',
	),
);
const key = fc.oneof(
	fc.constantFrom(
		...Object.keys(FULL),
		...Object.keys(simplified(FULL)),
		'__proto__',
		'constructor',
		'Extra Info',
		'Parent Process Details',
		'a.b',
		'',
	),
	text,
);
const { value } = fc.letrec((tie) => ({
	value: fc.oneof(
		{ maxDepth: 3, withCrossShrink: true },
		text,
		fc.integer(),
		fc.double({ noNaN: true, noDefaultInfinity: true }),
		fc.boolean(),
		fc.constant(null),
		fc.array(tie('value'), { maxLength: 4 }),
		tie('object'),
	),
	object: fc
		.array(fc.tuple(key, tie('value')), { maxLength: 6 })
		.map((pairs) => Object.fromEntries(pairs)),
}));
/** An alert with anything in any field, and fields that no alert has. JSON, as n8n hands it on. */
const hostile = fc
	.tuple(fc.array(fc.tuple(key, value), { maxLength: 25 }), fc.boolean())
	.map(([pairs, isText]) => {
		const alert = Object.fromEntries(pairs) as Json;
		if (isText) alert.IncidentJsonDescription = JSON.stringify(alert.IncidentJsonDescription ?? {});
		return JSON.parse(JSON.stringify(alert)) as Json;
	});

const deepFreeze = (one: unknown): void => {
	if (typeof one !== 'object' || one === null) return;
	Object.values(Object.freeze(one)).forEach(deepFreeze);
};

describe('whatever an alert holds', () => {
	it('it is converted, raw or simplified, to JSON in well-formed texts, is not changed, and leaves nothing behind in prototypes', () => {
		fc.assert(
			fc.property(hostile, (alert) => {
				const before = JSON.stringify(alert);
				deepFreeze(alert);
				for (const form of Object.keys(FORMATS)) {
					const outputs = [
						ofRaw(form, alert),
						...(form === 'raw' ? [] : [ofSimplified(form, alert)]),
						ofRaw(form, withoutCommandLines(withoutGraphs(alert))),
					];
					for (const output of outputs) expect(JSON.parse(JSON.stringify(output))).toBeDefined();
					if (['cef', 'slack', 'markdown'].includes(form)) {
						for (const [, one] of outputs.flatMap((output) => leaves(output)))
							if (typeof one === 'string') expect(one).not.toMatch(/\p{Surrogate}/u);
					}
				}
				expect(JSON.stringify(alert)).toBe(before);
				expect(({} as Json).polluted).toBeUndefined();
				expect(Object.keys(Object.prototype)).toEqual([]);
			}),
			{ numRuns: RUNS },
		);
	});

	it('nothing of it is lost: each text is in the output, or in what it was read to', () => {
		fc.assert(
			fc.property(hostile, (alert) => {
				const record = recordOf(alert, contextOf(alert, '1001'));
				const kept = [...leaves(record.simple), ...leaves(record.others)].map(([, one]) =>
					String(one),
				);
				const all = Buffer.from(kept.join('\n')).toString().toLowerCase();
				for (const [path, one] of leaves(alert)) {
					if (
						typeof one !== 'string' ||
						one === '' ||
						/^(cynet|IncidentJsonDescription|AlertIp|Severity|Status|AlertType|DateIn|DateChanged|FirstSeenUtc|LastSeen)/.test(
							path,
						)
					)
						continue;
					expect(all, path).toContain(Buffer.from(one).toString().toLowerCase());
				}
			}),
			{ numRuns: RUNS },
		);
	});
});

describe('nothing is lost', () => {
	/** A mark in each field that takes a text. */
	const MARKED: Json = Object.fromEntries(
		Object.entries(FULL).map(([field, one]) => [
			field,
			one === null || Array.isArray(one) ? `mark-${field}` : one,
		]),
	);
	MARKED.Unheard = { of: ['mark-of', { deep: 'mark-deep' }] };
	MARKED.IncidentJsonDescription = JSON.stringify({
		...JSON.parse(FULL.IncidentJsonDescription),
		Unheard: { of: 'mark-detail' },
	});

	it.each([...TARGETS.filter((form) => !SUMMARIES.includes(form)), ...WHOLE])(
		'in %s: each text of the alert is there outside of the verbatim copy',
		(form) => {
			const { raw_data, ...output } = ofRaw(form, MARKED);
			if (output.event?.original) delete output.event.original;
			const all = [...leaves(output).map(([, one]) => String(one)), JSON.stringify(output)]
				.join('\n')
				.replace(/\\+/g, '\\')
				.replace(/\\=/g, '=')
				// No link is made of an address.
				.replace(/\[(\.|:\/\/|@)\]/g, '$1')
				.toLowerCase();
			for (const [path, one] of leaves({
				...MARKED,
				IncidentJsonDescription: JSON.parse(MARKED.IncidentJsonDescription),
			})) {
				if (
					typeof one !== 'string' ||
					/^(DateIn|DateChanged|FirstSeenUtc|LastSeen)|Process PID/.test(path)
				)
					continue;
				const [first, second] =
					path.endsWith('User') || path === 'UserName' ? one.split('\\') : [one];
				for (const part of [first!, second ?? ''])
					expect(all, path).toContain(
						part.replace(/\r\n/g, LINE_END[form] ?? '\r\n').toLowerCase(),
					);
			}
		},
	);

	it('a description of 2 MB is converted to every format', () => {
		const words = 'Path: c:\\a\\b c=d|e `f` \u{1f600} '.repeat(70_000);
		const alert = {
			...FULL,
			IncidentDescription: words,
			Path: words,
			UserName: words,
			IncidentJsonDescription: JSON.stringify({ words, 'OS Version': words }),
		};
		for (const form of TARGETS) {
			expect(JSON.stringify(ofRaw(form, alert)).length, form).toBeGreaterThan(100);
		}
	});

	it('details that go deeper than n8n could store stay text', () => {
		const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
		for (const form of TARGETS)
			expect(() =>
				JSON.stringify(ofRaw(form, { ...FULL, IncidentJsonDescription: deep })),
			).not.toThrow();
		expect(
			ofRaw('ocsf', { ...FULL, IncidentJsonDescription: deep }).unmapped.IncidentJsonDescription,
		).toMatch(/^\{"a":\[{20000,}… \[cut\]$/);
	});

	it('a cut text ends between two characters', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: 'grapheme' }),
				fc.integer({ min: 1, max: 20 }),
				(whole, most) => {
					const shorter = cut(whole, most);
					expect(shorter.length).toBeLessThanOrEqual(Math.max(most, 1));
					expect(shorter).not.toMatch(/\p{Surrogate}/u);
					expect(whole.startsWith(shorter.replace(/…$/, ''))).toBe(true);
				},
			),
		);
	});
});
