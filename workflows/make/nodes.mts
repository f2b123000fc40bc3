import { idOf, type Flow, type NodeOptions, type Parameters } from './flow.mts';

type At = NodeOptions['at'];

/** By the vendor's codes, which the trigger's filter stores. */
export const SEVERITY = { information: 1, low: 2, medium: 3, high: 4, critical: 5 } as const;
export const HIGH_AND_CRITICAL = { filters: { severities: [SEVERITY.high, SEVERITY.critical] } };
export const FROM_MEDIUM = {
	filters: { severities: [SEVERITY.medium, SEVERITY.high, SEVERITY.critical] },
};

interface TriggerOptions {
	readonly parameters?: Parameters;
	readonly options?: Parameters;
	/** Whether the last batch comes again after a restart: for targets that know what they have, or take it twice. */
	readonly replay?: boolean;
}

/** Polls every minute, for alerts from now on: the first execution of a new workflow is no flood. */
export function cynetTrigger(
	flow: Flow,
	{ parameters = {}, options = {}, replay = true }: TriggerOptions = {},
): Flow {
	return flow.node(
		'Cynet Trigger',
		'n8n-nodes-cynet.cynetTrigger',
		1,
		{
			pollTimes: { item: [{ mode: 'everyMinute' }] },
			...parameters,
			options: { lookbackHours: 0, ...(replay && { replayAfterRestart: true }), ...options },
		},
		{ at: [0, 0] },
	);
}

export type Format =
	| 'adaptiveCard'
	| 'ecs'
	| 'flat'
	| 'gelf'
	| 'html'
	| 'markdown'
	| 'slack'
	| 'stix'
	| 'text'
	| 'udm';

/** The alert as its target wants it, harmless there. */
export function convert(
	flow: Flow,
	format: Format,
	at: At = [1, 0],
	options: Parameters = {},
): Flow {
	return flow.node(
		'Convert',
		'n8n-nodes-cynet.cynet',
		1,
		{ resource: 'alert', operation: 'convert', alert: '={{ $json }}', format, options },
		{ at },
	);
}

/** The alert that an item came from, as the trigger emitted it. */
export const TRIGGERED = "$('Cynet Trigger').item.json";

/**
 * Fields that a user fills in, added to each item; and in which execution it is sent, by which
 * {@link notTaken} tells a retry.
 * `{ array: '={{ … }}' }` tells the type of what an expression gives; without it that is text.
 */
export function settings(flow: Flow, values: Parameters, at: At = [2, 0]): Flow {
	return set(flow, 'Settings', { ...values, inExecution: '={{ $execution.id }}' }, at, true);
}

export function set(flow: Flow, name: string, values: Parameters, at: At, keepInput = false): Flow {
	const assignments = Object.entries(values).map(([field, value]) => ({
		id: idOf(`${name} / ${field}`),
		name: field,
		type: typeOf(value),
		value: plain(value),
	}));
	return flow.node(
		name,
		'set',
		3.4,
		{ assignments: { assignments }, ...(keepInput && { includeOtherFields: true }), options: {} },
		{ at },
	);
}

const typeOf = (value: unknown): string =>
	typeof value === 'object' && value !== null ? (Object.keys(value)[0] ?? 'string') : typeof value;
const plain = (value: unknown): unknown =>
	typeof value === 'object' && value !== null ? Object.values(value)[0] : value;

export function code(
	flow: Flow,
	name: string,
	lines: readonly string[],
	at: At,
	more: Parameters = {},
): Flow {
	return flow.node(name, 'code', 2, { jsCode: lines.join('\n') }, { at, more });
}

/** True goes to the first output, false to the second. */
export function when(flow: Flow, name: string, expression: string, at: At): Flow {
	return flow.node(
		name,
		'if',
		2.2,
		{ conditions: conditions(name, expression), looseTypeValidation: true, options: {} },
		{ at },
	);
}

