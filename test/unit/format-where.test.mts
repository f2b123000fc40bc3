import { describe, expect, it } from 'vitest';
import { FULL, ofRaw, rawAlert, type Json } from './format-kit.mts';

/** What stands at `a.b[0].c` of an output. */
const at = (output: Json, path: string): unknown =>
	path.match(/[^.[\]]+/g)!.reduce<any>((inner, key) => inner?.[key], output);

type Place = readonly [simplified: string | null, ocsf: string, ecs: string];

/**
 * Where each field of Cynet's is told; null where the simplified form has none for it. What has no
 * field of its own is under `unmapped` by its name.
 */
const PLACES: Readonly<Record<string, Place>> = {
	ClientDbId: ['id', 'finding_info.uid', 'event.id'],
	IncidentName: ['name', 'finding_info.title', 'rule.name'],
	IncidentDescription: ['description', 'finding_info.desc', 'cynet.description'],
	IncidentRecomendation: ['recommendation', 'remediation.desc', 'cynet.recommendation'],
	Severity: ['severity', 'severity', 'cynet.severity'],
	Status: ['status', 'status_detail', 'cynet.status'],
	AlertType: ['type', 'finding_info.types[0]', 'cynet.type'],
	HostName: ['host', 'device.hostname', 'host.name'],
	HostIp: ['hostIp', 'device.ip', 'host.ip[0]'],
	HostId: [null, 'device.uid', 'host.id'],
	UserName: ['user', 'evidences[0].user.name', 'user.name'],
	Path: ['path', 'evidences[0].file.path', 'file.path'],
	CommandLine: ['commandLine', 'evidences[0].process.cmd_line', 'process.command_line'],
	Sha256: ['sha256', 'evidences[0].file.hashes[0].value', 'file.hash.sha256'],
	Sha256Hex: ['sha256', 'evidences[0].file.hashes[0].value', 'file.hash.sha256'],
	AlertDomain: ['domain', 'evidences[0].dst_endpoint.hostname', 'destination.domain'],
	AlertUrl: ['url', 'evidences[0].url.url_string', 'url.full'],
	AlertIp: ['ip', 'evidences[0].dst_endpoint.ip', 'destination.ip'],
	ScanGroupName: ['scanGroup', 'device.groups[0].name', 'cynet.scanGroup'],
	DateIn: ['createdAt', 'finding_info.created_time', 'event.created'],
	FirstSeenUtc: ['firstSeenAt', 'finding_info.first_seen_time', 'event.start'],
	LastSeenUtc: ['lastSeenAt', 'finding_info.last_seen_time', 'event.end'],
	LastSeen: ['lastSeenAt', 'finding_info.last_seen_time', 'event.end'],
	DateChanged: ['changedAt', 'finding_info.modified_time', 'cynet.changedAt'],
	MitreDetails: [
		'techniques[0]',
		'finding_info.attacks[0].technique.uid',
		'threat.technique.id[0]',
	],
	Tags: ['tags[0]', 'unmapped.Tags[0]', 'tags[0]'],
	Uniqueness: [null, 'finding_info.uid_alt', 'cynet.uniqueness'],
	...Object.fromEntries(
		(
			'ProductId DomainId UserId RemediationStatus DomainCrc EpsActionStatus AutoRemediationId ' +
			'EpsRemediationActionPerformed EpsLastSeenLocal EpsLastSeenUtc ScanGuid Modules ' +
			'AutoRemediate AlertGraphJsonRaw AlertGraphJsonResolved'
		)
			.split(' ')
			.map((field) => [field, [null, `unmapped.${field}`, 'cynet.unmapped'] as const]),
	),
	File: ['sha256', 'unmapped.File', 'cynet.unmapped'],
};

