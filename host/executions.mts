import { query } from './database.mts';
import type { N8n } from './n8n.mts';
import type { Rest } from './rest.mts';

/** One execution of a workflow, read from n8n's own database. */
export interface Execution {
	readonly id: number;
	/** `trigger` for what a poll emitted, `retry` for a repetition of such an execution. */
	readonly mode: string;
	/** `new` and `running` are unfinished; `crashed` is what a kill cut down. */
	readonly status: string;
	readonly retryOf: number | null;
	/** Set once a retry of this execution has succeeded. */
	readonly retrySuccessId: number | null;
	/** What the trigger emitted to it, in order. */
	readonly items: ReadonlyArray<Record<string, unknown>>;
	/** The message of the error that ended it. */
	readonly error: string | null;
}

type Head = Omit<Execution, 'items' | 'error'>;

interface RunData {
	readonly resultData?: {
		readonly error?: { readonly message?: string };
		readonly runData?: Readonly<Record<string, ReadonlyArray<{ readonly data?: Outputs }>>>;
	};
	readonly executionData?: {
		readonly nodeExecutionStack?: ReadonlyArray<{ readonly data?: Outputs }>;
	};
}

interface Page {
	readonly results: ReadonlyArray<Pick<Head, 'mode' | 'status'> & { readonly id: string }>;
	readonly nextCursor?: string | null;
}

type Output = ReadonlyArray<ReadonlyArray<{ readonly json: Record<string, unknown> }> | null>;

interface Outputs {
	readonly main?: Output;
	/** What a tool gave to an agent. */
	readonly ai_tool?: Output;
}

const HEADS = `
	SELECT id, mode, status, "retryOf", "retrySuccessId"
	FROM execution_entity WHERE id > ? AND "deletedAt" IS NULL ORDER BY id`;
const DATA = 'SELECT data FROM execution_data WHERE "executionId" = ?';

/**
 * What came of executions that succeeded: nothing changes it any more, and whoever waits for the
 * next one reads them again and again.
 */
const succeeded = new WeakMap<N8n, Map<number, RunData>>();

/** All executions with a greater id, oldest first. `trigger` is the name of the trigger node. */
export async function executionsAfter(
	n8n: N8n,
	id = 0,
	trigger = 'Cynet Trigger',
): Promise<Execution[]> {
	const known = succeeded.get(n8n) ?? new Map<number, RunData>();
	succeeded.set(n8n, known);
	const heads = await query<Head>(n8n, HEADS, id);
	return await Promise.all(
		heads.map(async (head) => {
			const numbers = {
				id: Number(head.id),
				retryOf: head.retryOf && Number(head.retryOf),
				retrySuccessId: head.retrySuccessId && Number(head.retrySuccessId),
			};
			const run = known.get(numbers.id) ?? (await runOf(n8n, numbers.id));
			const status = FINISHED.includes(head.status) && !isWritten(run) ? 'running' : head.status;
			if (status === 'success') known.set(numbers.id, run);
			return {
				...head,
				...numbers,
				status,
				items: itemsOf(run, trigger),
				error: run.resultData?.error?.message ?? null,
			};
		}),
	);
}

/**
 * All executions as n8n shows them to its owner, the newest first, for an n8n whose database is out
 * of reach. `trigger` is the name of the trigger node.
 */
export async function executionsShown(
	rest: Rest,
	trigger = 'Cynet Trigger',
): Promise<Array<Pick<Execution, 'mode' | 'status' | 'items'>>> {
	const shown: Array<Pick<Execution, 'mode' | 'status' | 'items'>> = [];
	let cursor: string | null | undefined = '';
	do {
		const page: Page = await rest.request<Page>(
			'GET',
			`/executions?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
		);
		for (const { id, mode, status } of page.results) {
			const { data } = await rest.request<{ data?: string }>('GET', `/executions/${id}`);
			const run = (data ? unflatten(data) : {}) as RunData;
			shown.push({ mode, status, items: itemsOf(run, trigger) });
		}
		cursor = page.nextCursor;
	} while (cursor);
	return shown;
}

async function runOf(n8n: N8n, id: number): Promise<RunData> {
	const [row] = await query<{ data: string | null }>(n8n, DATA, id);
	// Of one that has just begun n8n 1.x keeps an empty list.
	return ((row?.data && unflatten(row.data)) || {}) as RunData;
}

/** What n8n says at the end of an execution, a moment before it writes what came of it. */
const FINISHED: readonly string[] = ['success', 'error'];

function isWritten({ resultData }: RunData): boolean {
	return resultData?.error !== undefined || Object.keys(resultData?.runData ?? {}).length > 0;
}

/** Until the trigger node has run, and for ever if n8n was killed before, the items wait on the stack. */
function itemsOf(
	{ resultData, executionData }: RunData,
	trigger: string,
): Array<Record<string, unknown>> {
	const { main, ai_tool } = resultData?.runData?.[trigger]?.[0]?.data ?? {};
	const ran = (main ?? ai_tool)?.[0];
	const waiting = executionData?.nodeExecutionStack?.[0]?.data?.main?.[0];
	const isArtificial = ran?.length === 1 && ran[0]?.json.isArtificialRecoveredEventItem === true;
	return ((isArtificial ? waiting : (ran ?? waiting)) ?? []).map(({ json }) => json);
}

/**
 * n8n stores run data as "flatted" JSON: a list in which each object and text stands once, and the
 * others name its place.
 */
function unflatten(text: string): unknown {
	const list = JSON.parse(text) as unknown[];
	const known = new Map<number, unknown>();
	const at = (index: number): unknown => {
		if (known.has(index)) return known.get(index);
		const value = list[index];
		if (typeof value !== 'object' || value === null) return value;
		const copy: Record<string, unknown> | unknown[] = Array.isArray(value) ? [] : {};
		known.set(index, copy);
		for (const [key, place] of Object.entries(value))
			(copy as Record<string, unknown>)[key] =
				typeof place === 'string' ? at(Number(place)) : place;
		return copy;
	};
	return at(0);
}
