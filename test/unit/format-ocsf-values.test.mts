import { expect, it } from 'vitest';
import { FULL, ofRaw, type Json } from './format-kit.mts';

const finding = (changes: Json): Json => ofRaw('ocsf', { ...FULL, ...changes });
const withDetails = (details: Json): Json =>
	finding({ IncidentJsonDescription: JSON.stringify(details) });

it.each([
	'Not deleted',
	'Unquarantined',
	'Not isolated',
	'Unblocked',
	'Not killed',
	'Not detected',
	'No audit',
	'No alert only',
	'Alert only in part',
])('of %j, which says that something was not done, no prevention is told', (said) => {
	const { action_id, disposition_id, action, disposition } = withDetails({
		'EPS Prevention': said,
	});
	expect([action_id, action, disposition_id, disposition]).toEqual([0, 'Unknown', 0, 'Unknown']);
});

it.each([
	['Alert only, Isolated', 4, 'Isolated'],
	['Alert only;Deleted', 5, 'Deleted'],
	['Kill / Quarantine', 3, 'Quarantined'],
	['Quarantined + Deleted', 5, 'Deleted'],
	['Killed & isolated', 4, 'Isolated'],
	['Audit|Renamed', 2, 'Blocked'],
	[`Blocked,${' '.repeat(92)}`, 2, 'Blocked'],
	[`Blocked,${' '.repeat(93)}`, 0, 'Unknown'],
])('of several words such as %j the most severe is told: %j, %s', (said, id, caption) => {
	const { disposition_id, disposition } = withDetails({ 'EPS Prevention': said });
	expect([disposition_id, disposition]).toEqual([id, caption]);
});

it.each([
	['Microsoft WINDOWS 10', 'Windows'],
	['MacOS 15.1', 'macOS'],
	['Mac OS 9', 'macOS'],
	['Apple OS X 10.11', 'macOS'],
	['darwin', 'macOS'],
	['GNU/Linux', 'Linux'],
	['ubuntu', 'Linux'],
	['Debian 12', 'Linux'],
	['CentOS 7', 'Linux'],
	['RedHat 9', 'Linux'],
	['Red Hat 9', 'Linux'],
	['RHEL 9', 'Linux'],
	['openSUSE 15', 'Linux'],
	['Fedora 42', 'Linux'],
	['Macintosh', 'Unknown'],
	['Red  Hat', 'Unknown'],
])('the system %s is %s, however it is written', (name, type) => {
	expect(withDetails({ 'OS Version': name }).device.os).toMatchObject({ name, type });
});

it('what is worth looking for elsewhere is an observable, each of its kind', () => {
	const parent = { 'Process SHA256': 'CD'.repeat(32), 'Process Path': '/sbin/launchd' };
	const observables = [FULL, { ...FULL, CommandLine: null }].map((alert) =>
		finding({
			...alert,
			IncidentJsonDescription: JSON.stringify({ 'Parent Process Details': parent }),
		}).observables.map(({ name, type_id, type, value }: Json) => [name, type_id, type, value]),
	);
	const [hash, command] = [
		['evidences[0].file.hashes[0].value', 8, 'Hash', 'ab'.repeat(32)],
		['evidences[0].process.cmd_line', 13, 'Command Line', 'a.b.exe -p s3cret'],
	];
	const [before, after] = [
		[
			['device.hostname', 1, 'Hostname', 'MAC-01'],
			['device.ip', 2, 'IP Address', '192.168.2.66'],
			['evidences[0].user.name', 4, 'User Name', 'jdoe'],
			['evidences[0].file.name', 7, 'File Name', 'a.b.exe'],
			['evidences[0].file.path', 45, 'File Path', 'c:\\temp\\a.b.exe'],
			hash,
		],
		[
			['evidences[0].dst_endpoint.hostname', 1, 'Hostname', 'evil.example'],
			['evidences[0].dst_endpoint.ip', 2, 'IP Address', '203.0.113.5'],
			['evidences[0].url.url_string', 6, 'URL String', 'https://evil.example/x'],
		],
	];
	expect(observables).toEqual([
		[...before, command, ...after],
		[
			...before,
			['evidences[0].process.file.hashes[0].value', 8, 'Hash', 'cd'.repeat(32)],
			...after,
		],
	]);
});
