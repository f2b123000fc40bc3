import { describe, expect, it } from 'vitest';
import { withoutCommandLines, withoutGraphs } from '../../nodes/shared/alert/leave-out.ts';
import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { FULL, ofRaw, ofSimplified, rawAlert, simplified, type Json } from './format-kit.mts';

const SECRET = 'backup.exe --password Hunter2 "c:\\x y"';
const PARENT = 'powershell -enc U2VjcmV0';

/** Says its command lines wherever one may stand. */
const TELLTALE: Json = {
	...FULL,
	CommandLine: SECRET,
	IncidentName: `Malicious Process Command - ${SECRET}`,
	IncidentDescription: `Hostname: MAC-01\r\nProcess Command Line: ${SECRET}\r\nand --token Swordfish\r\nParent Command: net use Zanzibar /user:x\r\nHost IP: 192.168.2.66\r\nIt ran ${PARENT} then`,
	IncidentJsonDescription: JSON.stringify({
		Hostname: 'MAC-01',
		'Process Params': SECRET,
		'Parent Process Details': { 'Process Path': 'c:\\p.exe', 'Process CommandLine': PARENT },
		Seen: [{ Command: ['run', `x ${PARENT}`] }],
	}),
	File: { CommonFileName: 'backup.exe', commandline_parameters: '--password Hunter2' },
	AutoRemediate: {
		RemediationParams: JSON.stringify({ line: SECRET }),
		RuleNote: JSON.stringify({ line: SECRET }),
	},
	AlertGraphJsonRaw: JSON.stringify({ label: 'another.exe Swordfish' }),
	IncidentRecomendation: 'Ask who ran net use Zanzibar /user:x',
};
const HIDDEN = /Hunter2|Swordfish|U2VjcmV0|Zanzibar/;

