import { describe, expect, it } from 'vitest';
import { CUT } from '../../nodes/shared/alert/depth.ts';
import { details, simplify, verbatim } from '../../nodes/shared/alert/simplify.ts';

const CONTEXT = { event: 'created', clientId: '1001', dedupKey: 'cynet:1001:7' } as const;

const ALERT = {
	ClientDbId: 7,
	IncidentName: 'Ransomware',
	Severity: 4,
	Status: 0,
	AlertType: 5,
	IncidentDescription: 'A process encrypted files.\r\nSource IP: 192.168.1.1',
	IncidentRecomendation: 'Isolate the host.',
	HostName: 'PC-12',
	HostIp: '10.0.0.12',
	UserName: 'ACME\\eve',
	Path: 'c:\\temp\\a.exe',
	CommandLine: 'a.exe -x',
	Sha256Hex: 'AB'.repeat(32),
	AlertDomain: 'evil.example',
	AlertUrl: 'http://evil.example/a',
	AlertIp: 3232235777,
	ScanGroupName: 'Servers',
	MitreDetails: [{ Techniques: [{ Id: 'T1486' }] }],
	Tags: [{ Id: 2, Name: 'False Positive' }, 'In Progress'],
	DateIn: '2026-06-01T12:00:00Z',
	FirstSeenUtc: '2026-06-01T11:00:00',
	LastSeenUtc: '2026-06-01T12:30:00.1234567Z',
	LastSeen: '2026-06-01T15:30:00',
	DateChanged: '2026-06-01T13:00:00Z',
	IncidentJsonDescription: '{ "Process" : { "Pid" : 42 } }',
};

const FIELDS = {
	id: 7,
	clientId: '1001',
	dedupKey: 'cynet:1001:7',
	event: 'created',
	name: 'Ransomware',
	severity: 'High',
	severityLevel: 4,
	status: 'Open',
	type: 'Host',
	description: 'A process encrypted files.\r\nSource IP: 192.168.1.1',
	recommendation: 'Isolate the host.',
	host: 'PC-12',
	hostIp: '10.0.0.12',
	user: 'ACME\\eve',
	path: 'c:\\temp\\a.exe',
	commandLine: 'a.exe -x',
	sha256: 'ab'.repeat(32),
	domain: 'evil.example',
	url: 'http://evil.example/a',
	ip: '192.168.1.1',
	scanGroup: 'Servers',
	techniques: ['T1486'],
	tags: ['False Positive', 'In Progress'],
	createdAt: '2026-06-01T12:00:00.000Z',
	firstSeenAt: '2026-06-01T11:00:00.000Z',
	lastSeenAt: '2026-06-01T12:30:00.123Z',
	changedAt: '2026-06-01T13:00:00.000Z',
	details: { Process: { Pid: 42 } },
};

const of = (alert: Record<string, unknown>) => simplify(alert, CONTEXT);

