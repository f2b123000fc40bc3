import { expect, test } from 'vitest';

import {
	isRowOf,
	judge,
	nameOf,
	saysAbsent,
	saysNoAddress,
	saysSeveral,
	speaksOfFailure,
} from '../../nodes/shared/api/records.ts';

test.each(['host_name', 'HostName', 'Name'])('a host is named by %s', (field) => {
	expect(judge('host', { [field]: 'WS-1' }, 'ws-1')).toBe('it');
	expect(judge('host', { [field]: 'WS-2' }, 'ws-1')).toBe('other');
	expect(judge('host', { [field]: null }, 'ws-1')).toBe('none');
});

test.each(['user_name', 'name', 'Login', 'LoginName', 'sAMAccountName'])(
	'a user is named by %s',
	(field) => {
		expect(judge('user', { [field]: ' ACME\\Ann ' }, 'ann')).toBe('it');
		expect(judge('user', { [field]: 'Ann' }, ' acme\\ann')).toBe('it');
		expect(judge('user', { [field]: 'acme\\ann' }, 'ACME\\ANN ')).toBe('it');
		expect(judge('user', { [field]: 'other\\ann' }, 'acme\\ann')).toBe('other');
		expect(judge('user', { [field]: 'joann' }, 'ann')).toBe('other');
		expect(judge('user', { [field]: '' }, 'ann')).toBe('none');
	},
);

test.each(['sha256', 'SHA256_HEX'])('a file is named by %s', (field) => {
	expect(judge('file', { [field]: 'ABC' }, 'abc')).toBe('it');
	expect(judge('file', { [field]: 'abd' }, 'abc')).toBe('other');
	expect(judge('file', { [field]: undefined }, 'abc')).toBe('none');
});

test.each([
	'client_db_id',
	'BadLogins',
	'good_logins',
	'IsDisabled',
	'is_locked',
	'RunningFiles',
	'files',
])('a user without a name is known by %s, and nothing else is', (field) => {
	expect(judge('user', { [field]: null }, 'ann')).toBe('it');
	expect(judge('host', { [field]: null }, 'ann')).toBe('odd');
	expect(judge('file', { [field]: null }, 'ann')).toBe('odd');
});

test('one of several names is enough, and the first that is not empty is told', () => {
	const record = { id: 7, name: '', HostName: 'WS-1', NAME: 'WS-2' };
	expect(judge('host', record, 'WS-2')).toBe('it');
	expect(nameOf('host', record)).toBe('WS-1');
	expect(nameOf('host', { id: 7, name: '' })).toBeNull();
});

test('what says of itself that something went wrong is no record, whatever it names', () => {
	expect(judge('host', { name: 'WS-1', error: 'Database is locked' }, 'WS-1')).toBe('odd');
	expect(judge('host', { name: '', message: 'Database is locked' }, 'WS-1')).toBe('odd');
	expect(judge('user', { files: null, message: 'Database is locked' }, 'ann')).toBe('odd');
	expect(judge('user', { name: 'ann', title: 'Head of IT' }, 'ann')).toBe('it');
});

test.each([
	['error', 'x'],
	['Errors', ['x']],
	['error_message', 'x'],
	['ErrorCode', 5],
	['exception', 'x'],
	['ExceptionMessage', 'x'],
	['fault', 'x'],
	['is_error', true],
	['hasError', true],
	['HasErrors', true],
	['success', false],
	['IsSuccess', false],
	['succeeded', false],
	['isSucceeded', false],
])('%s: %j speaks of failure', (field, value) => {
	expect(speaksOfFailure({ [field]: value })).toBe(true);
});

test.each([
	[{}],
	[{ message: 'x' }],
	[{ title: 'x' }],
	[{ status: 500 }],
	[{ error: null, success: true }],
	[{ error: '', message: 'x', failed: true }],
])('%j does not', (record) => expect(speaksOfFailure(record)).toBe(false));

test.each([
	[{ HostName: 'WS-1' }, true],
	[{ ClientDbId: 7 }, true],
	[{ ClientDbId: 7, error: 'x' }, false],
	[{ id: 7 }, false],
	[{ name: ' ' }, false],
	[['name'], false],
	[null, false],
	['name', false],
])('%j is a row of a list of hosts: %j', (row, is) => expect(isRowOf('host', row)).toBe(is));

test.each([
	['host', 'Not found'],
	['host', 'NOT FOUND.'],
	['host', 'The host was not found'],
	['host', 'Host WS-1 could not be found'],
	['host', 'Host WS-1 cannot be found'],
	['host', "Host WS-1 couldn't be found"],
	['host', 'The host wasn’t found'],
	['host', 'hosts could not be known'],
	['host', 'The computer has not been found'],
	['host', 'endpoint does not exist'],
	['host', "Machine doesn't exist"],
	['host', 'The device didn’t exist'],
	['host', 'The device is missing'],
	['host', 'computers: unknown'],
	['host', 'No such host'],
	['host', 'There is no machine of that name'],
	['host', 'Unknown device'],
	['user', 'User not found'],
	['user', 'account does not exist'],
	['user', 'No such name'],
	['file', 'File not found'],
	['file', 'sha256 is unknown'],
	['file', 'There is no hash'],
	['file', 'hashes not known'],
] as const)('of a %s, %j says that there is none', (kind, said) => {
	expect(saysAbsent(kind, said)).toBe(true);
});

test.each([
	['host', undefined],
	['host', 'Database not found on this server'],
	['host', 'Page was not found'],
	['host', 'ghost not found'],
	['user', 'Host not found'],
	['file', 'User not found'],
	['host', 'The host is found'],
	['host', 'missing host'],
	['user', 'no such file'],
] as const)('of a %s, %j does not', (kind, said) => expect(saysAbsent(kind, said)).toBe(false));

test.each([
	['More than one host has the name', true],
	['Multiple hosts', true],
	['several were found', true],
	['The name is ambiguous', true],
	['not unique', true],
	['one', false],
	['multiples', false],
	[undefined, false],
])('%j says that there are several: %j', (said, is) => expect(saysSeveral(said)).toBe(is));

test.each([
	['No HTTP resource was found that matches', true],
	['no resource', true],
	['No route matches', true],
	['No action was found on the controller', true],
	['There is no endpoint', true],
	['matches the request URI', true],
	['Cannot GET /api/full/host', true],
	['cannot post', true],
	['One cannot get it', false],
	['no host', false],
	[undefined, false],
])('%j says that there is no such address: %j', (said, is) => expect(saysNoAddress(said)).toBe(is));
