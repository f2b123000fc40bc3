import { FORMATS } from '../../nodes/Cynet/alert/formats.ts';
import { contextOf, contextOfSimplified } from '../../nodes/Cynet/alert/context.ts';
import { makeAlert } from '../../simulator/data/alert.mts';
import { makeInventory } from '../../simulator/data/inventory.mts';

export type Json = Record<string, any>;

const BEGIN = Date.UTC(2026, 4, 29, 13, 26, 24);
const inventory = makeInventory(7, '1001');

/** An alert as the simulator shows it: the same for the same id. */
export const rawAlert = (id: number, changes: Json = {}): Json => ({
	...makeAlert(
		7,
		'1001',
		id,
		{
			createdAt: BEGIN + id * 61_007,
			lastSeen: BEGIN + id * 61_007 + 90_000,
			dateChanged: BEGIN + id * 61_007 + 120_000,
			status: null,
		},
		inventory,
	),
	...changes,
});

/** An alert without which no field is told at all. */
export const FULL: Json = {
	...rawAlert(3),
	ClientDbId: 62,
	Uniqueness: 'HJ/dY4uMaEiqqrbnfPsZLcL1/aI+9rXvHpqt6VvIDnU=',
	IncidentName: 'Memory Pattern - Beacon',
	IncidentDescription: 'Hostname: MAC-01\r\nHost IP: 192.168.2.66\r\nRemote IP: 203.0.113.5',
	IncidentRecomendation: 'Isolate the host',
	HostId: 91,
	HostIp: '192.168.2.66',
	HostName: 'MAC-01',
	UserName: 'CORP\\jdoe',
	Sha256Hex: 'AB'.repeat(32),
	Path: 'c:\\temp\\a.b.exe',
	CommandLine: 'a.b.exe -p s3cret',
	AlertIp: 0xcb007105,
	AlertDomain: 'evil.example',
	AlertUrl: 'https://evil.example/x',
	ScanGroupName: 'Servers',
	Severity: 4,
	Status: 1,
	AlertType: 0,
	DateIn: '2026-05-29T13:26:24+00:00',
	FirstSeenUtc: '2026-05-29T13:26:20Z',
	LastSeenUtc: '2026-05-29T13:27:00Z',
	LastSeen: '2026-05-29T13:27:00Z',
	DateChanged: '2026-05-29T13:28:00Z',
	MitreDetails: [{ id: 'T1059.001', name: 'PowerShell' }, 'T1486', { what: 7 }],
	IncidentJsonDescription: JSON.stringify({
		'OS Version': 'Windows Server 2022',
		'CynetEPS Version': '4.31',
		'EPS Prevention': 'Quarantined',
		'Extra Info': {
			'Detection Engine': 'Cynet AV',
			'Malware ID': 'TR/VBS',
			'Malware Type': 'trojan',
			'Is USB': 'True',
		},
		'Parent Process Details': {
			'Process SHA256': 'CD'.repeat(32),
			'Process PID': '4242',
			'Process Path': '/sbin/launchd',
			'Process Running User': 'CORP\\root',
		},
		'Grandparent Process Details': {
			'Process SHA256': 'EF'.repeat(32),
			'Process Path': 'c:\\gp.exe',
		},
	}),
	cynet: { event: 'created', clientId: '2251997', dedupKey: 'cynet:2251997:62' },
};

export const SITE = '1001';

export const ofRaw = (format: string, alert: Json): Json =>
	FORMATS[format]!.ofRaw(alert, contextOf(alert, SITE));
export const simplified = (alert: Json): Json => ofRaw('simplified', alert);
export const ofSimplified = (format: string, alert: Json): Json =>
	FORMATS[format]!.ofSimplified!(alert, contextOfSimplified(alert, SITE));

const EVENTS = [
	{},
	{ cynet: { event: 'created' } },
	{ cynet: { event: 'recurred' } },
	{ cynet: { event: 'updated' } },
];

/** A mutation run has fewer, for each change of the code meets all of them. */
const ALERTS = Number(process.env.FORMAT_ALERTS ?? 500);
export const RUNS = Number(process.env.FORMAT_RUNS ?? 300);

let alerts: readonly Json[] | undefined;
let simplifiedAlerts: readonly Json[] | undefined;

/**
 * Five hundred alerts: generated ones, and among them every severity, status, type and event, and
 * every field missing or null in turn. Made once, so nobody may change them.
 */
export const manyAlerts = (): readonly Json[] => (alerts ??= makeAlerts().map(frozen));
/** The same, simplified. */
export const manySimplified = (): readonly Json[] =>
	(simplifiedAlerts ??= manyAlerts().map((alert) => frozen(simplified(alert))));

function frozen<T>(value: T): T {
	if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
	return Object.freeze(value);
}

function makeAlerts(): Json[] {
	const alerts: Json[] = [];
	for (const Severity of [1, 2, 3, 4, 5, 99, 0, 6, '4', null])
		alerts.push(rawAlert(alerts.length, { Severity }));
	for (const Status of [0, 1, 2, 3, 9, '1', null])
		for (const event of EVENTS) alerts.push(rawAlert(alerts.length, { Status, ...event }));
	for (const AlertType of [0, 1, 2, 3, 4, 5, 6, 7, null])
		alerts.push(rawAlert(alerts.length, { AlertType }));
	for (const base of [FULL, rawAlert(1), rawAlert(4), rawAlert(9)]) {
		for (const field of Object.keys(base)) {
			alerts.push(
				{ ...base, [field]: null },
				Object.fromEntries(Object.entries(base).filter(([name]) => name !== field)),
			);
		}
	}
	while (alerts.length < ALERTS)
		alerts.push(rawAlert(alerts.length, EVENTS[alerts.length % EVENTS.length]));
	return alerts.slice(0, ALERTS);
}

/** The paths of all values that are no objects, with what stands there; array indices are left out. */
export function leaves(value: unknown, path = ''): Array<[path: string, value: unknown]> {
	if (typeof value !== 'object' || value === null) return [[path, value]];
	const inner = Array.isArray(value)
		? value.map((one) => [path, one] as const)
		: Object.entries(value).map(([key, one]) => [path ? `${path}.${key}` : key, one] as const);
	return inner.flatMap(([where, one]) => leaves(one, where));
}
