import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { DEFAULT_N8N } from '../../host/versions.mts';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from './instance.mts';
import { Life } from './life.mts';

const EXACT = { lost: 0, twice: 0 };
const PATHS = [
	...VERSIONS.map((version) => ({ version, durable: false, path: 'the default path' })),
	{ version: DEFAULT_N8N, durable: true, path: 'durable cursors' },
];

/** The rest of what makes a life. */
type Making = Parameters<typeof Life.make> extends [unknown, ...infer Rest] ? Rest : never;
/** Begins a life that ends with its test. */
type Live = (...making: Making) => Promise<Life>;

// What people do to a workflow, counted in n8n's database. Lives go on side by side where n8n can
// bear it, each at a site of its own.
describe.each(PATHS)('the life of a workflow in n8n $version on $path', ({ version, durable }) => {
	let instance: Instance;
	beforeAll(
		async () =>
			void (instance = await Instance.make(durable ? 'lifecycle-durable' : 'lifecycle', version, {
				durable,
			})),
	);
	afterAll(async () => await instance?.close());
	/**
	 * The older line, which emits whatever a poll brings, gets the scenarios of polls in flight,
	 * imports and two triggers: they are n8n's part.
	 */
	const isNewest = version === DEFAULT_N8N;
	/**
	 * Two requests at once are too much for the older line on SQLite: "cannot start a transaction
	 * within a transaction".
	 */
	const scenario = isNewest ? test.concurrent : test;
	const living =
		(tell: (live: Live) => Promise<void>) =>
		async ({ onTestFinished }: TestContext): Promise<void> =>
			await tell(async (...making) => {
				const life = await Life.make(instance, ...making);
				// What polls on would only slow the others down.
				onTestFinished(async () => {
					life.clearFaults();
					await life.unpublish().catch(() => undefined);
				});
				return life;
			});
	const restart = async (): Promise<void> => {
		await instance.n8n.stop();
		await instance.n8n.start();
	};

	scenario(
		'a poll is under way while a changed version is published',
		living(async (live) => {
			const life = await live();
			expect(await life.publish()).toBe('published');
			life.raise(3);
			expect(await life.balance(3)).toEqual(EXACT);
			await life.holdPoll(3000, 5);
			expect(await life.set({ pageSize: 99 })).toBe('published');
			life.raise(2);
			expect(await life.balance(10)).toEqual(EXACT);
		}),
	);

	scenario(
		'the same before n8n holds any state of the site: the first answers come while a renamed trigger is published',
		living(async (live) => {
			const life = await live();
			life.fault({ kind: 'status', status: 503, times: 'forever' });
			expect(await life.publish()).toBe('published');
			life.clearFaults();
			await life.holdPoll(3000, 12);
			expect(
				await life.change(
					(nodes) => void (nodes.find(({ name }) => name === 'Cynet Trigger')!.name = 'Alerts'),
				),
			).toBe('published');
			expect(await life.balance(12)).toEqual(EXACT);
		}),
	);

	scenario(
		'a poll is under way while the workflow is unpublished; it is published again',
		living(async (live) => {
			const life = await live({ lookbackHours: 0 });
			expect(await life.publish()).toBe('published');
			await life.polls(2);
			await life.holdPoll(1500, 6);
			await life.unpublish();
			await wait(2500);
			life.raise(2);
			expect(await life.publish()).toBe('published');
			expect(await life.balance(8)).toEqual(EXACT);
		}),
	);

	scenario(
		'versions are published one after the other while alerts come',
		living(async (live) => {
			const life = await live();
			expect(await life.publish()).toBe('published');
			life.fault({ kind: 'slow', delayMs: 150, times: 'forever' });
			let raised = 0;
			let over = false;
			const raising = (async () => {
				while (!over) {
					life.raise();
					raised++;
					await wait(200);
				}
			})();
			for (let pageSize = 200; pageSize < 212; pageSize++) {
				expect(await life.set({ pageSize })).toBe('published');
				await wait(150 * (pageSize % 5));
			}
			over = true;
			await raising;
			life.clearFaults();
			expect(await life.balance(raised)).toEqual(EXACT);
		}),
	);

	if (isNewest)
		test.concurrent(
			'a renamed trigger, a duplicated workflow',
			living(async (live) => {
				const life = await live();
				expect(await life.publish()).toBe('published');
				life.raise(3);
				expect(await life.balance(3)).toEqual(EXACT);
				expect(
					await life.change(
						(nodes) =>
							void (nodes.find(({ name }) => name === 'Cynet Trigger')!.name = 'Alerts of Cynet'),
					),
				).toBe('published');
				life.raise(2);
				expect(await life.balance(5)).toEqual(EXACT);
				const original = await instance.rest.request<Record<string, unknown>>(
					'GET',
					`/workflows/${life.workflowId}`,
				);
				const copy = await instance.rest.createWorkflow({
					name: 'Copy',
					nodes: original.nodes as never,
					connections: original.connections as never,
				});
				const copied = Object.assign(Object.create(Life.prototype) as Life, life, {
					workflowId: copy,
				});
				expect(await copied.publish()).toBe('published');
				life.raise(2);
				expect([await life.balance(7), await copied.balance(7)]).toEqual([EXACT, EXACT]);
				await copied.unpublish();
			}),
		);

	if (isNewest)
		test.concurrent(
			'a site added later starts with what is new from then on',
			living(async (live) => {
				const life = await live({ lookbackHours: 0 });
				const other = await Life.make(instance);
				expect(await life.publish()).toBe('published');
				await life.polls(3);
				other.raise(10);
				await wait(2000);
				expect(await life.set({ clientIds: `${life.site}, ${other.site}` })).toBe('published');
				await life.polls(1, other.site);
				await wait(1500);
				other.raise(2);
				life.raise(2);
				expect([await life.balance(2), await life.balance(2, { site: other.site })]).toEqual([
					EXACT,
					EXACT,
				]);
			}),
		);

	if (isNewest)
		test.concurrent(
			'a credential that is changed to another site and back',
			living(async (live) => {
				const life = await live();
				const other = await Life.make(instance);
				expect(await life.publish()).toBe('published');
				life.raise(3);
				expect(await life.balance(3)).toEqual(EXACT);
				await instance.rest.updateCredential(
					life.credentialId,
					instance.credential({ clientId: other.site }),
				);
				other.raise(2);
				life.raise(2);
				expect(await life.balance(2, { site: other.site })).toEqual(EXACT);
				await instance.rest.updateCredential(
					life.credentialId,
					instance.credential({ clientId: life.site }),
				);
				expect(await life.balance(5)).toEqual(EXACT);
			}),
		);

	// On durable cursors n8n itself publishes such a workflow without a schedule: "0 to add", and its jobs are gone.
	if (!durable)
		scenario(
			'a workflow that is imported while n8n runs, and published again beside what n8n still polls',
			living(async (live) => {
				const life = await live();
				expect(await life.publish()).toBe('published');
				life.raise(3);
				expect(await life.balance(3)).toEqual(EXACT);
				await life.importAgain(durable);
				life.raise(2);
				await life.publish();
				for (let i = 0; i < 4; i++) {
					life.raise(2);
					await wait(1100);
				}
				expect(await life.balance(13)).toEqual(EXACT);
			}),
		);

	test(
		'two triggers in one workflow, one of them changed, and a restart',
		living(async (live) => {
			const life = await live({}, ['Cynet Trigger', 'Second']);
			expect(await life.publish()).toBe('published');
			life.raise(4);
			expect([
				await life.balance(4, { trigger: 'Cynet Trigger' }),
				await life.balance(4, { trigger: 'Second' }),
			]).toEqual([EXACT, EXACT]);
			expect(await life.set({ pageSize: 98 }, 'Second')).toBe('published');
			for (let i = 0; i < 5; i++) {
				life.raise(3);
				await wait(1300);
			}
			expect([
				await life.balance(19, { trigger: 'Cynet Trigger' }),
				await life.balance(19, { trigger: 'Second' }),
			]).toEqual([EXACT, EXACT]);
			await restart();
			life.raise(2);
			expect([
				await life.balance(21, { trigger: 'Cynet Trigger' }),
				await life.balance(21, { trigger: 'Second' }),
			]).toEqual([EXACT, EXACT]);
		}),
	);

	if (isNewest)
		test(
			'the API is away at the first publication, and n8n restarts before it is back: nothing since the publication is lost',
			living(async (live) => {
				const life = await live({ lookbackHours: 0 });
				life.fault({ kind: 'status', status: 503, times: 'forever' });
				expect(await life.publish()).toBe('published');
				// Durable cursors keep nothing of a publication's own poll: only the next one does.
				await until('n8n holds since when the site waits', async () =>
					(await life.kept()).includes(`waiting ${life.site}`),
				);
				life.raise(4);
				await restart();
				life.clearFaults();
				life.raise(2);
				expect(await life.balance(6)).toEqual(EXACT);
			}),
		);
});
