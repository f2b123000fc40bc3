import {
	BACK_TO_THE_TRIGGER,
	COMPLAIN,
	SAID,
	TRIED_AGAIN,
	unsent,
	unsentOrAnswered,
} from './delivery.mts';
import type { Flow } from './flow.mts';
import { HIGH_AND_CRITICAL, code, request, type Request } from './nodes.mts';

/** Tickets that live: one for an alert, from its creation to its end. */

/**
 * Options of the trigger: every event of an alert's life. Not replayed: between a look-up and what
 * follows it another execution with the same alert could do it, too. What a kill cut off is run
 * again by `retry-failed-deliveries`, one execution at a time.
 */
export const LIFE = {
	parameters: { ...HIGH_AND_CRITICAL, events: ['created', 'recurred', 'updated'] },
	replay: false,
};

/** What the note says of it. */
export const LIVES =
	'Seen again, it is reopened if it is done, else commented; closed or ignored in Cynet, it is resolved; another status or severity is a comment, any other change nothing. What is closed in Cynet before it has a ticket gets none.';

/** What a ticket may need. `remember` tells people nothing: it only keeps the mark. */
export type Step = 'open' | 'comment' | 'reopen' | 'resolve' | 'remember';

export interface Life {
	readonly target: string;
	/** The node that sends; it takes `$json.method`, `$json.to` and `$json.body`. */
	readonly send: string;
	/**
	 * Lines of code at the top of *What To Do*: first what a user fills in, then functions that the
	 * code below uses.
	 */
	readonly top: readonly string[];
	/**
	 * Over `answers`, all that *Look It Up* gave for an alert, and `key`, the alert's own: its
	 * ticket; null if there surely is none; undefined if the answer is none. Of several the oldest.
	 */
	readonly ticket: string;
	/** Over `ticket`: whether it is done; undefined if that cannot be told. */
	readonly isDone: string;
	/** Over `ticket`: text that has the mark of the last step in it, or of all steps. */
	readonly mark: string;
	/**
	 * What to send for each step: code over `key`, `alert` (the item of *Convert*), `ticket`, `text`
	 * (a line or more for people, which holds no text of the alert) and `mark`, for an object
	 * `{ method, to, body }`. It has to store `mark` in the same request, or nothing tells a
	 * repeat. It may throw an error for people: then this alert counts as not taken. Null, or a step
	 * that is left out, is nothing to do: leave out `remember` where each mark is a comment.
	 */
	readonly steps: Readonly<Partial<Record<Step, string>>> & { readonly open: string };
	/**
	 * Over `answer`, `step` and `sent` (with its `body`): true if the target did it; false, or a text
	 * that says why not.
	 */
	readonly taken: string;
}

/**
 * One ticket for an alert over its life, beside {@link lookUpFirst}, which opens one for each event.
 *
 * Use it for a target in which a ticket can be found by a key of ours, and say for it how a ticket
 * is looked up, opened, commented, reopened and resolved ({@link Life}). The trigger must have all
 * three events on. The caller makes *Look It Up*, which looks for {@link KEY} and gives its state and
 * mark, and the node that sends; six nodes in all:
 *
 *     Cynet Trigger → Convert → Look It Up → What To Do → (send) → Not Taken → Convert
 *
 * What becomes of a ticket, for all events of an alert in a batch together, in the order of their
 * time, is one request:
 * - no ticket: opened, unless the alert is closed or ignored by then;
 * - recurred: a ticket that is done is reopened, another one gets a comment. Not if the alert is
 *   ignored, and not for what was seen before the alert was closed;
 * - closed or ignored in Cynet, and not so before: resolved;
 * - open again in Cynet after it was closed there: reopened;
 * - another status or severity: a comment if the ticket is not done. Any other change: nothing.
 *
 * So a ticket that a person closed is opened only by a recurrence, or by a person in Cynet.
 * The mark is what the ticket was last told: the times of recurrence, change and closing, status
 * and severity, in at most 100 characters. What is not newer than the mark is a repeat, and does nothing; so a
 * retry is harmless after an answer that got lost, and an older event after a newer one.
 */
