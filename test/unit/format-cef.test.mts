import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	FULL,
	manyAlerts,
	ofRaw,
	ofSimplified,
	rawAlert,
	RUNS,
	simplified,
	type Json,
} from './format-kit.mts';

const parseSyslog = createRequire(import.meta.url)('nsyslog-parser') as (line: string) => {
	type: string;
	cef: Json;
	fields: Json;
};

const UNESCAPED: Json = { n: '\n', r: '\r' };

/**
 * Reads a line by the letter of the CEF standard: a bar ends a field of the header and "=" a key,
 * unless a backslash is ahead of it.
 */
function read(line: string): { header: string[]; extension: Json } {
	const header: string[] = [];
	let at = 'CEF:'.length;
	for (let field = ''; header.length < 7; at++) {
		if (line[at] === '|') {
			header.push(field);
			field = '';
		} else field += line[at] === '\\' ? line[++at] : line[at];
	}
	const pairs: Array<[string, string]> = [];
	let key = '';
	let value = '';
	for (; at <= line.length; at++) {
		if (at === line.length) pairs.push([key, value]);
		else if (line[at] === '\\') value += UNESCAPED[line[++at]!] ?? line[at];
		else if (line[at] === '=') {
			// What stands behind the last blank is the next key.
			const blank = value.lastIndexOf(' ');
			if (key !== '') pairs.push([key, value.slice(0, blank)]);
			[key, value] = [value.slice(blank + 1), ''];
		} else value += line[at];
	}
	return { header, extension: Object.fromEntries(pairs) };
}

const lineOf = (alert: Json): string => ofRaw('cef', alert).cef;
const keysOf = (alert: Json): Json => read(lineOf(alert)).extension;

