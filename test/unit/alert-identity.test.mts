import { describe, expect, it } from 'vitest';
import { alertId, bornAt, changedAt, dedupKey, isRawAlert, lastSeenAt } from '../../nodes/shared/alert/identity.ts';

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
	DateIn: '2026-06-01T12:00:00Z',
	FirstSeenUtc: '2026-06-01T11:59:00Z',
	LastSeen: '2026-06-01T12:00:00Z',
	LastSeenUtc: '2026-06-01T12:00:00Z',
	DateChanged: '2026-06-01T12:00:00Z',
	Status: 0,
	Severity: 4,
};
const LASTING = [
	'IncidentName', 'AlertType', 'HostId', 'HostName', 'HostIp', 'UserName', 'Path', 'CommandLine', 'Sha256Hex', 'AlertDomain',
	'AlertUrl', 'AlertIp', 'DateIn', 'FirstSeenUtc',
] as const;

describe('the id of an alert', () => {
	it.each([
		[0, 0],
		[7, 7],
		['7', 7],
		['0', 0],
		['007', 7],
		[2_147_483_648, 2_147_483_648],
		['999999999999999', 999_999_999_999_999],
		[Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	])('%j is the number %j', (ClientDbId, id) => {
		expect(alertId({ ClientDbId, Uniqueness: 'other' })).toBe(id);
	});

	it.each([
		[-1, '-1'],
		[1.5, '1.5'],
		[2 ** 53, '9007199254740992'],
		[1e300, '1e+300'],
		['1234567890123456', '1234567890123456'],
		['99999999999999999999', '99999999999999999999'],
		['-1', '-1'],
		['1.5', '1.5'],
		['7a', '7a'],
		['a7', 'a7'],
		['alert-7', 'alert-7'],
		['٧', '٧'],
	])('%j is no whole number that can be counted with, so it is the text %j', (ClientDbId, id) => {
		expect(alertId({ ClientDbId, Uniqueness: 'other' })).toBe(id);
	});

	it.each([[undefined], [null], [''], ['  '], [{}], [[7]], [true]])('%j is none, so Uniqueness is the id', (ClientDbId) => {
		expect(alertId({ ClientDbId, Uniqueness: 'host12-a.exe' })).toBe('host12-a.exe');
	});

	it.each([[undefined], [null], [''], [7], [{}]])('where Uniqueness is %j too, it is a hash of the fields that last', (Uniqueness) => {
		// Stored in ticketing systems as a part of the dedup key: it must not change with a release.
		expect(alertId({ ...NAMELESS, Uniqueness })).toBe('hdHIVW+A3PlSHcxGL7xJOrctVEa0zYhIKzoZb8HMeSg=');
	});

	it.each(LASTING)('that is a hash differs for another %s', (field) => {
		expect(alertId({ ...NAMELESS, [field]: 'other' })).not.toBe(alertId(NAMELESS));
		const { [field]: _left, ...without } = NAMELESS;
		expect(alertId(without)).not.toBe(alertId(NAMELESS));
	});

	it('that is a hash stays the same when the alert is seen again or changes its status', () => {
		const later = '2026-07-01T12:00:00Z';
		expect(alertId({ ...NAMELESS, LastSeen: later, LastSeenUtc: later, DateChanged: later, Status: 3, Severity: 5 })).toBe(alertId(NAMELESS));
	});

	it('that is a hash does not depend on the order of the fields, nor on whether a field is null or left out', () => {
		expect(alertId(Object.fromEntries(Object.entries(NAMELESS).reverse()))).toBe(alertId(NAMELESS));
		expect(alertId({ IncidentName: 'a', Path: null })).toBe(alertId({ IncidentName: 'a' }));
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

describe('the birth of an alert', () => {
	const DateIn = '2026-06-01T12:00:00Z';
	const FirstSeenUtc = '2026-06-01T11:00:00';

	it('is DateIn where that names its zone', () => {
		expect(bornAt({ DateIn, FirstSeenUtc })).toBe(NOON);
	});

	it('is FirstSeenUtc where DateIn names no zone, for it may be local time', () => {
		expect(bornAt({ DateIn: '2026-06-01T15:00:00', FirstSeenUtc })).toBe(NOON - 3600_000);
	});

	it.each([[undefined], [null], ['0001-01-01T00:00:00'], ['soon'], [17]])('is FirstSeenUtc where DateIn is %j', (broken) => {
		expect(bornAt({ DateIn: broken, FirstSeenUtc })).toBe(NOON - 3600_000);
	});

	it('is not known where neither can be trusted', () => {
		expect(bornAt({ DateIn: '2026-06-01T12:00:00' })).toBeNull();
		expect(bornAt({ DateIn: '2026-06-01T12:00:00', FirstSeenUtc: '0001-01-01T00:00:00' })).toBeNull();
		expect(bornAt({})).toBeNull();
	});
});

describe('what happened to an alert', () => {
	const LastSeen = '2026-06-01T12:00:00';

	it('last is LastSeenUtc, else LastSeen, else not known', () => {
		expect(lastSeenAt({ LastSeenUtc: '2026-06-01T11:00:00', LastSeen })).toBe(NOON - 3600_000);
		expect(lastSeenAt({ LastSeenUtc: '0001-01-01T00:00:00', LastSeen })).toBe(NOON);
		expect(lastSeenAt({ DateIn: LastSeen })).toBeNull();
	});

	it('to its record is DateChanged, else not known', () => {
		expect(changedAt({ DateChanged: '2026-06-01T12:00:00Z' })).toBe(NOON);
		expect(changedAt({ DateChanged: '0001-01-01T00:00:00', LastSeen })).toBeNull();
		expect(changedAt({})).toBeNull();
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
