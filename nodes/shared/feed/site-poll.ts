import type { AlertPage, AlertQuery } from '../api/types';
import { AlertPicker } from './alert-picker';
import { ChangePicker } from './change-picker';
import type { Choice, FoundAlert } from './found';
import { FoundAlerts } from './found';
import type { CursorSettings, PageFailure } from './cursor-state';
import { freshCursor } from './cursor-state';
import { ListCursor } from './list-cursor';
import { Marks } from './marks';
import type { SiteIdentity, SiteState } from './state';
import { freshState, packState } from './state';
import { DAY } from './time';
import { WARNINGS } from './warnings';

export interface FeedSettings extends CursorSettings, Choice {}

/**
 * One poll of one site, without a clock or a network of its own: ask `next()` what to read, give
 * the answer to `take()` or its
 * absence to `fail()`, and end whenever it suits; `alerts` and `pack()` belong together at any time
 * between two requests.
 * The state that it was made with is used up: keep the packed one to go back.
 */
export class SitePoll {
	private readonly cursor: ListCursor;
	private readonly picker: AlertPicker;
	/** The second list, read after the first; null while `updated` is not chosen. */
	private readonly changes: { readonly cursor: ListCursor; readonly picker: ChangePicker } | null;
	private readonly foundAlerts: FoundAlerts;
	/** How far the alerts had been read before this poll. */
	private readonly cursorBefore: number | null;

	constructor(
		private readonly site: SiteIdentity,
		private readonly state: SiteState,
		private readonly settings: FeedSettings,
	) {
		this.foundAlerts = new FoundAlerts(site.clientId, settings);
		this.cursorBefore = state.alerts.cursor;
		this.cursor = new ListCursor('bulk', state.alerts, settings);
		this.picker = new AlertPicker(
			state.known,
			() => this.recurrences(),
			this.cursor,
			this.foundAlerts,
		);
		this.changes = this.foundAlerts.wants('updated')
			? this.changesOf((state.changes ??= { cursor: freshCursor(), marks: null }))
			: null;
		if (this.changes === null) state.changes = null;
		if (!this.foundAlerts.wants('recurred')) state.recurrences = null;
	}

	/** The next request, or null when this poll has read what it should. New alerts come first, changes last. */
	next(): AlertQuery | null {
		const query = this.cursor.next();
		return query !== null || this.changes === null || this.foundAlerts.full
			? query
			: this.changes.cursor.next();
	}

	/** The answer to that request. */
	take(query: AlertQuery, page: AlertPage): void {
		if (query.list === 'changed') this.changes?.cursor.take(query, page, this.changes.picker);
		else this.cursor.take(query, page, this.picker);
		// Changes count from the first answer on: a backlog, or a list of changes that fails then, must not put that off.
		if (this.cursor.serverTime !== null) this.changes?.cursor.beginAt(this.cursor.serverTime);
	}

	/**
	 * That request was not answered with a page.
	 * @returns what is lost for this poll if nothing that is asked instead is answered: new alerts,
	 * changes, or only what is read
	 * a second time
	 */
	fail(query: AlertQuery, failure: PageFailure): 'alerts' | 'changes' | 'side' {
		const cursor = query.list === 'changed' ? this.changes!.cursor : this.cursor;
		const picker = query.list === 'changed' ? this.changes!.picker : this.picker;
		const loss =
			cursor.scanning !== 'forward' ? 'side' : query.list === 'changed' ? 'changes' : 'alerts';
		cursor.fail(query, failure, picker);
		return loss;
	}

	/** Whether nothing was ever answered: there is nothing to keep then, and the next poll begins as this one did. */
	get isFresh(): boolean {
		return this.state.alerts.start === null;
	}

	/** Whether the next request is worth as many tries as the first: a row is passed over if it fails. */
	get decidesOverRow(): boolean {
		return this.cursor.decidesOverRow || this.changes?.cursor.decidesOverRow === true;
	}

	/** What is to be emitted and was not drained yet, in the order of its arrival in the answers. */
	get alerts(): readonly FoundAlert[] {
		return this.foundAlerts.alerts;
	}

	/** How many alerts this poll has found, drained or not. */
	get found(): number {
		return this.foundAlerts.count;
	}

	/**
	 * The alerts that were found since the last call. They are the caller's from then on, so that no
	 * poll has to hold all rows of a backlog.
	 */
	drain(): readonly FoundAlert[] {
		return this.foundAlerts.drain();
	}

	/** What the log should say: facts about the server, without secrets. */
	get warnings(): readonly string[] {
		const { malformed, skipped, shared, late, doubts } = this.foundAlerts;
		return [
			...this.cursor.warnings,
			...(this.changes?.cursor.warnings ?? []),
			...(malformed > 0 ? [WARNINGS.malformedRows(malformed)] : []),
			...(skipped > 0 ? [WARNINGS.skippedRows(skipped)] : []),
			...(shared.size > 0 ? [WARNINGS.sharedIds(shared.size)] : []),
			...(late.count > 0
				? [WARNINGS.overlapTooShort(late.count, this.settings.overlap, late.longest)]
				: []),
			...[...doubts].map(([why, count]) => WARNINGS.doubtfulAlerts(count, why)),
		];
	}

	/** Grows with every poll that emits, so that an older state is recognized. */
	get revision(): number {
		return this.state.revision + (this.found > 0 ? 1 : 0);
	}

	/**
	 * The state after what was taken, as one string.
	 * @param replay what to emit again after a restart, if anything
	 */
	pack(replay: SiteState['replay'] = null): string {
		this.cursor.settle();
		this.changes?.cursor.settle();
		const openSince = this.cursor.openSince();
		// Also where no row came: begun by a later poll, they would leave out what happened since.
		this.recurrences();
		this.changes?.picker.begin();
		return packState({ ...this.state, revision: this.revision, replay }, this.site, {
			keys: Math.min(openSince, this.cursor.sweepSince()) - DAY,
			recurrences: openSince,
			changes: this.changes?.cursor.openSince() ?? 0,
		});
	}

	/**
	 * A state that knows of no alert but reads from the same start: what there was before the first
	 * emission. Changes it knows of: the first poll emits none.
	 */
	packStart(): string {
		const state = freshState();
		state.alerts.start = this.state.alerts.start;
		state.changes = this.state.changes;
		return packState(state, this.site, {
			keys: 0,
			recurrences: 0,
			changes: this.changes?.cursor.openSince() ?? 0,
		});
	}

	/** When `recurred` is chosen later on, what happened until then is not emitted. */
	private recurrences(): Marks | null {
		const { start } = this.state.alerts;
		if (!this.foundAlerts.wants('recurred') || start === null) return null;
		return (this.state.recurrences ??= Marks.from(this.cursorBefore ?? start - 1));
	}

	/** Changes have no look-back and no sweep: they count from the first poll on. */
	private changesOf(changes: NonNullable<SiteState['changes']>): SitePoll['changes'] {
		const cursor = new ListCursor('changed', changes.cursor, {
			...this.settings,
			lookback: 0,
			sweep: 0,
			activeFor: 0,
		});
		const marks = () => (changes.marks ??= Marks.from((changes.cursor.start ?? 0) - 1));
		return { cursor, picker: new ChangePicker(marks, cursor, this.foundAlerts) };
	}
}
