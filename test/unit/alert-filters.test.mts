import { describe, expect, it } from 'vitest';
import { matches, type AlertFilters } from '../../nodes/shared/alert/filters.ts';

const ALERT = { Severity: 4, Status: 0, AlertType: '5', IncidentName: 'Ransomware Behaviour', HostName: 'PC-12', ScanGroupName: 'Servers' };

describe('an alert', () => {
	it.each<[AlertFilters]>([
		[{}],
		[{ severities: [], statuses: [], alertTypes: [], name: '', hostName: '', scanGroup: '' }],
		[{ name: '  ', hostName: ' ', scanGroup: '\t' }],
	])('matches %j: what is empty asks for nothing', (filters) => {
		expect(matches(ALERT, filters)).toBe(true);
		expect(matches({}, filters)).toBe(true);
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

	const ALL: AlertFilters = { severities: [4], statuses: [0], alertTypes: [5], name: 'ransom', hostName: 'pc-12', scanGroup: 'servers' };

	it.each(Object.keys(ALERT))('matches all filters at once, and none of them without %s', (field) => {
		expect(matches(ALERT, ALL)).toBe(true);
		expect(matches({ ...ALERT, [field]: null }, ALL)).toBe(false);
		expect(matches({ ...ALERT, [field]: {} }, ALL)).toBe(false);
	});

	it.each([[undefined], [null], ['High'], [7], [99], ['99']])('whose severity is %j counts as "Unknown"', (Severity) => {
		expect(matches({ Severity }, { severities: [99] })).toBe(true);
		expect(matches({ Severity }, { severities: [1, 2, 3, 4, 5] })).toBe(false);
	});

	it('with a status or type that has no name of its own is none of the chosen ones', () => {
		expect(matches({ Status: 7 }, { statuses: [7] })).toBe(false);
		expect(matches({ AlertType: undefined }, { alertTypes: [0] })).toBe(false);
	});
});
