import { isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
	FULL,
	leaves,
	ofRaw,
	ofSimplified,
	simplified,
	manyAlerts,
	manySimplified,
	type Json,
} from './format-kit.mts';
import { publishedSchema } from './published-schemas.mts';

/**
 * The fields of ECS 9.4 that the converter may write, put down by hand from
 * https://www.elastic.co/docs/reference/ecs/ecs-field-reference.
 */
const TYPES: Readonly<Record<string, string>> = {
	'@timestamp': 'date',
	message: 'text',
	'ecs.version': 'keyword',
	'rule.name': 'keyword',
	'organization.id': 'keyword',
	'event.kind': 'keyword',
	'event.module': 'keyword',
	'event.dataset': 'keyword',
	'event.provider': 'keyword',
	'event.id': 'keyword',
	'event.action': 'keyword',
	'event.outcome': 'keyword',
	'event.original': 'keyword',
	'event.severity': 'long',
	'event.start': 'date',
	'event.end': 'date',
	'event.created': 'date',
	'event.category': 'keyword[]',
	'event.type': 'keyword[]',
	'observer.vendor': 'keyword',
	'observer.product': 'keyword',
	'observer.type': 'keyword',
	'host.name': 'keyword',
	'host.hostname': 'keyword',
	'host.id': 'keyword',
	'host.ip': 'ip[]',
	'host.os.full': 'keyword',
	'host.os.type': 'keyword',
	'user.name': 'keyword',
	'user.domain': 'keyword',
	'file.path': 'keyword',
	'file.name': 'keyword',
	'file.extension': 'keyword',
	'file.hash.sha256': 'keyword',
	'process.command_line': 'wildcard',
	'process.parent.executable': 'keyword',
	'process.parent.name': 'keyword',
	'process.parent.pid': 'long',
	'process.parent.hash.sha256': 'keyword',
	'process.parent.user.name': 'keyword',
	'url.full': 'wildcard',
	'destination.domain': 'keyword',
	'destination.ip': 'ip',
	tags: 'keyword[]',
	'related.hash': 'keyword[]',
	'related.hosts': 'keyword[]',
	'related.ip': 'ip[]',
	'related.user': 'keyword[]',
	'threat.framework': 'keyword',
	'threat.technique.id': 'keyword[]',
	'threat.technique.subtechnique.id': 'keyword[]',
};

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const CHECKS: Readonly<Record<string, (value: unknown) => boolean>> = {
	keyword: isText,
	text: isText,
	wildcard: isText,
	match_only_text: isText,
	long: Number.isSafeInteger,
	date: (value) =>
		isText(value) && new Date(Date.parse(value as string) || 0).toISOString() === value,
	ip: (value) => isIP(String(value)) > 0,
};

/** What is wrong with the documents' fields; the same complaint once. */
function complaints(documents: Json[], typeOf: (field: string) => string | undefined): string[] {
	const found = new Set<string>();
	for (const { cynet, ...document } of documents) {
		for (const [field, value] of fields(document)) {
			const [, type, isList] = /^(\w+)(\[\])?$/.exec(typeOf(field) ?? '') ?? [];
			if (!type) found.add(`${field} is no field`);
			else if (Array.isArray(value) !== Boolean(isList))
				found.add(`${field} is ${isList ? 'no' : 'a'} list`);
			else if (![value].flat().every((one) => CHECKS[type]?.(one)))
				found.add(`${field} is no ${type}: ${JSON.stringify(value)}`);
		}
	}
	return [...found];
}

function fields(document: object, prefix = ''): Array<[string, unknown]> {
	return Object.entries(document).flatMap(([key, value]) =>
		typeof value === 'object' && value !== null && !Array.isArray(value)
			? fields(value as object, `${prefix}${key}.`)
			: [[`${prefix}${key}`, value] as [string, unknown]],
	);
}

let documents: Json[] | undefined;
const ofBoth = () =>
	(documents ??= [
		...[FULL, ...manyAlerts()].map((alert) => ofRaw('ecs', alert)),
		...[simplified(FULL), ...manySimplified()].map((alert) => ofSimplified('ecs', alert)),
	]);