export function overItsLife(
	flow: Flow,
	{ target, send, top, ticket, isDone, mark, steps, taken }: Life,
): Flow {
	code(
		flow,
		'What To Do',
		[
			...top,
			'',
			`// What ${target} has to be told of each alert: one request for all its events. What cannot be told leaves by the error output.`,
			`const ticketOf = (answers, key) => ${ticket};`,
			`const isDone = (ticket) => ${isDone};`,
			`const markOf = (ticket) => ${mark};`,
			'const steps = {',
			...Object.entries(steps).map(
				([step, request]) => `  ${step}: ({ key, alert, ticket, text, mark }) => ${request},`,
			),
			'};',
			...DECIDE,
			"const answers = $('Look It Up').all(0);",
			"const triggered = $('Cynet Trigger').all(0).map(({ json }) => json);",
			'const tickets = new Map();',
			"$('Convert').all(0).forEach(({ json: alert }, index) => {",
			'  const key = keyOf(alert.dedupKey);',
			'  if (!tickets.has(key)) tickets.set(key, { key, index, events: [] });',
			'  const { event, status, severity } = triggered.find(({ dedupKey }) => dedupKey === alert.dedupKey) ?? {};',
			'  tickets.get(key).events.push({ alert, event, status, severity, time: timeOf(alert.dedupKey) });',
			'});',
			'return [...tickets.values()].flatMap(({ key, index, events }) => {',
			'  const keys = events.map(({ alert }) => alert.dedupKey);',
			'  try {',
			'    // A list of places stands for no answer at all: nothing was found for any alert.',
			'    const found = answers.filter(({ pairedItem }) => !Array.isArray(pairedItem) && pairedItem?.item === index).map(({ json }) => json ?? {});',
			'    const ticket = ticketOf(found, key);',
			'    const done = ticket ? isDone(ticket) : false;',
			"    if (ticket === undefined || done === undefined) throw new Error(String(found[0]?.error?.message ?? found[0]?.error ?? 'the look-up cannot be read: ' + JSON.stringify(found)));",
			'    const { step, text, mark, alert } = decide(events, ticket, done);',
			'    const request = steps[step]?.({ key, alert, ticket, text, mark });',
			'    return request ? { json: { ...request, step, keys, inExecution: $execution.id }, pairedItem: { item: 0 } } : [];',
			'  } catch (error) {',
			`    return { json: ${unsent('error.message.slice(0, 300)', 'keys')}, pairedItem: { item: 0 } };`,
			'  }',
			'});',
		],
		[3, 0],
		TRIED_AGAIN,
	);
	code(
		flow,
		'Not Taken',
		[
			`// Fails the execution if ${target} did not take something, and names it. A retry looks just that up again.`,
			`const taken = (answer, sent, step) => ${taken};`,
			...unsentOrAnswered('What To Do', SAID),
			"  const { json } = $('What To Do').itemMatching(item);",
			'  const isTaken = taken(answer, json, json.step);',
			'  return isTaken === true ? [] : { json, said: isTaken || said };',
			'});',
			...COMPLAIN(target),
			...BACK_TO_THE_TRIGGER,
		],
		[5, 0],
	);
	return flow
		.chain('Cynet Trigger', 'Convert', 'Look It Up', 'What To Do', send, 'Not Taken', 'Convert')
		.connect('What To Do', 'Not Taken', 1);
}

/** The node that sends what *What To Do* says, to the address that is entered once. */
export const sendStep = (flow: Flow, name: string, more: Omit<Request, 'method' | 'json'>): Flow =>
	request(
		flow,
		name,
		{ method: '={{ $json.method }}', json: 'JSON.stringify($json.body)', ...more },
		[4, 0],
	);

const TIME = '/:(\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z)$/';

/** Code over an item of *Convert*: the key of its alert, without the time that an event adds. */
export const KEY = (alert: string): string => `${alert}.dedupKey.replace(${TIME}, '')`;

