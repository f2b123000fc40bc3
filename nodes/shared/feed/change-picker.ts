import { alertId, bornAt, changedAt, isRawAlert, lastSeenAt } from '../alert/identity';
import type { Findings } from './found';
import type { Marks } from './marks';
import type { RowTaker } from './reading';

/** Stamps of one happening may differ by the second that they are cut to. */
const SAME_HAPPENING = 1000;

/** Picks `updated` from the list by DateChanged. */
export class ChangePicker implements RowTaker {
	/** @param baseline whether this poll only takes stock: nothing that it finds is new */
	constructor(
		private readonly changes: () => Marks,
		private readonly baseline: boolean,
		private readonly findings: Findings,
	) {}

	knows(row: unknown): boolean {
		const changed = isRawAlert(row) ? changedAt(row) : null;
		return changed !== null && !this.changes().isLater(alertId(row as Record<string, unknown>), changed);
	}

	take(row: unknown): boolean {
		if (!isRawAlert(row)) {
			this.findings.malformed++;
			return true;
		}
		const id = alertId(row);
		const changed = changedAt(row);
		if (changed === null || !this.changes().isLater(id, changed)) return true;
		// That an alert was raised is no change of it; that it recurred is told as `recurred`, where that is chosen.
		const raised = changed - (bornAt(row) ?? 0) < SAME_HAPPENING;
		const recurred = this.findings.wants('recurred') && Math.abs(changed - (lastSeenAt(row) ?? 0)) < SAME_HAPPENING;
		const chosen = !this.baseline && !raised && !recurred && this.findings.chooses('updated', row);
		if (chosen && this.findings.full) return false;
		this.changes().set(id, changed);
		if (chosen) this.findings.add('updated', row, id, changed);
		return true;
	}
}
