import { describe, expect, it } from 'vitest';
import { account, isPublicIp } from '../../nodes/shared/alert/formats/values.ts';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import { FULL, ofRaw, ofSimplified, simplified, SITE, type Json } from './format-kit.mts';

const withDetails = (details: Json, changes: Json = {}): Json => ({
	...FULL,
	...changes,
	IncidentJsonDescription: JSON.stringify(details),
});

describe('in OCSF', () => {
	it.each([
		['Adware', 1],
		['Backdoor', 2],
		['Bot', 3],
		['Bootkit', 4],
		['Downloader', 6],
		['Dropper', 7],
		['Keylogger', 9],
		['Ransomware', 10],
		['Rootkit', 15],
		['Spyware', 17],
		['Trojan', 18],
		['Virus', 19],
		['Webshell', 20],
		['Wiper', 21],
		['Worm', 22],
		['Riskware', 99],
	])('malware of the type %s is of the class %j', (type, id) => {
		for (const said of [type, type.toLowerCase(), type.toUpperCase()])
			expect(
				ofRaw('ocsf', withDetails({ 'Malware ID': 'M', 'Malware Type': said })).malware,
			).toMatchObject([{ classification_ids: [id], classifications: [id === 99 ? said : type] }]);
	});

	it.each([
		['Deleted', 2, 'Denied', 5, 'Deleted'],
		['Quarantined', 2, 'Denied', 3, 'Quarantined'],
		['Isolated', 2, 'Denied', 4, 'Isolated'],
		['Blocked', 2, 'Denied', 2, 'Blocked'],
		['Kill, Rename', 2, 'Denied', 2, 'Blocked'],
		['Alert only , Kill', 2, 'Denied', 2, 'Blocked'],
		['prevented', 2, 'Denied', 2, 'Blocked'],
		['Terminated', 2, 'Denied', 2, 'Blocked'],
		['true', 2, 'Denied', 2, 'Blocked'],
		['Alert only', 3, 'Observed', 15, 'Detected'],
		['false', 3, 'Observed', 15, 'Detected'],
		['Detected', 3, 'Observed', 15, 'Detected'],
		['Audit', 3, 'Observed', 15, 'Detected'],
		['Alert only if asked', 0, 'Unknown', 0, 'Unknown'],
		['not isolated', 0, 'Unknown', 0, 'Unknown'],
		['Quarantine failed', 0, 'Unknown', 0, 'Unknown'],
		['Kill, Rename (Failed)', 0, 'Unknown', 0, 'Unknown'],
		['Delete: no such file', 0, 'Unknown', 0, 'Unknown'],
		[`Blocked ${'x'.repeat(100)}`, 0, 'Unknown', 0, 'Unknown'],
		['Odd', 0, 'Unknown', 0, 'Unknown'],
	])(
		'the prevention %j is %j %s, %j %s',
		(said, action_id, action, disposition_id, disposition) => {
			expect(ofRaw('ocsf', withDetails({ 'EPS Prevention': said }))).toMatchObject({
				action_id,
				action,
				disposition_id,
				disposition,
			});
		},
	);

	it.each([
		['Windows 11', 100, 'Windows', 'windows', 'WINDOWS'],
		['Mac OS X 26', 300, 'macOS', 'macos', 'MAC'],
		['macOS 15', 300, 'macOS', 'macos', 'MAC'],
		['OS X', 300, 'macOS', 'macos', 'MAC'],
		['Darwin 25', 300, 'macOS', 'macos', 'MAC'],
		['Ubuntu 24', 200, 'Linux', 'linux', 'LINUX'],
		['Red Hat 9', 200, 'Linux', 'linux', 'LINUX'],
		['redhat', 200, 'Linux', 'linux', 'LINUX'],
		['Plan 9', 0, 'Unknown', undefined, 'UNKNOWN_PLATFORM'],
	])(
		'the system %s is known, and so it is in ECS and UDM',
		(name, type_id, type, ecs, platform) => {
			const alert = withDetails({ 'OS Version': name });
			expect(ofRaw('ocsf', alert).device.os).toEqual({ name, type_id, type });
			expect(ofRaw('ecs', alert).host.os).toEqual({ full: name, ...(ecs && { type: ecs }) });
			expect(ofRaw('udm', alert).udm.principal.asset.platform_software).toEqual({
				platform,
				platform_version: name,
			});
		},
	);

	it('the hash of a process is an observable', () => {
		expect(ofRaw('ocsf', FULL).observables).toContainEqual({
			name: 'evidences[0].file.hashes[0].value',
			type_id: 8,
			type: 'Hash',
			value: 'ab'.repeat(32),
		});
	});
});

