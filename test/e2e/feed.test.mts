import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from './instance.mts';
import { expectNoSecrets } from './secrets.mts';

// One n8n from the first test to the last: each leaves it running, published and settled.
describe.each(VERSIONS)('Cynet Trigger in n8n %s', (version) => {
	let instance: Instance;
	beforeAll(async () => void (instance = await Instance.make('feed', version)));
	afterAll(async () => await instance?.close());

	// What a failed test leaves behind says nothing about the next promise, and waiting for it would cost minutes.
	let broken = false;
	afterEach(({ task }) => void (broken ||= task.result?.state === 'fail'));
	beforeEach(({ skip }) => skip(broken, 'an earlier test of this n8n failed'));

	/** Each alert ever raised: once in n8n's own database, and once in the ledger. */
	const expectEachOnce = async (): Promise<void> => {
		await instance.settle();
		const { raised, lost, twice, unknown } = instance.simulator.ledger.report();
		expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
		const keys = await instance.emitted();
		expect(new Set(keys).size).toBe(raised);
		expect(keys).toHaveLength(raised);
		expect((await instance.executions()).filter(({ status }) => status !== 'success')).toEqual([]);
	};

	/** Waits until n8n's log holds something after what it holds now. */
	const logged = async (): Promise<(text: string) => Promise<unknown>> => {
		const before = (await readFile(instance.n8n.logFile, 'utf8')).length;
		return async (text) =>
			await until(
				`"${text}" in the log`,
				async () => (await readFile(instance.n8n.logFile, 'utf8')).slice(before).includes(text),
				{ limitMs: 150_000 },
			);
	};

	test('emits every alert once, from the look-back on', async () => {
		instance.simulator.raise(12);
		expect(await instance.publish()).toMatchObject({ status: 'published', errors: [] });
		await expectEachOnce();
		instance.simulator.raise(5);
		await expectEachOnce();
	});

	test('emits a burst once that is larger than a poll', async () => {
		instance.simulator.raise(2500);
		await expectEachOnce();
	});

	test('loses and repeats nothing over a restart', async () => {
		await instance.n8n.stop();
		instance.simulator.raise(7);
		await instance.n8n.start();
		await expectEachOnce();
	});

	test('loses and repeats nothing over a kill -9 between two polls', async () => {
		await instance.n8n.kill();
		instance.simulator.raise(7);
		await instance.n8n.start();
		await expectEachOnce();
	});

	test('lives on when the API answers 503 while n8n starts', async () => {
		const { faults, ledger } = instance.simulator;
		await instance.n8n.stop();
		faults.add({ kind: 'status', status: 503, times: 'forever' });
		instance.simulator.raise(4);
		const refusedBefore = ledger.requests.filter(({ fault }) => fault).length;
		const appears = await logged();
		await instance.n8n.start();
		await appears('Trying again at the next poll');
		expect(ledger.requests.filter(({ fault }) => fault).length).toBeGreaterThan(refusedBefore);
		faults.clear();
		await expectEachOnce();
	});

	test('lives on when connections are refused while n8n starts', async () => {
		await instance.n8n.stop();
		await instance.gate.shut();
		instance.simulator.raise(4);
		const appears = await logged();
		await instance.n8n.start();
		await appears('Trying again at the next poll');
		await instance.gate.open();
		await expectEachOnce();
	});

	test('renews an expired token with one exchange and no failed execution', async () => {
		const before = instance.simulator.ledger.exchanges;
		instance.simulator.expireTokens();
		instance.simulator.raise(3);
		await expectEachOnce();
		expect(instance.simulator.ledger.exchanges).toBe(before + 1);
	});

	test('says at activation that the password is wrong, and lives once it is right', async () => {
		const { rest } = instance;
		const { credentialId, workflowId, status, errors } = await instance.publish(
			instance.credential({ password: 'wrong-at-activation' }),
		);
		expect(status).toBe('failed');
		expect(errors.join()).toMatch(/username and password/);
		await rest.updateCredential(credentialId, instance.credential());
		await rest.deactivate(workflowId).catch(() => undefined);
		expect(await rest.activate(workflowId)).toMatchObject({ status: 'published' });
		await rest.deactivate(workflowId);
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(instance, { 'the wrong password': 'wrong-at-activation' });
	});
});
