import { createHash } from 'node:crypto';

/** A packed state as anyone may write it who knows the form: the checksum, a space, JSON. */
export const sealed = (text: string): string =>
	`${createHash('sha256').update(text).digest('base64').slice(0, 12)} ${text}`;

/** The JSON of a packed state. */
export const opened = (packed: string): string => packed.slice(packed.indexOf(' ') + 1);

interface Opened {
	[field: string]: unknown;
	readonly v: number;
	server: string;
	replay: { before: string } | null;
}

/** The packed state after that change. */
export function changed(packed: string, change: (state: Opened) => void): string {
	const state = JSON.parse(opened(packed)) as Opened;
	change(state);
	return sealed(JSON.stringify(state));
}
