import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import { FULL, ofRaw, SITE, type Json } from './format-kit.mts';

const linesOf = (changes: Json): string[] =>
	ofRaw('text', { ...FULL, ...changes }).text.split('\n');

const SHORT: Json = { ClientDbId: 7, IncidentName: 'x' };
const LONG: Json = { ...SHORT, IncidentDescription: 'd'.repeat(1_000) };
const pageOf = (form: string, alert: Json, most: number): string =>
	(FORMATS[form]!.ofRaw(alert, contextOf(alert, SITE), most) as Json)[form];

describe('a page for people', () => {
	it('makes no link of a domain or an address of the web, in no part of it', () => {
		expect(
			linesOf({
				AlertDomain: 'cdn.evil.example',
				AlertUrl: 'https://cdn.evil.example/pay.load/run.bin?to=a.example',
				Path: 'C:\\Temp\\a.example',
			}).filter((one) => /^(?:Domain|URL|File): /.test(one)),
		).toEqual([
			'File: C:\\Temp\\a.example',
			'Domain: cdn[.]evil[.]example',
			'URL: https[://]cdn[.]evil[.]example/pay[.]load/run[.]bin?to=a[.]example',
		]);
		expect(linesOf({ AlertUrl: 'evil.example/x.bin' })).toContain('URL: evil[.]example/x[.]bin');
	});

	it('tells nothing of what is blank: no fact, no section, none of the other fields', () => {
		const blank = { UserName: ' ', IncidentDescription: ' \r\n ', Unheard: ' \t' };
		const text = linesOf(blank).join('\n');
		expect(text).not.toMatch(/^(?:User|Description|  Unheard):/m);
		expect(text).toMatch(/^Host: MAC-01$/m);
		expect(linesOf({ Unheard: 'x' })).toContain('  Unheard: x');
	});

	it('names what the alert has without a name', () => {
		expect(linesOf({ '': 'x', ' ': 'y' })).toEqual(
			expect.arrayContaining(['  (no name): x', '  (no name): y']),
		);
	});

	it('shows 500 characters of a fact, and 100 of a name that the alert gives', () => {
		const lines = linesOf({
			Path: 'p'.repeat(501),
			UserName: 'u'.repeat(500),
			['n'.repeat(101)]: 'v'.repeat(501),
			['m'.repeat(100)]: 1,
		});
		expect(lines).toEqual(
			expect.arrayContaining([
				`File: ${'p'.repeat(499)}…`,
				`User: ${'u'.repeat(500)}`,
				`  ${'n'.repeat(99)}…: ${'v'.repeat(499)}…`,
				`  ${'m'.repeat(100)}: 1`,
			]),
		);
	});

	it('has a section of 40 characters where there is room for it, and none of less', () => {
		const sections = Array.from({ length: 200 }, (_, index) =>
			/\nDescription:\n {2}\| .*\n/.exec(pageOf('text', LONG, 100 + index)),
		).flatMap((found) => (found ? [found[0].length] : []));
		expect(Math.min(...sections)).toBe(40);
	});

	it('has a section as soon as there is room for its markup, and else says that it is missing', () => {
		const alert = { ...LONG, IncidentRecomendation: 'Isolate', CommandLine: 'a.exe -x' };
		const most = Array.from({ length: 400 }, (_, index) => 100 + index).find((one) =>
			pageOf('html', alert, one).includes('<pre'),
		)!;
		expect(pageOf('html', alert, most)).toMatch(/">… \[cut\]<\/pre>\n<p>\[cut\]<\/p>\n$/);
		expect(pageOf('html', alert, most)).toHaveLength(most);
		expect(pageOf('html', alert, most - 1)).toMatch(/<\/table>\n<p>\[cut\]<\/p>\n$/);
	});

	it('is whole where all of it has room beside the mark of a cut, and ends in the mark in a room of one less', () => {
		const whole = pageOf('text', SHORT, 1_000);
		expect(whole).toBe('Name: x\nSite: 1001\nAlert: 7\nKey: cynet:1001:7\n');
		const most = whole.length + '[cut]\n'.length;
		expect(pageOf('text', SHORT, most)).toBe(whole);
		expect(pageOf('text', SHORT, most - 1)).toBe('Name: x\nSite: 1001\nAlert: 7\n[cut]\n');
	});
});
