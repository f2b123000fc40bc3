/**
 * How long a request may go without a byte, in milliseconds: n8n counts no more than that. n8n's
 * own limit is five minutes.
 */
export const REQUEST_TIMEOUT_MS = 30_000;

/**
 * How long one exchange may take from its first byte to its last, in milliseconds, however many
 * bytes come meanwhile.
 */
export const EXCHANGE_LIMIT_MS = 60_000;

/**
 * The same for a login. Shorter, for it is part of the exchange that needs it, and must be known as
 * what took the time.
 */
export const LOGIN_LIMIT_MS = 30_000;

/** What an exchange is given in any case, in milliseconds. */
export const SHORTEST_EXCHANGE_MS = 1_000;

/** How much an answer may hold, in bytes once unpacked: a few thousand times the largest alert known. */
export const LARGEST_ANSWER = 32 * 1024 * 1024;

/** How long an action that Cynet holds back (status 429) is asked for again, in milliseconds. */
export const ACTION_PATIENCE_MS = 600_000;

/** How long a request with its repetitions may take where the caller sets no deadline, in milliseconds. */
export const DEFAULT_PATIENCE_MS = 120_000;
