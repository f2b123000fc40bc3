import { Flow, idOf, type NodeOptions, type Parameters } from './flow.mts';

/** n8n stores a wait of 65 seconds or more in its database; a shorter one is gone when n8n is. */
const WAIT_SECONDS = 70;

/** What the target does not take in so many tries fails the execution: with the waits between them about a day. */
export const TRIES = 1200;

type At = NodeOptions['at'];

/** Polls every minute; unless told otherwise hands its last batch over again after a restart, for what follows must have it. */
export function cynetTrigger(flow: Flow, options: Parameters = {}, parameters: Parameters = {}): Flow {
	return flow.node('Cynet Trigger', 'n8n-nodes-cynet.cynetTrigger', 1, {
		pollTimes: { item: [{ mode: 'everyMinute' }] },
		...parameters,
		options: { replayAfterRestart: true, ...options },
	}, { at: [0, 0], credentials: { cynetApi: 'Cynet' } });
}

/** The alert in another format; the alert itself stays at {@link TRIGGERED}. */
export function convert(flow: Flow, at: At, format: 'ecs' | 'slack' | 'markdown'): Flow {
	return flow.node('Convert', 'n8n-nodes-cynet.cynet', 1, { resource: 'alert', operation: 'convert', alert: '={{ $json }}', format, options: {} }, { at, credentials: { cynetApi: 'Cynet' } });
}

/** The alert that an item came from, as the trigger handed it over. */
export const TRIGGERED = "$('Cynet Trigger').item.json";

/** Fields that a user fills in, added to each alert. */
export function settings(flow: Flow, at: At, values: Parameters, { keepInput = true, name = 'Settings' } = {}): Flow {
	return flow.node(name, 'set', 3.4, { ...assign(name, values), ...(keepInput && { includeOtherFields: true }), options: {} }, { at });
}

/** Fields from expressions; the rest of the item goes unless it is kept. */
export function set(flow: Flow, name: string, at: At, values: Parameters, { keepInput = false } = {}): Flow {
	return flow.node(name, 'set', 3.4, { ...assign(name, values), ...(keepInput && { includeOtherFields: true }), options: {} }, { at });
}

function assign(node: string, values: Parameters): Parameters {
	const assignments = Object.entries(values).map(([name, value]) => ({ id: idOf(`${node} / ${name}`), name, type: typeOf(value), value: plain(value) }));
	return { assignments: { assignments } };
}

/** `{ array: '={{ … }}' }` tells the type of what an expression gives; without it that is text. */
const typeOf = (value: unknown): string => (typeof value === 'object' && value !== null ? (Object.keys(value)[0] ?? 'string') : typeof value);
const plain = (value: unknown): unknown => (typeof value === 'object' && value !== null ? Object.values(value)[0] : value);

/** True goes to the first output, false to the second. */
export function when(flow: Flow, name: string, at: At, expression: string): Flow {
	return branch(flow, name, at, [isTrue(name, expression)]);
}

/** True for what no repetition mends, and for what has been tried {@link TRIES} times: a number that the user can change here. */
export function giveUp(flow: Flow, at: At, isRefused: string, tries: string): Flow {
	return branch(flow, 'Give Up?', at, [
		isTrue('Give Up?', isRefused),
		{ id: idOf('Give Up? / tries'), leftValue: `={{ ${tries} }}`, rightValue: TRIES, operator: { type: 'number', operation: 'gte' } },
	]);
}

const isTrue = (id: string, expression: string): Parameters =>
	({ id: idOf(id), leftValue: `={{ ${expression} }}`, rightValue: '', operator: { type: 'boolean', operation: 'true', singleValue: true } });

/** One of the conditions is enough. */
function branch(flow: Flow, name: string, at: At, conditions: readonly Parameters[]): Flow {
	return flow.node(name, 'if', 2.2, {
		conditions: {
			options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
			conditions,
			combinator: conditions.length > 1 ? 'or' : 'and',
		},
		looseTypeValidation: true,
		options: {},
	}, { at });
}

export interface Request {
	readonly method?: string;
	readonly url: string;
	/** A credential type of n8n's own for this product, or one of its generic ones. */
	readonly credential: { readonly type: string; readonly name: string } | null;
	/** An expression that gives an object or an array. */
	readonly json?: string;
	/** An expression that gives the body's text. It goes as plain text: of JSON that is not one value n8n would make a quoted string. */
	readonly text?: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
	/** Requests at a time, and the pause between them in milliseconds. */
	readonly pace?: readonly [size: number, pauseMs: number];
	/** Only where sending twice does no harm: n8n repeats the node with all of its items. */
	readonly retry?: boolean;
}

const GENERIC = ['httpHeaderAuth', 'httpBasicAuth', 'httpCustomAuth', 'oAuth2Api'];

