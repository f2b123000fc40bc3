import type { AlertEvent, RawAlert } from '../alert/identity';
import { alertId, bornAt, dedupKey, isRawAlert } from '../alert/identity';
import type { KnownAlerts } from './known-alerts';
import type { RowTaker } from './reading';
import type { Window } from './window';

/** An alert to hand over. */
export interface FoundAlert {
	readonly alert: RawAlert;
	readonly event: AlertEvent;
	readonly clientId: string;
	readonly dedupKey: string;
}

/** Picks the alerts that were never seen from the rows, and remembers every row. */
export class NewAlerts implements RowTaker {
	readonly found: FoundAlert[] = [];
	/** Rows that are no JSON objects: they cannot be handed over. */
	malformed = 0;

	constructor(
		private readonly clientId: string,
		private readonly known: KnownAlerts,
		private readonly window: Window,
		/** Most alerts to find. */
		private readonly most: number,
	) {}

	knows(row: unknown): boolean {
		return isRawAlert(row) && this.known.has(alertId(row), bornAt(row));
	}

	take(row: unknown): boolean {
		if (!isRawAlert(row)) {
			this.malformed++;
			return true;
		}
		const id = alertId(row);
		const born = bornAt(row);
		const { serverTime } = this.window;
		this.noticeNewCount(id, born);
		// An alert from before the start that was never seen is an old one that came back.
		const isNew = !this.known.has(id, born) && !(born !== null && born < this.window.state.start!);
		if (isNew && this.found.length >= this.most) return false;
		this.known.add(id, born, serverTime);
		if (isNew) this.found.push({ alert: row, event: 'created', clientId: this.clientId, dedupKey: dedupKey(this.clientId, id) });
		return true;
	}

	private noticeNewCount(id: number | string, born: number | null): void {
		const { window } = this;
		const lastOfOldCount = this.known.startOver(id, born, window.serverTime);
		if (lastOfOldCount === null) return;
		window.state.start = Math.max(window.state.start!, lastOfOldCount + 1);
		window.notes.push('The server began to number its alerts again. Alerts are told apart by their new numbers from now on.');
	}
}
