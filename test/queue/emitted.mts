import { executionsAfter, type Execution } from '../../host/executions.mts';
import { query } from '../../host/database.mts';
import type { N8n } from '../../host/n8n.mts';

/** What n8n has not ended yet. */
const UNFINISHED: readonly string[] = ['new', 'running'];

/**
 * What the triggers emitted, execution by execution, read from n8n's database while it is
 * there: of an execution whose worker died,
 * n8n throws the items away once it notices.
 */
export class Emitted {
	private readonly keys = new Map<number, readonly string[]>();

	constructor(private readonly n8n: N8n) {}

	/** Reads the executions that are new since the last time. */
	async look(): Promise<void> {
		const ids = (
			await query<{ id: number | string }>(
				this.n8n,
				`SELECT id FROM execution_entity WHERE mode = 'trigger' ORDER BY id`,
			)
		).map(({ id }) => Number(id));
		const fresh = ids.find((id) => !this.keys.has(id));
		if (fresh !== undefined) await this.take(await executionsAfter(this.n8n, fresh - 1));
	}

	/** All executions as they are now. */
	async all(): Promise<Execution[]> {
		const executions = await executionsAfter(this.n8n);
		await this.take(executions);
		return executions;
	}

	/** The dedup keys of all that was emitted, as often as it was. */
	allKeys(): string[] {
		return [...this.keys.values()].flat();
	}

	keysOf(execution: number): readonly string[] {
		return this.keys.get(execution) ?? [];
	}

	private async take(executions: readonly Execution[]): Promise<void> {
		for (const { id, mode, status, items } of executions) {
			if (mode !== 'trigger') continue;
			// The execution of a poll that failed has an item too, and no alert.
			const alerts = status === 'error' ? items.filter(({ dedupKey }) => dedupKey) : items;
			if (alerts.length > 0)
				this.keys.set(
					id,
					alerts.map(({ dedupKey }) => String(dedupKey)),
				);
			else if (!UNFINISHED.includes(status) && !this.keys.has(id)) this.keys.set(id, []);
		}
	}
}
