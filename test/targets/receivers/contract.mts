/** What a receiver is asked. */
export interface Call {
	readonly method: string;
	readonly path: string;
	/** The `{name}` parts of the contract's path, decoded. */
	readonly params: Readonly<Record<string, string>>;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly text: string;
	/** The body as JSON. Throws a 400 if it is none. */
	json<T = Record<string, unknown>>(): T;
}

export interface Answer {
	readonly status: number;
	/** JSON, or text as it is. */
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface Contract {
	/** The target's name in the table of results. */
	readonly target: string;
	/** Where its rules come from. */
	readonly source: string;
	/** Status and body for a request without the right credential. */
	readonly refusal: Answer;
	/** Whether the request carries the right credential. */
	isAllowed(call: Call): boolean;
	/** Whether n8n asks although it could not get a token: refused, and no fault of the template. */
	lacksToken?(call: Call): boolean;
	/** `POST /path/{name}` to what answers it. */
	readonly routes: Readonly<Record<string, (call: Call, kept: Kept) => Answer>>;
	/** Status and body when it is told to fail; 429 and 500 in the target's own words. */
	failure(status: 429 | 500): Answer;
	/** What it says to an alert that it does not like, whatever it is. */
	readonly dislike?: Answer;
}

/** What a receiver has taken: a list of keys, in order, repeats included. */
export interface Kept {
	readonly keys: string[];
	/** Whatever else a contract keeps. */
	readonly more: Map<string, unknown>;
	/** Takes an alert. The key is the trigger's `dedupKey`. */
	take(key: string, what?: unknown): void;
	has(key: string): boolean;
}

/** A request that the target refuses. */
export class Refused extends Error {
	constructor(readonly answer: Answer) {
		super(JSON.stringify(answer.body));
	}
}

/** Throws the answer unless the condition holds. */
export function demand(condition: unknown, answer: Answer): asserts condition {
	if (!condition) throw new Refused(answer);
}

export const basic = (user: string, password: string): string =>
	`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export const isText = (value: unknown, longest = Infinity): value is string =>
	typeof value === 'string' && value !== '' && value.length <= longest;

/** Whether a body of JSON has no half of a character: those alone are escaped by number in it. */
export const isWhole = (json: string): boolean => !/(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/.test(json);
