import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { describe, expect, it } from 'vitest';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { createHost } from './harness.mts';
import {
	BULK,
	DAY,
	HOUR,
	KEY,
	MINUTE,
	SECOND,
	afterRestart,
	errorOf,
	keyOf,
	keys,
	requests,
	setStage,
	stage,
	start,
	trigger,
	type Trigger,
} from './trigger-helpers.mts';

setStage();

/** Runs a poll up to its first request for alerts, and lets it go on when told. */
function held(context: IPollFunctions) {
	let go = () => {};
	let arrived = () => {};
	const gate = new Promise<void>((resolve) => (go = resolve));
	const atGate = new Promise<void>((resolve) => (arrived = resolve));
	const { helpers } = context;
	const request = helpers.httpRequestWithAuthentication as (...all: unknown[]) => Promise<unknown>;
	let first = true;
	(helpers as { httpRequestWithAuthentication: unknown }).httpRequestWithAuthentication =
		async function (this: unknown, ...all: unknown[]) {
			const answer = await request.apply(this, all);
			if (first) {
				first = false;
				arrived();
				await gate;
			}
			return answer;
		};
	const result = new CynetTrigger().poll.call(context);
	result.catch(() => undefined);
	return { result, atGate, go };
}

const pollOf = async (context: IPollFunctions) => await new CynetTrigger().poll.call(context);
const warnings = ({ log }: { log: ReadonlyArray<{ level: string; message: string }> }) =>
	log.filter(({ level }) => level === 'warn').map(({ message }) => message);
const infos = ({ log }: { log: ReadonlyArray<{ level: string; message: string }> }) =>
	log.filter(({ level }) => level === 'info').map(({ message }) => message);

describe('a poll that is running', () => {
	it('skips the next tick and says for how long it has run and what to set', async () => {
		await start();
		const { n8n, nodeType } = trigger();
		const context = n8n.context(nodeType);
		const one = held(context);
		await one.atGate;
		stage.now += MINUTE;
		expect(await n8n.poll(nodeType)).toBeNull();
		expect(infos(n8n).join()).toMatch(/skipped.*60 seconds.*Max Alerts per Poll/);
		one.go();
		await one.result;
	});

	it('is given up once it has outlived its time, and changes nothing when it ends at last', async () => {
		const { raise } = await start();
		const { n8n, nodeType, poll } = trigger();
		await poll();
		const [alert] = raise();
		const one = held(n8n.context(nodeType));
		await one.atGate;
		stage.now += 331 * SECOND;
		expect(keys(await n8n.poll(nodeType))).toEqual([keyOf(alert!)]);
		expect(warnings(n8n).join()).toContain('has not ended in 331 seconds and was given up');
		const [next] = raise();
		one.go();
		expect(await one.result).toBeNull();
		stage.now += MINUTE;
		expect(await poll()).toEqual([keyOf(next!)]);
	});

	it('is superseded by a newer registration at once: it brings nothing, the new one brings all', async () => {
		const { raise } = await start();
		const { n8n, nodeType, activate } = trigger();
		await activate();
		const alerts = raise(3);
		const one = held(n8n.context(nodeType));
		await one.atGate;
		stage.now += SECOND;
		expect((await activate()).sort()).toEqual(alerts.map((alert) => keyOf(alert)).sort());
		const { staticData } = n8n;
		const before = staticData[KEY];
		one.go();
		expect(await one.result).toBeNull();
		expect(staticData[KEY]).toBe(before);
		stage.now += MINUTE;
		expect(keys(await n8n.poll(nodeType))).toEqual([]);
	});

	it('that fails after it was superseded does not throw', async () => {
		const { faults } = await start();
		const { n8n, nodeType } = trigger({ options: { toleranceMinutes: 0 } });
		const old = n8n.context(nodeType);
		faults.add({ kind: 'status', status: 403, match: { path: BULK } });
		const one = held(old);
		await one.atGate;
		await pollOf(n8n.context(nodeType));
		one.go();
		expect(await one.result).toBeNull();
	});

	it('is not superseded by an older registration that n8n forgot to end', async () => {
		const { raise } = await start();
		const { n8n, nodeType } = trigger();
		const stale = n8n.context(nodeType);
		await pollOf(stale);
		const current = n8n.context(nodeType);
		await pollOf(current);
		const [alert] = raise();
		const one = held(current);
		await one.atGate;
		expect(await pollOf(stale)).toBeNull();
		one.go();
		expect(keys(await one.result)).toEqual([keyOf(alert!)]);
	});
});