it('a CEF line writes each month as the vendor does', () => {
	const months = Array.from(
		{ length: 12 },
		(_, month) =>
			/rtUtc=(\w+) /.exec(
				ofRaw('cef', { ...FULL, DateIn: new Date(Date.UTC(2026, month, 9)).toISOString() }).cef,
			)![1],
	);
	expect(months.join(' ')).toBe('Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec');
});

it('a fact of a parent is read where the details name it without a section, and the grandparent has a user', () => {
	const { cef } = ofRaw(
		'cef',
		withDetails({
			'Parent Path': 'C:\\p.exe',
			'Parent SHA256': 'CD'.repeat(32),
			'Grandparent Process Details': { 'Process Running User': 'CORP\\gp' },
		}),
	);
	for (const pair of [
		`pFileHash=${'CD'.repeat(32)}`,
		'ppParams=C:\\\\p.exe',
		'gpprUser=CORP\\\\gp',
	])
		expect(cef).toContain(pair);
});

it('the number of a process is one that a system gives, up to 2,147,483,647', () => {
	const pidOf = (pid: unknown) =>
		ofRaw('udm', withDetails({ 'Parent Process Details': { 'Process PID': pid } })).udm.principal
			.process.parent_process?.pid;
	expect([1, 2_147_483_647, 2_147_483_648, 0, -1, 'x', null].map(pidOf)).toEqual([
		'1',
		'2147483647',
		undefined,
		undefined,
		undefined,
		undefined,
		undefined,
	]);
});

it('an alert happened when it was seen last, else when it was raised, seen first or changed', () => {
	const times: Json = {
		LastSeenUtc: '2026-01-04T00:00:00.000Z',
		DateIn: '2026-01-03T00:00:00.000Z',
		FirstSeenUtc: '2026-01-02T00:00:00.000Z',
		DateChanged: '2026-01-05T00:00:00.000Z',
	};
	const seen: unknown[] = [];
	for (const field of Object.keys(times)) {
		seen.push(ofRaw('ecs', { ClientDbId: 1, ...times })['@timestamp']);
		delete times[field];
	}
	seen.push(ofRaw('ecs', { ClientDbId: 1 })['@timestamp']);
	expect(seen).toEqual([
		'2026-01-04T00:00:00.000Z',
		'2026-01-03T00:00:00.000Z',
		'2026-01-02T00:00:00.000Z',
		'2026-01-05T00:00:00.000Z',
		'1970-01-01T00:00:00.000Z',
	]);
});

it.each([
	['CORP\\jdoe', { domain: 'CORP', name: 'jdoe' }],
	['CORP\\\\jdoe', { domain: 'CORP', name: 'jdoe' }],
	['jdoe', { name: 'jdoe' }],
	['\\jdoe', { name: '\\jdoe' }],
	['CORP\\', { name: 'CORP\\' }],
	['A\\B\\c', { name: 'A\\B\\c' }],
	['', { name: '' }],
])('the account %j is %j', (user, told) => {
	expect(account(user)).toEqual(told);
});

