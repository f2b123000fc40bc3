import type { AlertPage, AlertQuery } from '../api/types';
import { AlertPicker } from './alert-picker';
import { ChangePicker } from './change-picker';
import type { Choice, FoundAlert } from './found';
import { Findings } from './found';
import { Marks } from './marks';
import { NOTES } from './notes';
import type { SiteIdentity, SiteState } from './state';
import { freshState, packState } from './state';
import type { WindowSettings } from './window';
import { Window, freshWindow } from './window';

const DAY = 24 * 3600_000;

export interface FeedSettings extends WindowSettings, Choice {}

/**
 * One poll of one site, without a clock or a network of its own: ask `next()` what to read, give the answer to
 * `take()`, and end whenever it suits; `alerts` and `pack()` belong together at any time between two pages.
 * The state that it was made with is used up: keep the packed one to go back.
 */
export class SitePoll {
	private readonly window: Window;
	private readonly picker: AlertPicker;
	/** The second list, read after the first; null while `updated` is not chosen. */
	private readonly changes: { readonly window: Window; readonly picker: ChangePicker } | null;
	private readonly findings: Findings;
	/** How far the alerts had been read before this poll. */
	private readonly cursorBefore: number | null;

	constructor(
		private readonly site: SiteIdentity,
		private readonly state: SiteState,
		private readonly settings: FeedSettings,
	) {
		this.findings = new Findings(site.clientId, settings);
		this.cursorBefore = state.window.cursor;
		this.window = new Window('bulk', state.window, settings);
		this.picker = new AlertPicker(state.known, () => this.recurrences(), this.window, this.findings);
		this.changes = this.findings.wants('updated') ? this.changesOf((state.changes ??= { window: freshWindow(), marks: null })) : null;
		if (this.changes === null) state.changes = null;
		if (!this.findings.wants('recurred')) state.recurrences = null;
	}

	/** The next request, or null when this poll has read what it should. */
	next(): AlertQuery | null {
		const { changes } = this;
		// Changes count from the first look at them: a backlog of alerts must not put it off.
		if (changes?.window.state.cursor === null) return changes.window.next() ?? this.window.next();
		return this.window.next() ?? (this.findings.full ? null : (changes?.window.next() ?? null));
	}

	/** The answer to that request. */
	take(query: AlertQuery, page: AlertPage): void {
		if (query.list === 'changed') this.changes?.window.take(query, page, this.changes.picker);
		else this.window.take(query, page, this.picker);
	}

	/** That request was answered with 404 or 405. */
	refuseBulk(): void {
		this.window.refuseBulk();
	}

	/** What is to be handed over and was not released yet, in the order of its arrival in the answers. */
	get alerts(): readonly FoundAlert[] {
		return this.findings.alerts;
	}

	/** How many alerts this poll has found, released or not. */
	get found(): number {
		return this.findings.count;
	}

	/** The alerts that were found since the last call. They are the caller's from then on, so that no poll has to hold all rows of a backlog. */
	release(): readonly FoundAlert[] {
		return this.findings.release();
	}

	/** What the log should say: facts about the server, without secrets. */
	get notes(): readonly string[] {
		const { malformed } = this.findings;
		const rows = malformed === 0 ? [] : [`${malformed} ${NOTES.malformedRows}`];
		return [...this.window.notes, ...(this.changes?.window.notes ?? []), ...rows];
	}

	/** Grows with every hand-over, so that an older state is recognized. */
	get revision(): number {
		return this.state.revision + (this.found > 0 ? 1 : 0);
	}

	/**
	 * The state after what was taken, as one string.
	 * @param replay what to hand over again after a restart, if anything
	 */
	pack(replay: SiteState['replay'] = null): string {
		const openSince = this.window.openSince();
		// Also where no row came: begun by a later poll, they would leave out what happened since.
		this.recurrences();
		return packState({ ...this.state, revision: this.revision, replay }, this.site, {
			keys: Math.min(openSince, (this.state.window.cursor ?? 0) - this.settings.sweep) - DAY,
			recurrences: openSince,
			changes: this.changes?.window.openSince() ?? 0,
		});
	}

	/** A state that knows of no alert but reads from the same start: what there was before the first hand-over. Changes it knows of: the first poll hands none over. */
	packStart(): string {
		const state = freshState();
		state.window.start = this.state.window.start;
		state.changes = this.state.changes;
		return packState(state, this.site, { keys: 0, recurrences: 0, changes: this.changes?.window.openSince() ?? 0 });
	}

	/** When `recurred` is chosen later on, what happened until then is not told. */
	private recurrences(): Marks | null {
		const { start } = this.state.window;
		if (!this.findings.wants('recurred') || start === null) return null;
		return (this.state.recurrences ??= Marks.from(this.cursorBefore ?? start - 1));
	}

	/** The first poll that reads the changes takes stock, and later ones have no look-back: changes count from then on. */
	private changesOf(changes: NonNullable<SiteState['changes']>): SitePoll['changes'] {
		const window = new Window('changed', changes.window, { ...this.settings, lookback: 0, sweep: 0, activeSince: this.settings.now });
		const marks = () => (changes.marks ??= Marks.from(changes.window.start! - 1));
		return { window, picker: new ChangePicker(marks, changes.window.cursor === null, this.findings) };
	}
}
