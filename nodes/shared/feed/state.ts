import { createHash } from 'crypto';
import { KnownAlerts } from './known-alerts';
import type { PackedKnownAlerts } from './known-alerts';
import type { CursorState } from './cursor-state';
import { freshCursor, isCursorState } from './cursor-state';
import { Marks } from './marks';
import { fieldsAre, isCount, isText, isTime, orNull } from './shape';

const VERSION = 1;

/** A state that cannot be read is no reason to leave out the last day. */
const SAFE_LOOKBACK = 24 * 3600_000;

/** All that is kept of a site between two polls. */
export interface SiteState {
	/** Grows by one with every poll that emits. */
	revision: number;
	/** The list by LastSeen. */
	alerts: CursorState;
	known: KnownAlerts;
	/** When known alerts recurred last; null while `recurred` is not chosen. */
	recurrences: Marks | null;
	/** The list by DateChanged; null while `updated` is not chosen. */
	changes: { cursor: CursorState; marks: Marks | null } | null;
	/**
	 * The state before the last emission, and the process that emitted; null unless it is to be
	 * replayed after a restart.
	 */
	replay: { readonly process: string; readonly before: string } | null;
}

/** What of the state is remembered until when. Milliseconds since the epoch, by the server's clock. */
interface Horizons {
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
	readonly alerts: CursorState;
	readonly known: PackedKnownAlerts;
	readonly recurrences: string | null;
	readonly changes: { readonly cursor: CursorState; readonly marks: string | null } | null;
	readonly replay: SiteState['replay'];
}

/**
 * Characters for known alerts (30,000 at most) and marks together; with the rest (under 2,000) a
 * state stays under 40,000.
 * Marks get all that the known alerts leave, usually enough for some thousands of each kind: a mark
 * that is dropped while
 * its span is still open takes with it every older event that is still to be read.
 */
const MOST_CHARACTERS = 38_000;

export function freshState(): SiteState {
	return {
		revision: 0,
		alerts: freshCursor(),
		known: KnownAlerts.none(),
		recurrences: null,
		changes: null,
		replay: null,
	};
}

/** What to begin with where the stored state cannot be used though there was one: rather twice than never. */
export function safeState(): SiteState {
	return {
		...freshState(),
		alerts: freshCursor(SAFE_LOOKBACK),
		changes: { cursor: freshCursor(SAFE_LOOKBACK), marks: null },
	};
}

/** The state as one string, at most 40,000 characters, behind its checksum; with a replay in it twice that. */
export function packState(state: SiteState, site: SiteIdentity, horizons: Horizons): string {
	const { revision, alerts, recurrences, changes, replay } = state;
	const known = state.known.pack(horizons.keys);
	const kinds = [recurrences, changes?.marks].filter(Boolean).length;
	const room = Math.floor((MOST_CHARACTERS - known.ids.length - known.keys.length) / kinds);
	const packed: PackedState = {
		v: VERSION,
		server: site.server,
		clientId: site.clientId,
		revision,
		alerts,
		known,
		recurrences: recurrences && recurrences.pack(horizons.recurrences, room),
		changes: changes && {
			cursor: changes.cursor,
			marks: changes.marks && changes.marks.pack(horizons.changes, room),
		},
		replay,
	};
	const text = JSON.stringify(packed);
	return `${checksum(text)} ${text}`;
}

/** One changed character of the packed ids would lose alerts without a sign. */
function checksum(text: string): string {
	return createHash('sha256').update(text).digest('base64').slice(0, 12);
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

/** The version, the server and the site are looked at apart. */
const isState = fieldsAre({
	revision: isCount,
	alerts: isCursorState,
	known: fieldsAre({ ids: isText, keys: isText, newest: orNull(isTime) }),
	recurrences: orNull(isText),
	changes: orNull(fieldsAre({ cursor: isCursorState, marks: orNull(isText) })),
	replay: orNull(fieldsAre({ process: isText, before: isText })),
});

/** Reads a stored state; never throws. */
export function unpackState(stored: unknown, site: SiteIdentity): StoredState {
	if (stored === undefined || stored === null || stored === '') return { kind: 'none' };
	try {
		const [sum, ...rest] = (stored as string).split(' ');
		const text = rest.join(' ');
		if (checksum(text) !== sum) return { kind: 'corrupt' };
		const packed = JSON.parse(text) as PackedState;
		if (typeof packed.v === 'number' && packed.v > VERSION) return { kind: 'newer' };
		if (packed.v !== VERSION || !isState(packed)) return { kind: 'corrupt' };
		if (packed.server !== site.server || packed.clientId !== site.clientId)
			return { kind: 'foreign' };
		const { revision, alerts, recurrences, changes, replay } = packed;
		return {
			kind: 'ok',
			state: {
				revision,
				alerts,
				known: KnownAlerts.unpack(packed.known),
				recurrences: recurrences === null ? null : Marks.unpack(recurrences),
				changes: changes && {
					cursor: changes.cursor,
					marks: changes.marks === null ? null : Marks.unpack(changes.marks),
				},
				replay,
			},
		};
	} catch {
		return { kind: 'corrupt' };
	}
}
