import { isObject } from '../control/checks.mts';
import { json, problem, type Call, type Handler } from '../http/answers.mts';
import type { Host, KnownFile, User } from '../data/inventory.mts';
import type { Routes } from '../http/routes.mts';
import type { Settings } from '../settings.mts';
import { isoTime } from '../world/stamps.mts';
import type { World } from '../world/world.mts';
import { siteOf, timeOf } from './alerts.mts';

/** Hosts, users, files and vulnerabilities: paths and shapes as published clients read them (W), values invented. */
export function inventoryRoutes(settings: Settings, world: World): Routes {
	const inventory = (call: Call) => world.inventory(siteOf(call));
	const sync = () => new Date(world.serverNow()).toISOString();

	const entities =
		(list: (call: Call) => readonly object[]): Handler =>
		(call) => {
			timeOf(call, 'LastSeen');
			// Our assumption: SyncTimeUtc here too, and every host and user was active within any window.
			return json({ SyncTimeUtc: sync(), Entities: list(call) });
		};

	/** Our assumption: 404, or nothing, for a name that the site does not know. */
	const byName =
		<T,>(
			list: (call: Call) => readonly T[],
			name: (row: T) => string,
			show: (row: T) => object,
		): Handler =>
		(call) => {
			const wanted = call.query('name');
			if (!wanted) return problem(400, 'name is missing');
			const row = list(call).find(
				(candidate) => name(candidate).toLowerCase() === wanted.toLowerCase(),
			);
			if (row) return json(show(row));
			return settings.unknownName === 'empty'
				? { status: 200, text: '' }
				: problem(404, `There is no ${wanted}`);
		};

	const hosts = (call: Call) => inventory(call).hosts;
	const users = (call: Call) => inventory(call).users;

	const vulnerabilities =
		(row: (host: Host, index: number) => object): Handler =>
		(call) => {
			timeOf(call, 'fromDate');
			return json(hosts(call).slice(0, 8).map(row));
		};

	/** W: 403 on these paths means that the add-on is not licensed. The cap on pages is that of the lists of alerts. */
	const licensed =
		(rows: readonly object[]): Handler =>
		(call) => {
			if (!settings.licensedSiteGuids.includes(call.params.siteGuid ?? ''))
				return problem(403, 'The ESPM add-on is not licensed for this site');
			const body = call.body();
			const of = (name: string) => Number((isObject(body) ? body[name] : call.query(name)) ?? 0);
			const limit = Math.min(of('limit') || Infinity, settings.maxLimit || Infinity);
			return json({ data: rows.slice(of('offset'), of('offset') + limit) });
		};

	return {
		'GET /api/hosts': entities((call) => hosts(call).map(shownHost)),
		'GET /api/host': byName(hosts, hostName, shownHost),
		'GET /api/full/host': byName(hosts, hostName, fullHost),
		'GET /api/users': entities(users),
		'GET /api/full/user': byName(users, ({ Name }) => Name, fullUser),
		'GET /api/full/file': (call) => {
			const sha256 = call.query('sha256')?.toUpperCase();
			if (!sha256) return problem(400, 'sha256 is missing');
			const file = inventory(call).files.find((candidate) => candidate.sha256 === sha256);
			// W: the body of an unknown file may be empty.
			return file ? json(fullFile(file)) : { status: 200, text: '' };
		},
		'GET /api/va/patches/missing': vulnerabilities((host, index) => ({
			hostName: host.HostName,
			kb: `KB50${34_000 + index}`,
			title: 'Cumulative security update',
			severity: 'Critical',
		})),
		'GET /api/va/patches/existing': vulnerabilities((host, index) => ({
			hostName: host.HostName,
			kb: `KB50${31_000 + index}`,
			title: 'Cumulative security update',
		})),
		'GET /api/va/riskyApps': vulnerabilities((host) => ({
			hostName: host.HostName,
			application: 'Example Reader',
			version: '9.1.0',
			risk: 'High',
		})),
		'GET /api/va/installedSoftwares': vulnerabilities((host, index) => ({
			hostName: host.HostName,
			name: 'Example Office',
			version: `16.${index}`,
			vendor: 'Example Systems',
		})),
		'GET /api/va/patchValidation': vulnerabilities((host) => ({
			hostName: host.HostName,
			isValid: true,
		})),
		'GET /api/va/Agents': vulnerabilities((host) => ({
			hostName: host.HostName,
			epsVersion: host.EpsVersion,
			isOnline: true,
		})),
		'POST /api/v2/hosts/{siteGuid}/espm/vulnerabilities': licensed([
			{ riskId: 1, productName: 'Example Reader', severity: 'High' },
		]),
		'GET /api/v2/hosts/{siteGuid}/espm/vulnerabilities/endpoints': licensed([
			{ hostName: 'WS-0101' },
		]),
		'POST /api/v2/hosts/{siteGuid}/espm/misconfigurations': licensed([
			{ riskId: 2, internalId: 'M-1', unprotectedEndpoints: 3 },
		]),
		'GET /api/v2/hosts/{siteGuid}/espm/misconfigurations/endpoints': licensed([
			{ hostName: 'WS-0102' },
		]),
	};
}

const hostName = ({ HostName }: Host): string => HostName;
const shownHost = ({ scanGroup: _, ...host }: Host): object => host;

/** W: snake case, with files whose command lines may hold secrets. */
const fullHost = (host: Host): object => ({
	hostname: host.HostName,
	last_ip: host.LastIp,
	operating_system: host.OperatingSystem,
	eps_version: host.EpsVersion,
	risk_level: host.RiskLevel,
	users: [{ username: 'CORP\\a.meyer' }],
	files: [
		{
			filename: 'backup.exe',
			full_path: 'c:\\tools\\backup.exe',
			commandline_parameters: '--target nas --password example',
		},
	],
});

const fullUser = (user: User): object => ({
	username: user.Name,
	department: user.Department,
	email: user.Email,
	role: user.Role,
	is_locked: user.IsLocked,
	bad_logins: user.BadLogins,
	files: [],
});

/** W: the vendor's field names, its typing error and its booleans as text included. */
const fullFile = (file: KnownFile): object => ({
	sha256: file.sha256,
	md5: file.sha256.slice(0, 32),
	sha1: file.sha256.slice(0, 40),
	ssdeep: null,
	common_filename: file.name,
	common_path: 'c:\\users\\public',
	meta_product_name: file.product,
	meta_company_name: file.company,
	first_seen: '2025-01-06T08:07:53Z',
	last_seen: '2025-06-01T11:20:31Z',
	risk_level: file.risk,
	av_detections: file.risk > 500 ? 22 : 0,
	alert_severity_level: file.risk > 500 ? 'Critical' : 'Low',
	alert_product_name: file.product,
	is_whitelisted: 'false',
	has_autorun_occurances: 'false',
	domains: [],
	occurrences: file.hosts.map((hostname) => ({
		file_type: 'Executable',
		creation_time: isoTime(Date.UTC(2025, 0, 6, 8, 7, 53)),
		last_run_time: null,
		hostname,
		commandline_parameters: '',
		filename: file.name,
		parent_path: 'c:\\users\\public',
		running_user: 'CORP\\a.meyer',
		full_path: `c:\\users\\public\\${file.name}`,
	})),
});
