import type { IPollFunctions } from 'n8n-workflow';
import { clock } from '../shared/clock';
import { memoryOf, type TriggerMemory } from './memory';

/** n8n's budget for a poll where nothing shortens it, and what is assumed where n8n does not say. */
const FULL_BUDGET_MS = 300_000;
/** How much longer than n8n's budget a poll may take before it is given up. */
const MARGIN_MS = 30_000;

/** One poll. */
export interface Run {
	readonly context: IPollFunctions;
	readonly memory: TriggerMemory;
	/** By `clock.ticks`. */
	readonly beganAt: number;
	/** How long n8n lets it take, in milliseconds. */
	readonly budget: number;
	/** Whether n8n decides by it over the trigger's life: the first poll of a registration. */
	readonly decidesActivation: boolean;
	/** Whether n8n's durable scheduler runs it, which makes a context a poll. */
	readonly durable: boolean;
}

/** n8n makes one context for all polls of a registration; of two, the one met later is the newer registration. */
const contexts = new WeakMap<IPollFunctions, number>();
let seen = 0;

/**
 * Begins a poll, or says in the log why not: one is running. A newer registration takes over from
 * the running poll, for n8n
 * drops the result of that; so does any poll when the running one has outlived its time.
 */
export function beginRun(context: IPollFunctions): Run | null {
	const budget =
		typeof context.getPollBudgetMs === 'function' ? context.getPollBudgetMs() : FULL_BUDGET_MS;
	const durable = budget < FULL_BUDGET_MS;
	const isNew = !contexts.has(context);
	if (isNew) contexts.set(context, ++seen);
	const memory = memoryOf(context);
	const { running } = memory;
	if (running && (durable || !isNewer(context, running.context)) && !mayGiveUp(context, running))
		return null;
	return (memory.running = {
		context,
		memory,
		beganAt: clock.ticks(),
		budget,
		decidesActivation: isNew && !durable,
		durable,
	});
}

/** Whether the poll still counts. One that does not must change nothing any more. */
export const isCurrent = (run: Run): boolean => run.memory.running === run;

export function endRun(run: Run): void {
	if (isCurrent(run)) run.memory.running = null;
}

const isNewer = (context: IPollFunctions, than: IPollFunctions): boolean =>
	contexts.get(context)! > contexts.get(than)!;

function mayGiveUp(context: IPollFunctions, { beganAt, budget }: Run): boolean {
	const age = clock.ticks() - beganAt;
	const seconds = Math.round(age / 1000);
	if (age >= budget + MARGIN_MS) {
		context.logger.warn(
			`Cynet Trigger: The poll before has not ended in ${seconds} seconds and was given up. Its alerts are read again now.`,
		);
		return true;
	}
	context.logger.info(
		`Cynet Trigger: This poll was skipped, because the one before has been running for ${seconds} seconds. If this comes often, choose a longer interval under Poll Times or a lower Max Alerts per Poll.`,
	);
	return false;
}
