import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../host/wait.mts';
import { Bench, VERSIONS } from './bench.mts';
import { expectNoSecrets } from './secrets.mts';

// One n8n from the first test to the last: each leaves it running, published and settled.
describe.each(VERSIONS)('Cynet Trigger in n8n %s', (version) => {
	let bench: Bench;
	beforeAll(async () => void (bench = await Bench.make('feed', version)));
	afterAll(async () => await bench?.close());

	// What a failed test leaves behind says nothing about the next promise, and waiting for it would cost minutes.
	let broken = false;
	afterEach(({ task }) => void (broken ||= task.result?.state === 'fail'));
	beforeEach(({ skip }) => skip(broken, 'an earlier test of this n8n failed'));

	/** Each alert ever raised: once in n8n's own database, and once in the ledger. */
	const expectEachOnce = async (): Promise<void> => {
		await bench.settle();
		const { raised, lost, twice, unknown } = bench.simulator.ledger.report();
		expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
		const keys = await bench.emitted();
		expect(new Set(keys).size).toBe(raised);
		expect(keys).toHaveLength(raised);
		expect((await bench.executions()).filter(({ status }) => status !== 'success')).toEqual([]);
	};

	/** Waits until n8n's log holds something after what it holds now. */
	const logged = async (): Promise<(text: string) => Promise<unknown>> => {
		const before = (await readFile(bench.n8n.logFile, 'utf8')).length;
		return async (text) =>
			await until(
				`"${text}" in the log`,
				async () => (await readFile(bench.n8n.logFile, 'utf8')).slice(before).includes(text),
				{ limitMs: 150_000 },
			);
	};

	test('emits every alert once, from the look-back on', async () => {
		bench.simulator.raise(12);
		expect(await bench.publish()).toMatchObject({ status: 'published', errors: [] });
		await expectEachOnce();
		bench.simulator.raise(5);
		await expectEachOnce();
	});

	test('emits a burst once that is larger than a poll', async () => {
		bench.simulator.raise(2500);
		await expectEachOnce();
	});

	test('loses and repeats nothing over a restart', async () => {
		await bench.n8n.stop();
		bench.simulator.raise(7);
		await bench.n8n.start();
		await expectEachOnce();
	});

	test('loses and repeats nothing over a kill -9 between two polls', async () => {
		await bench.n8n.kill();
		bench.simulator.raise(7);
		await bench.n8n.start();
		await expectEachOnce();
	});

	test('lives on when the API answers 503 while n8n starts', async () => {
		const { faults, ledger } = bench.simulator;
		await bench.n8n.stop();
		faults.add({ kind: 'status', status: 503, times: 'forever' });
		bench.simulator.raise(4);
		const refusedBefore = ledger.requests.filter(({ fault }) => fault).length;
		const appears = await logged();
		await bench.n8n.start();
		await appears('Trying again at the next poll');
		expect(ledger.requests.filter(({ fault }) => fault).length).toBeGreaterThan(refusedBefore);
		faults.clear();
		await expectEachOnce();
	});

	test('lives on when connections are refused while n8n starts', async () => {
		await bench.n8n.stop();
		await bench.gate.shut();
		bench.simulator.raise(4);
		const appears = await logged();
		await bench.n8n.start();
		await appears('Trying again at the next poll');
		await bench.gate.open();
		await expectEachOnce();
	});

	test('renews an expired token with one exchange and no failed execution', async () => {
		const before = bench.simulator.ledger.exchanges;
		bench.simulator.expireTokens();
		bench.simulator.raise(3);
		await expectEachOnce();
		expect(bench.simulator.ledger.exchanges).toBe(before + 1);
	});

	test('says at activation that the password is wrong, and lives once it is right', async () => {
		const { rest } = bench;
		const { credentialId, workflowId, status, errors } = await bench.publish(
			bench.credential({ password: 'wrong-at-activation' }),
		);
		expect(status).toBe('failed');
		expect(errors.join()).toMatch(/username and password/);
		await rest.updateCredential(credentialId, bench.credential());
		await rest.deactivate(workflowId).catch(() => undefined);
		expect(await rest.activate(workflowId)).toMatchObject({ status: 'published' });
		await rest.deactivate(workflowId);
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(bench, { 'the wrong password': 'wrong-at-activation' });
	});
});
