import { doubtOf } from '../alert/doubt';
import {
	alertId,
	bornAt,
	certainlyBefore,
	isRawAlert,
	lastSeenAt,
	type AlertEvent,
	type RawAlert,
} from '../alert/identity';
import type { RowTaker } from '../api/scan';
import type { FoundAlerts } from './found';
import type { KnownAlerts } from './known-alerts';
import type { ListCursor } from './list-cursor';
import type { Marks } from './marks';
import { isLaterStamp, markStamp } from './stamps';

/** Picks `created` and `recurred` from the list by LastSeen, and remembers every row. */
export class AlertPicker implements RowTaker {
	/** The vendor's fingerprints of the alerts of this poll, by id. */
	private readonly met = new Map<number | string, string>();

	/** @param recurrences null while `recurred` is not chosen */
	constructor(
		private readonly known: KnownAlerts,
		private readonly recurrences: () => Marks | null,
		private readonly cursor: ListCursor,
		private readonly foundAlerts: FoundAlerts,
	) {}

	get found(): number {
		return this.foundAlerts.count;
	}

	skip(): void {
		this.foundAlerts.skipped++;
	}

	take(row: unknown): boolean {
		if (!isRawAlert(row)) {
			this.foundAlerts.malformed++;
			return true;
		}
		const id = alertId(row);
		const born = bornAt(row);
		const seen = lastSeenAt(row);
		const { serverTime } = this.cursor;
		this.noticeNewCount(id, born);
		this.noticeSharedId(id, row.Uniqueness);
		const event = this.eventOf(row, id, born, seen);
		const chosen = this.foundAlerts.chooses(event, row);
		if (chosen && this.foundAlerts.full) return false;
		this.known.add(id, born, serverTime);
		// Seen at its birth only, it needs no mark.
		const marks = seen === null || seen === born ? null : this.recurrences();
		if (marks !== null) markStamp(marks, id, seen!, this.cursor.reached);
		if (!chosen) return true;
		this.foundAlerts.add(event, row, id, event === 'created' ? null : seen);
		if (event === 'created') this.noteOddities(row, seen);
		return true;
	}

	/** An alert that was certainly raised before the start, and that was never seen, is an old one that came back. */
	private eventOf(
		row: RawAlert,
		id: number | string,
		born: number | null,
		seen: number | null,
	): AlertEvent | null {
		const start = this.cursor.state.start!;
		if (!certainlyBefore(row, start) && !this.known.has(id, born)) return 'created';
		const marks = seen === null || seen === born || seen < start ? null : this.recurrences();
		return marks !== null && isLaterStamp(marks, id, seen!) ? 'recurred' : null;
	}

	/** What the log should say of an alert that is emitted. */
	private noteOddities(row: RawAlert, seen: number | null): void {
		const { scanning, serverTime } = this.cursor;
		if (scanning === 'sweep' && seen !== null && serverTime !== null)
			this.foundAlerts.noteLate(serverTime - seen);
		const doubt = doubtOf(row);
		if (doubt !== null) this.foundAlerts.noteDoubt(doubt);
	}

	/** Nobody can know which of two alerts with one id was emitted: they count as one, and the log says so. */
	private noticeSharedId(id: number | string, uniqueness: unknown): void {
		if (typeof uniqueness !== 'string') return;
		const first = this.met.get(id);
		if (first === undefined) this.met.set(id, uniqueness);
		else if (first !== uniqueness) this.foundAlerts.shared.add(id);
	}

	private noticeNewCount(id: number | string, born: number | null): void {
		const lastOfOldCount = this.known.startOver(id, born, this.cursor.serverTime);
		if (lastOfOldCount !== null) this.cursor.startAfter(lastOfOldCount);
	}
}
