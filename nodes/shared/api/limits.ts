/** How long one request may take, in milliseconds. n8n's own limit is five minutes. */
export const REQUEST_TIMEOUT_MS = 30_000;

/** How long a request with its repetitions may take where the caller sets no deadline, in milliseconds. */
export const DEFAULT_PATIENCE_MS = 120_000;
