import type { INodeProperties } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import { isIpAddress } from '../../nodes/Cynet/fields/address.ts';
import { timeOf } from '../../nodes/Cynet/fields/since.ts';
import { lookUp } from '../../nodes/Cynet/operation.ts';
import { RESOURCES } from '../../nodes/Cynet/resources.ts';
import { mayHaveBegun } from '../../nodes/shared/api/remediation.ts';
import { apiError } from '../../nodes/shared/api/errors.ts';
import type { Reason } from '../../nodes/shared/api/reasons.ts';
import { rowsOf } from '../../nodes/shared/api/rows.ts';

const { properties } = new Cynet().description;
const operations = Object.entries(RESOURCES).flatMap(([resource, { operations: own }]) =>
	Object.keys(own).map((operation) => [resource, operation] as const),
);

test('the names that workflows store are those of the contract', () => {
	expect(
		Object.fromEntries(
			Object.entries(RESOURCES).map(([name, resource]) => [
				name,
				Object.keys(resource.operations).sort(),
			]),
		),
	).toEqual({
		alert: ['convert', 'count', 'getAll'],
		connection: ['diagnose'],
		file: ['delete', 'get', 'getRemediation', 'kill', 'quarantine', 'unquarantine', 'verify'],
		host: ['disableNetwork', 'get', 'getAll', 'isolate', 'shutdown', 'unisolate'],
		user: ['get', 'getAll'],
		vulnerability: ['getAll'],
	});
});

test('what is chosen at first only reads', () => {
	for (const { default: preset } of Object.values(RESOURCES))
		expect(preset).toMatch(/^get|^diagnose$/);
});

const shown = (resource: string, operation: string): INodeProperties[] =>
	properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.resource?.includes(resource) &&
			displayOptions.show.operation?.includes(operation),
	);

test.each(operations)(
	'%s %s has no two fields of one name, and its choices are in alphabetical order',
	(resource, operation) => {
		const fields = shown(resource, operation);
		expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
		expect(fields.map(({ name }) => name)).toContain('options');
		for (const { type, options } of fields) {
			if (type !== 'options' && type !== 'collection') continue;
			const names = options!.map((option) =>
				'displayName' in option ? option.displayName : option.name,
			);
			expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other)));
		}
	},
);

test.each(
	operations
		.filter(([resource]) => resource === 'host' || resource === 'file')
		.filter(([, operation]) => !operation.startsWith('get')),
)('%s %s warns that success is not done', (resource, operation) => {
	expect(
		shown(resource, operation).some(
			({ type, displayName }) =>
				type === 'notice' && displayName.includes('success even for a host that is off'),
		),
	).toBe(true);
});

test.each([
	'10.0.0.1',
	'255.255.255.255',
	'::1',
	'fe80::1',
	'FE80::1%eth0',
	'[::1]',
	'::ffff:10.0.0.1',
])('%s is an IP address', (text) => expect(isIpAddress(text)).toBe(true));
test.each([
	'WS-0101',
	'srv.corp.example',
	"Jane's MacBook",
	'10',
	'10.0.0',
	'10.0.0.1.example',
	'abc',
	'cafe',
	'a1',
])('%s is a host name', (text) => expect(isIpAddress(text)).toBe(false));

test.each([
	['2026-05-31T10:00:00Z', '2026-05-31T10:00:00.000Z'],
	['2026-05-31T10:00:00.5+02:00', '2026-05-31T08:00:00.500Z'],
	[' 2026-05-31 10:00 ', '2026-05-31T08:00:00.000Z'],
	['2026-05-31', '2026-05-30T22:00:00.000Z'],
	[{ toISO: () => '2026-05-31T10:00:00.000+02:00' }, '2026-05-31T08:00:00.000Z'],
])('%j is a time', (value, iso) =>
	expect(new Date(timeOf(value, 'Europe/Berlin')!).toISOString()).toBe(iso),
);
test.each([
	'',
	'now',
	'2026',
	'12:00',
	'31.05.2026',
	'2026-13-01',
	'1969-01-01',
	1_780_000_000_000,
	null,
	undefined,
	{},
	[],
	true,
	{ toISO: 'x' },
])('%j is none', (value) => expect(timeOf(value, 'UTC')).toBeNull());

test('a table answers only for its own keys', () => {
	expect(lookUp({ a: 1 }, 'a')).toBe(1);
	for (const key of ['b', 'constructor', '__proto__', 'toString', undefined, null])
		expect(lookUp({ a: 1 }, key)).toBeUndefined();
});

test.each<[Reason, number | null, boolean, boolean]>([
	['timedOut', null, false, true],
	['timedOut', 408, false, true],
	['unreachable', null, false, true],
	['broken', 200, false, true],
	['webPage', 200, false, true],
	['unavailable', 500, false, true],
	['notSent', null, false, true],
	['cancelled', null, false, true],
	['unauthorized', 401, false, false],
	['forbidden', 403, false, false],
	['notFound', 404, false, false],
	['rateLimited', 429, false, false],
	['redirected', 302, false, false],
	['hostUnknown', null, false, false],
	['certificate', null, false, false],
	['clientIdMissing', null, false, false],
	['timedOut', null, true, false],
])(
	'%s (%s, at the login: %s): the action may have begun: %s',
	(reason, status, login, expected) => {
		expect(mayHaveBegun(apiError({} as never, { reason, status, retryAfterMs: null, login }))).toBe(
			expected,
		);
	},
);

test('of an unknown mishap it is said that the action may have begun', () =>
	expect(mayHaveBegun(new Error('x'))).toBe(true));

test.each([
	[[1], [1]],
	[{ data: [1] }, [1]],
	[{ data: null }, []],
	[{}, []],
	['', []],
	[null, []],
	[undefined, []],
	[{ rows: [1] }, null],
	[{ data: 'x' }, null],
	['x', null],
	[5, null],
])('%j holds the rows %j', (body, rows) => expect(rowsOf(body, 'data')).toEqual(rows));
