import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { failureOf } from '../../shared/api/errors';
import { isStopped, pause } from '../../shared/api/pause';
import { fetchRemediation, type RemediationId } from '../../shared/api/remediation';
import { clock } from '../../shared/clock';
import type { Call } from '../call';
import { wholeNumber } from '../fields/whole-number';

const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 300_000;
/** A pause is that part of the time waited so far, within these bounds. */
const PART_OF_WAIT = 0.1;
const DEFAULT_SECONDS = 60;
/** A day: Cynet tries a remediation again for as long (vendor documentation). */
const MOST_SECONDS = 86_400;
/** "File does not exist": the only code of which the meaning is known. */
const KNOWN_FINAL = '24';
/** How often in a row a question may be refused for good, such as for want of rights. */
const MOST_REFUSALS = 3;

/** Of options that say nothing as long as nobody waits. */
const WHILE_WAITING = { show: { waitForOutcome: [true] } };

/** Entries of Options. */
export const outcomeOptions: readonly INodeProperties[] = [
	{
		displayName: 'Final Status Codes',
		name: 'finalStatuses',
		type: 'string',
		displayOptions: WHILE_WAITING,
		default: KNOWN_FINAL,
		placeholder: 'e.g. 24,2',
		description:
			'Status codes that end the wait, separated by commas. Cynet does not publish what its codes mean: only 24 is known (File does not exist). Add those that you have seen to be final.',
	},
	{
		displayName: 'Wait for the Outcome',
		name: 'waitForOutcome',
		type: 'boolean',
		default: true,
		description:
			'Whether to ask for the status of the remediation until it is final or the time is up, and add it to the item as outcome. All items are sent first.',
	},
	{
		displayName: 'Wait Limit (Seconds)',
		name: 'waitSeconds',
		type: 'number',
		displayOptions: WHILE_WAITING,
		default: DEFAULT_SECONDS,
		description:
			'Max time to wait for the outcome, from 1 to 86400 (a day). The execution runs as long.',
	},
];

interface Patience {
	readonly limitMs: number;
	readonly finalStatuses: readonly string[];
}

/**
 * How long to wait and for what; null where waiting is off.
 * @throws NodeOperationError for options that cannot be right
 */
export function patienceOf(call: Call): Patience | null {
	if (!call.optionFlag('waitForOutcome', 'Wait for the Outcome')) return null;
	const seconds = wholeNumber(call.option('waitSeconds') ?? DEFAULT_SECONDS, 1, MOST_SECONDS);
	if (seconds === null) {
		throw call.refuse(
			`"Wait Limit (Seconds)" is not a whole number from 1 to ${MOST_SECONDS}`,
			`Set it to a whole number of seconds such as ${DEFAULT_SECONDS}.`,
		);
	}
	const codes = String(call.option('finalStatuses') ?? KNOWN_FINAL)
		.split(',')
		.map((code) => code.trim())
		.filter((code) => code !== '');
	if (!codes.every((code) => /^-?\d+$/.test(code))) {
		throw call.refuse(
			'"Final Status Codes" holds something other than whole numbers',
			'Write the codes with commas between them, for example 24,2.',
		);
	}
	return { limitMs: seconds * 1000, finalStatuses: codes };
}

/** The wait for the outcome of what one item set off. */
export class Watch {
	/** What Cynet said last of each. */
	private readonly seen = new Map<RemediationId, IDataObject>();
	/** Why the last question about each got no answer. */
	private readonly unanswered = new Map<RemediationId, string>();
	private refusals = 0;

	constructor(
		readonly call: Call,
		private readonly ids: readonly RemediationId[],
		private readonly patience: Patience,
		/** Where the outcome goes. */
		private readonly result: IDataObject,
	) {}

	get open(): readonly RemediationId[] {
		return this.ids.filter((id) => !this.isFinal(id));
	}

