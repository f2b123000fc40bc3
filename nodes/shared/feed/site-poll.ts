import type { AlertPage, AlertQuery } from '../api/types';
import type { FoundAlert } from './new-alerts';
import { NewAlerts } from './new-alerts';
import type { SiteIdentity, SiteState } from './state';
import { packState } from './state';
import type { WindowSettings } from './window';
import { Window } from './window';

const DAY = 24 * 3600_000;

export interface FeedSettings extends WindowSettings {
	/** Most alerts to hand over in this poll. */
	readonly maxAlerts: number;
}

/**
 * One poll of one site, without a clock or a network of its own: ask `next()` what to read, give the answer to
 * `take()`, and end whenever it suits; `alerts` and `pack()` belong together at any time between two pages.
 * The state that it was made with is used up: keep the packed one to go back.
 */
export class SitePoll {
	private readonly window: Window;
	private readonly picker: NewAlerts;

	constructor(
		private readonly site: SiteIdentity,
		private readonly state: SiteState,
		private readonly settings: FeedSettings,
	) {
		this.window = new Window(state.window, settings);
		this.picker = new NewAlerts(site.clientId, state.known, this.window, settings.maxAlerts);
	}

	/** The next request, or null when this poll has read what it should. */
	next(): AlertQuery | null {
		return this.window.next();
	}

	/** The answer to that request. */
	take(query: AlertQuery, page: AlertPage): void {
		this.window.take(query, page, this.picker);
	}

	/** That request was answered with 404 or 405. */
	refuseBulk(): void {
		this.window.refuseBulk();
	}

	/** The new alerts, in the order of their arrival in the answers. */
	get alerts(): readonly FoundAlert[] {
		return this.picker.found;
	}

	/** What the log should say: facts about the server, without secrets. */
	get notes(): readonly string[] {
		const { malformed } = this.picker;
		const rows = malformed === 0 ? [] : [`${malformed} rows were no JSON objects and could not be handed over.`];
		return [...this.window.notes, ...rows];
	}

	/** Grows with every hand-over, so that an older state is recognized. */
	get revision(): number {
		return this.state.revision + (this.alerts.length > 0 ? 1 : 0);
	}

	/** The state after what was taken, as one string. */
	pack(): string {
		const keep = this.settings.overlap + this.settings.sweep + DAY;
		return packState({ ...this.state, revision: this.revision }, this.site, keep);
	}
}
