import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf } from '../../host/account.mts';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import { installN8n, type Installation } from '../../host/install.mts';
import { N8n } from '../../host/n8n.mts';
import { makeHome, OWNER } from '../../host/home.mts';
import { HOSTS } from '../../host/paths.mts';
import { Rest, type Credential, type Publication } from '../../host/rest.mts';
import { DEFAULT_N8N, OLDER_N8N } from '../../host/versions.mts';
import { findingsOf, hasReport } from '../../host/version-3.mts';
import { until } from '../../host/wait.mts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { openGate, type Gate } from './gate.mts';
import { alertsToLedger, morePolls, POLL_TIMES } from './ledger-workflow.mts';

export { OWNER, POLL_TIMES };

/** The versions of n8n to test with; `N8N_VERSIONS=2.41.1 npm run test:e2e` for one alone. */
export const VERSIONS = (process.env.N8N_VERSIONS ?? `${DEFAULT_N8N},${OLDER_N8N}`)
	.split(',')
	.map((version) => version.trim())
	.filter((version) => version !== '');

/**
 * From the raising of an alert to the end of its execution, and of a few polls, on a very busy
 * machine: whoever waits goes on as soon as it has come.
 */
export const ARRIVAL_LIMIT_MS = 300_000;

/** How n8n runs. */
interface Running {
	readonly durable?: boolean;
	readonly more?: Record<string, string>;
}

interface InstanceOptions extends Running {
	/** Another way to bring the package into n8n than that of a user, into a folder in which there is nothing yet. */
	readonly install?: (installation: Installation, userFolder: string) => Promise<void>;
}

/** A real n8n with the packed package in it, a simulated Cynet 360 behind a gate, and the hands to use both. */
export class Instance {
	private constructor(
		readonly n8n: N8n,
		readonly rest: Rest,
		readonly simulator: Simulator,
		readonly gate: Gate,
	) {}

	/** Everything of its own: a user folder with the package and an owner in it, a running n8n. */
	static async make(
		name: string,
		version: string,
		options: InstanceOptions = {},
	): Promise<Instance> {
		const installation = await installN8n(version);
		const userFolder = join(HOSTS, 'e2e', `${name}-${version}`);
		if (options.install) {
			await rm(userFolder, { recursive: true, force: true });
			await options.install(installation, userFolder);
		} else await makeHome(installation, userFolder);
		const simulator = await startSimulator();
		const n8n = await hostIn(userFolder, installation, options);
		const instance = new Instance(n8n, new Rest(n8n), simulator, await openGate(simulator.url));
		await n8n.start();
		if (options.install) await instance.rest.setUpOwner(OWNER);
		else await instance.rest.logIn(OWNER);
		return instance;
	}

	/**
	 * Another version of n8n in the same user folder, before the same Cynet 360, running. The one
	 * before has to be stopped, and this instance is not used any more.
	 */
	async upgrade(version: string, running: Running = {}): Promise<Instance> {
		const n8n = await hostIn(this.n8n.userFolder, await installN8n(version), running);
		const instance = new Instance(n8n, new Rest(n8n), this.simulator, this.gate);
		await n8n.start();
		await instance.rest.logIn(OWNER);
		return instance;
	}

	/** Ends all of it. @throws where a workflow of this n8n has what n8n's report on version 3 names */
	async close(): Promise<void> {
		const { n8n, rest } = this;
		try {
			const findings =
				n8n.phase === 'running' && hasReport(n8n.installation.version)
					? await findingsOf(rest)
					: [];
			if (findings.length > 0)
				throw new Error(`n8n 3.0 would not run these workflows:\n${findings.join('\n')}`);
		} finally {
			await n8n.stop();
			await this.gate.shut();
			await this.simulator.close();
		}
	}

	/** The credential as a user fills it in, with the right values unless told otherwise. */
	credential(data: Readonly<Record<string, unknown>> = {}): Credential {
		return accountOf(this.simulator, { baseUrl: this.gate.url, ...data });
	}

	/**
	 * A workflow with Cynet Trigger, which polls every two seconds and emits to the ledger, an
	 * execution in one request.
	 */
	async createWorkflow(
		credentialId: string,
		options: Readonly<Record<string, unknown>> = {},
	): Promise<string> {
		return await this.rest.createWorkflow(
			alertsToLedger(this.simulator.url, credentialId, options),
		);
	}

	/** Creates a credential and a workflow and publishes it. */
	async publish(
		credential = this.credential(),
	): Promise<Publication & { workflowId: string; credentialId: string }> {
		const credentialId = await this.rest.createCredential(credential);
		const workflowId = await this.createWorkflow(credentialId);
		return { ...(await this.rest.activate(workflowId)), workflowId, credentialId };
	}

	/**
	 * Waits until everything raised has been delivered and three more polls were answered, so that
	 * what comes twice has come.
	 */
	async settle(): Promise<void> {
		const { ledger } = this.simulator;
		await until(
			'all alerts are delivered',
			() => ledger.report().delivered === ledger.report().raised,
			{
				limitMs: ARRIVAL_LIMIT_MS,
				seen: () => ledger.report(),
			},
		);
		await this.polls(3);
		await until('no execution is unfinished', async () =>
			(await this.executions()).every(({ status }) => status !== 'new' && status !== 'running'),
		);
	}

	/** Waits for so many more polls. */
	async polls(count: number): Promise<void> {
		await morePolls(this.simulator, count, ARRIVAL_LIMIT_MS);
	}

	/** The executions in n8n's own database. */
	async executions(): Promise<Execution[]> {
		return await executionsAfter(this.n8n);
	}

	/** The dedup keys of all that the trigger emitted, by n8n's own database. */
	async emitted(): Promise<string[]> {
		const executions = await this.executions();
		return executions
			.filter(({ mode }) => mode === 'trigger')
			.flatMap(({ items }) => items.map(({ dedupKey }) => String(dedupKey)));
	}
}

async function hostIn(
	userFolder: string,
	installation: Installation,
	{ durable, more }: Running,
): Promise<N8n> {
	return await N8n.make({
		installation,
		userFolder,
		durable,
		more: { N8N_LOG_LEVEL: 'debug', EXECUTIONS_DATA_PRUNE: 'false', ...more },
	});
}
