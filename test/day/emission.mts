import { query } from '../../host/database.mts';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import { until } from '../../host/wait.mts';
import { Emitted } from '../queue/emitted.mts';
import type { Deployment } from './deployments.mts';

const LOOK_EVERY_MS = 5_000;
const AGAIN_LIMIT_MS = 120_000;

/** What the triggers of a deployment emitted, by n8n's own database, and when. */
export class Emission {
	private readonly emitted: Emitted;
	private timer: NodeJS.Timeout | undefined;

	constructor(readonly deployment: Deployment) {
		this.emitted = new Emitted(deployment.main);
	}

	/** Looks from now on: of an execution whose worker died, n8n may throw the items away. */
	watch(): void {
		const look = async (): Promise<void> => {
			await this.emitted.look().catch(() => undefined);
			this.timer = setTimeout(() => void look(), LOOK_EVERY_MS);
		};
		void look();
	}

	end(): void {
		clearTimeout(this.timer);
	}

	async keys(): Promise<string[]> {
		await this.emitted.look();
		return this.emitted.allKeys();
	}

	/** Executions that a poll began, those without alerts included. */
	async count(): Promise<number> {
		const executions = await executionsAfter(this.deployment.main);
		return executions.filter(({ mode }) => mode === 'trigger').length;
	}

	async unfinished(): Promise<number> {
		const [row] = await query<{ count: number | string }>(
			this.deployment.main,
			`SELECT count(*) AS count FROM execution_entity WHERE status IN ('new', 'running')`,
		);
		return Number(row?.count ?? 0);
	}

	/** When n8n wrote the first execution with each alert, cursor and execution in one step. */
	async times(): Promise<Map<string, number>> {
		const rows = await query<{ id: number | string; at: string | Date }>(
			this.deployment.main,
			`SELECT id, "createdAt" AS at FROM execution_entity WHERE mode = 'trigger' ORDER BY id`,
		);
		const times = new Map<string, number>();
		for (const { id, at } of rows)
			for (const key of this.emitted.keysOf(Number(id)))
				if (!times.has(key)) times.set(key, timeOf(at));
		return times;
	}

	/**
	 * Runs the executions again that a kill cut off, as the owner does.
	 * @returns how many that were
	 */
	async runAgain(): Promise<number> {
		const { main, rest } = this.deployment;
		const cut = (await executionsAfter(main)).filter(
			({ mode, status, items }: Execution) =>
				mode === 'trigger' && status !== 'success' && items.some(({ dedupKey }) => dedupKey),
		);
		for (const { id } of cut) {
			// In queue mode n8n sometimes answers never, though a worker has long finished it.
			void rest.retryExecution(String(id)).catch(() => undefined);
			await until(
				`execution ${id} has run again`,
				async () =>
					(
						await query<{ id: number }>(
							main,
							`SELECT id FROM execution_entity WHERE "retryOf" = '${id}' AND status = 'success'`,
						)
					).length > 0,
				{ limitMs: AGAIN_LIMIT_MS },
			);
		}
		return cut.length;
	}
}

/** SQLite tells it as text in UTC. */
const timeOf = (at: string | Date): number =>
	at instanceof Date ? at.getTime() : Date.parse(`${at.replace(' ', 'T')}Z`);
