import { FAMILIES, SEVERITIES, STATUSES, type Family } from './families.mts';
import {
	makeInventory,
	type Host,
	type Inventory,
	type KnownFile,
	type User,
} from './inventory.mts';
import { randomOf, type Random } from './random.mts';
import { isoTime } from '../world/stamps.mts';

/** The times and the status of an alert: all that changes after it was raised. */
interface Stamps {
	readonly createdAt: number;
	readonly lastSeen: number;
	readonly dateChanged: number;
	/** Null until someone changes it: then the drawn one holds. */
	readonly status: number | null;
}

/** An alert with every field of the vendor's published schema (D), in its spelling. */
export type Alert = ReturnType<typeof makeAlert>;

interface Subject {
	readonly family: Family;
	readonly host: Host;
	readonly user: User;
	readonly file: KnownFile | null;
	readonly path: string | null;
	/** The address on the internet that the alert is about. */
	readonly address: readonly number[] | null;
	readonly random: Random;
}

const PARENT_PATH = 'c:\\windows\\explorer.exe';
const PREVENTIONS = ['Killed', 'Alert Only', 'Quarantined'];

/** What of an alert no source shows, so that a server decides. */
interface Shapes {
	readonly stampZone: '+00:00' | 'Z' | 'none';
	readonly tags: 'empty' | 'texts' | 'objects';
	readonly techniques: 'empty' | 'texts' | 'objects';
	readonly addressBytes: 'both' | 'highFirst' | 'lowFirst';
	readonly sha256: 'base64' | 'hex';
}

const USUAL: Shapes = {
	stampZone: '+00:00',
	tags: 'empty',
	techniques: 'empty',
	addressBytes: 'both',
	sha256: 'base64',
};

/** D: the names of the tags (0a, 5). Their form, and that of techniques, is our own. */
const TAGS: Readonly<Record<Shapes['tags'], unknown[]>> = {
	empty: [],
	texts: ['Penetration Testing'],
	objects: [{ Id: 1, Name: 'Penetration Testing' }],
};
const TECHNIQUES: Readonly<Record<Shapes['techniques'], unknown[]>> = {
	empty: [],
	texts: ['T1055'],
	objects: [{ TechniqueId: 'T1055', TechniqueName: 'Process Injection' }],
};

/** One alert, the same for the same seed, site and id. */
export function makeAlert(
	seed: number,
	site: string,
	id: number,
	stamps: Stamps,
	{ hosts, users, files }: Inventory,
	shapes: Shapes = USUAL,
) {
	const { stampZone } = shapes;
	const highFirst =
		shapes.addressBytes === 'both' ? id % 2 === 0 : shapes.addressBytes === 'highFirst';
	const random = randomOf(`${seed} alert ${site} ${id}`);
	const family = random.pick(FAMILIES);
	const host = random.pick(hosts);
	const user = random.pick(users);
	const shortName = user.Name.slice(user.Name.indexOf('\\') + 1);
	const path = family.path?.replace('{user}', shortName) ?? null;
	const fileName = path?.slice(path.lastIndexOf('\\') + 1);
	const file = files.find(({ name }) => name === fileName) ?? null;
	const address =
		family.type === 2
			? [203, 0, 113, randomOf(`${seed} address ${site} ${id}`).whole(1, 254)]
			: null;
	const subject: Subject = { family, host, user, file, path, address, random };
	const lastSeen = isoTime(stamps.lastSeen, stampZone);
	const createdAt = isoTime(stamps.createdAt, stampZone);
	const drawnStatus = random.pick(STATUSES);
	const domain = family.type === 1 ? `cdn-${random.hex(4).toLowerCase()}.example.net` : null;

	return {
		ClientDbId: id,
		// D: base64 of 32 bytes. Our assumption: it stays the same when the alert recurs.
		Uniqueness: Buffer.from(random.hex(64), 'hex').toString('base64'),
		IncidentName: family.name,
		IncidentDescription: describe(subject),
		IncidentJsonDescription: JSON.stringify(details(subject)),
		IncidentRecomendation: family.recommendation,
		HostId: host.ClientDbId,
		HostIp: host.LastIp,
		HostName: host.HostName,
		ProductId: 1,
		// D as a name; our assumption: base64 of the hash.
		Sha256:
			file && shapes.sha256 === 'base64'
				? Buffer.from(file.sha256, 'hex').toString('base64')
				: (file?.sha256 ?? null),
		Sha256Hex: file?.sha256 ?? null,
		Path: path,
		CommandLine: family.commandLine ?? null,
		// D: a number, 0 for none. Which byte is the first is not documented: here the highest one for
		// half of the alerts, the lowest for the others.
		AlertIp: address
			? (highFirst ? address : [...address].reverse()).reduce(
					(number, byte) => number * 256 + byte,
					0,
				)
			: 0,
		AlertDomain: domain,
		DomainId: domain ? random.whole(1, 9999) : 0,
		AlertUrl:
			family.type === 3 ? `https://login-${random.hex(4).toLowerCase()}.example.org/account` : null,
		UserId: user.ClientDbId,
		UserName: user.Name,
		Severity: random.pick(SEVERITIES),
		Status: stamps.status ?? drawnStatus,
		AlertType: family.type,
		DateIn: createdAt,
		LastSeen: lastSeen,
		DateChanged: isoTime(stamps.dateChanged, stampZone),
		RemediationStatus: 0,
		DomainCrc: domain ? random.whole(2_147_483_648, 4_294_967_295) : 0,
		EpsActionStatus: 0,
		File: file && fileOf(file, createdAt, lastSeen),
		AlertGraphJsonResolved: null,
		AlertGraphJsonRaw: null,
		AutoRemediate: null,
		AutoRemediationId: 0,
		ScanGroupName: host.scanGroup,
		EpsRemediationActionPerformed: random.pick([0, 2]),
		FirstSeenUtc: createdAt,
		LastSeenUtc: lastSeen,
		EpsLastSeenLocal: lastSeen,
		EpsLastSeenUtc: lastSeen,
		ScanGuid: '00000000-0000-0000-0000-000000000000',
		Modules: [] as unknown[],
		Tags: TAGS[shapes.tags],
		MitreDetails: TECHNIQUES[shapes.techniques],
	};
}

