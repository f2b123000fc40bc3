import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accountOf } from '../../host/account.mts';
import { query } from '../../host/database.mts';
import { makeHome, OWNER } from '../../host/home.mts';
import { installN8n } from '../../host/install.mts';
import { N8n } from '../../host/n8n.mts';
import { HOSTS } from '../../host/paths.mts';
import { Rest } from '../../host/rest.mts';
import { DEFAULT_N8N } from '../../host/versions.mts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { CONTESTANTS, type Contestant, type Key, type Terms } from './contestants.mts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** An execution that n8n has finished and written. */
export interface Finished {
	readonly workflowId: string;
	readonly status: string;
	/** This machine's clock, milliseconds since the epoch. */
	readonly at: number;
	/** What the last node gave. */
	readonly items: number;
}

/**
 * A contestant in the field: a published workflow, and a server of its own that shows the same
 * alerts as the others'.
 */
export interface Entrant {
	readonly contestant: Contestant;
	readonly simulator: Simulator;
	readonly workflowId: string;
}

/** One real n8n with this package, the bare trigger and the hook that says when executions are finished. */
export class Ground {
	private constructor(
		readonly n8n: N8n,
		private readonly rest: Rest,
		private readonly finishedFile: string,
	) {}

	static async make(): Promise<Ground> {
		const installation = await installN8n(DEFAULT_N8N);
		const userFolder = join(HOSTS, 'alternatives');
		await makeHome(installation, userFolder);
		const finishedFile = join(userFolder, 'finished.jsonl');
		const n8n = await N8n.make({
			installation,
			userFolder,
			more: {
				N8N_CUSTOM_EXTENSIONS: here('bare'),
				EXTERNAL_HOOK_FILES: here('when-finished.cjs'),
				FINISHED_EXECUTIONS: finishedFile,
			},
		});
		const ground = new Ground(n8n, new Rest(n8n), finishedFile);
		await n8n.start();
		await ground.rest.logIn(OWNER);
		return ground;
	}

	async close(): Promise<void> {
		await this.n8n.stop();
		await rm(this.n8n.userFolder, { recursive: true, force: true });
	}

	/** Publishes a workflow for each of these contestants. */
	async enter(keys: readonly Key[], terms: (key: Key) => Terms): Promise<Entrant[]> {
		const entrants: Entrant[] = [];
		for (const contestant of keys.map((key) => CONTESTANTS[key])) {
			const simulator = await startSimulator();
			const { username, password, sites } = simulator.settings;
			const credential = accountOf(simulator, {}, `Cynet of ${contestant.name}`);
			const id = await this.rest.createCredential(credential);
			const workflow = contestant.workflow(
				{ baseUrl: simulator.url, username, password, clientId: sites[0]! },
				{ cynetApi: { id, name: credential.name } },
				terms(contestant.key),
			);
			const workflowId = await this.rest.publish(workflow);
			entrants.push({ contestant, simulator, workflowId });
		}
		return entrants;
	}

	async leave(entrants: readonly Entrant[]): Promise<void> {
		for (const { workflowId, simulator } of entrants) {
			await this.rest.deactivate(workflowId);
			await simulator.close();
		}
	}

	/** How many executions of a workflow failed, polls that failed among them. */
	async failed(workflowId: string): Promise<number> {
		const [row] = await query<{ failed: number }>(
			this.n8n,
			"SELECT count(*) AS failed FROM execution_entity WHERE workflowId = ? AND status NOT IN ('success', 'new', 'running')",
			workflowId,
		);
		return row!.failed;
	}

	/** All executions that are finished, oldest first. Polls that failed are not among them. */
	async finished(): Promise<Finished[]> {
		const text = await readFile(this.finishedFile, 'utf8').catch(() => '');
		return text
			.split('\n')
			.slice(0, -1)
			.map((line) => JSON.parse(line) as Finished);
	}
}
