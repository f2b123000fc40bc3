import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { timeOutIfUnanswered } from './harness.mts';
import {
	BULK,
	HOUR,
	KEY,
	MINUTE,
	SECOND,
	beforeAnswer,
	errorOf,
	keyOf,
	requests,
	setStage,
	stage,
	start,
	trigger,
} from './trigger-helpers.mts';

setStage();

const failureOf = (error: unknown) => (error as { failure?: unknown }).failure;

describe('HTTP and authentication', () => {
	it.each([
		['7 seconds', 7, [7 * SECOND]],
		['a date', 'Sat, 09 May 2026 12:01:09 GMT', [9 * SECOND]],
		['nothing', undefined, [SECOND / 2]],
	])(
		'D1: a 429 with a Retry-After of %s is waited for within the poll',
		async (_, retryAfter, waits) => {
			const { raise, faults } = await start();
			const { activate, after } = trigger();
			await activate();
			const [alert] = raise();
			faults.add({ kind: 'status', status: 429, ...(retryAfter !== undefined && { retryAfter }) });
			expect(await after(MINUTE)).toEqual([keyOf(alert!)]);
			expect(stage.waited).toEqual(waits);
		},
	);

	it('D1, longer than the poll may take: the polls leave the server alone until then, and nothing is lost', async () => {
		const { raise, faults } = await start();
		const { activate, after, pollFor, n8n } = trigger({ options: { toleranceMinutes: 1440 } });
		await activate();
		const before = n8n.staticData[KEY];
		const [alert] = raise();
		faults.add({ kind: 'status', status: 429, retryAfter: 86_400 });
		expect(await after(MINUTE)).toEqual([]);
		const asked = requests().length;
		expect(await pollFor(30)).toEqual([]);
		expect(requests()).toHaveLength(asked);
		expect(n8n.staticData[KEY]).toBe(before);
		expect(await after(24 * HOUR)).toEqual([keyOf(alert!)]);
	});

	it('D1, for the account: what one trigger was told holds back another one, at another site too, and both ask when the time has come', async () => {
		const { raise, faults } = await start({ sites: ['1001', '1002'] });
		const [told, other] = ['1001', '1002'].map((clientId) =>
			trigger({ options: { toleranceMinutes: 1440 }, host: { credential: { clientId } } }),
		);
		await told!.activate();
		await other!.activate();
		const [alert] = raise();
		const [alertThere] = raise(1, { site: '1002' });
		faults.add({ kind: 'status', status: 429, retryAfter: 1800 });
		expect(await told!.after(MINUTE)).toEqual([]);
		const asked = requests().length;
		expect(await other!.pollFor(29)).toEqual([]);
		expect(requests()).toHaveLength(asked);
		expect(await other!.after(MINUTE)).toEqual([keyOf(alertThere!, '1002')]);
		expect(await told!.poll()).toEqual([keyOf(alert!)]);
	});

	it('D1, beyond the tolerance: the error tells n8n how long to wait', async () => {
		const { faults } = await start();
		const { activate, after } = trigger({ options: { toleranceMinutes: 0 } });
		await activate();
		faults.add({ kind: 'status', status: 429, retryAfter: 3600 });
		expect(failureOf(await errorOf(after(MINUTE)))).toEqual({
			cause: 'rate-limited',
			retryAfterMs: HOUR,
		});
	});

	it.each([
		[500, 5, 3],
		[502, 5, 3],
		[503, 5, 3],
		[504, 5, 3],
		['reset', 5, 0],
		['timeout', 2, 3],
	] as const)(
		'D2: %s is tried %d times at growing intervals, then %d times with fewer rows, then thrown, and the cursor is kept',
		async (what, tries, smaller) => {
			const { raise, faults } = await start({ onRequest: timeOutIfUnanswered });
			const { activate, after, state } = trigger({ options: { toleranceMinutes: 0 } });
			await activate();
			const before = state().alerts.cursor;
			const asked = requests().length;
			raise();
			faults.add({
				...(typeof what === 'number' ? { kind: 'status', status: what } : { kind: what }),
				match: { path: BULK },
				times: 'forever',
			});
			const error = await errorOf(after(MINUTE));
			if (what === 'timeout') expect(error.message).toContain('in time');
			expect(error.description).toBeTruthy();
			expect(requests().length - asked).toBe(tries + smaller);
			expect(stage.waited).toEqual([500, 1000, 2000, 4000].slice(0, tries - 1));
			expect(state().alerts.cursor).toBe(before);
			faults.clear();
			expect(await after(MINUTE)).toHaveLength(1);
		},
	);

	it('D2, within the tolerance: a line in the log and no failed poll', async () => {
		const { faults } = await start();
		const { activate, after, n8n } = trigger();
		await activate();
		faults.add({ kind: 'status', status: 503, times: 'forever' });
		expect(await after(MINUTE)).toEqual([]);
		expect(n8n.log.at(-1)).toMatchObject({ level: 'warn' });
		expect((await errorOf(after(5 * MINUTE))).message).toContain('not available');
	});

	it.each(['half', 'truncated', 'reset'] as const)(
		'D2, %s: repeated within the poll',
		async (kind) => {
			const { raise, faults } = await start();
			const [alert] = raise();
			faults.add({ kind, match: { path: BULK }, times: 2 });
			expect(await trigger().poll()).toEqual([keyOf(alert!)]);
			expect(requests()).toHaveLength(3);
		},
	);

	it('D3: a token that expires in the middle of a walk is renewed once, and the same page is read again', async () => {
		const { fill, expireTokens, ledger } = await start();
		fill(250, { at: stage.now - HOUR });
		beforeAnswer(2, expireTokens);
		const got = await trigger().poll();
		expect(new Set(got).size).toBe(250);
		expect(ledger.exchanges).toBe(2);
		const offsets = requests().map(({ query, status }) => `${query.Offset} ${status}`);
		expect(offsets.slice(0, 3)).toEqual(['0 200', '95 401', '95 200']);
	});

	it('D3, a 401 to every token: thrown after four fresh ones, without a loop', async () => {
		const { faults, ledger } = await start();
		const { activate, after, n8n } = trigger();
		await activate();
		const before = n8n.staticData[KEY];
		faults.add({ kind: 'status', status: 401, match: { path: BULK }, times: 'forever' });
		const error = await errorOf(after(MINUTE));
		expect(`${error.message} ${error.description}`).toContain('Client ID');
		expect(ledger.exchanges).toBe(5);
		expect(n8n.staticData[KEY]).toBe(before);
	});

	it('D4: a 403 is thrown at once, says what to do, is asked once a poll, and keeps the cursor', async () => {
		const { raise, faults } = await start();
		const { activate, after, n8n } = trigger();
		await activate();
		const before = n8n.staticData[KEY];
		const asked = requests().length;
		const [alert] = raise();
		faults.add({ kind: 'status', status: 403, match: { path: BULK } });
		const error = await errorOf(after(MINUTE));
		expect(error.description).toContain('role');
		expect(failureOf(error)).toEqual({ cause: 'credential-invalid' });
		expect(requests().length - asked).toBe(1);
		expect(stage.waited).toEqual([]);
		expect(n8n.staticData[KEY]).toBe(before);
		expect(await after(MINUTE)).toEqual([keyOf(alert!)]);
	});

	it.each(['null', 'noEntities', 'nullEntities', 'bareArray', 'noContent'] as const)(
		'D5: %s is an answer, not trouble',
		async (kind) => {
			const { raise, faults } = await start();
			const { activate, after } = trigger();
			await activate();
			faults.add({ kind, match: { path: BULK } });
			expect(await after(MINUTE)).toEqual([]);
			const [alert] = raise();
			expect(await after(MINUTE)).toEqual([keyOf(alert!)]);
		},
	);

	it.each([
		['html', '.api.cynet.com'],
		['foreign', 'Base URL'],
		['truncated', 'proxy'],
	] as const)('D5, %s: an error that says what to do, never an empty list', async (kind, hint) => {
		const { raise, faults } = await start();
		const { activate, after, state } = trigger({ options: { toleranceMinutes: 0 } });
		await activate();
		const before = state().alerts.cursor;
		const [alert] = raise();
		faults.add({ kind, match: { path: BULK }, times: 'forever' });
		expect((await errorOf(after(MINUTE))).description).toContain(hint);
		expect(state().alerts.cursor).toBe(before);
		faults.clear();
		expect(await after(MINUTE)).toEqual([keyOf(alert!)]);
	});

	it('D5, at activation: a web page is thrown at once', async () => {
		const { faults } = await start();
		faults.add({ kind: 'html', times: 'forever', match: { path: BULK } });
		expect((await errorOf(trigger().activate())).description).toContain('.api.cynet.com');
	});

	it('D6: no secret is in an item, a state, a log line or a thrown text', async () => {
		const { raise, faults, secrets } = await start();
		const { activate, after, items, n8n } = trigger({ options: { toleranceMinutes: 0 } });
		await activate();
		raise(3);
		stage.now += MINUTE;
		const seen: unknown[] = [await items()];
		expect(seen[0]).toHaveLength(3);
		for (const kind of [
			'echoSecrets',
			'redirect',
			'html',
			'truncated',
			'reset',
			'foreign',
		] as const) {
			faults.add({ kind, match: { path: BULK }, times: 'forever' });
			seen.push(await errorOf(after(MINUTE)));
			faults.clear();
		}
		seen.push({ ...n8n.staticData }, n8n.log);
		const text = inspect(seen, { depth: 20, showHidden: true }) + JSON.stringify(seen);
		expect(secrets().length).toBeGreaterThan(1);
		for (const secret of secrets()) expect(text).not.toContain(secret);
	});
});
