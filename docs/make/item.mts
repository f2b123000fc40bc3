import { contextOf } from '../../nodes/Cynet/alert/context.ts';
import type { RawAlert } from '../../nodes/shared/alert/identity.ts';
import { simplify, verbatim } from '../../nodes/shared/alert/simplify.ts';
import { makeAlert } from '../../simulator/data/alert.mts';
import { makeInventory } from '../../simulator/data/inventory.mts';
import { code, table } from './markdown.mts';

const SITE = '2251997';
const DAY = Date.UTC(2026, 4, 29);

/** An alert of the simulator, the same at each run. */
const example: RawAlert = makeAlert(
	7,
	SITE,
	62,
	{ createdAt: DAY, lastSeen: DAY, dateChanged: DAY, status: 0 },
	makeInventory(7, SITE),
);
const context = { ...contextOf(example, SITE), event: 'created' } as const;

/** What each field of the simplified item says, and the vendor's field that it comes from. */
export const MEANINGS: Readonly<Record<string, readonly [meaning: string, from: string]>> = {
	id: ['The number of the alert within its site', 'ClientDbId'],
	clientId: ['The site: the Client ID that was asked', ''],
	dedupKey: [
		'The same for the same event, for ever: what a target stores to tell repeats apart',
		'',
	],
	event: [
		'`created`, `recurred` or `updated`; null for an alert that did not come from the trigger',
		'',
	],
	name: ['What the alert is called in the console', 'IncidentName'],
	severity: ['Information, Low, Medium, High, Critical or Unknown', 'Severity'],
	severityLevel: [
		'The same as a number from 1 (Information) to 5 (Critical), to compare with; null for Unknown',
		'Severity',
	],
	status: ['Open, Pending, Ignored or Closed, when the alert was read', 'Status'],
	type: ['What the alert is about: File, Domain, IP, URL, User, Host or System', 'AlertType'],
	description: ['What happened, as text of several lines', 'IncidentDescription'],
	recommendation: ['What Cynet advises', 'IncidentRecomendation'],
	host: ['The name of the host. The operations of the action node take it', 'HostName'],
	hostIp: ['The address of the host', 'HostIp'],
	user: ['The user, with the domain or host before the name', 'UserName'],
	path: ['The file or process on the host', 'Path'],
	commandLine: ['How the process was called; may hold a password', 'CommandLine'],
	sha256: ['The hash of the file, in lower case', 'Sha256Hex'],
	domain: ['The domain that the alert is about', 'AlertDomain'],
	url: ['The address on the web that the alert is about', 'AlertUrl'],
	ip: [
		'The IP address that the alert is about, as opposed to the one of the host. Cynet sends a number of which the order of bytes is not documented: it is read as it stands in the other texts of the alert, else null',
		'AlertIp',
	],
	scanGroup: ['The group of hosts in Cynet that the host belongs to', 'ScanGroupName'],
	techniques: [
		'The techniques of MITRE ATT&CK that Cynet names, by id; empty if none',
		'MitreDetails',
	],
	tags: ['What analysts marked the alert with in the console; empty if nothing', 'Tags'],
	createdAt: ['When Cynet recorded the alert', 'DateIn'],
	firstSeenAt: ['When it happened first', 'FirstSeenUtc'],
	lastSeenAt: ['When it happened last; moves on when the alert recurs', 'LastSeenUtc, LastSeen'],
	changedAt: ['When its status or record changed last', 'DateChanged'],
	details: [
		'What Cynet tells beyond that, as an object: processes, parents, malware. Its keys differ by the kind of alert',
		'IncidentJsonDescription',
	],
};

/** The example, as Simplify makes it. */
export const simplified = () => simplify(example, context);

/** The simplified item field by field. */
export function item(): string {
	const rows = Object.entries(simplified()).map(([field, value]) => {
		const meaning = MEANINGS[field];
		if (!meaning) throw new Error(`Say in docs/make/item.mts what ${field} means.`);
		return [
			code(field),
			`${meaning[0]}.`,
			meaning[1].split(', ').filter(Boolean).map(code).join(', '),
			exampleOf(value),
		];
	});
	return table(['Field', 'Meaning', "Cynet's field", 'Example'], rows);
}

const MOST = 48;

function exampleOf(value: unknown): string {
	if (value === null) return '–';
	const json = JSON.stringify(value);
	return code(json.length > MOST ? `${json.slice(0, MOST)}…` : json);
}

/** The one key that the verbatim item has more than Cynet's object. */
export function verbatimItem(): string {
	const { cynet } = verbatim({}, context);
	return [
		'```json',
		JSON.stringify(
			{ ClientDbId: example.ClientDbId, IncidentName: example.IncidentName, '…': '…', cynet },
			null,
			2,
		),
		'```',
	].join('\n');
}
