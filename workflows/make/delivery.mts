import type { Flow, NodeOptions } from './flow.mts';
import { code } from './nodes.mts';

type At = NodeOptions['at'];

/** What an answer of n8n's HTTP Request or of a target's own node says of a failure. */
export const SAID =
	"answer.error?.description ?? answer.error?.message ?? answer.error ?? 'an answer that is none of its own: ' + (answer.data ?? JSON.stringify(answer))";

/**
 * What is not sent leaves by the error output. So does everything where the code itself fails: a
 * retry of the execution would begin behind it, so n8n tries the node again first.
 */
export const TRIED_AGAIN = {
	onError: 'continueErrorOutput',
	retryOnFail: true,
	maxTries: 3,
	waitBetweenTries: 1000,
} as const;

/** Of what was not sent: in which execution, and its keys. n8n takes just these two fields for an error. */
export const unsent = (error: string, keys: string): string =>
	`{ error: ${error}, message: JSON.stringify({ unsent: { inExecution: $execution.id, keys: ${keys} } }) }`;

/** Over `answer`: what {@link unsent} said. A user may rename the node that said it. */
const UNSENT =
	'const unsentIn = (answer) => { try { return JSON.parse(answer.message).unsent; } catch { return undefined; } };';

/** The head of what *Not Taken* does with each answer. */
const EACH_ANSWER = [
	'const failed = $input.all().flatMap(({ json: given }, item) => {',
	"  // n8n's own node gives nothing at all for a page that it cannot read.",
	"  const answer = given ?? { error: 'an answer that cannot be read' };",
];

/** The same where {@link node} has an error output: what was not sent is done with, answers are left. */
export const unsentOrAnswered = (node: string, said: string): string[] => [
	UNSENT,
	...EACH_ANSWER,
	`  const said = String(${said}).slice(0, 300);`,
	'  const unsent = unsentIn(answer);',
	'  if (unsent) return { json: unsent, said };',
	wholeFailure(node),
];

/** The end of *Not Taken* where a retry begins with the alerts as they were emitted. */
export const BACK_TO_THE_TRIGGER = [
	'const keys = failed.flatMap(({ json }) => json.keys ?? json.dedupKey);',
	"return $('Cynet Trigger').all(0).filter(({ json }) => keys.includes(json.dedupKey)).map(({ json }) => ({ json, pairedItem: { item: 0 } }));",
];

/** Over an item of an error output that says nothing of what was not sent: the code itself failed. */
const wholeFailure = (node: string): string =>
	`  if ($prevNode.outputIndex === 1) throw new Error(\`The code of ${node} failed: \${said}. Correct it, then open this execution, choose "Copy to editor" and execute the workflow: a retry would not begin there.\`);`;

/** Key and reason of what failed, in one line; of a thousand keys nobody reads the last. */
export const COMPLAIN = (target: string): string[] => [
	`if (failed.some(({ json }) => !json?.inExecution)) throw new Error('${target} did not take something, and this node cannot name it. Put no other node between it and the one that sends.');`,
	'if (failed.some(({ json }) => json.inExecution === $execution.id)) {',
	'  const keys = failed.flatMap(({ json }) => json.keys ?? json.dedupKey);',
	"  const named = keys.slice(0, 100).join(', ') + (keys.length > 100 ? ` and ${keys.length - 100} more` : '');",
	`  throw new Error(\`${target} did not take \${named}. It said: \${[...new Set(failed.map(({ said }) => said))].slice(0, 3).join(' | ')}. Fix the cause and choose "Retry with currently saved workflow" for this execution: it sends just these.\`);`,
	'}',
];

/** Over `answer`: an empty one, as n8n 2 and n8n 1 give it. */
export const EMPTY = "Object.values(answer).every((value) => (value ?? '') === '')";

interface Delivery {
	readonly target: string;
	/** Over `answer`: whether it has the shape of success. */
	readonly taken: string;
	/** The node that sends. */
	readonly send: string;
	/** The node that gave it what to send, with `inExecution`; what failed goes back to it. */
	readonly from?: string;
	/** Over `answer`: what it says of a failure, where that is said in another place than elsewhere. */
	readonly said?: string;
	readonly at: At;
}

/**
 * Looks at every answer. What was not taken fails the execution, by name. n8n's retry goes on at
 * this node, with the same answers: then what
 * failed was sent in another execution, and goes back to be sent again.
 */