describe('a batch', () => {
	it('that n8n dropped, unpublished meanwhile, comes when the trigger is published again, with the start that it had', async () => {
		const { raise } = await start();
		raise(1, { at: stage.now - MINUTE });
		const { n8n, nodeType, activate } = trigger({ options: { lookbackHours: 0 } });
		await n8n.poll(nodeType);
		const alerts = raise(3);
		stage.now += MINUTE;
		// n8n drops the result: it does not look into it.
		expect(await nodeType.poll.call(n8n.context(nodeType))).not.toBeNull();
		stage.now += 3 * DAY;
		expect((await activate()).sort()).toEqual(alerts.map((alert) => keyOf(alert)).sort());
		expect(warnings(n8n).join()).toMatch(/dropped the last batch.*\(3\)/);
	});

	it('that n8n took a moment before the trigger was registered anew does not come again, though n8n read the static data before', async () => {
		const { raise } = await start();
		const { n8n, nodeType, poll, after } = trigger();
		await poll();
		const alerts = raise(3);
		stage.now += MINUTE;
		const old = n8n.context(nodeType);
		const next = n8n.context(nodeType);
		expect(keys(await nodeType.poll.call(old))).toHaveLength(alerts.length);
		stage.now += 20;
		expect(keys(await nodeType.poll.call(next))).toEqual([]);
		const [later] = raise();
		expect(await after(MINUTE)).toEqual([keyOf(later!)]);
		expect(stage.waited).toEqual([]);
	});

	it('that n8n takes while the next registration polls already is waited for', async () => {
		const { raise } = await start();
		const { n8n, nodeType, poll } = trigger();
		await poll();
		raise(3);
		stage.now += MINUTE;
		const batch = await nodeType.poll.call(n8n.context(nodeType));
		const next = n8n.context(nodeType);
		const { wait } = clock;
		clock.wait = async (milliseconds) => {
			await wait(milliseconds);
			if (stage.waited.length === 3) keys(batch);
		};
		expect(keys(await nodeType.poll.call(next))).toEqual([]);
		expect(stage.waited).toEqual([100, 100, 100]);
	});

	it.each([
		['alternately', false],
		['at the same moment', true],
	])(
		'comes once from two registrations of one node that poll %s, and nothing is lost',
		async (_, together) => {
			const { raise } = await start();
			const { n8n, nodeType } = trigger();
			const contexts = [n8n.context(nodeType), n8n.context(nodeType)];
			const all: string[] = [];
			const tick = async (context: IPollFunctions) =>
				void all.push(...keys(await nodeType.poll.call(context)));
			for (let round = 0; round < 6; round++) {
				raise(2);
				stage.now += MINUTE;
				if (together) await Promise.all(contexts.map(tick));
				else await tick(contexts[round % 2]!);
			}
			stage.now += MINUTE;
			for (const context of contexts) await tick(context);
			expect([all.length, new Set(all).size]).toEqual([12, 12]);
		},
	);
});

