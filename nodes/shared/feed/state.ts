import { KnownAlerts } from './known-alerts';
import type { PackedKnownAlerts } from './known-alerts';
import type { WindowState } from './window';
import { freshWindow } from './window';

const VERSION = 1;

/** All that is kept of a site between two polls. */
export interface SiteState {
	/** Grows by one with every hand-over. */
	revision: number;
	window: WindowState;
	known: KnownAlerts;
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
}

export function freshState(): SiteState {
	return { revision: 0, window: freshWindow(), known: KnownAlerts.none() };
}

/**
 * The state as one string, at most 40,000 characters.
 * @param keep how long (milliseconds) keys of alerts without a number are remembered behind the cursor
 */
export function packState(state: SiteState, site: SiteIdentity, keep: number): string {
	const packed: PackedState = {
		v: VERSION,
		server: site.server,
		clientId: site.clientId,
		revision: state.revision,
		window: state.window,
		known: state.known.pack((state.window.cursor ?? 0) - keep),
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

const isTime = (value: unknown): boolean => value === null || (typeof value === 'number' && value >= 0);

function isReading(value: unknown): boolean {
	if (value === null) return true;
	const reading = value as Record<string, unknown>;
	return (
		typeof value === 'object' &&
		[reading.since, reading.offset, reading.pages, reading.firstAt, reading.stepsBack].every(Number.isFinite) &&
		isTime(reading.mark) &&
		Array.isArray(reading.tail) &&
		typeof reading.first === 'string'
	);
}

function isWindow(value: unknown): value is WindowState {
	if (typeof value !== 'object' || value === null) return false;
	const window = value as Record<string, unknown>;
	const times = [window.start, window.cursor, window.confirm, window.sweptAt, window.unpagedUntil];
	return times.every(isTime) && isReading(window.main) && isReading(window.background) && Number.isFinite(window.longest);
}

/** Reads a stored state; never throws. */
export function unpackState(stored: unknown, site: SiteIdentity): StoredState {
	if (stored === undefined || stored === null || stored === '') return { kind: 'none' };
	try {
		const packed = JSON.parse(stored as string) as PackedState;
		if (typeof packed.v === 'number' && packed.v > VERSION) return { kind: 'newer' };
		if (packed.v !== VERSION || !Number.isFinite(packed.revision) || !isWindow(packed.window) || !isTime(packed.known.newest)) {
			return { kind: 'corrupt' };
		}
		if (packed.server !== site.server || packed.clientId !== site.clientId) return { kind: 'foreign' };
		const known = KnownAlerts.unpack(packed.known);
		return { kind: 'ok', state: { revision: packed.revision, window: packed.window, known } };
	} catch {
		return { kind: 'corrupt' };
	}
}
