import { describe, expect, it } from 'vitest';
import {
	alertId,
	bornAt,
	certainlyBefore,
	changedAt,
	dedupKey,
	isRawAlert,
	lastSeenAt,
} from '../../nodes/shared/alert/identity.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

/** An alert without an id: every field that its hash is made of, and some that move. */
const NAMELESS = {
	IncidentName: 'Ransomware',
	AlertType: 0,
	HostId: 12,
	HostName: 'PC-12',
	HostIp: '10.0.0.12',
	UserName: 'ACME\\eve',
	Path: 'c:\\temp\\a.exe',
	CommandLine: 'a.exe -x',
	Sha256Hex: 'AB'.repeat(32),
	AlertDomain: 'evil.example',
	AlertUrl: 'http://evil.example/a',
	AlertIp: 3232235777,
	IncidentRecomendation: 'Isolate the host',
	ProductId: 3,
	UserId: 4,
	DomainId: 5,
	DomainCrc: 4_000_000_000,
	Sha256: 'q83vEjRWeJA=',
	IncidentDescription: 'Hostname: PC-12\r\nMalware ID: TR/VBS',
	IncidentJsonDescription: '{"Hostname":"PC-12","Malware ID":"TR/VBS"}',
	DateIn: '2026-06-01T12:00:00Z',
	FirstSeenUtc: '2026-06-01T11:59:00Z',
	LastSeen: '2026-06-01T12:00:00Z',
	LastSeenUtc: '2026-06-01T12:00:00Z',
	DateChanged: '2026-06-01T12:00:00Z',
	Status: 0,
	Severity: 4,
};
const MOVING = ['LastSeen', 'LastSeenUtc', 'DateChanged', 'Status', 'Severity'];
const LASTING = Object.keys(NAMELESS).filter((field) => !MOVING.includes(field));

/** The cases of a test that takes one value. */
const one = (values: readonly unknown[]): unknown[][] => values.map((value) => [value]);

const EMPTY_GUID = '00000000-0000-0000-0000-000000000000';
/** What is no id, wherever it stands. */
const NO_IDS = [
	'',
	'  ',
	'\t\u00a0\ufeff',
	'\0',
	'--',
	'0',
	'000',
	'-0',
	'0x0',
	'0'.repeat(300),
	'-1',
	'-17',
	'1.5',
	'0.0',
	'-7.0',
	'+7',
	'1e+21',
	'9.007199254740993e+15',
	'null',
	'NULL',
	' Null ',
	'undefined',
	'Undefined',
	'none',
	'None',
	'nil',
	'NaN',
	'nan',
	'Infinity',
	'-Infinity',
	'unknown',
	'N/A',
	'false',
	'true',
	'[object Object]',
	EMPTY_GUID,
	`{${EMPTY_GUID}}`,
	`{${EMPTY_GUID}`,
	`(${EMPTY_GUID})`,
	EMPTY_GUID.replaceAll('-', ''),
	`{${EMPTY_GUID.replaceAll('-', '')}}`,
	Buffer.alloc(16).toString('base64'),
	Buffer.alloc(32).toString('base64'),
	Buffer.alloc(33).toString('base64'),
	Buffer.alloc(1000).toString('base64'),
];

