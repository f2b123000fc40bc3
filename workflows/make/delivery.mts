import type { Flow } from './flow.mts';
import { REFUSED, THERE_ALREADY, fail, failure, giveUp, request, set, waiting, when, type Request } from './nodes.mts';

interface Delivery {
	readonly target: string;
	/** Where the sending node stands. */
	readonly column: number;
	/** Whether the target refuses what it has already, and that refusal is good news. */
	readonly knowsKey?: boolean;
	/** What is true of an item that no repetition mends. */
	readonly isRefused?: string;
	/** The key of what failed, for the message. */
	readonly what?: string;
	/** The node to go on with after a wait or a retry; the sending one unless given. */
	readonly again?: string;
}

/** How often an item has been tried, this try included. */
const TRIED = '($json.sending?.tries ?? 0) + 1';

/**
 * What a failed send goes through: refused for good, or tried too often → the execution fails, once everything else is done; anything else → a wait
 * in n8n's database, and back to `again`. The branch that waits stands above the one that fails, and n8n works from top to bottom.
 */
export function deliver(flow: Flow, send: string, { target, column, knowsKey = false, isRefused = REFUSED, what = '$json.dedupKey', again = send }: Delivery): Flow {
	giveUp(flow, [column + 1, knowsKey ? 2 : 1.5], isRefused, TRIED);
	set(flow, 'Count the Tries', [column + 2, 1], { 'sending.tries': { number: `={{ ${TRIED} }}` } }, { keepInput: true });
	waiting(flow, [column + 3, 1]);
	set(flow, 'Note Why', [column + 2, 2], { sending: { object: `={{ ${failure(what, isRefused, TRIED)} }}` } }, { keepInput: true });
	fail(flow, [column + 3, 2], target);
	if (!knowsKey) flow.connect(send, 'Give Up?', 1);
	else {
		when(flow, 'There Already?', [column + 1, 1], THERE_ALREADY);
		flow.connect(send, 'There Already?', 1).connect('There Already?', 'Give Up?', 1);
	}
	return flow
		.connect('Give Up?', 'Note Why', 0).chain('Note Why', 'Fail the Execution', again)
		.connect('Give Up?', 'Count the Tries', 1).chain('Count the Tries', 'Wait for the Target', again);
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

const ALERT_TRIED = `(${ALERT}.sending?.tries ?? 0) + 1`;

/**
 * For targets that take the same thing twice: alert by alert, from a node *Settings*, looks for its own key, and creates what is not there. What failed
 * waits until all others have been tried, and then goes back to the look-up, for it may have happened: n8n itself repeats nothing here.
 */
export function lookUpFirst(flow: Flow, { target, column, lookUp, isThere, create }: LookUpFirst): Flow {
	// A retry comes by the settings, which may be what has been mended.
	flow.node('Each Alert', 'splitInBatches', 3, { batchSize: 1, options: { reset: "={{ ['Settings', 'Wait for the Target'].includes($prevNode.name) }}" } }, { at: [column, 0] });
	request(flow, 'Look It Up', [column + 1, 1], lookUp);
	when(flow, 'Is It There?', [column + 2, 1], isThere);
	request(flow, 'Create It', [column + 3, 1], create);
	giveUp(flow, [column + 4, 1.5], REFUSED, ALERT_TRIED);
	alertWith(flow, 'Note Why', [column + 5, 1], failure(`${ALERT}.dedupKey`, REFUSED, ALERT_TRIED));
	alertWith(flow, 'Count the Tries', [column + 5, 2], `{ tries: ${ALERT_TRIED} }`);
	marked(flow, 'Those to Try Again', [column + 1, -1], 'tries');
	waiting(flow, [column + 2, -1]);
	marked(flow, 'Those Given Up', [column + 1, -0.25], 'execution');
	fail(flow, [column + 2, -0.25], target);
	return flow
		.connect('Each Alert', ['Those to Try Again', 'Those Given Up'], 0)
		.chain('Those to Try Again', 'Wait for the Target', 'Each Alert').chain('Those Given Up', 'Fail the Execution', 'Settings')
		.connect('Each Alert', 'Look It Up', 1)
		.connect('Look It Up', 'Is It There?', 0).connect('Look It Up', 'Give Up?', 1)
		.connect('Is It There?', 'Each Alert', 0).connect('Is It There?', 'Create It', 1)
		.connect('Create It', 'Each Alert', 0).connect('Create It', 'Give Up?', 1)
		.connect('Give Up?', 'Note Why', 0).connect('Give Up?', 'Count the Tries', 1)
		.chain('Note Why', 'Each Alert').chain('Count the Tries', 'Each Alert');
}

/** The alert at hand, with how its sending goes. */
function alertWith(flow: Flow, name: string, at: readonly [number, number], sending: string): Flow {
	return flow.node(name, 'set', 3.4, { mode: 'raw', jsonOutput: `={{ { ...${ALERT}, sending: ${sending} } }}`, options: {} }, { at });
}

/** Items with a field under `sending`. */
function marked(flow: Flow, name: string, at: readonly [number, number], field: string): Flow {
	return flow.node(name, 'filter', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			conditions: [{ id: field, leftValue: `={{ String($json.sending?.${field} ?? '') }}`, rightValue: '', operator: { type: 'string', operation: 'notEmpty', singleValue: true } }],
			combinator: 'and',
		},
		options: {},
	}, { at });
}