export function notTaken(
	flow: Flow,
	{ target, taken, send, from = 'Settings', said = SAID, at }: Delivery,
): Flow {
	code(
		flow,
		'Not Taken',
		[
			`// Fails the execution if ${target} did not take something, and names it. A retry sends just that.`,
			`const taken = (answer) => ${taken};`,
			...EACH_ANSWER,
			'  if (taken(answer)) return [];',
			`  const said = String(${said}).slice(0, 300);`,
			`  return { json: $('${from}').itemMatching(item).json, pairedItem: { item }, said };`,
			'});',
			...COMPLAIN(target),
			'return failed.map(({ json, pairedItem }) => ({ json, pairedItem }));',
		],
		at,
	);
	return flow.chain(send, 'Not Taken', from);
}

/**
 * Code over `alert`, an item of *Convert*: the same as the trigger emitted it. Of a crashed
 * execution n8n shows items that it made up as the first run, so no run is named. Undefined for a
 * key in which Convert had to change a character.
 */
export const ORIGINAL =
	"$('Cynet Trigger').all(0).find(({ json }) => json.dedupKey === alert.dedupKey)?.json";

interface LookUp {
	readonly target: string;
	/** Over `found`, one answer to a look-up, and `alert`: whether it is this very alert's. */
	readonly isIt: string;
	/**
	 * Over `found`: whether the answer says that there is nothing. Without it nothing is said by no
	 * answer, as n8n's own nodes do.
	 */
	readonly isNot?: string;
	/** Over `answer`: whether something was created. */
	readonly taken: string;
	/** Over `answer`: what it says of a failure, where that is said in another place than elsewhere. */
	readonly said?: string;
	/** Fields that are added for *Create It*, as code over `alert` and over `original`, the alert as it was emitted. */
	readonly more?: string;
}

/**
 * For targets that take the same thing twice. *Look It Up* asks for each alert; *Not There Yet*
 * lets through what was surely not found; an answer
 * that is none goes by the error output to *Not Taken*, and nothing is created for it. A retry
 * begins with the look-up, for it may have happened.
 */
export function lookUpFirst(
	flow: Flow,
	{ target, isIt, isNot, taken, said = SAID, more = '' }: LookUp,
): Flow {
	code(
		flow,
		'Not There Yet',
		[
			`// Lets through what ${target} surely does not have. What could not be looked up leaves by the error output.`,
			`const isIt = (found, alert) => ${isIt};`,
			...(isNot === undefined ? [] : [`const isNot = (found) => ${isNot};`]),
			"const answers = $('Look It Up').all(0);",
			"return $('Convert').all(0).flatMap(({ json: alert }, index) => {",
			'  // A list of places stands for no answer at all: nothing was found for any alert.',
			'  const places = answers.flatMap(({ pairedItem }, place) => (!Array.isArray(pairedItem) && pairedItem?.item === index ? place : []));',
			'  const found = places.map((place) => answers[place].json ?? {});',
			'  const pairedItem = { item: places[0] ?? 0 };',
			'  if (found.some((one) => isIt(one, alert))) return [];',
			`  const original = ${ORIGINAL} ?? {};`,
			`  if (${isNot === undefined ? 'found.length === 0' : 'found.every(isNot)'}) return { json: { ...alert, ${more}original, inExecution: $execution.id }, pairedItem };`,
			"  const said = String(found[0].error?.message ?? found[0].error ?? 'the look-up cannot be read: ' + JSON.stringify(found[0])).slice(0, 300);",
			`  return { json: ${unsent('said', '[alert.dedupKey]')}, pairedItem };`,
			'});',
		],
		[3, 0],
		TRIED_AGAIN,
	);
	code(
		flow,
		'Not Taken',
		[
			`// Fails the execution if ${target} did not take an alert, and names it. A retry looks just that up again, and creates it.`,
			`const taken = (answer) => ${taken};`,
			...unsentOrAnswered('Not There Yet', said),
			"  return taken(answer) ? [] : { json: $('Not There Yet').itemMatching(item).json, said };",
			'});',
			...COMPLAIN(target),
			...BACK_TO_THE_TRIGGER,
		],
		[5, 0],
	);
	return flow
		.chain(
			'Cynet Trigger',
			'Convert',
			'Look It Up',
			'Not There Yet',
			'Create It',
			'Not Taken',
			'Convert',
		)
		.connect('Not There Yet', 'Not Taken', 1);
}

