import type { IDataObject } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startRunner, nodeType, type Runner } from './cynet-kit.mts';

const HOUR = 3600_000;

let runner: Runner;
beforeEach(
	async () => void (runner = await startRunner({ sites: ['1001'], licensedSiteGuids: ['guid-1'] })),
);
afterEach(async () => await runner.close());

interface Item {
	readonly verdicts: ReadonlyArray<{
		readonly question: string;
		readonly seen: string;
		readonly assumed: string;
		readonly holds: boolean | null;
	}>;
	readonly settings: ReadonlyArray<{ setting: string; to: string; why: string }>;
	readonly note: string;
	readonly report: {
		readonly answers: Record<string, string>;
		readonly requests: number;
	} | null;
}

const diagnose = async (options: IDataObject = {}): Promise<Item> =>
	(await runner.one(
		'connection',
		'diagnose',
		{},
		{ options: options as never },
	)) as unknown as Item;

const raise = (count = 130, fields = {}) =>
	runner.simulator.raise(count, { at: runner.time.now - 3 * HOUR, spacingMs: 61_000, ...fields });

describe('what it sends', () => {
	test('is GET and the two logins, each once, at most 60 requests, one a second', async () => {
		raise();
		const { report } = await diagnose({ foreignClientId: '77', remediationIds: '1,2,3,4,5,6,7' });
		const { requests, remediations } = runner.simulator.ledger;
		expect(requests.filter(({ method }) => method === 'POST').map(({ path }) => path)).toEqual([
			'/api/v2/login',
			'/api/account/token',
		]);
		expect(remediations).toEqual([]);
		expect(requests.length).toBeLessThanOrEqual(60);
		expect(report!.requests).toBe(requests.length);
		const gaps = requests.slice(1).map(({ at }, place) => at - requests[place]!.at);
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1000);
	});

	test('asks the ESPM lists only with a Site GUID', async () => {
		expect((await diagnose()).report!.answers.espm).toBeUndefined();
		expect((await diagnose({ siteGuid: 'guid-1' })).report!.answers.espm).toBe('envelope');
		expect((await diagnose({ siteGuid: 'guid-2' })).report!.answers.espm).toBe('refused');
	});

	test('ends at the first 429', async () => {
		raise();
		runner.simulator.faults.add({ kind: 'status', status: 429, retryAfter: 7, skip: 12 });
		const { verdicts } = await diagnose();
		expect(runner.simulator.ledger.requests).toHaveLength(13);
		expect(verdicts.at(-1)).toMatchObject({ holds: false });
	});

	test('ends when the execution is stopped', async () => {
		raise();
		const context = runner.context('connection', 'diagnose');
		const stop = new AbortController();
		Object.assign(context, { getExecutionCancelSignal: () => stop.signal });
		runner.simulator.settings.onRequest = () => {
			if (runner.simulator.ledger.requests.length === 5) stop.abort();
		};
		await nodeType.execute.call(context);
		expect(runner.simulator.ledger.requests).toHaveLength(5);
	});

	test('is nothing with a credential that cannot be right', async () => {
		const refusal = runner.refusal(
			'connection',
			'diagnose',
			{},
			{ host: { credential: { password: '' } } },
		);
		expect((await refusal).message).toBe('Password or Secret Key is empty');
		expect(runner.simulator.ledger.requests).toEqual([]);
	});

	test('tries keys that are refused once with each login, and then asks nothing', async () => {
		runner.simulator.settings.password = 'ANOTHER';
		const { report, settings } = await diagnose();
		expect(runner.simulator.ledger.requests).toHaveLength(2);
		expect(report!.answers.login).toBe('refused');
		expect(settings[0]!.setting).toContain('Authentication');
	});

	test('runs once for several items', async () => {
		const items = await runner.items('connection', 'diagnose', {}, { items: [{}, {}, {}] });
		expect(items).toHaveLength(1);
	});

	test('goes on with a fresh token where another client logs in with the same keys', async () => {
		raise();
		runner.simulator.settings.singleToken = true;
		let count = 0;
		runner.simulator.settings.onRequest = () => {
			if (++count === 20) runner.simulator.logInElsewhere();
		};
		const { report, settings } = await diagnose();
		expect(report!.answers).toMatchObject({ oneToken: 'ended', boundary: 'inclusive' });
		expect(settings.map(({ setting }) => setting)).toContain('API user of this n8n');
	});
});

/** Texts of a tenant in all places where one can be. */
const PLANTED = {
	HostName: 'PLANTED-HOST-77',
	HostIp: '198.51.100.77',
	UserName: 'planted\\jane.roe',
	CommandLine: 'planted.exe --password planted-secret-1',
	Path: 'c:\\planted\\file.exe',
	IncidentName: 'Planted - Name of an incident',
	ScanGroupName: 'Planted Group',
	PlantedField: 'planted-value',
	ClientDbId: 987_654_321,
	RemediationStatus: 123_456_789,
	Severity: 'Planted-Severity',
	Tags: ['planted-tag', { PlantedKey: 'planted-tag-value' }],
	IncidentJsonDescription: '{"Planted Key":"planted-detail","Hostname":"PLANTED-HOST-77"}',
	AutoRemediate: { PlantedRule: 'planted-rule', RuleName: 'planted-rule-name' },
};