describe('an alert without command lines', () => {
	it('says none in any format, raw or simplified', () => {
		const raw = withoutCommandLines(TELLTALE);
		const simple = withoutCommandLines(simplified(TELLTALE));
		expect(JSON.stringify(TELLTALE)).toMatch(HIDDEN);
		for (const [name, { ofSimplified: fromSimplified }] of Object.entries(FORMATS)) {
			expect(JSON.stringify(ofRaw(name, raw)), name).not.toMatch(HIDDEN);
			if (fromSimplified)
				expect(JSON.stringify(ofSimplified(name, simple)), name).not.toMatch(HIDDEN);
		}
	});

	it('says everything else', () => {
		const { CommandLine, IncidentDescription, IncidentJsonDescription, ...raw } =
			withoutCommandLines(TELLTALE);
		expect(CommandLine).toBeNull();
		expect(IncidentDescription).toBe(
			'Hostname: MAC-01\r\nHost IP: 192.168.2.66\r\nIt ran [command line dropped] then',
		);
		expect(JSON.parse(IncidentJsonDescription as string)).toEqual({
			Hostname: 'MAC-01',
			'Process Params': null,
			'Parent Process Details': { 'Process Path': 'c:\\p.exe', 'Process CommandLine': null },
			Seen: [{ Command: null }],
		});
		expect(raw).toMatchObject({
			Path: FULL.Path,
			HostName: 'MAC-01',
			Uniqueness: FULL.Uniqueness,
			AutoRemediate: { RemediationParams: null, RuleNote: '{"line":"[command line dropped]"}' },
		});
		expect(simplified(withoutCommandLines(TELLTALE)).commandLine).toBeNull();
	});

	it.each([
		'CommandLine',
		'command line',
		'Process CommandLine',
		'Parent-Cmd_Lines',
		'Command',
		'The cmd',
		'Params',
		'Process Parameters',
		'Arguments',
		'args',
		'pParams',
		'ppParams',
		'gpParams',
		'gppParams',
		'ProcessParams',
		'ParentArgs',
		'processparams',
		'commandline_parameters',
		'CommandLineText',
		'Parameters of the scan',
		'myargs',
		'argv',
		'parent.process.args',
		'ProcessCmd',
	])('has null for the field %j', (field) => {
		expect(withoutCommandLines({ [field]: SECRET })).toEqual({ [field]: null });
	});

	it.each([
		'ParamsCount',
		'Commander',
		'pParamsHash',
		'Recommandation',
		'CommandLineLength',
		'Comm',
		'Margarine',
	])('keeps the field %j', (field) => {
		expect(withoutCommandLines({ [field]: 'a b' })).toEqual({ [field]: 'a b' });
	});

	it.each([
		['Process Params: a --b\nHost: x', 'Host: x'],
		['Cmd  Line:\ta --b\nHost: x', 'Host: x'],
		['Command:\na --b\nHost: x', 'Host: x'],
		['  Arguments : a --b\n  Host : x', '  Host : x'],
		['said "Host: y"\nParams: a --b\nHost: x', 'said "Host: y"\nHost: x'],
	])('of the lines %j are left %j', (IncidentDescription, left) => {
		expect(withoutCommandLines({ IncidentDescription })).toEqual({ IncidentDescription: left });
	});

	it('leaves a command out whole where a shorter one is a part of it', () => {
		expect(
			withoutCommandLines({
				CommandLine: 'run it',
				args: 'run it --token Swordfish',
				Path: '[run it --token Swordfish]',
			}).Path,
		).toBe('[[command line dropped]]');
	});

	it.each([
		'{"args": "x Hunter2',
		'{"Params" = "x Hunter2',
		'{Cmd_Lines x Hunter2',
		'{command:x Hunter2',
	])('leaves out the description %j, which cannot be read', (IncidentJsonDescription) => {
		expect(withoutCommandLines({ IncidentJsonDescription })).toEqual({
			IncidentJsonDescription: '[command line dropped]',
		});
	});

	const PASSWORD = 'Hunter2';
	it.each([
		[
			'a field of a new name',
			{ ClientDbId: 1, Launch: `backup.exe --user x --password ${PASSWORD}` },
		],
		[
			'details of a new name',
			{
				IncidentJsonDescription: JSON.stringify({
					'Extra Info': { Spawned: `c:\\tools\\backup.exe ${PASSWORD} x` },
				}),
			},
		],
		['a list', { Modules: ['a', [`psexec \\\\srv -u admin -p ${PASSWORD}`]] }],
		[
			'JSON in a text',
			{ Extra: JSON.stringify({ inner: JSON.stringify({ ProcessParams: `x ${PASSWORD}` }) }) },
		],
		[
			'a line with "="',
			{ IncidentDescription: `Host: x\r\nCommand line=backup.exe ${PASSWORD}\r\nUser: y` },
		],
		[
			'a sentence',
			{ IncidentDescription: `Alert: the process was seen, Command line=backup.exe ${PASSWORD}` },
		],
		[
			'a line without a blank behind the colon',
			{ IncidentDescription: `Process Params:run ${PASSWORD}` },
		],
		[
			'a name in one word',
			{ IncidentDescription: `ProcessParams: run ${PASSWORD}\nParentArgs=x ${PASSWORD}` },
		],
		['prose', { IncidentRecomendation: `Ask who ran powershell -nop -enc ${PASSWORD}` }],
		[
			'prose with a secret',
			{ IncidentName: `Suspicious login with password=${PASSWORD} on a host` },
		],
		['a program in quotes', { Note: `"C:\\Program Files\\a b.exe" --key ${PASSWORD}` }],
		['a program of Unix', { Note: `curl -u admin:${PASSWORD} https://x.example` }],
		[
			'the arguments alone, elsewhere',
			{ CommandLine: `backup.exe run ${PASSWORD}`, Comment: `it said: run ${PASSWORD}.` },
		],
		['an object under its name', { Process: { Args: { first: `run ${PASSWORD}` } } }],
		['a script', { Note: `it began setup.ps1 c:\\x /key:${PASSWORD}` }],
		['switches without a program', { Note: `x --user admin --pw ${PASSWORD}` }],
		['a pair', { Modules: [{ Key: 'Command Line', Value: `x ${PASSWORD}` }] }],
		[
			'a pair in the details',
			{ IncidentJsonDescription: JSON.stringify([{ name: 'Args', values: [PASSWORD] }]) },
		],
	])('is told by what it looks like: %s', (_, alert: Json) => {
		expect(JSON.stringify(alert)).toContain(PASSWORD);
		const left = withoutCommandLines({ ...FULL, ...alert });
		for (const [name, { ofSimplified: fromSimplified }] of Object.entries(FORMATS)) {
			expect(JSON.stringify(ofRaw(name, left)), name).not.toContain(PASSWORD);
			if (fromSimplified)
				expect(
					JSON.stringify(
						ofSimplified(name, withoutCommandLines(simplified({ ...FULL, ...alert }))),
					),
					name,
				).not.toContain(PASSWORD);
		}
	});

	it.each([
		'Malicious Process Command - Encoded PowerShell',
		'Detection Engine - Malicious Binary - Infected File - File Dumped on the Disk',
		'Isolate the host and investigate according to organization policy',
		'c:\\Program Files\\Some Tool\\tool.exe',
		'/Applications/Adobe Illustrator',
		'The file a.exe was found on the host',
		'cmd.exe',
		'At 10:00 the user logged in',
		'Node WS-1 is away',
		'Mac mini di Anna\\a.example',
		'Angry IP Scanner - Cynet.Scanner.Angry IP Scanner',
		'https://evil.example/a?token=x',
		'TR/VBS.Malware',
		'2026-05-29T13:26:24+00:00',
		'Kill, Rename',
		'Have the user change the password',
	])('keeps %j, which is none', (text) => {
		const alert = {
			ClientDbId: 1,
			IncidentName: text,
			Path: text,
			IncidentDescription: `Detail: ${text}\r\n${text}`,
			IncidentJsonDescription: JSON.stringify({ Detail: text }),
		};
		expect(withoutCommandLines(alert)).toEqual(alert);
	});

	it('keeps a path that was the whole command', () => {
		expect(
			withoutCommandLines({ ClientDbId: 1, Path: 'c:\\a.exe', CommandLine: 'c:\\a.exe' }),
		).toEqual({ ClientDbId: 1, Path: 'c:\\a.exe', CommandLine: null });
	});

	it('leaves out a description that cannot be read and speaks of commands, and keeps one that does not', () => {
		const of = (IncidentJsonDescription: string) =>
			withoutCommandLines({ IncidentJsonDescription }).IncidentJsonDescription;
		expect(of('{"Process Command Line":"x Hunter2')).toBe('[command line dropped]');
		expect(of('{"Hostname":"MAC-01')).toBe('{"Hostname":"MAC-01');
	});

	it('of alerts that have none is the alert', () => {
		for (let id = 0; id < 50; id++) {
			const alert = rawAlert(id, { CommandLine: null });
			expect(withoutCommandLines(alert)).toEqual(alert);
		}
	});

	it('comes to an end with a hostile one', () => {
		const lines = Array.from(
			{ length: 40_000 },
			(_, line) => `Command Line: run it ${line} ${'x'.repeat(20)}`,
		).join('\n');
		const { IncidentDescription } = withoutCommandLines({
			ClientDbId: 1,
			IncidentDescription: lines,
			Path: lines,
			Quiet: 'run it '.repeat(3e5),
			Other: `Command Line: ${'a'.repeat(1e6)} ${' '.repeat(1e6)}x`,
		});
		expect(IncidentDescription).toBe('');
	});
});

