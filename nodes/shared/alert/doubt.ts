import { severityOf } from './codes';
import { bornAt, ownId, type RawAlert } from './identity';

/** Why an alert is emitted that might have been left out: in doubt it counts as new, and as of any severity. */
type Doubt = 'no usable id' | 'no certain date' | 'unknown severity';

/** The first of what is uncertain about an alert, or null; to be counted and said once. */
export function doubtOf(alert: RawAlert): Doubt | null {
	if (ownId(alert) === null) return 'no usable id';
	if (bornAt(alert) === null) return 'no certain date';
	return severityOf(alert.Severity) === null ? 'unknown severity' : null;
}
