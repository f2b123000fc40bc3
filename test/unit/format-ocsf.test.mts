import { isIP } from 'node:net';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import {
	FULL,
	ofRaw,
	ofSimplified,
	rawAlert,
	simplified,
	manyAlerts,
	manySimplified,
	type Json,
} from './format-kit.mts';
import { detectionFinding } from './ocsf-schema.mts';
import { publishedSchema } from './published-schemas.mts';

const ajv = new Ajv2020({
	allErrors: true,
	strict: false,
	formats: {
		ipv4: (value: string) => isIP(value) === 4,
		ipv6: (value: string) => isIP(value) === 6,
	},
});

/** What the schema has against the findings; the same complaint once. */
function complaints(isValid: ValidateFunction, findings: Json[]): string[] {
	return [
		...new Set(
			findings.flatMap((finding) =>
				isValid(finding)
					? []
					: isValid.errors!.map(
							({ instancePath, message, params }) =>
								`${instancePath} ${message} ${JSON.stringify(params)}`,
						),
			),
		),
	];
}

let both: Json[] | undefined;
const ofBoth = () =>
	(both ??= [
		...manyAlerts().map((alert) => ofRaw('ocsf', alert)),
		...manySimplified().map((alert) => ofSimplified('ocsf', alert)),
	]);

