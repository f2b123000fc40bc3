import { describe, expect, it } from 'vitest';
import type { INodeExecutionData } from 'n8n-workflow';
import { clock } from '../../nodes/shared/clock.ts';
import type { Arrival, SimulatorOptions } from '../../simulator/simulator.mts';
import {
	BULK,
	DAY,
	MINUTE,
	SECOND,
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
import { VirtualNetwork } from './virtual-network.mts';

setStage();

const named = (count: number) => Array.from({ length: count }, (_, index) => String(2001 + index));
const LATENCY = 150;

/** A Cynet with those sites, a network between, and a trigger that polls all of them. */
async function stageOf(
	sites: readonly string[],
	{
		latencyOf = () => LATENCY,
		options,
		server,
		...more
	}: Trigger & { latencyOf?: (arrival: Arrival) => number; server?: SimulatorOptions } = {},
) {
	const simulator = await start({ sites: [...sites], ...server });
	const network = new VirtualNetwork(stage, latencyOf);
	network.join(simulator);
	simulator.settings.onRequest = (record) => network.answering(record);
	clock.wait = async (ms) => await network.wait(ms);
	clock.limit = async (ms) => await network.limit(ms);
	const add = (extra: Trigger = {}) =>
		trigger({ ...more, ...extra, options: { clientIds: sites.join(','), ...options } });
	const one = add();
	const through = async <T,>(promise: Promise<T>) => await network.run(promise);
	return {
		...simulator,
		...one,
		network,
		through,
		another: add,
		poll: async () => await through(one.poll()),
		/** Of one poll: how long it took, and what it brought. */
		timed: async () => {
			const began = stage.now;
			const got = await through(one.poll());
			return { took: stage.now - began, got };
		},
		nextMinute: () => void (stage.now += MINUTE),
	};
}

const siteOf = (key: string) => key.split(':')[1] as string;
const countBySite = (all: readonly string[]) => {
	const counts = new Map<string, number>();
	for (const key of all) counts.set(siteOf(key), (counts.get(siteOf(key)) ?? 0) + 1);
	return counts;
};

describe('sites are read side by side', () => {
	it('100 at 150 ms take at most 4 s, and never more than five requests are under way', async () => {
		const sites = named(100);
		const { timed, raise, network, nextMinute } = await stageOf(sites);
		for (const site of sites) raise(1, { site });
		const first = await timed();
		expect(first.got).toHaveLength(100);
		nextMinute();
		const second = await timed();
		expect(second.took).toBeLessThanOrEqual(4 * SECOND);
		expect(first.took - LATENCY).toBeLessThanOrEqual(4 * SECOND);
		expect(network.mostUnderWay).toBe(5);
	});

	it('what comes is in the order of the sites as entered, whichever answers first', async () => {
		const sites = ['2003', '2001', '2004', '2002'];
		const orders: string[][] = [];
		for (const slowest of [0, 1, 2, 3]) {
			const { poll, raise, close } = await stageOf(sites, {
				latencyOf: ({ clientId }) =>
					clientId === sites[slowest] ? 900 : 30 * (Number(clientId) - 2000),
			});
			for (const site of [...sites].sort()) raise(2, { site });
			orders.push((await poll()).map(siteOf));
			await close();
		}
		for (const order of orders) expect(order).toEqual(sites.flatMap((site) => [site, site]));
		await start();
	});

	it('one login is for all, at the start and when the token has ended', async () => {
		const { poll, ledger, expireTokens, nextMinute } = await stageOf(named(20));
		await poll();
		expect(ledger.report().exchanges).toBe(1);
		expireTokens();
		nextMinute();
		await poll();
		expect(ledger.report().exchanges).toBe(2);
	});

	it('a wrong password is tried once, however slow the login is', async () => {
		const { activate, ledger, through } = await stageOf(named(20), {
			latencyOf: () => 5000,
			host: { credential: { password: 'wrong' } },
		});
		await errorOf(through(activate()));
		expect(ledger.report().exchanges).toBe(1);
		expect(requests()).toEqual([]);
	});
});

describe('Max Alerts', () => {
	it.each([1, 3, 7, 40])(
		'%i is for all sites together: never more, each alert once, and no site waits for the others',
		async (maxAlerts) => {
			const sites = named(9);
			let turn = 0;
			const { poll, raise, nextMinute } = await stageOf(sites, {
				options: { maxAlerts, pageSize: 20 },
				latencyOf: () => [20, 700, 150, 3000, 90][turn++ % 5] as number,
			});
			for (const site of sites) raise(site === '2005' ? 20 : 3, { site });
			const all: string[] = [];
			const firstOf = new Map<string, number>();
			const most = Math.ceil(44 / maxAlerts) * 4 + 9;
			let polls = 0;
			for (; all.length < 44 && polls < most; polls++) {
				const got = await poll();
				expect(got.length).toBeLessThanOrEqual(maxAlerts);
				for (const key of got) if (!firstOf.has(siteOf(key))) firstOf.set(siteOf(key), polls);
				all.push(...got);
				nextMinute();
			}
			expect(new Set(all).size).toBe(44);
			expect(all).toHaveLength(44);
			expect(Math.max(...firstOf.values())).toBeLessThan(9);
		},
	);

	it('leaves a part to a site whose answer comes after the others have taken the rest', async () => {
		const sites = named(4);
		const { poll, raise, nextMinute } = await stageOf(sites, {
			options: { maxAlerts: 160, pageSize: 50 },
			latencyOf: ({ clientId }) => (clientId === '2004' ? 5000 : 50),
		});
		await poll();
		for (const site of sites) raise(1000, { site });
		for (let minute = 0; minute < 3; minute++) {
			nextMinute();
			const got = await poll();
			expect(got.length).toBeLessThanOrEqual(160);
			expect(countBySite(got).get('2004')).toBeGreaterThanOrEqual(10);
		}
	});

	it('one site with a backlog among idle ones has all of it', async () => {
		const sites = named(12);
		const { poll, raise, nextMinute } = await stageOf(sites, { options: { maxAlerts: 100 } });
		await poll();
		raise(500, { site: '2001' });
		nextMinute();
		expect((await poll()).length).toBeGreaterThan(75);
	});
});

describe('a wait that the server asks one site for', () => {
	it('holds up every other request of the account until it is over, and then all are read', async () => {
		const sites = named(20);
		const { poll, raise, faults, ledger } = await stageOf(sites);
		for (const site of sites) raise(1, { site });
		faults.add({ kind: 'status', status: 429, retryAfter: 7, match: { site: '2006' }, times: 1 });
		const got = await poll();
		const refusedAt = ledger.requests.find(({ fault }) => fault !== undefined)!.at;
		// Those that were on their way already are answered.
		const during = ledger.requests.filter(
			({ at }) => at > refusedAt + LATENCY && at < refusedAt + 7 * SECOND,
		);
		expect(during).toEqual([]);
		expect(got).toHaveLength(20);
	});

	it('ends the poll where it is longer than the poll, for all triggers of the account, until it is over', async () => {
		const sites = named(20);
		const { raise, faults, ledger, through, poll, another } = await stageOf(sites, {
			options: { toleranceMinutes: 1440 },
		});
		for (const site of sites) raise(1, { site });
		faults.add({ kind: 'status', status: 429, retryAfter: 600, match: { site: '2006' }, times: 1 });
		const other = another();
		const [one, two] = await through(Promise.all([poll(), other.poll()]));
		const refusedAt = ledger.requests.find(({ fault }) => fault !== undefined)!.at;
		const after = ledger.requests.filter(({ at }) => at > refusedAt);
		expect(after.every(({ at }) => at <= refusedAt + LATENCY)).toBe(true);
		const asked = ledger.requests.length;
		stage.now += 5 * MINUTE;
		expect(await poll()).toEqual([]);
		expect(await through(other.poll())).toEqual([]);
		expect(ledger.requests.length).toBe(asked);
		stage.now += 6 * MINUTE;
		one.push(...(await poll()));
		two.push(...(await through(other.poll())));
		expect(new Set(one).size).toBe(20);
		expect(one).toHaveLength(20);
		expect(two.sort()).toEqual(one.sort());
	});
});

describe('a poll that does not count any more', () => {
	it('begins nothing more at any site, and changes neither memory nor state; the next one brings all', async () => {
		const sites = named(16);
		const { n8n, nodeType, activate, through, raise, ledger, poll, nextMinute } =
			await stageOf(sites);
		await through(activate());
		for (const site of sites) raise(1, { site });
		nextMinute();
		const before = ledger.requests.length;
		const old = n8n.poll(nodeType);
		let atTakeover = 0;
		let state = '';
		const newer = async () => {
			await clock.wait(LATENCY + 10);
			const context = n8n.context(nodeType);
			const result = nodeType.poll.call(context);
			atTakeover = ledger.requests.length - before;
			const got = await result;
			state = JSON.stringify(n8n.staticData);
			return got;
		};
		const [dropped, got] = await through(Promise.all([old, newer()]));
		expect(dropped).toBeNull();
		expect(atTakeover).toBeGreaterThan(0);
		expect(keys(got).sort()).toEqual(sites.map((site) => `cynet:${site}:1`).sort());
		// Five were under way at the take-over.
		expect(ledger.requests.length - before).toBeLessThanOrEqual(atTakeover + 5 + sites.length);
		expect(JSON.stringify(n8n.staticData)).toBe(state);
		n8n.save();
		nextMinute();
		expect(await poll()).toEqual([]);
	});

	it('does not ask again where an answer went wrong', async () => {
		const sites = named(4);
		const { n8n, nodeType, activate, through, faults, nextMinute } = await stageOf(sites);
		await through(activate());
		faults.add({ kind: 'status', status: 503, times: 'forever', match: { path: BULK } });
		nextMinute();
		const before = requests().length;
		const old = n8n.poll(nodeType);
		let newer: Promise<INodeExecutionData[][] | null> | undefined;
		const takeOver = async () => {
			await clock.wait(LATENCY + 10);
			faults.clear();
			newer = nodeType.poll.call(n8n.context(nodeType));
			await newer;
		};
		await through(Promise.all([old, takeOver()]));
		expect(requests().length - before).toBe(8);
	});
});

describe('sites that do not answer', () => {
	const sites = named(25);
	const dead = ['2001', '2002', '2003', '2004', '2005'];
	const well = sites.filter((site) => !dead.includes(site));

	it.each([
		['default', undefined],
		['durable cursors', 36_000],
	] as const)(
		'five of them delay the alerts of the others by one poll at most, on the %s path',
		async (_, pollBudgetMs) => {
			const { timed, raise, faults, nextMinute } = await stageOf(sites, {
				host: { pollBudgetMs },
				options: { toleranceMinutes: 1440 },
			});
			await timed();
			for (const site of dead) faults.add({ kind: 'timeout', match: { site }, times: 'forever' });
			nextMinute();
			await timed();
			const times: number[] = [];
			for (let minute = 0; minute < 20; minute++) {
				nextMinute();
				const raised = well.map((site) => keyOf(raise(1, { site })[0]!, site));
				const { took, got } = await timed();
				if (minute > 0 || pollBudgetMs === undefined)
					expect(got).toEqual(expect.arrayContaining(raised));
				times.push(took);
			}
			expect(times.filter((took) => took <= 6 * SECOND).length).toBeGreaterThanOrEqual(16);
			expect(Math.max(...times)).toBeLessThanOrEqual(31 * SECOND);
		},
	);

	it('are all read in the first poll in which they answer again, what came meanwhile with them', async () => {
		const { poll, raise, faults, nextMinute } = await stageOf(sites, {
			options: { toleranceMinutes: 1440 },
		});
		await poll();
		for (const site of dead) faults.add({ kind: 'timeout', match: { site }, times: 'forever' });
		for (let minute = 0; minute < 6; minute++) {
			nextMinute();
			await poll();
		}
		for (const site of sites) raise(2, { site });
		faults.clear();
		nextMinute();
		expect(countBySite(await poll())).toEqual(new Map(sites.map((site) => [site, 2])));
	});

	it('are read side by side where none answers, and so all come back at once', async () => {
		const { poll, raise, faults, nextMinute, network } = await stageOf(sites, {
			options: { toleranceMinutes: 1440 },
		});
		await poll();
		faults.add({ kind: 'timeout', times: 'forever' });
		for (let minute = 0; minute < 10; minute++) {
			nextMinute();
			await poll();
		}
		for (const site of sites) raise(1, { site });
		faults.clear();
		nextMinute();
		expect(await poll()).toHaveLength(25);
		expect(network.mostUnderWay).toBe(5);
	});

	it('one that only takes long is waited for within ten minutes, once it did not answer', async () => {
		let latency = LATENCY;
		const { poll, raise, faults, nextMinute } = await stageOf(sites, {
			options: { toleranceMinutes: 1440 },
			latencyOf: ({ clientId }) => (clientId === '2001' ? latency : LATENCY),
		});
		await poll();
		faults.add({ kind: 'timeout', match: { site: '2001' }, times: 3 });
		latency = 12 * SECOND;
		raise(1, { site: '2001' });
		const all: string[] = [];
		for (let minute = 0; minute < 10; minute++) {
			nextMinute();
			all.push(...(await poll()));
		}
		expect(all).toEqual(['cynet:2001:1']);
	});

	it('what one of them costs is said in the log at each poll', async () => {
		const { poll, n8n, faults, nextMinute } = await stageOf(sites, {
			options: { toleranceMinutes: 1440 },
		});
		await poll();
		for (const site of dead) faults.add({ kind: 'timeout', match: { site }, times: 'forever' });
		nextMinute();
		await poll();
		n8n.log.splice(0);
		nextMinute();
		await poll();
		const lines = n8n.log.filter(({ level }) => level === 'warn').map(({ message }) => message);
		for (const site of dead)
			expect(lines.some((line) => line.startsWith(`Cynet Trigger: Site ${site}: `))).toBe(true);
	});
});

describe('a list of sites that is longer than the time of a poll', () => {
	it('is read in turn, each site once a round', async () => {
		const sites = named(60);
		const { poll, raise } = await stageOf(sites, {
			latencyOf: ({ path }) => (path === BULK ? 900 : 0),
			host: { pollBudgetMs: 5000 },
		});
		// Four seconds of the five are for beginning: five sites a lane, of which there are five.
		for (const site of sites) raise(1, { site, at: stage.now - DAY / 60 });
		const rounds = [await poll(), await poll(), await poll()];
		expect(rounds.map((got) => got.length)).toEqual([25, 25, 10]);
		expect(new Set(rounds.flat()).size).toBe(60);
	});
});