interface Portions {
	readonly target: string;
	/** The most bytes of a request's body, and the most alerts in it. */
	readonly mostBytes: number;
	readonly most: number;
	/** Over `alert`, as the node before gives it: the row that is sent. */
	readonly row: string;
	/** Over `alert`: its key. */
	readonly key?: string;
	readonly taken: string;
	/** The node before. */
	readonly after: string;
	readonly send: string;
	readonly column: number;
}

/**
 * Alerts in portions, a request each: all of it arrives or none. Portions are measured in bytes as
 * sent, a portion that the target refuses
 * is halved, and of an alert that is too large alone the long texts are cut.
 */
export function inPortions(
	flow: Flow,
	{ target, mostBytes, most, row, key = 'alert.dedupKey', taken, after, send, column }: Portions,
): Flow {
	code(
		flow,
		'In Portions',
		[
			'// Rows in portions that the target takes. Of a row that is too large alone, long texts are cut.',
			`const [mostBytes, most] = [${mostBytes}, ${most}];`,
			`const rowOf = (alert) => (${row});`,
			"const cut = (value, length) => typeof value === 'string'",
			"  ? (value.length <= length ? value : value.slice(0, length).replace(/[\\uD800-\\uDBFF]$/, '') + '… (cut)')",
			'  : Array.isArray(value) ? value.map((one) => cut(one, length))',
			"  : value && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, cut(one, length)])) : value;",
			'const textOf = (alert) => {',
			'  const row = rowOf(alert);',
			'  let text = JSON.stringify(row);',
			'  for (let length = 65536; Buffer.byteLength(text) > mostBytes && length > 64; length /= 2) text = JSON.stringify(cut(row, length));',
			'  return text;',
			'};',
			'const portions = [];',
			'let size = Infinity;',
			'for (const { json } of $input.all()) {',
			'  // Back from Not Taken: a portion already.',
			'  if (json.rows) { portions.push({ ...json, inExecution: $execution.id }); continue; }',
			'  const text = textOf(json);',
			'  size += Buffer.byteLength(text) + 1;',
			'  if (size > mostBytes || portions.at(-1).rows.length >= most) {',
			'    portions.push({ keys: [], rows: [], inExecution: $execution.id });',
			'    size = Buffer.byteLength(text) + 2;',
			'  }',
			'  portions.at(-1).rows.push(text);',
			`  portions.at(-1).keys.push(((alert) => ${key})(json));`,
			'}',
			'return portions.map((json) => ({ json, pairedItem: { item: 0 } }));',
		],
		[column, 0],
	);
	code(
		flow,
		'Not Taken',
		[
			`// Halves what ${target} refuses. Fails the execution if something was not taken, and names it. A retry sends just that.`,
			`const taken = (answer) => ${taken};`,
			'const halves = [];',
			...EACH_ANSWER,
			'  if (taken(answer)) return [];',
			"  const { json } = $('In Portions').itemMatching(item);",
			'  const middle = Math.ceil(json.rows.length / 2);',
			'  // Too large, or one of its alerts is refused: the others must not suffer for it.',
			"  // With a credential of the target's own n8n says the status within what it quotes, and n8n 1 in words alone.",
			"  const status = Number(answer.error?.httpCode ?? answer.error?.status ?? String(answer.error?.cause?.message ?? '').slice(0, 3)) || (/^Bad request/.test(answer.error?.message) ? 400 : 0);",
			'  const isDivided = json.rows.length > 1 && [400, 413, 422].includes(status);',
			'  if (isDivided) {',
			'    for (const part of [[0, middle], [middle]]) halves.push({ json: { ...json, rows: json.rows.slice(...part), keys: json.keys.slice(...part) }, pairedItem: { item } });',
			'    return [];',
			'  }',
			`  const said = String(${SAID}).slice(0, 300);`,
			'  return { json, pairedItem: { item }, said };',
			'});',
			'// While there are halves to send, what failed is sent once more with them.',
			'if (halves.length > 0) return [...halves, ...failed.map(({ json, pairedItem }) => ({ json, pairedItem }))];',
			...COMPLAIN(target),
			'return failed.map(({ json, pairedItem }) => ({ json, pairedItem }));',
		],
		[column + 2, 0],
	);
	return flow.chain(after, 'In Portions', send, 'Not Taken', 'In Portions');
}

/** The rows of a portion as a JSON array. */
export const ROWS = "'[' + $json.rows.join(',') + ']'";
