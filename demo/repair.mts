import { executionsAfter, type Execution } from '../host/executions.mts';
import type { N8n } from '../host/n8n.mts';
import type { Rest } from '../host/rest.mts';
import { until } from '../host/wait.mts';

/** The key that the trigger gives to each alert. */
const keysOf = ({ items }: Execution): string[] => items.map(({ dedupKey }) => String(dedupKey));

const UNFINISHED = ['new', 'running'];

interface Repair {
	/** Executions that the kill cut down. */
	readonly cut: number;
	/** Of these, what n8n itself has run to the end, or what had delivered before the kill. */
	readonly whole: number;
	/** Of these, what was run again. */
	readonly repeated: number;
	/** Alerts that the trigger emitted to more than one execution: not the kill's fault but the trigger's. */
	readonly emittedTwice: number;
}

/**
 * Brings the executions to an end that a kill -9 of n8n cut down. With durable cursors the
 * trigger's alerts are in n8n's
 * database by then, each in one execution, but n8n does not finish all of these (seen with 2.41.1):
 * an execution that had not
 * begun (`new`) is run when n8n starts; one that had begun (`running`) is marked `crashed` and left
 * to the user. The user's
 * way is n8n's retry, which runs the whole execution again with the same items. The demo goes that
 * way where nothing of the
 * execution has arrived, just as a user would look into the ticket system first.
 */
export class Repairs {
	private open = new Set<number>();

	constructor(
		private readonly n8n: N8n,
		private readonly rest: Rest,
		private readonly hasArrived: (key: string) => boolean,
	) {}

	/** While n8n is down: notes what was cut down. */
	async note(): Promise<void> {
		for (const { id, mode, status, retryOf } of await executionsAfter(this.n8n)) {
			if (UNFINISHED.includes(status)) this.open.add(mode === 'retry' ? (retryOf ?? id) : id);
		}
	}

	/** Once n8n is up again. What is not done when it throws, because n8n was killed once more, the next call does. */
	async repair(): Promise<Repair> {
		const cut = new Set(this.open);
		if (cut.size === 0) return { cut: 0, whole: 0, repeated: 0, emittedTwice: 0 };
		const executions = await until(
			'n8n has dealt with the executions that were cut down',
			async () => {
				const all = await executionsAfter(this.n8n);
				return all.every(({ id, status }) => !cut.has(id) || !UNFINISHED.includes(status)) && all;
			},
			{ limitMs: 60_000, everyMs: 1000 },
		);
		const emitted = executions.filter(({ mode }) => mode === 'trigger');
		const emittedTwice = timesTwice(emitted, cut);
		let repeated = 0;
		for (const execution of emitted.filter(({ id }) => cut.has(id))) {
			if (!keysOf(execution).every(this.hasArrived)) {
				await this.rest.retryExecution(String(execution.id));
				repeated++;
			}
			this.open.delete(execution.id);
		}
		return { cut: cut.size, whole: cut.size - repeated, repeated, emittedTwice };
	}
}

/**
 * How often an alert of the given executions is in another execution too: the ledger alone would
 * not see it if one of them had not delivered.
 */
function timesTwice(executions: readonly Execution[], cut: ReadonlySet<number>): number {
	const times = new Map<string, number>();
	for (const key of executions.flatMap(keysOf)) times.set(key, (times.get(key) ?? 0) + 1);
	const keys = new Set(executions.filter(({ id }) => cut.has(id)).flatMap(keysOf));
	return [...keys].filter((key) => (times.get(key) ?? 0) > 1).length;
}
