import { setTimeout as wait } from 'node:timers/promises';
import { accountOf } from '../../host/account.mts';
import type { N8n } from '../../host/n8n.mts';
import type { Rest } from '../../host/rest.mts';
import type { Simulator } from '../../simulator/simulator.mts';
import { Instance, VERSIONS } from '../e2e/instance.mts';
import { alertsToLedger, pollTimes } from '../e2e/ledger-workflow.mts';
import { SHORT_CLAIM } from '../kill/kills.mts';
import { Cluster } from '../queue/cluster.mts';
import { LATE_NOTICE } from '../queue/late-notice.mts';

const VERSION = VERSIONS[0]!;
const SITES_EACH = 100;
const WORKFLOWS_EACH = 5;
const LATENCY_MS = 25;
/**
 * Shorter than a tenant's 20 minutes, as the day is shorter than a day. A token of less than a minute is not taken for
 * one that has ended.
 */
const TOKEN_MINUTES = 1.25;

const POLL_EVERY_S = 20;

/** One n8n, by itself or in queue mode, with a hundred sites of a Cynet 360 and an API user of its own. */
export interface Deployment {
	readonly name: string;
	readonly simulator: Simulator;
	readonly rest: Rest;
	/** The process that polls. */
	readonly main: N8n;
	/** One kill after another takes the next of these. */
	readonly victims: readonly N8n[];
	/** Sites that one workflow polls. */
	readonly workflows: ReadonlyArray<readonly string[]>;
	close(): Promise<void>;
}

/** How n8n runs. */
export type Mode = 'default' | 'queue';

type Host = Pick<Deployment, 'simulator' | 'rest' | 'main' | 'victims' | 'close'>;

const HOSTS: Readonly<Record<Mode, (name: string) => Promise<Host>>> = {
	default: async (name) => {
		const instance = await Instance.make(name, VERSION, {
			durable: true,
			more: { N8N_LOG_LEVEL: 'info', ...SHORT_CLAIM },
		});
		const { n8n, rest, simulator } = instance;
		return {
			simulator,
			rest,
			main: n8n,
			victims: [n8n, n8n],
			close: async () => await instance.close(),
		};
	},
	queue: async (name) => {
		const cluster = await Cluster.make(name, VERSION, {
			durable: true,
			workers: 1,
			more: { ...SHORT_CLAIM, ...LATE_NOTICE },
		});
		const { main, workers, rest, simulator } = cluster;
		return {
			simulator,
			rest,
			main,
			victims: [main, ...workers],
			close: async () => await cluster.close(),
		};
	},
};

/** Starts a deployment and publishes its workflows. The sites of two deployments are different ones. */
export async function deploy(mode: Mode, number: number): Promise<Deployment> {
	const name = `day-${mode}-${number}`;
	const host = await HOSTS[mode](name);
	const { simulator, rest } = host;
	const sites = Array.from({ length: SITES_EACH }, (_, index) => String(number * 1000 + 1 + index));
	Object.assign(simulator.settings, {
		sites,
		tokenLifeMinutes: TOKEN_MINUTES,
		singleToken: true,
		onArrival: async () => await wait(LATENCY_MS),
	});
	const workflows = Array.from({ length: WORKFLOWS_EACH }, (_, one) =>
		sites.filter((_site, index) => index % WORKFLOWS_EACH === one),
	);
	try {
		const credential = await rest.createCredential(accountOf(simulator));
		for (const own of workflows)
			await rest.publish(
				alertsToLedger(
					simulator.url,
					credential,
					{ clientIds: own.join(',') },
					pollTimes(POLL_EVERY_S),
				),
			);
	} catch (error) {
		await host.close();
		throw error;
	}
	return { name, ...host, workflows };
}
