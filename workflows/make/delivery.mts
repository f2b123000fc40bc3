import type { Flow } from './flow.mts';
import { REFUSED, THERE_ALREADY, refused, request, set, waiting, when, type Request } from './nodes.mts';

interface Delivery {
	readonly target: string;
	/** Where the sending node stands. */
	readonly column: number;
	/** Whether the target refuses what it has already, and that refusal is good news. */
	readonly knowsKey?: boolean;
	/** The key of what was refused, for the message. */
	readonly what?: string;
}

/**
 * What a failed send goes through: refused for good → the execution fails, once everything else is done; anything else → a wait in n8n's
 * database, and back to `again`. The branch that waits stands above the one that fails, and n8n works from top to bottom.
 */
export function deliver(flow: Flow, send: string, { target, column, knowsKey = false, what }: Delivery): Flow {
	waiting(flow, [column + 2, 1]);
	when(flow, 'Refused for Good?', [column + 1, knowsKey ? 2 : 1.5], knowsKey ? `(${REFUSED}) && !(${THERE_ALREADY})` : REFUSED);
	refused(flow, [column + 2, 2], target, what);
	flow.connect('Refused for Good?', 'Report the Refusal', 0);
	if (!knowsKey) flow.connect(send, 'Refused for Good?', 1).connect('Refused for Good?', 'Wait for the Target', 1);
	else {
		when(flow, 'There Already?', [column + 1, 1], THERE_ALREADY);
		flow.connect(send, 'There Already?', 1).connect('There Already?', 'Refused for Good?', 1).connect('Refused for Good?', 'Wait for the Target', 1);
	}
	return flow.connect('Wait for the Target', send);
}

interface LookUpFirst {
	readonly target: string;
	readonly column: number;
	readonly lookUp: Request;
	/** Over the answer, as `$json`: whether it holds this very key. */
	readonly isThere: string;
	readonly create: Request;
}

/** The alert at hand in {@link lookUpFirst}. */
export const ALERT = "$('Each Alert').item.json";

/**
 * For targets that take the same thing twice: alert by alert, looks for its own key, and creates what is not there. What failed waits until all
 * others have been tried, and then goes back to the look-up, for it may have happened: n8n itself repeats nothing here.
 */
export function lookUpFirst(flow: Flow, { target, column, lookUp, isThere, create }: LookUpFirst): Flow {
	flow.node('Each Alert', 'splitInBatches', 3, { batchSize: 1, options: { reset: "={{ $prevNode.name === 'Wait for the Target' }}" } }, { at: [column, 0] });
	request(flow, 'Look It Up', [column + 1, 1], lookUp);
	when(flow, 'Is It There?', [column + 2, 1], isThere);
	request(flow, 'Create It', [column + 3, 1], create);
	when(flow, 'Refused for Good?', [column + 4, 1.5], REFUSED);
	set(flow, 'Note the Refusal', [column + 5, 1], { refused: `={{ ${ALERT}.dedupKey }}` });
	flow.node('Again Later', 'set', 3.4, { mode: 'raw', jsonOutput: `={{ { ...${ALERT}, again: true } }}`, options: {} }, { at: [column + 5, 2] });
	marked(flow, 'Those to Try Again', [column + 1, -1], 'again');
	waiting(flow, [column + 2, -1]);
	marked(flow, 'Those Refused', [column + 1, -0.25], 'refused');
	refused(flow, [column + 2, -0.25], target, "$input.all().map((item) => item.json.refused).join(', ')");
	return flow
		.connect('Each Alert', ['Those to Try Again', 'Those Refused'], 0)
		.chain('Those to Try Again', 'Wait for the Target', 'Each Alert').chain('Those Refused', 'Report the Refusal')
		.connect('Each Alert', 'Look It Up', 1)
		.connect('Look It Up', 'Is It There?', 0).connect('Look It Up', 'Refused for Good?', 1)
		.connect('Is It There?', 'Each Alert', 0).connect('Is It There?', 'Create It', 1)
		.connect('Create It', 'Each Alert', 0).connect('Create It', 'Refused for Good?', 1)
		.connect('Refused for Good?', 'Note the Refusal', 0).connect('Refused for Good?', 'Again Later', 1)
		.chain('Note the Refusal', 'Each Alert').chain('Again Later', 'Each Alert');
}

/** Items that have a field. */
function marked(flow: Flow, name: string, at: readonly [number, number], field: string): Flow {
	return flow.node(name, 'filter', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			conditions: [{ id: field, leftValue: `={{ String($json.${field} ?? '') }}`, rightValue: '', operator: { type: 'string', operation: 'notEmpty', singleValue: true } }],
			combinator: 'and',
		},
		options: {},
	}, { at });
}
