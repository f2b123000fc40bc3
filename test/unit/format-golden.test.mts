import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { FULL, ofRaw, ofSimplified, simplified, type Json } from './format-kit.mts';

/**
 * What each format makes of a few alerts, as it was read through by a person when it was stored.
 * After a change that is meant: `GOLDEN=write npx vitest run --project unit test/unit/format-golden`, and
 * read the difference.
 */
const FILE = new URL('../golden/formats.json', `file://${import.meta.dirname}/`);
const long = (what: string): string => `${what} <&"\\|=\`\u{1f600}\n`.repeat(900);

const ALERTS: Readonly<Record<string, Json>> = {
	'all that an alert can tell': {
		...FULL,
		Tags: ['vip', { Name: 'server|1' }],
		Severity: 5,
		Status: 3,
		cynet: { ...FULL.cynet, event: 'updated' },
		IncidentJsonDescription: JSON.stringify({
			...JSON.parse(FULL.IncidentJsonDescription),
			'Desired EPS Prevention': 'Kill, Rename',
			'Remediation Status': 'Resolved',
			'Device Type': 'USB Storage',
			'Device Name': 'Stick',
			'Device ID': 'USB\\VID_1',
			Vendor: 'Maker',
			Product: 'Stick 3',
		}),
	},
	'next to nothing': { ClientDbId: 7, IncidentName: 'x' },
	'no known field': { Unheard: [1, { a: 'b' }], 'a.b': true, '': 'empty' },
	'what is not as expected': {
		ClientDbId: '9',
		IncidentName: 'Odd',
		HostIp: '10.0.0.1, 10.0.0.2',
		HostName: 'WS-1',
		UserName: 'jdoe',
		Path: 'C:\\',
		CommandLine: 'x -y',
		AlertUrl: 'nowhere',
		AlertDomain: 'no domain',
		AlertIp: '10.0.0.9',
		AlertType: 2,
		Severity: 7,
		Status: 9,
		FirstSeenUtc: '2026-01-02T03:04:05Z',
		DateIn: '2026-01-02T03:04:06',
		IncidentDescription: 'OS Version: Mac OS X 26\nActual EPS Prevention: Alert only\nx',
		IncidentJsonDescription: {
			'Malware ID': 'M',
			'Malware Type': 'odd',
			'Parent Process Details': { 'Process Path': '/a', 'Process Running User': 'root' },
			'Grandparent Process Details': { 'Process PID': 7 },
		},
	},
	'addresses of IPv6, and a host without a name': {
		ClientDbId: 10,
		IncidentName: 'v6',
		HostIp: '2001:db8::1',
		AlertIp: '2001:4860::8888',
		AlertType: 5,
		Severity: 1,
		LastSeenUtc: '2026-01-02T03:04:05Z',
		Path: '/usr/bin/.hidden',
		Sha256Hex: 'AB'.repeat(32),
		IncidentJsonDescription: {
			'OS Version': 'Ubuntu 24.04 Server',
			'Parent Process Details': { 'Process SHA256': 'CD'.repeat(32) },
		},
	},
	'texts that are too long': Object.fromEntries(
		Object.entries(FULL).map(([field, value]) => [
			field,
			typeof value === 'string' && !/Date|Seen|Sha|Uniq|Json/.test(field) ? long(field) : value,
		]),
	),
};

/** Long texts are stored by their ends. */
const short = (value: unknown): unknown => {
	if (typeof value === 'string')
		return value.length <= 1200
			? value
			: `${value.slice(0, 150)} … ${value.length} … ${value.slice(-150)}`;
	if (typeof value !== 'object' || value === null) return value;
	return Array.isArray(value)
		? value.map(short)
		: Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, short(inner)]));
};

/** Of the raw alert, and of the simplified one where that is another. */
function outputOf(format: string, alert: Json): Json {
	const raw = short(ofRaw(format, alert));
	if (!FORMATS[format]!.ofSimplified) return { raw };
	const ofSimple = short(ofSimplified(format, simplified(alert)));
	return JSON.stringify(raw) === JSON.stringify(ofSimple) ? { raw } : { raw, simplified: ofSimple };
}

if (process.env.GOLDEN === 'write') {
	const lines = Object.entries(ALERTS).map(([what, alert]) => {
		const formats = Object.keys(FORMATS).map(
			(format) => `${JSON.stringify(format)}: ${JSON.stringify(outputOf(format, alert))}`,
		);
		return `${JSON.stringify(what)}: {\n${formats.join(',\n')}\n}`;
	});
	writeFileSync(FILE, `{\n${lines.join(',\n')}\n}\n`);
}

const golden = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, Record<string, Json>>;

describe.each(Object.keys(ALERTS))('of %s', (what) => {
	it.each(Object.keys(FORMATS))('%s says what it said', (format) => {
		expect(JSON.parse(JSON.stringify(outputOf(format, ALERTS[what]!)))).toEqual(
			golden[what]![format],
		);
	});
});