	/**
	 * Asks for one of them. It never throws: what was accepted stays accepted, whatever becomes of
	 * the questions after it.
	 *
	 * @param begin of the wait, by `clock.ticks`
	 * @returns for how long the server should be left alone, in milliseconds; 0 for no such wish,
	 * null where it cannot be reached
	 */
	async ask(id: RemediationId, begin: number): Promise<number | null> {
		const { call } = this;
		const deadline = begin + this.patience.limitMs;
		const answer = await call.attempt(
			async () => await fetchRemediation(call.context, id, { ...call.route, deadline, tries: 1 }),
		);
		if ('value' in answer) {
			this.seen.set(id, { ...answer.value, id });
			this.unanswered.delete(id);
			this.refusals = 0;
			return 0;
		}
		this.unanswered.set(id, (answer.error as Error).message);
		const { transient, status, retryAfterMs, atLogin } = failureOf(answer.error);
		// A remediation that is not known yet, or an answer in another shape, may be so for a moment.
		const isMomentary =
			transient || (!atLogin && status !== null && (status < 300 || status === 404));
		if (!isMomentary) this.refusals = atLogin ? MOST_REFUSALS : this.refusals + 1;
		return transient ? retryAfterMs : 0;
	}

	/** Tells the outcome where the wait is over. */
	settle(begin: number, stopped: boolean): boolean {
		const elapsed = clock.ticks() - begin;
		const endedBy = this.endOf(elapsed, stopped);
		if (endedBy === null) return false;
		const [message] = this.unanswered.values();
		this.result.outcome = {
			endedBy,
			waitedSeconds: Math.round(elapsed / 1000),
			statuses: this.ids.flatMap(
				(id) =>
					this.seen.get(id) ??
					(this.unanswered.has(id) ? [{ id, message: this.unanswered.get(id)! }] : []),
			),
			...(endedBy === 'noAnswer' && message !== undefined && { message }),
		};
		return true;
	}

	/** What is left of the time, in milliseconds. */
	left(begin: number): number {
		return begin + this.patience.limitMs - clock.ticks();
	}

	private endOf(elapsed: number, stopped: boolean): string | null {
		if (this.open.length === 0) return 'finalStatus';
		if (stopped) return 'canceled';
		if (this.refusals >= MOST_REFUSALS) return 'noAnswer';
		if (elapsed < this.patience.limitMs) return null;
		return this.seen.size > 0 ? 'timeLimit' : 'noAnswer';
	}

	private isFinal(id: RemediationId): boolean {
		const said = this.seen.get(id);
		return said !== undefined && this.patience.finalStatuses.includes(String(said.status));
	}
}

/** Waits for the outcomes of all items together: each gets all of its time, and none waits for the one ahead of it. */
export async function watchAll(watches: readonly Watch[]): Promise<void> {
	const begin = clock.ticks();
	let open = watches;
	for (let first = 0; ; first++) {
		const asked = await round(open, begin, first);
		const stopped = open.some(({ call }) => isStopped(call.context));
		open = open.filter((watch) => !watch.settle(begin, stopped));
		if (open.length === 0) return;
		const wanted = Math.max(
			asked,
			FIRST_PAUSE_MS,
			Math.min(LONGEST_PAUSE_MS, PART_OF_WAIT * (clock.ticks() - begin)),
		);
		const soonest = Math.min(...open.map((watch) => watch.left(begin)));
		await pause(open[0]!.call.context, Math.max(1, Math.min(wanted, soonest)));
	}
}

/**
 * Asks for each that is open, beginning with another one each time, until the server cannot be
 * reached or asks for a pause; how long that shall be.
 */
async function round(open: readonly Watch[], begin: number, first: number): Promise<number> {
	const questions = open.flatMap((watch) => watch.open.map((id) => ({ watch, id })));
	const from = questions.length === 0 ? 0 : first % questions.length;
	for (const { watch, id } of [...questions.slice(from), ...questions.slice(0, from)]) {
		if (isStopped(watch.call.context) || watch.left(begin) < 0) continue;
		const wish = await watch.ask(id, begin);
		if (wish !== 0) return wish ?? 0;
	}
	return 0;
}
