import { inspect } from 'node:util';
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator.mts';
import { createHost, NodeApiError, type HostOptions } from './harness.mts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BULK = '/api/alerts/bulk';
const KEY = 'site 1001';

const real = { ...clock };
let now: number;
let waited: number[];
let simulator: Simulator;
let workflows = 0;

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ now: () => now, ...options });
}

interface Trigger {
	options?: INodeParameters;
	parameters?: INodeParameters;
	host?: HostOptions;
}

function trigger({ options = {}, parameters = {}, host = {} }: Trigger = {}) {
	const nodeType = new CynetTrigger();
	const credential = {
		baseUrl: simulator.url,
		username: 'ACCESS-KEY',
		password: 'SECRET-KEY-OF-THE-SIMULATOR',
		clientId: '1001',
		...host.credential,
	};
	const n8n = createHost({
		workflowId: `workflow ${++workflows}`,
		...host,
		credential,
		node: { ...host.node, parameters: { simple: true, ...parameters, options } },
	});
	return {
		n8n,
		nodeType,
		/** One tick; the keys of the items. */
		poll: async () => keys(await n8n.poll(nodeType)),
		items: async () => (await n8n.poll(nodeType))?.[0]?.map((item) => item.json) ?? [],
		activate: async () => keys(await n8n.activate(nodeType)),
		/** The workflow is registered anew, as after a start of n8n. */
		restart: () => n8n.context(nodeType),
	};
}

function keys(result: INodeExecutionData[][] | null): string[] {
	return (result?.[0] ?? []).map((item) => String(item.json.dedupKey));
}

const keyOf = (alert: { ClientDbId?: unknown }) => `cynet:1001:${String(alert.ClientDbId)}`;
const requests = (path = BULK) => simulator.ledger.requests.filter((request) => request.path === path);

async function errorOf(promise: Promise<unknown>): Promise<InstanceType<typeof NodeApiError>> {
	try {
		await promise;
	} catch (error) {
		expect(error).toBeInstanceOf(NodeApiError);
		return error as InstanceType<typeof NodeApiError>;
	}
	throw new Error('Nothing was thrown');
}

beforeEach(() => {
	now = Date.UTC(2026, 4, 9, 12, 0, 0);
	waited = [];
	clock.now = () => now;
	clock.random = () => 0.5;
	clock.wait = async (milliseconds) => {
		waited.push(milliseconds);
		now += milliseconds;
	};
});

afterEach(async () => {
	Object.assign(clock, real);
	await simulator.close();
});

describe('a new alert', () => {
	it('is handed over once, as one item, with the key a ticketing system stores', async () => {
		await start();
		const { activate, items, poll } = trigger();
		expect(await activate()).toEqual([]);
		const [alert] = simulator.raise();
		now += MINUTE;
		const [item, ...more] = await items();
		expect(more).toEqual([]);
		expect(item).toMatchObject({
			id: alert!.ClientDbId,
			clientId: '1001',
			dedupKey: keyOf(alert!),
			event: 'created',
			name: alert!.IncidentName,
			host: alert!.HostName,
		});
		now += MINUTE;
		expect(await poll()).toEqual([]);
	});

	it('comes with the vendor\'s fields verbatim when Simplify is off', async () => {
		await start();
		const [alert] = simulator.raise();
		const [item] = await trigger({ parameters: { simple: false } }).items();
		const { cynet, ...rest } = item!;
		expect(rest).toEqual(JSON.parse(JSON.stringify(alert)));
		expect(cynet).toEqual({ event: 'created', clientId: '1001', dedupKey: keyOf(alert!) });
	});

	it('that turns up nine minutes late is handed over once', async () => {
		await start();
		const { poll } = trigger();
		await poll();
		const stamped = now;
		simulator.raise(1, { at: stamped, visibleAt: stamped + 9 * MINUTE });
		const seen: string[] = [];
		for (let minute = 0; minute < 30; minute++) {
			now += MINUTE;
			seen.push(...(await poll()));
		}
		expect(seen).toHaveLength(1);
	});

	it('that turns up hours late is found by the hourly sweep, once', async () => {
		await start();
		const { poll } = trigger();
		await poll();
		now += 2 * HOUR;
		await poll();
		simulator.raise(1, { at: now - 90 * MINUTE });
		const seen: string[] = [];
		for (let minute = 0; minute < 70; minute++) {
			now += MINUTE;
			seen.push(...(await poll()));
		}
		expect(seen).toHaveLength(1);
	});

	it('is still known when it recurs after 5,000 others', async () => {
		await start();
		const { poll } = trigger({ options: { maxAlerts: 10_000 } });
		const [alert] = simulator.raise();
		await poll();
		simulator.fill(5000);
		now += MINUTE;
		expect(await poll()).toHaveLength(5000);
		simulator.recur('1001', alert!.ClientDbId as number);
		now += MINUTE;
		expect(await poll()).toEqual([]);
	});
});