describe('durable cursors', () => {
	/** A tick of n8n's durable scheduler: a context of its own, on a copy of what was committed. */
	const tick = async (
		committed: { data: IDataObject },
		like: { workflowId: string; pollBudgetMs?: number; fate?: 'commits' | 'drops' | 'rejects' },
	) => {
		const n8n = createHost({
			pollBudgetMs: 36_000,
			...like,
			staticData: structuredClone(committed.data),
			credential: {
				baseUrl: stage.simulator.url,
				username: 'ACCESS-KEY',
				password: 'SECRET-KEY-OF-THE-SIMULATOR',
				clientId: '1001',
			},
			node: { parameters: { options: {} } },
		});
		const nodeType = new CynetTrigger();
		const result: INodeExecutionData[][] | null = await nodeType.poll.call(n8n.context(nodeType));
		const { fate = 'commits' } = like;
		if (result && fate !== 'drops') keys(result);
		if (fate === 'commits') committed.data = { ...n8n.staticData };
		return { got: result && fate !== 'commits' ? [] : keys(result), n8n };
	};

	it.each([
		['drops', 11 * SECOND],
		['rejects', MINUTE],
	] as const)(
		'a batch that n8n %s comes again, with nothing stored before it too',
		async (fate, wait) => {
			const { raise } = await start();
			raise(4);
			const committed = { data: {} };
			const like = { workflowId: `durable ${fate}` };
			expect((await tick(committed, { ...like, fate })).got).toEqual([]);
			stage.now += 2 * SECOND;
			const skipped = await tick(committed, like);
			expect(skipped.got).toEqual([]);
			expect(infos(skipped.n8n).join()).toContain('still writing the last batch');
			stage.now += wait;
			expect((await tick(committed, like)).got).toHaveLength(4);
			stage.now += MINUTE;
			expect((await tick(committed, like)).got).toEqual([]);
		},
	);

	it('a snapshot that n8n read before it had committed is left alone, and the committed one is gone on from', async () => {
		const { raise } = await start();
		const committed = { data: {} };
		const like = { workflowId: 'durable race' };
		await tick(committed, like);
		const before = { data: committed.data };
		raise(2);
		stage.now += MINUTE;
		expect((await tick(committed, like)).got).toHaveLength(2);
		stage.now += 400;
		expect((await tick(before, like)).got).toEqual([]);
		stage.now += MINUTE;
		expect((await tick(committed, like)).got).toEqual([]);
		raise();
		expect((await tick(committed, like)).got).toHaveLength(1);
	});
});

describe('the start', () => {
	it('counts from the publication that succeeded, not from one that failed', async () => {
		const { raise } = await start();
		const wrong: Trigger = {
			options: { lookbackHours: 0 },
			host: { workflowId: 'failed publication', credential: { password: 'wrong' } },
		};
		const failed = trigger(wrong);
		await errorOf(failed.activate());
		expect(failed.n8n.saved).toEqual({});
		raise(5);
		stage.now += 7 * DAY;
		const right = trigger({ ...wrong, host: { workflowId: 'failed publication' } });
		expect(await right.activate()).toEqual([]);
		const [alert] = raise();
		expect(await right.after(MINUTE)).toEqual([keyOf(alert!)]);
	});

	it.each([
		['now', 0],
		['a clock that was ahead', 3 * HOUR],
	])('of a trigger whose API was away is kept over a restart of n8n, with %s', async (_, skew) => {
		const { raise, faults } = await start();
		const like: Trigger = { options: { lookbackHours: 0 } };
		const first = trigger(like);
		faults.add({ kind: 'status', status: 503, times: 'forever' });
		stage.skew = skew;
		expect(await first.activate()).toEqual([]);
		stage.now += MINUTE;
		const alerts = raise(2);
		stage.now += HOUR;
		stage.skew = 0;
		faults.clear();
		const second = afterRestart(first, like);
		const got = await second.activate();
		expect(got).toEqual(skew === 0 ? alerts.map((alert) => keyOf(alert)) : []);
		stage.now += MINUTE;
		await second.poll();
		expect(Object.keys(second.n8n.staticData)).toEqual([KEY]);
	});

	it('belongs to the site: one that is added later starts with what is new from then on', async () => {
		const { raise } = await start({ sites: ['1001', '1002'] });
		const { poll, set, after } = trigger({ options: { lookbackHours: 0, clientIds: '1001' } });
		await poll();
		stage.now += HOUR;
		raise(10, { site: '1002' });
		stage.now += HOUR;
		set({ options: { clientIds: '1001,1002' } });
		expect(await poll()).toEqual([]);
		const [alert] = raise(1, { site: '1002' });
		expect(await after(MINUTE)).toEqual([keyOf(alert!, '1002')]);
	});
});