describe('an OCSF finding', () => {
	it('of each of 500 alerts, raw or simplified, is valid', () => {
		const findings = ofBoth();
		expect(findings).toHaveLength(2 * manyAlerts().length);
		expect(complaints(ajv.compile(detectionFinding), findings)).toEqual([]);
	});

	it('is told from what is none by the schema of these tests', () => {
		const isValid = ajv.compile(detectionFinding);
		const finding = ofRaw('ocsf', FULL);
		expect(isValid(finding)).toBe(true);
		for (const broken of [
			{ severity_id: 7 },
			{ type_uid: 200402 },
			{ time: '2026' },
			{ device: { type_id: 0 } },
			{ surprise: 1 },
			{ evidences: [{ process: { name: 'a' } }] },
			{ finding_info: {} },
		]) {
			expect(isValid({ ...finding, ...broken })).toBe(false);
		}
	});

	it('has what the vendor tells where OCSF wants it', () => {
		expect(ofRaw('ocsf', FULL)).toMatchObject({
			activity_id: 1,
			type_uid: 200401,
			severity_id: 4,
			severity: 'High',
			status_id: 2,
			status: 'In Progress',
			status_code: '1',
			status_detail: 'Pending',
			time: 1780061184000,
			start_time: 1780061180000,
			end_time: 1780061220000,
			message: 'Memory Pattern - Beacon',
			action_id: 2,
			disposition_id: 3,
			metadata: {
				version: '1.8.0',
				uid: '2251997:62',
				tenant_uid: '2251997',
				original_time: '2026-05-29T13:26:24+00:00',
			},
			finding_info: {
				uid: '2251997:62',
				uid_alt: FULL.Uniqueness,
				title: 'Memory Pattern - Beacon',
				types: ['File'],
				created_time: 1780061184000,
				modified_time: 1780061280000,
				analytic: { name: 'Cynet AV' },
				attacks: [
					{ technique: { uid: 'T1059' }, sub_technique: { uid: 'T1059.001' } },
					{ technique: { uid: 'T1486' } },
				],
			},
			device: {
				hostname: 'MAC-01',
				ip: '192.168.2.66',
				uid: '91',
				type_id: 1,
				os: { name: 'Windows Server 2022', type_id: 100 },
				groups: [{ name: 'Servers' }],
			},
			malware: [{ name: 'TR/VBS', classification_ids: [18], classifications: ['Trojan'] }],
			evidences: [
				{
					file: {
						name: 'a.b.exe',
						path: 'c:\\temp\\a.b.exe',
						ext: 'exe',
						type_id: 1,
						hashes: [{ algorithm_id: 3, value: 'ab'.repeat(32) }],
					},
					user: { name: 'jdoe', domain: 'CORP' },
					url: { url_string: 'https://evil.example/x' },
					dst_endpoint: { hostname: 'evil.example', ip: '203.0.113.5' },
					process: {
						uid: 'ab'.repeat(32),
						cmd_line: 'a.b.exe -p s3cret',
						parent_process: {
							pid: 4242,
							name: 'launchd',
							user: { name: 'root' },
							parent_process: { uid: 'ef'.repeat(32), path: 'c:\\gp.exe' },
						},
					},
				},
			],
			remediation: { desc: 'Isolate the host' },
			unmapped: {
				event: 'created',
				dedupKey: 'cynet:2251997:62',
				details: { 'Extra Info': { 'Is USB': 'True' } },
				MitreDetails: FULL.MitreDetails,
			},
		});
	});

	it("has the vendor's object verbatim in raw_data, and none where it got a simplified alert", () => {
		const { cynet, ...alert } = FULL;
		expect(JSON.parse(ofRaw('ocsf', FULL).raw_data)).toEqual(alert);
		expect(ofSimplified('ocsf', simplified(FULL))).not.toHaveProperty('raw_data');
	});

	it('says the same of a simplified alert as of the raw one, as far as that knows it', () => {
		const { raw_data, unmapped, ...raw } = ofRaw('ocsf', FULL);
		const { unmapped: left, ...simple } = ofSimplified('ocsf', simplified(FULL));
		delete raw.finding_info.uid_alt;
		delete raw.metadata.original_time;
		delete raw.device.uid;
		delete raw.resources[0].uid;
		expect(simple).toEqual(raw);
		expect(left).toEqual({
			event: 'created',
			dedupKey: 'cynet:2251997:62',
			prevention: 'Quarantined',
			details: { 'Extra Info': { 'Is USB': 'True' } },
		});
	});

	it.each([
		[undefined, 0, 0, 'Unknown'],
		[null, 1, 0, 'Unknown'],
		['created', 1, 1, 'Create'],
		['created', 3, 1, 'Create'],
		['recurred', 0, 2, 'Update'],
		['recurred', 1, 2, 'Update'],
		['updated', 0, 2, 'Update'],
		['updated', 1, 2, 'Update'],
		['updated', 3, 3, 'Close'],
		['recurred', 3, 2, 'Update'],
		['constructor', 0, 0, 'Unknown'],
	])('of the event %s with status %d has activity %d, %s', (event, Status, activity, caption) => {
		expect(ofRaw('ocsf', { ...FULL, Status, cynet: { event } })).toMatchObject({
			activity_id: activity,
			activity_name: caption,
			type_uid: 200400 + activity,
			type_name: `Detection Finding: ${caption}`,
		});
	});

	it.each([
		[1, 1, 'Informational'],
		[2, 2, 'Low'],
		[3, 3, 'Medium'],
		[4, 4, 'High'],
		[5, 5, 'Critical'],
		[99, 0, 'Unknown'],
		[6, 99, 'Unknown (6)'],
		[7, 99, 'Unknown (7)'],
		[null, 0, 'Unknown'],
		['x', 0, 'Unknown'],
	])('of severity %j has %d, %s', (Severity, severity_id, severity) => {
		expect(ofRaw('ocsf', { ...FULL, Severity })).toMatchObject({ severity_id, severity });
		expect(ofSimplified('ocsf', simplified({ ...FULL, Severity }))).toMatchObject({
			severity_id,
			severity,
		});
	});

	it.each([
		[0, 1, 'New'],
		[1, 2, 'In Progress'],
		[2, 3, 'Suppressed'],
		[3, 4, 'Resolved'],
		[9, 99, 'Unknown (9)'],
		[null, 0, 'Unknown'],
	])('of status %j has %d, %s', (Status, status_id, status) => {
		expect(ofRaw('ocsf', { ...FULL, Status })).toMatchObject({ status_id, status });
	});

	it('tells events of one alert apart, and that they are of one', () => {
		const updated = ofRaw('ocsf', {
			...FULL,
			cynet: {
				event: 'updated',
				clientId: '2251997',
				dedupKey: 'cynet:2251997:62:2026-05-29T13:28:00.000Z',
			},
		});
		expect([updated.finding_info.uid, updated.metadata.uid]).toEqual([
			'2251997:62',
			'2251997:62:2026-05-29T13:28:00.000Z',
		]);
	});

	it("claims no prevention that the vendor's word does not say", () => {
		const of = (prevention: unknown) =>
			ofRaw('ocsf', { ...FULL, IncidentJsonDescription: { 'EPS Prevention': prevention } });
		expect(
			[
				true,
				'Killed',
				false,
				'Alert Only',
				'Enabled',
				'constructor',
				'Kill, Rename',
				'Quarantine',
				'Delete',
				'x'.repeat(1000),
			].map((word) => [of(word).action_id, of(word).disposition_id]),
		).toEqual([
			[2, 2],
			[2, 2],
			[3, 15],
			[3, 15],
			[0, 0],
			[0, 0],
			[2, 2],
			[2, 3],
			[2, 5],
			[0, 0],
		]);
		expect(of('Enabled').unmapped.prevention).toBe('Enabled');
	});

	it('keeps in unmapped what has no place under its conditions', () => {
		const { unmapped, device, evidences } = ofRaw('ocsf', {
			ClientDbId: 1,
			HostIp: 'n/a',
			ScanGroupName: 'Servers',
			CommandLine: 'a -b',
			Sha256Hex: 'AB'.repeat(32),
			IncidentJsonDescription: {
				'OS Version': 'Linux',
				'Parent Process Details': { 'Process Path': '/bin/sh' },
				'Malware Type': 'worm',
			},
		});
		expect(device).toBeUndefined();
		expect(evidences).toEqual([{ process: { uid: 'ab'.repeat(32), cmd_line: 'a -b' } }]);
		expect(unmapped).toMatchObject({
			hostIp: 'n/a',
			scanGroup: 'Servers',
			os: 'Linux',
			'parent.path': '/bin/sh',
			malwareType: 'worm',
			sha256: 'ab'.repeat(32),
		});
		// A process without a hash is known by its finding: its command line is not lost.
		const unknown = ofRaw('ocsf', { ClientDbId: 1, CommandLine: 'a -b' });
		expect(unknown.evidences).toEqual([{ process: { uid: '1001:1:process', cmd_line: 'a -b' } }]);
		expect(complaints(ajv.compile(detectionFinding), [unknown])).toEqual([]);
	});

	it('names a folder, which has no last part, by its path', () => {
		const finding = ofRaw('ocsf', { ...FULL, Path: 'c:\\temp\\' });
		expect(finding.evidences[0].file).toMatchObject({ name: 'c:\\temp\\', path: 'c:\\temp\\' });
		expect(complaints(ajv.compile(detectionFinding), [finding])).toEqual([]);
	});

	it('without a command line begins with the process that the vendor calls the parent', () => {
		const [{ process }] = ofRaw('ocsf', { ...FULL, CommandLine: null }).evidences;
		expect(process).toMatchObject({
			name: 'launchd',
			pid: 4242,
			parent_process: { name: 'gp.exe' },
		});
	});

	it('names in observables only what stands at their names', () => {
		const finding = ofRaw('ocsf', FULL);
		expect(finding.observables.length).toBeGreaterThan(8);
		for (const { name, value } of finding.observables) {
			expect(
				name.match(/[^.[\]]+/g).reduce((inner: Json, key: string) => inner[key], finding),
			).toBe(value);
		}
		expect(ofRaw('ocsf', { ClientDbId: 1 })).not.toHaveProperty('observables');
	});

	it("is well-formed Unicode in every text and name, with the vendor's words left in raw_data", () => {
		const half = 'a\ud83d\u202eb';
		const { raw_data, ...finding } = ofRaw('ocsf', {
			...FULL,
			[half]: { [half]: half },
			IncidentName: half,
			IncidentJsonDescription: JSON.stringify({ [half]: [half] }),
		});
		expect(JSON.stringify(finding)).not.toMatch(/\\ud83d|\u202e/i);
		expect(JSON.parse(raw_data).IncidentName).toBe(half);
	});

	it('without any time is of the epoch', () => {
		expect(ofRaw('ocsf', { ClientDbId: 1, DateIn: 'soon' })).toMatchObject({
			time: 0,
			unmapped: { DateIn: 'soon' },
		});
		expect(ofRaw('ocsf', rawAlert(5, { DateIn: null })).time).toBe(
			Date.parse(rawAlert(5).FirstSeenUtc),
		);
	});
});

const published = publishedSchema('ocsf-1.8.0-detection_finding.schema.json');
if (published) {
	describe('the whole published schema of OCSF 1.8.0', () => {
		it('finds each of 1,000 findings valid, of raw and of simplified alerts', () => {
			expect(complaints(ajv.compile(published), ofBoth())).toEqual([]);
		});
	});
}