describe('the first poll', () => {
	it('hands over what was raised within the look-back, and nothing older', async () => {
		await start();
		simulator.raise(1, { at: now - 25 * HOUR });
		const [young] = simulator.raise(1, { at: now - 23 * HOUR });
		expect(await trigger().poll()).toEqual([keyOf(young!)]);
	});

	it('with a look-back of 0 hands over only what is raised from then on', async () => {
		await start();
		simulator.raise(3, { at: now - 5 * MINUTE });
		const { poll } = trigger({ options: { lookbackHours: 0 } });
		expect(await poll()).toEqual([]);
		now += MINUTE;
		const [alert] = simulator.raise();
		expect(await poll()).toEqual([keyOf(alert!)]);
	});

	it('that fails does not move the start: what was raised meanwhile is handed over', async () => {
		await start();
		const { activate, poll } = trigger({ options: { lookbackHours: 0 } });
		simulator.faults.add({ kind: 'status', status: 503, times: 'forever' });
		await activate();
		now += 2 * MINUTE;
		const [alert] = simulator.raise();
		now += 20 * MINUTE;
		simulator.faults.clear();
		expect(await poll()).toEqual([keyOf(alert!)]);
	});

	it('an old alert that recurs later is not new', async () => {
		await start();
		const [old] = simulator.raise(1, { at: now - 30 * HOUR });
		const { poll } = trigger();
		await poll();
		simulator.recur('1001', old!.ClientDbId as number);
		now += MINUTE;
		expect(await poll()).toEqual([]);
	});

	it.each([['ahead', 3 * HOUR], ['behind', -3 * HOUR]])('works on the server\'s clock when n8n\'s is %s of it', async (_, skew) => {
		await start();
		simulator.settings.serverClockOffsetMs = -skew;
		simulator.raise(1, { at: simulator.serverNow() - 25 * HOUR });
		const [young] = simulator.raise(1, { at: simulator.serverNow() - 23 * HOUR });
		const { poll } = trigger();
		expect(await poll()).toEqual([keyOf(young!)]);
		now += MINUTE;
		const [next] = simulator.raise(1, { at: simulator.serverNow() - 1000 });
		expect(await poll()).toEqual([keyOf(next!)]);
	});
});

describe('many alerts', () => {
	it('beyond Max Alerts follow in the next polls, each once, without reading the first ones again', async () => {
		await start();
		simulator.fill(1000, { at: now - HOUR });
		const { poll } = trigger({ options: { maxAlerts: 300, lateSweepHours: 0 } });
		const counts: number[] = [];
		const all = new Set<string>();
		for (let i = 0; i < 5; i++) {
			const got = await poll();
			counts.push(got.length);
			got.forEach((key) => all.add(key));
			now += MINUTE;
		}
		expect(counts).toEqual([300, 300, 300, 100, 0]);
		expect(all.size).toBe(1000);
		// 11 pages of 95 new rows for the walk, one more where each poll stopped, 11 to read the window once more, one idle poll.
		expect(requests().length).toBeLessThanOrEqual(28);
	});

	it('an idle poll is one request', async () => {
		await start();
		simulator.raise(3);
		const { poll } = trigger();
		await poll();
		const before = simulator.ledger.requests.length;
		for (let minute = 0; minute < 30; minute++) {
			now += MINUTE;
			await poll();
		}
		expect(simulator.ledger.requests.length - before).toBe(30);
	});

	it('are all found on a server that caps its pages at 50 rows', async () => {
		await start({ maxLimit: 50 });
		simulator.fill(240, { at: now - HOUR });
		expect(new Set(await trigger().poll()).size).toBe(240);
	});

	it('are all found on a server that ignores Offset', async () => {
		await start({ ignoresOffset: true });
		simulator.fill(240, { at: now - HOUR });
		const { poll, n8n } = trigger();
		expect(new Set(await poll()).size).toBe(240);
		expect(requests('/api/alerts')).toHaveLength(1);
		expect(n8n.log.map((line) => line.message).join()).toContain('ignores Offset');
	});

	it('are all found on a server without /bulk, which is tried again after an hour', async () => {
		await start({ bulk: false });
		simulator.fill(240, { at: now - HOUR });
		const { poll } = trigger();
		expect(new Set(await poll()).size).toBe(240);
		now += MINUTE;
		await poll();
		expect(requests()).toHaveLength(1);
		simulator.settings.bulk = true;
		now += HOUR;
		await poll();
		await poll();
		expect(requests().some((request) => request.status === 200)).toBe(true);
	});
});

