import { describe, expect, it } from 'vitest';
import {
	HOUR,
	KEY,
	MINUTE,
	errorOf,
	keyOf,
	requests,
	setStage,
	stage,
	start,
	trigger,
} from './trigger-helpers.mts';

setStage();

describe('a new alert', () => {
	it('is emitted once, as one item, with the key a ticketing system stores', async () => {
		await start();
		const { activate, items, poll } = trigger();
		expect(await activate()).toEqual([]);
		const [alert] = stage.simulator.raise();
		stage.now += MINUTE;
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
		stage.now += MINUTE;
		expect(await poll()).toEqual([]);
	});

	it("comes with the vendor's fields verbatim when Simplify is off", async () => {
		await start();
		const [alert] = stage.simulator.raise();
		const [item] = await trigger({ parameters: { simple: false } }).items();
		const { cynet, ...rest } = item!;
		expect(rest).toEqual(JSON.parse(JSON.stringify(alert)));
		expect(cynet).toEqual({ event: 'created', clientId: '1001', dedupKey: keyOf(alert!) });
	});

	it('that turns up hours late is found by the hourly sweep, once', async () => {
		await start();
		const { poll } = trigger();
		await poll();
		stage.now += 2 * HOUR;
		await poll();
		stage.simulator.raise(1, { at: stage.now - 90 * MINUTE });
		const seen: string[] = [];
		for (let minute = 0; minute < 70; minute++) {
			stage.now += MINUTE;
			seen.push(...(await poll()));
		}
		expect(seen).toHaveLength(1);
	});
});

describe('the first poll', () => {
	it('emits what was raised within the look-back, and nothing older', async () => {
		await start();
		stage.simulator.raise(1, { at: stage.now - 25 * HOUR });
		const [young] = stage.simulator.raise(1, { at: stage.now - 23 * HOUR });
		expect(await trigger().poll()).toEqual([keyOf(young!)]);
	});

	it('with a look-back of 0 emits only what is raised from then on', async () => {
		await start();
		stage.simulator.raise(3, { at: stage.now - 5 * MINUTE });
		const { poll } = trigger({ options: { lookbackHours: 0 } });
		expect(await poll()).toEqual([]);
		stage.now += MINUTE;
		const [alert] = stage.simulator.raise();
		expect(await poll()).toEqual([keyOf(alert!)]);
	});

	it('an old alert that recurs later is not new', async () => {
		await start();
		const [old] = stage.simulator.raise(1, { at: stage.now - 30 * HOUR });
		const { poll } = trigger();
		await poll();
		stage.simulator.recur('1001', old!.ClientDbId as number);
		stage.now += MINUTE;
		expect(await poll()).toEqual([]);
		const [young] = stage.simulator.raise();
		stage.now += MINUTE;
		expect(await poll()).toEqual([keyOf(young!)]);
	});

	it.each([
		['ahead', 3 * HOUR],
		['behind', -3 * HOUR],
	])("works on the server's clock when n8n's is %s of it", async (_, skew) => {
		await start();
		stage.simulator.settings.serverClockOffsetMs = -skew;
		stage.simulator.raise(1, { at: stage.simulator.serverNow() - 25 * HOUR });
		const [young] = stage.simulator.raise(1, { at: stage.simulator.serverNow() - 23 * HOUR });
		const { poll } = trigger();
		expect(await poll()).toEqual([keyOf(young!)]);
		stage.now += MINUTE;
		const [next] = stage.simulator.raise(1, { at: stage.simulator.serverNow() - 1000 });
		expect(await poll()).toEqual([keyOf(next!)]);
	});
});

describe('many alerts', () => {
	it('beyond Max Alerts per Poll follow in the next polls, each once, without reading the first ones again', async () => {
		await start();
		stage.simulator.fill(1000, { at: stage.now - HOUR });
		const { poll } = trigger({ options: { maxAlerts: 300, lateSweepHours: 0 } });
		const counts: number[] = [];
		const all = new Set<string>();
		for (let i = 0; i < 5; i++) {
			const got = await poll();
			counts.push(got.length);
			got.forEach((key) => all.add(key));
			stage.now += MINUTE;
		}
		expect(counts).toEqual([300, 300, 300, 100, 0]);
		expect(all.size).toBe(1000);
		// 11 pages of 95 new rows for the walk, one more where each poll stopped, 11 to read the window
		// once more, one idle poll.
		expect(requests().length).toBeLessThanOrEqual(28);
	});

	it('an idle poll is one request', async () => {
		await start();
		stage.simulator.raise(3);
		const { poll } = trigger();
		await poll();
		const before = stage.simulator.ledger.requests.length;
		for (let minute = 0; minute < 30; minute++) {
			stage.now += MINUTE;
			await poll();
		}
		expect(stage.simulator.ledger.requests.length - before).toBe(30);
	});

	it('are all found on a server without /bulk, which is tried again after an hour', async () => {
		await start({ bulk: false });
		stage.simulator.fill(240, { at: stage.now - HOUR });
		const { poll } = trigger();
		expect(new Set(await poll()).size).toBe(240);
		stage.now += MINUTE;
		await poll();
		expect(requests()).toHaveLength(1);
		stage.simulator.settings.bulk = true;
		stage.now += HOUR;
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
		stage.simulator.raise(3);
		stage.now += MINUTE;
		stage.simulator.faults.add({ kind: 'reset', times: 'forever' });
		expect(await poll()).toEqual([]);
		expect(n8n.staticData[KEY]).toBe(before);
		stage.simulator.faults.clear();
		expect(await poll()).toHaveLength(3);
	});
});

describe('bad options', () => {
	it.each([
		['overlapMinutes', -1, 'Overlap'],
		['overlapMinutes', 1.5, 'Overlap'],
		['lookbackHours', -24, 'Look Back'],
		['pageSize', 0, 'Page Size'],
		['maxAlerts', 0, 'Max Alerts per Poll'],
		['maxAlerts', Number.NaN, 'Max Alerts per Poll'],
		['toleranceMinutes', '5', 'Tolerance'],
		['lateSweepHours', 0.5, 'Late Sweep'],
	])('%s = %s is refused by name before any request', async (name, value, displayName) => {
		await start();
		const { poll, n8n } = trigger({ options: { [name]: value } });
		await expect(poll()).rejects.toMatchObject({
			message: expect.stringContaining(displayName),
			description: expect.stringContaining('whole number'),
		});
		expect(stage.simulator.ledger.requests).toEqual([]);
		expect(n8n.staticData).toEqual({});
	});
});

describe('several sites', () => {
	it('a wrong password is tried once a poll, not once a site, and ends the activation with the field to check', async () => {
		await start({ sites: ['1001', '1002', '1003'] });
		const wrong = trigger({
			options: { clientIds: '1001,1002,1003' },
			host: { credential: { password: 'wrong' } },
		});
		const error = await errorOf(wrong.activate());
		expect(`${error.message} ${error.description}`).toContain('Password or Secret Key');
		expect(error.message).not.toContain('Site');
		expect(stage.simulator.ledger.report().exchanges).toBe(1);
	});
});
