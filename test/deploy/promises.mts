import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountOf } from '../../host/account.mts';
import { until } from '../../host/wait.mts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { OWNER } from '../../host/home.mts';
import { alertsToLedger, morePolls } from '../e2e/ledger-workflow.mts';
import type { Setup } from '../repository/compose-file.mts';
import { Deployment } from './deployment.mts';
import { sh } from './engine.mts';

const ARRIVAL_LIMIT_MS = 300_000;
const PACE = { perMinute: 300 };
/** A workflow that no back-up has. */
const NEWER = 'Made after the back-up';

/** In bytes, of `512m` or `2g`. */
const bytesOf = (limit: string): number =>
	Number.parseInt(limit, 10) * (limit.endsWith('g') ? 2 ** 30 : 2 ** 20);

/** What deploy/README.md promises of each set-up. The tests are one story: each goes on where the one before ended. */
export function keepsItsPromises(setup: Setup): void {
	describe(`deploy/${setup}, built and started by Docker`, () => {
		let deployment: Deployment;
		let simulator: Simulator;
		beforeAll(async () => {
			// The address of this machine that every container reaches.
			const host = await sh(
				`docker network inspect bridge --format '{{ (index .IPAM.Config 0).Gateway }}'`,
			);
			simulator = await startSimulator({ host: host.trim() });
			deployment = await Deployment.make(setup);
			await deployment.up();
			await deployment.rest.setUpOwner(OWNER);
		});
		afterAll(async () => {
			await deployment?.close();
			await simulator?.close();
		});

		/** Of what was raised so far, by what n8n shows, once all has come and three more polls have brought what comes twice. */
		const settled = async (): Promise<{ raised: number; lost: number; twice: number }> => {
			simulator.source.stop();
			const raised = simulator.ledger.expectedKeys();
			const lost = async (): Promise<number> => {
				const emitted = new Set(await deployment.emitted());
				return raised.filter((key) => !emitted.has(key)).length;
			};
			await until('all alerts are emitted', async () => (await lost()) === 0, {
				limitMs: ARRIVAL_LIMIT_MS,
				everyMs: 2000,
				seen: lost,
			});
			await morePolls(simulator, 3, ARRIVAL_LIMIT_MS);
			const emitted = await deployment.emitted();
			return {
				raised: raised.length,
				lost: await lost(),
				twice: emitted.length - new Set(emitted).size,
			};
		};
		const NOTHING_AMISS = { raised: expect.any(Number), lost: 0, twice: 0 };
		/** Waits until alerts come in and are emitted. */
		const underWay = async (): Promise<void> => {
			simulator.source.start(PACE);
			const { delivered } = simulator.ledger.report();
			await until('alerts arrive', () => simulator.ledger.report().delivered > delivered + 10, {
				limitMs: ARRIVAL_LIMIT_MS,
			});
		};

		test('every container is there, and well by its own health check', async () => {
			const wanted = Object.values(deployment.file.services).flatMap(({ deploy }) =>
				Array<string>(deploy?.replicas ?? 1).fill('healthy'),
			);
			const seen = (await deployment.containers()).map(({ State }) => State.Health.Status);
			expect(seen).toEqual(wanted);
		});

		test('both nodes have the type names that an installation from the panel gives them', async () => {
			expect((await deployment.nodeTypes()).map(({ name }) => name).sort()).toEqual([
				'n8n-nodes-cynet.cynet',
				'n8n-nodes-cynet.cynetTool',
				'n8n-nodes-cynet.cynetTrigger',
			]);
		});

		/** What the system says of all processes in the containers of a service: the values under names such as `Uid`. */
		const statusIn = async (service: string): Promise<(name: string) => string[]> => {
			const text = await deployment.sh(
				`docker compose exec -T ${service} sh -c 'cat /proc/[0-9]*/status 2>/dev/null || true'`,
			);
			// Docker's own is on its way to become a health check.
			const processes = text.split(/^(?=Name:)/m).filter((one) => !/^Name:\s*runc/.test(one));
			return (name) => [
				...new Set(
					[...processes.join('').matchAll(new RegExp(`^${name}:\\s*(.*?)\\s*$`, 'gm'))].map(
						(match) => match[1]!,
					),
				),
			];
		};

		test('no process can gain rights', async () => {
			for (const service of Object.keys(deployment.file.services))
				expect((await statusIn(service))('NoNewPrivs')).toEqual(['1']);
		});

		test('no process of n8n is root, or has a right of root', async () => {
			for (const service of deployment.ownServices) {
				const values = await statusIn(service);
				// Node 24 calls itself by its thread.
				expect(values('Name')).toEqual(expect.arrayContaining(['tini', 'MainThread']));
				expect(values('(?:Uid|Gid)')).toEqual(['1000\t1000\t1000\t1000']);
				expect(values('Groups')).toEqual(['1000']);
				expect(values('Cap(?:Inh|Prm|Eff|Bnd|Amb)')).toEqual(['0000000000000000']);
			}
		});

		test('n8n can change neither the package nor the script that links it', async () => {
			const changed = await deployment.sh(
				`docker compose exec -T ${deployment.main} sh -c 'find /opt/n8n-nodes-cynet -writable; touch /opt/n8n-nodes-cynet/package/x 2>&1 || true'`,
			);
			expect(changed).toMatch(/^touch: .*Permission denied\n$/);
		});

		test('a process that takes more memory than its container may have is killed, and n8n lives on', async () => {
			for (const [name, { mem_limit: limit = '' }] of Object.entries(deployment.file.services)) {
				const limits = (await deployment.containers(name)).map(
					({ HostConfig }) => HostConfig.Memory,
				);
				expect(new Set(limits)).toEqual(new Set([bytesOf(limit)]));
			}
			const greedy = 'for (const kept = [];;) kept.push(Buffer.alloc(2 ** 26, 1))';
			await expect(
				deployment.sh(`docker compose exec -T ${deployment.main} node -e '${greedy}'`),
			).rejects.toMatchObject({ code: 137 });
			await deployment.healthy();
		});

		test('a published workflow is polled, and every alert comes once', async () => {
			const id = await deployment.rest.createCredential(
				// Without TLS, which the package allows on loopback alone.
				accountOf(simulator, { allowUnauthorizedCerts: true }),
			);
			const workflow = await deployment.rest.createWorkflow(alertsToLedger(simulator.url, id));
			expect(await deployment.rest.activate(workflow)).toEqual({ status: 'published', errors: [] });
			await underWay();
			expect(await settled()).toEqual(NOTHING_AMISS);
			expect(simulator.ledger.report()).toMatchObject({ lost: 0, twice: 0 });
		});

		test('what kill -9 ends is started again by itself; nothing is lost, nothing comes twice', async () => {
			await underWay();
			await deployment.kill(...deployment.ownServices);
			expect(await settled()).toEqual(NOTHING_AMISS);
		});

		test('a back-up is made while alerts come in, and nothing is lost or comes twice', async () => {
			await underWay();
			await deployment.backUp();
			await deployment.rest.createWorkflow({ name: NEWER, nodes: [], connections: {} });
			expect(await settled()).toEqual(NOTHING_AMISS);
		});

		test('stop leaves n8n the time to end by itself', async () => {
			await underWay();
			await deployment.sh('docker compose stop');
			const codes = (await deployment.containers(...deployment.ownServices)).map(
				({ State }) => State.ExitCode,
			);
			// 128 and the signal: Docker had to kill it.
			expect(codes).not.toContain(137);
		});

		test.each(['later', 'this'] as const)(
			'the nodes are of %s release when its files are there, and the trigger goes on where it was',
			async (release) => {
				await deployment.take(release);
				await deployment.up();
				const { images, nodes } = await deployment.release();
				expect(new Set([...images, nodes])).toEqual(new Set([release]));
				await underWay();
				expect(await settled()).toEqual(NOTHING_AMISS);
			},
		);

		test('a restored back-up goes on from its cursors: nothing is lost, nothing comes twice', async () => {
			const names = async (): Promise<string[]> =>
				(await deployment.rest.request<Array<{ name: string }>>('GET', '/workflows')).map(
					({ name }) => name,
				);
			expect(await names()).toContain(NEWER);
			await deployment.restore();
			expect(await names()).not.toContain(NEWER);
			await underWay();
			expect(await settled()).toEqual(NOTHING_AMISS);
		});
	});
}