describe('when a page cannot be read', () => {
	it('nothing is emitted and no state moves', async () => {
		await start();
		const { activate, poll, n8n } = trigger();
		await activate();
		const before = n8n.staticData[KEY];
		expect(before).toBeTypeOf('string');
		simulator.raise(3);
		now += MINUTE;
		simulator.faults.add({ kind: 'reset', times: 'forever' });
		expect(await poll()).toEqual([]);
		expect(n8n.staticData[KEY]).toBe(before);
		simulator.faults.clear();
		expect(await poll()).toHaveLength(3);
	});

	it('what the pages before it brought is handed over, and the rest follows once', async () => {
		await start();
		simulator.fill(250, { at: now - HOUR });
		simulator.faults.add({ kind: 'status', status: 500, match: { path: BULK, page: 3 }, times: 1 });
		simulator.faults.add({ kind: 'html', match: { path: BULK, page: 4 }, times: 1 });
		const { poll } = trigger();
		const first = await poll();
		const second = await poll();
		expect(first.length).toBe(195);
		expect(new Set([...first, ...second]).size).toBe(250);
		expect(first.length + second.length).toBe(250);
	});

	it('transient trouble is noted in the log for the tolerance, then thrown', async () => {
		await start();
		const { activate, poll, n8n } = trigger();
		await activate();
		simulator.faults.add({ kind: 'status', status: 503, times: 'forever' });
		now += MINUTE;
		expect(await poll()).toEqual([]);
		expect(n8n.log.at(-1)).toMatchObject({ level: 'warn' });
		now += 5 * MINUTE;
		const error = await errorOf(poll());
		expect(error.message).toContain('not available');
		expect(error.description).toBeTruthy();
	});

	it.each(['half', 'truncated', 'reset'] as const)('%s is repeated within the poll', async (kind) => {
		await start();
		const [alert] = simulator.raise();
		simulator.faults.add({ kind, match: { path: BULK }, times: 2 });
		expect(await trigger().poll()).toEqual([keyOf(alert!)]);
		expect(requests()).toHaveLength(3);
	});

	it.each(['null', 'noEntities', 'nullEntities', 'bareArray', 'noContent'] as const)('%s is an answer, not trouble', async (kind) => {
		await start();
		const { activate, poll } = trigger();
		await activate();
		simulator.faults.add({ kind, match: { path: BULK }, times: 1 });
		now += MINUTE;
		await poll();
		const [alert] = simulator.raise();
		now += MINUTE;
		expect(await poll()).toEqual([keyOf(alert!)]);
	});

	it('Retry-After is obeyed by the polls that follow', async () => {
		await start();
		const { activate, poll } = trigger({ host: { pollBudgetMs: 36_000 } });
		await activate();
		simulator.faults.add({ kind: 'status', status: 429, retryAfter: 180, times: 1 });
		const [alert] = simulator.raise();
		now += MINUTE;
		expect(await poll()).toEqual([]);
		const asked = requests().length;
		now += 2 * MINUTE;
		expect(await poll()).toEqual([]);
		expect(requests()).toHaveLength(asked);
		now += 61_000;
		expect(await poll()).toEqual([keyOf(alert!)]);
	});
});