describe('an indicator of STIX', () => {
	it.each([
		['0.0.0.0', false],
		['10.1.2.3', false],
		['100.63.255.255', true],
		['100.64.0.1', false],
		['100.99.0.1', false],
		['100.110.0.1', false],
		['100.127.255.255', false],
		['100.128.0.1', true],
		['127.0.0.1', false],
		['169.253.1.1', true],
		['169.254.1.1', false],
		['172.15.0.1', true],
		['172.16.0.1', false],
		['172.25.0.1', false],
		['172.31.0.1', false],
		['172.32.0.1', true],
		['192.167.1.1', true],
		['192.168.1.1', false],
		['223.255.255.255', true],
		['224.0.0.1', false],
		['239.1.1.1', false],
		['240.0.0.1', false],
		['255.255.255.255', false],
		['8.8.8.8', true],
		['101.1.1.1', true],
		['::', false],
		['::1', false],
		['::ffff:8.8.8.8', false],
		['fc00::1', false],
		['fd12::1', false],
		['fe80::1', false],
		['ff02::1', false],
		['2001:4860::8888', true],
		['::1234', true],
	])('may be of %s: %s', (ip, isPublic) => {
		expect(isPublicIp(ip)).toBe(isPublic);
	});

	const patterns = (changes: Json): string[] =>
		ofRaw('stix', { ClientDbId: 1, IncidentName: 'x', ...changes })
			.stix.objects.slice(1)
			.map(({ pattern }: Json) => pattern);

	it.each([
		['evil.com', true],
		['a-b.evil_x.co.uk', true],
		['bücher.example', true],
		['1.evil.com', true],
		['localhost', false],
		['evil.c', false],
		['evil..com', false],
		['.evil.com', false],
		['an evil.com', false],
		['evil.com/', false],
		['evil.com x', false],
		[`${'a.'.repeat(125)}com`, true],
		[`${'a.'.repeat(126)}com`, false],
	])('is made of the domain %j: %j', (AlertDomain, isMade) => {
		expect(patterns({ AlertDomain })).toEqual(
			isMade ? [`[domain-name:value = '${AlertDomain}']`] : [],
		);
	});

	it.each([
		['http://evil.com', true],
		['https://evil.com/x?y', true],
		['HTTPS://evil.com', true],
		['ftp://evil.com', true],
		['javascript:alert(1)', false],
		['xhttp://evil.com', false],
		['http:///x', false],
		['http://', false],
		['http://[', false],
		[`http://evil.com/${'x'.repeat(7984)}`, true],
		[`http://evil.com/${'x'.repeat(7985)}`, false],
	])('is made of the address %j: %j', (AlertUrl, isMade) => {
		expect(patterns({ AlertUrl })).toEqual(isMade ? [`[url:value = '${AlertUrl}']`] : []);
	});

	it('was never changed before it was made', () => {
		const [, one] = ofRaw('stix', {
			...FULL,
			DateIn: '2026-05-29T14:00:00Z',
		}).stix.objects;
		expect([one.created, one.modified]).toEqual([
			'2026-05-29T14:00:00.000Z',
			'2026-05-29T14:00:00.000Z',
		]);
	});
});

describe('UDM', () => {
	it.each([
		['Deleted', 'BLOCK'],
		['Isolated', 'BLOCK'],
		['Blocked', 'BLOCK'],
		['Quarantined', 'QUARANTINE'],
		['Alert only', 'ALLOW'],
		['Odd', 'UNKNOWN_ACTION'],
	])('of the prevention %s is the action %s', (said, action) => {
		expect(
			ofRaw('udm', withDetails({ 'EPS Prevention': said })).udm.security_result[0].action,
		).toEqual([action]);
	});

	it('is of the most special type for which it has what is needed', () => {
		const typeOf = (changes: Json) =>
			ofRaw('udm', { ClientDbId: 1, ...changes }).udm.metadata.event_type;
		expect(typeOf({ HostName: 'WS', Path: 'C:\\a' })).toBe('FILE_UNCATEGORIZED');
		expect(typeOf({ HostIp: '10.0.0.1', Path: 'C:\\a' })).toBe('FILE_UNCATEGORIZED');
		expect(typeOf({ HostName: 'WS', AlertUrl: 'x' })).toBe('STATUS_UPDATE');
		expect(typeOf({ Path: 'C:\\a' })).toBe('GENERIC_EVENT');
	});
});

describe('a page that is too long', () => {
	const LONG = {
		...FULL,
		IncidentDescription: 'd'.repeat(20_000),
		IncidentRecomendation: 'r'.repeat(20_000),
		CommandLine: 'c'.repeat(20_000),
	};

	it.each(['text', 'html', 'markdown'])(
		'as %s uses nearly all of its room, and says that it was cut',
		(form) => {
			expect(ofRaw(form, LONG)[form].length).toBeGreaterThan(25_000);
			for (let most = 100; most < 3_000; most += 37) {
				const short = ofRawSized(form, LONG, most)[form] as string;
				expect(short.length).toBeLessThanOrEqual(most);
				expect(short).toContain('[cut]');
				expect(short.length).toBeGreaterThan(most < 1_500 ? most / 5 : 0.6 * most);
			}
			expect(ofRaw(form, { ClientDbId: 1, IncidentName: 'x' })[form]).not.toContain('[cut]');
		},
	);

	it('begins no section in which there is room for next to nothing', () => {
		const lines: string[] = [];
		for (let most = 400; most < 1_200; most += 11)
			for (const [, line] of ofRawSized('text', LONG, most).text.matchAll(/:\n {2}\| (.*)\n/g))
				lines.push(line);
		expect(lines.length).toBeGreaterThan(50);
		expect(lines.filter((line) => line.length <= 8)).toEqual([]);
	});
});

