import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../host/wait.mts';
import { Stage, VERSIONS } from './stage.mts';
import { expectNoSecrets } from './secrets.mts';

// One n8n from the first test to the last: each leaves it running, published and settled.
describe.each(VERSIONS)('Cynet Trigger in n8n %s', (version) => {
	let stage: Stage;
	beforeAll(async () => void (stage = await Stage.make('feed', version)));
	afterAll(async () => await stage?.close());

	// What a failed test leaves behind says nothing about the next promise, and waiting for it would cost minutes.
	let broken = false;
	afterEach(({ task }) => void (broken ||= task.result?.state === 'fail'));
	beforeEach(({ skip }) => skip(broken, 'an earlier test of this n8n failed'));

	/** Each alert ever raised: once in n8n's own database, and once in the ledger. */
	const expectEachOnce = async (): Promise<void> => {
		await stage.settle();
		const { raised, lost, twice, unknown } = stage.simulator.ledger.report();
		expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
		const keys = await stage.handedOver();
		expect(new Set(keys).size).toBe(raised);
		expect(keys).toHaveLength(raised);
		expect((await stage.executions()).filter(({ status }) => status !== 'success')).toEqual([]);
	};

	/** Waits until n8n's log holds something after what it holds now. */
	const logged = async (): Promise<(text: string) => Promise<unknown>> => {
		const before = (await readFile(stage.n8n.logFile, 'utf8')).length;
		return async (text) => await until(`"${text}" in the log`, async () => (await readFile(stage.n8n.logFile, 'utf8')).slice(before).includes(text), { limitMs: 150_000 });
	};

	test('hands every alert over once, from the look-back on', async () => {
		stage.simulator.raise(12);
		expect(await stage.publish()).toMatchObject({ status: 'published', errors: [] });
		await expectEachOnce();
		stage.simulator.raise(5);
		await expectEachOnce();
	});

	test('hands a burst over once that is larger than a poll', async () => {
		stage.simulator.raise(2500);
		await expectEachOnce();
	});

	test('loses and repeats nothing over a restart', async () => {
		await stage.n8n.stop();
		stage.simulator.raise(7);
		await stage.n8n.start();
		await expectEachOnce();
	});

	test('loses and repeats nothing over a kill -9 between two polls', async () => {
		await stage.n8n.kill();
		stage.simulator.raise(7);
		await stage.n8n.start();
		await expectEachOnce();
	});

	test('lives on when the API answers 503 while n8n starts', async () => {
		const { faults, ledger } = stage.simulator;
		await stage.n8n.stop();
		faults.add({ kind: 'status', status: 503, times: 'forever' });
		stage.simulator.raise(4);
		const refusedBefore = ledger.requests.filter(({ fault }) => fault).length;
		const appears = await logged();
		await stage.n8n.start();
		await appears('Trying again at the next poll');
		expect(ledger.requests.filter(({ fault }) => fault).length).toBeGreaterThan(refusedBefore);
		faults.clear();
		await expectEachOnce();
	});

	test('lives on when connections are refused while n8n starts', async () => {
		await stage.n8n.stop();
		await stage.gate.shut();
		stage.simulator.raise(4);
		const appears = await logged();
		await stage.n8n.start();
		await appears('Trying again at the next poll');
		await stage.gate.open();
		await expectEachOnce();
	});

	test('renews an expired token with one exchange and no failed execution', async () => {
		const before = stage.simulator.ledger.exchanges;
		stage.simulator.expireTokens();
		stage.simulator.raise(3);
		await expectEachOnce();
		expect(stage.simulator.ledger.exchanges).toBe(before + 1);
	});

	test('says at activation that the password is wrong, and lives once it is right', async () => {
		const { rest } = stage;
		const { credentialId, workflowId, status, errors } = await stage.publish(stage.credential({ password: 'wrong-at-activation' }));
		expect(status).toBe('failed');
		expect(errors.join()).toMatch(/username and password/);
		await rest.updateCredential(credentialId, stage.credential());
		await rest.deactivate(workflowId).catch(() => undefined);
		expect(await rest.activate(workflowId)).toMatchObject({ status: 'published' });
		await rest.deactivate(workflowId);
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(stage, { 'the wrong password': 'wrong-at-activation' });
	});
});
