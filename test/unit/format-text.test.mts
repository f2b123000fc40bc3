import { describe, expect, it } from 'vitest';
import {
	FULL,
	leaves,
	manyAlerts,
	manySimplified,
	ofRaw,
	ofSimplified,
	simplified,
} from './format-kit.mts';

const page = (changes = {}): string => ofRaw('markdown', { ...FULL, ...changes }).markdown;

describe('a Markdown page', () => {
	it('has a title for a ticket, in one line that Jira takes', () => {
		expect(ofRaw('markdown', FULL)).toMatchObject({
			title: '[High] Memory Pattern - Beacon on MAC-01',
			dedupKey: 'cynet:2251997:62',
		});
		expect(ofRaw('markdown', { ClientDbId: 7 }).title).toBe('[Unknown] Alert 7');
		const { title } = ofRaw('markdown', {
			...FULL,
			IncidentName: `a\r\n${'\u{1f600}'.repeat(500)}`,
		});
		expect(title).toMatch(/^\[High\] a \u{1f600}+… on MAC-01$/u);
		expect(title.length).toBeLessThanOrEqual(150);
	});

	it('has all that the alert tells', () => {
		const text = page().toLowerCase();
		for (const [path, value] of leaves({
			...FULL,
			IncidentJsonDescription: JSON.parse(FULL.IncidentJsonDescription),
		})) {
			if (typeof value !== 'string' || /^(Date|FirstSeen|LastSeen|MitreDetails)/.test(path))
				continue;
			expect(text, path).toContain(value.replace(/\r\n/g, '\n').toLowerCase());
		}
		expect(text).toContain(
			'## description\n\n```\nhostname: mac-01\nhost ip: 192.168.2.66\nremote ip: 203.0.113.5\n```',
		);
		expect(ofSimplified('markdown', simplified(FULL)).markdown).toContain(
			'- `details.Extra Info.Malware ID`: `TR/VBS`',
		);
	});

	it('writes whatever comes from the alert as code, which nothing in it can end', () => {
		const evil = '`` ![x](https://evil.example) <img src=x> ```\n# no\n~~~';
		const text = page({
			Path: evil,
			IncidentDescription: evil,
			IncidentName: '<b>[x](y)</b>',
			'</evil>': 1,
		});
		expect(text).toContain('- **File:** ````` `` ![x]'.replace('`````', '````'));
		expect(text).toContain(`\n\n\`\`\`\`\n${evil}\n\`\`\`\`\n\n`);
		expect(text).toContain('# `[High] ‹b›[x] (y)‹/b› on MAC-01`\n');
		expect(text).toContain('- `</evil>`: `1`');
	});
});

describe('a flat record', () => {
	it('has all columns of the simplified form first, and one level of texts and numbers', () => {
		const columns = Object.keys(simplified(FULL)).filter((field) => field !== 'details');
		for (const row of [
			...manyAlerts().map((alert) => ofRaw('flat', alert)),
			...manySimplified().map((alert) => ofSimplified('flat', alert)),
		]) {
			expect(Object.keys(row).slice(0, columns.length)).toEqual(columns);
			expect(
				Object.values(row).filter((value) => typeof value === 'object' && value !== null),
			).toEqual([]);
		}
	});

	it('has details and other fields under the path to them', () => {
		const row = ofRaw('flat', {
			...FULL,
			Modules: ['a', 2],
			Deep: { a: { b: { c: { d: { e: 1 } } } } },
		});
		expect(row).toMatchObject({
			severity: 'High',
			severityLevel: 4,
			createdAt: '2026-05-29T13:26:24.000Z',
			'details.Extra Info.Malware ID': 'TR/VBS',
			Uniqueness: FULL.Uniqueness,
			HostId: 91,
			Modules: 'a, 2',
			'Deep.a.b.c.d': '{"e":1}',
			MitreDetails: JSON.stringify(FULL.MitreDetails),
		});
		expect(ofSimplified('flat', { ...simplified(FULL), mine: { a: 1 } })).toMatchObject({
			'mine.a': 1,
			event: 'created',
		});
	});

	it('keeps what a workflow made of a simplified alert, and what cannot be read', () => {
		const row = ofSimplified(
			'flat',
			JSON.parse(
				JSON.stringify({
					...simplified(FULL),
					createdAt: 'soon',
					severityLevel: 'grave',
					details: 'none',
					clientId: 7,
					id: { odd: 1 },
					constructor: 'mine',
				}),
			),
		);
		expect(row).toMatchObject({
			createdAt: null,
			'other.createdAt': 'soon',
			severityLevel: null,
			'other.severityLevel': 'grave',
			details: 'none',
			clientId: '7',
			'id.odd': 1,
			constructor: 'mine',
		});
		expect(
			ofRaw(
				'flat',
				JSON.parse('{"ClientDbId":1,"constructor":"x","cynet":{"clientId":7,"toString":"y"}}'),
			),
		).toMatchObject({ clientId: '7', constructor: 'x', 'cynet.toString': 'y' });
	});

	it('has each column of the simplified form to itself, whatever the alert calls its fields', () => {
		const row = ofRaw('flat', {
			...FULL,
			severity: 'Low',
			host: 'innocent',
			'details.OS Version': 'forged',
			'=1+1': '=1',
		});
		expect(row).toMatchObject({
			severity: 'High',
			host: 'MAC-01',
			'details.OS Version': 'Windows Server 2022',
			'other.severity': 'Low',
			'other.host': 'innocent',
			'other.details.OS Version': 'forged',
			"'=1+1": "'=1",
		});
	});

	it('has a bounded number of columns and length of cells', () => {
		const row = ofRaw('flat', {
			...FULL,
			IncidentDescription: 'x'.repeat(1e5),
			Deep: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index])),
		});
		expect(Object.keys(row).length).toBeGreaterThan(200);
		expect(Object.keys(row).length).toBeLessThanOrEqual(240);
		for (const value of Object.values(row))
			if (typeof value === 'string') expect(value.length).toBeLessThanOrEqual(32_767);
	});

	it.each([
		["=cmd|' /C calc'!A0"],
		['+1'],
		['-nop'],
		['@SUM(A1)'],
		['\t=1'],
		['\n=1'],
		['  =1'],
		['\u00a0=1'],
		['＝1'],
		['＋1'],
		['－1'],
		['＠x'],
		['|x'],
		['%x'],
	])('hands no spreadsheet the formula %j', (CommandLine) => {
		expect(ofRaw('flat', { ...FULL, CommandLine }).commandLine).toBe(`'${CommandLine}`);
	});
});