/** What is decided for the events of one alert, whatever the target. */
const DECIDE = [
	`const keyOf = (dedupKey) => dedupKey.replace(${TIME}, '');`,
	`const timeOf = (dedupKey) => Date.parse(${TIME}.exec(dedupKey)?.[1]) || 0;`,
	"const isClosed = (status) => ['Closed', 'Ignored'].includes(status);",
	"const word = (value) => String(value ?? '').replace(/[^\\w]+/g, '').slice(0, 20) || '-';",
	'const toldOf = (text) => [...text.matchAll(/Cynet seen:(\\d+) changed:(\\d+) closed:(\\d+) ([\\w-]+)\\/([\\w-]+)/g)]',
	'  .map(([, seen, changed, closed, status, severity]) => ({ seen: Number(seen), changed: Number(changed), closed: Number(closed), status, severity }))',
	'  .reduce((last, one) => (Math.max(one.seen, one.changed) >= Math.max(last.seen, last.changed) ? one : last), { seen: 0, changed: 0, closed: 0 });',
	'const decide = (events, ticket, done) => {',
	"  const before = ticket ? toldOf(String(markOf(ticket) ?? '')) : { seen: 0, changed: 0, closed: 0 };",
	'  const told = { ...before };',
	'  const lines = [];',
	'  let open = Boolean(ticket) && !done;',
	"  const order = ['created', 'updated', 'recurred'];",
	'  const inOrder = [...events].sort((a, b) => a.time - b.time || order.indexOf(a.event) - order.indexOf(b.event));',
	'  for (const { event, time, ...now } of inOrder) {',
	'    const [status, severity] = [word(now.status), word(now.severity)];',
	"    if (event === 'recurred') {",
	'      if (time && time <= told.seen) continue;',
	'      told.seen = time;',
	"      if (status === 'Ignored' || time < told.closed) continue;",
	'      // The list may show a closing before the event of it has come: that one tells of it.',
	"      if (isClosed(told.status) && !isClosed(status) && status !== '-') told.status = status;",
	'      open = true;',
	"      lines.push('Cynet has seen this alert again' + (time ? ', at ' + new Date(time).toISOString() : '') + '.');",
	"    } else if (event === 'updated') {",
	'      if (time && time <= told.changed) continue;',
	'      told.changed = time;',
	'      if (isClosed(status) && status !== told.status) {',
	'        told.closed = time;',
	'        // Seen after it was closed: that stands.',
	"        if (status === 'Ignored' || time >= told.seen) {",
	'          open = false;',
	"          lines.push('The alert is ' + status.toLowerCase() + ' in Cynet.');",
	'        }',
	"      } else if (!isClosed(status) && status !== '-' && isClosed(told.status)) {",
	'        open = true;',
	"        lines.push('The alert is ' + status.toLowerCase() + ' again in Cynet.');",
	"      } else if (told.status && ((status !== '-' && status !== told.status) || (severity !== '-' && severity !== told.severity))) {",
	"        lines.push('In Cynet the alert now has the status ' + status + ' and the severity ' + severity + '.');",
	'      } else if (!ticket && !isClosed(status)) open = true;',
	"      if (status !== '-') told.status = status;",
	"      if (severity !== '-') told.severity = severity;",
	'    } else if (!ticket) {',
	'      open = !isClosed(status);',
	'      // What closed it may be in this batch, too: that tells of it, and when.',
	'      if (open) told.status = status;',
	'      told.severity = severity;',
	'    }',
	'  }',
	"  const mark = `Cynet seen:${told.seen} changed:${told.changed} closed:${told.closed} ${told.status ?? '-'}/${told.severity ?? '-'}`;",
	"  const isNews = ['seen', 'changed', 'status', 'severity'].some((field) => told[field] !== before[field]);",
	"  const step = !ticket ? (open ? 'open' : 'nothing')",
	"    : done ? (open ? 'reopen' : told.status !== before.status ? 'remember' : 'nothing')",
	"    : !open ? 'resolve'",
	"    : lines.length > 0 ? 'comment'",
	"    : isNews ? 'remember' : 'nothing';",
	"  return { step, text: lines.join('\\n'), mark, alert: inOrder.at(-1).alert };",
	'};',
];
