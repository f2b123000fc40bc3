import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { fetchRemediation } from '../../shared/api/remediation';
import { clock } from '../../shared/clock';
import type { Call } from '../call';

const PAUSE_MS = 5_000;
const DEFAULT_SECONDS = 60;
const MOST_SECONDS = 3_600;
/** "File does not exist": the only code of which the meaning is known. */
const KNOWN_FINAL = '24';

/** Entries of Options. */
export const outcomeOptions: readonly INodeProperties[] = [
	{
		displayName: 'Final Status Codes',
		name: 'finalStatuses',
		type: 'string',
		default: KNOWN_FINAL,
		placeholder: 'e.g. 24,2',
		description: 'The codes at which waiting ends early, separated by commas. Cynet does not publish what its codes mean: only 24 is known (File does not exist). Add those that you have seen to be final.',
	},
	{
		displayName: 'Wait for the Outcome',
		name: 'waitForOutcome',
		type: 'boolean',
		default: true,
		description: 'Whether to ask for the status of the remediation until it is final or the time is up, and to add what Cynet said last',
	},
	{
		displayName: 'Wait Limit (Seconds)',
		name: 'waitSeconds',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: MOST_SECONDS, numberPrecision: 0 },
		default: DEFAULT_SECONDS,
		description: 'How long to wait for the outcome at most',
	},
];

export interface Patience {
	readonly limitMs: number;
	readonly finalStatuses: readonly string[];
}

/**
 * How long to wait and for what; null where waiting is off.
 * @throws NodeOperationError for options that cannot be right
 */
export function patienceOf(call: Call): Patience | null {
	if (!call.optionFlag('waitForOutcome', 'Wait for the Outcome')) return null;
	const seconds = call.option('waitSeconds') ?? DEFAULT_SECONDS;
	if (typeof seconds !== 'number' || !Number.isInteger(seconds) || seconds < 1 || seconds > MOST_SECONDS) {
		throw call.refuse(`"Wait Limit (Seconds)" is not a whole number from 1 to ${MOST_SECONDS}`, `Set it to a whole number of seconds such as ${DEFAULT_SECONDS}.`);
	}
	const codes = String(call.option('finalStatuses') ?? KNOWN_FINAL).split(',').map((code) => code.trim()).filter((code) => code !== '');
	if (!codes.every((code) => /^-?\d+$/.test(code))) {
		throw call.refuse('"Final Status Codes" holds something other than whole numbers', 'Write the codes with commas between them, for example 24,2.');
	}
	return { limitMs: seconds * 1000, finalStatuses: codes };
}

/**
 * What Cynet says of the remediations until all are final or the time is up. It never throws: what was accepted stays
 * accepted, whatever becomes of the questions after it.
 */
export async function watch(call: Call, ids: readonly number[], { limitMs, finalStatuses }: Patience): Promise<IDataObject> {
	const begin = clock.ticks();
	const seen = new Map<number, IDataObject>();
	const told = (endedBy: string, more: IDataObject = {}): IDataObject => ({
		endedBy,
		waitedSeconds: Math.round((clock.ticks() - begin) / 1000),
		statuses: [...seen.values()],
		...more,
	});
	const isFinal = (id: number) => finalStatuses.includes(String(seen.get(id)?.status));
	if (ids.length === 0) return told('noRemediationId');
	for (;;) {
		if (call.context.getExecutionCancelSignal?.()?.aborted) return told('canceled');
		for (const id of ids) {
			if (isFinal(id)) continue;
			try {
				seen.set(id, { id, ...(await fetchRemediation(call.context, id, { ...call.route, deadline: begin + limitMs })) });
			} catch (error) {
				return told('noAnswer', { message: (error as Error).message });
			}
		}
		if (ids.every(isFinal)) return told('finalStatus');
		if (clock.ticks() + PAUSE_MS > begin + limitMs) return told('timeLimit');
		await clock.wait(PAUSE_MS);
	}
}