describe('the report', () => {
	test('holds nothing of the tenant, and neither does the rest of the item', async () => {
		raise(60);
		raise(1, PLANTED);
		runner.simulator.changeHosts((hosts) => [
			{ ...hosts[0]!, HostName: 'PLANTED-HOST-77', LastIp: '198.51.100.77' },
			...hosts,
		]);
		const item = await diagnose({ foreignClientId: '987650', remediationIds: '13592' });
		expect(item.report).not.toBeNull();
		const text = JSON.stringify(item).toLowerCase();
		for (const planted of [
			'planted',
			'198.51',
			'jane',
			'987654321',
			'123456789',
			'987650',
			'13592',
			'ws-0101',
			'corp',
			'1001',
			'127.0.0.1',
			'2026-06-01',
			...runner.simulator.secrets(),
			runner.simulator.settings.username,
		])
			expect(text).not.toContain(planted.toLowerCase());
		expect(JSON.stringify(runner.host.log)).not.toMatch(/planted|SECRET/i);
	});

	test('is there although texts of the tenant are public words', async () => {
		raise(30, {
			UserName: 'Status',
			HostName: 'HostName',
			IncidentName: 'undecided',
			Path: 'true',
		});
		expect((await diagnose()).report).not.toBeNull();
	});

	test('a number or code of an id never gets in', async () => {
		raise(30, { Status: 62_001_234, AlertType: -5_555, EpsActionStatus: 1234 });
		const text = JSON.stringify(await diagnose());
		expect(text).not.toMatch(/\d{4,}(?!-)/);
	});
});

describe('settings to change', () => {
	test('Authentication, where only the other login works', async () => {
		runner.simulator.settings.logins = 'v2Login';
		expect((await diagnose()).settings).toContainEqual(expect.objectContaining({ to: 'Login V2' }));
	});

	test('Page Size, where the server sends fewer rows', async () => {
		raise();
		runner.simulator.settings.maxLimit = 50;
		expect((await diagnose()).settings).toContainEqual(expect.objectContaining({ to: '50' }));
	});

	test('Client ID, where there are neither alerts nor hosts', async () => {
		runner.simulator.changeHosts(() => []);
		expect((await diagnose()).settings).toContainEqual(
			expect.objectContaining({ setting: 'Client ID in the Cynet API credential' }),
		);
	});

	test('nothing, where all is as the package takes it for granted', async () => {
		raise();
		expect((await diagnose()).settings).toEqual([]);
	});
});

describe('the options that take long', () => {
	test('watching tells how late alerts show up, and that a recurrence reopens one', async () => {
		const raised = raise(30);
		runner.simulator.settings.reopens = true;
		const [first] = raised;
		runner.simulator.change('1001', raised[29]!.ClientDbId as number, 3);
		const start = runner.time.now;
		let done = false;
		runner.simulator.settings.onRequest = () => {
			if (done || runner.time.now < start + 6 * 60_000) return;
			done = true;
			runner.simulator.raise(1, {
				at: runner.time.now - 15 * 60_000,
				visibleAt: runner.time.now + 60_000,
			});
			runner.simulator.recur('1001', raised[29]!.ClientDbId as number);
		};
		runner.simulator.recur('1001', first!.ClientDbId as number);
		raise(1, { at: start - 60_000 });
		runner.simulator.recur('1001', raised[29]!.ClientDbId as number, start - 30_000);
		runner.simulator.change('1001', raised[29]!.ClientDbId as number, 3);
		const { report, settings } = await diagnose({ watch: true });
		expect(report!.answers).toMatchObject({ lateness: 'more', recurrence: 'moves' });
		expect(settings.map(({ setting }) => setting)).toContain(
			'Overlap (Minutes) in the options of the trigger',
		);
		expect(runner.simulator.ledger.requests.length).toBeLessThanOrEqual(60);
	});

	test.each([
		['absolute', 20, { usedToken: 'absolute', unusedToken: 'absolute' }],
		['sliding', 20, { usedToken: 'longer', unusedToken: 'sliding' }],
		['sliding', 45, { usedToken: 'longer', unusedToken: 'sliding' }],
		['absolute', 600, { usedToken: 'longer', unusedToken: 'longer' }],
	] as const)('the life of a token: %s, %d minutes', async (tokenLife, minutes, expected) => {
		Object.assign(runner.simulator.settings, { tokenLife, tokenLifeMinutes: minutes });
		raise();
		const { report } = await diagnose({ tokenLife: true });
		expect(report!.answers).toMatchObject(expected);
		expect(runner.simulator.ledger.requests.length).toBeLessThanOrEqual(60);
	});
});
