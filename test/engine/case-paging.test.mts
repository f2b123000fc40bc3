import { describe, expect, it } from 'vitest';
import {
	HOUR,
	MINUTE,
	SECOND,
	beforeAnswer,
	idOf,
	requests,
	setStage,
	stage,
	start,
	trigger,
} from './trigger-helpers.mts';

setStage();

const once = (keys: readonly string[], count: number) => {
	expect(keys).toHaveLength(count);
	expect(new Set(keys).size).toBe(count);
};

describe('paging', () => {
	it.each([1, 30, 99])(
		'B1: %d rows of page 1 recur before page 2 is read: the rows that shift up are not skipped',
		async (count) => {
			const { raise, recur } = await start();
			const { poll, pollFor } = trigger();
			await poll();
			const alerts = raise(350, { spacingMs: 100 });
			stage.now += MINUTE;
			beforeAnswer(2, () => alerts.slice(0, count).forEach((alert) => recur('1001', idOf(alert))));
			const first = await poll();
			once([...first, ...(await pollFor(15))], 350);
			expect(first).toHaveLength(350);
		},
	);

	it.each([1, 30, 95, 200])(
		'B2: %d alerts are raised during a walk that goes from the newest down: each comes once',
		async (count) => {
			const { raise } = await start({ order: 'descending' });
			const { poll, pollFor } = trigger();
			await poll();
			raise(350, { spacingMs: 100 });
			stage.now += MINUTE;
			beforeAnswer(2, () => raise(count));
			once([...(await poll()), ...(await pollFor(15))], 350 + count);
		},
	);

	it.each([
		[9, 1],
		[49, 2],
		[100, 2],
		[200, 3],
		[101, 2],
	])(
		'B3: %d alerts take %d requests: a page that may be capped or full costs one more, and no loop',
		async (count, expected) => {
			const { raise } = await start();
			const { poll, after } = trigger({ options: { lookbackHours: 0 } });
			await poll();
			raise(count);
			const before = requests().length;
			once(await after(MINUTE), count);
			expect(requests().length - before).toBe(expected);
			expect(await after(20 * MINUTE)).toEqual([]);
		},
	);

	it('B4: when page 3 of 5 and all that is asked instead fails, what the pages before it brought is emitted, and the rest follows once', async () => {
		const { fill, faults } = await start();
		fill(450, { at: stage.now - HOUR });
		faults.add({
			kind: 'status',
			status: 500,
			match: { path: '/api/alerts*' },
			skip: 2,
			times: 'forever',
		});
		const { poll, pollFor } = trigger();
		const first = await poll();
		faults.clear();
		expect(first).toHaveLength(195);
		once([...first, ...(await pollFor(5))], 450);
	});

	it('B5: a server that ignores Offset is noticed by its second page, named in the log, and read without pages', async () => {
		const { fill } = await start({ ignoresOffset: true });
		fill(240, { at: stage.now - HOUR });
		const { poll, n8n, pollFor } = trigger();
		once(await poll(), 240);
		expect(requests()).toHaveLength(2);
		expect(requests('/api/alerts')).toHaveLength(1);
		expect(n8n.log.map(({ message }) => message).join()).toContain('ignores Offset');
		expect(await pollFor(10)).toEqual([]);
	});

	it.each([50, 60, 240])(
		'B6: a server that sends 50 rows at most, whatever is asked: its page is not taken for the end (%d alerts)',
		async (count) => {
			const { fill } = await start({ maxLimit: 50 });
			fill(count, { at: stage.now - HOUR });
			once(await trigger().poll(), count);
		},
	);

	it('B7: rows that are no alerts do not hide the others, and end no page', async () => {
		const { raise } = await start();
		const { poll, items, n8n, pollFor } = trigger();
		await poll();
		raise(40);
		raise(1, { json: 'null', expected: false });
		raise(1, { json: '42', expected: false });
		raise(1, { json: '["a row"]', expected: false });
		const [nameless] = raise(1, { ClientDbId: undefined });
		const [bare] = raise(1, { ClientDbId: null, Uniqueness: null });
		raise(115);
		stage.now += MINUTE;
		const got = await items();
		expect(got).toHaveLength(157);
		const told = new Set(got.map(({ dedupKey }) => dedupKey));
		expect(told.size).toBe(157);
		expect(told).toContain(`cynet:1001:${nameless!.Uniqueness}`);
		expect(
			got.find(({ name, id }) => id === null && name === bare!.IncidentName)?.dedupKey,
		).toMatch(/^cynet:1001:.{44}$/);
		expect(n8n.log.map(({ message }) => message).join()).toMatch(
			/[1-9]\d* rows were no JSON objects/,
		);
		expect(await pollFor(70)).toEqual([]);
	});

	it('B8: the id 0 is a default value and no id, so that Uniqueness stands in', async () => {
		const { raise } = await start();
		const [alert] = raise(1, { ClientDbId: 0 });
		const { poll, pollFor } = trigger();
		expect(await poll()).toEqual([`cynet:1001:${String(alert!.Uniqueness)}`]);
		expect(await pollFor(70)).toEqual([]);
	});

	it('B9: a backlog of 40,000 alerts and a budget of 36 seconds: each poll emits the next part, and nothing is read twice', async () => {
		const { fill, ledger } = await start();
		fill(40_000, { at: stage.now - HOUR });
		const { poll } = trigger({
			options: { pageSize: 1000, maxAlerts: 50_000, lateSweepHours: 0 },
			host: { pollBudgetMs: 36_000 },
		});
		stage.simulator.settings.onRequest = () => (stage.now += 2 * SECOND);
		const polls: string[][] = [];
		const all: string[] = [];
		do {
			polls.push(await poll());
			all.push(...polls.at(-1)!);
			stage.now += MINUTE;
		} while (polls.at(-1)!.length > 0 && polls.length < 20);
		once(all, 40_000);
		expect(polls.length).toBeLessThanOrEqual(5);
		for (const part of polls.slice(0, -1)) {
			const ids = part.map((key) => Number(key.split(':')[2])).sort((a, b) => a - b);
			expect(ids.at(-1)! - ids[0]!).toBe(ids.length - 1);
		}
		// The walk, and the window read once more as far as it has come.
		expect(ledger.report().rows).toBeLessThan(1.5 * 40_000);
	});

	it('B10: 900 alerts in one second and a budget of three pages: each poll goes on inside the second', async () => {
		const { raise } = await start();
		const { poll, after } = trigger({ host: { pollBudgetMs: 36_000 } });
		await poll();
		raise(900);
		stage.simulator.settings.onRequest = () => (stage.now += 10 * SECOND);
		const counts: number[] = [];
		const all: string[] = [];
		for (let i = 0; i < 5; i++) {
			const got = await after(MINUTE);
			counts.push(got.length);
			all.push(...got);
		}
		once(all, 900);
		expect(counts.slice(0, 3).every((count) => count >= 285)).toBe(true);
	});
});
