import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../host/database.mts';
import { DEFAULT_N8N, OLDER_N8N } from '../../host/versions.mts';
import { Instance, VERSIONS } from './instance.mts';
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
		let instance: Instance;
		let published: Awaited<ReturnType<Instance['publish']>>;
		beforeAll(
			async () =>
				void (instance = await Instance.make(durable ? 'upgrade-durable' : 'upgrade', OLDER_N8N)),
		);
		afterAll(async () => await instance?.close());

		/** Each alert ever raised: once in n8n's own database, in an execution that succeeded, and once in the ledger. */
		const expectEachOnce = async (): Promise<void> => {
			await instance.settle();
			const { raised, lost, twice, unknown } = instance.simulator.ledger.report();
			expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
			const keys = await instance.emitted();
			expect([new Set(keys).size, keys.length]).toEqual([raised, raised]);
			expect((await instance.executions()).filter(({ status }) => status !== 'success')).toEqual(
				[],
			);
		};

		test('what was raised under the older n8n, and while neither ran, comes once', async () => {
			instance.simulator.raise(12);
			published = await instance.publish();
			expect(published).toMatchObject({ status: 'published', errors: [] });
			await expectEachOnce();
			instance.simulator.raise(5);
			await expectEachOnce();
			await instance.n8n.stop();
			instance.simulator.raise(7);
			instance = await instance.upgrade(DEFAULT_N8N, { durable });
			await expectEachOnce();
			expect(await instance.rest.publication(published.workflowId)).toMatchObject({
				status: 'published',
				errors: [],
			});
		});

		test('the token that the older n8n stored goes on working, and is renewed in the same credential once it has expired', async () => {
			const { ledger } = instance.simulator;
			expect(ledger.exchanges).toBe(1);
			instance.simulator.expireTokens();
			instance.simulator.raise(3);
			await expectEachOnce();
			expect(ledger.exchanges).toBe(2);
			expect(
				await instance.rest.testCredential(published.credentialId, instance.credential()),
			).toMatchObject({ status: 'OK' });
		});

		test('a restart after it loses and repeats nothing', async () => {
			await instance.n8n.stop();
			instance.simulator.raise(4);
			await instance.n8n.start();
			await expectEachOnce();
			const cursors = await query<{ workflowId: string }>(
				instance.n8n,
				'SELECT DISTINCT "workflowId" FROM poller_state',
			);
			expect(cursors).toEqual(durable ? [{ workflowId: published.workflowId }] : []);
		});

		test('leaves no secret in the database or the log', async () => {
			await expectNoSecrets(instance);
		});
	},
);
