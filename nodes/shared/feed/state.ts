import { KnownAlerts } from './known-alerts';
import type { PackedKnownAlerts } from './known-alerts';
import { Marks } from './marks';
import type { WindowState } from './window';
import { freshWindow } from './window';

const VERSION = 1;

/** All that is kept of a site between two polls. */
export interface SiteState {
	/** Grows by one with every hand-over. */
	revision: number;
	/** The list by LastSeen. */
	window: WindowState;
	known: KnownAlerts;
	/** When known alerts recurred last; null while `recurred` is not chosen. */
	recurrences: Marks | null;
	/** The list by DateChanged; null while `updated` is not chosen. */
	changes: { window: WindowState; marks: Marks | null } | null;
	/** The state before the last hand-over, and the process that handed over; null unless it is to be replayed after a restart. */
	replay: { readonly process: string; readonly before: string } | null;
}

/** What of the state is remembered until when. Milliseconds since the epoch, by the server's clock. */
export interface Horizons {
	/** Keys of alerts without a number. */
	readonly keys: number;
	readonly recurrences: number;
	readonly changes: number;
}

/** Whose state it is: another server or site must not inherit it. */
export interface SiteIdentity {
	/** The normalised base URL. */
	readonly server: string;
	readonly clientId: string;
}

interface PackedState extends SiteIdentity {
	readonly v: number;
	readonly revision: number;
	readonly window: WindowState;
	readonly known: PackedKnownAlerts;
	readonly recurrences: string | null;
	readonly changes: { readonly window: WindowState; readonly marks: string | null } | null;
	readonly replay: SiteState['replay'];
}

/**
 * Characters for known alerts (30,000 at most) and marks together; with the rest (under 2,000) a state stays under 40,000.
 * Marks get all that the known alerts leave, usually enough for some thousands of each kind: a mark that is dropped while
 * its window is still open takes with it every older happening that is still to be read.
 */
const MOST_CHARACTERS = 38_000;

export function freshState(): SiteState {
	return { revision: 0, window: freshWindow(), known: KnownAlerts.none(), recurrences: null, changes: null, replay: null };
}

/** The state as one string, at most 40,000 characters; with a replay in it twice that. */
export function packState(state: SiteState, site: SiteIdentity, horizons: Horizons): string {
	const { revision, window, recurrences, changes, replay } = state;
	const known = state.known.pack(horizons.keys);
	const kinds = [recurrences, changes?.marks].filter(Boolean).length;
	const room = Math.floor((MOST_CHARACTERS - known.ids.length - known.keys.length) / kinds);
	const packed: PackedState = {
		v: VERSION,
		server: site.server,
		clientId: site.clientId,
		revision,
		window,
		known,
		recurrences: recurrences && recurrences.pack(horizons.recurrences, room),
		changes: changes && {
			window: changes.window,
			marks: changes.marks && changes.marks.pack(horizons.changes, room),
		},
		replay,
	};
	return JSON.stringify(packed);
}

/** What was found where a state should be. */
export type StoredState =
	| { readonly kind: 'none' }
	| { readonly kind: 'ok'; readonly state: SiteState }
	/** Another server's or site's: this one starts afresh. */
	| { readonly kind: 'foreign' }
	/** Written by a later version of this package. */
	| { readonly kind: 'newer' }
	| { readonly kind: 'corrupt' };

type Check = (value: unknown) => boolean;

const isTime: Check = (value) => value === null || (typeof value === 'number' && value >= 0);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 0;
const isFlag: Check = (value) => typeof value === 'boolean';
const isText: Check = (value) => typeof value === 'string';
const orNull = (check: Check): Check => (value) => value === null || check(value);

/** Whether the value is an object whose fields pass their checks. */
const fieldsAre = (checks: Readonly<Record<string, Check>>): Check => (value) =>
	typeof value === 'object' &&
	value !== null &&
	Object.entries(checks).every(([field, check]) => check((value as Record<string, unknown>)[field]));

const isReading = fieldsAre({
	since: Number.isFinite,
	mark: isTime,
	offset: isCount,
	pages: isCount,
	tail: (value) => Array.isArray(value) && value.every(isText),
	first: isText,
	firstAt: isCount,
	stepsBack: isCount,
	moved: isFlag,
	confirms: isFlag,
});

const isWindow = fieldsAre({
	start: isTime,
	cursor: isTime,
	main: orNull(isReading),
	background: orNull(isReading),
	confirm: isTime,
	sweptAt: isTime,
	longest: isCount,
	unpagedUntil: isTime,
});

/** The version, the server and the site are looked at apart. */
const isState = fieldsAre({
	revision: isCount,
	window: isWindow,
	known: fieldsAre({ ids: isText, keys: isText, newest: isTime }),
	recurrences: orNull(isText),
	changes: orNull(fieldsAre({ window: isWindow, marks: orNull(isText) })),
	replay: orNull(fieldsAre({ process: isText, before: isText })),
});

/** Reads a stored state; never throws. */
export function unpackState(stored: unknown, site: SiteIdentity): StoredState {
	if (stored === undefined || stored === null || stored === '') return { kind: 'none' };
	try {
		const packed = JSON.parse(stored as string) as PackedState;
		if (typeof packed.v === 'number' && packed.v > VERSION) return { kind: 'newer' };
		if (packed.v !== VERSION || !isState(packed)) return { kind: 'corrupt' };
		if (packed.server !== site.server || packed.clientId !== site.clientId) return { kind: 'foreign' };
		const { revision, window, recurrences, changes, replay } = packed;
		return {
			kind: 'ok',
			state: {
				revision,
				window,
				known: KnownAlerts.unpack(packed.known),
				recurrences: recurrences === null ? null : Marks.unpack(recurrences),
				changes: changes && { window: changes.window, marks: changes.marks === null ? null : Marks.unpack(changes.marks) },
				replay,
			},
		};
	} catch {
		return { kind: 'corrupt' };
	}
}