describe('the id of an alert', () => {
	it.each([
		[1, 1],
		[7, 7],
		['7', 7],
		[' 7 ', 7],
		['007', 7],
		['7.0', 7],
		['7.000', 7],
		[2_147_483_648, 2_147_483_648],
		['999999999999999', 999_999_999_999_999],
		['1234567890123456', 1_234_567_890_123_456],
		['9007199254740991', Number.MAX_SAFE_INTEGER],
		[Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	])('%j is the number %j', (ClientDbId, id) => {
		expect(alertId({ ClientDbId, Uniqueness: 'other' })).toBe(id);
	});

	it.each([
		'9007199254740992',
		'9007199254740993',
		'99999999999999999999',
		'00000000000000007',
		'7a',
		'a7',
		'alert-7',
		'1e5',
		'0e12',
		'٧',
		'AAAB',
		'A',
		'nullable',
		EMPTY_GUID.replace(/.$/, '7'),
	])('%j is exact, so it is that text', (ClientDbId) => {
		expect(alertId({ ClientDbId, Uniqueness: 'other' })).toBe(ClientDbId);
		expect(alertId({ ClientDbId: ` ${ClientDbId}\n`, Uniqueness: 'other' })).toBe(ClientDbId);
	});

	it('that is a GUID is one in upper and lower case, with and without braces', () => {
		const guid = '0f8fad5b-d9cb-469f-a165-70867728950e';
		for (const text of [guid, guid.toUpperCase(), `{${guid}}`, ` (${guid.toUpperCase()}) `]) {
			expect(alertId({ ClientDbId: text })).toBe(guid);
			expect(alertId({ Uniqueness: text })).toBe(guid);
		}
	});

	it.each<unknown[]>(
		one([
			0,
			-0,
			-1,
			1.5,
			-7.25,
			2 ** 53,
			9007199254740993,
			1e300,
			-(2 ** 60),
			Infinity,
			NaN,
			undefined,
			null,
			true,
			{},
			[7],
			{ toString: 'x' },
			...NO_IDS,
		]),
	)('%j is none, so Uniqueness is the id', (ClientDbId) => {
		expect(alertId({ ClientDbId, Uniqueness: ' host12-a.exe ' })).toBe('host12-a.exe');
	});

	it.each<unknown[]>(
		one([undefined, null, true, 7, {}, ['a'], '7', '1234567890123456789', ...NO_IDS]),
	)('nor is %j as Uniqueness, so it is a hash', (Uniqueness) => {
		const of = (IncidentName: string) => alertId({ ClientDbId: 0, Uniqueness, IncidentName });
		expect(of('Ransomware')).toMatch(/^[\w+/]{43}=$/);
		expect(of('Ransomware')).not.toBe(of('Trojan'));
	});

	it('that is a hash does not change with a release: ticketing systems store it', () => {
		expect(alertId(NAMELESS)).toBe('NlRfHe3X2/rlKaEZ5UxsTmBABpYCeEXIUA9JR4t5Vhg=');
	});

	it.each(['0', 'none', '7', 7, null])(
		'that is a hash tells apart what differs in Uniqueness %j alone',
		(Uniqueness) => {
			expect(alertId({ ...NAMELESS, Uniqueness })).not.toBe(
				alertId({ ...NAMELESS, Uniqueness: '-1' }),
			);
		},
	);

	it('that is a hash tells rounded ids apart as far as they differ', () => {
		expect(alertId({ ...NAMELESS, ClientDbId: 2 ** 54 })).not.toBe(
			alertId({ ...NAMELESS, ClientDbId: 2 ** 55 }),
		);
	});

	it('of ten alerts with one default value for an id and different Uniqueness is ten ids', () => {
		for (const ClientDbId of [0, -1, 'null', EMPTY_GUID, 2 ** 53]) {
			const ids = Array.from({ length: 10 }, (_, i) =>
				alertId({ ClientDbId, Uniqueness: `row-${i}` }),
			);
			expect(new Set(ids).size).toBe(10);
		}
	});

	it.each(['x'.repeat(1_000_000), 'a\nb', 'a\u202eb', 'a\ud800', '\u0000a'])(
		'that is too long, or has what nobody sees, is told by its hash',
		(text) => {
			const ids = [
				alertId({ ClientDbId: text }),
				alertId({ Uniqueness: text }),
				alertId({ ClientDbId: `${text}c` }),
			];
			for (const id of ids) expect(id).toMatch(/^[\w+/]{43}=$/);
			expect(ids[0]).toBe(ids[1]);
			expect(ids[0]).not.toBe(ids[2]);
		},
	);

	it('has at most 200 characters', () => {
		expect(alertId({ ClientDbId: 'x'.repeat(200) })).toBe('x'.repeat(200));
		expect(alertId({ ClientDbId: 'x'.repeat(201) })).toHaveLength(44);
	});

	it('is found of a row that is nested 100,000 levels deep, in any field', () => {
		const deep = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
		for (const field of [
			'ClientDbId',
			'Uniqueness',
			'IncidentName',
			'IncidentJsonDescription',
			'DateIn',
			'Unheard',
		]) {
			expect(alertId({ [field]: deep })).toHaveLength(44);
			expect(alertId({ ...NAMELESS, [field]: deep })).toHaveLength(44);
		}
	});

	it('is found of a row whose keys are those of every object', () => {
		const row = (name: string) =>
			JSON.parse(
				`{"__proto__":{"ClientDbId":7,"a":"${name}"},"toString":"${name}","constructor":1,"hasOwnProperty":{"toString":1}}`,
			) as Record<string, unknown>;
		expect(alertId(row('one'))).toHaveLength(44);
		expect(alertId(row('one'))).not.toBe(alertId(row('two')));
	});

	it.each(LASTING)('that is a hash differs for another %s', (field) => {
		expect(alertId({ ...NAMELESS, [field]: 'other' })).not.toBe(alertId(NAMELESS));
		expect(alertId({ ...NAMELESS, [field]: null })).not.toBe(alertId(NAMELESS));
	});

	it('that is a hash stays the same when the alert is seen again or its record changes', () => {
		const later = '2026-07-01T12:00:00Z';
		const moved = {
			LastSeen: later,
			LastSeenUtc: later,
			DateChanged: later,
			EpsLastSeenUtc: later,
			Status: 3,
			Severity: 5,
			RemediationStatus: 2,
			EpsActionStatus: 1,
			Tags: ['False Positive'],
			ScanGroupName: 'New',
			File: { LastSeen: later },
			AutoRemediate: { Status: 1 },
			AlertGraphJsonRaw: '{}',
		};
		expect(alertId({ ...NAMELESS, ...moved })).toBe(alertId(NAMELESS));
	});

	it('that is a hash stays the same when the description tells of a remediation', () => {
		const text = (status: string) => ({
			...NAMELESS,
			IncidentDescription: `Hostname: PC-12\r\nRemediation Status: ${status}\r\nActual EPS Prevention: ${status}\r\nPath: c:\\a`,
		});
		const json = (status: string) => ({
			...NAMELESS,
			IncidentJsonDescription: JSON.stringify({
				Hostname: 'PC-12',
				'Extra Info': { 'EPS Prevention': status, 'Last Seen': status },
				Path: 'c:\\a',
			}),
		});
		const object = (status: string) => ({
			...NAMELESS,
			IncidentJsonDescription: { Hostname: 'PC-12', 'Remediation Status': status },
		});
		for (const told of [text, json, object])
			expect(alertId(told('Killed'))).toBe(alertId(told('Alert Only')));
	});

	it('that is a hash does not depend on the order of the fields, on how a date is written, nor on whether a field is null, empty or left out', () => {
		expect(alertId(Object.fromEntries(Object.entries(NAMELESS).reverse()))).toBe(alertId(NAMELESS));
		expect(alertId({ ...NAMELESS, DateIn: '2026-06-01T14:00:00.000+02:00' })).toBe(
			alertId(NAMELESS),
		);
		expect(alertId({ IncidentName: 'a', Path: null, UserName: '', IncidentDescription: '' })).toBe(
			alertId({ IncidentName: 'a' }),
		);
	});

	it("that is a hash tells rows apart whose words are not the vendor's, and keeps to what lasts of them", () => {
		const row = { clientDbId: 7, title: 'a', DateIn: '2026-06-01T12:00:00Z', AlertType: 0 };
		expect(alertId({ ...row, clientDbId: 8 })).not.toBe(alertId(row));
		expect(alertId({ ...row, title: 'b' })).not.toBe(alertId(row));
		expect(
			alertId({ ...row, lastSeen: 'later', alert_status: 3, updatedAt: 'now', file: { a: 1 } }),
		).toBe(alertId(row));
		expect(alertId(Object.fromEntries(Object.entries(row).reverse()))).toBe(alertId(row));
	});
});

describe('the key for ticketing systems', () => {
	it('names the site and the alert', () => {
		expect(dedupKey('1001', 7)).toBe('cynet:1001:7');
		expect(dedupKey('1001', 0)).toBe('cynet:1001:0');
		expect(dedupKey('', 'alert-7')).toBe('cynet::alert-7');
	});

	it('names the time of what can happen more than once', () => {
		expect(dedupKey('1001', 7, NOON + 5)).toBe('cynet:1001:7:2026-06-01T12:00:00.005Z');
		expect(dedupKey('1001', 7, 0)).toBe('cynet:1001:7:1970-01-01T00:00:00.000Z');
		expect(dedupKey('1001', 7, null)).toBe('cynet:1001:7');
	});
});

/** Dates that no alert of Cynet's has. */
const IMPLAUSIBLE = one([
	undefined,
	null,
	'',
	'0001-01-01T00:00:00',
	'1970-01-01T00:00:00Z',
	'1601-01-01T00:00:00Z',
	'2009-12-31T23:59:59Z',
	'2009-12-31T23:59:59',
	'soon',
	17,
	{},
	'2026-06-01T12:00:00+99:99',
]);
const HOUR = 3600_000;
const FirstSeenUtc = '2012-06-01T11:00:00Z';

describe('the birth of an alert', () => {
	it('is DateIn where that names its zone', () => {
		expect(bornAt({ DateIn: '2026-06-01T12:00:00Z', FirstSeenUtc })).toBe(NOON);
		expect(bornAt({ DateIn: '2026-06-01T14:00:00+02:00' })).toBe(NOON);
		expect(bornAt({ DateIn: '2010-01-01T00:00:00Z' })).toBe(Date.UTC(2010, 0, 1));
	});

	it('stays in the future where DateIn is', () => {
		expect(bornAt({ DateIn: '2099-01-01T00:00:00Z' })).toBe(Date.UTC(2099, 0, 1));
	});

	it('is not certain where DateIn names no zone, whatever FirstSeenUtc says', () => {
		expect(bornAt({ DateIn: '2026-06-01T15:00:00', FirstSeenUtc })).toBeNull();
	});

	it.each(IMPLAUSIBLE)(
		'is not certain where DateIn is %j, whatever FirstSeenUtc says',
		(DateIn) => {
			expect(bornAt({ DateIn, FirstSeenUtc })).toBeNull();
		},
	);
});

describe('an alert is from before a time', () => {
	it('if DateIn with its zone is', () => {
		expect(certainlyBefore({ DateIn: '2026-06-01T12:00:00Z' }, NOON + 1)).toBe(true);
		expect(certainlyBefore({ DateIn: '2026-06-01T12:00:00Z' }, NOON)).toBe(false);
		expect(certainlyBefore({ DateIn: '2026-06-01T12:00:00Z' }, NOON - 1)).toBe(false);
		expect(certainlyBefore({ DateIn: '2099-01-01T00:00:00Z' }, NOON)).toBe(false);
	});

	it('if DateIn without one is in every time zone', () => {
		const DateIn = '2026-06-01T12:00:00';
		expect(certainlyBefore({ DateIn }, NOON + 14 * HOUR + 1)).toBe(true);
		expect(certainlyBefore({ DateIn }, NOON + 14 * HOUR)).toBe(false);
		expect(certainlyBefore({ DateIn }, NOON + HOUR)).toBe(false);
	});

	it.each(IMPLAUSIBLE)('never with the DateIn %j, however old its other dates are', (DateIn) => {
		expect(
			certainlyBefore(
				{ DateIn, FirstSeenUtc, LastSeenUtc: FirstSeenUtc, DateChanged: FirstSeenUtc },
				NOON,
			),
		).toBe(false);
	});
});

describe('what happened to an alert', () => {
	const LastSeen = '2026-06-01T12:00:00';

	it('last is LastSeenUtc, else LastSeen, else not known', () => {
		expect(lastSeenAt({ LastSeenUtc: '2026-06-01T11:00:00', LastSeen })).toBe(NOON - HOUR);
		expect(lastSeenAt({ DateIn: LastSeen })).toBeNull();
	});

	it('to its record is DateChanged, else not known', () => {
		expect(changedAt({ DateChanged: '2026-06-01T12:00:00Z' })).toBe(NOON);
		expect(changedAt({ LastSeen })).toBeNull();
	});

	it.each(IMPLAUSIBLE)('is not told by %j', (date) => {
		expect(lastSeenAt({ LastSeenUtc: date, LastSeen })).toBe(NOON);
		expect(lastSeenAt({ LastSeenUtc: date, LastSeen: date })).toBeNull();
		expect(changedAt({ DateChanged: date, LastSeen })).toBeNull();
	});

	it('may lie in the future', () => {
		expect(lastSeenAt({ LastSeen: '2099-01-01T00:00:00Z' })).toBe(Date.UTC(2099, 0, 1));
		expect(changedAt({ DateChanged: '2099-01-01T00:00:00Z' })).toBe(Date.UTC(2099, 0, 1));
	});
});

describe('a row', () => {
	it.each([[{}], [{ ClientDbId: 7 }], [Object.create(null)]])('%j is an alert', (row) => {
		expect(isRawAlert(row)).toBe(true);
	});

	it.each([[null], [undefined], [[]], [[{}]], ['{}'], [7], [true]])('%j is none', (row) => {
		expect(isRawAlert(row)).toBe(false);
	});
});
