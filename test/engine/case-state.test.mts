import { describe, expect, it } from 'vitest';
import { freshState, packState } from '../../nodes/shared/feed/state.ts';
import { SitePoll } from '../../nodes/shared/feed/site-poll.ts';
import {
	DAY,
	HOUR,
	KEY,
	MINUTE,
	afterRestart,
	errorOf,
	idOf,
	iso,
	keyOf,
	requests,
	SECOND,
	setStage,
	stage,
	start,
	stateOf,
	trigger,
} from './trigger-helpers.mts';

setStage();

const once = (keys: readonly string[], count: number) => {
	expect(keys).toHaveLength(count);
	expect(new Set(keys).size).toBe(count);
};

describe("state, and n8n's ways with it", () => {
	it('C1: what page 1 brought before page 2 failed is emitted with the state that belongs to it, never twice', async () => {
		const { fill, faults } = await start();
		fill(150, { at: stage.now - HOUR });
		faults.add({ kind: 'html', match: { path: '/api/alerts*' }, skip: 1, times: 'forever' });
		const before = trigger();
		const first = await before.poll();
		expect(first).toHaveLength(100);
		expect(stateOf(before.n8n.saved?.[KEY]).alerts.cursor).toBeNull();
		faults.clear();
		const rest = await afterRestart(before).pollFor(5);
		once([...first, ...rest], 150);
	});

	it('C2: a hundred polls that found nothing, then a restart: nothing comes twice and nothing is lost', async () => {
		const { raise } = await start();
		const before = trigger();
		raise(5);
		expect(await before.activate()).toHaveLength(5);
		expect(await before.pollFor(100)).toEqual([]);
		const alerts = raise(2);
		const after = afterRestart(before);
		expect(await after.pollFor(5)).toEqual(alerts.map((alert) => keyOf(alert)));
	});

	it('C3: a process killed before n8n saved emits the batch once more, with the same keys', async () => {
		const { raise } = await start();
		const before = trigger();
		raise(2);
		await before.activate();
		const saved = before.n8n.saved!;
		raise(3);
		const lost = await before.pollFor(1);
		expect(lost).toHaveLength(3);
		const after = trigger({ host: { staticData: saved } });
		expect(await after.pollFor(70)).toEqual(lost);
	});

	it('C4: the state is one text that survives JSON', async () => {
		const { raise } = await start();
		raise(3, { ClientDbId: 'text' });
		raise(3);
		const { poll, n8n, state } = trigger({
			parameters: { events: ['created', 'recurred', 'updated'] },
		});
		await poll();
		expect(Object.values(n8n.staticData).map((value) => typeof value)).toEqual(['string']);
		const packed = String(n8n.saved?.[KEY]);
		expect(
			packState(stateOf(packed), JSON.parse(packed.slice(packed.indexOf('{'))), {
				keys: 0,
				recurrences: 0,
				changes: 0,
			}),
		).toBe(packed);
		expect(state()).toEqual(stateOf(packed));
	});

	it('C5: every emitting poll marks the static data as changed, by one top-level text', async () => {
		const { raise } = await start();
		const { poll, n8n } = trigger();
		raise();
		await poll();
		const first = n8n.saved?.[KEY];
		raise();
		stage.now += MINUTE;
		await poll();
		expect(Object.keys(n8n.saved!)).toEqual([KEY]);
		expect(n8n.saved?.[KEY]).toBeTypeOf('string');
		expect(n8n.saved?.[KEY]).not.toBe(first);
	});

	it('C6: a poll that finds another one running returns nothing and asks nothing', async () => {
		const { raise } = await start();
		raise(5);
		const { poll, restart } = trigger();
		restart();
		const [first, second] = await Promise.all([poll(), poll()]);
		expect([first.length, second.length].sort()).toEqual([0, 5]);
		expect(requests()).toHaveLength(1);
	});

	describe('C7: two nodes, a copied workflow, a renamed node', () => {
		it('nodes and workflows do not share what they have emitted', async () => {
			const { raise } = await start();
			raise(3);
			const workflowId = 'a workflow with two';
			once(await trigger({ host: { workflowId, node: { id: 'one', name: 'One' } } }).poll(), 3);
			once(await trigger({ host: { workflowId, node: { id: 'two', name: 'Two' } } }).poll(), 3);
			once(
				await trigger({
					host: { workflowId: 'its copy', node: { id: 'one', name: 'One' } },
				}).poll(),
				3,
			);
		});

		it('a renamed node does not repeat alerts while the process lives', async () => {
			const { raise } = await start();
			raise(3);
			const workflowId = 'renamed workflow';
			once(await trigger({ host: { workflowId, node: { name: 'Cynet Trigger' } } }).poll(), 3);
			const renamed = trigger({ host: { workflowId, node: { name: 'Alerts' } } });
			raise();
			once(await renamed.pollFor(2), 1);
		});
	});

	it.each([
		['cut off', '{"v":1,"server"'],
		['of a later version', '{"v":99}'],
		['empty', '{}'],
		['no text', { v: 1 } as unknown as string],
	])(
		'C8: a state that is %s is said in the log and starts with the look-back, never with now',
		async (_, stored) => {
			const { raise } = await start();
			const [alert] = raise(1, { at: stage.now - 23 * HOUR });
			const { poll, n8n } = trigger({ host: { staticData: { [KEY]: stored } } });
			expect(await poll()).toEqual([keyOf(alert!)]);
			expect(n8n.log.find(({ level }) => level === 'warn')?.message).toMatch(/stored state/);
		},
	);

	describe('C9: another server', () => {
		it('the state of another server is not used', async () => {
			const { raise, url } = await start();
			const { poll, n8n } = trigger();
			raise(2);
			await poll();
			const stored = String(n8n.saved?.[KEY]).replace(url, 'https://other.api.cynet.com');
			once(await trigger({ host: { staticData: { [KEY]: stored } } }).poll(), 2);
		});

		it('a changed Client ID starts with the look-back, and the way back goes on where it was', async () => {
			const { raise } = await start({ sites: ['1001', '1002'] });
			const workflowId = 'moved';
			const first = trigger({ host: { workflowId } });
			raise(3);
			raise(4, { site: '1002' });
			once(await first.poll(), 3);
			const second = trigger({
				host: { workflowId, staticData: first.n8n.saved!, credential: { clientId: '1002' } },
			});
			once(await second.poll(), 4);
			raise(1);
			stage.now += MINUTE;
			once(await trigger({ host: { workflowId, staticData: second.n8n.saved! } }).poll(), 1);
		});
	});

	it('C10: a wider filter, a larger overlap or another page size repeats nothing', async () => {
		const { raise } = await start();
		const filters = { severities: [5] };
		const { poll, pollFor, set } = trigger({ parameters: { filters } });
		raise(30, { Severity: 2 });
		const [critical] = raise(1, { Severity: 5 });
		expect(await poll()).toEqual([keyOf(critical!)]);
		await pollFor(30);
		set({ parameters: { filters: {} } });
		expect(await pollFor(3)).toEqual([]);
		set({ parameters: { filters: {} }, options: { overlapMinutes: 1440 } });
		expect(await pollFor(3)).toEqual([]);
		set({ parameters: { filters: {} }, options: { pageSize: 7, lookbackHours: 8760 } });
		expect(await pollFor(70)).toEqual([]);
	});

	it('C11: after a million alerts, one in a hundred missing, the state is under 40,000 characters', async () => {
		await start();
		const site = { server: stage.simulator.url, clientId: '1001' };
		const settings = {
			now: stage.now,
			activeFor: 0,
			lookback: DAY,
			overlap: 10 * MINUTE,
			sweep: 0,
			pageSize: 1000,
			events: ['created'] as const,
			wanted: () => true,
			maxAlerts: 2_000_000,
		};
		const ids = Array.from({ length: 1_000_000 }, (_, id) => id + 1).filter(
			(id) => (id * 7919) % 100 !== 0,
		);
		let packed: string | undefined;
		let found = 0;
		for (let parts = 0; parts < 12; parts++) {
			const poll = new SitePoll(
				site,
				packed === undefined ? freshState() : stateOf(packed),
				settings,
			);
			let query = poll.next();
			for (let pages = 0; query !== null && pages < 100; pages++, query = poll.next()) {
				const rows = ids
					.slice(query.offset, query.offset + query.limit)
					.map((id) => ({ ClientDbId: id }));
				poll.take(query, {
					rows,
					conclusive: true,
					clocks: { stated: stage.now, date: null },
					warnings: [],
				});
			}
			found += poll.alerts.length;
			packed = poll.pack();
		}
		expect(found).toBe(990_000);
		expect(packed!.length).toBeLessThanOrEqual(40_000);
	});

	describe('C12: Fetch Test Event', () => {
		it('returns the newest few alerts and touches no state', async () => {
			const { raise } = await start();
			raise(1, { at: stage.now - 3 * HOUR });
			const newest = raise(3, { at: stage.now - MINUTE, spacingMs: 1000 });
			const { poll, n8n } = trigger({ host: { mode: 'manual' } });
			expect((await poll()).sort()).toEqual(newest.map((alert) => keyOf(alert)).sort());
			expect(n8n.staticData).toEqual({});
		});

		it('asks the first of several Client IDs, and no other', async () => {
			const { raise } = await start({ sites: ['1001', '1002', '1003'] });
			const [first] = ['1002', '1001', '1003'].map((site) => raise(1, { site })[0]);
			const { poll } = trigger({
				options: { clientIds: '1002, 1001, 1003' },
				host: { mode: 'manual' },
			});
			expect(await poll()).toEqual([keyOf(first!, '1002')]);
			expect(requests().map(({ clientId }) => clientId)).toEqual(['1002']);
		});

		it('says what to do when there are no alerts', async () => {
			await start();
			const { poll } = trigger({ host: { mode: 'manual' } });
			await expect(poll()).rejects.toMatchObject({
				message: expect.stringContaining('no such alerts'),
				description: expect.stringContaining('Publish'),
			});
		});

		it('takes nothing away from the running trigger', async () => {
			const { raise } = await start();
			const workflowId = 'in the editor';
			const { poll, after, n8n } = trigger({ host: { workflowId } });
			await poll();
			const [alert] = raise();
			stage.now += MINUTE;
			once(
				await trigger({ host: { workflowId, mode: 'manual', staticData: n8n.staticData } }).poll(),
				1,
			);
			expect(await after(MINUTE)).toEqual([keyOf(alert!)]);
		});
	});

	describe("C13: the first poll of a registration decides over the trigger's life", () => {
		it.each([
			['503', { kind: 'status', status: 503 }],
			['429', { kind: 'status', status: 429, retryAfter: 3600 }],
			['a reset connection', { kind: 'reset' }],
			['a broken answer', { kind: 'truncated' }],
		] as const)('%s does not end it, however long it has lasted', async (_, fault) => {
			const { faults } = await start();
			faults.add({ ...fault, times: 'forever' });
			const { activate, n8n } = trigger({ options: { toleranceMinutes: 0 } });
			expect(await activate()).toEqual([]);
			stage.now += 2 * HOUR;
			expect(await activate()).toEqual([]);
			expect(n8n.log.some(({ level }) => level === 'warn')).toBe(true);
		});

		it('an API that is down does not end it, and alerts come when it is back', async () => {
			const { url, close } = await start();
			await close();
			const down = trigger({ host: { credential: { baseUrl: url } } });
			expect(await down.activate()).toEqual([]);
			const { raise } = await start({ port: Number(new URL(url).port) });
			const [alert] = raise();
			expect(await down.after(10 * MINUTE)).toEqual([keyOf(alert!)]);
		});

		it('a start that fails does not move: what was raised meanwhile is emitted', async () => {
			const { faults, raise } = await start();
			const { activate, after } = trigger({ options: { lookbackHours: 0 } });
			faults.add({ kind: 'status', status: 503, times: 'forever' });
			await activate();
			stage.now += 2 * MINUTE;
			const [alert] = raise();
			faults.clear();
			expect(await after(20 * MINUTE)).toEqual([keyOf(alert!)]);
		});

		it.each([
			['a wrong password', { password: 'wrong' }, 'Password or Secret Key'],
			['a wrong client id', { clientId: '9' }, 'Client ID'],
			['no web address', { baseUrl: 'cynet' }, 'Base URL'],
			['an empty client id', { clientId: ' ' }, 'Client ID'],
		])('%s is thrown at once and names the field', async (_, credential, field) => {
			await start();
			const error = await errorOf(trigger({ host: { credential } }).activate());
			expect(`${error.message} ${error.description}`).toContain(field);
		});
	});

	it('C14: a workflow that was off for three days goes on where it was, in parts', async () => {
		const { raise, fill } = await start();
		const options = { maxAlerts: 400 };
		const before = trigger({ options });
		raise(2);
		once(await before.activate(), 2);
		fill(1000, { at: stage.now + HOUR, spacingMs: 3 * MINUTE });
		stage.now += 3 * DAY;
		const after = afterRestart(before, { options });
		const counts: number[] = [];
		const all: string[] = [];
		for (let i = 0; i < 4; i++) {
			const got = await after.after(MINUTE);
			counts.push(got.length);
			all.push(...got);
		}
		once(all, 1000);
		expect(counts).toEqual([400, 400, 200, 0]);
	});

	describe('C15: the first activation at a site with 50,000 alerts', () => {
		it.each([
			[24, 7],
			[0, 0],
			[48, 50_007],
		])('a look-back of %d hours emits %d of them', async (lookbackHours, expected) => {
			const { fill, raise, recur } = await start();
			const { firstId } = fill(50_000, { at: stage.now - 30 * HOUR });
			raise(7, { at: stage.now - 23 * HOUR });
			for (let i = 0; i < 20; i++) recur('1001', firstId + i);
			const { activate, pollFor } = trigger({
				options: { lookbackHours, maxAlerts: 50_000, pageSize: 1000 },
			});
			const all = await activate();
			all.push(...(await pollFor(3)));
			once(all, expected);
			if (expected < 50_000) expect(requests().length).toBeLessThanOrEqual(8);
			const [next] = raise();
			expect(await pollFor(1)).toEqual([keyOf(next!)]);
		});
	});

	it('a cursor that a Code node wiped does not repeat alerts while the process lives', async () => {
		const { raise } = await start();
		raise(3);
		const { poll, after, n8n } = trigger();
		once(await poll(), 3);
		delete n8n.staticData[KEY];
		expect(await after(MINUTE)).toEqual([]);
		const [next] = raise();
		expect(await after(MINUTE)).toEqual([keyOf(next!)]);
	});

	it('what a Code node wiped is stored again for every site, also for those that this poll does not come to', async () => {
		const { raise } = await start({ sites: ['1001', '1002'] });
		const options = { clientIds: '1001,1002', maxAlerts: 2 };
		const { poll, after, n8n } = trigger({ options });
		await poll();
		raise(2, { site: '1002' });
		const all = await after(MINUTE);
		raise(2, { site: '1001' });
		for (const key of Object.keys(n8n.staticData)) delete n8n.staticData[key];
		all.push(...(await after(MINUTE)));
		const restarted = trigger({ options, host: { staticData: { ...n8n.staticData } } });
		once([...all, ...(await restarted.pollFor(3))], 4);
	});

	it('a snapshot older than what was emitted a moment ago is left alone; a minute later it is right', async () => {
		const { raise } = await start();
		const { poll, after, n8n } = trigger({ host: { pollBudgetMs: 36_000 } });
		raise();
		await poll();
		const older = n8n.staticData[KEY] as string;
		raise(2);
		once(await after(MINUTE), 2);
		n8n.staticData[KEY] = older;
		expect(await after(400)).toEqual([]);
		expect(n8n.staticData[KEY]).toBe(older);
		once(await after(MINUTE), 2);
	});

	it('a snapshot that is older for one of two sites is left alone as a whole', async () => {
		const { raise } = await start({ sites: ['1001', '1002'] });
		const { poll, after, n8n } = trigger({
			options: { clientIds: '1001,1002' },
			host: { pollBudgetMs: 36_000 },
		});
		raise();
		await poll();
		const older = { ...n8n.staticData };
		raise(2);
		once(await after(MINUTE), 2);
		raise(1, { site: '1002' });
		Object.assign(n8n.staticData, older);
		expect(await after(400)).toEqual([]);
		expect({ ...n8n.staticData }).toEqual(older);
	});

	it('a snapshot is left alone for a minute from the end of the poll on, however long its sites took', async () => {
		const { raise, settings } = await start({ sites: ['1001', '1002'] });
		const { poll, after, n8n } = trigger({
			options: { clientIds: '1001,1002' },
			host: { pollBudgetMs: 36_000 },
		});
		raise();
		await poll();
		const older = { ...n8n.staticData };
		raise(2);
		settings.onRequest = ({ clientId }) => void (clientId === '1002' && (stage.now += 2 * MINUTE));
		once(await after(MINUTE), 2);
		settings.onRequest = undefined;
		Object.assign(n8n.staticData, older);
		expect(await after(50 * SECOND)).toEqual([]);
		once(await after(11 * SECOND), 2);
	});

	it('an alert that recurs after 50,000 others is known, also after a restart: it is told as recurred, never as created again', async () => {
		const { raise, recur } = await start();
		const like = {
			parameters: { events: ['created', 'recurred'] },
			options: { maxAlerts: 50_000, pageSize: 1000 },
		};
		const before = trigger(like);
		const [alert] = raise();
		expect(await before.poll()).toEqual([keyOf(alert!)]);
		stage.now += MINUTE;
		const [LastSeen, first] = [iso(stage.now), idOf(alert) + 1];
		// Of few fields, for the sake of time.
		for (let id = first; id < first + 50_000; id++)
			raise(1, { json: JSON.stringify({ ClientDbId: id, DateIn: LastSeen, LastSeen }) });
		once(await before.poll(), 50_000);
		// The others are within the overlap of the cursor: they are read again with it, and known as well.
		stage.now += 15 * MINUTE;
		recur('1001', idOf(alert));
		expect(await before.told()).toEqual([`recurred ${idOf(alert)}`]);
		const after = afterRestart(before, like);
		stage.now += 15 * MINUTE;
		recur('1001', idOf(alert));
		expect(await after.told()).toEqual([`recurred ${idOf(alert)}`]);
		expect(await after.pollFor(3)).toEqual([]);
	});
});