describe('a CEF line', () => {
	it('has what the vendor tells under the keys of its own lines', () => {
		const {
			header,
			extension: { cynetUnmapped, ...keys },
		} = read(lineOf(FULL));
		expect(header).toEqual(['0', 'Cynet', 'Cynet 360', '', '0', 'Memory Pattern - Beacon', '8']);
		expect(keys).toEqual({
			dtUtc: 'May 29 2026 13:27:00.000',
			sev: 'High',
			cat: 'END-POINT Alert',
			rt: '1780061184000',
			rtUtc: 'May 29 2026 13:26:24.000',
			start: '1780061180000',
			end: '1780061220000',
			act: 'Quarantined',
			externalId: '62',
			clientId: '2251997',
			src: '192.168.2.66',
			dst: '203.0.113.5',
			fileHash: 'AB'.repeat(32),
			pFileHash: 'CD'.repeat(32),
			gpFileHash: 'EF'.repeat(32),
			epsVer: '4.31',
			osVer: 'Windows Server 2022',
			scanGroupName: 'Servers',
			dhost: 'MAC-01',
			duser: 'CORP\\jdoe',
			destinationDnsDomain: 'evil.example',
			requestUrl: 'https://evil.example/x',
			fname: 'a.b.exe',
			filePath: 'c:\\temp\\a.b.exe',
			pprUser: 'CORP\\root',
			ppParams: '/sbin/launchd',
			gpParams: 'c:\\gp.exe',
			pParams: 'a.b.exe -p s3cret',
			msg: 'Isolate the host',
		});
		expect(Object.keys(keys).slice(0, 8)).toEqual([
			'dtUtc',
			'sev',
			'cat',
			'rt',
			'rtUtc',
			'start',
			'end',
			'act',
		]);
		expect(JSON.parse(cynetUnmapped)).toMatchObject({
			dedupKey: 'cynet:2251997:62',
			event: 'created',
			description: FULL.IncidentDescription,
			status: 'Pending',
			type: 'File',
			changedAt: '2026-05-29T13:28:00.000Z',
			malware: 'TR/VBS',
			uniqueness: FULL.Uniqueness,
			'parent.pid': 4242,
			MitreDetails: FULL.MitreDetails,
			details: { 'Extra Info': { 'Is USB': 'True' } },
		});
		expect(ofRaw('cef', FULL).dedupKey).toBe('cynet:2251997:62');
	});

	it.each([
		[1, '1'],
		[2, '3'],
		[3, '5'],
		[4, '8'],
		[5, '10'],
		[99, '0'],
		[null, '0'],
	])('of severity %j has %s in its header', (Severity, severity) => {
		expect(read(lineOf({ ...FULL, Severity })).header[6]).toBe(severity);
	});

	it('has a whole number as its signature, of which a public parser drops the line without one', () => {
		expect(
			[0, 6, null, {}, 7, 'x', -3].map(
				(AlertType) => read(lineOf({ ...FULL, AlertType })).header[4],
			),
		).toEqual(['0', '6', '99', '99', '7', '99', '-3']);
	});

	it('has one address of IPv4 in src and dst, one of IPv6 under keys of its own, and others as they were told', () => {
		expect(keysOf({ ...FULL, HostIp: '2001:db8::1', AlertIp: '2001:db8::2' })).toMatchObject({
			c6a2: '2001:db8::1',
			c6a2Label: 'Source IPv6 Address',
			c6a3: '2001:db8::2',
			c6a3Label: 'Destination IPv6 Address',
		});
		const { src, dst, cynetUnmapped } = keysOf({
			...FULL,
			HostIp: '10.0.0.1, 10.0.0.2',
			AlertIp: 0,
			IncidentDescription: '',
		});
		expect([src, JSON.parse(cynetUnmapped).hostIp]).toEqual([undefined, '10.0.0.1, 10.0.0.2']);
		expect(dst).toBeUndefined();
	});

	it('tells what was meant and what was done', () => {
		const IncidentJsonDescription = JSON.stringify({
			'Desired EPS Prevention': 'Kill, Rename',
			'Actual EPS Prevention': 'Alert only',
			'Remediation Status': 'Resolved',
		});
		expect(keysOf({ ...FULL, IncidentJsonDescription })).toMatchObject({
			act: 'Alert only',
			actRem: 'Kill, Rename',
			remedStat: 'Resolved',
		});
	});

	it('names the category only of types whose native lines show one', () => {
		expect([0, 1, 4, 5, 6].map((AlertType) => keysOf({ ...FULL, AlertType }).cat)).toEqual([
			'END-POINT Alert',
			undefined,
			undefined,
			'END-POINT Alert',
			undefined,
		]);
	});

	it('of a simplified alert says the same', () => {
		const { cynetUnmapped, ...keys } = keysOf(FULL);
		const { cynetUnmapped: left, ...same } = read(
			ofSimplified('cef', simplified(FULL)).cef,
		).extension;
		expect(same).toEqual(keys);
		expect(Object.keys(JSON.parse(left)).sort()).toEqual([
			'changedAt',
			'dedupKey',
			'description',
			'details',
			'engine',
			'event',
			'malware',
			'malwareType',
			'parent.pid',
			'status',
			'type',
		]);
	});

	it('is read by a parser of others to the same values', () => {
		for (const alert of manyAlerts()) {
			const line = lineOf(alert);
			const { header, extension } = read(line);
			const { type, cef, fields } = parseSyslog(line);
			expect([type, cef.name, cef.severity]).toEqual(['CEF', header[5], header[6]]);
			// That parser knows neither escapes nor values with "=".
			const readable = Object.entries(extension).filter(([, value]) => !value.includes('='));
			const readByIt = readable.map(([key]) => [
				key,
				fields[key].replace(
					/\\(.)/g,
					(_: string, escaped: string) => UNESCAPED[escaped] ?? escaped,
				),
			]);
			expect(readByIt).toEqual(readable);
		}
	});

	const nasty = fc
		.string({
			unit: fc.constantFrom('\\', '=', '|', '\n', '\r', ' ', 'a', '\u{1f600}', 'src=', '\\n'),
			maxLength: 30,
		})
		.filter((text) => text !== '');

	it('whatever the values hold is one line that is read back to them', () => {
		fc.assert(
			fc.property(nasty, nasty, nasty, (IncidentName, UserName, IncidentRecomendation) => {
				const line = lineOf({ ...rawAlert(1), IncidentName, UserName, IncidentRecomendation });
				expect(line).not.toMatch(/[\r\n]/);
				const { header, extension } = read(line);
				expect(header).toHaveLength(7);
				expect(header[5]).toBe(IncidentName.replace(/\s+/g, ' ').trim() || 'Alert');
				expect([extension.duser, extension.msg]).toEqual(
					[UserName, IncidentRecomendation].map((text) => text.replace(/\r\n?/g, '\n')),
				);
			}),
			{ numRuns: 2 * RUNS },
		);
	});
});
