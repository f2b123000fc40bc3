import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import { FULL, ofRaw, ofSimplified, SITE, simplified, type Json } from './format-kit.mts';

const ALERT: Json = { ClientDbId: 62, IncidentName: 'Malicious Binary', HostName: 'WS-0142' };

describe('UDM', () => {
	it.each([
		[1, 'INFORMATIONAL'],
		[2, 'LOW'],
		[3, 'MEDIUM'],
		[4, 'HIGH'],
		[5, 'CRITICAL'],
		[7, 'UNKNOWN_SEVERITY'],
	])('names the severity %j %s', (Severity, name) => {
		expect(ofRaw('udm', { ...ALERT, Severity }).udm.security_result[0].severity).toBe(name);
	});

	it('of an alert that names nothing but a host is a status of that host', () => {
		const { udm } = ofRaw('udm', ALERT);
		expect(udm).not.toHaveProperty('target');
		expect(udm.metadata.event_type).toBe('STATUS_UPDATE');
	});

	it('has at least the key and the site of the alert under "additional"', () => {
		expect(JSON.parse(ofRaw('udm', ALERT).udm.additional.cynet)).toEqual({
			id: 62,
			clientId: '1001',
			dedupKey: 'cynet:1001:62',
		});
	});
});

describe('ECS', () => {
	it('repeats under "related" the users, hashes, hosts and addresses of the alert and of all its processes', () => {
		const process = (who: string) => ({
			'Process Running User': `CORP\\${who}`,
			'Process SHA256': (who === 'parent' ? 'CD' : 'EF').repeat(32),
		});
		expect(
			ofRaw('ecs', {
				...FULL,
				IncidentJsonDescription: JSON.stringify({
					'Parent Process Details': process('parent'),
					'Grandparent Process Details': process('grandparent'),
				}),
			}).related,
		).toEqual({
			hash: ['ab', 'cd', 'ef'].map((byte) => byte.repeat(32)),
			hosts: ['MAC-01', 'evil.example'],
			ip: ['192.168.2.66', '203.0.113.5'],
			user: ['jdoe', 'parent', 'grandparent'],
		});
	});

	it('has an id of site and alert, and the key of the alert where that has no id', () => {
		const idOf = (alert: Json) => [
			ofRaw('ecs', alert).event.id,
			ofSimplified('ecs', simplified(alert)).event.id,
		];
		expect(idOf(ALERT)).toEqual(['1001:62', '1001:62']);
		expect(idOf({ ...ALERT, cynet: { clientId: '2251997' } })).toEqual([
			'2251997:62',
			'2251997:62',
		]);
		expect(idOf({ IncidentName: 'x', cynet: { dedupKey: 'cynet:1:y' } })).toEqual([
			'cynet:1:y',
			'cynet:1:y',
		]);
	});

	it('shows in a tag what nobody sees', () => {
		expect(ofRaw('ecs', { ...ALERT, Tags: ['vip', 'a\u202eb'] }).tags).toEqual([
			'vip',
			'a[U+202E]b',
		]);
	});
});

describe('CEF', () => {
	it('names what its keys for addresses of IPv6 hold, and no other key', () => {
		const { cef } = ofRaw('cef', { ...ALERT, HostIp: '2001:db8::1', AlertIp: '2001:4860::8888' });
		expect(cef).toContain(' c6a2=2001:db8::1 c6a2Label=Source IPv6 Address ');
		expect(cef).toContain(' c6a3=2001:4860::8888 c6a3Label=Destination IPv6 Address ');
		expect(cef.match(/\w+Label=/g)).toEqual(['c6a2Label=', 'c6a3Label=']);
	});

	it('is the line of the vendor, with the key of the alert last', () => {
		expect(
			ofRaw('cef', { ...ALERT, Severity: 4, AlertType: 0, DateIn: '2026-05-09T03:04:05.678Z' }).cef,
		).toBe(
			'CEF:0|Cynet|Cynet 360||0|Malicious Binary|8|dtUtc=May 09 2026 03:04:05.678 sev=High cat=END-POINT Alert rt=1778295845678 rtUtc=May 09 2026 03:04:05.678 externalId=62 clientId=1001 dhost=WS-0142 cynetUnmapped={"dedupKey":"cynet:1001:62","type":"File"}',
		);
	});
});

describe('LEEF', () => {
	it('is never longer than it may be, and has each attribute for which there is room for a sign', () => {
		const leef = (most: number): string => {
			const alert = { ...ALERT, Severity: 4 };
			return (FORMATS.leef!.ofRaw(alert, contextOf(alert, SITE), most) as Json).leef;
		};
		const header = 'LEEF:2.0|Cynet|Cynet 360|1.0|Malicious Binary|x09|';
		const before = `${header}sev=8\tseverity=High`;
		expect(leef(header.length + 'sev='.length + 1)).toBe(header);
		expect(leef(header.length + 'sev='.length + 2)).toBe(`${header}sev=8`);
		expect(leef(before.length + '\tcat='.length)).toBe(before);
		expect(leef(before.length + '\tcat='.length + 1)).toBe(`${before}\tcat=…`);
		expect(leef(before.length + '\tcat='.length + 7)).toBe(`${before}\tcat=Unknown`);
	});
});
