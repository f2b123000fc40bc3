import { alertId, bornAt, changedAt, isRawAlert, lastSeenAt } from '../alert/identity';
import type { RowTaker } from '../api/scan';
import type { FoundAlerts } from './found';
import type { ListCursor } from './list-cursor';
import type { Marks } from './marks';
import { isLaterStamp, markStamp } from './stamps';

/** Stamps of one event may differ by the second that they are cut to. */
const SAME_EVENT = 1000;

/** Picks `updated` from the list by DateChanged. */
export class ChangePicker implements RowTaker {
	constructor(
		private readonly changes: () => Marks,
		private readonly cursor: ListCursor,
		private readonly foundAlerts: FoundAlerts,
	) {}

	/** Changes count from now on, also where no row has come yet. */
	begin(): void {
		if (this.cursor.state.start !== null) this.changes();
	}

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
		const changed = changedAt(row);
		if (changed === null) return true;
		const marks = this.changes();
		const { reached } = this.cursor;
		if (!isLaterStamp(marks, id, changed)) {
			markStamp(marks, id, changed, reached);
			return true;
		}
		// That an alert was raised is no change of it; that it recurred is emitted as `recurred`, where that is chosen.
		const raised = changed - (bornAt(row) ?? 0) < SAME_EVENT;
		const recurred =
			this.foundAlerts.wants('recurred') && Math.abs(changed - (lastSeenAt(row) ?? 0)) < SAME_EVENT;
		const chosen = !raised && !recurred && this.foundAlerts.chooses('updated', row);
		if (chosen && this.foundAlerts.full) return false;
		markStamp(marks, id, changed, reached);
		if (chosen) this.foundAlerts.add('updated', row, id, changed);
		return true;
	}
}
