import { afterEach, describe, expect, it, type RunnerTask } from 'vitest';
import type { Settings } from '../../simulator/simulator.mts';
import {
	DAY,
	HOUR,
	KEY,
	MINUTE,
	SECOND,
	afterRestart,
	beforeAnswer,
	idOf,
	iso,
	keyOf,
	requests,
	setStage,
	stage,
	start,
	trigger,
} from './trigger-helpers.mts';

type Traits = Pick<Settings, 'order' | 'boundary' | 'precision'>;
const MATRIX = (['ascending', 'descending', 'byId'] as const).flatMap((order) =>
	(['inclusive', 'exclusive'] as const).flatMap((boundary) =>
		(['s', 'ms'] as const).map((precision): Traits => ({ order, boundary, precision })),
	),
);

const NO_SYNC_TIME = (['missing', 'null', 'malformed'] as const).flatMap((syncTime) =>
	[true, false].map((dateHeader) => ({ syncTime, dateHeader })),
);

const once = (keys: readonly string[], count: number) => {
	expect(keys).toHaveLength(count);
	expect(new Set(keys).size).toBe(count);
};

describe('the list of cases', () => {
	const numbers = Array.from({ length: 12 }, (_, i) => `A${i + 1}`);
	const suitesIn = (task: RunnerTask): RunnerTask[] =>
		task.type === 'suite' ? [task, ...task.tasks.flatMap(suitesIn)] : [];
	const casesIn = (task: RunnerTask): string[] => [
		...(/^A\d+(?=: )/.exec(task.name) ?? []),
		...(task.type === 'suite' ? task.tasks.flatMap(casesIn) : []),
	];

	it('has A1 to A12 on each server of the matrix, and none beside it', ({ task: { file } }) => {
		const servers = file.tasks
			.flatMap(suitesIn)
			.filter(({ name }) => name.startsWith('on a server'));
		expect(servers).toHaveLength(MATRIX.length);
		for (const server of servers)
			expect([...new Set(casesIn(server))].sort()).toEqual([...numbers].sort());
		expect(file.tasks.flatMap(casesIn)).toHaveLength(servers.flatMap(casesIn).length);
	});
});

