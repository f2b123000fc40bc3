import { randomOf, type Random } from './random.mts';
import { isoTime } from '../world/stamps.mts';
import { SCAN_GROUPS } from './families.mts';

/** A host as `/api/hosts` shows it: the fields a published client reads (W). */
export interface Host {
	readonly ClientDbId: number;
	readonly HostName: string;
	readonly HDSerial: string;
	/** Several have a comma between them (our assumption). */
	readonly LastIp: string;
	readonly RiskLevel: number;
	readonly LastScan: string;
	readonly DateIn: string;
	readonly OperatingSystem: string;
	readonly LastUpdate: string;
	readonly EpsVersion: string;
	readonly UsersPath: string;
	readonly scanGroup: string;
}

/** A user as `/api/users` shows it: "UserDTO2" (W). */
export interface User {
	readonly ClientDbId: number;
	readonly Name: string;
	readonly DateIn: string;
	readonly RunningFiles: number;
	readonly BadLogins: number;
	readonly GoodLogins: number;
	readonly IsDisabled: boolean;
	readonly IsLocked: boolean;
	readonly IsBlankPassword: boolean;
	readonly IsVpnUser: boolean;
	readonly Department: string;
	readonly Email: string;
	readonly Mobile: string | null;
	readonly OfficePhone: string | null;
	readonly Role: string;
	readonly PasswordAge: number;
}

/** A file that the simulated site knows; what `/api/full/file` and the alerts' `File` are made of. */
export interface KnownFile {
	readonly id: number;
	readonly sha256: string;
	readonly name: string;
	readonly product: string;
	readonly company: string;
	readonly risk: number;
	readonly hosts: readonly string[];
}

export interface Inventory {
	readonly hosts: readonly Host[];
	readonly users: readonly User[];
	readonly files: readonly KnownFile[];
}

const MACHINES = [
	['WS-', 'Windows 11 Enterprise 10.0.22631', 24],
	['LT-', 'Windows 10 Pro 10.0.19045', 8],
	['SRV-', 'Windows Server 2022 Standard', 6],
	['MAC-', 'Mac OS X 26.3.1', 2],
] as const;
const PEOPLE = [
	'a.meyer',
	'b.novak',
	'c.rossi',
	'd.silva',
	'e.jensen',
	'f.martin',
	'g.kovacs',
	'h.lindt',
	'i.costa',
	'j.bakker',
	'svc-backup',
	'svc-scan',
];
const DEPARTMENTS = ['Finance', 'Sales', 'Engineering', 'Human Resources', 'IT'];
const FILES = [
	['invoice_2231.pdf.exe', '', ''],
	['setup.tmp', '', ''],
	['rundll32.exe', 'Windows host process', 'Example Systems'],
	['ipscan.exe', 'Angry IP Scanner', 'Example Tools'],
	['powershell.exe', 'Windows PowerShell', 'Example Systems'],
] as const;
/** The inventory does not age: what matters is that two starts with one seed agree. */
const FIRST_DAY = Date.UTC(2025, 0, 6, 8, 0, 0);
const DAY = 86_400_000;

const hostOf = (random: Random, id: number, prefix: string, system: string): Host => {
	const since = FIRST_DAY + random.whole(0, 200) * DAY;
	return {
		ClientDbId: id,
		HostName: `${prefix}${String(100 + id).padStart(4, '0')}`,
		HDSerial: random.hex(12),
		LastIp: `10.20.${random.whole(0, 7)}.${random.whole(2, 250)}`,
		RiskLevel: random.pick([0, 0, 0, 100, 300, 600]),
		LastScan: isoTime(since + 3 * DAY),
		DateIn: isoTime(since),
		OperatingSystem: system,
		LastUpdate: isoTime(since + 4 * DAY),
		EpsVersion: '4.31.0.1022',
		UsersPath: prefix === 'MAC-' ? '/Users' : 'c:\\users',
		scanGroup: random.pick(SCAN_GROUPS),
	};
};

const userOf = (random: Random, name: string, index: number): User => ({
	ClientDbId: 500 + index,
	Name: `CORP\\${name}`,
	DateIn: isoTime(FIRST_DAY + random.whole(0, 200) * DAY),
	RunningFiles: random.whole(0, 80),
	BadLogins: random.whole(0, 4),
	GoodLogins: random.whole(10, 400),
	IsDisabled: false,
	IsLocked: random.next() < 0.05,
	IsBlankPassword: false,
	IsVpnUser: random.next() < 0.5,
	Department: random.pick(DEPARTMENTS),
	Email: `${name}@corp.example`,
	Mobile: null,
	OfficePhone: null,
	Role: name.startsWith('svc-') ? 'Service account' : 'Employee',
	PasswordAge: random.whole(1, 180),
});

/** The hosts, users and files of a site: the same for the same seed and site. */
export function makeInventory(seed: number, site: string): Inventory {
	const random = randomOf(`${seed} inventory ${site}`);
	const hosts: Host[] = [];
	for (const [prefix, system, count] of MACHINES) {
		for (let i = 0; i < count; i++) hosts.push(hostOf(random, hosts.length + 1, prefix, system));
	}
	const files = FILES.map(([name, product, company], index) => ({
		id: 9000 + index,
		sha256: random.hex(64),
		name,
		product,
		company,
		risk: product === '' ? 1000 : 200,
		hosts: [random.pick(hosts).HostName, random.pick(hosts).HostName],
	}));
	return { hosts, users: PEOPLE.map((name, index) => userOf(random, name, index)), files };
}