describe('the first poll of a registration decides over the trigger\'s life', () => {
	it.each([
		['503', { kind: 'status', status: 503 }],
		['429', { kind: 'status', status: 429, retryAfter: 3600 }],
		['a reset connection', { kind: 'reset' }],
		['a broken answer', { kind: 'truncated' }],
	] as const)('%s does not end it, however long it has lasted', async (_, fault) => {
		await start();
		simulator.faults.add({ ...fault, times: 'forever' });
		const { activate, n8n } = trigger({ options: { toleranceMinutes: 0 } });
		expect(await activate()).toEqual([]);
		now += 2 * HOUR;
		expect(await activate()).toEqual([]);
		expect(n8n.log.some((line) => line.level === 'warn')).toBe(true);
	});

	it('an API that is down does not end it, and alerts come when it is back', async () => {
		await start();
		const { url } = simulator;
		await simulator.close();
		const down = trigger({ host: { credential: { baseUrl: url } } });
		expect(await down.activate()).toEqual([]);
		await start({ port: Number(new URL(url).port) });
		const [alert] = simulator.raise();
		now += 10 * MINUTE;
		expect(await down.poll()).toEqual([keyOf(alert!)]);
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

	it('a web page in the place of data is thrown at once and says what to use instead', async () => {
		await start();
		simulator.faults.add({ kind: 'html', times: 'forever', match: { path: BULK } });
		const error = await errorOf(trigger().activate());
		expect(error.description).toContain('.api.cynet.com');
	});
});

describe('n8n\'s ways with state', () => {
	it('a poll that finds another one running returns nothing and asks nothing', async () => {
		await start();
		simulator.raise(5);
		const { poll, restart } = trigger();
		restart();
		const [first, second] = await Promise.all([poll(), poll()]);
		expect([first.length, second.length].sort()).toEqual([0, 5]);
		expect(requests()).toHaveLength(1);
	});

	it('the state survives as JSON: after a restart nothing comes twice and nothing is lost', async () => {
		await start();
		const { activate, poll, restart } = trigger();
		simulator.raise(5);
		expect(await activate()).toHaveLength(5);
		for (let minute = 0; minute < 20; minute++) {
			now += MINUTE;
			await poll();
		}
		restart();
		simulator.raise(2);
		now += MINUTE;
		expect(await poll()).toHaveLength(2);
	});

	it('every emitting poll marks the static data as changed, by one top-level text', async () => {
		await start();
		const { poll, n8n } = trigger();
		simulator.raise();
		await poll();
		const first = n8n.saved?.[KEY];
		simulator.raise();
		now += MINUTE;
		await poll();
		expect(Object.keys(n8n.saved!)).toEqual([KEY]);
		expect(n8n.saved?.[KEY]).toBeTypeOf('string');
		expect(n8n.saved?.[KEY]).not.toBe(first);
	});

	it('a renamed node does not repeat alerts while the process lives', async () => {
		await start();
		simulator.raise(3);
		const workflowId = 'renamed workflow';
		expect(await trigger({ host: { workflowId, node: { name: 'Cynet Trigger' } } }).poll()).toHaveLength(3);
		const renamed = trigger({ host: { workflowId, node: { name: 'Alerts' } } });
		simulator.raise();
		now += MINUTE;
		expect(await renamed.poll()).toHaveLength(1);
	});

	it('a cursor that a Code node wiped does not repeat alerts while the process lives', async () => {
		await start();
		simulator.raise(3);
		const { poll, n8n } = trigger();
		await poll();
		delete n8n.staticData[KEY];
		now += MINUTE;
		expect(await poll()).toEqual([]);
	});

	it('a snapshot older than what was handed over a moment ago is left alone; a minute later it is right', async () => {
		await start();
		const { poll, n8n } = trigger();
		simulator.raise();
		await poll();
		const older = n8n.staticData[KEY] as string;
		simulator.raise(2);
		now += MINUTE;
		expect(await poll()).toHaveLength(2);
		n8n.staticData[KEY] = older;
		now += 400;
		expect(await poll()).toEqual([]);
		expect(n8n.staticData[KEY]).toBe(older);
		now += MINUTE;
		expect(await poll()).toHaveLength(2);
	});

	it.each([
		['cut off', '{"v":1,"server"'],
		['of a later version', '{"v":99}'],
		['no text', { v: 1 } as unknown as string],
	])('a state that is %s is said in the log and starts with the look-back', async (_, stored) => {
		await start();
		const [alert] = simulator.raise();
		const { poll, n8n } = trigger({ host: { staticData: { [KEY]: stored } } });
		expect(await poll()).toEqual([keyOf(alert!)]);
		expect(n8n.log.find((line) => line.level === 'warn')?.message).toMatch(/stored state/);
	});

	it('the state of another server is not used', async () => {
		await start();
		const { poll, n8n } = trigger();
		simulator.raise(2);
		await poll();
		const stored = String(n8n.saved?.[KEY]).replace(simulator.url, 'https://other.api.cynet.com');
		const moved = trigger({ host: { staticData: { [KEY]: stored } } });
		expect(await moved.poll()).toHaveLength(2);
	});
});

describe('Fetch Test Event', () => {
	it('returns the newest few alerts and touches no state', async () => {
		await start();
		simulator.raise(1, { at: now - 3 * HOUR });
		const newest = simulator.raise(3, { at: now - MINUTE, spacingMs: 1000 });
		const { poll, n8n } = trigger({ host: { mode: 'manual' } });
		expect((await poll()).sort()).toEqual(newest.map(keyOf).sort());
		expect(n8n.staticData).toEqual({});
	});

	it('says what to do when there are no alerts', async () => {
		await start();
		const { poll } = trigger({ host: { mode: 'manual' } });
		await expect(poll()).rejects.toMatchObject({ message: expect.stringContaining('no such alerts'), description: expect.stringContaining('Publish') });
	});
});

describe('bad options', () => {
	it.each([
		['overlapMinutes', -1, 'Overlap'],
		['overlapMinutes', 1.5, 'Overlap'],
		['lookbackHours', -24, 'Look Back'],
		['pageSize', 0, 'Page Size'],
		['maxAlerts', 0, 'Max Alerts'],
		['maxAlerts', Number.NaN, 'Max Alerts'],
		['toleranceMinutes', '5', 'Tolerance'],
		['lateSweepHours', 0.5, 'Late Sweep'],
	])('%s = %s is refused by name before any request', async (name, value, displayName) => {
		await start();
		const { poll, n8n } = trigger({ options: { [name]: value } });
		await expect(poll()).rejects.toMatchObject({ message: expect.stringContaining(displayName), description: expect.stringContaining('whole number') });
		expect(simulator.ledger.requests).toEqual([]);
		expect(n8n.staticData).toEqual({});
	});
});

describe('secrets', () => {
	it('are in no item, no state, no log line and no thrown text', async () => {
		await start();
		const { activate, poll, items, n8n } = trigger({ options: { toleranceMinutes: 0 } });
		await activate();
		simulator.raise(3);
		now += MINUTE;
		const seen: unknown[] = [await items()];
		for (const kind of ['echoSecrets', 'redirect', 'html', 'truncated', 'reset', 'foreign'] as const) {
			simulator.faults.add({ kind, match: { path: BULK }, times: 'forever' });
			now += MINUTE;
			seen.push(await errorOf(poll()));
			simulator.faults.clear();
		}
		seen.push(n8n.staticData as IDataObject, n8n.log);
		const text = inspect(seen, { depth: 20, showHidden: true }) + JSON.stringify(seen);
		const secrets = simulator.secrets();
		expect(secrets.length).toBeGreaterThan(1);
		for (const secret of secrets) expect(text).not.toContain(secret);
	});
});

describe('several sites', () => {
	it('a wrong password is tried once a poll, not once a site, and ends the activation with the field to check', async () => {
		await start({ sites: ['1001', '1002', '1003'] });
		const wrong = trigger({ options: { clientIds: '1001,1002,1003' }, host: { credential: { password: 'wrong' } } });
		const error = await errorOf(wrong.activate());
		expect(`${error.message} ${error.description}`).toContain('Password or Secret Key');
		expect(error.message).not.toContain('Site');
		expect(simulator.ledger.report().exchanges).toBe(1);
	});
});