/** A value, and how it is told in each of the three. */
const TIME = '2026-03-04T05:06:07.000Z';
const HASH = 'ABCDEF0123456789'.repeat(4);
const time = [TIME, [TIME, Date.parse(TIME), TIME]] as const;
const hash = [HASH.toLowerCase(), HASH.toLowerCase(), HASH.toLowerCase()];
const VALUES: Readonly<Record<string, readonly [value: unknown, told: readonly unknown[]]>> = {
	ClientDbId: [4711, [4711, '1001:4711', '1001:4711']],
	Severity: [5, ['Critical', 'Critical', 'Critical']],
	Status: [2, ['Ignored', 'Ignored', 'Ignored']],
	AlertType: [3, ['URL', 'URL', 'URL']],
	HostIp: ['10.9.8.7', ['10.9.8.7', '10.9.8.7', '10.9.8.7']],
	HostId: [77, [null, '77', '77']],
	AlertIp: ['203.0.113.9', ['203.0.113.9', '203.0.113.9', '203.0.113.9']],
	Sha256: [Buffer.from(HASH, 'hex').toString('base64'), hash],
	Sha256Hex: [HASH, hash],
	DateIn: time,
	FirstSeenUtc: time,
	LastSeen: time,
	LastSeenUtc: time,
	DateChanged: time,
	MitreDetails: [['T1486'], ['T1486', 'T1486', 'T1486']],
	Tags: [['vip'], ['vip', 'vip', 'vip']],
	File: [
		{ Sha256: HASH, CommonFileName: 'setup.exe' },
		[hash[0], { Sha256: HASH, CommonFileName: 'setup.exe' }, 'setup.exe'],
	],
};

const NAMES = ['simplified', 'ocsf', 'ecs'];

describe.each(Object.entries(PLACES))('%s', (field, places) => {
	it('is told in the simplified form, in OCSF and in ECS', () => {
		const [value, told] = VALUES[field] ?? [`mark-${field}`, Array(3).fill(`mark-${field}`)];
		const alert = {
			ClientDbId: 1,
			IncidentName: 'x',
			HostName: 'WS-1',
			...(/^(?:Sha256|Sha256Hex|File)$/.test(field) && { Path: 'C:\\a' }),
			[field]: value,
		};
		NAMES.forEach((format, index) => {
			const place = places[index];
			if (place === null) return;
			const output = ofRaw(format, alert);
			// The simplified form has no field for all; OCSF and ECS lose nothing.
			if (format === 'ecs' && place === 'cynet.unmapped')
				expect(at(output, place!)).toContain(told[index]);
			else expect([format, at(output, place!)]).toEqual([format, told[index]]);
		});
	});
});

it('no field of an alert of the simulator is without a place', () => {
	const told = new Set(
		[FULL, ...Array.from({ length: 300 }, (_, id) => rawAlert(id))].flatMap((alert) =>
			Object.keys(alert).filter((field) => !['IncidentJsonDescription', 'cynet'].includes(field)),
		),
	);
	expect([...told].filter((field) => !(field in PLACES))).toEqual([]);
});

it('each value of the details of an alert of the simulator is told in OCSF and in ECS', () => {
	const lost: unknown[] = [];
	let parts = 0;
	for (let id = 0; id < 100; id++) {
		const alert = rawAlert(id);
		const { raw_data, ...ocsf } = ofRaw('ocsf', alert);
		const { event, ...ecs } = ofRaw('ecs', alert);
		const details = JSON.parse(alert.IncidentJsonDescription || '{}') as Json;
		const values = (value: unknown): unknown[] =>
			typeof value === 'object' && value !== null ? Object.values(value).flatMap(values) : [value];
		for (const output of [ocsf, { event: { ...event, original: null }, ...ecs }]) {
			const text = JSON.stringify(output).replace(/\\+/g, '\\').toLowerCase();
			for (const value of values(details))
				for (const part of String(value).toLowerCase().split('\\')) {
					parts++;
					if (!text.includes(part)) lost.push([id, part]);
				}
		}
	}
	expect(lost).toEqual([]);
	expect(parts).toBeGreaterThan(1_000);
});