describe('several triggers', () => {
	it('with one node id in one workflow each get everything, polled in the same instant', async () => {
		const { raise } = await start();
		const alerts = raise(3);
		const host = { workflowId: 'twins', connected: ['Left', 'Right'] };
		const [left, right] = ['Left', 'Right'].map((name) =>
			trigger({ host: { ...host, node: { id: 'same', name } } }),
		);
		const got = await Promise.all([left!.poll(), right!.poll()]);
		expect(got.map((all) => all.length)).toEqual([alerts.length, alerts.length]);
		stage.now += MINUTE;
		expect(await Promise.all([left!.poll(), right!.poll()])).toEqual([[], []]);
	});

	it('of which one is renamed: it goes on where it was', async () => {
		const { raise } = await start();
		raise(3);
		const host = { workflowId: 'renamed' };
		expect(
			await trigger({
				host: { ...host, connected: ['Old'], node: { id: 'one', name: 'Old' } },
			}).poll(),
		).toHaveLength(3);
		stage.now += MINUTE;
		expect(
			await trigger({
				host: { ...host, connected: ['New'], node: { id: 'one', name: 'New' } },
			}).poll(),
		).toEqual([]);
	});

	it('in one workflow keep the newest state of each, whichever n8n saved last', async () => {
		const { raise } = await start();
		const host = { workflowId: 'two in one' };
		const [one, two] = ['One', 'Two'].map((name) =>
			trigger({ host: { ...host, node: { id: name, name } } }),
		);
		await one!.activate();
		await two!.activate();
		raise(3);
		stage.now += MINUTE;
		expect(await two!.poll()).toHaveLength(3);
		stage.now += MINUTE;
		expect(await one!.poll()).toHaveLength(3);
		// The save of one holds no newer state of two than its own copy, but for what they share.
		const shared = one!.n8n.savedGlobal!;
		const later = trigger({
			host: { workflowId: 'after a restart', node: { id: 'Two', name: 'Two' }, global: shared },
		});
		expect(await later.activate()).toEqual([]);
	});
});

describe('trouble', () => {
	it.each(['wrong password', 'not found', 'web page'])(
		'%s at the first poll after a start does not end a trigger that has worked; the next poll reports it',
		async (what) => {
			const { raise, faults } = await start();
			const first = trigger();
			raise();
			await first.activate();
			if (what === 'not found') faults.add({ kind: 'status', status: 404, times: 'forever' });
			if (what === 'web page') faults.add({ kind: 'html', times: 'forever' });
			const second = afterRestart(first, {
				options: { toleranceMinutes: 0 },
				host: { credential: what === 'wrong password' ? { password: 'wrong' } : {} },
			});
			expect(await second.activate()).toEqual([]);
			expect(warnings(second.n8n).join()).toContain('Trying again');
			await errorOf(second.after(MINUTE));
		},
	);

	it('a clock that was a day ahead silences neither the polls after a Retry-After nor the report', async () => {
		const { faults } = await start();
		const { activate, after, poll } = trigger();
		await activate();
		stage.skew = DAY;
		faults.add({ kind: 'status', status: 429, retryAfter: 400 });
		expect(await after(MINUTE)).toEqual([]);
		stage.skew = 0;
		const asked = requests().length;
		expect(await after(400 * SECOND)).toEqual([]);
		expect(requests().length).toBe(asked + 1);
		stage.skew = DAY;
		faults.add({ kind: 'status', status: 503, times: 'forever' });
		expect(await after(MINUTE)).toEqual([]);
		stage.skew = 0;
		stage.now += 6 * MINUTE;
		expect((await errorOf(poll())).message).toContain('not available');
	});

	it('a warning is in the log once an hour', async () => {
		await start({ bulk: false });
		const { n8n, pollFor } = trigger();
		const told = () => warnings(n8n).filter((text) => text.includes('no /api/alerts/bulk')).length;
		await pollFor(59);
		expect(told()).toBe(1);
	});
});

describe('settings and static data', () => {
	it('states of sites that are not polled any more are removed, and only those', async () => {
		await start({ sites: ['1001', '1002'] });
		const { n8n, poll, set } = trigger({ options: { clientIds: '1001,1002' } });
		await poll();
		n8n.staticData.mine = 1;
		n8n.save();
		set({ options: { clientIds: '1002' } });
		await poll();
		expect(Object.keys(n8n.staticData).sort()).toEqual(['mine', 'site 1002']);
	});

	it('50,000 Client IDs and a wrong password: one error, one exchange', async () => {
		await start();
		const clientIds = Array.from({ length: 50_000 }, (_, index) => 10_000 + index).join(', ');
		const { activate } = trigger({
			options: { clientIds },
			host: { credential: { password: 'wrong' } },
		});
		expect((await errorOf(activate())).message).not.toContain('Site');
		expect(stage.simulator.ledger.report().exchanges).toBe(1);
	});
});