describe('an alert without graphs', () => {
	it.each([null, ''])('says %j where there was none', (AlertGraphJsonRaw) => {
		expect(withoutGraphs({ AlertGraphJsonRaw })).toEqual({ AlertGraphJsonRaw });
	});

	it('has no graph, and keeps that there was none', () => {
		const graphs = { AlertGraphJsonRaw: '{"nodes":[]}', AlertGraphJsonResolved: { nodes: [] } };
		expect(withoutGraphs({ ...FULL, ...graphs })).not.toHaveProperty('AlertGraphJsonRaw');
		expect(withoutGraphs({ ...FULL, ...graphs })).not.toHaveProperty('AlertGraphJsonResolved');
		expect(withoutGraphs(FULL)).toEqual(FULL);
	});
});

it.each([
	['so many words that nobody reads them', 'word '.repeat(5_000)],
	['so many lines that nobody reads them', 'a line\n'.repeat(10_000)],
])('a command line behind %s is left out with all that follows', (_, before) => {
	const { IncidentDescription: kept } = withoutCommandLines({
		...FULL,
		IncidentDescription: `${before}${SECRET}`,
	}) as Json;
	expect(kept).toBe(`${before}[command line dropped]`);
	const { IncidentDescription: whole } = withoutCommandLines({
		...FULL,
		IncidentDescription: before.trimEnd(),
	}) as Json;
	expect(whole).toBe(before.trimEnd());
});