describe('an ECS document', () => {
	it('of each of 500 alerts, raw or simplified, has fields of ECS in their types, and others under cynet only', () => {
		expect(complaints(ofBoth(), (field) => TYPES[field])).toEqual([]);
		expect(new Set(ofBoth().map(({ ecs, event }) => `${ecs?.version} ${event?.kind}`))).toEqual(
			new Set(['9.4.0 alert']),
		);
	});

	it('is told from what is none by the list of these tests', () => {
		const broken = {
			...ofRaw('ecs', FULL),
			host: { ip: '192.168.2.66', colour: 'red' },
			'@timestamp': 'today',
			event: { severity: '73' },
		};
		expect(complaints([broken], (field) => TYPES[field])).toHaveLength(4);
	});

	it('has what the vendor tells where ECS wants it', () => {
		const { cynet, event, ...document } = ofRaw('ecs', FULL);
		expect(document).toEqual({
			'@timestamp': '2026-05-29T13:27:00.000Z',
			ecs: { version: '9.4.0' },
			message: 'Memory Pattern - Beacon',
			rule: { name: 'Memory Pattern - Beacon' },
			organization: { id: '2251997' },
			observer: { vendor: 'Cynet', product: 'Cynet 360', type: 'edr' },
			host: {
				name: 'MAC-01',
				hostname: 'MAC-01',
				id: '91',
				ip: ['192.168.2.66'],
				os: { full: 'Windows Server 2022', type: 'windows' },
			},
			user: { name: 'jdoe', domain: 'CORP' },
			file: {
				path: 'c:\\temp\\a.b.exe',
				name: 'a.b.exe',
				extension: 'exe',
				hash: { sha256: 'ab'.repeat(32) },
			},
			process: {
				command_line: 'a.b.exe -p s3cret',
				parent: {
					executable: '/sbin/launchd',
					name: 'launchd',
					pid: 4242,
					hash: { sha256: 'cd'.repeat(32) },
					user: { name: 'CORP\\root' },
				},
			},
			url: { full: 'https://evil.example/x' },
			destination: { domain: 'evil.example', ip: '203.0.113.5' },
			related: {
				hash: ['ab'.repeat(32), 'cd'.repeat(32), 'ef'.repeat(32)],
				hosts: ['MAC-01', 'evil.example'],
				ip: ['192.168.2.66', '203.0.113.5'],
				user: ['jdoe', 'root'],
			},
			threat: {
				framework: 'MITRE ATT&CK',
				technique: { id: ['T1059', 'T1486'], subtechnique: { id: ['T1059.001'] } },
			},
		});
		const { cynet: marks, ...vendor } = FULL;
		expect({ ...event, original: JSON.parse(event.original) }).toEqual({
			kind: 'alert',
			module: 'cynet',
			dataset: 'cynet.alert',
			provider: 'Cynet 360',
			id: '2251997:62',
			severity: 73,
			category: ['malware'],
			type: ['info'],
			outcome: 'success',
			action: 'Quarantined',
			start: '2026-05-29T13:26:20.000Z',
			end: '2026-05-29T13:27:00.000Z',
			created: '2026-05-29T13:26:24.000Z',
			original: vendor,
		});
		expect(cynet).toMatchObject({
			event: 'created',
			dedupKey: 'cynet:2251997:62',
			severity: 'High',
			status: 'Pending',
			type: 'File',
			description: FULL.IncidentDescription.replace(/\r\n/g, '\n'),
			uniqueness: FULL.Uniqueness,
			grandparent: { path: 'c:\\gp.exe' },
		});
		expect(JSON.parse(cynet.unmapped)).toMatchObject({
			MitreDetails: FULL.MitreDetails,
			details: { 'Extra Info': { 'Is USB': 'True' } },
			ProductId: 1,
		});
	});

	it.each([
		[1, 21],
		[2, 21],
		[3, 47],
		[4, 73],
		[5, 99],
		[99, undefined],
		[null, undefined],
	])("of severity %j has %s on Elastic's scale", (Severity, severity) => {
		expect(ofRaw('ecs', { ...FULL, Severity }).event.severity).toBe(severity);
	});

	it.each([
		[0, ['malware'], ['info']],
		[1, ['intrusion_detection'], ['info', 'denied']],
		[2, ['intrusion_detection'], ['info', 'denied']],
		[3, ['intrusion_detection'], ['info', 'denied']],
		[4, ['iam'], ['info']],
		[5, ['host'], ['info']],
		[6, undefined, ['info']],
		[null, undefined, ['info']],
	])(
		'of type %j has the category %j, and a type that ECS expects of it',
		(AlertType, category, type) => {
			expect(ofRaw('ecs', { ...FULL, AlertType }).event).toMatchObject({ type });
			expect(ofRaw('ecs', { ...FULL, AlertType }).event.category).toEqual(category);
		},
	);

	it('keeps under cynet what is no address, and is of the epoch without any time', () => {
		const document = ofRaw('ecs', {
			ClientDbId: 1,
			HostIp: '10.0.0.1, 10.0.0.2',
			AlertIp: '1.2.3',
		});
		expect(document).toMatchObject({
			'@timestamp': '1970-01-01T00:00:00.000Z',
			cynet: { hostIp: '10.0.0.1, 10.0.0.2', unmapped: '{"AlertIp":"1.2.3"}' },
		});
		expect(document).not.toHaveProperty('host');
	});

	it('has fields under cynet of one type each, none with an empty name or a dot in it, whatever the alert holds', () => {
		const odd = (value: unknown) => ({
			...FULL,
			'': value,
			'a.b': value,
			Modules: value,
			ProductId: value,
			IncidentJsonDescription: JSON.stringify({
				'': value,
				'a.b': { 'c.d': value },
				'OS Version': value,
				'Parent Process Details': { 'Process PID': value },
			}),
		});
		const types = new Map<string, string>();
		for (const value of [1, 'x', true, null, [1], [{ a: 1 }], { a: { b: 1 } }, 1e300, 2 ** 40]) {
			for (const document of [
				ofRaw('ecs', odd(value)),
				ofSimplified('ecs', simplified(odd(value))),
			]) {
				for (const [path, one] of fields(document.cynet)) {
					expect(path).toMatch(/^(?:[a-zA-Z0-9]+\.)?[a-zA-Z0-9]+$/);
					expect(types.get(path) ?? typeof one).toBe(typeof one);
					types.set(path, typeof one);
				}
			}
		}
		expect(types.get('unmapped')).toBe('string');
	});

	it('has no number of a process that no system gives', () => {
		const pidOf = (pid: unknown) =>
			ofRaw('ecs', {
				...FULL,
				IncidentJsonDescription: { 'Parent Process Details': { 'Process PID': pid } },
			});
		expect(pidOf(4_000_000).process.parent.pid).toBe(4_000_000);
		for (const pid of [2 ** 40, 1e300, '99999999999', -1, 0, 1.5]) {
			expect(pidOf(pid).process.parent).toBeUndefined();
			expect(pidOf(pid).cynet.unmapped).toContain(String(pid));
		}
	});

	it('keeps all that the vendor told, also where event.original is taken off', () => {
		const document = ofRaw('ecs', FULL);
		delete document.event.original;
		const text = [
			JSON.stringify({ ...document, cynet: { ...document.cynet, unmapped: null } }),
			document.cynet.unmapped,
		]
			.join()
			.toLowerCase();
		for (const [path, value] of leaves({
			...FULL,
			IncidentJsonDescription: JSON.parse(FULL.IncidentJsonDescription),
		})) {
			if (typeof value !== 'string' || /Date|Seen|cynet/.test(path)) continue;
			expect(text, path).toContain(
				JSON.stringify(path === 'UserName' ? 'jdoe' : value.replace(/\r\n/g, '\n'))
					.slice(1, -1)
					.toLowerCase(),
			);
		}
	});
});

const published = publishedSchema('ecs-fields.json');
if (published) {
	describe('the published list of ECS fields', () => {
		it('has every field of 500 documents in its type, and no other value where it names the allowed ones', () => {
			const typeOf = (field: string) => {
				const known = published.fields[field] as { type: string; array: boolean } | undefined;
				return known && `${known.type}${known.array ? '[]' : ''}`;
			};
			const documents = ofBoth();
			expect(complaints(documents, typeOf)).toEqual([]);
			for (const { event } of documents) {
				for (const field of ['kind', 'category', 'type', 'outcome']) {
					for (const value of [event[field] ?? []].flat())
						expect(published.fields[`event.${field}`].allowed).toContain(value);
				}
				for (const category of event.category ?? []) {
					for (const type of event.type)
						expect(published.fields['event.category'].expected_event_types[category]).toContain(
							type,
						);
				}
			}
			expect(documents[0]!.ecs.version).toBe(published.version);
		});
	});
}
