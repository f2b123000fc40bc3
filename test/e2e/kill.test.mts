import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../../host/wait.mts';
import { hasDurableCursors } from '../../host/versions.mts';
import { Bench, VERSIONS } from './bench.mts';
import { expectNoSecrets } from './secrets.mts';

const KILLS = 3;
const ALERTS = 1500;

describe.each(VERSIONS)('Cynet Trigger on durable cursors in n8n %s', (version) => {
	// n8n 2.37 is the first to have them.
	const possible = test.skipIf(!hasDurableCursors(version));
	let bench: Bench | undefined;
	beforeAll(async () => {
		if (hasDurableCursors(version)) bench = await Bench.make('kill', version, { durable: true });
	});
	afterAll(async () => await bench?.close());

	possible(`hands every alert over once, over ${KILLS} kills -9 in the middle of polls`, async () => {
		const { n8n, simulator, rest } = bench!;
		const credentialId = await rest.createCredential(bench!.credential());
		// Small batches: many polls, and many moments at which a kill can come.
		const workflowId = await bench!.createWorkflow(credentialId, { maxAlerts: 100, pageSize: 20 });
		expect(await rest.activate(workflowId)).toMatchObject({ status: 'published' });
		for (let kill = 1; kill <= KILLS; kill++) {
			const before = simulator.ledger.requests.length;
			simulator.raise(ALERTS / KILLS);
			await until('polls are under way', () => simulator.ledger.requests.length > before + 3 * kill, { everyMs: 1 });
			await n8n.kill();
			await n8n.start();
		}
		// An execution that a kill cut down has its alerts, but delivers nothing: n8n's database tells, not the ledger.
		const keys = await until('every alert was handed over', async () => {
			const handedOver = await bench!.handedOver();
			return new Set(handedOver).size >= ALERTS && handedOver;
		}, { limitMs: 300_000, everyMs: 1000, seen: () => simulator.ledger.report() });
		await bench!.polls(3);
		expect(keys).toHaveLength(ALERTS);
		expect(await bench!.handedOver()).toHaveLength(ALERTS);
	});

	possible('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(bench!);
	});
});
