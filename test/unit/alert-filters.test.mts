import { describe, expect, it } from 'vitest';
import { matches, type AlertFilters } from '../../nodes/shared/alert/filters.ts';

const ALERT = {
	Severity: 4,
	Status: 0,
	AlertType: '5',
	IncidentName: 'Ransomware Behaviour',
	HostName: 'PC-12',
	ScanGroupName: 'Servers',
};

describe('an alert', () => {
	it.each<[AlertFilters]>([
		[{}],
		[
			{
				severities: undefined,
				statuses: undefined,
				alertTypes: undefined,
				name: undefined,
				hostName: undefined,
				scanGroup: undefined,
			},
		],
	])('matches %j: what is missing asks for nothing', (filters) => {
		expect(matches(ALERT, filters)).toBe(true);
		expect(matches({}, filters)).toBe(true);
	});

	it.each<[AlertFilters]>([
		[{ severities: [] }],
		[{ statuses: [] }],
		[{ alertTypes: [] }],
		[{ hostName: '' }],
		[{ scanGroup: ' ' }],
	])('is not asked for by %j: what says nothing lets nothing pass', (filters) => {
		expect(matches(ALERT, filters)).toBe(false);
	});

	it.each<[AlertFilters, boolean]>([
		[{ severities: [3, 4] }, true],
		[{ severities: [5] }, false],
		[{ severities: [99] }, false],
		[{ statuses: [0] }, true],
		[{ statuses: [1, 2, 3] }, false],
		[{ alertTypes: [5] }, true],
		[{ alertTypes: [0] }, false],
		[{ name: 'Behaviour' }, true],
		[{ name: ' RANSOM ' }, true],
		[{ name: 'Trojan' }, false],
		[{ hostName: ' pc-12 ' }, true],
		[{ hostName: 'PC-1' }, false],
		[{ hostName: 'C-12' }, false],
		[{ scanGroup: 'SERVERS' }, true],
		[{ scanGroup: 'Server' }, false],
	])('is asked for by %j: %j', (filters, wanted) => {
		expect(matches(ALERT, filters)).toBe(wanted);
	});

	const ALL: AlertFilters = {
		severities: [4],
		statuses: [0],
		alertTypes: [5],
		name: 'ransom',
		hostName: 'pc-12',
		scanGroup: 'servers',
	};
	const OTHERS: Record<string, unknown> = {
		Severity: 3,
		Status: 9,
		AlertType: 'Other',
		IncidentName: null,
		HostName: {},
		ScanGroupName: undefined,
	};

	it.each(Object.keys(ALERT))(
		'matches all filters at once, and none of them with another %s',
		(field) => {
			expect(matches(ALERT, ALL)).toBe(true);
			expect(matches({ ...ALERT, [field]: OTHERS[field] }, ALL)).toBe(false);
		},
	);

	it('whose name of a host or group is a number is found by it', () => {
		expect(matches({ HostName: 12 }, { hostName: '12' })).toBe(true);
		expect(matches({ ScanGroupName: 12 }, { scanGroup: '1' })).toBe(false);
	});
});

describe('a filter of severities', () => {
	it.each<[unknown, number]>([
		[1, 1],
		['1', 1],
		['Low', 2],
		[' critical ', 5],
		['HIGH', 4],
		[99, 99],
		['99', 99],
		['unknown', 99],
	])('takes %j for %j', (Severity, level) => {
		expect(matches({ Severity }, { severities: [level] })).toBe(true);
		expect(
			matches({ Severity }, { severities: [1, 2, 3, 4, 5, 99].filter((other) => other !== level) }),
		).toBe(false);
	});

	it.each([
		[undefined],
		[null],
		[''],
		[0],
		[7],
		['7'],
		[-1],
		[4.5],
		['Sev-9'],
		['toString'],
		[{}],
		[{ toString: 'x' }],
		[[4]],
		[true],
		['x'.repeat(1e6)],
	])('never drops %j: it is not certain', (Severity) => {
		for (const level of [1, 5, 99])
			expect(matches({ Severity }, { severities: [level] })).toBe(true);
	});
});

describe.each([
	['Status', 'statuses', 'Closed', 3],
	['AlertType', 'alertTypes', 'URL', 3],
] as const)('a filter of %s', (field, filter, name, number) => {
	it.each([name, name.toLowerCase(), ` ${name.toUpperCase()} `, number, String(number)])(
		'takes %j for its code',
		(value) => {
			expect(matches({ [field]: value }, { [filter]: [number] })).toBe(true);
			expect(matches({ [field]: value }, { [filter]: [0] })).toBe(false);
		},
	);

	it.each([[undefined], [null], [''], ['  '], [{}], [[3]], [true]])(
		'never drops %j: what is missing or cannot be read may be any',
		(value) => {
			expect(matches({ [field]: value }, { [filter]: [0] })).toBe(true);
		},
	);

	it.each([7, '7', -1, 'In Progress', 'toString'])(
		'drops %j: it has been added since, and is none of the chosen ones',
		(value) => {
			expect(matches({ [field]: value }, { [filter]: [0, 1, 2, 3] })).toBe(false);
		},
	);
});