describe('boundary, time and lateness', () => {
	setStage();

	describe.each(MATRIX)('on a server that lists $order, $boundary, to the $precision', (traits) => {
		it('A1: sixty alerts of one second are emitted once each, though pages end inside the second', async () => {
			const { raise } = await start(traits);
			const { poll, pollFor } = trigger({ options: { pageSize: 20 } });
			await poll();
			raise(60);
			once(await pollFor(15), 60);
		});

		it('A2: an alert stamped in the second in which the poll ended comes with the next poll', async () => {
			const { raise } = await start(traits);
			stage.now += 400;
			const [first] = raise();
			const { poll, after } = trigger();
			expect(await poll()).toEqual([keyOf(first!)]);
			stage.now += 200;
			const [second] = raise();
			expect(await after(MINUTE)).toEqual([keyOf(second!)]);
		});

		it('A3: an alert raised while the request is under way comes with the next poll', async () => {
			const { raise } = await start(traits);
			const { poll, after } = trigger();
			await poll();
			const requested = stage.now;
			beforeAnswer(1, () => raise(1, { at: stage.now + 2 * SECOND, visibleAt: requested + 4999 }));
			expect(await poll()).toEqual([]);
			stage.now += 5 * SECOND;
			once(await after(MINUTE), 1);
			expect(await after(MINUTE)).toEqual([]);
		});

		it('A4: an alert that becomes visible four and a half minutes late is emitted once', async () => {
			const { raise } = await start(traits);
			const { poll, pollFor } = trigger();
			await poll();
			raise(1, { visibleAt: stage.now + 4.5 * MINUTE });
			once(await pollFor(20), 1);
		});

		it('A5: an alert whose LastSeen is two days old when it first turns up cannot be found by LastSeen', async () => {
			const { raise } = await start(traits);
			const { poll, pollFor, after } = trigger();
			await poll();
			raise(1, { at: stage.now - 2 * DAY, DateIn: iso(stage.now), FirstSeenUtc: iso(stage.now) });
			expect(await pollFor(70)).toEqual([]);
			const [next] = raise();
			expect(await after(MINUTE)).toEqual([keyOf(next!)]);
		});

		it('A6: a client clock that is wrong, and jumps, changes nothing', async () => {
			const { raise } = await start(traits);
			raise(1, { at: stage.now - 25 * HOUR });
			raise(1, { at: stage.now - 23 * HOUR });
			stage.skew = 90 * SECOND;
			const { poll } = trigger();
			once(await poll(), 1);
			for (const skew of [90 * SECOND, -90 * SECOND, HOUR, -HOUR, 0]) {
				stage.now += MINUTE;
				stage.skew = skew;
				const [alert] = raise();
				expect(await poll()).toEqual([keyOf(alert!)]);
			}
			for (const { query } of requests().slice(2))
				expect(Date.parse(`${query.LastSeen}Z`)).toBeLessThan(stage.now);
		});

		it('A7: an alert dated 2099 is emitted once, and the cursor does not follow it', async () => {
			const { raise } = await start(traits);
			const { poll, after, pollFor, state } = trigger();
			await poll();
			raise(1, { at: Date.UTC(2099, 0, 1) });
			once(await pollFor(15), 1);
			expect(state().alerts.cursor).toBeLessThanOrEqual(stage.now);
			const [next] = raise();
			expect(await after(MINUTE)).toEqual([keyOf(next!)]);
		});

		it.each(NO_SYNC_TIME)(
			"A8: with a SyncTimeUtc that is $syncTime and a Date header: $dateHeader, the client's clock never stands in",
			async ({ syncTime, dateHeader }) => {
				// The Date header tells whole seconds.
				stage.now += 400;
				const { raise, settings } = await start({ ...traits, syncTime, dateHeader });
				stage.skew = 2 * HOUR;
				const { poll, after, pollFor, state, n8n } = trigger();
				const [first] = raise();
				expect(await poll()).toEqual([keyOf(first!)]);
				if (!dateHeader) {
					expect(state().alerts.cursor).toBeNull();
					expect(
						n8n.log.some(
							({ level, message }) => level === 'warn' && message.includes('SyncTimeUtc'),
						),
					).toBe(true);
				}
				await pollFor(20);
				const [second] = raise(1, { at: stage.now - 9 * MINUTE });
				expect(await after(MINUTE)).toEqual([keyOf(second!)]);
				if (dateHeader) expect(state().alerts.cursor).toBe(stage.now - 400);
				settings.syncTime = 'iso';
				const [third] = raise();
				expect(await after(MINUTE)).toEqual([keyOf(third!)]);
				expect(state().alerts.cursor).toBe(stage.now);
			},
		);

		it('A9: dates in every form are read as UTC, and a bad one never gets into the state', async () => {
			const { raise } = await start(traits);
			const { poll, pollFor, n8n, items } = trigger();
			await poll();
			const at = (form: string) => ({ LastSeen: form, LastSeenUtc: form, DateIn: form });
			stage.now += MINUTE;
			raise(1, at('2026-05-09T12:00:30Z'));
			raise(1, at('2026-05-09T14:00:30+02:00'));
			raise(1, at('2026-05-09T12:00:30.1234567'));
			raise(1, at('2026-05-09 12:00:30'));
			raise(1, at('0001-01-01T00:00:00'));
			raise(1, at('yesterday'));
			raise(1, at(''));
			// In the order in which they were raised, whatever the server's.
			const got = (await items()).sort((one, other) => Number(one.id) - Number(other.id));
			expect(got.map(({ lastSeenAt }) => lastSeenAt)).toEqual([
				'2026-05-09T12:00:30.000Z',
				'2026-05-09T12:00:30.000Z',
				'2026-05-09T12:00:30.123Z',
				'2026-05-09T12:00:30.000Z',
				null,
				null,
				null,
			]);
			expect(await pollFor(15)).toEqual([]);
			expect(String(n8n.staticData[KEY])).not.toMatch(/NaN|Infinity|-6213/);
		});

		describe('A10: whatever the time zones of n8n and of the night', () => {
			const { TZ } = process.env;
			afterEach(() => {
				if (TZ === undefined) delete process.env.TZ;
				else process.env.TZ = TZ;
			});

			it.each(['Asia/Tokyo', 'America/New_York', 'UTC'])(
				'%s: LastSeen is sent in UTC',
				async (zone) => {
					process.env.TZ = zone;
					// The clocks of New York go forward at 07:00 UTC.
					stage.now = Date.UTC(2026, 2, 8, 6, 59, 0, 400);
					const { raise } = await start(traits);
					const { poll, after } = trigger({ options: { lookbackHours: 0 } });
					await poll();
					const [alert] = raise(1, { at: stage.now + 30 * SECOND, visibleAt: stage.now });
					expect(await after(MINUTE)).toEqual([keyOf(alert!)]);
					await after(30 * MINUTE);
					await after(MINUTE);
					expect(requests().at(-1)?.query.LastSeen).toBe('2026-03-08 07:19:59');
				},
			);
		});

		// Two orders are by neither time that the trigger asks for.
		const orders: ReadonlyArray<Settings['order']> =
			traits.order === 'byId' ? ['byId', 'byDateChanged'] : [traits.order];
		it.each(orders)(
			'A11: on a server that lists %s, the last row need not be the newest',
			async (order) => {
				const { raise, recur, change } = await start({ ...traits, order });
				const { poll, pollFor, state } = trigger({ options: { pageSize: 20 } });
				await poll();
				const alerts = raise(90, { spacingMs: 500 });
				stage.now += MINUTE;
				for (const alert of alerts.slice(0, 30)) recur('1001', idOf(alert));
				for (const alert of alerts.slice(10, 40).reverse()) change('1001', idOf(alert));
				once(await pollFor(15), 90);
				expect(state().alerts.cursor).toBe(stage.now);
			},
		);

		it('A12: an alert stamped exactly at the cursor is emitted', async () => {
			const { raise } = await start(traits);
			const { poll, after, state } = trigger({ options: { lookbackHours: 0, overlapMinutes: 1 } });
			await poll();
			await after(5 * MINUTE);
			const cursor = state().alerts.cursor!;
			expect(cursor).toBe(stage.now);
			const alerts = [raise(1, { at: cursor }), raise(1, { at: cursor - MINUTE })].flat();
			expect((await after(MINUTE)).sort()).toEqual(alerts.map((alert) => keyOf(alert)).sort());
		});
	});

	it('holds over a restart: what was saved with the last emission is enough', async () => {
		const { raise } = await start();
		const before = trigger();
		raise(3);
		once(await before.poll(), 3);
		await before.pollFor(30);
		raise(2, { visibleAt: stage.now + 5 * MINUTE });
		once(await afterRestart(before).pollFor(15), 2);
	});
});