/** What is not true ends here. */
export function filter(flow: Flow, name: string, expression: string, at: At): Flow {
	return flow.node(
		name,
		'filter',
		2.2,
		{ conditions: conditions(name, expression), looseTypeValidation: true, options: {} },
		{ at },
	);
}

const conditions = (id: string, expression: string): Parameters => ({
	options: { caseSensitive: true, leftValue: '', typeValidation: 'loose', version: 2 },
	conditions: [
		{
			id: idOf(id),
			leftValue: `={{ ${expression} }}`,
			rightValue: '',
			operator: { type: 'boolean', operation: 'true', singleValue: true },
		},
	],
	combinator: 'and',
});

export interface Request {
	readonly method?: string;
	readonly url: string;
	/** A credential type of n8n's own for this product, or one of its generic ones. */
	readonly credential?: string;
	/** An expression that gives the body: JSON as text. */
	readonly json?: string;
	/** An expression that gives a body that is not one JSON value: as such n8n would quote it. */
	readonly text?: string;
	readonly query?: Readonly<Record<string, string>>;
	readonly headers?: Readonly<Record<string, string>>;
	/** Requests at a time, and the pause between them in milliseconds. */
	readonly pace?: readonly [size: number, pauseMs: number];
	/** What the target answers with. */
	readonly answers?: 'json' | 'any';
}

const GENERIC = ['httpHeaderAuth', 'httpBasicAuth', 'httpCustomAuth', 'oAuth2Api'];

/** What fails is an answer like others, in its place: {@link notTaken} looks at each. */
export const GOES_ON = { onError: 'continueRegularOutput' } as const;

/** Sends one request an item. */
export function request(
	flow: Flow,
	name: string,
	{ method = 'POST', url, credential, json, text, query, headers, pace, answers = 'json' }: Request,
	at: At,
	more: Parameters = {},
): Flow {
	const pairs = (fields: Readonly<Record<string, string>>) => ({
		parameters: Object.entries(fields).map(([key, value]) => ({ name: key, value })),
	});
	return flow.node(
		name,
		'httpRequest',
		4.2,
		{
			method,
			url,
			...(credential !== undefined &&
				(GENERIC.includes(credential)
					? { authentication: 'genericCredentialType', genericAuthType: credential }
					: { authentication: 'predefinedCredentialType', nodeCredentialType: credential })),
			...(query && { sendQuery: true, queryParameters: pairs(query) }),
			...(headers && { sendHeaders: true, headerParameters: pairs(headers) }),
			...(json !== undefined && {
				sendBody: true,
				specifyBody: 'json',
				jsonBody: `={{ ${json} }}`,
			}),
			...(text !== undefined && {
				sendBody: true,
				contentType: 'raw',
				rawContentType: 'text/plain',
				body: `={{ ${text} }}`,
			}),
			options: {
				...(pace && { batching: { batch: { batchSize: pace[0], batchInterval: pace[1] } } }),
				redirect: { redirect: { followRedirects: false } },
				response: { response: { responseFormat: answers === 'json' ? 'json' : 'autodetect' } },
				timeout: 30_000,
			},
		},
		{ at, more: { ...GOES_ON, ...more } },
	);
}

export function slackMessage(
	flow: Flow,
	name: string,
	channel: string,
	at: At,
	message: Parameters = blocks(),
	more: Parameters = GOES_ON,
): Flow {
	return flow.node(
		name,
		'slack',
		2.3,
		{
			authentication: 'accessToken',
			resource: 'message',
			operation: 'post',
			select: 'channel',
			channelId: { __rl: true, mode: 'name', value: channel },
			...message,
			otherOptions: { includeLinkToWorkflow: false, unfurl_links: false, unfurl_media: false },
		},
		{ at, more },
	);
}

const blocks = (): Parameters => ({
	messageType: 'block',
	blocksUi: '={{ JSON.stringify({ blocks: $json.blocks }) }}',
	text: '={{ $json.text }}',
});