/** With the length that a user sets. */
function ofRawSized(form: string, alert: Json, most: number): Json {
	return SIZED[form]!(alert, most);
}
const SIZED: Readonly<Record<string, (alert: Json, most: number) => Json>> = Object.fromEntries(
	['text', 'html', 'markdown'].map((form) => [
		form,
		(alert: Json, most: number) =>
			FORMATS[form]!.ofRaw(alert, contextOf(alert, SITE), most) as Json,
	]),
);

describe('an Adaptive Card', () => {
	const textsOf = (alert: Json): string[] =>
		ofRaw('adaptiveCard', alert).card.body.map(({ inlines }: Json) =>
			inlines.map(({ text }: Json) => text).join(''),
		);

	it('has at most 40 lines of a text, none of them empty, and says what was left out', () => {
		const lines = textsOf({
			...FULL,
			IncidentDescription: Array.from({ length: 60 }, (_, index) => `line ${index}\n`).join('\n'),
		});
		expect(lines.filter((one) => one.startsWith('line '))).toHaveLength(20);
		expect(lines.at(-1)).toBe('… [cut]');
		expect(lines).not.toContain('');
		const few = textsOf({ ...FULL, IncidentDescription: 'a\n\n b\tc\n' });
		expect(few.slice(-3)).toEqual(['Description', 'a', ' b c']);
	});

	it('is cut below the limit of Teams where its texts are wide, and says so', () => {
		const wide = '"'.repeat(30) + '\n';
		const alert = {
			...FULL,
			...Object.fromEntries(
				['IncidentDescription', 'IncidentRecomendation', 'CommandLine'].map((field) => [
					field,
					wide.repeat(2_000),
				]),
			),
			...Object.fromEntries(
				[
					'HostName',
					'UserName',
					'Path',
					'AlertDomain',
					'AlertUrl',
					'ScanGroupName',
					'IncidentName',
				].map((field) => [field, '日"'.repeat(2_000)]),
			),
		};
		const { card } = ofRaw('adaptiveCard', alert);
		const size = Buffer.byteLength(JSON.stringify(card));
		expect(size).toBeLessThanOrEqual(26 * 1024);
		expect(size).toBeGreaterThan(24 * 1024);
		expect(card.body.at(-1).inlines[0].text).toBe('… [cut]');
	});
});

describe('a simplified alert that a workflow changed', () => {
	it.each([
		[1, 1],
		[5, 5],
		['3', 3],
		[0, null],
		[6, null],
		[-1, null],
		[null, null],
		['grave', null],
	])('has the level %j as %j', (severityLevel, level) => {
		expect(ofSimplified('flat', { ...simplified(FULL), severityLevel }).severityLevel).toBe(level);
	});

	it('keeps details that are none under a name of their own', () => {
		expect(ofSimplified('flat', { ...simplified(FULL), details: 'x' }).details).toBe('x');
		expect(
			ofRaw('flat', { ...FULL, IncidentJsonDescription: '{"a":' }).IncidentJsonDescription,
		).toBe('{"a":');
		expect(ofRaw('flat', { ...FULL, AlertIp: 0 })).not.toHaveProperty('AlertIp');
		expect(ofRaw('flat', { ...FULL, HostName: 'a\ud83d' }).host).toBe('a\ufffd');
		expect(ofRaw('flat', { ...FULL, HostName: 'a\ud83d' })).not.toHaveProperty('HostName');
	});
});

it('a row for a spreadsheet has one column for what is beyond two hundred', () => {
	const row = ofRaw('flat', {
		...FULL,
		Deep: Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`k${index}`, index])),
	});
	expect(JSON.parse(row.more)['Deep.k299']).toBe(299);
	expect(Object.keys(row).at(-1)).toBe('more');
});
