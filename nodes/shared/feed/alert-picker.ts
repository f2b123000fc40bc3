import type { AlertEvent } from '../alert/identity';
import { alertId, bornAt, isRawAlert, lastSeenAt } from '../alert/identity';
import type { Findings } from './found';
import type { KnownAlerts } from './known-alerts';
import type { Marks } from './marks';
import { NOTES } from './notes';
import type { RowTaker } from './reading';
import type { Window } from './window';

/** Picks `created` and `recurred` from the list by LastSeen, and remembers every row. */
export class AlertPicker implements RowTaker {
	/** @param recurrences null while `recurred` is not chosen */
	constructor(
		private readonly known: KnownAlerts,
		private readonly recurrences: () => Marks | null,
		private readonly window: Window,
		private readonly findings: Findings,
	) {}

	knows(row: unknown): boolean {
		return isRawAlert(row) && this.known.has(alertId(row), bornAt(row));
	}

	take(row: unknown): boolean {
		if (!isRawAlert(row)) {
			this.findings.malformed++;
			return true;
		}
		const id = alertId(row);
		const born = bornAt(row);
		const seen = lastSeenAt(row);
		this.noticeNewCount(id, born);
		const event = this.eventOf(id, born, seen);
		const chosen = this.findings.chooses(event, row);
		if (chosen && this.findings.full) return false;
		this.known.add(id, born, this.window.serverTime);
		// Seen at its birth only, it needs no mark.
		if (seen !== null && seen !== born) this.recurrences()?.set(id, seen);
		if (chosen) this.findings.add(event, row, id, event === 'created' ? null : seen);
		return true;
	}

	/** An alert from before the start that was never seen is an old one that came back. */
	private eventOf(id: number | string, born: number | null, seen: number | null): AlertEvent | null {
		const start = this.window.state.start!;
		const fromBefore = (born ?? seen ?? start) < start;
		if (!fromBefore && !this.known.has(id, born)) return 'created';
		const recurred = seen !== null && seen !== born && seen >= start && this.recurrences()?.isLater(id, seen);
		return recurred ? 'recurred' : null;
	}

	private noticeNewCount(id: number | string, born: number | null): void {
		const { window } = this;
		const lastOfOldCount = this.known.startOver(id, born, window.serverTime);
		if (lastOfOldCount === null) return;
		window.state.start = Math.max(window.state.start!, lastOfOldCount + 1);
		window.notes.push(NOTES.numberedAgain);
	}
}
