import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf } from '../../host/account.mts';
import { dataFolder } from '../../host/environment.mts';
import { OWNER } from '../../host/home.mts';
import { installN8n } from '../../host/install.mts';
import { N8n, type Role } from '../../host/n8n.mts';
import { installPackage, packPackage } from '../../host/package.mts';
import { HOSTS } from '../../host/paths.mts';
import { Postgres } from '../../host/postgres.mts';
import { Redis } from '../../host/redis.mts';
import { Rest } from '../../host/rest.mts';
import { nodeOf } from '../../host/workflow-node.mts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { POLL_TIMES } from '../e2e/instance.mts';
import { openHold, type Hold } from './hold.mts';

export const SITES = Array.from({ length: 20 }, (_, index) => String(1001 + index));
export const TRIGGERS = 4;
/** The most that one execution holds: what a killed process can cost counts in these. */
export const BATCH = 200;
/** Unless told otherwise. */
const WORKERS = 2;
/** A main and its workers: each has a memory for tokens of its own. */
export const PROCESSES = 1 + WORKERS;

/**
 * n8n in queue mode: PostgreSQL, Redis, a main and two workers, the packed package in each, before
 * a simulated Cynet 360.
 */
export class Cluster {
	private constructor(
		readonly postgres: Postgres,
		readonly redis: Redis,
		readonly simulator: Simulator,
		readonly hold: Hold,
		readonly main: N8n,
		readonly workers: readonly N8n[],
		readonly rest: Rest,
	) {}

	static async make(
		name: string,
		version: string,
		{
			durable,
			workers: count = WORKERS,
			more = {},
		}: { durable: boolean; workers?: number; more?: Record<string, string> },
	): Promise<Cluster> {
		const installation = await installN8n(version);
		const postgres = await Postgres.start(installation);
		const redis = await Redis.start();
		const simulator = await startSimulator({ sites: SITES });
		const folderOf = (role: Role, number: number): string =>
			join(HOSTS, 'queue', `${name}-${role}-${number}`);
		const process = async (role: Role, number: number): Promise<N8n> => {
			const userFolder = folderOf(role, number);
			await rm(userFolder, { recursive: true, force: true });
			// As in an image: installed once, there for all.
			if (role === 'main') await installPackage(installation, await packPackage(), userFolder);
			else
				await cp(
					join(dataFolder(folderOf('main', 1)), 'nodes'),
					join(dataFolder(userFolder), 'nodes'),
					{ recursive: true },
				);
			return await N8n.make({
				role,
				installation,
				userFolder,
				durable,
				queue: { postgres, redis },
				more: { EXECUTIONS_DATA_PRUNE: 'false', ...more },
			});
		};
		const main = await process('main', 1);
		const workers: N8n[] = [];
		for (let number = 1; number <= count; number++) workers.push(await process('worker', number));
		const cluster = new Cluster(
			postgres,
			redis,
			simulator,
			await openHold(),
			main,
			workers,
			new Rest(main),
		);
		try {
			// The main makes the tables; workers that find none end.
			await main.start();
			await Promise.all(workers.map(async (worker) => await worker.start()));
			await cluster.rest.setUpOwner(OWNER);
		} catch (error) {
			await cluster.close();
			throw error;
		}
		return cluster;
	}

	async close(): Promise<void> {
		await Promise.all([this.main, ...this.workers].map(async (n8n) => await n8n.kill()));
		await this.simulator.close();
		await this.hold.close();
		await this.redis.close();
		await this.postgres.close();
	}

	/**
	 * Four workflows of five sites each, all with one credential; each execution asks for hosts, and
	 * may be held, on its way to the ledger.
	 */
	async publish(): Promise<void> {
		const id = await this.rest.createCredential(accountOf(this.simulator));
		for (let number = 0; number < TRIGGERS; number++) {
			const clientIds = SITES.filter((_, index) => index % TRIGGERS === number).join(',');
			await this.rest.publish(
				workflow(
					this.simulator.url,
					this.hold.url,
					{ id, name: 'Cynet' },
					{ clientIds, maxAlerts: BATCH },
				),
			);
		}
	}

	/**
	 * The executions that are held in the hands of a worker, and of which its event log tells, from
	 * which n8n recovers after a crash.
	 */
	async inHand(worker: N8n): Promise<number[]> {
		const events = await readFile(
			join(dataFolder(worker.userFolder), 'n8nEventLog-worker.log'),
			'utf8',
		).catch(() => '');
		const held = this.hold.held();
		return events
			.split('\n')
			.filter((line) => line.endsWith('}') && line.includes('n8n.node.started'))
			.flatMap((line) => {
				const { payload } = JSON.parse(line) as {
					payload?: { nodeName?: string; executionId?: string };
				};
				const id = Number(payload?.executionId);
				return payload?.nodeName === 'Hold' && held.has(id) ? [id] : [];
			});
	}
}

function workflow(
	simulator: string,
	hold: string,
	cynetApi: { id: string; name: string },
	options: Record<string, unknown>,
) {
	const next = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
	return {
		name: `Alerts of ${String(options.clientIds)}`,
		nodes: [
			nodeOf(
				'Cynet Trigger',
				'n8n-nodes-cynet.cynetTrigger',
				1,
				{ pollTimes: POLL_TIMES, options },
				{ credentials: { cynetApi } },
			),
			nodeOf(
				'Hosts',
				'n8n-nodes-cynet.cynet',
				1,
				{ resource: 'host', operation: 'getAll', limit: 1 },
				{ credentials: { cynetApi }, executeOnce: true },
			),
			// Longer than any test holds it.
			nodeOf(
				'Hold',
				'n8n-nodes-base.httpRequest',
				4.2,
				{ url: `=${hold}{{ $execution.id }}`, options: { timeout: 3_600_000 } },
				{ executeOnce: true },
			),
			nodeOf(
				'Ledger',
				'n8n-nodes-base.httpRequest',
				4.2,
				{
					method: 'POST',
					url: `${simulator}/ledger/alerts`,
					sendBody: true,
					specifyBody: 'json',
					jsonBody: "={{ JSON.stringify($('Cynet Trigger').all().map((item) => item.json)) }}",
					options: {},
				},
				{ executeOnce: true },
			),
		],
		connections: { 'Cynet Trigger': next('Hosts'), Hosts: next('Hold'), Hold: next('Ledger') },
	};
}
