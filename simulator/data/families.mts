/**
 * Families of alerts. The first three names are attested (a real alert, a client's test, a CEF line); the others follow
 * their " - " pattern and are our own.
 */
export interface Family {
	readonly name: string;
	/** The vendor's `AlertType`: 0 file, 1 domain, 2 IP, 3 URL, 4 user, 5 host, 6 system. */
	readonly type: 0 | 1 | 2 | 3 | 4 | 5 | 6;
	readonly engine: string;
	readonly malware?: readonly [id: string, type: string];
	/** A path, in which `{user}` stands for the user's short name. */
	readonly path?: string;
	readonly commandLine?: string;
	readonly device?: readonly [type: string, name: string, vendor: string];
	readonly recommendation: string;
}

const INVESTIGATE = 'Investigate according to organization policy';
const ISOLATE = 'Isolate the host and investigate according to organization policy';

export const FAMILIES: readonly Family[] = [
	{
		name: 'Detection Engine - Malicious Binary - Infected File - File Dumped on the Disk',
		type: 0,
		engine: 'Cynet AV',
		malware: ['TR/VBS.Malware', 'trojan'],
		path: 'c:\\users\\{user}\\downloads\\invoice_2231.pdf.exe',
		recommendation: INVESTIGATE,
	},
	{
		name: 'File Dumped on the Disk',
		type: 0,
		engine: 'Cynet AV',
		malware: ['RiskWare/RemoteAdmin', 'riskware'],
		path: 'c:\\users\\{user}\\appdata\\local\\temp\\setup.tmp',
		recommendation: INVESTIGATE,
	},
	{
		name: 'Memory Pattern - Cobalt Strike Beacon ReflectiveLoader',
		type: 0,
		engine: 'Memory Pattern',
		malware: ['Beacon.ReflectiveLoader', 'backdoor'],
		path: 'c:\\windows\\system32\\rundll32.exe',
		commandLine: 'rundll32.exe c:\\users\\public\\update.dll,Start',
		recommendation: ISOLATE,
	},
	{
		name: 'Angry IP Scanner - Cynet.Scanner.Angry IP Scanner',
		type: 0,
		engine: 'Threat Intelligence',
		malware: ['Cynet.Scanner.Angry IP Scanner', 'scanner'],
		path: 'c:\\tools\\ipscan.exe',
		commandLine: 'ipscan.exe -f:range 10.20.0.1 10.20.0.254',
		recommendation: INVESTIGATE,
	},
	{
		name: 'Malicious Process Command - Encoded PowerShell',
		type: 0,
		engine: 'Process Monitoring',
		path: 'c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe',
		commandLine: 'powershell.exe -nop -w hidden -enc SQBFAFgA',
		recommendation: ISOLATE,
	},
	{
		name: 'DNS Tunnelling - Suspicious Domain',
		type: 1,
		engine: 'Network Analytics',
		recommendation: 'Block the domain and investigate the host',
	},
	{
		name: 'Malicious Connection - Known Command and Control Address',
		type: 2,
		engine: 'Network Analytics',
		recommendation: ISOLATE,
	},
	{
		name: 'Phishing - Credential Form Visited',
		type: 3,
		engine: 'Network Analytics',
		recommendation: 'Have the user change the password',
	},
	{
		name: 'Anomalous Login - Many Failed Logins',
		type: 4,
		engine: 'User Behaviour',
		recommendation: 'Verify the logins with the user',
	},
	{
		name: 'Lateral Movement - Remote Service Creation',
		type: 5,
		engine: 'Deception',
		recommendation: ISOLATE,
	},
	{
		name: 'Device Control - USB Storage Connected',
		type: 5,
		engine: 'Device Control',
		device: ['USB Storage', 'Flash Disk', 'Example Devices'],
		recommendation: INVESTIGATE,
	},
	{
		name: 'System - Protection Engine Restarted',
		type: 6,
		engine: 'System',
		recommendation: INVESTIGATE,
	},
];

/** The vendor's severities, weighted as a quiet network shows them: 1 information … 5 critical, 99 unknown. */
export const SEVERITIES: readonly number[] = [
	1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 99,
];

/** The vendor's statuses: 0 open, 1 pending, 2 ignored, 3 closed. A new alert is mostly open. */
export const STATUSES: readonly number[] = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3];

export const SCAN_GROUPS: readonly string[] = [
	'Workstations',
	'Servers',
	'Domain Controllers',
	'Laptops',
	'Mac',
];