/** The names of an alert's fields. */
export const ALERT_FIELDS: readonly string[] = Object.keys(
	makeAlert(
		1,
		'',
		1,
		{ createdAt: 0, lastSeen: 0, dateChanged: 0, status: null },
		makeInventory(1, ''),
	),
);

function fileOf(file: KnownFile, createdAt: string, lastSeen: string) {
	return {
		ClientDbId: file.id,
		Sha256: file.sha256,
		CommonFileName: file.name,
		MetaProductName: file.product,
		Company: file.company,
		RiskLevel: file.risk,
		EndPoints: file.hosts.length,
		Antivirus: file.risk > 500 ? 22 : 0,
		VtRiskLevel: file.risk > 500 ? 1000 : 0,
		LastSeen: lastSeen,
		DateIn: createdAt,
	};
}

/** D: text of `Key: value` lines that end with CR LF. */
function describe({ family, host, user, file, path, address }: Subject): string {
	const lines: Array<[string, string | null | undefined]> = [
		['Hostname', host.HostName],
		['Host IP', host.LastIp],
		['OS Version', host.OperatingSystem],
		['Detection Engine', family.engine],
		['Process Running User', user.Name],
		['Process Path', path],
		['Malware ID', family.malware?.[0]],
		['Remote IP', address?.join('.')],
		['Infected file SHA256', file?.sha256],
	];
	return lines.flatMap(([key, value]) => (value ? [`${key}: ${value}`] : [])).join('\r\n');
}

/** W: the keys that clients read from `IncidentJsonDescription`; JSON in a string, and keys with spaces. */
function details({ family, host, user, file, path, address, random }: Subject): object {
	const parent = {
		'Process SHA256': random.hex(64),
		'Process PID': String(random.whole(400, 20_000)),
		'Process Path': PARENT_PATH,
		'Process Running User': user.Name,
	};
	return {
		Hostname: host.HostName,
		'Host Ip': host.LastIp,
		'OS Version': host.OperatingSystem,
		'CynetEPS Version': host.EpsVersion,
		'Alert Name': family.name,
		'EPS Prevention': random.pick(PREVENTIONS),
		'Extra Info': {
			'Detection Engine': family.engine,
			...(family.malware && { 'Malware ID': family.malware[0], 'Malware Type': family.malware[1] }),
			...(path && { 'Infected file': path }),
			...(file && { 'Infected file SHA256': file.sha256 }),
			...(address && { 'Remote IP': address.join('.') }),
			...(family.device && {
				'Device Type': family.device[0],
				'Device Name': family.device[1],
				Vendor: family.device[2],
				'Is USB': 'True',
			}),
		},
		...(family.type === 0 && {
			'Parent Process Details': parent,
			'Grandparent Process Details': {
				'Process SHA256': random.hex(64),
				'Process Path': 'c:\\windows\\system32\\userinit.exe',
			},
		}),
	};
}
