import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../host/database.mts';
import { DEFAULT_N8N, OLDER_N8N } from '../../host/versions.mts';
import { Bench, VERSIONS } from './bench.mts';
import { expectNoSecrets } from './secrets.mts';

const PATHS = [
	{ path: 'the default path', durable: false },
	{ path: 'durable cursors', durable: true },
];

/** Unless `N8N_VERSIONS` names one of the two alone. */
const ASKED_FOR = [OLDER_N8N, DEFAULT_N8N].every((version) => VERSIONS.includes(version));

// The user folder stays as n8n 1.123 left it: database, encryption key, the package, a published
// workflow. Each test begins where the one before it ended.
describe.runIf(ASKED_FOR).each(PATHS)(
	`An upgrade from n8n ${OLDER_N8N}, to $path, in n8n ${DEFAULT_N8N}`,
	({ durable }) => {
		let bench: Bench;
		let published: Awaited<ReturnType<Bench['publish']>>;
		beforeAll(
			async () =>
				void (bench = await Bench.make(durable ? 'upgrade-durable' : 'upgrade', OLDER_N8N)),
		);
		afterAll(async () => await bench?.close());

		/** Each alert ever raised: once in n8n's own database, in an execution that succeeded, and once in the ledger. */
		const expectEachOnce = async (): Promise<void> => {
			await bench.settle();
			const { raised, lost, twice, unknown } = bench.simulator.ledger.report();
			expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
			const keys = await bench.emitted();
			expect([new Set(keys).size, keys.length]).toEqual([raised, raised]);
			expect((await bench.executions()).filter(({ status }) => status !== 'success')).toEqual([]);
		};

		test('what was raised under the older n8n, and while neither ran, comes once', async () => {
			bench.simulator.raise(12);
			published = await bench.publish();
			expect(published).toMatchObject({ status: 'published', errors: [] });
			await expectEachOnce();
			bench.simulator.raise(5);
			await expectEachOnce();
			await bench.n8n.stop();
			bench.simulator.raise(7);
			bench = await bench.upgrade(DEFAULT_N8N, { durable });
			await expectEachOnce();
			expect(await bench.rest.publication(published.workflowId)).toMatchObject({
				status: 'published',
				errors: [],
			});
		});

		test('the token that the older n8n stored goes on working, and is renewed in the same credential once it has expired', async () => {
			const { ledger } = bench.simulator;
			expect(ledger.exchanges).toBe(1);
			bench.simulator.expireTokens();
			bench.simulator.raise(3);
			await expectEachOnce();
			expect(ledger.exchanges).toBe(2);
			expect(
				await bench.rest.testCredential(published.credentialId, bench.credential()),
			).toMatchObject({ status: 'OK' });
		});

		test('a restart after it loses and repeats nothing', async () => {
			await bench.n8n.stop();
			bench.simulator.raise(4);
			await bench.n8n.start();
			await expectEachOnce();
			const cursors = await query<{ workflowId: string }>(
				bench.n8n,
				'SELECT DISTINCT "workflowId" FROM poller_state',
			);
			expect(cursors).toEqual(durable ? [{ workflowId: published.workflowId }] : []);
		});

		test('leaves no secret in the database or the log', async () => {
			await expectNoSecrets(bench);
		});
	},
);
