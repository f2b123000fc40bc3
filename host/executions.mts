import { query } from './database.mts';
import type { N8n } from './n8n.mts';

/** One execution of a workflow, read from n8n's own database. */
export interface Execution {
	readonly id: number;
	/** `trigger` for what a poll handed over, `retry` for a repetition of such an execution. */
	readonly mode: string;
	/** `new` and `running` are unfinished; `crashed` is what a kill cut down. */
	readonly status: string;
	readonly retryOf: number | null;
	/** Set once a retry of this execution has succeeded. */
	readonly retrySuccessId: number | null;
	/** What the trigger handed over to it, in order. */
	readonly items: ReadonlyArray<Record<string, unknown>>;
	/** The message of the error that ended it. */
	readonly error: string | null;
}

interface Row extends Omit<Execution, 'items' | 'error'> {
	readonly data: string | null;
}

interface RunData {
	readonly resultData?: {
		readonly error?: { readonly message?: string };
		readonly runData?: Readonly<Record<string, ReadonlyArray<{ readonly data?: Outputs }>>>;
	};
	readonly executionData?: { readonly nodeExecutionStack?: ReadonlyArray<{ readonly data?: Outputs }> };
}

interface Outputs {
	readonly main?: ReadonlyArray<ReadonlyArray<{ readonly json: Record<string, unknown> }> | null>;
}

const SQL = `
	SELECT e.id, e.mode, e.status, e."retryOf", e."retrySuccessId", d.data
	FROM execution_entity e LEFT JOIN execution_data d ON d."executionId" = e.id
	WHERE e.id > ? AND e."deletedAt" IS NULL ORDER BY e.id`;

/** All executions with a greater id, oldest first. `trigger` is the name of the trigger node. */
export async function executionsAfter(n8n: N8n, id = 0, trigger = 'Cynet Trigger'): Promise<Execution[]> {
	const rows = await query<Row>(n8n, SQL, id);
	return rows.map(({ data, ...row }) => {
		// Of one that has just begun n8n 1.x keeps an empty list.
		const run = ((data && unflatten(data)) || {}) as RunData;
		const status = FINISHED.includes(row.status) && !isWritten(run) ? 'running' : row.status;
		const numbers = { id: Number(row.id), retryOf: row.retryOf && Number(row.retryOf), retrySuccessId: row.retrySuccessId && Number(row.retrySuccessId) };
		return { ...row, ...numbers, status, items: itemsOf(run, trigger), error: run.resultData?.error?.message ?? null };
	});
}

/** What n8n says at the end of an execution, a moment before it writes what came of it. */
const FINISHED: readonly string[] = ['success', 'error'];

function isWritten({ resultData }: RunData): boolean {
	return resultData?.error !== undefined || Object.keys(resultData?.runData ?? {}).length > 0;
}

/** Until the trigger node has run, and for ever if n8n was killed before, the items wait on the stack. */
function itemsOf({ resultData, executionData }: RunData, trigger: string): Array<Record<string, unknown>> {
	const ran = resultData?.runData?.[trigger]?.[0]?.data?.main?.[0];
	const waiting = executionData?.nodeExecutionStack?.[0]?.data?.main?.[0];
	const isArtificial = ran?.length === 1 && ran[0]?.json.isArtificialRecoveredEventItem === true;
	return ((isArtificial ? waiting : (ran ?? waiting)) ?? []).map(({ json }) => json);
}

/** n8n stores run data as "flatted" JSON: a list in which each object and text stands once, and the others name its place. */
function unflatten(text: string): unknown {
	const list = JSON.parse(text) as unknown[];
	const known = new Map<number, unknown>();
	const at = (index: number): unknown => {
		if (known.has(index)) return known.get(index);
		const value = list[index];
		if (typeof value !== 'object' || value === null) return value;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		known.set(index, copy);
		for (const [key, place] of Object.entries(value)) (copy as Record<string, unknown>)[key] = typeof place === 'string' ? at(Number(place)) : place;
		return copy;
	};
	return at(0);
}