/** Sends one request an item; what fails leaves by the second output, with the item that it was for. */
export function request(flow: Flow, name: string, at: At, { method = 'POST', url, credential, json, text, query, headers, pace, retry = false }: Request): Flow {
	const pairs = (fields: Readonly<Record<string, string>>) => ({ parameters: Object.entries(fields).map(([key, value]) => ({ name: key, value })) });
	return flow.node(name, 'httpRequest', 4.2, {
		method,
		url,
		...(credential && (GENERIC.includes(credential.type)
			? { authentication: 'genericCredentialType', genericAuthType: credential.type }
			: { authentication: 'predefinedCredentialType', nodeCredentialType: credential.type })),
		...(query && { sendQuery: true, queryParameters: pairs(query) }),
		...(headers && { sendHeaders: true, headerParameters: pairs(headers) }),
		...(json !== undefined && { sendBody: true, specifyBody: 'json', jsonBody: `={{ JSON.stringify(${json}) }}` }),
		...(text !== undefined && { sendBody: true, contentType: 'raw', rawContentType: 'text/plain', body: `={{ ${text} }}` }),
		options: {
			...(pace && { batching: { batch: { batchSize: pace[0], batchInterval: pace[1] } } }),
			redirect: { redirect: { followRedirects: false } },
			timeout: 30_000,
		},
	}, {
		at,
		...(credential && { credentials: { [credential.type]: credential.name } }),
		more: { onError: 'continueErrorOutput', ...(retry && RETRY) },
	});
}

export const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 2000 };

/** The status of a failed request: n8n's own errors have it under another name than those of its HTTP client. */
const STATUS = 'Number($json.error.httpCode ?? $json.error.status)';

/** What no repetition mends: the request itself, or the credential. */
export const REFUSED = `${STATUS} >= 400 && ${STATUS} < 500 && ![408, 425, 429].includes(${STATUS})`;

/** Whether the target says that it has this alert already. */
export const THERE_ALREADY = `${STATUS} === 409 || (${STATUS} === 400 && /already exist/i.test(JSON.stringify([$json.error.message, $json.error.description, $json.error.cause?.message])))`;

/** An answer of a mail server from 500 to 599: n8n hands on only the text, in which Nodemailer puts the answer after its own words. */
export const REFUSED_MAIL = '/^[^:=]*(: |=)5\\d\\d\\b/.test(String($json.error.message ?? $json.error))';

export function waiting(flow: Flow, at: At): Flow {
	return flow.node('Wait for the Target', 'wait', 1.1, { resume: 'timeInterval', amount: WAIT_SECONDS, unit: 'seconds' }, { at });
}

/** What went wrong with an item, in words, and in which execution. `tries` counts this one. */
export const failure = (what: string, isRefused: string, tries: string): string =>
	`{ execution: $execution.id, what: ${what}, why: (${isRefused}) ? 'refused this for good' : 'did not take this in ' + (${tries}) + ' tries', said: String($json.error?.message ?? $json.error ?? '').slice(0, 200) }`;

/**
 * Fails the execution, so that it shows in the list and starts the error workflow. n8n's retry begins with the node that failed: then the items
 * have failed in another execution, and go on to be sent again. Stop And Error would only fail again.
 */
export function fail(flow: Flow, at: At, target: string): Flow {
	return flow.node('Fail the Execution', 'code', 2, {
		jsCode: [
			'// Fails the execution in which these items failed. A retry of it goes on from here: they are sent again.',
			'const items = $input.all();',
			'const failed = items.map(({ json }) => json.sending).filter(({ execution }) => execution === $execution.id);',
			'if (failed.length > 0) {',
			"  const reasons = [...new Set(failed.map(({ why, said }) => `${why} (${said})`))].join(', ');",
			"  const what = failed.map((one) => one.what).join(', ');",
			`  throw new Error(\`${target} \${reasons}: \${what}. Mend the credential or the settings, and choose "Retry with currently saved workflow" for this execution: what is named here is sent again.\`);`,
			'}',
			'return items.map(({ json: { error, sending, ...json } }, item) => ({ json, pairedItem: { item } }));',
		].join('\n'),
	}, { at });
}

/** All alerts of the execution in portions of at most so many, one item a portion: `{ alerts: […] }`. */
export function portions(flow: Flow, column: number, size: number, row = 0): Flow {
	flow.node('All Alerts', 'aggregate', 1, { aggregate: 'aggregateAllItemData', destinationFieldName: 'alerts', options: {} }, { at: [column, row] });
	set(flow, 'In Portions', [column + 1, row], {
		portions: { array: `={{ Array.from({ length: Math.ceil($json.alerts.length / ${size}) }, (_, index) => ({ alerts: $json.alerts.slice(index * ${size}, index * ${size} + ${size}) })) }}` },
	});
	flow.node('Each Portion', 'splitOut', 1, { fieldToSplitOut: 'portions', options: {} }, { at: [column + 2, row] });
	return flow.chain('All Alerts', 'In Portions', 'Each Portion');
}
