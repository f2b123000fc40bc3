/** What a route answers. `text` is JSON already, or another content type that the headers name. */
export interface Answer {
	readonly status: number;
	readonly text: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Rows of alerts in it, for the ledger. */
	readonly rows?: number;
}

/** What a route is asked. */
export interface Call {
	readonly method: string;
	readonly path: string;
	/** The `{name}` parts of the route's path. */
	readonly params: Readonly<Record<string, string>>;
	/** A query parameter; its name in any case, as the vendor's platform (ASP.NET) reads it (our assumption). */
	query(name: string): string | null;
	header(name: string): string | undefined;
	/** The body as JSON; undefined if there is none. Throws {@link BadInput} if it is something else. */
	body(): unknown;
}

export type Handler = (call: Call) => Answer;

export const json = (value: unknown, status = 200): Answer => ({
	status,
	text: JSON.stringify(value),
});

const TITLES: Record<number, string> = {
	400: 'Bad Request',
	401: 'Unauthorized',
	403: 'Forbidden',
	404: 'Not Found',
	405: 'Method Not Allowed',
	409: 'Conflict',
	413: 'Payload Too Large',
	500: 'Internal Server Error',
};

/** An error. No source shows the vendor's body; clients look for `message` or `title` (our assumption: both). */
export const problem = (status: number, message: string, more: object = {}): Answer =>
	json({ title: TITLES[status] ?? 'Error', status, message, ...more }, status);