describe('a simplified alert', () => {
	it('has the fields of the contract, in its order', () => {
		expect(of(ALERT)).toEqual(FIELDS);
		expect(Object.keys(of(ALERT))).toEqual(Object.keys(FIELDS));
	});

	it('has all of them, as null, where the API said nothing', () => {
		const nothing = {
			...Object.fromEntries(Object.keys(FIELDS).map((field) => [field, null])),
			techniques: [],
			tags: [],
		};
		expect(of({})).toEqual({ ...nothing, ...CONTEXT });
		expect(Object.keys(of({}))).toEqual(Object.keys(FIELDS));
		const nulls = Object.fromEntries(Object.keys(ALERT).map((field) => [field, null]));
		expect(of(nulls)).toEqual({ ...nothing, ...CONTEXT });
	});

	it("has null for an empty text, for .NET's empty date and for what is no text", () => {
		expect(
			of({
				IncidentName: '',
				DateIn: '0001-01-01T00:00:00',
				HostName: {},
				Path: true,
				UserName: ['eve'],
			}),
		).toMatchObject({
			name: null,
			createdAt: null,
			host: null,
			path: null,
			user: null,
		});
	});

	it('has a number as text where the contract says text', () => {
		expect(of({ HostName: 0, ScanGroupName: 12 })).toMatchObject({ host: '0', scanGroup: '12' });
	});

	it.each([
		[0],
		[-1],
		[1.5],
		['alert-7'],
		['7'],
		[' 7 '],
		['null'],
		['x'.repeat(200)],
		[Number.MAX_SAFE_INTEGER],
	])('keeps the id %j as the API wrote it', (ClientDbId) => {
		expect(of({ ClientDbId }).id).toBe(ClientDbId);
	});

	it.each([
		[2 ** 53],
		[1e300],
		[''],
		['x'.repeat(201)],
		[{}],
		[[7]],
		[true],
		[JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
	])('has no id where the API says something rounded, too long or nested', (ClientDbId) => {
		expect(of({ ClientDbId }).id).toBeNull();
	});

	it('has the names of codes that are written as names', () => {
		expect(of({ Severity: ' critical ', Status: 'CLOSED', AlertType: 'url' })).toMatchObject({
			severity: 'Critical',
			severityLevel: 5,
			status: 'Closed',
			type: 'URL',
		});
		expect(of({ Severity: 'unknown' })).toMatchObject({ severity: 'Unknown', severityLevel: null });
		expect(of({ Severity: 'Sev-9', Status: {}, AlertType: 'toString' })).toMatchObject({
			severity: 'Unknown',
			severityLevel: null,
			status: 'Unknown',
			type: 'Unknown',
		});
	});

	it('has no level for the severity "Unknown": its code 99 would rank above Critical', () => {
		expect(of({ Severity: 99 })).toMatchObject({ severity: 'Unknown', severityLevel: null });
		expect(of({ Severity: '99' })).toMatchObject({ severity: 'Unknown', severityLevel: null });
	});

	it('tells the number of a code that the vendor has added', () => {
		expect(of({ Severity: 6, Status: 9, AlertType: '12' })).toMatchObject({
			severity: 'Unknown (6)',
			severityLevel: null,
			status: 'Unknown (9)',
			type: 'Unknown (12)',
		});
	});

	it('was last seen at LastSeen where there is no LastSeenUtc', () => {
		expect(
			of({ LastSeenUtc: '0001-01-01T00:00:00', LastSeen: '2026-06-01T12:00:00' }).lastSeenAt,
		).toBe('2026-06-01T12:00:00.000Z');
	});

	describe('AlertIp, a number of which nobody knows the order of bytes', () => {
		const NUMBER = 158_400_715;
		const AS_WRITTEN = '9.113.0.203';
		const REVERSED = '203.0.113.9';
		const ipOf = (alert: Record<string, unknown>) => of({ AlertIp: NUMBER, ...alert }).ip;

		it.each([
			[
				'in the description',
				(ip: string) => ({ IncidentDescription: `Hostname: x\r\nRemote: ${ip}.` }),
			],
			[
				'in the details',
				(ip: string) => ({
					IncidentJsonDescription: JSON.stringify({ a: { 'Some Address': [`to ${ip}, from x`] } }),
				}),
			],
			["as the host's", (ip: string) => ({ HostIp: ip })],
			['in the address of the web', (ip: string) => ({ AlertUrl: `http://${ip}:8080/x` })],
		])('is the address that stands %s', (_, alert) => {
			expect(ipOf(alert(AS_WRITTEN))).toBe(AS_WRITTEN);
			expect(ipOf(alert(REVERSED))).toBe(REVERSED);
			expect(ipOf({ ...alert(REVERSED), AlertIp: String(NUMBER) })).toBe(REVERSED);
		});

		it.each([
			['neither order stands anywhere', {}],
			['both do', { IncidentDescription: `a ${AS_WRITTEN}\r\nb ${REVERSED}` }],
			[
				'only a longer number does',
				{ IncidentDescription: `1${REVERSED} ${REVERSED}4 ${REVERSED}.1` },
			],
			[
				'only what an attacker words does',
				{
					Path: REVERSED,
					CommandLine: REVERSED,
					UserName: REVERSED,
					HostName: REVERSED,
					IncidentDescription: `Process Params: ping ${REVERSED}\r\nPath: ${REVERSED}`,
					IncidentJsonDescription: { 'Infected file': REVERSED },
				},
			],
		])('is null where %s', (_, alert) => {
			expect(ipOf(alert)).toBeNull();
		});

		it.each([
			[16843009, '1.1.1.1'],
			['10.0.0.1', '10.0.0.1'],
			[' 2001:db8::1 ', '2001:db8::1'],
			[-1062731519, '192.168.1.1'],
		])('%j is %s in either order, or said again', (AlertIp, ip) => {
			expect(of({ AlertIp, HostIp: '192.168.1.1' }).ip).toBe(ip);
		});

		it.each([
			[0],
			['0'],
			[-1],
			[2 ** 32],
			[-(2 ** 31) - 1],
			[''],
			[null],
			[{}],
			['1e3'],
			['1.2.3'],
			['0x7f000001'],
			[1.5],
			['::1 x'],
			['10.0.0.1:80'],
		])('%j is no address', (AlertIp) => {
			expect(
				of({ AlertIp, IncidentDescription: '0.0.3.232 127.0.0.1 255.255.255.255' }).ip,
			).toBeNull();
		});
	});

	it.each([
		[{ Sha256Hex: 'CD'.repeat(32), Sha256: 'ab'.repeat(32) }, 'cd'.repeat(32)],
		[{ Sha256Hex: '', Sha256: 'Ab'.repeat(32) }, 'ab'.repeat(32)],
		[{ Sha256Hex: 'AB'.repeat(31) }, null],
		[{ Sha256Hex: 'AB'.repeat(33) }, null],
		[{ Sha256Hex: 'XY'.repeat(32) }, null],
		[
			{ Sha256: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=' },
			'abcdef1234567890abcdef1234567890abcdef1234567890abcdef1234567890',
		],
		[{ Sha256: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA' }, null],
		[{ Sha256Hex: 'abc', File: { Sha256: 'Ab'.repeat(32) } }, 'ab'.repeat(32)],
		[{ Sha256Hex: '0'.repeat(64) }, null],
		[{ Sha256: `${'A'.repeat(43)}=` }, null],
		[{ Sha256Hex: ` ${'AB'.repeat(32)}\n` }, 'ab'.repeat(32)],
		[{ Sha256Hex: { toString: () => 'ab'.repeat(32) } }, null],
	])('%j has the SHA-256 %j', (alert, hash) => {
		expect(of(alert).sha256).toBe(hash);
	});
});

describe("what the vendor's own field does not say", () => {
	const TOLD = {
		host: 'WS-1',
		hostIp: '10.0.0.9',
		user: 'CORP\\eve',
		path: 'c:\\a\\b.exe',
		sha256: 'cd'.repeat(32),
		commandLine: 'b.exe -x',
		name: 'Some Alert',
		ip: '203.0.113.9',
	};

	it('is taken from the details, whatever the letter case and the blanks of their keys', () => {
		const details = {
			HostName: 'WS-1',
			'Host IP': '10.0.0.9',
			'User Name': 'CORP\\eve',
			'Alert Name': 'Some Alert',
			'Source IP': '203.0.113.9',
			'Extra Info': {
				'Infected file': 'c:\\a\\b.exe',
				'Infected file SHA256': 'CD'.repeat(32),
				'Process Params': 'b.exe -x',
			},
		};
		expect(of({ IncidentJsonDescription: JSON.stringify(details) })).toMatchObject(TOLD);
		expect(
			of({ IncidentJsonDescription: JSON.stringify({ hostname: 'WS-1', HostIp: '10.0.0.9' }) }),
		).toMatchObject({ host: 'WS-1', hostIp: '10.0.0.9' });
	});

	it('is taken from the lines of the description, however they end', () => {
		const lines = [
			'Hostname: WS-1',
			'Host IP:10.0.0.9',
			'Process Running User: CORP\\eve',
			'Path:c:\\a\\b.exe',
			`Sha256: ${'cd'.repeat(32)}`,
			'Process Params: b.exe -x',
			'Alert Name: Some Alert',
			'Source IP: 203.0.113.9',
		];
		for (const end of ['\r\n', '\n'])
			expect(of({ IncidentDescription: lines.join(end) })).toMatchObject(TOLD);
	});

	it('counts after it, and the details before the description', () => {
		const second = {
			IncidentJsonDescription: JSON.stringify({ Hostname: 'second', 'Host Ip': null }),
			IncidentDescription: 'Hostname: third\r\nHost IP: 10.0.0.3',
		};
		expect(of({ HostName: 'first', ...second }).host).toBe('first');
		expect(of(second)).toMatchObject({ host: 'second', hostIp: '10.0.0.3' });
	});

	it('is the file that was infected, not the process, and its whole path where one is told', () => {
		const details = {
			'Extra Info': {
				Sha256: 'aa'.repeat(32),
				'Created File Sha256': 'bb'.repeat(32),
				'Infected file': 'b.exe',
			},
			'Parent Process Details': { 'Process SHA256': 'cc'.repeat(32), 'Process Path': 'c:\\p.exe' },
		};
		const IncidentJsonDescription = JSON.stringify(details);
		expect(of({ IncidentJsonDescription })).toMatchObject({
			sha256: 'bb'.repeat(32),
			path: 'b.exe',
		});
		expect(
			of({ IncidentJsonDescription, IncidentDescription: 'Path: c:\\x\\b.exe' }),
		).toMatchObject({ path: 'c:\\x\\b.exe' });
	});

	it('stays null where a hostile alert hides it behind more than any alert has', () => {
		const many = Object.fromEntries(
			Array.from({ length: 5000 }, (_, index) => [`key ${index}`, index]),
		);
		expect(
			of({
				IncidentJsonDescription: JSON.stringify({ ...many, Hostname: 'x' }),
				IncidentDescription: `${'a\n'.repeat(5000)}Hostname: x`,
			}).host,
		).toBeNull();
	});
});

describe('the techniques and tags', () => {
	const techniques = (MitreDetails: unknown) => of({ MitreDetails }).techniques as string[];
	const tags = (Tags: unknown) => of({ Tags }).tags as string[];

	it('are found at any depth and in texts, each once', () => {
		expect(
			techniques([
				{
					TacticId: 'TA0005',
					Techniques: [{ Id: 'T1055', Name: 'Process Injection' }, { Id: 'T1620' }],
				},
				'T1114.003 - Email Forwarding Rule',
				'TA0009',
				{ T: { U: ['T1055'] } },
			]),
		).toEqual(['T1055', 'T1620', 'T1114.003']);
		expect(techniques('T1059.001, T1486')).toEqual(['T1059.001', 'T1486']);
		expect(techniques(JSON.stringify([{ Id: 'T1486' }]))).toEqual(['T1486']);
		expect(techniques(JSON.parse(`${'['.repeat(100_000)}"T1486"${']'.repeat(100_000)}`))).toEqual(
			[],
		);
	});

	it.each([
		[null],
		[undefined],
		[[]],
		[{}],
		[7],
		['TA0005'],
		['XT1055'],
		['T10555'],
		['T105'],
		[['T1055x', 'T1055.0001']],
	])('%j names none', (value) => {
		expect(techniques(value)).toEqual([]);
	});

	it('are texts, numbers or objects with a name', () => {
		expect(
			tags([
				'In Progress',
				{ Id: 2, Name: 'False Positive' },
				{ name: 'x' },
				7,
				' In Progress ',
				'',
				null,
				{ Id: 3 },
				['y'],
			]),
		).toEqual(['In Progress', 'False Positive', 'x', '7']);
		expect(tags('a, b')).toEqual(['a', 'b']);
		expect([tags(null), tags({}), tags([]), tags(undefined)]).toEqual([[], [], [], []]);
	});

	it('of a hostile alert are few and short', () => {
		expect(
			tags(Array.from({ length: 100_000 }, (_, index) => `tag ${index}`)).length,
		).toBeLessThanOrEqual(100);
		expect(tags(['x'.repeat(1e6)])).toEqual([]);
		expect(
			techniques(Array.from({ length: 100_000 }, (_, index) => `T${1000 + (index % 9000)}`)).length,
		).toBeLessThanOrEqual(100);
	});
});

describe('the details', () => {
	const detailsOf = (IncidentJsonDescription: unknown) => of({ IncidentJsonDescription }).details;

	it('go 64 levels deep, with a short text for what goes deeper', () => {
		const ofLevels = (levels: number): string =>
			`${'{"a":'.repeat(levels - 1)}{"z":null,"b":1}${'}'.repeat(levels - 1)}`;
		const cutAt = (levels: number): string =>
			`${'{"a":'.repeat(levels)}"${CUT}"${'}'.repeat(levels)}`;
		for (const form of [String, JSON.parse]) {
			expect(detailsOf(form(ofLevels(64)))).toEqual(JSON.parse(ofLevels(64)));
			expect(JSON.stringify(detailsOf(form(ofLevels(65))))).toBe(cutAt(64));
			expect(JSON.stringify(detailsOf(form(ofLevels(100_000))))).toBe(cutAt(64));
			expect(JSON.stringify(detailsOf(form(`{"first":${ofLevels(64)},"second":1}`)))).toBe(
				`{"first":${cutAt(63)},"second":1}`,
			);
		}
	});

	it('are told whole or not at all to who asks for them alone', () => {
		expect(details(`{"a":${'['.repeat(64)}${']'.repeat(64)}}`)).toBeNull();
		expect(
			details({ a: JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown }),
		).toBeNull();
		expect(details(`{"a":${'['.repeat(63)}${']'.repeat(63)}}`)).not.toBeNull();
	});

	it.each([
		['{}', {}],
		[' \r\n{ "a" : [ 1 ] }\r\n', { a: [1] }],
		[{ a: 1 }, { a: 1 }],
	])('%j are an object', (value, details) => {
		expect(detailsOf(value)).toEqual(details);
	});

	it.each([
		[undefined],
		[null],
		[''],
		['  '],
		['{"a":'],
		['{} x'],
		['{a:1}'],
		['[{"a":1}]'],
		[[{ a: 1 }]],
		['"{}"'],
		['7'],
		['null'],
		[7],
		[true],
	])('%j are none', (value) => {
		expect(detailsOf(value)).toBeNull();
	});

	it('may hold a key named __proto__ without becoming it', () => {
		const details = detailsOf('{"__proto__":{"polluted":true},"a":1}') as Record<string, unknown>;
		expect(Object.keys(details)).toEqual(['__proto__', 'a']);
		expect(details.polluted).toBeUndefined();
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});

	it('may be 2 MB', () => {
		const text = 'x'.repeat(2 * 1024 * 1024);
		expect(detailsOf(JSON.stringify({ text }))).toEqual({ text });
	});
});

describe('a verbatim alert', () => {
	const SENT =
		'{"Z":1,"__proto__":{"polluted":true},"A":null,"Text":"a\\ud800b\\u0000","Deep":{"List":[1,{"x":[]}],"Empty":{}},"7":"seven","DateIn":"0001-01-01T00:00:00","IncidentJsonDescription":"{ }"}';

	it('has every field as the API sent it, in its order, and the key cynet after them', () => {
		const { cynet, ...fields } = verbatim(JSON.parse(SENT) as Record<string, unknown>, CONTEXT);
		expect(JSON.stringify(fields)).toBe(JSON.stringify(JSON.parse(SENT)));
		expect(Object.keys(fields)).toEqual([
			'7',
			'Z',
			'__proto__',
			'A',
			'Text',
			'Deep',
			'DateIn',
			'IncidentJsonDescription',
		]);
		expect(cynet).toEqual(CONTEXT);
		expect(Object.keys(verbatim({ Z: 1, A: 2 }, CONTEXT))).toEqual(['Z', 'A', 'cynet']);
	});

	it('has 64 levels in each field, whichever field is deeper', () => {
		const deep = (levels: number) =>
			JSON.parse(`${'['.repeat(levels)}1${']'.repeat(levels)}`) as unknown;
		for (const field of [
			'ClientDbId',
			'Uniqueness',
			'IncidentName',
			'File',
			'IncidentJsonDescription',
			'Unheard',
			'__proto__',
			'toString',
		]) {
			const row = JSON.parse(`{${JSON.stringify(field)}:0,"Z":[{}]}`, (key, value: unknown) =>
				key === field ? deep(100_000) : value,
			) as Record<string, unknown>;
			const item = JSON.stringify(verbatim(row, CONTEXT));
			expect(item).toBe(
				JSON.stringify({ _: 0, Z: [{}], cynet: CONTEXT }).replace(
					'"_":0',
					`"${field}":${JSON.stringify(deep(64)).replace('1', JSON.stringify(CUT))}`,
				),
			);
		}
		expect(verbatim({ a: deep(64) }, CONTEXT).a).toEqual(deep(64));
	});

	it('has its own cynet, whatever the vendor has there, and its own prototype', () => {
		for (const vendors of ['{"event":"forged"}', '7', 'null', '[]']) {
			const item = verbatim(
				JSON.parse(`{"cynet":${vendors},"__proto__":{"cynet":1},"A":1}`) as Record<string, unknown>,
				CONTEXT,
			);
			expect(item.cynet).toEqual(CONTEXT);
			expect(Object.getPrototypeOf(item)).toBe(Object.prototype);
			expect(Object.keys(item).sort()).toEqual(['A', '__proto__', 'cynet']);
		}
	});

	it('says in cynet what happened, where, and the key for ticketing systems, nothing else', () => {
		expect(Object.keys(verbatim({}, CONTEXT).cynet as object).sort()).toEqual([
			'clientId',
			'dedupKey',
			'event',
		]);
	});

	it('is a copy: neither form changes what it was made of', () => {
		const frozen = Object.freeze(JSON.parse(SENT) as Record<string, unknown>);
		expect(verbatim(frozen, CONTEXT)).not.toBe(frozen);
		expect(verbatim(frozen, CONTEXT).cynet).not.toBe(CONTEXT);
		simplify(frozen, CONTEXT);
		expect(JSON.stringify(frozen)).toBe(JSON.stringify(JSON.parse(SENT)));
	});
});
