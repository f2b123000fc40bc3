import { expect, it } from 'vitest';
import { FULL, ofRaw, ofSimplified, simplified, type Json } from './format-kit.mts';

const withDetails = (details: Json): Json => ({
	...FULL,
	IncidentJsonDescription: JSON.stringify(details),
});
const rest = (details: Json): Json =>
	JSON.parse(ofRaw('gelf', withDetails(details)).gelf._unmapped);

it.each([
	['CynetEPS Version', '4.31'],
	['EPS Version', '4.32'],
])('the version of the agent is read under %s', (name, version) => {
	expect(ofRaw('ocsf', withDetails({ [name]: version })).device.agent_list[0].version).toBe(
		version,
	);
});

it.each([
	[{ 'Actual EPS Prevention': 'Deleted', 'EPS Prevention': 'Alert only' }, 'Deleted'],
	[{ 'Actual EPS Prevention': null, 'EPS Prevention': 'Blocked' }, 'Blocked'],
	[{ 'Actual EPS Prevention': {}, 'EPS Prevention': 'Blocked' }, 'Blocked'],
	[{ 'EPS Prevention': true }, 'true'],
	[{ 'Device Status': 'Blocked' }, 'Blocked'],
	[{ 'EPS Prevention': ['Blocked'] }, undefined],
])('of %j the prevention is %s', (details, said) => {
	expect(ofRaw('gelf', withDetails(details)).gelf._prevention).toBe(said);
});

it("what the parent's own section says counts, and what else is said of it stays among the details", () => {
	const details = {
		'Parent Process Details': { 'Process Path': '/sbin/launchd' },
		'Parent Path': '/bin/sh',
	};
	expect(ofRaw('gelf', withDetails(details)).gelf._parent_path).toBe('/sbin/launchd');
	expect(rest(details).details).toEqual({ 'Parent Path': '/bin/sh' });
});

it('a fact is well-formed wherever it stands, half characters in the details or not', () => {
	const details = { 'Device Name': 'Stick \ud83d', 'Device ID': 7 };
	expect(rest(details)).toMatchObject({ deviceName: 'Stick \ufffd', deviceId: '7' });
});

it('what the description tells is a fact, and takes nothing from the details', () => {
	const alert = {
		...withDetails({ '': 'x', undefined: 'y' }),
		IncidentDescription: 'OS Version: Windows 11',
	};
	const { gelf } = ofRaw('gelf', alert);
	expect(gelf._host_os).toBe('Windows 11');
	expect(JSON.parse(gelf._unmapped).details).toEqual({ '': 'x', undefined: 'y' });
});

it.each([
	['Unknown (12)', '12'],
	['Unknown (-1)', '-1'],
	['Pending', '1'],
	['Not Unknown (1)', undefined],
	['Unknown (1) or so', undefined],
	['unheard', undefined],
])('the status of the name %j has the code %s', (status, code) => {
	const finding = ofSimplified('ocsf', { ...simplified(FULL), status });
	expect([finding.status_code, finding.status_detail]).toEqual([code, status]);
});
